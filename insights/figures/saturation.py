"""Saturation: distinct pains by number of interviews, tier by tier, and whom to interview next."""

from collections.abc import Callable

from django.urls import reverse
from django.utils.translation import gettext as _

from insights.drawing import Circle, Drawing, Line, Path, Shape, Text
from insights.drawing.shapes import ticks
from insights.figures.parts import (
    Cell,
    Column,
    Figure,
    count,
    number,
    opening,
    percent,
    rows_of,
    span,
    tier_cell,
)
from insights.findings.corpus import corpus
from insights.findings.saturating import (
    BASE,
    RUN,
    THRESHOLD,
    TierSaturation,
    saturations,
    whom_next,
)
from insights.findings.selection import Selection
from insights.selectors import tier_label

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 380, 56, 150, 24, 48


def figure(selection: Selection) -> Figure:
    lines = saturations(corpus(selection))
    following = whom_next(lines)
    started = any(line.interviews for line in lines)
    return Figure(
        key="saturation",
        title=_("Saturation"),
        lead=_lead(lines, following),
        drawing=_drawing(lines) if started else None,
        columns=(
            Column(_("Tier")), Column(_("Coded interviews"), True), Column(_("Distinct pains"), True),
            Column(_("New in the last run"), True), Column(_("Saturated after"), True),
            Column(_("In how many orders"), True), Column(_("Median of the orders (95%)"), True),
            Column(_("One more brings: new to the tier"), True),
            Column(_("new to everybody"), True), Column(_("Interval (95%)"), True),
            Column(_("Known share of mentions"), True), Column(_("Whom next")),
        ),
        rows=tuple(_row(line, following) for line in lines) if started else (),
        notes=(
            _("New information: pains first heard in a run of %(run)s interviews over the distinct pains of the first %(base)s; saturated when a run brings at most %(share)s%% (Guest, Namey & Chen 2020). “6+2” means: after 6, confirmed by 2.")
            % {"run": RUN, "base": BASE, "share": round(THRESHOLD * 100)},
            _("The order in which interviews happened is an accident: 500 random orders say in how many of them saturation is reached, and after how many interviews; in that span lies also where another study of as many such creators would be saturated. The curve is the mean over all orders."),
            _("One more interview: Chao's estimate for what is new to the tier, leave-one-out for what is new to everybody, with the score interval of a rate."),
        ),
        empty=_("No interview has been coded yet. Open one, select what hurts, and tag it to a pain point."),
        empty_href=reverse("admin:crm_interview_changelist"),
    )  # fmt: skip


def _lead(lines: list[TierSaturation], following: str | None) -> str:
    if following is None:
        return _("One more interview is expected to bring nothing new in any tier.")
    line = next(line for line in lines if line.tier == following)
    if not line.interviews or line.next is None:
        return _("Interview next: %(tier)s. Nobody of this tier has been coded yet.") % {
            "tier": tier_label(following)
        }
    return _("Interview next: %(tier)s. One more is expected to bring %(all)s pains that nobody has raised yet, and %(tier_new)s new to the tier.") % {
        "tier": tier_label(following),
        "all": number(line.next.of_all.value, 2).text,
        "tier_new": number(line.next.of_group.expected, 2).text,
    }  # fmt: skip


def _row(line: TierSaturation, following: str | None) -> tuple[Cell, ...]:
    held, orders, upcoming = line.held, line.orders, line.next
    label = held.label(THRESHOLD)
    few = len(line.interviews) < BASE + RUN
    held_ones = rows_of("crm_interview", line.interviews, reverse("admin:crm_interview_changelist"))
    row = (
        tier_cell(line.tier),
        count(len(line.interviews)),
        count(line.pains, reverse("admin:insights_codebook")),
        Cell(f"{held.new_codes[-1]} / {held.base_codes} ({percent(held.ratios[-1])})", round(held.ratios[-1], 4))
        if held.ratios and held.base_codes else Cell("—"),
        Cell(label, label) if label else Cell(_("too few interviews") if few else _("not yet"), "")
        if line.interviews else Cell("—"),
        Cell(percent(orders.share, 0), orders.share) if orders and not few else Cell("—"),
        _median(orders.median, orders.low, orders.high) if orders and not few else Cell("—"),
        number(upcoming.of_group.expected, 2) if upcoming else Cell("—"),
        number(upcoming.of_all.value, 2) if upcoming else Cell("—"),
        span(upcoming.of_all, 2) if upcoming else Cell("—"),
        Cell(percent(upcoming.of_group.coverage), upcoming.of_group.coverage)
        if upcoming and upcoming.of_group.coverage is not None and len(line.interviews) >= 5 else Cell("—"),
        Cell(_("interview next"), "next", mark="tag") if line.tier == following else Cell(""),
    )  # fmt: skip
    return opening(row, held_ones)


def _median(median: int | None, low: int | None, high: int | None) -> Cell:
    """Quantiles over the orders; an order that never saturates is beyond every number."""
    shown = [str(value) if value is not None else "∞" for value in (median, low, high)]
    return Cell(f"{shown[0]} ({shown[1]} – {shown[2]})", f"{shown[0]} ({shown[1]}–{shown[2]})")


def _drawing(lines: list[TierSaturation]) -> Drawing:
    most = max(len(line.interviews) for line in lines)
    across, up = ticks(0, most), ticks(0, max(line.curve[-1] for line in lines if line.curve))
    plot, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(interviews: float, pains: float) -> tuple[float, float]:
        return (
            round(LEFT + plot * interviews / across[-1], 1),
            round(HEIGHT - BOTTOM - tall * pains / up[-1], 1),
        )

    shapes: list[Shape] = []
    for value in up:
        x, y = at(0, value)
        shapes += [
            Line(x, y, WIDTH - RIGHT, y),
            Text(x - 8, y + 4, f"{value:g}", 11, "soft", "end"),
        ]
    for value in across:
        x, y = at(value, 0)
        shapes.append(Text(x, y + 18, f"{value:g}", 11, "soft", "middle"))
    shapes += [
        Text(LEFT + plot, HEIGHT - 8, _("coded interviews →"), 11, "soft", "end"),
        Text(8, 14, _("distinct pains ↑"), 11, "soft"),
    ]
    for line in lines:
        if not line.curve:
            continue
        shapes.append(
            Path((at(0, 0), *(at(n, v) for n, v in enumerate(line.curve, 1))), line.tier, 2.2)
        )
        shapes.append(Circle(*at(len(line.curve), line.curve[-1]), 4, line.tier))
        reached = line.held.reached_at(THRESHOLD)
        if reached is not None:
            title = f"{tier_label(line.tier)}: {line.held.label(THRESHOLD)}"
            spot = at(reached, line.curve[reached - 1])
            shapes.append(Circle(*spot, 5, line.tier, True, title=title))
    shapes += _legend(lines, at)
    return Drawing(WIDTH, HEIGHT, _("Distinct pains by number of interviews, by tier"), tuple(shapes))  # fmt: skip


def _legend(
    lines: list[TierSaturation], at: Callable[[float, float], tuple[float, float]]
) -> list[Shape]:
    """Names at the right edge, as high as their curve ends, none over another."""
    shapes: list[Shape] = []
    above = -99.0
    for line in sorted(lines, key=lambda line: -(line.curve[-1] if line.curve else 0)):
        if not line.curve:
            continue
        y = max(at(0, line.curve[-1])[1] + 4, above + 18)
        above = y
        words = f"{tier_label(line.tier)} (n = {len(line.curve)})"
        shapes.append(Text(WIDTH - RIGHT + 14, round(y, 1), words, 12, line.tier, bold=True))
    return shapes
