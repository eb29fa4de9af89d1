"""Refunds told as a running total: what each single one was.

Alipay's notice of a refund says how much of the trade has been refunded so far; its bill says what
each refund was. An amount is therefore the total less the refunds before it, whichever of them
came first: each time something new is known of a trade, its amounts are worked out again, and an
entry that turns out different is corrected.
"""

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from crm.bills import Fact
from crm.exceptions import DomainError
from crm.models import Payment
from crm.services.corrections import entry_replace


@dataclass(frozen=True)
class Told:
    """One refund of a trade as known: its own amount, or the total up to it."""

    object_id: str
    at: datetime
    minor: int
    is_total: bool


def refund_amounts(told: Iterable[Told]) -> dict[str, int]:
    """Object → amount. A refund's own amount stands; a total gives up what came before it."""
    amounts: dict[str, int] = {}
    before = 0
    for refund in sorted(told, key=lambda item: (item.at, item.minor, item.object_id)):
        amounts[refund.object_id] = refund.minor - before if refund.is_total else refund.minor
        before += amounts[refund.object_id]
    return amounts


def refund_amount(fact: Fact) -> int:
    """What a refund told by its running total was, as far as the ledger knows those before it."""
    rows = _refunds_of([fact.refund_of or ""])
    new = Told(fact.object_id, fact.occurred_at, fact.minor, is_total=True)
    amounts = refund_amounts([*(_told(row, None) for row in rows), new])
    return _fits(amounts[fact.object_id], fact.refund_of)


def refund_totals_settle(facts: Sequence[Fact]) -> int:
    """Correct the entries of the trades that these facts refund; returns how many were.

    Raises `DomainError` where a total is less than the refunds before it.
    """
    trades = {fact.refund_of for fact in facts if fact.provider == "alipay" and fact.refund_of}
    if not trades:
        return 0
    totals = _refunds_of(trades).filter(raw__has_key="refunded_total")
    exact = {
        fact.object_id: fact
        for fact in facts
        if fact.kind == "refund" and fact.refunded_total is None
    }
    settled = 0
    for trade in sorted(set(totals.values_list("refund_of", flat=True))):
        rows = list(_refunds_of([trade]))
        amounts = refund_amounts(_told(row, exact.get(row.object_id)) for row in rows)
        for row in rows:
            amount = _fits(amounts[row.object_id], trade)
            if row.minor != amount:
                entry_replace(row, amount, exact.get(row.object_id))
                settled += 1
    return settled


def _refunds_of(trades: Collection[str]) -> QuerySet[Payment]:
    return Payment.objects.in_force().filter(
        provider="alipay", kind=Payment.Kind.REFUND, refund_of__in=trades
    )


def _fits(amount: int, trade: str | None) -> int:
    if amount <= 0:
        raise DomainError(
            f"The refunds of trade {trade} do not add up to the total that was told.",
            code="refund_total_does_not_fit",
        )
    return amount


def _told(row: Payment, exact: Fact | None) -> Told:
    if exact is not None:
        return Told(row.object_id, row.occurred_at, exact.minor, is_total=False)
    total = row.raw.get("refunded_total")
    if total is None:
        return Told(row.object_id, row.occurred_at, row.minor, is_total=False)
    return Told(row.object_id, row.occurred_at, int(total), is_total=True)
