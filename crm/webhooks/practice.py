"""The built-in test provider: no money, real notices, signed with a key of this machine.

Only the embedded default has it (a system check refuses it elsewhere). Checkout on this machine
signs with `sign` and sends to the same endpoint as everybody else. A notice is
`{"id", "merchant": "test", "kind": charge|refund|dispute, "object", "order", "minor", "currency",
"at" (Unix seconds), "refund_of", "payer", "subject"}`.
"""

from __future__ import annotations

import hmac
from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256
from typing import Any

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
    seconds,
    secrets,
    text,
)

NAME = "test"
HEADERS: tuple[str, ...] = ("pingju-timestamp", "pingju-signature")
_KINDS = ("charge", "refund", "dispute")


def configured() -> bool:
    return bool(secrets(NAME).get("secret"))


def sign(body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a notice, as this provider sends them."""
    stamp = str(int(now.timestamp()))
    return {"Pingju-Timestamp": stamp, "Pingju-Signature": _mac(stamp, body)}


def verify(headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
    stamp = headers.get("pingju-timestamp", "")
    signature = headers.get("pingju-signature", "")
    if not hmac.compare_digest(_mac(stamp, body).encode(), signature.encode()):
        raise forged("bad_signature" if signature else "unsigned")
    fresh(seconds(stamp), now)
    said = document(body)
    event_id, kind = identity(said.get("id")), said.get("kind")
    if said.get("merchant") != "test":
        raise not_ours("other_merchant", Event(event_id, text(kind, 60)))
    if kind not in _KINDS:
        return Event(event_id, text(kind, 60), ignored="not_a_payment")
    return Event(event_id, kind, (_fact(said, kind),))


def answer(status: int, code: str) -> Answer:
    return Answer(status, '{"received": true}' if status == 200 else f'{{"error": "{code}"}}')


def _mac(stamp: str, body: bytes) -> str:
    key = secrets(NAME)["secret"].encode()
    return hmac.new(key, stamp.encode() + b"." + body, sha256).hexdigest()


def _fact(said: dict[str, Any], kind: Any) -> Fact:
    object_id = identity(said.get("object"))
    refund_of = text(said.get("refund_of")) or None
    if kind != "charge" and refund_of is None:
        raise malformed("refund_of_nothing")
    return Fact(
        row=0,
        kind=kind,
        provider="test",
        event_id=f"{kind}:{object_id}",
        object_id=object_id,
        minor=minor(said.get("minor")),
        currency=currency_code(said.get("currency")),
        occurred_at=moment(said.get("at")),
        payer=text(said.get("payer"), 160),
        payer_account="",
        subject=text(said.get("subject"), 255),
        method="",
        refund_of=refund_of,
        raw={},
        merchant_order=text(said.get("order"), 64),
    )
