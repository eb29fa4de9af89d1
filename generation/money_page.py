"""How long creators go on paying by what they used: the generation room's page of the money."""

from django.utils.translation import gettext as _

from generation.features.staying import LANDMARK_DAYS, FeatureStaying, staying_by_feature
from insights.money import MARKS, Retention
from insights.money_charts import survival_curves
from insights.money_pages import definition
from insights.panels import Cell, Panel, count, listing, percent, words
from insights.statistics import Survival

CHARTS = 3
"""Drawings for the features used most; the table has them all."""


def features(currency: str) -> list[Panel]:
    rows = staying_by_feature(currency)
    return [_table(rows, currency), *(_curve(row) for row in rows[:CHARTS] if row.used.n >= 5)]


def _table(rows: list[FeatureStaying], currency: str) -> Panel:
    notes = [
        _(
            "Compared are creators who were still followed %(days)s days after their first charge: "
            "those who had used the feature by then and those who had not, from that day on. So "
            "nobody counts as a user because they stayed."
        )
        % {"days": LANDMARK_DAYS},
        _(
            "p: log-rank test of the two curves, of %(n)s features; it does not say that the feature "
            "is the reason."
        )
        % {"n": len(rows)},
        definition(),
    ]
    return Panel(
        key="features",
        title=_("Going on paying, by feature used in the first %(days)s days")
        % {"days": LANDMARK_DAYS},
        head=[
            _("Feature"), _("Used it (n)"), _("Left after 90 days, used it"),
            _("Did not (n)"), _("Left after 90 days, did not"), "p",
        ],
        rows=[_row(row, currency) for row in rows],
        data_head=["feature", "used_n", "used_left", "used_remaining_90", "others_n",
                   "others_left", "others_remaining_90", "log_rank_chi_square", "p"],
        data=[
            [row.feature.key, row.used.n, row.used.events, row.used.at(90).value, row.others.n,
             row.others.events, row.others.at(90).value, row.difference.chi_square,
             row.difference.p]
            for row in rows if row.used.n >= 5 and row.others.n >= 5
        ],
        notes=notes,
        empty=_(
            "No creator who pays has used a feature within %(days)s days of their first charge yet."
        )
        % {"days": LANDMARK_DAYS},
    )  # fmt: skip


def _row(row: FeatureStaying, currency: str) -> list[Cell]:
    uses = listing("generation_featureuse", feature__id__exact=row.feature.pk)
    spells = listing("crm_payingspell", currency__exact=currency, number__exact=1)
    p = "—"
    if row.difference.p is not None and row.used.n >= 5 and row.others.n >= 5:
        p = "< 0.001" if row.difference.p < 0.001 else f"{row.difference.p:.3f}"
    return [
        words(row.feature.title, listing("generation_feature", key__exact=row.feature.key)),
        count(row.used.n, uses), _gone(row.used),
        count(row.others.n, spells), _gone(row.others), Cell(p),
    ]  # fmt: skip


def _gone(curve: Survival) -> Cell:
    estimate = curve.at(90)
    if not estimate.publishable or estimate.value is None:
        return Cell("—", muted=True)
    text = percent(1 - estimate.value, 0)
    if estimate.low is not None and estimate.high is not None:
        text += f" ({percent(1 - estimate.high, 0)}–{percent(1 - estimate.low, 0)})"
    return Cell(text)


def _curve(row: FeatureStaying) -> Panel:
    pair = [
        Retention("used", row.used, tuple(row.used.at(day) for day in MARKS)),
        Retention("others", row.others, tuple(row.others.at(day) for day in MARKS)),
    ]
    labels = [_("used it"), _("did not")]
    title = row.feature.title
    return Panel(
        key=row.feature.key,
        title=title,
        figure=survival_curves(
            pair, labels, title, ["accent", "all"],
            across=_("days since day %(days)s after the first charge") % {"days": LANDMARK_DAYS},
        ),
        head=[_("Group"), "n", _("Left")],
        rows=[
            [words(label), count(item.curve.n), count(item.curve.events)]
            for item, label in zip(pair, labels, strict=True)
        ],
        data_head=["group", "days", "at_risk", "left", "remaining", "low", "high"],
        data=[
            [item.group, step.time, step.at_risk, step.events, step.survival, step.low, step.high]
            for item in pair if item.curve.n >= 5 for step in item.curve.steps
        ],
    )  # fmt: skip
