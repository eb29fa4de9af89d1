"""What creators say they would pay, beside what they pay."""

from collections.abc import Sequence

from django.utils.translation import gettext as _

from crm.money import shown
from insights import money, money_charts
from insights.money_pages.notes import made_at
from insights.panels import Cell, Panel, count, listing, numbers_of, share_cells, words
from insights.statistics import PUBLISHABLE_N, Estimate, share


def prices(currency: str, pain: int | None = None) -> list[Panel]:
    """What creators say they would pay, beside what they pay; asked in yuan, so in yuan only."""
    found = money.willingness(pain)
    row = found.value
    title = _("Stated and revealed willingness to pay")
    names = {
        "pmc": _("Point of marginal cheapness"),
        "opp": _("Optimal price point"),
        "idp": _("Indifference price"),
        "pme": _("Point of marginal expensiveness"),
    }
    asked = listing(
        "insights_need", too_cheap_minor__isnull="False", pain__id__exact=pain or ""
    )  # fmt: skip
    table = [
        [words(names[key]), _point(row.stated.intervals[key]),
         _limits(row.stated.intervals[key]), count(row.stated.points.n, asked)]
        for key in ("pmc", "opp", "idp", "pme")
    ]  # fmt: skip
    enough = row.stated.points.n >= PUBLISHABLE_N
    notes = [
        _("Van Westendorp's four questions, each creator's latest answer, a month in yuan; the "
          "green band is the acceptable range. Interval: the prices that McNemar's test does not "
          "rule out, 95%; for the optimal price below 20 answers it is wider than it need be. Below "
          "five answers no price is given. The short ticks at the bottom are what respondents pay."),
    ]  # fmt: skip
    if row.stated.points.excluded:
        notes.append(
            _("%(n)s answers whose four prices were out of order were left out.")
            % {"n": len(row.stated.points.excluded)}
        )
    notes += made_at(found)
    stated = Panel(
        key="stated",
        title=title,
        figure=money_charts.price_curves(row, money.PRICES_IN, title)
        if enough
        else None,
        head=[_("Point"), _("Price a month"), _("Interval, 95%"), "n"],
        rows=table,
        data_head=["price_minor", "too_cheap", "cheap", "expensive", "too_expensive"],
        data=[[c.price, c.too_cheap, c.cheap, c.expensive, c.too_expensive]
              for c in row.stated.points.curves if enough],
        notes=notes,
    )  # fmt: skip
    return [stated, _revealed(row)]


def _point(estimate: Estimate) -> Cell:
    return _price(estimate.value) if estimate.publishable else Cell("—", muted=True)


def _price(value: float | None) -> Cell:
    return Cell("—" if value is None else shown(round(value), money.PRICES_IN))


def _limits(estimate: Estimate) -> Cell:
    if not estimate.publishable or estimate.low is None or estimate.high is None:
        return Cell("—", muted=True)
    low, high = round(estimate.low), round(estimate.high)
    return Cell(f"{shown(low, money.PRICES_IN)} – {shown(high, money.PRICES_IN)}")


def _revealed(row: money.Willingness) -> Panel:
    paid = row.revealed
    lines = [
        (_("Pays less than the price they called a bargain"), paid.below),
        (_("Pays within their own range"), paid.within),
        (_("Pays more than the price they called dear"), paid.above),
    ]
    estimates = [share(len(ids), paid.payers) for _text, ids in lines]
    return Panel(
        key="revealed",
        title=_("The same people's payments against their own answers"),
        head=[_("Respondents who pay"), _("Creators"), _("Paying, share"), _("Interval, 95%")],
        rows=[
            [words(text), count(len(ids), _listed(ids)), *share_cells(estimate)]
            for (text, ids), estimate in zip(lines, estimates, strict=True)
        ],
        data_head=["group", "payers", "share", "n", "low", "high"],
        data=[
            [name, len(ids), *numbers_of(estimate)]
            for name, (_text, ids), estimate in zip(
                ("below", "within", "above"), lines, estimates, strict=True
            )
        ],
        notes=[
            _("%(payers)s of %(asked)s respondents pay; the median of what they pay is %(median)s a "
              "month, the newest charge spread over its period.")
            % {"payers": paid.payers, "asked": row.respondents,
               "median": _price(paid.median_minor).text},
            _("Who does not pay has revealed no price: a stated price above ours is not a sale."),
        ],
    )  # fmt: skip


def _listed(ids: Sequence[int]) -> str:
    """A list by ids, as far as an address carries them."""
    return listing("crm_creator", id__in=",".join(map(str, ids))) if len(ids) <= 500 else ""
