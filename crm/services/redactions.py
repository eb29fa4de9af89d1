"""A withdrawal carried to everything that rests on the words: claimed once, repeated without harm.

Rooms that keep words of creators, or numbers that rest on them, put a function into `REACHES` when
their app starts; crm itself knows only transcripts. All of them run in one transaction, so that a
quote is never left standing without its transcript, and the receipt says what each has done.
"""

from collections.abc import Callable
from datetime import timedelta

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet
from django.utils import timezone

from crm import audit
from crm.models import Consent, Interview, Redaction

LOST_AFTER = timedelta(seconds=20)

Reach = Callable[[Redaction, QuerySet[Interview]], dict[str, int]]
"""Takes the redaction and the interviews that it is about; returns what it reached → rows."""

REACHES: list[Reach] = []


def redaction_claim(redaction_id: int) -> Redaction | None:
    """Take a waiting redaction; None where it is not waiting."""
    now = timezone.now()
    taken = Redaction.objects.filter(pk=redaction_id, state=Redaction.State.QUEUED).update(
        state=Redaction.State.RUNNING, tries=F("tries") + 1, started_at=now, heartbeat_at=now
    )
    if not taken:
        return None
    return Redaction.objects.select_related("creator", "interview", "by").get(pk=redaction_id)


def redaction_execute(redaction_id: int) -> str:
    """Carry out a withdrawal if it waits; returns the state it left it in. May be called twice.

    A fault leaves the row running; the sweeper puts it back, at most `Redaction.MAX_TRIES` times.
    """
    redaction = redaction_claim(redaction_id)
    if redaction is None:
        return "not_waiting"
    with transaction.atomic():
        receipt = _reach(redaction)
        ended = Redaction.objects.filter(
            pk=redaction.pk, state=Redaction.State.RUNNING, tries=redaction.tries
        ).update(state=Redaction.State.DONE, receipt=receipt, ended_at=timezone.now())
        if not ended:
            transaction.set_rollback(True)
            return "lost"
        audit.record("consent.redacted", redaction, actor=redaction.by, data=receipt)
    return Redaction.State.DONE


def interviews_reached(redaction: Redaction) -> QuerySet[Interview]:
    """The interviews that a redaction is about: one, or all of the creator's."""
    rows = Interview.objects.filter(creator_id=redaction.creator_id)
    return rows if redaction.interview_id is None else rows.filter(pk=redaction.interview_id)


def _reach(redaction: Redaction) -> dict[str, int]:
    interviews = interviews_reached(redaction)
    receipt = {"interviews": interviews.count()}
    if Consent.Purpose.RECORD in redaction.purposes:
        receipt |= _transcripts(interviews)
    for reach in REACHES:
        receipt |= reach(redaction, interviews)
    return receipt


def _transcripts(interviews: QuerySet[Interview]) -> dict[str, int]:
    """Blacken what was said: the same length, so that offsets, hashes and foreign keys hold."""
    ids = list(interviews.filter(usable=False).values_list("pk", flat=True))
    Interview.objects.filter(pk__in=ids, redacted_at__isnull=True).update(
        redacted_at=timezone.now()
    )
    with connection.cursor() as cursor:
        cursor.execute(
            """
            UPDATE crm_transcriptversion
               SET text = pingju_blackened(text), rejected = '[]', repairs = '[]'
             WHERE interview_id = ANY(%s)
            """,
            [ids],
        )
        versions = cursor.rowcount
        cursor.execute(
            """
            UPDATE crm_utterance SET text = pingju_blackened(text)
             WHERE transcript_id IN
                   (SELECT id FROM crm_transcriptversion WHERE interview_id = ANY(%s))
            """,
            [ids],
        )
        return {"transcripts": versions, "utterances": cursor.rowcount}


def redactions_sweep() -> list[int]:
    """Put back what lost its worker, give up what lost it too often; returns the ids to start."""
    now = timezone.now()
    stale = Redaction.objects.filter(
        state=Redaction.State.RUNNING,
        heartbeat_at__lt=now - timedelta(seconds=settings.RUN_STALE_AFTER),
    )
    stale.filter(tries__gte=Redaction.MAX_TRIES).update(
        state=Redaction.State.DEAD,
        error_code="worker_lost",
        error=f"Failed {Redaction.MAX_TRIES} times; the words are hidden, but still stored.",
        ended_at=now,
    )
    stale.filter(tries__lt=Redaction.MAX_TRIES).update(
        state=Redaction.State.QUEUED, queued_at=now - LOST_AFTER
    )
    waiting = Redaction.objects.filter(
        state=Redaction.State.QUEUED, queued_at__lte=now - LOST_AFTER
    )
    return list(waiting.order_by("queued_at").values_list("pk", flat=True)[:100])


@transaction.atomic
def redaction_again(*, redaction: Redaction) -> bool:
    """Let a redaction that was given up run again. False where it waits, runs or is done."""
    again = Redaction.objects.filter(pk=redaction.pk, state=Redaction.State.DEAD).update(
        state=Redaction.State.QUEUED, tries=0, error="", error_code="", ended_at=None,
        queued_at=timezone.now(),
    )  # fmt: skip
    return bool(again)
