"""Quotes of a pain that may be shown within the team, the strongest of each creator first."""

from dataclasses import dataclass

from insights.models import Evidence


@dataclass(frozen=True)
class QuoteRow:
    """One quote: code points [start, end) of its interview's transcript."""

    evidence: int
    interview: int
    start: int
    end: int
    text: str


def quotable(pain: int, *, tier: str, limit: int) -> list[QuoteRow]:
    """The strongest quotes for a pain in a tier, one a creator, none whose consent was withdrawn."""
    rows = (
        Evidence.objects.quotable()
        .filter(pain_id=pain, tier=tier, stance=Evidence.Stance.FOR)
        .order_by("-severity", "-highlight__transcript__interview__at", "pk")
        .values_list(
            "creator_id",
            "pk",
            "highlight__transcript__interview_id",
            "highlight__start",
            "highlight__end",
            "highlight__text",
        )
    )
    found: dict[int, QuoteRow] = {}
    for creator, pk, interview, start, end, text in rows[: limit * 10]:
        found.setdefault(creator, QuoteRow(pk, interview, start, end, text))
    return list(found.values())[:limit]
