"""Stripe Checkout: a session a creator is sent to. Source: docs.stripe.com/api/checkout/sessions."""

from urllib.parse import urlencode

from django.conf import settings
from django.utils import timezone

from crm.checkout import Ask, Back, CheckoutError, Handoff
from crm.checkout.calling import Reply, post

NAME = "stripe"
SHORTEST_SECONDS = 31 * 60
"""Stripe takes no session that ends in less than 30 minutes."""


def configured() -> bool:
    ours = settings.PAYMENTS[NAME]
    return bool(ours.get("secret_key") and ours.get("webhook_secrets"))


def takes(currency: str) -> bool:
    return True


def begin(ask: Ask) -> Handoff:
    ends = max(ask.expires_at.timestamp(), timezone.now().timestamp() + SHORTEST_SECONDS)
    found = _call(
        "/v1/checkout/sessions",
        {
            "mode": "payment",
            "line_items[0][quantity]": "1",
            "line_items[0][price_data][currency]": ask.currency.lower(),
            "line_items[0][price_data][unit_amount]": str(ask.minor),
            "line_items[0][price_data][product_data][name]": ask.subject,
            "client_reference_id": ask.number,
            "metadata[order]": ask.number,
            # Copied onto the charge, whose notice is what grants the plan.
            "payment_intent_data[metadata][order]": ask.number,
            "success_url": ask.return_url,
            "cancel_url": ask.return_url,
            "expires_at": str(int(ends)),
        },
        key=ask.number,
    ).document()
    url = found.get("url")
    if not isinstance(url, str) or not url.startswith(("https://", "http://127.0.0.1")):
        raise CheckoutError("Stripe gave no address to pay at", permanent=False)
    return Handoff("redirect", url)


def refund(back: Back) -> str:
    found = _call(
        "/v1/refunds",
        {
            "charge": back.charge,
            "amount": str(back.minor),
            "metadata[refund]": back.number,
            "metadata[order]": back.order,
        },
        key=back.number,
    ).document()
    if found.get("status") in ("failed", "canceled"):
        raise CheckoutError(f"Stripe: {found.get('failure_reason', 'refused')}", permanent=True)
    return str(found.get("id", ""))


def _call(path: str, fields: dict[str, str], *, key: str) -> Reply:
    ours = settings.PAYMENTS[NAME]
    return post(
        f"{ours['api']}{path}",
        urlencode(fields).encode(),
        {
            "Authorization": f"Bearer {ours['secret_key']}",
            "Content-Type": "application/x-www-form-urlencoded",
            "Idempotency-Key": key,
        },
    )
