"""Effect against cost: who is on the front, how surely, and what an effect costs.

The cost of a template is that of one accepted frame: everything spent, with failed calls, retries
and rejected frames, over the frames that were accepted.
"""

from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import NamedTuple, TypeVar

import numpy as np

from insights.statistics import Estimate, StatisticsError
from insights.statistics.arguments import amount, finite, positive, share
from insights.statistics.estimates import percent
from insights.statistics.resampling import Bools, Floats, multiplicities, percentile_limits

P = TypeVar("P", bound=tuple[object, ...])


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
class CostRatio:
    """At effect ``score``: the cheapest template that reaches it, and its cost over the baseline's.

    ``template`` None where none reaches it; ``reached`` is the share of resamples in which one did.
    """

    score: float
    template: Hashable | None
    ratio: Estimate
    reached: float


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


@dataclass(frozen=True)
class _Sums:
    """Sums by cluster (rows) and template (columns)."""

    templates: list[Hashable]
    score: Floats
    scored: Floats
    cost: Floats
    accepted: Floats

    def score_and_cost(self, counts: Floats) -> tuple[Floats, Floats]:
        """draws × templates: mean score, and cost of an accepted frame; NaN where undefined."""
        with np.errstate(divide="ignore", invalid="ignore"):
            score = (counts @ self.score) / (counts @ self.scored)
            cost = (counts @ self.cost) / (counts @ self.accepted)
        cost[~np.isfinite(cost)] = np.nan
        # Rounded so that equal templates tie in spite of the last bit.
        return np.round(score, 12), np.round(cost, 12)


def _sums(trials: Sequence[Trial]) -> _Sums:
    templates = {name: i for i, name in enumerate(dict.fromkeys(trial[0] for trial in trials))}
    clusters = {name: i for i, name in enumerate(dict.fromkeys(trial[1] for trial in trials))}
    score, scored, cost, accepted = np.zeros((4, len(clusters), len(templates)))
    for index, row in enumerate(trials):
        trial = Trial(*row)
        place = clusters[trial.cluster], templates[trial.template]
        if trial.score is not None:
            score[place] += finite("trials", trial.score, index)
            scored[place] += 1
        cost[place] += amount("trials", trial.cost, index)
        accepted[place] += bool(trial.accepted)
    return _Sums(list(templates), score, scored, cost, accepted)


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
    sums = _sums(trials)
    hits = np.zeros(len(sums.templates))
    for counts in multiplicities(len(sums.cost), tries, seed, width=len(sums.templates) ** 2):
        hits += on_front(*sums.score_and_cost(counts)).sum(axis=0)
    return {name: float(hits[i] / tries) for i, name in enumerate(sums.templates)}


def score_and_cost(trials: Sequence[Trial]) -> dict[Hashable, tuple[float | None, float | None]]:
    """For each template its mean score and the cost of an accepted frame, None where undefined."""
    if not trials:
        return {}
    sums = _sums(trials)
    score, cost = sums.score_and_cost(np.ones((1, len(sums.cost))))
    return {
        name: (
            None if np.isnan(score[0, i]) else float(score[0, i]),
            None if np.isnan(cost[0, i]) else float(cost[0, i]),
        )
        for i, name in enumerate(sums.templates)
    }


def cost_intervals(
    trials: Sequence[Trial], confidence: float = 0.95, seed: int = 0, draws: int = 2000
) -> dict[Hashable, Estimate]:
    """For each template the cost of an accepted frame, n in stories, whole stories resampled.

    Limits are None with one story, and where fewer than half of the resamples accept a frame.
    """
    level, tries = share("confidence", confidence), positive("draws", draws)
    if not trials:
        return {}
    method = f"bootstrap over stories, {percent(level)}"
    sums = _sums(trials)
    stories = len(sums.cost)
    _score, cost = sums.score_and_cost(np.ones((1, stories)))
    drawn = np.concatenate(
        [
            sums.score_and_cost(counts)[1]
            for counts in multiplicities(stories, tries, seed, width=len(sums.templates))
        ]
    )
    found: dict[Hashable, Estimate] = {}
    for place, name in enumerate(sums.templates):
        known = not np.isnan(cost[0, place])
        limits = percentile_limits(drawn[:, place], level) if known and stories > 1 else None
        low, high = limits if limits is not None else (None, None)
        value = float(cost[0, place]) if known else None
        found[name] = Estimate(value, stories, low, high, method)
    return found


def _cheapest(score: Floats, cost: Floats, threshold: float) -> Floats:
    reaching = np.where((score >= threshold) & ~np.isnan(cost), cost, np.inf)
    cheapest = reaching.min(axis=1)
    return np.where(np.isfinite(cheapest), cheapest, np.nan)


def cost_ratios(
    trials: Sequence[Trial],
    baseline: Hashable,
    scores: Sequence[float] | None = None,
    confidence: float = 0.95,
    seed: int = 0,
    draws: int = 2000,
) -> list[CostRatio]:
    """The cost of reaching each effect: the cheapest template's over the baseline's, by accepted
    frame.

    ``scores``: the effects to ask for; by default the templates' own mean scores, where the answer
    changes. Stories are resampled, and in each resample the cheapest template is chosen anew, so
    the interval includes the doubt which one it is; limits are None where fewer than half of the
    resamples reach the score. Raises StatisticsError where the baseline was not tried or had no
    frame accepted.
    """
    level, tries = share("confidence", confidence), positive("draws", draws)
    method = f"bootstrap over stories, {percent(level)}"
    sums = _sums(trials)
    if baseline not in sums.templates:
        raise StatisticsError("baseline", f"{baseline!r} is in no trial", "name a template tried")
    base = sums.templates.index(baseline)
    stories = len(sums.cost)
    score, cost = sums.score_and_cost(np.ones((1, stories)))
    if np.isnan(cost[0, base]) or cost[0, base] == 0:
        raise StatisticsError(
            "baseline", f"{baseline!r} has no cost of an accepted frame", "name one that has"
        )
    blocks = [
        sums.score_and_cost(counts)
        for counts in multiplicities(stories, tries, seed, width=len(sums.templates))
    ]
    drawn_score = np.concatenate([block[0] for block in blocks])
    drawn_cost = np.concatenate([block[1] for block in blocks])
    wanted = sorted(set(score[0][~np.isnan(score[0])].tolist())) if scores is None else scores
    result = []
    for threshold in wanted:
        cheapest = float(_cheapest(score, cost, threshold)[0])
        with np.errstate(divide="ignore", invalid="ignore"):
            ratios = _cheapest(drawn_score, drawn_cost, threshold) / drawn_cost[:, base]
        known = ~np.isnan(cheapest)
        limits = percentile_limits(ratios, level) if known and stories > 1 else None
        low, high = limits if limits is not None else (None, None)
        value = cheapest / float(cost[0, base]) if known else None
        name = None
        if known:
            fits = (score[0] >= threshold) & (cost[0] == cheapest)
            name = sums.templates[int(np.flatnonzero(fits)[0])]
        result.append(
            CostRatio(
                score=float(threshold),
                template=name,
                ratio=Estimate(value, stories, low, high, method),
                reached=float((~np.isnan(ratios)).mean()),
            )
        )
    return result
