"""Trials summed by story and template: what front and costs are computed from."""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np

from insights.statistics.arguments import amount, finite
from insights.statistics.resampling import Floats


class Trial(NamedTuple):
    """One call of one template on one shot.

    ``score`` None where there is none to count (a failed call); ``cost`` in minor units or tokens,
    also of what failed; ``accepted`` whether a frame came of it that was kept.
    """

    template: Hashable
    cluster: Hashable
    score: float | None
    cost: float
    accepted: bool = True


@dataclass(frozen=True)
class Sums:
    """Sums by cluster (rows) and template (columns)."""

    templates: list[Hashable]
    score: Floats
    scored: Floats
    cost: Floats
    accepted: Floats
    trials: Floats

    def score_and_cost(self, counts: Floats) -> tuple[Floats, Floats]:
        """draws × templates: mean score, and cost of an accepted frame; NaN where undefined."""
        with np.errstate(divide="ignore", invalid="ignore"):
            score = (counts @ self.score) / (counts @ self.scored)
            cost = (counts @ self.cost) / (counts @ self.accepted)
        cost[~np.isfinite(cost)] = np.nan
        # Rounded so that equal templates tie in spite of the last bit.
        return np.round(score, 12), np.round(cost, 12)


def sums_of(trials: Sequence[Trial]) -> Sums:
    templates = {name: i for i, name in enumerate(dict.fromkeys(trial[0] for trial in trials))}
    clusters = {name: i for i, name in enumerate(dict.fromkeys(trial[1] for trial in trials))}
    score, scored, cost, accepted, counted = np.zeros((5, len(clusters), len(templates)))
    for index, row in enumerate(trials):
        trial = Trial(*row)
        place = clusters[trial.cluster], templates[trial.template]
        if trial.score is not None:
            score[place] += finite("trials", trial.score, index)
            scored[place] += 1
        cost[place] += amount("trials", trial.cost, index)
        accepted[place] += bool(trial.accepted)
        counted[place] += 1
    return Sums(list(templates), score, scored, cost, accepted, counted)
