"""Two templates on the same shots: the difference, clustered by story.

Shots of one story are not independent: with 12 shots a story and an intraclass correlation of 0.3 a
plain test of equal templates raises a false alarm 35 times in 100. The unit is the story.
"""

import math
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import product

import numpy as np

from insights.statistics import PUBLISHABLE_N, Estimate, StatisticsError
from insights.statistics.arguments import count, finite, positive, same_length, share
from insights.statistics.distributions import normal_quantile, two_sided_t
from insights.statistics.estimates import percent
from insights.statistics.resampling import Floats

_EXACT_UP_TO = 12
"""Stories up to which all 2**stories sign flips are gone through."""


@dataclass(frozen=True)
class PairedDifference(Estimate):
    """Mean of a − b over ``n`` pairs in ``clusters`` stories, with the p-value of no difference."""

    clusters: int = 0
    p: float | None = None

    @property
    def publishable(self) -> bool:
        """Five stories at least: forty shots of one story are one opinion."""
        return self.value is not None and self.clusters >= PUBLISHABLE_N


def paired_difference(
    a: Sequence[float | None],
    b: Sequence[float | None],
    clusters: Sequence[Hashable],
    seed: int = 0,
    confidence: float = 0.95,
    draws: int = 4000,
) -> PairedDifference:
    """Mean of a − b over pairs (same shot, same seed), with an interval clustered by story.

    ``a``, ``b``: scores in the same order, None where a metric was not computed (the pair is left
    out); ``clusters``: the story of each. The interval is the cluster-robust one with the
    small-sample correction CR2 and Satterthwaite degrees of freedom: Bell & McCaffrey (2002),
    Survey Methodology 28:169–181; for evaluations Miller (2024), arXiv:2411.00640. ``p`` is of
    the randomisation test that flips the sign of whole stories, exact for equal templates up to 12
    stories and over ``draws`` seeded flips beyond (Fisher 1935). One story gives no interval.
    Raises StatisticsError for unequal lengths and scores that are not finite.
    """
    level = share("confidence", confidence)
    method = f"clustered, CR2, {percent(level)}"
    sums = _story_sums(a, b, clusters)
    totals = sums.totals
    if not len(totals):
        return PairedDifference(None, 0, None, None, method)
    n = int(sums.sizes.sum())
    mean = float(totals.sum() / n)
    if len(totals) == 1:
        return PairedDifference(mean, n, None, None, method, clusters=1)
    error, degrees = _robust_error(totals, sums.sizes, sums.squares)
    half = two_sided_t(level, round(degrees, 3)) * error
    p = _sign_flip_p(totals, positive("draws", draws), seed)
    return PairedDifference(mean, n, mean - half, mean + half, method, clusters=len(totals), p=p)


@dataclass(frozen=True)
class _StorySums:
    """Sum and number of the differences of each story, and the sum of all their squares."""

    totals: Floats
    sizes: Floats
    squares: float


def _story_sums(
    a: Sequence[float | None], b: Sequence[float | None], clusters: Sequence[Hashable]
) -> _StorySums:
    same_length("a", a, "b", b)
    same_length("a", a, "clusters", clusters)
    sums: dict[Hashable, float] = {}
    sizes: dict[Hashable, int] = {}
    squares = 0.0
    for index, (first, second, story) in enumerate(zip(a, b, clusters, strict=True)):
        if first is None or second is None:
            continue
        difference = finite("a", first, index) - finite("b", second, index)
        sums[story] = sums.get(story, 0.0) + difference
        sizes[story] = sizes.get(story, 0) + 1
        squares += difference**2
    return _StorySums(
        np.array(list(sums.values()), dtype=np.float64),
        np.array(list(sizes.values()), dtype=np.float64),
        squares,
    )


def _robust_error(totals: Floats, sizes: Floats, squares: float) -> tuple[float, float]:
    """Standard error of the mean (CR2) and its degrees of freedom.

    The degrees follow from the variance that the clusters' sums would have at the intraclass
    correlation seen: a few large stories among small ones count for little.
    """
    n = sizes.sum()
    part = sizes / n
    scale = 1.0 / (n * np.sqrt(1.0 - part))
    residuals = (totals - part * totals.sum()) * scale
    correlation = _intraclass_correlation(totals, sizes, squares)
    variance = sizes * (1.0 - correlation) + sizes**2 * correlation
    centring = np.eye(len(sizes)) - part[:, None]
    left = scale[:, None] * centring
    spread = (left * variance) @ left.T
    degrees = float(np.trace(spread) ** 2 / (spread**2).sum())
    return math.sqrt(float((residuals**2).sum())), max(1.0, degrees)


def _intraclass_correlation(totals: Floats, sizes: Floats, squares: float) -> float:
    """Share of the variance that lies between clusters, by one-way ANOVA, within [0, 1]."""
    n, groups = sizes.sum(), len(sizes)
    if n == groups:
        return 1.0
    mean = totals.sum() / n
    between = float((sizes * (totals / sizes - mean) ** 2).sum()) / (groups - 1)
    within = max(0.0, squares - float((totals**2 / sizes).sum())) / (n - groups)
    typical = (n - float((sizes**2).sum()) / n) / (groups - 1)
    total = between + (typical - 1.0) * within
    return min(1.0, max(0.0, (between - within) / total)) if total > 0 else 0.0


@lru_cache(maxsize=_EXACT_UP_TO + 1)
def _all_signs(stories: int) -> Floats:
    return np.array(list(product((1.0, -1.0), repeat=stories)))


def _sign_flip_p(totals: Floats, draws: int, seed: int) -> float:
    if len(totals) <= _EXACT_UP_TO:
        signs = _all_signs(len(totals))
        extra = 0
    else:
        generator = np.random.default_rng(seed)
        signs = generator.choice((1.0, -1.0), size=(draws, len(totals)))
        # What was seen is one of the flips too: without it p could be 0.
        extra = 1
    sums = np.abs((signs * totals).sum(axis=1))
    reached = int((sums >= abs(float(totals.sum())) * (1 - 1e-12)).sum())
    return (reached + extra) / (len(signs) + extra)


@dataclass(frozen=True)
class VarianceParts:
    """How far paired differences spread, and how much of that lies between stories.

    ``spread``: their standard deviation; ``correlation``: the share of the variance that lies
    between stories. Near 1 only more stories help, near 0 more shots or seeds do as well. Both
    feed ``minimum_detectable_effect``.
    """

    spread: float
    correlation: float
    pairs: int
    clusters: int


def variance_parts(
    a: Sequence[float | None], b: Sequence[float | None], clusters: Sequence[Hashable]
) -> VarianceParts | None:
    """Parts of the variance of a − b by one-way analysis of variance (Fisher 1925).

    Arguments as in ``paired_difference``. None where there are not two stories with more pairs than
    stories, because then the parts cannot be told apart.
    """
    sums = _story_sums(a, b, clusters)
    totals, sizes, n = sums.totals, sums.sizes, sums.sizes.sum()
    if len(totals) < 2 or n <= len(totals):
        return None
    variance = max(0.0, (sums.squares - totals.sum() ** 2 / n) / (n - 1))
    correlation = _intraclass_correlation(totals, sizes, sums.squares)
    return VarianceParts(math.sqrt(variance), correlation, int(n), len(totals))


def holm(p_values: Sequence[float]) -> list[float]:
    """Holm's adjusted p-values, in the given order: Holm (1979), Scand. J. Statistics 6:65–70.

    The best of 24 equal templates looks better than the baseline by luck; the adjusted values keep
    the chance of any false alarm at the level. Raises StatisticsError outside [0, 1].
    """
    for index, p in enumerate(p_values):
        if not 0.0 <= p <= 1.0:
            raise StatisticsError("p_values", f"{p!r} at {index} is no probability", "pass 0 to 1")
    adjusted = [0.0] * len(p_values)
    highest = 0.0
    for place, index in enumerate(sorted(range(len(p_values)), key=p_values.__getitem__)):
        highest = max(highest, min(1.0, (len(p_values) - place) * p_values[index]))
        adjusted[index] = highest
    return adjusted


def minimum_detectable_effect(
    spread: float,
    correlation: float,
    stories: int,
    shots: int,
    repetitions: int = 1,
    power: float = 0.8,
    confidence: float = 0.95,
) -> float:
    """The smallest true difference that a plan would find with probability ``power``.

    ``spread``: standard deviation of the paired differences, ``correlation``: their intraclass
    correlation within a story; ``shots`` a story, each with ``repetitions`` averaged (counted as
    further shots of the story). (t + z) · spread · √((1 + (m − 1)·ρ) / (stories·m)): Kish (1965),
    Survey Sampling, for the design effect. Raises StatisticsError for fewer than 2 stories.
    """
    groups, size = count("stories", stories), positive("shots", shots)
    size *= positive("repetitions", repetitions)
    if groups < 2:
        raise StatisticsError("stories", f"{groups} gives no interval", "plan 2 stories or more")
    if finite("spread", spread) < 0:
        raise StatisticsError("spread", f"{spread} is negative", "pass a standard deviation")
    if not 0.0 <= correlation <= 1.0:
        raise StatisticsError("correlation", f"{correlation} is no correlation", "pass 0 to 1")
    quantile = two_sided_t(share("confidence", confidence), groups - 1)
    quantile += normal_quantile(share("power", power))
    effect = (1.0 + (size - 1) * correlation) / (groups * size)
    return quantile * spread * math.sqrt(effect)
