"""Retention: the Kaplan–Meier curve of durations of which some are still running."""

import math
from collections.abc import Iterable, Sequence
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
    durations: tuple[float, ...]
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
            followed = sum(duration >= time for duration in self.durations)
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
    level = arguments.share("confidence", confidence)
    times = arguments.numbers("durations", durations)
    for index, time in enumerate(times):
        if time < 0:
            raise StatisticsError(
                "durations",
                f"{time} at {index} is negative",
                "pass the time from start to end",
            )
    z = two_sided_z(level)
    left: dict[float, int] = {}
    for time, ended in zip(times, observed, strict=True):
        if ended:
            left[time] = left.get(time, 0) + 1
    survival, variance = 1.0, 0.0
    steps = []
    for time in sorted(left):
        events = left[time]
        at_risk = sum(other >= time for other in times)
        survival *= (at_risk - events) / at_risk
        if survival > 0.0:
            variance += events / (at_risk * (at_risk - events))
            spread = z * math.sqrt(variance) / math.log(survival)
            # log(survival) < 0, so the positive exponent gives the lower limit.
            limits = (survival ** math.exp(-spread), survival ** math.exp(spread))
            steps.append(SurvivalStep(time, at_risk, events, survival, *limits))
        else:
            steps.append(SurvivalStep(time, at_risk, events, 0.0, None, None))
    return Survival(
        steps=tuple(steps),
        n=len(times),
        events=sum(left.values()),
        last=max(times, default=0.0),
        durations=tuple(times),
        confidence=level,
    )
