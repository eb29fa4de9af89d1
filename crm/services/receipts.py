"""Word to whoever paid for a plan: the money has arrived, and here is the receipt."""

from collections.abc import Collection

from django.urls import reverse

from crm.models import CreatorNotice, Payment, PlanOrder
from crm.services.creator_notices import creator_tell


def receipts_tell(payments: Collection[Payment]) -> int:
    """Of payments that were just booked, tell of those that pay for an order; returns how many."""
    charges = {
        row.merchant_order: row
        for row in payments
        if row.kind == Payment.Kind.CHARGE and row.merchant_order and not row.reverses
    }
    if not charges:
        return 0
    told = 0
    orders = PlanOrder.objects.filter(payment__number__in=list(charges))
    for order in orders.select_related("payment", "plan", "creator"):
        number = order.payment.number
        told += creator_tell(
            creator=order.creator,
            kind=CreatorNotice.Kind.RECEIPT,
            key=f"receipt:{number}",
            path=reverse("portal:plan_receipt", args=[number]),
            facts={
                "minor": charges[number].minor,
                "currency": charges[number].currency,
                "plan": [order.plan.title_zh, order.plan.title_en],
            },
        )
    return told
