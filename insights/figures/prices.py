"""Price sensitivity: Van Westendorp's four curves for a pain point, and the points by tier."""

from django.urls import reverse
from django.utils.translation import gettext as _

from insights.drawing import Drawing, Line, Path, Shape, Text
from insights.drawing.shapes import ticks
from insights.figures.parts import (
    Cell,
    Column,
    Figure,
    count,
    money,
    money_span,
    opening,
    pain_link,
    rows_of,
    text,
    tier_cell,
)
from insights.findings.corpus import TIERS
from insights.findings.needs import Priced, PricedPain, prices
from insights.findings.selection import Selection
from insights.selectors import tier_label

WIDTH, HEIGHT, LEFT, RIGHT, TOP, BOTTOM = 900, 400, 56, 150, 48, 46
CURVES = (("too_cheap", "one"), ("cheap", "two"), ("expensive", "three"), ("too_expensive", "four"))


def figure(selection: Selection, pain_id: int | None = None, tier: str = "all") -> Figure:
    """`pain_id` and `tier` choose whose curves are drawn; the table has all."""
    lines = prices(selection, pain_id=pain_id)
    drawn = next((line for line in lines if line.pain.pk == pain_id), lines[0] if lines else None)
    chosen = drawn.tiers[tier if tier in TIERS else "all"] if drawn else None
    ready = drawn is not None and chosen is not None and chosen.points.n >= 5
    return Figure(
        key="prices",
        title=_("Price sensitivity"),
        lead=_("What creators would pay a month to be rid of a pain: where it becomes too cheap to trust and too dear to buy."),
        drawing=_drawing(drawn, chosen) if drawn and chosen and ready else None,
        columns=(
            Column(_("Pain point")), Column(_("Tier")), Column(_("Answers (n)"), True),
            Column(_("Contradictory"), True),
            Column(_("Lowest acceptable"), True), Column(_("Interval (95%)"), True),
            Column(_("Optimal"), True), Column(_("Interval (95%)"), True),
            Column(_("Indifference"), True), Column(_("Interval (95%)"), True),
            Column(_("Highest acceptable"), True), Column(_("Interval (95%)"), True),
        ),
        rows=tuple(
            _row(line, priced) for line in lines for priced in line.tiers.values() if priced.rows
        ),
        notes=(
            _("Van Westendorp's price sensitivity meter, yuan a month. Lowest acceptable: too cheap meets expensive; highest: cheap meets too expensive; optimal: too cheap meets too expensive; indifference: cheap meets expensive. Answers whose four prices are out of order are left out and counted as contradictory."),
            _("By tier for the pain point chosen above, for all tiers together otherwise. Each creator counts once, with the latest answer. Intervals: the prices that McNemar's test does not rule out, 95%; below 20 answers that of the optimal price is wider than it need be, for one or two people stand on either side (of ten answers 997 of 1,000 such intervals hold). Below five answers no price is given. What people say they would pay is not what they pay: see the payments."),
        ),
        pains=tuple(line.pain.pk for line in lines),
        empty=_few(drawn, chosen) if lines else _("Nobody has been asked for the four prices yet. Ask in the interview, and enter the answers under “Ratings and prices”."),
        empty_href="" if lines else reverse("admin:insights_need_changelist"),
    )  # fmt: skip


def _few(drawn: PricedPain | None, chosen: Priced | None) -> str:
    if drawn is None or chosen is None:
        return ""
    return _("“%(pain)s”, %(tier)s: %(n)s usable answers; a curve needs five.") % {
        "pain": drawn.pain.title,
        "tier": tier_label(chosen.tier),
        "n": chosen.points.n,
    }


def _row(line: PricedPain, priced: Priced) -> tuple[Cell, ...]:
    ready = priced.points.n >= 5
    cells: list[Cell] = []
    for name in ("pmc", "opp", "idp", "pme"):
        estimate = priced.estimates[name]
        cells += [money(estimate.value), money_span(estimate)] if ready else [Cell("—"), Cell("—")]
    every = f"{reverse('admin:insights_need_changelist')}?pain__id__exact={line.pain.pk}"
    odd = [priced.rows[index] for index in priced.points.excluded]
    row = (
        text(line.pain.title, pain_link(line.pain.pk)),
        tier_cell(priced.tier),
        count(priced.points.n),
        count(priced.contradictory, rows_of("insights_need", odd, every)),
        *cells,
    )
    return opening(row, rows_of("insights_need", set(priced.rows) - set(odd), every))


def _drawing(line: PricedPain, priced: Priced) -> Drawing:
    curves = priced.points.curves
    across = ticks(0, curves[-1].price / 100)
    plot, tall = WIDTH - LEFT - RIGHT, HEIGHT - TOP - BOTTOM

    def at(yuan: float, share: float) -> tuple[float, float]:
        return (
            round(LEFT + plot * yuan / across[-1], 1),
            round(HEIGHT - BOTTOM - tall * share, 1),
        )

    heading = f"{line.pain.title} · {tier_label(priced.tier)} · n = {priced.points.n}"
    shapes: list[Shape] = [Text(LEFT, 20, heading, 14, bold=True)]
    for share in (0, 0.25, 0.5, 0.75, 1):
        x, y = at(0, share)
        shapes += [
            Line(x, y, WIDTH - RIGHT, y),
            Text(x - 8, y + 4, f"{share * 100:.0f}%", 11, "soft", "end"),
        ]
    for value in across:
        x, y = at(value, 0)
        shapes.append(Text(x, y + 18, f"¥{value:g}", 11, "soft", "middle"))
    labels = {
        "too_cheap": _("too cheap"),
        "cheap": _("cheap"),
        "expensive": _("expensive"),
        "too_expensive": _("too expensive"),
    }
    for place, (name, role) in enumerate(CURVES):
        shapes.append(Path(tuple(at(c.price / 100, getattr(c, name)) for c in curves), role, 2))
        y = TOP + 14 + place * 20
        shapes += [
            Line(WIDTH - RIGHT + 14, y - 4, WIDTH - RIGHT + 34, y - 4, role, 3),
            Text(WIDTH - RIGHT + 42, y, labels[name], 12),
        ]
    low, high = priced.points.pmc, priced.points.pme
    for edge in (low, high):
        if edge is not None:
            shapes.append(Line(*at(edge / 100, 0), *at(edge / 100, 1), "soft", 1, True))
    if low is not None and high is not None:
        middle = (at(low / 100, 0)[0] + at(high / 100, 0)[0]) / 2
        words = f"¥{low / 100:.0f} – ¥{high / 100:.0f}"
        shapes.append(Text(round(middle, 1), TOP - 8, words, 12, "soft", "middle"))
    return Drawing(WIDTH, HEIGHT, _("Van Westendorp's price curves"), tuple(shapes))  # fmt: skip
