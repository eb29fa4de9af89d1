"""A withdrawal carried to everything that rests on the words: claimed once, repeated without harm.

Rooms that keep words of creators, or numbers that rest on them, put a function into `REACHES` when
their app starts; crm itself knows only transcripts. All of them run in one transaction, so that a
quote is never left standing without its transcript, and the receipt says what each has done.
"""

from collections.abc import Callable

from django.db import connection, transaction
from django.db.models import QuerySet
from django.utils import timezone

from crm import audit
from crm.models import Consent, Interview, Redaction
from crm.services.job_rows import job_claim, job_end, job_revive, jobs_sweep

Reach = Callable[[Redaction, QuerySet[Interview]], dict[str, int]]
"""Takes the redaction and the interviews that it is about; returns what it reached → rows."""

REACHES: list[Reach] = []


def redaction_execute(redaction_id: int) -> str:
    """Carry out a withdrawal if it waits; returns the state it left it in. May be called twice.

    A fault leaves the row running; the sweeper puts it back, at most `Redaction.MAX_TRIES` times.
    """
    redaction = job_claim(Redaction, redaction_id)
    if redaction is None:
        return "not_waiting"
    with transaction.atomic():
        receipt = _reach(redaction)
        if not job_end(redaction, Redaction.State.DONE, receipt=receipt):
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
    """Blacken what was said: the same length, so that offsets, hashes and foreign keys hold.

    What the interviewer noted of the conversation goes too: notes retell.
    """
    ids = list(interviews.filter(usable=False).values_list("pk", flat=True))
    Interview.objects.filter(pk__in=ids, redacted_at__isnull=True).update(
        redacted_at=timezone.now()
    )
    notes = Interview.objects.filter(pk__in=ids).exclude(note="").update(note="")
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
        return {"transcripts": versions, "utterances": cursor.rowcount, "notes": notes}


def redactions_sweep() -> list[int]:
    """Put back what lost its worker, give up what lost it too often; returns the ids to start."""
    return jobs_sweep(
        Redaction,
        error=f"Failed {Redaction.MAX_TRIES} times; the words are hidden, but still stored.",
    )


@transaction.atomic
def redaction_again(*, redaction: Redaction) -> bool:
    """Let a redaction that was given up run again. False where it waits, runs or is done."""
    return job_revive(Redaction, redaction.pk, (Redaction.State.DEAD,))
