"""What it brings: means by month, the spread over the payers, the currencies."""

from datetime import date

from django.utils import timezone
from django.utils.translation import gettext as _

from crm import paying
from crm.models import ExchangeRate
from crm.money import shown
from insights import money, money_charts
from insights.money_pages.addresses import moment, next_month
from insights.panels import Cell, Panel, count, listing, percent, words
from insights.statistics import Estimate

HOUSE_CURRENCY = "CNY"


def revenue(currency: str) -> list[Panel]:
    """What it brings: by month and head, how it lies over the payers, and all currencies."""
    return [_means(currency), _spread(currency), _currencies()]


def _means(currency: str) -> Panel:
    rows = money.means_by_month(currency)
    title = _("Revenue per creator and month")

    def value(estimate: Estimate) -> list[Cell]:
        if estimate.value is None:
            return [Cell("—"), Cell("—")]
        limits = "—"
        if estimate.publishable and estimate.low is not None and estimate.high is not None:
            limits = (
                f"{shown(round(estimate.low), currency)} – {shown(round(estimate.high), currency)}"
            )
        return [Cell(shown(round(estimate.value), currency)), Cell(limits)]

    def charges(month: date) -> str:
        return listing(
            "crm_payment", currency__exact=currency, kind__exact="charge",
            occurred_at__gte=moment(month), occurred_at__lt=moment(next_month(month)),
        )  # fmt: skip

    return Panel(
        key="months",
        title=title,
        figure=money_charts.month_means(rows, currency, title),
        head=[_("Month"), _("Net revenue"), _("Payers"), _("By paying creator"), _("Interval, 95%"),
              _("By creator known (ARPU)"), _("Interval, 95%"), "n"],
        rows=[
            [words(f"{row.month.month:%Y-%m}"),
             Cell(shown(row.month.net_minor, currency), charges(row.month.month)),
             count(row.month.payers, charges(row.month.month)), *value(row.by_payer),
             *value(row.by_creator), count(row.by_creator.n)]
            for row in reversed(rows)
        ],
        data_head=["month", "net_minor", "currency", "payers", "arppu_minor", "arppu_low",
                   "arppu_high", "known", "arpu_minor", "arpu_low", "arpu_high"],
        data=[
            [row.month.month, row.month.net_minor, currency, row.month.payers, row.by_payer.value,
             row.by_payer.low, row.by_payer.high, row.by_creator.n, row.by_creator.value,
             row.by_creator.low, row.by_creator.high]
            for row in rows
        ],
        notes=[_("Charges of the month less what was given back of them since. A price paid for a "
                 "quarter counts in the month it was paid. Creators known had joined by the end of "
                 "the month. Interval: Student's t, 95%.")],
    )  # fmt: skip


def _spread(currency: str) -> Panel:
    row = money.revenue_spread(currency)
    title = _("How the revenue lies over the payers")
    whale = row.whale
    warning = ""
    if whale is not None:
        warning = _(
            "One payer, %(name)s, brings %(share)s of the revenue. Without them: %(minor)s in all."
        ) % {
            "name": whale.name,
            "share": percent(whale.share),
            "minor": shown(row.minor - whale.minor, currency),
        }
    facts = _(
        "%(payers)s payers, %(total)s in all; Gini %(gini)s; the top tenth brings %(top)s."
    ) % {
        "payers": f"{row.payers:,}",
        "total": shown(row.minor, currency),
        "gini": "—" if row.gini is None else f"{row.gini:.2f}",
        "top": percent(row.top_tenth),
    }

    def without(estimate: Estimate) -> list[Cell]:
        if estimate.value is None or estimate.n < 5:
            return [Cell("—", muted=True), Cell("—", muted=True)]
        mean = shown(round(estimate.value), currency)
        if estimate.low is None or estimate.high is None:
            return [Cell(mean), Cell("—")]
        low, high = shown(round(estimate.low), currency), shown(round(estimate.high), currency)
        return [Cell(mean), Cell(f"{low} – {high}")]

    return Panel(
        key="spread",
        title=title,
        figure=money_charts.lorenz(row, title) if row.payers else None,
        head=[_("Creator"), _("Paid in all"), _("Share of the revenue"),
              _("Mean of the others"), _("Interval, 95%")],
        rows=[
            [words(payer.name, listing("crm_creator", id__in=payer.creator)),
             Cell(shown(payer.minor, currency),
                  listing("crm_payment", creator__id__exact=payer.creator,
                          currency__exact=currency)),
             Cell(percent(payer.share)), *without(payer.without)]
            for payer in row.largest
        ],
        data_head=["payers_share", "revenue_share"],
        data=[list(point) for point in row.lorenz],
        notes=[facts,
               _("Leave-one-out: the mean of the payers who remain without this one. A mean that "
                 "moves a lot hangs on one name.")],
        warning=warning,
    )  # fmt: skip


def _currencies() -> Panel:
    sums = paying.sums_by_currency()
    whole = paying.converted(sums, HOUSE_CURRENCY, timezone.localdate())
    notes = [_("Currencies are never added without a rate that has a day and a source.")]
    rates_url = listing("crm_exchangerate")
    rows = [
        [words(row.currency), count(row.payers, listing("crm_creator", paying=row.currency)),
         Cell(shown(row.minor, row.currency),
              listing("crm_payment", currency__exact=row.currency, matched="yes")),
         Cell(shown(-row.loose_minor, row.currency) if row.loose_minor else "—"),
         count(row.unmatched, listing("crm_payment", currency__exact=row.currency, matched="no"))]
        for row in sums
    ]  # fmt: skip
    if len(sums) > 1 and whole.minor is not None:
        used = "; ".join(_told(rate) for rate in whole.rates)
        rows.append(
            [words(_("All in %(currency)s") % {"currency": whole.into}), Cell(""),
             Cell(shown(whole.minor, whole.into), rates_url), Cell(""), Cell("")]
        )  # fmt: skip
        notes.append(_("Converted with: %(rates)s.") % {"rates": used})
    elif whole.missing:
        notes.append(
            _("No sum of all: there is no rate of %(missing)s into %(into)s yet. Add one under "
              "“Exchange rates”.")
            % {"missing": ", ".join(whole.missing), "into": whole.into}
        )  # fmt: skip
    return Panel(
        key="currencies",
        title=_("Currencies"),
        head=[_("Currency"), _("Payers"), _("Paid in all, net"),
              _("Given back, charge not named"), _("Rows without a creator")],
        rows=rows,
        data_head=["currency", "payers", "net_minor", "loose_minor", "unmatched_rows"],
        data=[[row.currency, row.payers, row.minor, row.loose_minor, row.unmatched]
              for row in sums],
        notes=notes,
    )  # fmt: skip


def _told(rate: ExchangeRate) -> str:
    return f"{rate}, {rate.source}"
