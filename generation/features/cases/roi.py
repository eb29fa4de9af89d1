"""Whether a step's automation pays: for the creator each month, for the team until break-even.

What a creator spends on the step a piece (minutes × their hour, and money) is measured; a share of it
goes away when the result is accepted, and a rejected result costs the time to look at it. Intervals
come from resampling the creators (Bayesian bootstrap) and from Jeffreys' posterior of acceptance.
Pure: no database.
"""

from dataclasses import dataclass

import numpy as np

from insights.statistics import Estimate
from insights.statistics.resampling import Floats

DRAWS = 4000
LOW, HIGH = 0.025, 0.975


@dataclass(frozen=True)
class Assumptions:
    """What is not measured, or overrides what is. Money in minor units, time in minutes.

    `saved`: share of the step that goes away when the result is accepted, 0 to 1. `check`: minutes
    that a rejected result costs. `reach`: creators who would hear of it. `accepted`, `judged`:
    results kept of those judged.
    """

    pieces: float
    hour_minor: float
    saved: float
    accepted: float
    judged: int
    check: float
    run_minor: float
    price_minor: float
    reach: int
    build_minor: float
    months: int = 24


@dataclass(frozen=True)
class Month:
    """The team's sum from the start to the end of a month, in minor units."""

    number: int
    value: float
    low: float
    high: float


@dataclass(frozen=True)
class Returns:
    """`benefit`: what the mean creator gains a month before the price. `adoption`: share of creators
    for whom it is worth its price. `threshold`: acceptance at which the mean creator's gain is the
    price; None where no acceptance reaches it. `break_even`: months until what was built is paid,
    None (or an open upper limit) where it never is. `chance`: of breaking even within the months.
    """

    benefit: Estimate
    adoption: Estimate
    margin: Estimate
    threshold: float | None
    break_even: Estimate
    chance: float
    months: tuple[Month, ...]


def returns(minutes: Floats, money: Floats, given: Assumptions, seed: int = 0) -> Returns:
    """`minutes` and `money`: one value a creator, what the step takes a piece today."""
    n = int(minutes.size)
    generator = np.random.default_rng(seed)
    value = minutes / 60.0 * given.hour_minor + money
    rejected = given.check / 60.0 * given.hour_minor
    gains = given.pieces * _gain(value, given.accepted, given.saved, rejected)
    weights = generator.dirichlet(np.ones(n), size=DRAWS) if n else np.zeros((DRAWS, 0))
    accepted = _accepted(given, generator)
    drawn_gain = given.pieces * (
        given.saved * accepted * (weights @ value) - (1 - accepted) * rejected
    )
    drawn_adoption = _adoption(value, weights, accepted, given, rejected, generator)
    unit = given.price_minor - given.pieces * given.run_minor
    margins = given.reach * drawn_adoption * unit
    share_now = float((gains >= given.price_minor).mean()) if n else None
    margin_now = None if share_now is None else given.reach * share_now * unit
    return Returns(
        benefit=_with_limits(float(gains.mean()) if n else None, drawn_gain, n),
        adoption=_with_limits(share_now, drawn_adoption, n),
        margin=_with_limits(margin_now, margins, n),
        threshold=_threshold(value, given, rejected),
        break_even=_break_even(margin_now, margins, given, n),
        chance=float((margins * given.months >= given.build_minor).mean()) if n else 0.0,
        months=_months(margin_now or 0.0, margins, given),
    )


def _gain(value: Floats, accepted: float, saved: float, rejected: float) -> Floats:
    return saved * accepted * value - (1 - accepted) * rejected


def _accepted(given: Assumptions, generator: np.random.Generator) -> Floats:
    """Draws of the acceptance: Jeffreys' posterior where it was measured, else the assumption."""
    if not given.judged:
        return np.full(DRAWS, given.accepted)
    kept = given.accepted * given.judged
    drawn: Floats = generator.beta(kept + 0.5, given.judged - kept + 0.5, DRAWS)
    return drawn


def _adoption(
    value: Floats,
    weights: Floats,
    accepted: Floats,
    given: Assumptions,
    rejected: float,
    generator: np.random.Generator,
) -> Floats:
    """Draws of the share of creators whose gain reaches the price, with half a yes and half a no."""
    n = value.size
    if not n:
        return np.zeros(DRAWS)
    gain = given.pieces * (
        given.saved * accepted[:, None] * value - (1 - accepted[:, None]) * rejected
    )
    yes = (weights * n * (gain >= given.price_minor)).sum(axis=1)
    halves = generator.gamma(0.5, size=(2, DRAWS))
    share: Floats = (yes + halves[0]) / (n + halves[0] + halves[1])
    return share


def _with_limits(value: float | None, drawn: Floats, n: int) -> Estimate:
    method = "Bayesian bootstrap of creators, 95 %"
    if value is None or n < 2:
        return Estimate(value, n, None, None, method)
    low, high = np.quantile(drawn, [LOW, HIGH])
    return Estimate(value, n, min(float(low), value), max(float(high), value), method)


def _threshold(value: Floats, given: Assumptions, rejected: float) -> float | None:
    """pieces × (saved × a × mean value − (1 − a) × rejected) = price, solved for a."""
    if not value.size or not given.pieces:
        return None
    slope = given.saved * float(value.mean()) + rejected
    if slope <= 0:
        return None
    needed = (given.price_minor / given.pieces + rejected) / slope
    return needed if needed <= 1 else None


def _break_even(margin: float | None, margins: Floats, given: Assumptions, n: int) -> Estimate:
    method = "cost of building ÷ monthly margin, Bayesian bootstrap of creators, 95 %"
    value = given.build_minor / margin if margin and margin > 0 else None
    if n < 2:
        return Estimate(value, n, None, None, method)
    with np.errstate(divide="ignore"):
        drawn = np.where(margins > 0, given.build_minor / np.maximum(margins, 1e-9), np.inf)
    low, high = np.quantile(drawn, [LOW, HIGH], method="higher")
    return Estimate(value, n, _finite(low), _finite(high), method)


def _finite(value: float) -> float | None:
    return float(value) if np.isfinite(value) else None


def _months(margin: float, margins: Floats, given: Assumptions) -> tuple[Month, ...]:
    low, high = (float(limit) for limit in np.quantile(margins, [LOW, HIGH]))
    return tuple(
        Month(
            number,
            margin * number - given.build_minor,
            low * number - given.build_minor,
            high * number - given.build_minor,
        )
        for number in range(given.months + 1)
    )
