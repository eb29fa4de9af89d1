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
from typing import Any, Final

from crm.bills import Fact
from crm.webhooks import events
from crm.webhooks.events import Event

NAME: Final = "test"
HEADERS: tuple[str, ...] = ("pingju-timestamp", "pingju-signature")
_KINDS = ("charge", "refund", "dispute")


def configured() -> bool:
    return bool(events.secrets(NAME).get("secret"))


def sign(body: bytes, now: datetime) -> dict[str, str]:
    """The headers of a notice, as this provider sends them."""
    stamp = str(int(now.timestamp()))
    return {"Pingju-Timestamp": stamp, "Pingju-Signature": _mac(stamp, body)}


def verify(headers: Mapping[str, str], body: bytes, now: datetime) -> Event:
    stamp = headers.get("pingju-timestamp", "")
    signature = headers.get("pingju-signature", "")
    if not hmac.compare_digest(_mac(stamp, body).encode(), signature.encode()):
        raise events.forged("bad_signature" if signature else "unsigned")
    events.fresh(events.seconds(stamp), now)
    said = events.document(body)
    event_id, kind = events.identity(said.get("id")), said.get("kind")
    if said.get("merchant") != "test":
        raise events.not_ours("other_merchant", Event(event_id, events.text(kind, 60)))
    if kind not in _KINDS:
        return Event(event_id, events.text(kind, 60), ignored="not_a_payment")
    return Event(event_id, kind, (_fact(said, kind),))


answer = events.spoken


def _mac(stamp: str, body: bytes) -> str:
    key = events.secrets(NAME)["secret"].encode()
    return hmac.new(key, stamp.encode() + b"." + body, sha256).hexdigest()


def _fact(said: dict[str, Any], kind: Any) -> Fact:
    object_id = events.identity(said.get("object"))
    refund_of = events.text(said.get("refund_of")) or None
    if kind != "charge" and refund_of is None:
        raise events.malformed("refund_of_nothing")
    return events.fact(
        NAME,
        kind,
        object_id,
        minor=events.minor(said.get("minor")),
        currency=events.currency_code(said.get("currency")),
        occurred_at=events.moment(said.get("at")),
        payer=said.get("payer"),
        subject=said.get("subject"),
        refund_of=refund_of,
        order=said.get("order"),
    )
