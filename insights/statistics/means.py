"""Intervals of means, medians and paired differences."""

import math
from collections.abc import Iterable, Sequence
from typing import SupportsFloat

import numpy as np

from insights.statistics import arguments
from insights.statistics.distributions import incomplete_beta, two_sided_t
from insights.statistics.errors import StatisticsError
from insights.statistics.estimates import Estimate, no_data, percent


def _t_estimate(
    values: list[float], confidence: float, method: str, rows: Iterable[int]
) -> Estimate:
    if not values:
        return no_data(method, rows)
    n = len(values)
    mean = math.fsum(values) / n
    if n == 1:
        return Estimate(mean, 1, None, None, method, tuple(rows))
    variance = math.fsum((value - mean) ** 2 for value in values) / (n - 1)
    half = two_sided_t(confidence, n - 1) * math.sqrt(variance / n)
    return Estimate(mean, n, mean - half, mean + half, method, tuple(rows))


def mean_interval(
    values: Sequence[SupportsFloat], confidence: float = 0.95, rows: Iterable[int] = ()
) -> Estimate:
    """Mean with Student's t interval ("Student" 1908, Biometrika 6:1–25), in the values' unit.

    No interval below n = 2. Raises StatisticsError for values that are not finite numbers.
    """
    level = arguments.share("confidence", confidence)
    return _t_estimate(
        arguments.numbers("values", values), level, f"Student t, {percent(level)}", rows
    )


def mean_of_sums(n: int, total: int, squares: int, confidence: float = 0.95) -> Estimate:
    """Student's interval of a mean from the count, the sum and the sum of squares of whole values.

    Exact in integers, so a database's sums give what ``mean_interval`` gives of the values.
    Raises StatisticsError where no values can have these sums.
    """
    level = arguments.share("confidence", confidence)
    count, method = arguments.count("n", n), f"Student t, {percent(level)}"
    if count == 0:
        return no_data(method)
    spread = count * squares - total * total
    if spread < 0:
        raise StatisticsError("squares", f"{squares} is too small", "sum the squares of all values")
    if count == 1:
        return Estimate(float(total), 1, None, None, method)
    variance = spread / (count * (count - 1))
    half = two_sided_t(level, count - 1) * math.sqrt(variance / count)
    return Estimate(total / count, count, total / count - half, total / count + half, method)


def paired_difference_interval(
    before: Sequence[SupportsFloat],
    after: Sequence[SupportsFloat],
    confidence: float = 0.95,
    rows: Iterable[int] = (),
) -> Estimate:
    """Mean of after − before over the same people, with Student's t interval of the differences.

    Pairing keeps the spread between people out of the interval ("Student" 1908). Raises
    StatisticsError for unequal lengths.
    """
    arguments.same_length("before", before, "after", after)
    level = arguments.share("confidence", confidence)
    pairs = zip(
        arguments.numbers("before", before),
        arguments.numbers("after", after),
        strict=True,
    )
    return _t_estimate(
        [late - early for early, late in pairs],
        level,
        f"Student t of paired differences, {percent(level)}",
        rows,
    )


def median_interval(
    values: Sequence[SupportsFloat], confidence: float = 0.95, rows: Iterable[int] = ()
) -> Estimate:
    """Median with a distribution-free interval, in the values' unit.

    Order statistics by the sign test, interpolated between two neighbouring ones so that the
    coverage is near the level and not merely above it: Hettmansperger & Sheather (1986),
    Statistics & Probability Letters 4:75–79. At 95 % there is no such interval below n = 6.
    """
    level = arguments.share("confidence", confidence)
    method = f"sign test, interpolated, {percent(level)}"
    ordered = sorted(arguments.numbers("values", values))
    n = len(ordered)
    if n == 0:
        return no_data(method, rows)
    median = float(np.median(ordered))
    limits = _sign_test_limits(ordered, level)
    low, high = limits if limits is not None else (None, None)
    return Estimate(median, n, low, high, method, tuple(rows))


def _coverage(n: int, k: int) -> float:
    """P(k ≤ B ≤ n − k) for B binomial(n, ½): that of the k-th smallest to the k-th largest."""
    # P(B ≥ k) = I_½(k, n − k + 1), by the duality of binomial and beta.
    return 2.0 * incomplete_beta(k, n - k + 1, 0.5) - 1.0


def _sign_test_limits(ordered: list[float], level: float) -> tuple[float, float] | None:
    n = len(ordered)
    if n == 0 or _coverage(n, 1) < level:
        return None
    low, high = 1, (n + 1) // 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if _coverage(n, middle) >= level else (low, middle)
    k = low
    outer, inner = _coverage(n, k), (_coverage(n, k + 1) if k + 1 <= n - k else 0.0)
    part = (outer - level) / (outer - inner) if outer > inner else 0.0
    weight = (n - k) * part / (k + (n - 2 * k) * part) if part > 0 else 0.0
    return (
        (1 - weight) * ordered[k - 1] + weight * ordered[k],
        (1 - weight) * ordered[n - k] + weight * ordered[n - k - 1],
    )
