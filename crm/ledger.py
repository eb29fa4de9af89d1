"""What the facts of the ledger add up to: the state of every order, derived and never stored."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from django.db import connection
from django.utils.translation import gettext_lazy as _

from crm.models import Payment, PaymentOrder


class State(StrEnum):
    PAID = "paid"
    PARTLY_REFUNDED = "partly_refunded"
    REFUNDED = "refunded"
    DISPUTED = "disputed"
    WAITING = "waiting"
    VOID = "void"


LABELS = {
    State.PAID: _("Paid"),
    State.PARTLY_REFUNDED: _("Partly refunded"),
    State.REFUNDED: _("Refunded"),
    State.DISPUTED: _("Disputed"),
    State.WAITING: _("Waits for its charge"),
    State.VOID: _("Taken out of force"),
}


def state_of(charged: int, refunded: int, disputed: int) -> State:
    """The state of an order from its net sums in minor units."""
    if charged <= 0:
        return State.WAITING if refunded > 0 or disputed > 0 else State.VOID
    if disputed > 0:
        return State.DISPUTED
    if refunded >= charged:
        return State.REFUNDED
    return State.PARTLY_REFUNDED if refunded > 0 else State.PAID


@dataclass(frozen=True)
class OrderState:
    """One charge with all that came back of it, in minor units of one currency.

    `object_id` is the charge's; of a refund whose charge nobody named, the refund's own.
    """

    provider: str
    object_id: str
    currency: str
    charged: int
    refunded: int
    disputed: int
    last_at: datetime

    @property
    def state(self) -> State:
        return state_of(self.charged, self.refunded, self.disputed)

    @property
    def left(self) -> int:
        """What can still be refunded."""
        return max(0, self.charged - self.refunded - self.disputed)


_ORDERS = """
    SELECT provider, order_id, currency,
           coalesce(sum(minor) FILTER (WHERE kind = 'charge'), 0),
           coalesce(sum(minor) FILTER (WHERE kind = 'refund'), 0),
           coalesce(sum(minor) FILTER (WHERE kind = 'dispute'), 0),
           max(occurred_at)
    FROM ({entries}) AS entry
    GROUP BY provider, order_id, currency
    ORDER BY provider, order_id, currency
"""
_ENTRIES = """
    SELECT provider, object_id AS order_id, currency, kind, minor, occurred_at
    FROM crm_payment WHERE refund_of = '' {these_objects}
    UNION ALL
    SELECT provider, refund_of, currency, kind, minor, occurred_at
    FROM crm_payment WHERE refund_of <> '' {these_charges}
"""


def order_states(objects: Collection[str] | None = None) -> list[OrderState]:
    """The states of the charges with these object ids, or of every order of the ledger."""
    if objects is None:
        entries, parameters = _ENTRIES.format(these_objects="", these_charges=""), []
    else:
        entries = _ENTRIES.format(
            these_objects="AND object_id = ANY(%s)", these_charges="AND refund_of = ANY(%s)"
        )
        parameters = [list(objects), list(objects)]
    with connection.cursor() as cursor:
        cursor.execute(_ORDERS.format(entries=entries), parameters)
        return [
            OrderState(provider, order, currency, int(charged), int(refunded), int(disputed), at)
            for provider, order, currency, charged, refunded, disputed, at in cursor
        ]


def order_state(payment: Payment) -> OrderState | None:
    """The order that an entry belongs to."""
    charge = payment.refund_of or payment.object_id
    found = [row for row in order_states([charge]) if row.provider == payment.provider]
    return next((row for row in found if row.currency == payment.currency), None)


def order_paid(order: PaymentOrder) -> OrderState | None:
    """What came in for an order of ours, or None while nothing did."""
    charges = Payment.objects.filter(
        merchant_order=order.number, provider=order.provider, kind=Payment.Kind.CHARGE
    ).values_list("object_id", flat=True)
    states = order_states(set(charges))
    return next((row for row in states if row.charged > 0), None)
