"""Quotes that may be shown outside their interview: the words of those who have not withdrawn them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from crm.models import Consent
from insights.models import Evidence

QUOTING = (Consent.Purpose.QUOTE_NAMED, Consent.Purpose.QUOTE_ANONYMOUS, Consent.Purpose.RECORD)


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
    candidates = list(rows[: limit * 10])
    last = _last_words({row.creator_id for row in candidates})
    found: dict[int, QuoteRow] = {}
    for row in candidates:
        interview = row.highlight.transcript.interview
        words = {
            purpose: last.get((row.creator_id, interview.pk, purpose),
                              last.get((row.creator_id, None, purpose)))
            for purpose in QUOTING
        }  # fmt: skip
        given = [words[purpose] for purpose in QUOTING[:2]]
        if words[Consent.Purpose.RECORD] is False or (False in given and True not in given):
            continue
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
                named=bool(words[Consent.Purpose.QUOTE_NAMED]),
            ),
        )
    return list(found.values())[:limit]


def _last_words(creators: Iterable[int]) -> dict[tuple[int, int | None, str], bool]:
    """(creator, interview or None for everything, purpose) → what was said last."""
    last: dict[tuple[int, int | None, str], bool] = {}
    rows = Consent.objects.filter(creator_id__in=list(creators), purpose__in=QUOTING)
    for creator, interview, purpose, given in rows.order_by("at", "pk").values_list(
        "creator_id", "interview_id", "purpose", "given"
    ):
        last[creator, interview, purpose] = given
        if interview is None and not given:  # a withdrawal for everything reaches every interview
            for key in [key for key in last if key[0] == creator and key[2] == purpose]:
                last[key] = False
    return last
