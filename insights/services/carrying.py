"""Highlights, blind passages and suggestions go along when a transcript gets a new version."""

from django.db import connection, transaction
from django.db.models import F
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import TranscriptVersion, User
from crm.services.versions import Carried
from crm.transcripts.anchoring import Anchor, Anchors
from insights.models import CodingUnit, Evidence, Highlight, Suggestion
from insights.services.quote_limits import limit_join, limits_follow, limits_settle

_MOVE = """
UPDATE insights_highlight h
   SET transcript_id = %s, start = v.start, "end" = v."end", text = v.text
  FROM unnest(%s::bigint[], %s::int[], %s::int[], %s::text[]) AS v(id, start, "end", text)
 WHERE h.id = v.id
"""


def carry(before: TranscriptVersion, made: TranscriptVersion, anchors: Anchors) -> Carried:
    """Move what is found in the new version; what is not stays with the old one, and is told.

    A quote that was corrected inside follows the correction, and counts as changed evidence.
    """
    carried = Carried()
    found: dict[int, Anchor] = {}
    # Where something stands already: an older version that is brought back carries a second time.
    taken = set(Highlight.objects.filter(transcript=made).values_list("start", "end"))
    for pk, start, end in Highlight.objects.filter(transcript=before).values_list(
        "pk", "start", "end"
    ):
        anchor = anchors.of(start, end)
        if anchor is None or (anchor.start, anchor.end) in taken:
            carried.lost.append(pk)
            continue
        taken.add((anchor.start, anchor.end))
        found[pk] = anchor
        (carried.moved if anchor.same else carried.changed).append(pk)
    _move(found, made)
    if carried.changed:  # so that whoever keeps numbers on these words notices
        Evidence.objects.filter(highlight__in=carried.changed).update(stance=F("stance"))
    limits_follow(before, made, anchors)
    limits_settle(made.interview_id)
    _units(before, made, anchors)
    _suggestions(before, made, anchors)
    return carried


def _move(found: dict[int, Anchor], made: TranscriptVersion) -> None:
    if not found:
        return
    places = list(found.values())
    with connection.cursor() as cursor:
        cursor.execute(
            _MOVE,
            [
                made.pk, list(found), [item.start for item in places],
                [item.end for item in places],
                [made.text[item.start : item.end] for item in places],
            ],
        )  # fmt: skip


def _units(before: TranscriptVersion, made: TranscriptVersion, anchors: Anchors) -> None:
    """Passages that wait for a blind coder, only where not a character of them has changed."""
    for unit in CodingUnit.objects.filter(transcript=before):
        anchor = anchors.of(unit.start, unit.end)
        if anchor is not None and anchor.same:
            CodingUnit.objects.filter(pk=unit.pk).update(
                transcript=made, start=anchor.start, end=anchor.end
            )


def _suggestions(before: TranscriptVersion, made: TranscriptVersion, anchors: Anchors) -> None:
    """Those that nobody decided: unchanged ones go along, others were not said this way."""
    for row in Suggestion.objects.filter(transcript=before, state=Suggestion.State.PROPOSED):
        anchor = anchors.of(row.start, row.end)
        if anchor is None or not anchor.same:
            row.delete()
            continue
        Suggestion.objects.filter(pk=row.pk).update(
            transcript=made, start=anchor.start, end=anchor.end
        )


@transaction.atomic
def highlight_place(
    *, highlight_id: int, transcript: TranscriptVersion, start: int, end: int, quote: str,
    actor: User,
) -> Highlight:  # fmt: skip
    """Put a passage that was not found again where somebody says it now stands."""
    row = Highlight.objects.select_for_update(of=("self",)).get(
        pk=highlight_id, transcript__interview=transcript.interview_id
    )
    if not 0 <= start < end <= len(transcript.text) or transcript.text[start:end] != quote:
        raise DomainError(
            _("The transcript has changed since you selected; reload the page and select again."),
            "stale_selection",
        )
    there = Highlight.objects.filter(transcript=transcript, start=start, end=end)
    found = there.exclude(pk=row.pk).first()
    if found is not None and found.evidence.exists():
        raise DomainError(_("This very passage is tagged already; take this one back."), "taken")
    before = {"transcript": row.transcript_id, "start": row.start, "end": row.end}
    if found is not None:  # a limit stands there already: the codings join it
        Evidence.objects.filter(highlight=row).update(highlight=found)
        limit_join(row, found)
        row = found
    else:
        row.transcript, row.start, row.end, row.text = transcript, start, end, quote
        row.save(update_fields=["transcript", "start", "end", "text"])
        Evidence.objects.filter(highlight=row).update(stance=F("stance"))
    limits_settle(transcript.interview_id)
    audit.record(
        "highlight.placed", row, actor=actor,
        data={"before": before, "transcript": transcript.pk, "start": start, "end": end},
    )  # fmt: skip
    return row
