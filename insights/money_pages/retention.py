"""How long creators go on paying."""

from collections.abc import Sequence

from django.utils import timezone
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from crm import paying
from crm.tallies import GRACE_DAYS, USUAL_DAYS
from insights import money, money_charts
from insights.money import ALL, MARKS, Retention
from insights.panels import Cell, Panel, count, listing, percent, words
from insights.selectors import tier_label
from insights.statistics import Estimate


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
