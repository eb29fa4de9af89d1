"""Who pays: shares by tier and by month."""

from collections.abc import Sequence
from datetime import date

from django.utils.translation import gettext as _

from insights import money, money_charts
from insights.money import Rate
from insights.money_pages.addresses import creators_of, label_of, moment, next_month
from insights.panels import Panel, count, listing, numbers_of, share_cells, words


def rates(currency: str) -> list[Panel]:
    """Who pays: by tier, by the month they joined, and who of each month's new payers still does."""
    return [
        _rate_panel(
            "tier", _("Paying rate by tier"), money.rates_by_tier(currency), currency,
            _("Of all creators of a tier today, the share who have paid more than was given back, "
              "in this currency, at any time. Interval: Wilson, 95%."),
        ),
        _rate_panel(
            "joined", _("Paying rate by month of joining"), money.rates_by_month_joined(currency),
            currency,
            _("Younger months have had less time to pay: compare a month with its neighbours, not "
              "the newest with the oldest. Interval: Wilson, 95%."),
        ),
        _still_panel(currency),
    ]  # fmt: skip


def _rate_panel(key: str, title: str, rows: Sequence[Rate], currency: str, note: str) -> Panel:
    labels = [label_of(row.key) for row in rows]
    return Panel(
        key=key,
        title=title,
        figure=money_charts.share_bars(rows, labels, title),
        head=[_("Tier") if key == "tier" else _("Month"), _("Payers"), _("Creators (n)"),
              _("Paying, share"), _("Interval, 95%")],
        rows=[
            [words(label), count(row.payers, creators_of(row.key, paying=currency)),
             count(row.creators, creators_of(row.key)), *share_cells(row.estimate)]
            for row, label in zip(rows, labels, strict=True)
        ],
        data_head=[key, "payers", "share", "n", "low", "high"],
        data=[[str(row.key), row.payers, *numbers_of(row.estimate)] for row in rows],
        notes=[note],
    )  # fmt: skip


def _still_panel(currency: str) -> Panel:
    rows = money.still_by_first_month(currency)
    title = _("Still paying, by month of the first charge")
    labels = [label_of(row.key) for row in rows]

    def spells(row: Rate, state: str) -> str:
        month = row.key if isinstance(row.key, date) else date.min
        return listing(
            "crm_payingspell", currency__exact=currency, number__exact=1, state=state,
            started_at__gte=moment(month), started_at__lt=moment(next_month(month)),
        )  # fmt: skip

    return Panel(
        key="still",
        title=title,
        figure=money_charts.share_bars(rows, labels, title),
        head=[_("First charge"), _("Still paying"), _("Began (n)"), _("Paying, share"), _("Interval, 95%")],
        rows=[
            [words(label), count(row.payers, spells(row, "still")),
             count(row.creators, spells(row, "followed")),
             *share_cells(row.estimate)]
            for row, label in zip(rows, labels, strict=True)
        ],
        data_head=["month", "still_paying", "share", "n", "low", "high"],
        data=[[str(row.key), row.payers, *numbers_of(row.estimate)] for row in rows],
        notes=[_("Still paying is who was paid up when the data of their provider ended, less the "
                 "grace of a late renewal.")],
    )  # fmt: skip
