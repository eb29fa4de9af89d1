"""Shares of people, differences of shares, and their score intervals."""

import math
from collections.abc import Iterable
from typing import SupportsIndex

from insights.statistics import arguments
from insights.statistics.distributions import two_sided_z
from insights.statistics.errors import StatisticsError
from insights.statistics.estimates import Estimate, Interval, no_data, percent


def _successes(argument: str, successes: SupportsIndex, n_argument: str, n: int) -> int:
    number = arguments.count(argument, successes)
    if number > n:
        raise StatisticsError(
            argument,
            f"{number} is more than {n_argument} = {n}",
            f"pass at most {n_argument}",
        )
    return number


def wilson(successes: SupportsIndex, n: SupportsIndex, confidence: float = 0.95) -> Interval:
    """Score interval of a share, in [0, 1]; 8 of 12 gives 0.391 to 0.862.

    Wilson (1927), JASA 22:209–212, without continuity correction. n = 0 says nothing, so the
    interval is the whole of [0, 1]. Raises StatisticsError for counts that are negative or not
    whole, successes > n, and a confidence outside (0, 1).
    """
    trials = arguments.count("n", n)
    hits = _successes("successes", successes, "n", trials)
    level = arguments.share("confidence", confidence)
    method = f"Wilson score, {percent(level)}"
    if trials == 0:
        return Interval(0.0, 1.0, level, method)
    z2 = two_sided_z(level) ** 2
    p = hits / trials
    centre = (p + z2 / (2 * trials)) / (1 + z2 / trials)
    half = math.sqrt(z2 * (p * (1 - p) / trials + z2 / (4 * trials**2))) / (1 + z2 / trials)
    # At 0 and n the exact limit is 0 and 1; rounding would leave 1e-17 in its place.
    low = 0.0 if hits == 0 else max(0.0, centre - half)
    high = 1.0 if hits == trials else min(1.0, centre + half)
    return Interval(low, high, level, method)


def share(
    successes: SupportsIndex,
    n: SupportsIndex,
    confidence: float = 0.95,
    rows: Iterable[int] = (),
) -> Estimate:
    """A share with its Wilson interval, for pages. Value and limits are None where n = 0."""
    interval = wilson(successes, n, confidence)
    trials = arguments.count("n", n)
    if trials == 0:
        return no_data(interval.method, rows)
    return Estimate(
        value=arguments.count("successes", successes) / trials,
        n=trials,
        low=interval.low,
        high=interval.high,
        method=interval.method,
        rows=tuple(rows),
    )


def prevalence(
    raised_ids: Iterable[int], asked_ids: Iterable[int], confidence: float = 0.95
) -> Estimate:
    """Share of the people asked (or who could have raised it) who raised a pain, with Wilson.

    Not asked is not "no": who is not in ``asked_ids`` does not count. A person counts once however
    often they are named. ``rows`` are the ids of those who raised it, in order. Raises
    StatisticsError where somebody raised it who is not among those asked.
    """
    raised, asked = set(raised_ids), set(asked_ids)
    strangers = sorted(raised - asked)
    if strangers:
        raise StatisticsError(
            "raised_ids",
            f"{strangers[:5]} raised it and are not in asked_ids",
            "count whoever raised it among those who could have",
        )
    return share(len(raised), len(asked), confidence, rows=sorted(raised))


def newcombe(
    s1: SupportsIndex,
    n1: SupportsIndex,
    s2: SupportsIndex,
    n2: SupportsIndex,
    confidence: float = 0.95,
) -> Interval:
    """Interval of the difference s1/n1 − s2/n2 of two independent shares, in [−1, 1].

    Newcombe (1998), Statistics in Medicine 17:873–890, method 10: the Wilson limits of both,
    squared and added. A group of 0 contributes the whole of [0, 1] around ½, so the interval is
    wide and never says "no difference". Raises StatisticsError as ``wilson`` does.
    """
    trials1, trials2 = arguments.count("n1", n1), arguments.count("n2", n2)
    hits1 = _successes("s1", s1, "n1", trials1)
    hits2 = _successes("s2", s2, "n2", trials2)
    first, second = (
        wilson(hits1, trials1, confidence),
        wilson(hits2, trials2, confidence),
    )
    p1 = hits1 / trials1 if trials1 else 0.5
    p2 = hits2 / trials2 if trials2 else 0.5
    below = math.hypot(p1 - first.low, second.high - p2)
    above = math.hypot(first.high - p1, p2 - second.low)
    return Interval(
        max(-1.0, p1 - p2 - below),
        min(1.0, p1 - p2 + above),
        first.confidence,
        f"Newcombe method 10, {percent(first.confidence)}",
    )


def share_difference(
    s1: SupportsIndex,
    n1: SupportsIndex,
    s2: SupportsIndex,
    n2: SupportsIndex,
    confidence: float = 0.95,
    rows: Iterable[int] = (),
) -> Estimate:
    """s1/n1 − s2/n2 with Newcombe's interval, for pages; None where a group is empty.

    ``n`` is the smaller group's, because that is what a reader has to know.
    """
    interval = newcombe(s1, n1, s2, n2, confidence)
    trials1, trials2 = arguments.count("n1", n1), arguments.count("n2", n2)
    if not (trials1 and trials2):
        return no_data(interval.method, rows)
    return Estimate(
        value=arguments.count("s1", s1) / trials1 - arguments.count("s2", s2) / trials2,
        n=min(trials1, trials2),
        low=interval.low,
        high=interval.high,
        method=interval.method,
        rows=tuple(rows),
    )


def newcombe_paired(
    both: SupportsIndex,
    first_only: SupportsIndex,
    second_only: SupportsIndex,
    neither: SupportsIndex,
    confidence: float = 0.95,
) -> Interval:
    """Interval of the difference of two shares measured on the same people, in [−1, 1].

    The four counts are people for whom both, only the first, only the second, or neither is true.
    Newcombe (1998), Statistics in Medicine 17:2635–2650, method 10, with the correction of phi;
    see also Altman et al., Statistics with Confidence (2nd ed., 2000), p. 52. Nobody at all gives
    [−1, 1]. Raises StatisticsError for counts that are negative or not whole.
    """
    r = arguments.count("both", both)
    s = arguments.count("first_only", first_only)
    t = arguments.count("second_only", second_only)
    u = arguments.count("neither", neither)
    n = r + s + t + u
    level = arguments.share("confidence", confidence)
    method = f"Newcombe paired method 10, {percent(level)}"
    if n == 0:
        return Interval(-1.0, 1.0, level, method)
    first, second = wilson(r + s, n, level), wilson(r + t, n, level)
    p1, p2 = (r + s) / n, (r + t) / n
    margins = (r + s) * (t + u) * (r + t) * (s + u)
    cross = r * u - s * t
    corrected = max(cross - n / 2, 0.0) if cross > 0 else float(cross)
    phi = corrected / math.sqrt(margins) if margins else 0.0

    def spread(a: float, b: float) -> float:
        return math.sqrt(max(0.0, a * a - 2 * phi * a * b + b * b))

    return Interval(
        max(-1.0, p1 - p2 - spread(p1 - first.low, second.high - p2)),
        min(1.0, p1 - p2 + spread(first.high - p1, p2 - second.low)),
        level,
        method,
    )
