"""What the alarm is judged on, as arrays: who said what, who is satisfied, who pays, who is relieved.

One row a creator throughout, NaN where somebody was not asked or has not answered, so that whatever
one person said stays together when creators are resampled. Pure: no database.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np

from insights.statistics import Estimate
from insights.statistics.resampling import Floats


@dataclass(frozen=True)
class TierAnswers:
    """One tier's creators × pains: 1 yes, 0 no, NaN not asked; `wallet` in minor units a month.

    `raised`: whether the creator raised the pain when the interview came to it; `important` and
    `satisfied`: whether they rated it in the top-two box. `creators` are their ids, in row order.
    """

    tier: str
    creators: tuple[int, ...]
    raised: Floats
    important: Floats
    satisfied: Floats
    wallet: Floats


@dataclass(frozen=True)
class Relieved:
    """Evidence after release of one pain in one tier.

    `reached`: for each creator who has the pain, whether they used a released feature justified by
    it and kept a result (1) or not (0). `relief`: for each who answered, the share of the pain that
    is gone, 0 to 1. `rows`: ids of the Relief rows.
    """

    reached: Floats
    relief: Floats
    rows: tuple[int, ...] = ()


NOTHING_YET = Relieved(np.zeros(0), np.zeros(0))


@dataclass(frozen=True)
class Market:
    """`paying`: creators × months, 1 paying in that month, 0 not, NaN not known yet; oldest first.

    `ratings`: 1 for each creator who rated what we built in the top-two box, else 0; `kept`: for
    each creator who judged results, 1 where they kept most of them, else 0.
    """

    pains: tuple[int, ...]
    tiers: tuple[TierAnswers, ...]
    ratings: Floats
    kept: Floats
    paying: Floats
    relieved: Mapping[tuple[int, str], Relieved] = field(default_factory=dict)


@dataclass(frozen=True)
class Thresholds:
    """When the alarm fires; `Policy` keeps them as a row, within its bounds.

    `rank`: probability of being first; `coverage`: what counts as covered, 0 to 1; `loved`: the share
    of users whose verdict is good that the lower limit has to reach; `minimum_n`: creators below
    which nothing is judged; `months`: the window of the paying rate.
    """

    rank: float = 0.8
    coverage: float = 0.5
    loved: float = 0.5
    minimum_n: int = 5
    months: int = 6
    draws: int = 2000


@dataclass(frozen=True)
class NeedOf:
    """need(p, t) with its factors; `value` is in minor units a month and head, None if one is unknown.

    `first` is the share of resamples in which this pain in this tier has the greatest need of all;
    `first_in_tier` the share in which it has the greatest of its tier.
    """

    pain: int
    tier: str
    prevalence: Estimate
    important: Estimate
    satisfied: Estimate
    wallet: Estimate
    value: float | None
    first: float
    first_in_tier: float


@dataclass(frozen=True)
class Gap:
    """What is missing for a judgement: a code, how many there are and how many it takes."""

    code: str
    have: int
    need: int


@dataclass(frozen=True)
class Judgement:
    """`state`: fires, quiet or not_enough_data; `reason` a code that `wording` says in words.

    `rise` is the change of the paying rate over the window with its one-sided limits; `coverage` is
    the leading pain's in its tier. Parts that could not be judged are None.
    """

    state: str
    reason: str
    pain: int | None
    tier: str | None
    probability: float | None
    needs: tuple[NeedOf, ...]
    coverage: Estimate | None
    rating: Estimate
    kept: Estimate
    rise: Estimate
    rates: tuple[tuple[int, int], ...]
    gaps: tuple[Gap, ...]

    @property
    def fires(self) -> bool:
        return self.state == "fires"
