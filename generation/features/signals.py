"""Signals beside a dossier's numbers: what a reader must not overlook."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from insights.selectors import ALL

if TYPE_CHECKING:
    from generation.features.dossier import CriterionPart, PainPart, Usage
    from generation.features.payers import Paying

WHALE_SHARE = 0.5
FEW = 5
LOVED = 0.6


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
    withheld: int,
) -> Iterator[Signal]:
    """The signals that hold, each once."""
    asked = max((len(_line(part).prevalence.asked) for part in parts), default=0)
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
    if withheld:
        yield Signal(
            "evidence_changed",
            _("%(n)s quotes are withheld: their consent was withdrawn.") % {"n": withheld},
        )
    for part in parts:
        if part.against:
            yield Signal(
                "against_unread",
                _("Read the counter-evidence: %(n)s quotes on “%(pain)s”.")
                % {"n": len(part.against), "pain": part.pain.title},
            )
    yield from _money_signals(money, usage)
    for item in criteria:
        if item.state == "missed":
            yield Signal("criterion_missed", _("Missed: %(bar)s") % {"bar": item.criterion.text})


def _money_signals(money: Paying, usage: Usage) -> Iterator[Signal]:
    earned = {row.currency: row.minor for row in money.revenue}
    for currency, minor in usage.cost:
        if minor > earned.get(currency, 0):
            yield Signal("cost_above_revenue", _("It costs more than its payers bring in."))


def _line(part: PainPart) -> Any:
    return next(line for line in part.tiers if line.prevalence.tier == ALL)


def _first(parts: Sequence[PainPart]) -> bool:
    """Whether one of the pains is first in its tier in at least half of the resamples."""
    return any(
        line.rank is not None and (line.rank.first_probability or 0.0) >= 0.5
        for part in parts
        for line in part.tiers
    )
