"""Effect against cost: who is on the front, and how surely.

The cost of a template is that of one accepted frame: everything spent, with failed calls, retries
and rejected frames, over the frames that were accepted.
"""

from collections.abc import Hashable, Sequence
from typing import TypeVar

import numpy as np

from generation.prompts.statistics.sums import Trial, sums_of
from insights.statistics import StatisticsError
from insights.statistics.arguments import amount, finite, positive
from insights.statistics.resampling import Bools, Floats, multiplicities

P = TypeVar("P", bound=tuple[object, ...])


def _score_and_cost(point: tuple[object, ...], index: int) -> tuple[float, float]:
    if len(point) not in (2, 3):
        raise StatisticsError(
            "points", f"point {index} has {len(point)} fields", "pass (name, score, cost)"
        )
    score, cost = point[-2:]
    return finite("points", score, index), amount("points", cost, index)  # type: ignore[arg-type]


def pareto(points: Sequence[P]) -> list[P]:
    """The points that no other beats: at least the score, at most the cost, and one of them better.

    Points are (name, score, cost) or (score, cost); those on the front come back as they are, the
    cheapest first. Points that equal each other in both stay together. Raises StatisticsError for
    other shapes, scores that are not finite, and negative costs.
    """
    known = [_score_and_cost(point, index) for index, point in enumerate(points)]
    order = sorted(range(len(points)), key=lambda index: (known[index][1], -known[index][0]))
    front: list[P] = []
    best: tuple[float, float] | None = None
    for index in order:
        score, cost = known[index]
        if best is None or score > best[0] or (score, cost) == best:
            best = (score, cost)
            front.append(points[index])
    return front


def on_front(score: Floats, cost: Floats) -> Bools:
    """Whether each template of each row is beaten by none; one without score or cost is not."""
    known = ~(np.isnan(score) | np.isnan(cost))
    s, c = np.where(known, score, -np.inf), np.where(known, cost, np.inf)
    as_good = (s[:, None, :] >= s[:, :, None]) & (c[:, None, :] <= c[:, :, None])
    better = (s[:, None, :] > s[:, :, None]) | (c[:, None, :] < c[:, :, None])
    beaten = np.any(as_good & better, axis=2)
    return np.asarray(known & ~beaten, dtype=np.bool_)


def front_probability(
    trials: Sequence[Trial], seed: int = 0, draws: int = 2000
) -> dict[Hashable, float]:
    """For each template the probability of being on the front of score against cost.

    ``trials``: (template, story, score, cost, accepted). Whole stories are resampled (Efron &
    Tibshirani 1993), each time the mean score and the cost of an accepted frame computed anew. A
    template with no accepted frame is not on the front. Raises StatisticsError for negative costs
    and scores that are not finite.
    """
    tries = positive("draws", draws)
    if not trials:
        return {}
    sums = sums_of(trials)
    hits = np.zeros(len(sums.templates))
    for counts in multiplicities(len(sums.cost), tries, seed, width=len(sums.templates) ** 2):
        hits += on_front(*sums.score_and_cost(counts)).sum(axis=0)
    return {name: float(hits[i] / tries) for i, name in enumerate(sums.templates)}


def score_and_cost(trials: Sequence[Trial]) -> dict[Hashable, tuple[float | None, float | None]]:
    """For each template its mean score and the cost of an accepted frame, None where undefined."""
    if not trials:
        return {}
    sums = sums_of(trials)
    score, cost = sums.score_and_cost(np.ones((1, len(sums.cost))))
    return {
        name: (
            None if np.isnan(score[0, i]) else float(score[0, i]),
            None if np.isnan(cost[0, i]) else float(cost[0, i]),
        )
        for i, name in enumerate(sums.templates)
    }
