"""Which AI tools each tier knows, uses and pays for: a matrix of tier × tool."""

from dataclasses import replace

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.models import ToolUse
from insights.drawing import Drawing
from insights.figures.grid import NOTHING, Below, Told, grid
from insights.figures.parts import (
    RATED_N,
    Cell,
    Column,
    Figure,
    count,
    money,
    money_span,
    number,
    opening,
    percent,
    rows_of,
    share_cells,
    span,
    text,
    tier_cell,
)
from insights.findings.corpus import TIERS
from insights.findings.selection import Selection
from insights.findings.tools import RUNGS, ToolLine, ToolReach, tool_reach

DRAWN = 14  # tools in the drawing; the table has all of them


def figure(selection: Selection) -> Figure:
    lines = tool_reach(selection)
    return Figure(
        key="tools",
        title=_("AI tools by tier"),
        lead=_("Which tools each tier has heard of, tried, uses and pays for. Each rung holds those above it."),
        drawing=_drawing(lines[:DRAWN]) if lines else None,
        columns=(
            Column(_("AI tool")), Column(_("Tier")), Column("n", True),
            Column(_("Heard of it"), True), Column(_("Interval (95%)"), True),
            Column(_("Tried it"), True), Column(_("Interval (95%)"), True),
            Column(_("Uses it"), True), Column(_("Interval (95%)"), True),
            Column(_("Pays for it"), True), Column(_("Interval (95%)"), True),
            Column(_("Satisfaction (mean)"), True), Column(_("Interval (95%)"), True),
            Column(_("Payers' spend a month (median)"), True), Column(_("Interval (95%)"), True),
        ),
        rows=tuple(_row(line, tier) for line in lines for tier in TIERS if line.tiers[tier].n),
        notes=(
            _("Each creator counts once a tool, with the last word on it, in the tier of that day. n are the creators asked about the tool: not asked is not “never heard of it”. Intervals of shares: Wilson, 95%."),
            _("Satisfaction: mean of those who rated it, Student's interval from eight on. Spend: median of those who pay, interval by the sign test from six payers on."),
        ),
        empty=_("Nobody has been asked about a tool yet. Tools are recorded on cards during the interview, or on a creator's page."),
        empty_href=reverse("admin:crm_interview_changelist"),
    )  # fmt: skip


def _row(line: ToolLine, tier: str) -> tuple[Cell, ...]:
    found = line.tiers[tier]
    instead = reverse("admin:crm_creator_changelist")
    rated, spend = found.satisfaction, found.spend
    row = (
        text(line.tool.name),
        tier_cell(tier),
        count(found.n),
        *(
            cell
            for rung in RUNGS
            for cell in share_cells(
                found.rungs[rung],
                rows_of("crm_creator", found.rungs[rung].rows, instead),
                len(found.rungs[rung].rows),
            )
        ),
        number(rated.value, 1, rows_of("crm_creator", rated.rows, instead)),
        span(rated, 1) if rated.n >= RATED_N else Cell("—"),
        replace(money(spend.value), href=rows_of("crm_creator", spend.rows, instead)),
        money_span(spend),
    )
    return opening(row, rows_of("crm_creator", found.people, instead))


def _drawing(lines: list[ToolLine]) -> Drawing:
    return grid(
        _("Share of creators who use each AI tool, by tier"),
        [(line.tool.name, {tier: _told(line.tiers[tier]) for tier in TIERS}) for line in lines],
    )


def _told(found: ToolReach) -> Told:
    """The share that uses it, large; below, how many have heard of it and how many pay."""
    uses = found.rungs["regular"]
    if not found.n:
        return NOTHING
    if not uses.publishable:
        return Told(_("%(part)s of %(n)s") % {"part": len(uses.rows), "n": found.n})
    beside = _("heard %(aware)s · pays %(paying)s") % {
        "aware": percent(found.rungs["aware"].value, 0),
        "paying": percent(found.rungs["paying"].value, 0),
    }
    return Told(
        f"{ToolUse.Level.REGULAR.label} {percent(uses.value, 0)}",
        shade=0.08 + 0.5 * (uses.value or 0),
        size=14,
        below=(
            Below(f"{percent(uses.low, 0)}–{percent(uses.high, 0)} · n = {found.n}", 10.5),
            Below(beside),
        ),
    )
