"""Which pain point leads, tier by tier: share, interval, rank and the probability of being first."""

from dataclasses import dataclass

from insights.findings.corpus import TIERS, Corpus
from insights.models import PainPoint
from insights.selectors import TierPrevalence, prevalence_by_tier
from insights.statistics import PainRank, prevalence_ranks

DRAWS = 1000
SEED = 20261123


@dataclass(frozen=True)
class RankedPain:
    """A pain point's line: by tier its prevalence and, where somebody was asked, its place."""

    pain: PainPoint
    prevalence: dict[str, TierPrevalence]
    places: dict[str, PainRank]


def ranked(corpus: Corpus, *, draws: int = DRAWS, seed: int = SEED) -> list[RankedPain]:
    """Open pain points that anybody was asked about, most raised first over all tiers.

    Ranks and probabilities are those of `insights.statistics.prevalence_ranks`, which hold also where
    a pain point was asked of a few only.
    """
    facts = corpus.facts
    places: dict[str, dict[int, PainRank]] = {}
    for tier in TIERS:
        known = [pain.pk for pain in corpus.pains if facts[pain.pk].asked[tier]]
        people = sorted(set().union(*(facts[pain].asked[tier] for pain in known)))
        matrix = [
            [
                float(person in facts[pain].raised[tier])
                if person in facts[pain].asked[tier]
                else None
                for pain in known
            ]
            for person in people
        ]
        enough = len(people) > 1
        found = prevalence_ranks(matrix, draws=draws, seed=seed) if enough else ()
        places[tier] = dict(zip(known, found, strict=False))
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
