"""What pages show of a number: value, n, interval, method, and the rows behind it."""

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

PUBLISHABLE_N = 5
"""Below this many people a share is not shown as a percentage."""


def percent(confidence: float) -> str:
    """``95 %`` for 0.95."""
    return f"{confidence * 100:g} %"


@dataclass(frozen=True)
class Interval:
    """A confidence interval; unpacks as ``low, high = interval``."""

    low: float
    high: float
    confidence: float = 0.95
    method: str = ""

    def __iter__(self) -> Iterator[float]:
        yield self.low
        yield self.high

    def __contains__(self, value: float) -> bool:
        return self.low <= value <= self.high

    @property
    def width(self) -> float:
        return self.high - self.low


@dataclass(frozen=True)
class Estimate:
    """A number with its n, interval, method and the primary keys of the rows it came from.

    ``value`` is None where there is nothing to compute it from (n = 0, or undefined); ``low`` and
    ``high`` are None where the method gives no interval at this n.
    """

    value: float | None
    n: int
    low: float | None
    high: float | None
    method: str
    rows: tuple[int, ...] = ()

    @property
    def publishable(self) -> bool:
        """Whether n carries a percentage: with fewer than 5 people pages show "3 of 4"."""
        return self.value is not None and self.n >= PUBLISHABLE_N

    @property
    def published(self) -> "Estimate":
        """As machines get a share: where n carries no percentage, n alone."""
        return self if self.publishable else replace(self, value=None, low=None, high=None)

    @property
    def interval(self) -> Interval | None:
        if self.low is None or self.high is None:
            return None
        return Interval(self.low, self.high, method=self.method)

    def holds(self, value: float) -> bool:
        """Whether ``value`` lies within the limits; False where there are none."""
        return self.low is not None and self.high is not None and self.low <= value <= self.high

    def with_rows(self, rows: Iterable[int]) -> "Estimate":
        return replace(self, rows=tuple(rows))

    def as_dict(self) -> dict[str, float | int | str | None]:
        """The estimate of the dossier contract: value, n, low, high, method."""
        return {
            "value": self.value,
            "n": self.n,
            "low": self.low,
            "high": self.high,
            "method": self.method,
        }


def no_data(method: str, rows: Iterable[int] = ()) -> Estimate:
    return Estimate(value=None, n=0, low=None, high=None, method=method, rows=tuple(rows))


def defined(value: float) -> float | None:
    """None for the NaN by which a statistic says that it is undefined."""
    return None if math.isnan(value) else value
