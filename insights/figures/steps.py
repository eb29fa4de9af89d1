"""What each step of the work takes in each tier: minutes, money, AI, accepted quality."""

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from crm.money import shown
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
from insights.findings.tools import StepCost, StepCostLine, step_costs
from insights.selectors import ALL


def figure(selection: Selection) -> Figure:
    lines = step_costs(selection)
    said = any(line.tiers[ALL].n for line in lines)
    return Figure(
        key="steps",
        title=_("Effort by workflow step"),
        lead=_("What a piece takes in each step of the work, in each tier: minutes, money, AI, and the quality that is accepted."),
        drawing=_drawing(lines) if said else None,
        columns=(
            Column(_("Workflow step")), Column(_("Tier")), Column("n", True),
            Column(_("Minutes a piece (median)"), True), Column(_("Interval (95%)"), True),
            Column(_("Money a piece (median)"), True), Column(_("Interval (95%)"), True),
            Column(_("With AI"), True), Column(_("Interval (95%)"), True),
            Column(_("Accepted quality (mean)"), True), Column(_("Interval (95%)"), True),
        ),
        rows=tuple(_row(line, tier) for line in lines for tier in TIERS if line.tiers[tier].n),
        notes=(
            _("Each creator counts once a step, with the latest description, in the tier of that day. Medians, because single pieces can take weeks; their interval by the sign test needs six people. Share with AI: Wilson, 95%. Quality: Student, 95%, from eight people on: fewer ratings of five steps say too little for it."),
        ),
        empty=_("Nobody has described a step yet. Efforts are recorded on cards during the interview, or on a creator's page."),
        empty_href=reverse("admin:crm_interview_changelist"),
    )  # fmt: skip


def _row(line: StepCostLine, tier: str) -> tuple[Cell, ...]:
    found = line.tiers[tier]
    instead = reverse("admin:crm_creator_changelist")
    minutes, quality = found.minutes, found.quality
    row = (
        text(line.step.title),
        tier_cell(tier),
        count(found.n),
        number(minutes.value, 0, rows_of("crm_creator", minutes.rows, instead)),
        span(minutes, 0),
        money(found.money.value),
        money_span(found.money),
        *share_cells(
            found.with_ai,
            rows_of("crm_creator", found.with_ai.rows, instead),
            len(found.with_ai.rows),
        ),
        number(quality.value, 1, rows_of("crm_creator", quality.rows, instead)),
        span(quality, 1) if quality.n >= RATED_N else Cell("—"),
    )
    return opening(row, rows_of("crm_creator", minutes.rows, instead))


def _drawing(lines: list[StepCostLine]) -> Drawing:
    longest = max(line.tiers[tier].minutes.value or 0 for line in lines for tier in TIERS) or 1
    return grid(
        _("Median minutes a piece in each workflow step, by tier"),
        [
            (line.step.title, {tier: _told(line.tiers[tier], longest) for tier in TIERS})
            for line in lines
        ],
    )


def _told(found: StepCost, longest: float) -> Told:
    """The median of minutes, shaded by the longest of all cells; money and AI below it."""
    if found.minutes.value is None:
        return NOTHING
    share = found.with_ai
    told = (
        percent(share.value, 0)
        if share.publishable
        else _("%(part)s of %(n)s") % {"part": len(share.rows), "n": share.n}
    )
    return Told(
        _("%(n)s min") % {"n": number_format(round(found.minutes.value))},
        shade=0.06 + 0.5 * found.minutes.value / longest,
        below=(
            Below(f"{shown(round(found.money.value or 0), 'CNY')} · AI {told}"),
            Below(f"n = {found.n}", 10.5),
        ),
    )
