"""What a withdrawal reaches in insight: quotes, and what coders wrote down in the speaker's words."""

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.models import Consent, Interview, Redaction, Utterance
from crm.services.consents import QUOTING
from insights.models import (
    AssistantJob,
    Evidence,
    Highlight,
    MemberCheck,
    PainReport,
    Share,
    Suggestion,
)
from insights.services.exports import exports_recall
from insights.services.qda.withdrawn import uploads_forget


def reach(redaction: Redaction, interviews: QuerySet[Interview]) -> dict[str, int]:
    """Count the codings that no longer show; with the record gone, blacken their quotes too.

    The transcripts are black by now: a quote stays the slice of its transcript, as the database
    demands of every highlight.
    """
    if {Consent.Purpose.RECORD.value, *QUOTING}.isdisjoint(redaction.purposes):
        return {}
    ids = list(interviews.values_list("pk", flat=True))
    hidden = Evidence.objects.filter(
        highlight__transcript__interview__in=ids,
        highlight__transcript__interview__quoting="withdrawn",
    )
    receipt = {"quotes": hidden.count()}
    if Consent.Purpose.RECORD in redaction.purposes:
        if redaction.interview_id is None:
            receipt["reports"] = _forget_reports(redaction)
        gone = list(interviews.filter(usable=False).values_list("pk", flat=True))
        receipt["highlights"] = _blacken(gone)
        Evidence.objects.filter(highlight__transcript__interview__in=gone).exclude(
            workaround=""
        ).update(workaround="")
        receipt["suggestions"] = Suggestion.objects.filter(transcript__interview__in=gone).delete()[
            0
        ]
        receipt["answers"] = _forget_answers(gone)
        receipt["files"] = uploads_forget(creator_id=redaction.creator_id, interviews=gone)
        MemberCheck.objects.filter(evidence__interview__in=gone).exclude(correction="").update(
            correction=""
        )
    receipt["shares"] = _shares_recounted()
    receipt["exports"] = _exports_told(redaction, interviews)
    return receipt


def _shares_recounted() -> int:
    """Links that are open: nothing is stored behind them, each opening counts anew."""
    return Share.objects.filter(revoked_at__isnull=True, expires_at__gt=timezone.now()).count()


def _exports_told(redaction: Redaction, interviews: QuerySet[Interview]) -> int:
    link = settings.SITE_URL + reverse("admin:crm_redaction_change", args=[redaction.pk])

    def letter(formats: str) -> tuple[str, str]:
        return _("Delete your copies: a creator has withdrawn"), _(
            "You exported a study (%(formats)s) that held words of a creator who has since taken "
            "back what they said. Delete your copies of these files and export the study again. "
            "What was withdrawn is recorded here: %(link)s"
        ) % {"formats": formats, "link": link}

    return exports_recall(topic=f"withdrawal:{redaction.pk}", interviews=interviews, letter=letter)


def _forget_reports(redaction: Redaction) -> int:
    """What was told in the portal without an interview goes with everything else that was said."""
    told = PainReport.objects.filter(creator_id=redaction.creator_id).exclude(words="—")
    waiting = told.filter(state=PainReport.State.NEW)
    ended = waiting.update(words="—", state=PainReport.State.TAKEN_BACK)
    return ended + told.update(words="—")


def _forget_answers(interviews: list[int]) -> int:
    """Sentences that an assistant formed from these words go; the others of its answer stay."""
    gone = set(
        Utterance.objects.filter(transcript__interview__in=interviews).values_list("pk", flat=True)
    )
    changed = 0
    for job in AssistantJob.objects.exclude(answer=[]).only("answer"):
        kept = [
            line
            for line in job.answer
            if not gone & {item["utterance"] for item in line["citations"]}
        ]
        if kept != job.answer:
            changed += 1
            AssistantJob.objects.filter(pk=job.pk).update(answer=kept, found=len(kept))
    return changed


def _blacken(interviews: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute(
            f"""
            UPDATE {Highlight._meta.db_table} h
               SET text = substr(t.text, h.start + 1, h."end" - h.start)
              FROM crm_transcriptversion t
             WHERE t.id = h.transcript_id AND t.interview_id = ANY(%s)
            """,  # noqa: S608  a table's name; values are bound
            [interviews],
        )
        return cursor.rowcount
