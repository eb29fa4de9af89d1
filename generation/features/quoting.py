"""Quotes that may be shown outside their interview: the words of those who have not withdrawn them."""

from dataclasses import dataclass
from datetime import datetime

from crm.models import Quoting
from insights.models import Evidence


@dataclass(frozen=True)
class QuoteRow:
    """One quote of a pain; `named` only where the creator agreed to be named."""

    evidence: int
    interview: int
    creator: int
    creator_name: str
    tier: str
    start: int
    end: int
    text: str
    at: datetime
    named: bool


def quotable(pain: int, *, tier: str | None = None, limit: int = 20) -> list[QuoteRow]:
    """The strongest quotes for a pain, one a creator, without those whose consent was withdrawn."""
    rows = (
        Evidence.objects.filter(pain_id=pain, stance=Evidence.Stance.FOR)
        .select_related("creator", "highlight__transcript__interview")
        .defer("highlight__transcript__text")
        .order_by("-severity", "-highlight__transcript__interview__at", "pk")
    )
    if tier is not None:
        rows = rows.filter(tier=tier)
    found: dict[int, QuoteRow] = {}
    for row in rows.quotable()[: limit * 10]:
        interview = row.highlight.transcript.interview
        found.setdefault(
            row.creator_id,
            QuoteRow(
                evidence=row.pk,
                interview=interview.pk,
                creator=row.creator_id,
                creator_name=row.creator.name,
                tier=row.tier,
                start=row.highlight.start,
                end=row.highlight.end,
                text=row.highlight.text,
                at=interview.at,
                named=interview.quoting == Quoting.NAMED,
            ),
        )
    return list(found.values())[:limit]
