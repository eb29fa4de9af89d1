"""What a withdrawal reaches in insight: quotes, and what coders wrote down in the speaker's words."""

from django.db import connection
from django.db.models import QuerySet

from crm.models import Consent, Interview, Redaction
from insights.models import Evidence, Highlight


def reach(redaction: Redaction, interviews: QuerySet[Interview]) -> dict[str, int]:
    """Count the codings that no longer show; with the record gone, blacken their quotes too.

    The transcripts are black by now: a quote stays the slice of its transcript, as the database
    demands of every highlight.
    """
    ids = list(interviews.values_list("pk", flat=True))
    hidden = Evidence.objects.filter(
        highlight__transcript__interview__in=ids,
        highlight__transcript__interview__quoting="withdrawn",
    )
    receipt = {"quotes": hidden.count()}
    if Consent.Purpose.RECORD in redaction.purposes:
        gone = list(interviews.filter(usable=False).values_list("pk", flat=True))
        receipt["highlights"] = _blacken(gone)
        Evidence.objects.filter(highlight__transcript__interview__in=gone).exclude(
            workaround=""
        ).update(workaround="")
    return receipt


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
