"""Agreement of two blind coders, pain by pain, with intervals."""

from collections.abc import Collection

from django.urls import reverse
from django.utils.translation import gettext as _

from insights.drawing import Circle, Drawing, Line, Rect, Shape, Text, fit
from insights.figures.parts import (
    Cell,
    Column,
    Figure,
    among,
    count,
    number,
    opening,
    pain_link,
    share_cells,
    span,
    text,
)
from insights.findings.agreement import Agreement, agreement
from insights.findings.selection import Selection
from insights.statistics import Estimate

WIDTH, LABEL, ROW, TOP, RIGHT = 900, 250, 26, 34, 110
GOOD, TENTATIVE = 0.8, 0.667
"""Krippendorff (2019): rely on values from 0.8, draw tentative conclusions from 0.667."""
DRAWN = 30


def figure(selection: Selection, round_id: int | None = None) -> Figure:
    found = agreement(selection, round_id=round_id)
    return Figure(
        key="agreement",
        title=_("Agreement of coders"),
        lead=_("Whether two people who read the same passages, one not knowing what the other saw, see the same pains."),
        drawing=_drawing(found) if found.pains else None,
        columns=(
            Column(_("Pain point")), Column(_("Passages (n)"), True), Column(_("Read the same"), True),
            Column(_("Interval (95%)"), True), Column(_("Cohen's kappa"), True), Column(_("Interval (95%)"), True),
            Column(_("Krippendorff's alpha"), True), Column(_("Interval (95%)"), True), Column(_("Read differently"), True),
        ),
        rows=_rows(found),
        notes=(
            _("A reading is for, against, or not in it. Only readings of the blind queue count; the first coder's is the one of before the comparison. Passages in which the first coder saw nothing are among them."),
            _("Alpha from 0.8 can be relied on, from 0.667 for tentative conclusions (Krippendorff). “—” where it is undefined: neither coder used a second reading. Intervals: Bayesian bootstrap over passages, 95%; simulated, they hold from five passages on, also for a pain that one passage in ten has."),
        ),
        empty=_("No round of second coding has been read yet. Draw passages for a second coder."),
        empty_href=reverse("admin:insights_rounds"),
    )  # fmt: skip


def _rows(found: Agreement) -> tuple[tuple[Cell, ...], ...]:
    if not found.pains:
        return ()
    apart = {unit for line in found.pains for unit in line.apart}
    units = {unit for line in found.pains for unit in line.units}
    overall = opening((
        Cell(_("All pain points"), "all", mark="strong"),
        count(found.overall.n),
        Cell("—"), Cell("—"), Cell("—"), Cell("—"),
        number(found.overall.value),
        span(found.overall),
        count(len(apart), _passages(apart)),
    ), _passages(units))  # fmt: skip
    return (
        overall,
        *(
            opening(
                (
                    text(line.pain.title, pain_link(line.pain.pk)),
                    count(len(line.units)),
                    *share_cells(
                        line.same, _passages(line.same.rows, line.pain.pk), len(line.same.rows)
                    ),
                    number(line.kappa.value),
                    span(line.kappa),
                    number(line.alpha.value),
                    span(line.alpha),
                    count(len(line.apart), _passages(line.apart, line.pain.pk)),
                ),
                _passages(line.units, line.pain.pk),
            )
            for line in found.pains
        ),
    )


def _passages(units: Collection[int], pain: int | None = None) -> str:
    page = reverse("admin:insights_passages")
    link = among(page, units, page)
    return f"{link}{'&' if '?' in link else '?'}pain={pain}" if link and pain else link


def _drawing(found: Agreement) -> Drawing:
    lines: list[tuple[str, Estimate, str]] = [(_("All pain points"), found.overall, "accent")]
    lines += [(line.pain.title, line.alpha, line.pain.colour) for line in found.pains[:DRAWN]]
    plot = WIDTH - LABEL - RIGHT
    lowest = min((line[1].low for line in lines if line[1].low is not None), default=0.0)
    start = -0.2 if lowest > -0.2 else -1.0
    bottom = TOP + ROW * len(lines)

    def at(value: float) -> float:
        return round(LABEL + plot * (max(value, start) - start) / (1 - start), 1)

    shapes: list[Shape] = [Rect(at(GOOD), TOP - 4, at(1) - at(GOOD), bottom - TOP + 4, "good", 0.1)]
    for value in (start, 0.0, TENTATIVE, GOOD, 1.0):
        shapes += [
            Line(at(value), TOP - 4, at(value), bottom, "line", 1, value in (GOOD, TENTATIVE)),
            Text(at(value), bottom + 18, f"{value:g}", 11, "soft", "middle"),
        ]
    shapes.append(Text(at(GOOD), 18, _("can be relied on"), 11, "good"))
    for index, (title, estimate, role) in enumerate(lines):
        y = TOP + ROW * index + ROW / 2
        shapes.append(
            Text(LABEL - 14, y + 4, fit(title, 13, LABEL - 20), 13, "ink", "end", index == 0)
        )
        if estimate.value is None:
            shapes.append(Text(at(0) + 6, y + 4, _("undefined"), 11, "soft"))
            continue
        if estimate.low is not None and estimate.high is not None:
            shapes.append(Line(at(estimate.low), y, at(estimate.high), y, role, 2))
        shapes.append(Circle(at(estimate.value), y, 5, role))
        words = f"{estimate.value:.2f} · n = {estimate.n}"
        shapes.append(Text(WIDTH - RIGHT + 12, y + 4, words, 11, "soft"))
    return Drawing(WIDTH, bottom + 30, _("Krippendorff's alpha by pain point, with its interval (95%)"), tuple(shapes))  # fmt: skip
