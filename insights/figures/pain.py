"""One pain point: how many creators of each tier raised it, and the words that may leave the team."""

from django.urls import reverse
from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from insights.drawing import Drawing, Line, Rect, Shape, Text
from insights.figures.parts import (
    Cell,
    Column,
    Figure,
    Words,
    count,
    number,
    percent,
    rows_of,
    share_cells,
    span,
    tier_cell,
)
from insights.findings.corpus import TIERS, corpus
from insights.findings.needs import Standing, landscape
from insights.findings.selection import Selection
from insights.models import Evidence, PainPoint
from insights.outward import Outside
from insights.selectors import TierPrevalence, current, prevalence_by_tier, quotes_of, tier_label

WIDTH, LABEL, ROW, TOP, RIGHT = 760, 110, 44, 12, 210
QUOTES = 12


def figure(selection: Selection, pain_id: int | None) -> Figure:
    """Raises `DomainError` where there is no such open pain point."""
    pain = PainPoint.objects.open().filter(pk=current([pain_id or 0])[pain_id or 0]).first()
    if pain is None:
        raise DomainError(_("This pain point is closed; choose an open one."), "pain_closed")
    facts = corpus(selection).facts[pain.pk]
    rows = prevalence_by_tier(facts)
    rated = {line.pain.pk: line.tiers for line in landscape(selection)}.get(pain.pk, {})
    return Figure(
        key="pain",
        title=pain.title,
        lead=pain.description,
        drawing=_drawing(rows) if facts.asked["all"] else None,
        columns=(
            Column(_("Tier")), Column(_("Raised it"), True), Column(_("Asked (n)"), True),
            Column(_("Share"), True), Column(_("Interval (95%)"), True),
            Column(_("Rated by (n)"), True), Column(_("Opportunity (0–20)"), True),
            Column(_("Interval (95%)"), True),
        ),
        rows=tuple(
            (
                tier_cell(row.tier),
                count(len(row.raised), rows_of("crm_creator", row.raised)),
                count(row.estimate.n, rows_of("crm_creator", row.asked)),
                *share_cells(row.estimate, hits=len(row.raised)),
                *_score(rated.get(row.tier)),
            )
            for row in rows
        ) if facts.asked["all"] else (),
        notes=(
            _("One creator counts once. Asked (n) are the creators whose interview came to this pain point; not asked is not no. Tier is the tier on the day of the interview. Interval: Wilson, 95%; it speaks of creators like these, not of the whole trade."),
        ),
        pains=(pain.pk,),
        empty=_("No interview has been coded yet. Open one, select what hurts, and tag it to a pain point."),
        empty_href=reverse("admin:crm_interview_changelist"),
        words=_words(pain, selection),
    )  # fmt: skip


def _score(standing: Standing | None) -> tuple[Cell, Cell, Cell]:
    if standing is None or not standing.opportunity.publishable:
        return count(standing.opportunity.n if standing else 0), number(None), number(None)
    return (
        count(standing.opportunity.n, rows_of("insights_need", standing.opportunity.rows)),
        number(standing.opportunity.value, 1),
        span(standing.opportunity, 1),
    )


def _words(pain: PainPoint, selection: Selection) -> tuple[Words, ...]:
    """Some quotes for and against, each once, of those who consented to being quoted outside."""
    chosen: list[Evidence] = []
    for stance in Evidence.Stance.values:
        rows = (
            quotes_of(pain)
            .shareable()
            .filter(selection.within("interview__at", "interview__study"), stance=stance)
        )
        once: dict[int, Evidence] = {}
        for row in rows[: 4 * QUOTES]:
            once.setdefault(row.highlight_id, row)
        chosen += list(once.values())[:QUOTES]
    outside = Outside(chosen)
    said = [(row, outside.said(row)) for row in chosen]
    return tuple(
        Words(row.interview_id, out.text, out.who, row.tier, tier_label(row.tier), row.stance)
        for row, out in said
    )


def _drawing(rows: list[TierPrevalence]) -> Drawing:
    plot, bottom = WIDTH - LABEL - RIGHT, TOP + ROW * len(TIERS)
    shapes: list[Shape] = []
    for share in (0, 25, 50, 75, 100):
        x = LABEL + plot * share / 100
        shapes += [
            Line(x, TOP - 4, x, bottom),
            Text(x, bottom + 18, f"{share}%", 11, "soft", "middle"),
        ]
    for index, row in enumerate(rows):
        y, estimate = TOP + ROW * index, row.estimate
        middle = y + ROW / 2
        shapes.append(Text(LABEL - 12, middle + 4, row.label, 13, "ink", "end"))
        tally = f"{len(row.raised)} / {estimate.n}"
        if not estimate.publishable or estimate.value is None:
            shapes.append(Text(LABEL + 6, middle + 4, tally, 12, "soft"))
            continue
        low, high = (
            round(LABEL + plot * (limit or 0), 1) for limit in (estimate.low, estimate.high)
        )
        width = round(plot * estimate.value, 1)
        shapes += [
            Rect(LABEL, y + 9, width, ROW - 18, row.tier, 0.8, 3),
            Line(low, middle, high, middle, "ink", 1.6),
            Line(low, middle - 6, low, middle + 6, "ink", 1.6),
            Line(high, middle - 6, high, middle + 6, "ink", 1.6),
        ]
        words = f"{percent(estimate.value, 0)} ({percent(estimate.low, 0)}–{percent(estimate.high, 0)}) · {tally}"
        shapes.append(Text(LABEL + plot + 14, middle + 4, words, 12, "ink"))
    return Drawing(
        WIDTH,
        bottom + 28,
        _("Share of creators asked who raised it, by tier, with its interval (95%)"),
        tuple(shapes),
    )
