"""Retention: the Kaplan–Meier curve of durations of which some are still running."""

import math
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import SupportsFloat

from insights.statistics import arguments
from insights.statistics.distributions import two_sided_z
from insights.statistics.errors import StatisticsError
from insights.statistics.estimates import Estimate, no_data, percent
from insights.statistics.proportions import wilson


@dataclass(frozen=True)
class SurvivalStep:
    """A time at which somebody left: how many were at risk just before, and the curve after it.

    ``low`` and ``high`` are None where the curve is 0, whose log-log interval is undefined.
    """

    time: float
    at_risk: int
    events: int
    survival: float
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Survival:
    """A Kaplan–Meier curve of ``n`` people; ``last`` is the longest duration."""

    steps: tuple[SurvivalStep, ...]
    n: int
    events: int
    last: float
    counts: tuple[tuple[float, int], ...]
    """Durations in order with how many lasted so long."""
    confidence: float

    @property
    def median(self) -> float | None:
        """The first time at which at most half remain; None where more than half still do."""
        return next((step.time for step in self.steps if step.survival <= 0.5), None)

    def at(self, time: float, rows: Iterable[int] = ()) -> Estimate:
        """Share remaining beyond ``time``, e.g. retention after 90 days.

        None beyond the longest duration while somebody still remained: nobody was followed so far.
        Before the first one left the curve is 1 and the lower limit is Wilson's for those followed
        until then.
        """
        method = f"Kaplan–Meier, log-log Greenwood, {percent(self.confidence)}"
        if self.n == 0:
            return no_data(method, rows)
        passed = [step for step in self.steps if step.time <= time]
        ended = bool(passed) and passed[-1].survival == 0.0
        if time > self.last and not ended:
            return Estimate(None, self.n, None, None, method, tuple(rows))
        if not passed:
            followed = sum(count for duration, count in self.counts if duration >= time)
            low = wilson(followed, followed, self.confidence).low
            return Estimate(
                1.0,
                self.n,
                low,
                1.0,
                f"nobody left: Wilson, {percent(self.confidence)}",
                tuple(rows),
            )
        step = passed[-1]
        return Estimate(step.survival, self.n, step.low, step.high, method, tuple(rows))


def kaplan_meier(
    durations: Sequence[SupportsFloat],
    observed: Sequence[bool],
    confidence: float = 0.95,
) -> Survival:
    """Product-limit curve of durations (any unit); ``observed`` is False where it still runs.

    Kaplan & Meier (1958), JASA 53:457–481, with Greenwood's variance and the log-log interval of
    Kalbfleisch & Prentice (2002), which stays within [0, 1]. Who is censored at a time at which
    others leave counts as at risk then. Raises StatisticsError for unequal lengths and durations
    that are negative or not finite.
    """
    arguments.same_length("durations", durations, "observed", observed)
    times = arguments.numbers("durations", durations)
    for index, time in enumerate(times):
        if time < 0:
            raise StatisticsError(
                "durations", f"{time} at {index} is negative", "pass the time from start to end"
            )
    left = Counter(time for time, ended in zip(times, observed, strict=True) if ended)
    running = Counter(time for time, ended in zip(times, observed, strict=True) if not ended)
    return kaplan_meier_counts(
        {time: (left[time], running[time]) for time in {*left, *running}}, confidence
    )


def kaplan_meier_counts(
    table: Mapping[float, tuple[int, int]], confidence: float = 0.95
) -> Survival:
    """``kaplan_meier`` of a table: duration → how many left then, how many were still running.

    What a database counts by day is a curve in the time of the days, not of the people. Raises
    StatisticsError for durations that are negative or not finite and counts below 0.
    """
    level = arguments.share("confidence", confidence)
    z = two_sided_z(level)
    rows: list[tuple[float, int, int]] = []
    for duration in sorted(table):
        time = arguments.finite("durations", duration)
        if time < 0:
            raise StatisticsError(
                "durations", f"{time} is negative", "pass the time from start to end"
            )
        left, running = (arguments.count("table", number) for number in table[duration])
        rows.append((time, left, running))
    n = at_risk = sum(left + running for _time, left, running in rows)
    survival, variance = 1.0, 0.0
    steps = []
    for time, events, running in rows:
        if events:
            survival *= (at_risk - events) / at_risk
            if at_risk > events:
                variance += events / (at_risk * (at_risk - events))
                spread = z * math.sqrt(variance) / math.log(survival)
                # log(survival) < 0, so the positive exponent gives the lower limit.
                limits = (survival ** math.exp(-spread), survival ** math.exp(spread))
                steps.append(SurvivalStep(time, at_risk, events, survival, *limits))
            else:
                steps.append(SurvivalStep(time, at_risk, events, 0.0, None, None))
        at_risk -= events + running
    return Survival(
        steps=tuple(steps),
        n=n,
        events=sum(events for _time, events, _running in rows),
        last=rows[-1][0] if rows else 0.0,
        counts=tuple((time, left + running) for time, left, running in rows),
        confidence=level,
    )


@dataclass(frozen=True)
class LogRank:
    """``chi_square`` on one degree of freedom and its two-sided ``p``; None where nobody left.

    ``expected`` and ``observed`` are events of the first group, n those of both.
    """

    chi_square: float | None
    p: float | None
    observed: int
    expected: float
    n: int


def log_rank(
    first: Mapping[float, tuple[int, int]], second: Mapping[float, tuple[int, int]]
) -> LogRank:
    """Whether two survival curves differ, from tables as ``kaplan_meier_counts`` takes them.

    Mantel (1966), Cancer Chemotherapy Reports 50:163–170, with the hypergeometric variance.
    """
    risk = [sum(map(sum, table.values())) for table in (first, second)]
    n, observed, expected, variance = sum(risk), 0, 0.0, 0.0
    for time in sorted({*first, *second}):
        (left, running), (other, stayed) = first.get(time, (0, 0)), second.get(time, (0, 0))
        events, total = left + other, sum(risk)
        if events:
            observed += left
            expected += events * risk[0] / total
            if total > 1:
                variance += (
                    events * risk[0] * risk[1] * (total - events) / (total * total * (total - 1))
                )
        risk = [risk[0] - left - running, risk[1] - other - stayed]
    if variance == 0.0:
        return LogRank(None, None, observed, expected, n)
    chi_square = (observed - expected) ** 2 / variance
    return LogRank(chi_square, math.erfc(math.sqrt(chi_square / 2.0)), observed, expected, n)
