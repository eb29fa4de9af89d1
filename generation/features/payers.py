"""Who pays among those who raised a pain and those who did not; how concentrated the money is."""

from collections.abc import Collection
from dataclasses import dataclass

from crm.models import Payment
from crm.selectors import Revenue, payer_ids, revenue
from insights.statistics import Estimate, prevalence, share_difference


@dataclass(frozen=True)
class Paying:
    """`revenue` is what those who raised the pain paid in all, net of refunds, by currency.

    `raised` and `not_raised` are shares of payers among the creators asked about the pain;
    `difference` is the first less the second with Newcombe's interval.
    """

    revenue: tuple[Revenue, ...]
    payers: frozenset[int]
    raised: Estimate
    not_raised: Estimate
    difference: Estimate
    largest_payer_share: float | None


def paying(raised: Collection[int], asked: Collection[int]) -> Paying:
    """Compare payers among `raised` with payers among those asked who did not raise it."""
    those, others = frozenset(raised), frozenset(asked) - frozenset(raised)
    payers = frozenset(payer_ids())
    mine = Payment.objects.filter(creator_id__in=those)
    first = prevalence(those & payers, those)
    second = prevalence(others & payers, others)
    return Paying(
        revenue=tuple(revenue(mine)),
        payers=those & payers,
        raised=first,
        not_raised=second,
        difference=share_difference(
            len(those & payers), len(those), len(others & payers), len(others)
        ),
        largest_payer_share=_largest_share(those),
    )


def _largest_share(creators: Collection[int]) -> float | None:
    """The largest payer's share of the net sum, in the currency with the most payments."""
    sums: dict[str, dict[int, int]] = {}
    rows = Payment.objects.filter(creator_id__in=creators).values_list(
        "currency", "creator_id", "kind", "minor"
    )
    for currency, creator, kind, minor in rows.iterator():
        by_creator = sums.setdefault(currency, {})
        signed = minor if kind == Payment.Kind.CHARGE else -minor
        by_creator[creator] = by_creator.get(creator, 0) + signed
    if not sums:
        return None
    most = max(sums.values(), key=len)
    total = sum(value for value in most.values() if value > 0)
    return max(most.values()) / total if total > 0 else None
