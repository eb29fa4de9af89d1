"""A dossier's pain points: who raised each by tier, its rank and opportunity, what was said."""

from collections.abc import Sequence
from dataclasses import dataclass

from crm.changes import DataState, remembered
from generation.features.quotes import Quote, QuoteGroup, quote_groups, quote_totals
from insights.models import PainPoint
from insights.ranking import TierRank, ranks_by_tier
from insights.selectors import (
    RaisedAsked,
    TierPrevalence,
    current,
    opportunities,
    prevalence_by_tier,
    raised_and_asked,
    unread_against,
)
from insights.statistics import Estimate

VOICES = ("evidence", "asked", "interview", "pain")
NEEDS = ("need", "pain")


@dataclass(frozen=True)
class TierLine:
    prevalence: TierPrevalence
    opportunity: Estimate
    rank: TierRank | None


@dataclass(frozen=True)
class PainPart:
    """`unread` counts pieces of counter-evidence that nobody has marked as read."""

    pain: PainPoint
    tiers: tuple[TierLine, ...]
    groups: tuple[QuoteGroup, ...]
    unread: int

    def line(self, tier: str) -> TierLine:
        return next(line for line in self.tiers if line.prevalence.tier == tier)

    @property
    def quotes(self) -> tuple[Quote, ...]:
        return self._quotes("for")

    @property
    def against(self) -> tuple[Quote, ...]:
        return self._quotes("against")

    @property
    def quotes_total(self) -> int:
        return sum(group.total for group in self.groups if group.stance == "for")

    @property
    def against_total(self) -> int:
        return sum(group.total for group in self.groups if group.stance == "against")

    def _quotes(self, stance: str) -> tuple[Quote, ...]:
        return tuple(
            quote for group in self.groups if group.stance == stance for quote in group.quotes
        )


def pain_facts(pains: Sequence[int], state: DataState) -> dict[int, RaisedAsked]:
    """Who raised and who was asked, remembered until the evidence changes."""
    name = f"facts:{'-'.join(map(str, sorted(pains)))}"
    return remembered(name, VOICES, lambda: raised_and_asked(pains), state=state)


def pain_parts(
    pains: Sequence[PainPoint],
    facts: dict[int, RaisedAsked],
    *,
    most: int,
    state: DataState,
) -> tuple[PainPart, ...]:
    """The parts in the order given, with at most `most` quotes of each tier and stance."""
    ids = [pain.pk for pain in pains]
    key = "-".join(map(str, sorted(ids)))
    now = current(ids)
    totals = remembered(
        f"totals:{key}", VOICES, lambda: quote_totals(sorted(set(now.values()))), state=state
    )
    scores = remembered(f"needs:{key}", NEEDS, lambda: opportunities(ids), state=state)
    groups = quote_groups(ids, most=most, totals=totals, now=now)
    ranks = ranks_by_tier(state=state)
    unread = remembered(
        f"unread:{key}", (*VOICES, "reading"), lambda: unread_against(ids), state=state
    )
    return tuple(
        PainPart(
            pain=pain,
            tiers=tuple(
                TierLine(row, scores[pain.pk][row.tier], ranks.get((now[pain.pk], row.tier)))
                for row in prevalence_by_tier(facts[pain.pk])
            ),
            groups=groups[pain.pk],
            unread=unread[pain.pk],
        )
        for pain in pains
    )
