"""The money pages panel by panel: drawing, table, the rows behind each number, and what it means."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from urllib.parse import urlencode

from django.urls import reverse
from django.utils import timezone
from django.utils.formats import date_format
from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from crm import paying
from crm.models import ExchangeRate
from crm.money import shown
from crm.tallies import GRACE_DAYS, USUAL_DAYS
from insights import money, money_charts
from insights.money import ALL, MARKS, Rate, Retention
from insights.panels import (
    Cell,
    Panel,
    count,
    listing,
    numbers_of,
    percent,
    points,
    share_cells,
    words,
)
from insights.selectors import tier_label
from insights.statistics import Estimate, share

HOUSE_CURRENCY = "CNY"


def _moment(month: date) -> str:
    return timezone.make_aware(datetime.combine(month, time.min)).isoformat()


def _next(month: date) -> date:
    return (month.replace(day=28) + timedelta(days=5)).replace(day=1)


def _creators(key: str | date, **filters: str) -> str:
    """Creators of a tier, or those who joined in a month."""
    if isinstance(key, date):
        filters |= {"joined_on__gte": f"{key}", "joined_on__lt": f"{_next(key)}"}
    elif key != ALL:
        filters["tier__exact"] = key
    return listing("crm_creator", **filters)


def _label(key: str | date) -> str:
    return f"{key:%Y-%m}" if isinstance(key, date) else tier_label(key)


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
    labels = [_label(row.key) for row in rows]
    return Panel(
        key=key,
        title=title,
        figure=money_charts.share_bars(rows, labels, title),
        head=[_("Tier") if key == "tier" else _("Month"), _("Payers"), _("Creators (n)"),
              _("Paying, share"), _("Interval, 95%")],
        rows=[
            [words(label), count(row.payers, _creators(row.key, paying=currency)),
             count(row.creators, _creators(row.key)), *share_cells(row.estimate)]
            for row, label in zip(rows, labels, strict=True)
        ],
        data_head=[key, "payers", "share", "n", "low", "high"],
        data=[[str(row.key), row.payers, *numbers_of(row.estimate)] for row in rows],
        notes=[note],
    )  # fmt: skip


def _still_panel(currency: str) -> Panel:
    rows = money.still_by_first_month(currency)
    title = _("Still paying, by month of the first charge")
    labels = [_label(row.key) for row in rows]

    def spells(row: Rate, state: str) -> str:
        month = row.key if isinstance(row.key, date) else date.min
        return listing(
            "crm_payingspell", currency__exact=currency, number__exact=1, state=state,
            started_at__gte=_moment(month), started_at__lt=_moment(_next(month)),
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


def definition() -> str:
    return _(
        "A charge pays for its plan's period (the plan with its price; without one a month of "
        "%(usual)s days). Who pays nothing for more than %(grace)s days after that has left, on the "
        "day the paid time ran out. Curves look no further than %(grace)s days before the last "
        "charge of a provider: later than that, late cannot be told from gone. A charge wholly "
        "given back paid for nothing."
    ) % {"usual": USUAL_DAYS, "grace": GRACE_DAYS}


def retention_panel(
    key: str, title: str, rows: Sequence[Retention], labels: Sequence[str], urls: Sequence[str],
    notes: Sequence[str], roles: Sequence[str] = (),
) -> Panel:  # fmt: skip
    """Curves with a table of what is left at 30, 60, 90, 180, 365 days."""
    return Panel(
        key=key,
        title=title,
        figure=money_charts.survival_curves(rows, labels, title, roles),
        head=[_("Group"), "n", _("Left"), _("Median"),
              *(_("%(days)s days") % {"days": day} for day in MARKS)],
        rows=[
            [words(label), count(row.curve.n, url),
             count(row.curve.events, url.replace("followed", "left")), _median(row),
             *(_at(estimate) for estimate in row.at)]
            for row, label, url in zip(rows, labels, urls, strict=True)
        ],
        data_head=["group", "days", "at_risk", "left", "remaining", "low", "high", "n"],
        data=[
            [row.group, step.time, step.at_risk, step.events, step.survival, step.low, step.high,
             row.curve.n]
            for row in rows if row.curve.n >= 5 for step in row.curve.steps
        ],
        notes=notes,
    )  # fmt: skip


def _median(row: Retention) -> Cell:
    if row.curve.n < 5:
        return Cell("—", muted=True)
    if row.curve.median is None:
        return Cell(_("not reached"), muted=True)
    return Cell(_("%(days)s days") % {"days": f"{row.curve.median:g}"})


def _at(estimate: Estimate) -> Cell:
    if not estimate.publishable:
        return Cell("—", muted=True)
    if estimate.low is None or estimate.high is None:
        return Cell(percent(estimate.value, 0))
    return Cell(
        f"{percent(estimate.value, 0)} ({percent(estimate.low, 0)}–{percent(estimate.high, 0)})"
    )


def retention(currency: str) -> list[Panel]:
    rows = money.retention_by_tier(currency)
    back = paying.returns(currency)
    labels = [tier_label(row.group) for row in rows]
    urls = [
        listing("crm_payingspell", currency__exact=currency, number__exact=1, state="followed",
                tier__exact="" if row.group == ALL else row.group)
        for row in rows
    ]  # fmt: skip
    follow = _(
        "%(starts)s creators began to pay; %(new)s of them too lately to follow. %(back)s came back "
        "after they had left: their second time is not part of the curve."
    ) % {"starts": back.starts, "new": back.too_new, "back": back.came_back}
    panel = retention_panel(
        "tiers", _("How long creators go on paying, by tier"), rows, labels, urls,
        [definition(),
         _("Kaplan–Meier of the first stretch; the band is the log-log interval, 95%. The tier is "
           "that of the first charge."), follow, _ends()],
    )  # fmt: skip
    return [panel]


def _ends() -> str:
    ends = ", ".join(
        f"{provider} {date_format(timezone.localtime(at), 'Y-m-d')}"
        for provider, at in paying.data_ends()
    )
    return _("Last charge known, by provider: %(ends)s.") % {"ends": ends or "—"}


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
            occurred_at__gte=_moment(month), occurred_at__lt=_moment(_next(month)),
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


def prices(currency: str, pain: int | None = None) -> list[Panel]:
    """What creators say they would pay, beside what they pay; asked in yuan, so in yuan only."""
    row = money.willingness(pain)
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
        [words(names[key]), _price(row.stated.intervals[key].value),
         _limits(row.stated.intervals[key]), count(row.stated.points.n, asked)]
        for key in ("pmc", "opp", "idp", "pme")
    ]  # fmt: skip
    notes = [
        _("Van Westendorp's four questions, each creator's latest answer, a month in yuan; the "
          "green band is the acceptable range. Interval: percentile bootstrap over respondents, "
          "95%. Black ticks are what respondents pay."),
    ]  # fmt: skip
    if row.stated.points.excluded:
        notes.append(
            _("%(n)s answers whose four prices were out of order were left out.")
            % {"n": len(row.stated.points.excluded)}
        )
    stated = Panel(
        key="stated",
        title=title,
        figure=money_charts.price_curves(row, money.PRICES_IN, title)
        if row.stated.points.n
        else None,
        head=[_("Point"), _("Price a month"), _("Interval, 95%"), "n"],
        rows=table,
        data_head=["price_minor", "too_cheap", "cheap", "expensive", "too_expensive"],
        data=[[c.price, c.too_cheap, c.cheap, c.expensive, c.too_expensive]
              for c in row.stated.points.curves],
        notes=notes,
    )  # fmt: skip
    return [stated, _revealed(row)]


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


def pains(currency: str) -> list[Panel]:
    """Who pays among those who raised a pain and among those asked who did not."""
    rows = money.paying_by_pain(currency)
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


@dataclass(frozen=True)
class Page:
    """A page of the money: its panels are built from a currency (and, for prices, a pain)."""

    key: str
    title: Promise
    build: Callable[..., list[Panel]]


PAGES = {
    page.key: page
    for page in (
        Page("rates", gettext_lazy("Who pays"), rates),
        Page("retention", gettext_lazy("How long they stay"), retention),
        Page("revenue", gettext_lazy("What it brings"), revenue),
        Page("prices", gettext_lazy("Said and paid"), prices),
        Page("pains", gettext_lazy("Pains and payers"), pains),
    )
}
"""In the order of the tabs; the page of retention by feature is the generation room's."""
