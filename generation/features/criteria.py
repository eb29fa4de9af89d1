"""Criteria that were written before the data, judged by code."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from generation.features.pains import PainPart
from generation.features.payers import Paying
from generation.features.relief import TierRelief
from generation.features.usage import Usage
from generation.models import Criterion
from insights.selectors import ALL

SAME_MOMENT = timedelta(minutes=1)  # criteria that are written and locked in one go
MET, MISSED, OPEN, UNKNOWN = "met", "missed", "open", "not_enough_data"


@dataclass(frozen=True)
class CriterionPart:
    """`state` is met, missed, open or not_enough_data; `late`: written after the work had begun."""

    criterion: Criterion
    state: str
    value: float | None
    n: int
    late: bool


@dataclass(frozen=True)
class Measured:
    """What the metrics of criteria are read from."""

    parts: Sequence[PainPart]
    money: Paying
    usage: Usage
    relief: Sequence[TierRelief]


def judged(
    criteria: Sequence[Criterion], measured: Measured, *, today: date
) -> tuple[CriterionPart, ...]:
    """Each criterion with its value now and what that means; the same data give the same answer."""
    begun = [item.locked_at for item in criteria if item.locked_at is not None]
    start = min(begun) + SAME_MOMENT if begun else None
    parts = []
    for criterion in criteria:
        value, n = _value(criterion, measured)
        parts.append(
            CriterionPart(
                criterion=criterion,
                state=_state(criterion, value, n, today),
                value=value,
                n=n,
                late=start is not None and criterion.created_at > start,
            )
        )
    return tuple(parts)


def _state(criterion: Criterion, value: float | None, n: int, today: date) -> str:
    """With fewer than the smallest n it says nothing; before the day only what is decided is said.

    A bar to build is met as soon as it holds and missed once the day has passed; a bar to kill is
    missed as soon as it holds and met once the day has passed without.
    """
    if value is None or n < criterion.minimum_n:
        return UNKNOWN
    bar = float(criterion.threshold)
    holds = value >= bar if criterion.operator == Criterion.Operator.AT_LEAST else value <= bar
    late = criterion.due is not None and criterion.due < today
    if criterion.decides == Criterion.Decides.KILL:
        return MISSED if holds else MET if late else OPEN
    return MET if holds else MISSED if late else OPEN


def _value(criterion: Criterion, measured: Measured) -> tuple[float | None, int]:
    """The metric's value and its n, in the criterion's tier where the metric has tiers."""
    metric, tier = criterion.metric, criterion.tier or ALL
    if metric == Criterion.Metric.PREVALENCE_LOW:
        lines = [part.line(tier).prevalence.estimate for part in measured.parts]
        best = max(lines, key=lambda item: item.low or 0.0, default=None)
        return (best.low, best.n) if best else (None, 0)
    if metric == Criterion.Metric.PAYERS:
        return float(len(measured.money.payers)), measured.money.raised.n
    if metric == Criterion.Metric.ACCEPTED_RATE:
        return measured.usage.accepted.value, measured.usage.accepted.n
    if metric == Criterion.Metric.RUNS:
        return float(measured.usage.runs), measured.usage.runs
    gone = next(row.part.difference for row in measured.relief if row.tier == tier)
    # Relief is stated as points taken off, so a bar of 1 asks for one point less pain.
    return (None if gone.value is None else -gone.value), gone.n
