"""Whether more interviews would bring anything new, tier by tier, and whom to interview next."""

from dataclasses import dataclass
from functools import lru_cache

from insights.findings.corpus import TIERS, Corpus
from insights.selectors import ALL
from insights.statistics import (
    NextInGroup,
    Saturation,
    SaturationBootstrap,
    accumulation_curve,
    expected_new_by_group,
    saturation,
    saturation_bootstrap,
)

BASE, RUN, THRESHOLD = 4, 2, 0.05
ORDERS = 500


@dataclass(frozen=True)
class TierSaturation:
    """`interviews` are those coded, oldest first; `next` is None for all tiers together."""

    tier: str
    interviews: tuple[int, ...]
    pains: int
    curve: tuple[float, ...]
    held: Saturation
    orders: SaturationBootstrap | None
    next: NextInGroup | None


def saturations(corpus: Corpus, *, orders: int = ORDERS) -> list[TierSaturation]:
    """Head, mid, entry, all: Guest, Namey & Chen's ratios, order bootstrap, and the next interview."""
    held = {tier: corpus.coded(tier) for tier in TIERS}
    codes = {tier: corpus.codes(held[tier]) for tier in TIERS}
    following = expected_new_by_group({tier: codes[tier] for tier in TIERS if tier != ALL})
    return [
        TierSaturation(
            tier=tier,
            interviews=tuple(item.id for item in held[tier]),
            pains=len(set().union(*codes[tier])) if codes[tier] else 0,
            curve=accumulation_curve(codes[tier]),
            held=saturation(codes[tier], BASE, RUN),
            orders=_orders(tuple(codes[tier]), orders) if codes[tier] else None,
            next=following.get(tier),
        )
        for tier in TIERS
    ]


def whom_next(lines: list[TierSaturation]) -> str | None:
    """The tier whose next interview is expected to bring most that nobody has raised yet.

    A tier without any coded interview comes first: nothing is known of it. None where no tier is
    expected to bring anything.
    """
    tiers = [line for line in lines if line.next is not None]
    unheard = [line for line in tiers if not line.interviews]
    if unheard and len(unheard) < len(tiers):
        return unheard[0].tier
    best = max(tiers, key=_expected, default=None)
    return best.tier if best is not None and _expected(best) > (0.0, 0.0) else None


def _expected(line: TierSaturation) -> tuple[float, float]:
    if line.next is None:
        return 0.0, 0.0
    return line.next.of_all.value or 0.0, line.next.of_group.expected or 0.0


@lru_cache(maxsize=64)
def _orders(codes: tuple[frozenset[int], ...], orders: int) -> SaturationBootstrap:
    return saturation_bootstrap(codes, BASE, RUN, THRESHOLD, orders)
