"""Signals beside a dossier's numbers: what a reader must not overlook."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from crm.models import Tier
from generation.features.criteria import MISSED, CriterionPart
from generation.features.pains import PainPart
from generation.features.payers import Paying
from generation.features.usage import Usage
from insights.selectors import ALL, tier_label

WHALE_SHARE = 0.5
FEW = 5
LOVED = 0.6
FIRST = 0.5


@dataclass(frozen=True)
class Signal:
    code: str
    text: Any


def signals(
    parts: Sequence[PainPart],
    money: Paying,
    usage: Usage,
    criteria: Sequence[CriterionPart],
    *,
    changed: int,
    saturated: Mapping[str, bool],
) -> Iterator[Signal]:
    """The signals that hold, each once."""
    asked = max((part.line(ALL).prevalence.estimate.n for part in parts), default=0)
    if asked < FEW:
        yield Signal(
            "few_interviews",
            _("Only %(n)s creators were asked: too few for a share.") % {"n": asked},
        )
    if money.raised.value is not None and money.raised.value >= LOVED and not _first(parts):
        yield Signal(
            "loved_not_first",
            _("Those who raised it pay (%(payers)s of %(n)s), but in no tier is it the first pain.")
            % {"payers": len(money.payers), "n": money.raised.n},
        )
    share = money.largest_payer_share
    if share is not None and share >= WHALE_SHARE:
        yield Signal(
            "one_whale",
            _("One creator pays %(share)s%% of the revenue.") % {"share": round(share * 100)},
        )
    if changed:
        yield Signal(
            "evidence_changed",
            ngettext(
                "Evidence changed since it was last judged: %(n)s piece edited, removed or withdrawn.",
                "Evidence changed since it was last judged: %(n)s pieces edited, removed or withdrawn.",
                changed,
            )
            % {"n": changed},
        )
    yield from _reading_signals(parts, saturated)
    earned = {row.currency: row.minor for row in money.revenue}
    if any(minor > earned.get(currency, 0) for currency, minor in usage.cost):
        yield Signal("cost_above_revenue", _("It costs more than its payers bring in."))
    for item in criteria:
        if item.state == MISSED:
            yield Signal("criterion_missed", _("Missed: %(bar)s") % {"bar": item.criterion.text})


def _reading_signals(parts: Sequence[PainPart], saturated: Mapping[str, bool]) -> Iterator[Signal]:
    for part in parts:
        if part.unread:
            yield Signal(
                "against_unread",
                _("Read the counter-evidence: %(n)s quotes on “%(pain)s”.")
                % {"n": part.unread, "pain": part.pain.title},
            )
    asked = {
        tier.value for part in parts for tier in Tier if part.line(tier.value).prevalence.estimate.n
    }
    fresh = [tier_label(tier.value) for tier in Tier
             if tier.value in asked and not saturated.get(tier.value, False)]  # fmt: skip
    if fresh:
        yield Signal(
            "not_saturated",
            _("Interviews still bring new pain points: %(tiers)s.") % {"tiers": " · ".join(fresh)},
        )


def _first(parts: Sequence[PainPart]) -> bool:
    """Whether one of the pains is first in its tier in at least half of the resamples."""
    return any(
        line.rank is not None and (line.rank.first_probability or 0.0) >= FIRST
        for part in parts
        for line in part.tiers
    )
