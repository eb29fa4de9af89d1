"""The drawings of the money pages, from estimates to marks."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.models import Tier
from crm.money import shown
from insights.money import MonthMeans, PainPaying, Rate, Retention, Revenue, Willingness
from insights.panels import percent, points
from insights.plots import Figure, Point

WIDTH = 720
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 30, 40
ROW = 30
TIERS = {tier.value for tier in Tier}


def role(key: object) -> str:
    return str(key) if key in TIERS else "all"


def breadth(text: str) -> int:
    """Width in Latin letters: a Chinese character takes two."""
    return sum(2 if ord(letter) > 0x2E7F else 1 for letter in text)


def short(text: str, most: int) -> str:
    """The text, cut with an ellipsis where it is broader than `most` Latin letters."""
    if breadth(text) <= most:
        return text
    kept = ""
    for letter in text:
        if breadth(kept + letter) > most - 1:
            break
        kept += letter
    return kept.rstrip() + "…"


def share_bars(rows: Sequence[Rate], labels: Sequence[str], title: str) -> Figure:
    """A bar a group with Wilson's interval; a group under n = 5 has its count and no bar."""
    left, plot = 110, WIDTH - 110 - 150
    top = max([0.05, *(row.estimate.high or 0.0 for row in rows if row.estimate.publishable)])
    step = next(size for size in (0.02, 0.05, 0.1, 0.2, 0.25) if top / size <= 5 or size == 0.25)
    ticks = [step * i for i in range(int(top / step + 1e-9) + 2) if step * i <= 1.0001]
    scale = plot / ticks[-1]
    figure = Figure(WIDTH, TOP + ROW * len(rows) + BOTTOM - 8, title)
    bottom = TOP + ROW * len(rows)
    for tick in ticks:
        x = left + tick * scale
        figure.line([(x, TOP - 6), (x, bottom)], "grid", width=1)
        figure.text(x, bottom + 18, percent(tick, 0), "soft", anchor="middle", size=11)
    for place, (row, label) in enumerate(zip(rows, labels, strict=True)):
        y = TOP + ROW * place
        figure.text(left - 10, y + 18, label, anchor="end")
        estimate = row.estimate
        note = f"{row.payers:,} / {row.creators:,}"
        if estimate.publishable and estimate.value is not None:
            figure.box(left, y + 5, estimate.value * scale, ROW - 12, role(row.key))
            if estimate.low is not None and estimate.high is not None:
                figure.whisker(left + estimate.low * scale, left + estimate.high * scale, y + 14)
        elif row.creators:
            note += " · " + _("n below 5")
        figure.text(WIDTH - 140, y + 18, note, "soft")
    return figure


def _frame(figure: Figure, left: int, right: int, height: int, ticks: Sequence[str]) -> None:
    """Level lines from 0 at the bottom to the last tick at the top."""
    for place, text in enumerate(ticks):
        y = height - BOTTOM - (height - BOTTOM - TOP) * place / (len(ticks) - 1)
        figure.line([(left, y), (figure.width - right, y)], "grid", width=1)
        figure.text(left - 8, y + 4, text, "soft", anchor="end", size=11)


def _legend(figure: Figure, items: Sequence[tuple[str, str]]) -> None:
    x = float(LEFT)
    for text, name in items:
        figure.box(x, 6, 14, 10, name)
        figure.text(x + 19, 16, text, "ink", size=12)
        x += 19 + 6.6 * breadth(text) + 24


def survival_curves(
    rows: Sequence[Retention],
    labels: Sequence[str],
    title: str,
    roles: Sequence[str] = (),
    across: str = "",
) -> Figure:
    """Kaplan–Meier curves as steps with their band; groups under n = 5 are left out."""
    height = 360
    figure = Figure(WIDTH, height, title)
    kept = [
        (row, label, (roles or [role(row.group) for row in rows])[place])
        for place, (row, label) in enumerate(zip(rows, labels, strict=True))
        if row.curve.n >= 5
    ]
    _frame(figure, LEFT, RIGHT, height, ["0%", "20%", "40%", "60%", "80%", "100%"])
    longest = max([31.0, *(row.curve.last for row, _label, _role in kept)])
    step = next(days for days in (30, 60, 90, 180, 360, 720, 10**6) if longest / days <= 9)
    span = (int(longest / step) + 1) * step
    wide = WIDTH - LEFT - RIGHT

    def at(days: float, value: float) -> Point:
        return (
            LEFT + wide * min(days, span) / span,
            height - BOTTOM - (height - BOTTOM - TOP) * value,
        )

    for days in range(0, span + 1, step):
        figure.text(at(days, 0)[0], height - BOTTOM + 18, days, "soft", anchor="middle", size=11)
    figure.text(
        WIDTH - RIGHT, height - 6, across or _("days since the first charge"), "soft", anchor="end"
    )
    for row, _label, name in kept:
        upper, lower = _band(row)
        if len(upper) > 2:
            figure.area(
                [at(*point) for point in upper] + [at(*point) for point in reversed(lower)], name
            )
    for row, _label, name in kept:
        figure.line([at(*point) for point in _steps(row)], name, width=2)
    _legend(figure, [(f"{label} (n = {row.curve.n:,})", name) for row, label, name in kept])
    return figure


def _steps(row: Retention) -> list[Point]:
    found: list[Point] = [(0.0, 1.0)]
    for step in row.curve.steps:
        found += [(step.time, found[-1][1]), (step.time, step.survival)]
    return [*found, (row.curve.last, found[-1][1])]


def _band(row: Retention) -> tuple[list[Point], list[Point]]:
    """Upper and lower limits as steps; they begin with the first who left."""
    upper: list[Point] = []
    lower: list[Point] = []
    for step in row.curve.steps:
        if step.low is None or step.high is None:
            continue
        for side, value in ((upper, step.high), (lower, step.low)):
            if side:
                side.append((step.time, side[-1][1]))
            side.append((step.time, value))
    if upper:
        upper.append((row.curve.last, upper[-1][1]))
        lower.append((row.curve.last, lower[-1][1]))
    return upper, lower


def month_means(rows: Sequence[MonthMeans], currency: str, title: str) -> Figure:
    """Mean revenue by paying creator and by creator, month by month, with intervals."""
    height = 300
    figure = Figure(WIDTH, height, title)
    limits = [
        (row.by_payer.high if row.by_payer.publishable else row.by_payer.value) or 0.0
        for row in rows
    ]
    top = _round_up(max([1.0, *limits]))
    ticks = [_tick(top * i / 4, currency) for i in range(5)]
    left = LEFT + 20
    _frame(figure, left, RIGHT, height, ticks)
    across, up = WIDTH - left - RIGHT, height - BOTTOM - TOP
    gap = across / max(1, len(rows))

    def y(value: float) -> float:
        return height - BOTTOM - up * max(0.0, min(value, top)) / top

    for shift, name, pick in ((-4, "accent", "by_payer"), (4, "entry", "by_creator")):
        line = []
        for place, row in enumerate(rows):
            estimate = getattr(row, pick)
            x = left + gap * (place + 0.5) + shift
            if estimate.value is None:
                continue
            line.append((x, y(estimate.value)))
            if estimate.publishable and estimate.low is not None and estimate.high is not None:
                figure.upright(x, y(estimate.high), y(estimate.low), name)
            figure.box(x - 3, y(estimate.value) - 3, 6, 6, name)
        if len(line) > 1:
            figure.line(line, name, width=1.4)
    every = -(-len(rows) // 8) or 1
    for place, row in enumerate(rows):
        if place % every == 0:
            x = left + gap * (place + 0.5)
            label = f"{row.month.month:%Y-%m}"
            figure.text(x, height - BOTTOM + 18, label, "soft", anchor="middle", size=11)
    _legend(figure, [(_("by paying creator"), "accent"), (_("by creator known"), "entry")])
    return figure


def _round_up(value: float, parts: Sequence[float] = (1, 2, 4, 5, 10)) -> float:
    size = 1.0
    while size * 10 <= value:
        size *= 10
    return next(size * part for part in parts if size * part >= value)


def _tick(minor: float, currency: str) -> str:
    """An amount along an axis: whole ones without their cents."""
    return shown(round(minor), currency).removesuffix(".00")


def lorenz(row: Revenue, title: str) -> Figure:
    """The share of the revenue that the poorest share of payers brings; the line is equality."""
    height = 340
    figure = Figure(WIDTH, height, title)
    _frame(figure, LEFT, RIGHT + 320, height, ["0%", "25%", "50%", "75%", "100%"])
    across, up = WIDTH - LEFT - RIGHT - 320, height - BOTTOM - TOP

    def at(point: Point) -> Point:
        return (LEFT + across * point[0], height - BOTTOM - up * point[1])

    for part in (0.0, 0.25, 0.5, 0.75, 1.0):
        x = at((part, 0))[0]
        figure.text(x, height - BOTTOM + 18, percent(part, 0), "soft", anchor="middle", size=11)
    figure.line([at((0, 0)), at((1, 1))], "soft", dashed=True, width=1)
    figure.area([at(point) for point in row.lorenz], "accent")
    figure.line([at(point) for point in row.lorenz], "accent", width=2)
    figure.text(at((1, 0))[0], height - 6, _("payers, the smallest first"), "soft", anchor="end")
    figure.text(LEFT, 16, _("share of the revenue"), "soft")
    x, y = WIDTH - RIGHT - 280, TOP + 6
    figure.text(x, y, _("Largest payers' shares"), "ink")
    for payer in row.largest[:8]:
        y += 28
        figure.text(x, y + 4, short(payer.name, 18), "ink", size=11)
        figure.box(x + 120, y - 6, 110 * payer.share, 12, "accent")
        figure.text(x + 126 + 110 * payer.share, y + 4, percent(payer.share), "soft", size=11)
    return figure


PRICE_ROLES = (
    ("too_cheap", "entry"), ("cheap", "good"), ("expensive", "mid"), ("too_expensive", "head"),
)  # fmt: skip


def price_curves(row: Willingness, currency: str, title: str) -> Figure:
    """The four curves of what is said, and the prices really paid as ticks along the bottom."""
    height = 340
    figure = Figure(WIDTH, height, title)
    _frame(figure, LEFT, RIGHT, height, ["0%", "25%", "50%", "75%", "100%"])
    curves = row.stated.points.curves
    curves = curves[:: max(1, len(curves) // 400)]
    most = max([100.0, *(curve.price for curve in curves), *row.paid_minor[-1:]])
    top = _round_up(most, (1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10))
    across, up = WIDTH - LEFT - RIGHT, height - BOTTOM - TOP

    def at(price: float, value: float) -> Point:
        return (LEFT + across * min(price, top) / top, height - BOTTOM - up * value)

    for part in range(6):
        x = at(top * part / 5, 0)[0]
        text = _tick(top * part / 5, currency)
        anchor = "end" if part == 5 else "middle"
        figure.text(x, height - BOTTOM + 18, text, "soft", anchor=anchor, size=11)
    low, high = row.stated.points.pmc, row.stated.points.pme
    if low is not None and high is not None and low < high:
        figure.area([at(low, 0), at(high, 0), at(high, 1), at(low, 1)], "good")
    for name, colour in PRICE_ROLES:
        line = [at(curve.price, getattr(curve, name)) for curve in curves]
        if len(line) > 1:
            figure.line(line, colour, width=1.8)
    for price in row.paid_minor[:400]:
        figure.line([at(price, 0), at(price, 0.06)], "ink", width=1.2)
    names = {
        "too_cheap": _("too cheap"),
        "cheap": _("a bargain"),
        "expensive": _("dear"),
        "too_expensive": _("too dear"),
    }
    _legend(figure, [*((names[name], colour) for name, colour in PRICE_ROLES), (_("paid"), "ink")])
    return figure


def differences(rows: Sequence[PainPaying], title: str) -> Figure:
    """Payers among who raised it less payers among who did not, in points, with Newcombe's interval."""
    kept = [row for row in rows if row.raised.publishable and row.not_raised.publishable][:20]
    left, plot = 230, WIDTH - 230 - 90
    figure = Figure(WIDTH, TOP + ROW * len(kept) + BOTTOM - 8, title)
    bottom = TOP + ROW * len(kept)
    reach = max([0.1, *(abs(value or 0.0) for row in kept
                        for value in (row.difference.low, row.difference.high))])  # fmt: skip
    reach = min(1.0, int(reach * 10 + 0.999) / 10)

    def x(value: float) -> float:
        return left + plot * (value + reach) / (2 * reach)

    for part in (-1.0, -0.5, 0.0, 0.5, 1.0):
        at = x(part * reach)
        figure.line([(at, TOP - 6), (at, bottom)], "soft" if part == 0 else "grid", width=1)
        figure.text(at, bottom + 18, points(part * reach), "soft", anchor="middle", size=11)
    for place, row in enumerate(kept):
        y = TOP + ROW * place + 14
        figure.text(left - 12, y + 4, short(row.title, 30), anchor="end")
        value, low, high = row.difference.value, row.difference.low, row.difference.high
        if value is None or low is None or high is None:
            continue
        sure = low > 0 or high < 0
        figure.whisker(x(low), x(high), y, "accent" if sure else "soft")
        figure.box(x(value) - 4, y - 4, 8, 8, "accent" if sure else "soft")
        figure.text(WIDTH - 12, y + 4, points(value), "ink" if sure else "soft", anchor="end")
    return figure
