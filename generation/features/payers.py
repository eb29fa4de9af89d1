"""Who pays among those who raised a pain and those who did not; how concentrated the money is."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from crm.models import PayerBalance
from crm.selectors import Revenue, largest_payer_share, payer_ids, revenue_from
from insights.statistics import Estimate, kaplan_meier, prevalence, share_difference

RETAINED_DAYS = 90
GRACE = timedelta(days=45)  # a monthly payer who has not paid for so long has left


@dataclass(frozen=True)
class Paying:
    """`revenue` is what those who raised the pain paid in all, net of refunds, by currency.

    `raised` and `not_raised` are shares of payers among the creators asked about the pain;
    `difference` is the first less the second with Newcombe's interval. `retention` is the share
    of the payers who still paid 90 days after they began.
    """

    revenue: tuple[Revenue, ...]
    payers: frozenset[int]
    others: int
    raised: Estimate
    not_raised: Estimate
    difference: Estimate
    retention: Estimate
    largest_payer_share: float | None


def paying(raised: Collection[int], asked: Collection[int], *, now: datetime) -> Paying:
    """Compare payers among `raised` with payers among those asked who did not raise it."""
    those, others = frozenset(raised), frozenset(asked) - frozenset(raised)
    payers = frozenset(payer_ids())
    return Paying(
        revenue=tuple(revenue_from(those)),
        payers=those & payers,
        others=len(others & payers),
        raised=prevalence(those & payers, those),
        not_raised=prevalence(others & payers, others),
        difference=share_difference(
            len(those & payers), len(those), len(others & payers), len(others)
        ),
        retention=_retention(those & payers, now),
        largest_payer_share=largest_payer_share(those),
    )


def _retention(payers: Collection[int], now: datetime) -> Estimate:
    """Kaplan–Meier over the days from the first to the last payment; whoever paid lately stays."""
    spans: dict[int, tuple[datetime, datetime]] = {}
    rows = PayerBalance.objects.filter(creator_id__in=payers).order_by("creator_id", "currency")
    for creator, first, last in rows.values_list("creator_id", "first_at", "last_at"):
        known = spans.get(creator or 0)
        spans[creator or 0] = (
            (min(first, known[0]), max(last, known[1])) if known else (first, last)
        )
    days = [(last - first).days for first, last in spans.values()]
    left = [last < now - GRACE for _first, last in spans.values()]
    # Who is still here was followed until today, not only until the last bill.
    followed = [
        span if gone else max(span, (now - first).days)
        for span, gone, (first, _last) in zip(days, left, spans.values(), strict=True)
    ]
    return kaplan_meier(followed, left).at(RETAINED_DAYS, rows=sorted(spans))
