"""Who pays among those who raised a pain and those who did not; how concentrated the money is."""

from collections.abc import Collection
from dataclasses import dataclass

from crm.selectors import Revenue, largest_payer_share, payer_ids, revenue_from
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
    first = prevalence(those & payers, those)
    second = prevalence(others & payers, others)
    return Paying(
        revenue=tuple(revenue_from(those)),
        payers=those & payers,
        raised=first,
        not_raised=second,
        difference=share_difference(
            len(those & payers), len(those), len(others & payers), len(others)
        ),
        largest_payer_share=largest_payer_share(those),
    )
