"""How many tokens went where, by day: read from the sums that the database keeps."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date, timedelta
from decimal import Decimal

from django.db.models import Sum

from engines.models import CallDay
from engines.money import shown

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 720, 240, 70, 12, 12, 30
COLUMNS = ("calls", "failed", "input_tokens", "output_tokens", "cached_tokens", "cost_micro")


@dataclass(frozen=True)
class Group:
    """Calls of one engine, model and purpose; cost in micro-units."""

    engine: str
    model: str
    purpose: str
    currency: str
    calls: int
    failed: int
    input_tokens: int
    output_tokens: int
    cached_tokens: int
    cost_micro: int

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def cost(self) -> str:
        return shown(self.cost_micro, self.currency)


@dataclass(frozen=True)
class Day:
    """A day's bar in pixels, what went in below what came out."""

    day: date
    tokens: int
    x: float
    width: float
    in_y: float
    in_height: float
    out_y: float
    out_height: float


@dataclass(frozen=True)
class Tick:
    at: float
    value: int

    @property
    def label(self) -> str:
        """For an axis: 950, 12k, 3.4M."""
        for size, unit in ((1_000_000_000, "G"), (1_000_000, "M"), (1_000, "k")):
            if self.value >= size:
                return f"{self.value / size:.3g}{unit}"
        return str(self.value)


@dataclass(frozen=True)
class Use:
    days: list[Day]
    ticks: list[Tick]
    groups: list[Group]
    tokens: int
    calls: int
    first: date
    last: date
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT
    right: int = WIDTH - RIGHT
    floor: int = HEIGHT - BOTTOM
    ever: dict[str, int] = field(default_factory=dict)


def use_of(last: date, days: int) -> Use:
    """The `days` days up to and with `last`. Three queries, whatever the number of calls."""
    first = last - timedelta(days=days - 1)
    rows = CallDay.objects.filter(day__range=(first, last))
    by_day: dict[date, tuple[int, int]] = defaultdict(lambda: (0, 0))
    for day, entering, leaving in rows.values_list("day").annotate(
        Sum("input_tokens"), Sum("output_tokens")
    ):
        by_day[day] = (entering, leaving)
    groups = [
        Group(*row)
        for row in rows.values_list("engine", "model", "purpose", "currency")
        .annotate(*(Sum(name) for name in COLUMNS))
        .order_by()
    ]
    groups.sort(key=lambda group: -group.tokens)
    total = CallDay.objects.aggregate(
        calls=Sum("calls", default=0),
        tokens=Sum("input_tokens", default=0) + Sum("output_tokens", default=0),
    )
    bars, ticks = _bars(first, days, by_day)
    return Use(
        days=bars,
        ticks=ticks,
        groups=groups,
        tokens=sum(group.tokens for group in groups),
        calls=sum(group.calls for group in groups),
        first=first,
        last=last,
        ever={name: int(value or 0) for name, value in total.items()},
    )


def _bars(
    first: date, days: int, by_day: dict[date, tuple[int, int]]
) -> tuple[list[Day], list[Tick]]:
    most = max((sum(pair) for pair in by_day.values()), default=0)
    step = _step(most)
    top = max(step, -(-most // step) * step)
    room = (WIDTH - RIGHT - LEFT) / days
    plot = HEIGHT - BOTTOM - TOP

    def tall(value: int) -> float:
        return plot * value / top

    bars = []
    for place in range(days):
        day = first + timedelta(days=place)
        entering, leaving = by_day.get(day, (0, 0))
        floor = HEIGHT - BOTTOM
        bars.append(
            Day(
                day=day,
                tokens=entering + leaving,
                x=LEFT + room * place + room * 0.1,
                width=room * 0.8,
                in_y=floor - tall(entering),
                in_height=tall(entering),
                out_y=floor - tall(entering + leaving),
                out_height=tall(leaving),
            )
        )
    ticks = [Tick(HEIGHT - BOTTOM - tall(value), value) for value in range(0, top + 1, step)]
    return bars, ticks


def _step(most: int) -> int:
    """A round number that goes some four times into the highest day."""
    raw = max(1, most // 4)
    size = int(Decimal(10) ** (len(str(raw)) - 1))
    return next(size * factor for factor in (1, 2, 5, 10) if size * factor >= raw)
