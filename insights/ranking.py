"""Which pain is first: rank of every open pain point by tier, with the probability of being first.

Uncertainty comes from the creators: they are weighed at random, and each time the pains are ranked by
the share of those asked who raised them; a pain asked of a few only is drawn towards the share of
all (`insights.statistics.prevalence_ranks`), so that two of two do not lead over thirty of forty.
"""

from dataclasses import dataclass

from crm.changes import DataState, data_state, remembered
from crm.models import Tier
from insights.models import PainPoint
from insights.selectors import ALL, raised_and_asked, ranks_of

DRAWS = 2000
SEED = 20261123
SCOPES = ("evidence", "asked", "interview", "pain")


@dataclass(frozen=True)
class TierRank:
    """`rank` 1 is first among `of` pains that somebody of the tier was asked about.

    `low` and `high` bound the rank over the draws (95 %).
    """

    rank: int
    of: int
    low: int
    high: int
    first_probability: float


def ranks_by_tier(
    *, draws: int = DRAWS, seed: int = SEED, state: DataState | None = None
) -> dict[tuple[int, str], TierRank]:
    """(pain, tier) → rank, for each tier and for all; a pain nobody was asked about has none.

    Remembered until a row that it comes from changes; `state`, where the caller has read it.
    """
    return remembered(
        f"ranks:{draws}:{seed}",
        SCOPES,
        lambda: _ranks(draws, seed),
        state=data_state() if state is None else state,
    )


def _ranks(draws: int, seed: int) -> dict[tuple[int, str], TierRank]:
    pains = list(PainPoint.objects.open().order_by("pk").values_list("pk", flat=True))
    facts = raised_and_asked(pains)
    found: dict[tuple[int, str], TierRank] = {}
    for tier in (*[tier.value for tier in Tier], ALL):
        places = ranks_of(facts, tier, draws=draws, seed=seed)
        for pain, place in places.items():
            if place.rank is not None and place.low is not None and place.high is not None:
                found[pain, tier] = TierRank(
                    place.rank, len(places), place.low, place.high, place.first
                )
    return found
