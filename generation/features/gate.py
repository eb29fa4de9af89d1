"""Whether a feature may be built: each bar of the team's policy, what was found, what is missing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.models import Tier
from generation.features.dossier import Dossier
from generation.features.pains import PainPart, TierLine
from generation.models import GatePolicy
from insights.selectors import tier_label


@dataclass(frozen=True)
class Bar:
    """One demand: `missing` says by how much it is missed, empty where it is met."""

    code: str
    text: str
    found: str
    missing: str

    @property
    def met(self) -> bool:
        return not self.missing


@dataclass(frozen=True)
class Judgement:
    """`bars` are those of the pain point and tier that come closest to the policy."""

    bars: tuple[Bar, ...]
    pain: int | None
    tier: str | None

    @property
    def passes(self) -> bool:
        return all(bar.met for bar in self.bars)

    @property
    def refusal(self) -> str:
        """Which bars are missed, and by how much, in one sentence."""
        missed = "; ".join(f"{bar.text}: {bar.missing}" for bar in self.bars if not bar.met)
        return _("Not yet: %(bars)s.") % {"bars": missed}

    def numbers(self) -> dict[str, Any]:
        return {
            "pain": self.pain,
            "tier": self.tier,
            "bars": [{"code": bar.code, "found": bar.found, "met": bar.met} for bar in self.bars],
        }


def gate_policy() -> GatePolicy:
    """The team's policy; the defaults until somebody has set it."""
    return GatePolicy.objects.filter(pk=1).first() or GatePolicy(pk=1)


def judgement(item: Dossier, policy: GatePolicy) -> Judgement:
    """Judge a dossier by a policy. Reads nothing."""
    best: tuple[tuple[Bar, ...], int | None, str | None] = ((), None, None)
    for part, line in _lines(item):
        bars = tuple(_voice_bars(line, policy))
        rank = (sum(bar.met for bar in bars), line.prevalence.estimate.n)
        if best[1] is None or rank > (sum(bar.met for bar in best[0]), _n(item, best)):
            best = (bars, part.pain.pk, line.prevalence.tier)
    voices, pain, tier = best
    if pain is None:
        voices = (
            Bar("pain", _("a justification that rests on a pain point"), "0", _("there is none")),
        )
    return Judgement((*voices, *_other_bars(item, policy)), pain, tier)


def _lines(item: Dossier) -> Iterator[tuple[PainPart, TierLine]]:
    for part in item.pain_parts:
        for tier in Tier:
            yield part, part.line(tier.value)


def _n(item: Dossier, best: tuple[tuple[Bar, ...], int | None, str | None]) -> int:
    part = next(part for part in item.pain_parts if part.pain.pk == best[1])
    return part.line(best[2] or "").prevalence.estimate.n


def _voice_bars(line: TierLine, policy: GatePolicy) -> Iterator[Bar]:
    tier = line.prevalence.tier
    estimate = line.prevalence.estimate
    wanted = {Tier.HEAD: policy.n_head, Tier.MID: policy.n_mid, Tier.ENTRY: policy.n_entry}[
        Tier(tier)
    ]
    yield _at_least(
        "n", _("creators asked in the tier “%(tier)s”") % {"tier": tier_label(tier)},
        estimate.n, wanted,
    )  # fmt: skip
    low, bar = estimate.low or 0.0, float(policy.low)
    yield Bar(
        "low",
        _("lower bound of the share"),
        f"{low:.3f}",
        ""
        if low >= bar
        else _("%(found)s of %(wanted)s, %(short)s short")
        % {"found": f"{low:.3f}", "wanted": f"{bar:.3f}", "short": f"{bar - low:.3f}"},
    )
    place = line.rank.rank if line.rank else None
    yield Bar(
        "rank",
        _("rank among the pain points of the tier"),
        "—" if place is None else str(place),
        _("it has no rank; at most %(wanted)s is asked for") % {"wanted": policy.rank}
        if place is None
        else ""
        if place <= policy.rank
        else _("%(found)s, at most %(wanted)s, %(short)s places too low")
        % {"found": place, "wanted": policy.rank, "short": place - policy.rank},
    )


def _other_bars(item: Dossier, policy: GatePolicy) -> Iterator[Bar]:
    facts = sum(1 for row in item.justifications if row.payment_id is not None)
    paid = max(len(item.paying.payers), facts)
    yield _at_least("payers", _("payers among those who raised it"), paid, policy.payers)
    dated = sum(1 for part in item.criteria if part.criterion.due is not None)
    yield _at_least("criteria", _("criteria with a date"), dated, policy.criteria)
    if policy.against_read:
        unread = sum(part.unread for part in item.pain_parts)
        yield Bar(
            "against_read",
            _("counter-evidence not read yet"),
            str(unread),
            _("%(n)s unread") % {"n": unread} if unread else "",
        )


def _at_least(code: str, text: str, found: int, wanted: int) -> Bar:
    missing = (
        ""
        if found >= wanted
        else _("%(found)s of %(wanted)s, %(short)s short")
        % {"found": found, "wanted": wanted, "short": wanted - found}
    )
    return Bar(code, text, str(found), missing)
