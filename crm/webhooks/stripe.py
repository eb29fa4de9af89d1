"""Stripe events. Signature by Stripe's own library; it accepts events from the future, we do not.

A charge, each refund and each dispute is its own object and has its own event; `charge.refunded`
and the payment intent say the same again and are read only where they add an object.
Source: docs.stripe.com/webhooks/signature and /api/events/types.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from stripe import SignatureVerificationError, WebhookSignature

from crm.bills import Fact
from crm.webhooks.events import (
    Answer,
    Event,
    currency_code,
    document,
    forged,
    fresh,
    identity,
    malformed,
    minor,
    moment,
    not_ours,
    part,
    seconds,
    secrets,
    text,
)

NAME = "stripe"
HEADERS: tuple[str, ...] = ("stripe-signature",)


def configured() -> bool:
    return bool(secrets(NAME).get("webhook_secrets"))


def verify(headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
    """Several secrets may be set, one a line or blank: for the days in which one is replaced."""
    header = headers.get("stripe-signature", "")
    _signed(header, body)
    fresh(_sent(header), now)
    event = document(body)
    if event.get("object") != "event":
        raise malformed("not_an_event")
    kind, event_id = identity(event.get("type")), identity(event.get("id"))
    thing = part(part(event.get("data")).get("object"))
    bare = Event(event_id, kind)
    ours = secrets(NAME)
    foreign = {event.get("account"), thing.get("on_behalf_of")} - {None, "", ours.get("account")}
    if foreign:
        raise not_ours("other_merchant", bare)
    if event.get("livemode") is not (ours.get("livemode") != "no"):
        raise not_ours("other_mode", bare)
    facts = _facts(kind, thing)
    if isinstance(facts, str):
        return Event(event_id, kind, ignored=facts)
    return Event(event_id, kind, facts)


def answer(status: int, code: str) -> Answer:
    return Answer(status, '{"received": true}' if status == 200 else f'{{"error": "{code}"}}')


def _signed(header: str, body: bytes) -> None:
    if not header:
        raise forged("unsigned")
    for secret in secrets(NAME)["webhook_secrets"].split():
        try:
            WebhookSignature.verify_header(body, header, secret)
        except (SignatureVerificationError, UnicodeDecodeError):
            continue
        return
    raise forged("bad_signature")


def _sent(header: str) -> int:
    stamps = [item[2:] for item in header.split(",") if item.startswith("t=")]
    return seconds(stamps[0] if len(stamps) == 1 else "")


def _facts(kind: str, thing: dict[str, Any]) -> tuple[Fact, ...] | str:
    """The facts of an event's object, or why it is none."""
    if kind in {"charge.succeeded", "charge.captured", "charge.refunded"}:
        if thing.get("paid") is not True or thing.get("captured") is not True:
            return "not_captured"
        inner = thing.get("refunds")
        refunds = part(inner).get("data", []) if inner else []
        done = [_refund(part(item), thing) for item in refunds if _succeeded(part(item))]
        return (_charge(thing), *done)
    if kind in {"refund.created", "refund.updated", "charge.refund.updated"}:
        return (_refund(thing, {}),) if _succeeded(thing) else "refund_not_completed"
    if kind == "refund.failed":
        return "refund_not_completed"
    if kind == "charge.dispute.funds_withdrawn":
        return (_fact(thing, "dispute", identity(thing.get("id")), minor(thing.get("amount"))),)
    if kind == "charge.dispute.funds_reinstated":
        won = f"{identity(thing.get('id'))}:won"
        return (_fact(thing, "dispute", won, -minor(thing.get("amount"))),)
    return "not_a_payment"


def _succeeded(refund: dict[str, Any]) -> bool:
    return refund.get("status") == "succeeded"


def _charge(thing: dict[str, Any]) -> Fact:
    captured = thing.get("amount_captured") or thing.get("amount")
    return _fact(thing, "charge", identity(thing.get("id")), minor(captured))


def _refund(thing: dict[str, Any], charge: dict[str, Any]) -> Fact:
    return _fact({**thing, "charge": thing.get("charge") or charge.get("id")}, "refund",
                 identity(thing.get("id")), minor(thing.get("amount")))  # fmt: skip


def _fact(thing: dict[str, Any], kind: Any, object_id: str, amount: int) -> Fact:
    billing = part(thing.get("billing_details") or {})
    order = text(part(thing.get("metadata") or {}).get("order"), 64)
    return Fact(
        row=0,
        kind=kind,
        provider="stripe",
        event_id=f"{kind}:{object_id}",
        object_id=object_id,
        minor=amount,
        currency=currency_code(thing.get("currency")),
        occurred_at=moment(thing.get("created")),
        payer=text(billing.get("name"), 160),
        payer_account=text(billing.get("email"), 160),
        subject=text(thing.get("description"), 255),
        method="",
        refund_of=None if kind == "charge" else text(thing.get("charge")) or None,
        raw={"payment_intent": text(thing.get("payment_intent"))},
        merchant_order=order,
    )
