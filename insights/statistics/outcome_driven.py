"""Ulwick's opportunity score: how important an outcome is and how badly it is served."""

from collections.abc import Iterable, Sequence
from functools import lru_cache

import numpy as np

from insights.statistics import arguments
from insights.statistics.estimates import Estimate, no_data, percent
from insights.statistics.proportions import share
from insights.statistics.resampling import percentile_limits

TOP_TWO = 4
"""The lowest rating of the top-two box on the scale of 1 to 5."""

Ratings = Sequence[int | None]


def _complete_pairs(importance: Ratings, satisfaction: Ratings) -> list[tuple[bool, bool]]:
    """(important, satisfied) of everyone who rated both."""
    arguments.same_length("importance", importance, "satisfaction", satisfaction)
    pairs = []
    for index, (wish, state) in enumerate(zip(importance, satisfaction, strict=True)):
        important = None if wish is None else arguments.rating("importance", wish, index) >= TOP_TWO
        satisfied = (
            None if state is None else arguments.rating("satisfaction", state, index) >= TOP_TWO
        )
        if important is not None and satisfied is not None:
            pairs.append((important, satisfied))
    return pairs


def top_two_box(ratings: Ratings, confidence: float = 0.95, rows: Iterable[int] = ()) -> Estimate:
    """Share of ratings that are 4 or 5 on the scale of 1 to 5, with Wilson's interval.

    None is not rated and not counted. Raises StatisticsError for a rating outside the scale.
    """
    given = [
        arguments.rating("ratings", rating, index)
        for index, rating in enumerate(ratings)
        if rating is not None
    ]
    return share(sum(rating >= TOP_TWO for rating in given), len(given), confidence, rows)


def opportunity(importance: Ratings, satisfaction: Ratings) -> float:
    """Opportunity score from 0 to 20: I + max(I − S, 0).

    I and S are ten times the share that rated 4 or 5 (the top-two box, not means), over the same
    people in the same order: Ulwick, What Customers Want (2005). A person who left out one of the
    two (None) is left out of both. NaN where nobody rated both. Raises StatisticsError for unequal
    lengths and ratings outside 1 to 5.
    """
    pairs = _complete_pairs(importance, satisfaction)
    if not pairs:
        return float("nan")
    wish = 10 * sum(important for important, _satisfied in pairs) / len(pairs)
    state = 10 * sum(satisfied for _important, satisfied in pairs) / len(pairs)
    return wish + max(wish - state, 0.0)


def opportunity_bootstrap(
    importance: Ratings,
    satisfaction: Ratings,
    confidence: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
    rows: Iterable[int] = (),
) -> Estimate:
    """The opportunity score with an interval, n the people who rated both.

    Bayesian bootstrap (Rubin 1981, Annals of Statistics 9:130–134) of the four groups important or
    not × satisfied or not, with Jeffreys' ½ in each, so that ten people who all say the same do not
    give an interval of no width as the plain bootstrap would, and limits widened for few people
    (``percentile_limits``).
    """
    level = arguments.share("confidence", confidence)
    method = f"Bayesian bootstrap, Jeffreys, {percent(level)}"
    pairs = _complete_pairs(importance, satisfaction)
    if not pairs:
        return no_data(method, rows)
    cells = [pairs.count(cell) for cell in ((True, True), (True, False), (False, True))]
    counts = (cells[0], cells[1], cells[2], len(pairs) - sum(cells))
    limits = _limits(counts, level, arguments.positive("draws", draws), seed)
    value = opportunity(importance, satisfaction)
    # The prior pulls limits away from 0 and 20, the estimate itself may lie there.
    low, high = (min(limits[0], value), max(limits[1], value)) if limits else (None, None)
    return Estimate(value, len(pairs), low, high, method, tuple(rows))


@lru_cache(maxsize=4096)
def _limits(
    counts: tuple[int, int, int, int], level: float, draws: int, seed: int
) -> tuple[float, float] | None:
    """Of people who find it important or not and are satisfied or not; nothing else counts."""
    generator = np.random.default_rng(seed)
    chances = generator.dirichlet(np.array(counts) + 0.5, size=draws)
    wish = 10 * (chances[:, 0] + chances[:, 1])
    state = 10 * (chances[:, 0] + chances[:, 2])
    return percentile_limits(wish + np.maximum(wish - state, 0.0), level, sum(counts))
