"""Pain points ranked by tier: share with interval, rank, and the probability of being first."""

from django.urls import reverse
from django.utils.translation import gettext as _

from insights.drawing import Circle, Drawing, Line, Shape, Text, fit
from insights.figures.parts import (
    Cell,
    Column,
    Figure,
    count,
    opening,
    pain_link,
    percent,
    rows_of,
    share_cells,
    text,
    tier_cell,
)
from insights.findings.corpus import TIERS, corpus
from insights.findings.ranks import RankedPain, ranked
from insights.findings.selection import Selection
from insights.selectors import tier_label

WIDTH, LABEL, ROW, TOP = 980, 232, 26, 50
PANEL = (WIDTH - LABEL) / len(TIERS)
PLOT = PANEL - 62
DRAWN = 20


def figure(selection: Selection) -> Figure:
    lines = ranked(corpus(selection))
    return Figure(
        key="ranking",
        title=_("Ranking by tier"),
        lead=_("Which pain leads in which tier, and how sure that is."),
        drawing=_drawing(lines[:DRAWN]) if lines else None,
        columns=(
            Column(_("Pain point")), Column(_("Tier")), Column(_("Raised it"), True),
            Column(_("Asked (n)"), True), Column(_("Share"), True), Column(_("Interval (95%)"), True),
            Column(_("Rank"), True), Column(_("Interval (95%)"), True), Column(_("First with probability"), True),
        ),
        rows=tuple(row for line in lines for row in _rows(line)),
        notes=(
            _("One creator counts once. Asked (n) are the creators whose interview came to this pain point; not asked is not no. Tier is the tier on the day of the interview. Interval: Wilson, 95%; it speaks of creators like these, not of the whole trade."),
            _("Ranks and probabilities come from 2,000 draws in which creators are weighed at random; a pain asked of a few only is drawn towards the share of all, so that two of two do not beat thirty of forty. Shares below n = 5 are not shown as percentages."),
        ),
        pains=tuple(line.pain.pk for line in lines),
        empty=_("No interview has been coded yet. Open one, select what hurts, and tag it to a pain point."),
        empty_href=reverse("admin:crm_interview_changelist"),
    )  # fmt: skip


def _rows(line: RankedPain) -> list[tuple[Cell, ...]]:
    rows: list[tuple[Cell, ...]] = []
    for tier in TIERS:
        row, place = line.prevalence[tier], line.places.get(tier)
        if not row.asked:
            continue
        codings = f"{reverse('admin:insights_evidence_changelist')}?pain__id__exact={line.pain.pk}"
        raised = rows_of("crm_creator", row.raised, codings)
        asked = rows_of("crm_creator", row.asked)
        known = place is not None and place.rank is not None and row.estimate.publishable
        cells = (
            text(line.pain.title, pain_link(line.pain.pk)),
            tier_cell(tier),
            count(len(row.raised), raised),
            count(row.estimate.n, asked),
            *share_cells(row.estimate, raised, len(row.raised)),
            Cell(str(place.rank), place.rank) if place and known else Cell("—"),
            Cell(f"{place.low} – {place.high}", f"{place.low} – {place.high}")
            if place and known
            else Cell("—"),
            Cell(percent(place.first), round(place.first, 4)) if place and known else Cell("—"),
        )
        rows.append(opening(cells, asked))
    return rows


def _drawing(lines: list[RankedPain]) -> Drawing:
    height = TOP + ROW * len(lines)
    shapes: list[Shape] = []
    for index, line in enumerate(lines):
        y = TOP + ROW * index + ROW / 2
        if index % 2 == 0:
            shapes.append(Line(0, y, WIDTH, y, "band", ROW))
        shapes.append(
            Text(LABEL - 14, y + 4, fit(line.pain.title, 13, LABEL - 20), 13, "ink", "end",
                 href=pain_link(line.pain.pk))
        )  # fmt: skip
    for place, tier in enumerate(TIERS):
        shapes += _panel(lines, tier, LABEL + place * PANEL, height)
    return Drawing(WIDTH, height + 30, _("Share of creators asked who raised each pain point, by tier"), tuple(shapes))  # fmt: skip


def _panel(lines: list[RankedPain], tier: str, left: float, bottom: float) -> list[Shape]:
    shapes: list[Shape] = [
        Text(left, 20, tier_label(tier), 14, tier, bold=True),
        Text(left + PLOT + 52, 38, _("first"), 11, "soft", "end"),
    ]
    for share in (0, 50, 100):
        x = round(left + PLOT * share / 100, 1)
        shapes += [
            Line(x, TOP, x, bottom + 4),
            Text(x, bottom + 20, f"{share}%", 11, "soft", "middle"),
        ]
    for index, line in enumerate(lines):
        y = TOP + ROW * index + ROW / 2
        row, place = line.prevalence[tier], line.places.get(tier)
        estimate = row.estimate
        if estimate.publishable and estimate.value is not None:
            low, value, high = (
                round(left + PLOT * (share or 0), 1)
                for share in (estimate.low, estimate.value, estimate.high)
            )
            title = f"{line.pain.title}: {len(row.raised)} / {estimate.n}"
            shapes += [
                Line(low, y, high, y, tier, 2),
                Circle(value, y, 5, tier, False, pain_link(line.pain.pk), title),
            ]
            if place is not None and place.rank is not None:
                shapes.append(
                    Text(left + PLOT + 52, y + 4, f"{place.first * 100:.0f}%", 12, "ink", "end",
                         place.first >= 0.5)
                )  # fmt: skip
        elif row.asked:
            few = _("%(part)s of %(n)s") % {"part": len(row.raised), "n": estimate.n}
            shapes.append(Text(left + 4, y + 4, few, 12, "soft"))
    return shapes
