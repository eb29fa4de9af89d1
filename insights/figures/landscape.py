"""The pain landscape: importance against satisfaction by tier, with Ulwick's opportunity lines."""

import math

from django.urls import reverse
from django.utils.translation import gettext as _

from insights.drawing import Circle, Drawing, Line, Shape, Text, fit
from insights.figures.parts import (
    Cell,
    Column,
    Figure,
    count,
    number,
    pain_link,
    rows_of,
    share_cells,
    span,
    text,
    tier_cell,
)
from insights.findings.corpus import TIERS
from insights.findings.needs import Landscape, landscape
from insights.findings.selection import Selection
from insights.selectors import tier_label

WIDTH, PANEL, PLOT, LEFT, TOP, GAP = 900, 450, 340, 62, 40, 44
PANEL_HEIGHT = 330
PLOT_HEIGHT = PANEL_HEIGHT - TOP - GAP
LINES = (10, 12, 15)
"""Scores that practitioners draw lines at: served well below 10, worth a look from 12, from 15
badly underserved (Ulwick 2005). The lines are help for the eye; the number is in the table."""
PLOTTED = 24


def figure(selection: Selection) -> Figure:
    lines = landscape(selection)
    plotted = [line for line in lines if any(_shown(line, tier) for tier in TIERS)][:PLOTTED]
    return Figure(
        key="landscape",
        title=_("Pain landscape"),
        lead=_(
            "How important creators find relief from a pain, and how satisfied they are today. "
            "Low and right is where something is missing."
        ),
        drawing=_drawing(plotted) if plotted else None,
        columns=(
            Column("#", True), Column(_("Pain point")), Column(_("Tier")), Column(_("Rated by (n)"), True),
            Column(_("Important (4–5)"), True), Column(_("Interval (95%)"), True),
            Column(_("Satisfied (4–5)"), True), Column(_("Interval (95%)"), True),
            Column(_("Opportunity (0–20)"), True), Column(_("Interval (95%)"), True),
        ),
        rows=_rows(lines, plotted),
        notes=(
            _("Opportunity = importance + max(importance − satisfaction, 0); both are ten times the share of ratings of 4 and 5 (Ulwick's top-two box), within one tier. Each creator counts once, with the latest rating."),
            _("Intervals: Wilson for shares, Bayesian bootstrap for the score, 95%. Tiers with fewer than five ratings are in the table, not in the chart, and without percentages."),
        ),
        pains=tuple(line.pain.pk for line in lines),
        empty=_("Nobody has rated a pain point for importance and satisfaction yet. Ask in the interview, and enter the answers under “Ratings and prices”."),
        empty_href=reverse("admin:insights_need_changelist"),
    )  # fmt: skip


def _shown(line: Landscape, tier: str) -> bool:
    return line.tiers[tier].opportunity.publishable


def _rows(lines: list[Landscape], plotted: list[Landscape]) -> tuple[tuple[Cell, ...], ...]:
    numbers = {line.pain.pk: place for place, line in enumerate(plotted, 1)}
    rows = []
    for line in lines:
        for tier in TIERS:
            standing = line.tiers[tier]
            if not standing.opportunity.n:
                continue
            few = not standing.opportunity.publishable
            href = rows_of("insights_need", standing.opportunity.rows, _of_pain(line.pain.pk, tier))
            place = numbers.get(line.pain.pk)
            rows.append(
                (
                    Cell(str(place), place) if place else Cell(""),
                    text(line.pain.title, pain_link(line.pain.pk)),
                    tier_cell(tier),
                    count(standing.opportunity.n, href),
                    *share_cells(standing.importance, href),
                    *share_cells(standing.satisfaction, href),
                    *(
                        (Cell("—"), Cell("—"))
                        if few
                        else (
                            number(standing.opportunity.value, 1, href),
                            span(standing.opportunity, 1),
                        )
                    ),
                )
            )
    return tuple(rows)


def _of_pain(pain: int, tier: str) -> str:
    base = f"{reverse('admin:insights_need_changelist')}?pain__id__exact={pain}"
    return base if tier == "all" else f"{base}&tier__exact={tier}"


def _drawing(lines: list[Landscape]) -> Drawing:
    shapes: list[Shape] = []
    for index, tier in enumerate(TIERS):
        x, y = (index % 2) * PANEL, (index // 2) * PANEL_HEIGHT
        shapes += _panel(lines, tier, x, y)
    top = 2 * PANEL_HEIGHT + 22
    half = math.ceil(len(lines) / 2)
    for place, line in enumerate(lines):
        x = LEFT - 38 + (place // half) * PANEL
        y = top + (place % half) * 22
        shapes.append(Text(x + 14, y, str(place + 1), 12, "soft", "end"))
        shapes.append(Text(x + 24, y, fit(line.pain.title, 13, PANEL - 60), 13))
    return Drawing(
        WIDTH, top + half * 22, _("Importance against satisfaction, by tier"), tuple(shapes)
    )


def _panel(lines: list[Landscape], tier: str, x0: float, y0: float) -> list[Shape]:
    left, top, bottom = x0 + LEFT, y0 + TOP, y0 + TOP + PLOT_HEIGHT

    def at(importance: float, satisfaction: float) -> tuple[float, float]:
        return (
            round(left + PLOT * importance / 10, 1),
            round(bottom - PLOT_HEIGHT * satisfaction / 10, 1),
        )

    shapes: list[Shape] = [Text(left, y0 + 24, tier_label(tier), 14, f"{tier}", bold=True)]
    for value in range(0, 11, 2):
        x, y = at(value, value)
        shapes += [Line(x, top, x, bottom), Line(left, y, left + PLOT, y)]
        shapes += [
            Text(x, bottom + 16, str(value), 11, "soft", "middle"),
            Text(left - 8, y + 4, str(value), 11, "soft", "end"),
        ]
    for score in LINES:
        shapes.append(Line(*at(score / 2, 0), *at(10, 20 - score), "accent", 1.2, True))
        x, y = at(10, 20 - score)
        shapes.append(Text(x + 5, y + 4, str(score), 11, "accent"))
    shapes += [
        Text(left + PLOT, bottom + 32, _("important →"), 11, "soft", "end"),
        Text(left + PLOT, y0 + 24, _("satisfied ↑"), 11, "soft", "end"),
    ]  # fmt: skip
    placed: list[tuple[float, float]] = []
    for number_, line in enumerate(lines, 1):
        if not _shown(line, tier):
            continue
        standing = line.tiers[tier]
        x, y = _free(
            placed,
            at(10 * (standing.importance.value or 0), 10 * (standing.satisfaction.value or 0)),
        )
        placed.append((x, y))
        title = (
            f"{line.pain.title}: {standing.opportunity.value:.1f} (n = {standing.opportunity.n})"
        )
        shapes.append(Circle(x, y, 9.5, tier, False, pain_link(line.pain.pk), title))
        shapes.append(Text(x, y + 4, str(number_), 11, "card", "middle", True))
    if not placed:
        middle = at(5, 5)
        shapes.append(Text(*middle, _("fewer than 5 ratings"), 12, "soft", "middle"))
    return shapes


def _free(taken: list[tuple[float, float]], at: tuple[float, float]) -> tuple[float, float]:
    """A place next to `at` that no other point covers: few people give the same shares often."""
    for step in range(60):
        reach, turn = 6.5 * math.sqrt(step), step * 2.4
        x, y = round(at[0] + reach * math.cos(turn), 1), round(at[1] + reach * math.sin(turn), 1)
        if all(math.hypot(x - other, y - another) >= 17 for other, another in taken):
            return x, y
    return at
