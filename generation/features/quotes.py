"""The quotes of a dossier: the newest of each pain, stance and tier, with how many there are."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.db import connection
from django.db.models import Count

from crm.models import Quoting, Tier
from insights.models import Evidence
from insights.selectors import current

Stance = Literal["for", "against"]
STANCES: tuple[Stance, ...] = ("for", "against")

# One index walk a group, however many codings the pain has.
_NEWEST = """
SELECT found.id
  FROM unnest(%s::bigint[]) AS pains(pain)
 CROSS JOIN unnest(%s::text[]) AS stances(stance)
 CROSS JOIN unnest(%s::text[]) AS tiers(tier)
 CROSS JOIN LATERAL (
       SELECT e.id
         FROM insights_evidence e
         JOIN insights_highlight h ON h.id = e.highlight_id
         JOIN crm_transcriptversion v ON v.id = h.transcript_id
         JOIN crm_interview i ON i.id = v.interview_id
        WHERE e.pain_id = pain AND e.stance = stances.stance AND e.tier = tiers.tier
          AND i.usable AND i.quoting <> 'withdrawn' AND e.held < 3
        ORDER BY e.id DESC
        LIMIT %s) AS found
"""


@dataclass(frozen=True)
class Quote:
    """[start, end) are code points of the transcript version whose words have this `sha256`.

    `who` is the creator's name where they agreed to be quoted by it, else empty; `printed` the words
    as they stand on paper, where they are another than on the screen.
    """

    evidence: int
    interview: int
    start: int
    end: int
    text: str
    tier: str
    tier_label: str
    severity: int | None
    creator: str
    creator_id: int
    at: datetime
    paying_then: bool | None
    consent: str
    who: str
    coder: str
    stance: str
    highlight: int
    transcript: int
    sha256: str
    printed: str = ""


@dataclass(frozen=True)
class QuoteGroup:
    """One tier's quotes for or against; `total` counts those that may be quoted, shown or not.

    `withheld` were taken out because they may not leave the team.
    """

    tier: str
    label: str
    stance: Stance
    total: int
    quotes: tuple[Quote, ...]
    withheld: int = 0

    @property
    def more(self) -> int:
        return self.total - len(self.quotes) - self.withheld


Totals = dict[tuple[int, str, str], int]


def quote_totals(pains: Sequence[int]) -> Totals:
    """(pain, stance, tier) → codings that may be quoted; pains as they are after merges."""
    rows = (
        Evidence.objects.filter(pain_id__in=pains)
        .quotable()
        .order_by()
        .values_list("pain_id", "stance", "tier")
        .annotate(rows=Count("pk"))
    )
    return {(pain, stance, tier): count for pain, stance, tier, count in rows}


def quote_groups(
    pains: Sequence[int], *, most: int, totals: Totals, now: dict[int, int] | None = None
) -> dict[int, tuple[QuoteGroup, ...]]:
    """Each pain → its groups, for and against, head to entry; two queries.

    `now`: pain → what it was merged into, where known. `totals` is keyed by the latter.
    """
    merged = current(pains) if now is None else now
    found: dict[tuple[int, str, str], list[Quote]] = {}
    rows = Evidence.objects.filter(pk__in=_newest(sorted(set(merged.values())), most))
    for item in rows.select_related(
        "creator", "coder", "interview", "highlight__transcript"
    ).defer("highlight__transcript__text").order_by("-pk"):  # fmt: skip
        found.setdefault((item.pain_id, item.stance, item.tier), []).append(_quote(item))
    return {
        pain: tuple(
            QuoteGroup(
                tier=tier.value,
                label=str(tier.label),
                stance=stance,
                total=totals.get((merged[pain], stance, tier.value), 0),
                quotes=tuple(found.get((merged[pain], stance, tier.value), ())),
            )
            for stance in STANCES
            for tier in Tier
        )
        for pain in pains
    }


def _newest(pains: list[int], most: int) -> list[int]:
    with connection.cursor() as cursor:
        cursor.execute(_NEWEST, [pains, list(STANCES), [tier.value for tier in Tier], most])
        return [row[0] for row in cursor.fetchall()]


def _quote(item: Evidence) -> Quote:
    highlight = item.highlight
    transcript = highlight.transcript
    interview = item.interview
    return Quote(
        evidence=item.pk,
        interview=interview.pk,
        start=highlight.start,
        end=highlight.end,
        text=highlight.text,
        tier=item.tier,
        tier_label=item.get_tier_display(),
        severity=item.severity,
        creator=item.creator.name,
        creator_id=item.creator_id,
        at=interview.at,
        paying_then=interview.paying_then,
        consent=item.quoting,
        who=item.creator.name if item.quoting == Quoting.NAMED else "",
        coder=item.coder.first_name or item.coder.username,
        stance=item.stance,
        highlight=highlight.pk,
        transcript=transcript.pk,
        sha256=transcript.sha256,
    )
