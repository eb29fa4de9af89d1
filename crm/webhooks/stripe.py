"""Stripe events. Signature by Stripe's own library; it accepts events from the future, we do not.

A charge, each refund and each dispute is its own object and has its own event; `charge.refunded`
and the payment intent say the same again and are read only where they add an object.
Source: docs.stripe.com/webhooks/signature and /api/events/types.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final

from stripe import SignatureVerificationError, WebhookSignature

from crm.bills import Fact
from crm.webhooks import events
from crm.webhooks.events import Event

NAME: Final = "stripe"
HEADERS: tuple[str, ...] = ("stripe-signature",)


def configured() -> bool:
    return bool(events.secrets(NAME).get("webhook_secrets"))


def verify(headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
    """Several secrets may be set, one a line or blank: for the days in which one is replaced."""
    header = headers.get("stripe-signature", "")
    _signed(header, body)
    events.fresh(_sent(header), now)
    event = events.document(body)
    if event.get("object") != "event":
        raise events.malformed("not_an_event")
    kind, event_id = events.identity(event.get("type")), events.identity(event.get("id"))
    thing = events.part(events.part(event.get("data")).get("object"))
    bare = Event(event_id, kind)
    ours = events.secrets(NAME)
    foreign = {event.get("account"), thing.get("on_behalf_of")} - {None, "", ours.get("account")}
    if foreign:
        raise events.not_ours("other_merchant", bare)
    if event.get("livemode") is not (ours.get("livemode") != "no"):
        raise events.not_ours("other_mode", bare)
    facts = _facts(kind, thing)
    if isinstance(facts, str):
        return Event(event_id, kind, ignored=facts)
    return Event(event_id, kind, facts)


answer = events.spoken


def _signed(header: str, body: bytes) -> None:
    if not header:
        raise events.forged("unsigned")
    for secret in events.secrets(NAME)["webhook_secrets"].split():
        try:
            WebhookSignature.verify_header(body, header, secret)
        except (SignatureVerificationError, UnicodeDecodeError):
            continue
        return
    raise events.forged("bad_signature")


def _sent(header: str) -> int:
    stamps = [item[2:] for item in header.split(",") if item.startswith("t=")]
    return events.seconds(stamps[0] if len(stamps) == 1 else "")


def _facts(kind: str, thing: dict[str, Any]) -> tuple[Fact, ...] | str:
    """The facts of an event's object, or why it is none."""
    if kind in {"charge.succeeded", "charge.captured", "charge.refunded"}:
        if thing.get("paid") is not True or thing.get("captured") is not True:
            return "not_captured"
        inner = thing.get("refunds")
        refunds = events.part(inner).get("data", []) if inner else []
        done = [
            _refund(events.part(item), thing) for item in refunds if _succeeded(events.part(item))
        ]
        return (_charge(thing), *done)
    if kind in {"refund.created", "refund.updated", "charge.refund.updated"}:
        return (_refund(thing, {}),) if _succeeded(thing) else "refund_not_completed"
    if kind == "refund.failed":
        return "refund_not_completed"
    if kind == "charge.dispute.funds_withdrawn":
        return (
            _fact(
                thing,
                "dispute",
                events.identity(thing.get("id")),
                events.minor(thing.get("amount")),
            ),
        )
    if kind == "charge.dispute.funds_reinstated":
        won = f"{events.identity(thing.get('id'))}:won"
        return (_fact(thing, "dispute", won, -events.minor(thing.get("amount"))),)
    return "not_a_payment"


def _succeeded(refund: dict[str, Any]) -> bool:
    return refund.get("status") == "succeeded"


def _charge(thing: dict[str, Any]) -> Fact:
    captured = thing.get("amount_captured") or thing.get("amount")
    return _fact(thing, "charge", events.identity(thing.get("id")), events.minor(captured))


def _refund(thing: dict[str, Any], charge: dict[str, Any]) -> Fact:
    return _fact({**thing, "charge": thing.get("charge") or charge.get("id")}, "refund",
                 events.identity(thing.get("id")), events.minor(thing.get("amount")))  # fmt: skip


def _fact(thing: dict[str, Any], kind: Any, object_id: str, amount: int) -> Fact:
    billing = events.part(thing.get("billing_details") or {})
    return events.fact(
        NAME,
        kind,
        object_id,
        minor=amount,
        currency=events.currency_code(thing.get("currency")),
        occurred_at=events.moment(thing.get("created")),
        payer=billing.get("name"),
        account=billing.get("email"),
        subject=thing.get("description"),
        refund_of=events.text(thing.get("charge")) or None,
        order=events.part(thing.get("metadata") or {}).get("order"),
        raw={"payment_intent": events.text(thing.get("payment_intent"))},
    )
