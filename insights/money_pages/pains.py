"""Who pays among those who raised a pain, and among those who did not."""

from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from insights import money, money_charts
from insights.money_pages.notes import made_at
from insights.panels import Cell, Panel, count, listing, points, share_cells, words


def pains(currency: str) -> list[Panel]:
    """Who pays among those who raised a pain and among those asked who did not."""
    found = money.paying_by_pain(currency)
    rows = found.value
    title = _("Who pays, by pain raised")
    compared = sum(row.raised.publishable and row.not_raised.publishable for row in rows)

    def cells(row: money.PainPaying) -> list[Cell]:
        quotes = listing("insights_evidence", pain__id__exact=row.pain, stance__exact="for")
        difference, limits = Cell("—", muted=True), Cell(_("n below 5"), muted=True)
        if row.raised.publishable and row.not_raised.publishable:
            difference = Cell(points(row.difference.value))
            limits = Cell(f"{points(row.difference.low)} … {points(row.difference.high)}")
        return [
            words(row.title, reverse("admin:insights_pain_page", args=[row.pain])),
            count(row.raised_payers, _people(row.pain, raised=1, paying=currency)),
            count(row.raised.n, quotes), share_cells(row.raised)[0],
            count(row.not_raised_payers, _people(row.pain, raised=0, paying=currency)),
            count(row.not_raised.n, _people(row.pain, raised=0)), share_cells(row.not_raised)[0],
            difference, limits,
        ]  # fmt: skip

    return [
        Panel(
            key="pains",
            title=title,
            figure=money_charts.differences(rows, title) if compared else None,
            head=[_("Pain point"), _("Payers, raised it"), "n", _("Paying, share"),
                  _("Payers, did not"), "n", _("Paying, share"), _("Difference, points"),
                  _("Interval, 95%")],
            rows=[cells(row) for row in rows],
            data_head=["pain_id", "pain", "raised_payers", "raised_n", "not_raised_payers",
                       "not_raised_n", "difference", "low", "high"],
            data=[
                [row.pain, row.title, row.raised_payers, row.raised.n, row.not_raised_payers,
                 row.not_raised.n, *_difference(row)]
                for row in rows
            ],
            notes=[
                _("Among creators whose interview came to the pain; not asked is not no. "
                  "Difference: Newcombe, 95%. It says who pays, not why."),
                _("%(n)s pains have at least five creators on both sides. Of twenty comparisons "
                  "about one looks different by chance alone.") % {"n": compared},
                *made_at(found),
            ],
        )
    ]  # fmt: skip


def _difference(row: money.PainPaying) -> list[object]:
    if not (row.raised.publishable and row.not_raised.publishable):
        return ["", "", ""]
    return [row.difference.value, row.difference.low, row.difference.high]


def _people(pain: int, *, raised: int | None = None, paying: str = "") -> str:
    query = {"raised": raised, "paying": paying}
    kept = {name: value for name, value in query.items() if value not in (None, "")}
    address = reverse("admin:insights_money_people", args=[pain])
    return f"{address}?{urlencode(kept)}" if kept else address
