"""How far AI has come by workflow step and tier, and the boundary where accepted quality falls."""

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.models import StepEffort
from insights.drawing import Drawing
from insights.figures.grid import NOTHING, Below, Told, grid
from insights.figures.parts import (
    Cell,
    Column,
    Figure,
    count,
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
from insights.findings.reach import StepLine, StepReach, reach
from insights.findings.selection import Selection
from insights.statistics import Rung


def figure(selection: Selection) -> Figure:
    lines = reach(selection)
    any_said = any(line.tiers["all"].penetration.some.n for line in lines)
    return Figure(
        key="penetration",
        title=_("AI by workflow step"),
        lead=_("In which step of the work AI helps or takes over, in which tier, and where creators stop accepting what it makes."),
        drawing=_drawing(lines) if any_said else None,
        columns=(
            Column(_("Workflow step")), Column(_("Tier")), Column("n", True), Column(_("With AI"), True),
            Column(_("Interval (95%)"), True), Column(_("AI does it"), True), Column(_("Interval (95%)"), True),
            Column(_("Accepted quality (mean): none / assists / does it"), True),
            Column(_("Assistance against none"), True), Column(_("Interval (95%)"), True),
            Column(_("AI does it against less AI"), True), Column(_("Interval (95%)"), True),
            Column(_("Boundary")),
        ),
        rows=tuple(
            _row(line, tier) for line in lines for tier in TIERS if line.tiers[tier].penetration.some.n
        ),
        notes=(
            _("Each creator counts once a step, with the latest description, in the tier of that day. “With AI” are those whom AI assists or for whom it does the step. Interval: Wilson, 95%."),
            _("Boundary: each level of AI is compared with all lower levels by the probability that it yields at least as good an accepted quality (½: no difference; Newcombe 2006). Quality falls where the whole interval lies below ½; it holds where the interval lies above 0.36, half a standard deviation; otherwise, and below five people on a side, it is open. Creators choose how much AI they use, so this describes and does not prove a cause."),
        ),
        empty=_("No creator has described the steps of the work yet. Enter them on the creator's page, under “Effort by step”."),
        empty_href=reverse("admin:crm_creator_changelist"),
    )  # fmt: skip


def _boundary(found: StepReach) -> tuple[str, str, str]:
    """What to say, a word for files, and a colour."""
    label = dict(StepEffort.AiShare.choices)
    edge = found.boundary
    if edge.falls_at is not None:
        words = _("falls at “%(level)s”") % {"level": label[edge.falls_at]}
        return words, f"falls at {edge.falls_at}", "bad"
    if edge.last is not None:
        words = _("holds up to “%(level)s”") % {"level": label[edge.last]}
        return words, f"holds up to {edge.last}", "good"
    return _("open: too few to tell"), "open", "soft"


def _row(line: StepLine, tier: str) -> tuple[Cell, ...]:
    found = line.tiers[tier]
    some, full = found.penetration.some, found.penetration.full
    means = [sum(q) / len(q) if q else None for q in found.quality.values()]
    quality = " / ".join("—" if mean is None else number(mean, 1).text for mean in means)
    words, word, _colour = _boundary(found)
    instead = reverse("admin:crm_creator_changelist")
    row = (
        text(line.step.title),
        tier_cell(tier),
        count(some.n),
        *share_cells(some, rows_of("crm_creator", some.rows, instead), len(some.rows)),
        *share_cells(full, rows_of("crm_creator", full.rows, instead), len(full.rows)),
        Cell(quality, quality),
        *(cell for rung in found.boundary.rungs for cell in _rung(rung)),
        Cell(words, word),
    )
    return opening(row, rows_of("crm_creator", found.people, instead))


def _rung(rung: Rung) -> tuple[Cell, Cell]:
    if rung.superiority.value is None or rung.superiority.n < 5:
        return Cell("—"), Cell("—")
    return number(rung.superiority.value, 2), span(rung.superiority, 2)


def _drawing(lines: list[StepLine]) -> Drawing:
    return grid(
        _("Share of creators with AI in each workflow step, by tier"),
        [(line.step.title, {tier: _told(line.tiers[tier]) for tier in TIERS}) for line in lines],
    )


def _told(found: StepReach) -> Told:
    """The share with AI, its interval, and where accepted quality falls."""
    some = found.penetration.some
    if some.value is None:
        return NOTHING
    if not some.publishable:
        return Told(_("%(part)s of %(n)s") % {"part": len(some.rows), "n": some.n})
    words, _word, role = _boundary(found)
    return Told(
        percent(some.value, 0),
        shade=0.08 + 0.5 * some.value,
        below=(
            Below(f"{percent(some.low, 0)}–{percent(some.high, 0)} · n = {some.n}", 10.5),
            Below(words, role=role if role != "soft" else "ink"),
        ),
    )
