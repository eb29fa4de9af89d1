"""Which pain point leads, tier by tier: share, interval, rank and the probability of being first."""

from dataclasses import dataclass

from insights.findings.corpus import TIERS, Corpus
from insights.models import PainPoint
from insights.selectors import TierPrevalence, prevalence_by_tier, ranks_of
from insights.statistics import PainRank

DRAWS = 2000  # and the seed: those of `insights.ranking`, so that every page says the same
SEED = 20261123


@dataclass(frozen=True)
class RankedPain:
    """A pain point's line: by tier its prevalence and, where somebody was asked, its place."""

    pain: PainPoint
    prevalence: dict[str, TierPrevalence]
    places: dict[str, PainRank]


def ranked(corpus: Corpus, *, draws: int = DRAWS, seed: int = SEED) -> list[RankedPain]:
    """Open pain points that anybody was asked about, most raised first over all tiers.

    Ranks and probabilities are `insights.statistics.prevalence_ranks`', which hold also where a pain
    point was asked of a few only.
    """
    facts = corpus.facts
    places = {tier: ranks_of(facts, tier, draws=draws, seed=seed) for tier in TIERS}
    lines = [
        RankedPain(
            pain=pain,
            prevalence={row.tier: row for row in prevalence_by_tier(facts[pain.pk])},
            places={tier: places[tier][pain.pk] for tier in TIERS if pain.pk in places[tier]},
        )
        for pain in corpus.pains
        if facts[pain.pk].asked["all"]
    ]
    return sorted(lines, key=lambda line: (-(line.prevalence["all"].estimate.value or 0.0),
                                           -line.prevalence["all"].estimate.n, line.pain.pk))  # fmt: skip
