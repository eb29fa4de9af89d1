"""What a signed notice says, and the ways to refuse one."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.conf import settings

from crm.bills import Fact, exponent
from crm.bills.facts import Kind, Provider

WINDOW_SECONDS = 300
MAX_MINOR = 10**15


@dataclass(frozen=True)
class Event:
    """A genuine notice. `ignored` says why it is no payment; then there are no facts."""

    event_id: str
    kind: str
    facts: tuple[Fact, ...] = ()
    ignored: str = ""


@dataclass(frozen=True)
class Answer:
    """What goes back to the provider."""

    status: int
    body: str
    content_type: str = "application/json"


class Refusal(Exception):
    """A notice that books nothing. `code` goes into logs and answers, never the payload.

    `event` is set where the signature held: then the notice is kept as received and listed.
    """

    def __init__(self, status: int, code: str, event: Event | None = None) -> None:
        super().__init__(code)
        self.status = status
        self.code = code
        self.event = event


def forged(code: str) -> Refusal:
    """Unsigned, signed by somebody else, or not of now."""
    return Refusal(401, code)


def malformed(code: str) -> Refusal:
    """Not in the shape that the provider documents."""
    return Refusal(400, code)


def not_ours(code: str, event: Event) -> Refusal:
    """Genuine, but for another account or of another amount."""
    return Refusal(422, code, event)


def secrets(provider: str) -> Mapping[str, str]:
    """The provider's settings (`config/payments.py`), empty where it is not set up."""
    found: Mapping[str, str] = settings.PAYMENTS.get(provider, {})
    return found


def fresh(sent: int | float, now: datetime) -> None:
    """Raises `Refusal` for a notice sent more than five minutes ago or ahead of our clock."""
    if abs(now.timestamp() - sent) > WINDOW_SECONDS:
        raise forged("stale" if sent < now.timestamp() else "future")


def seconds(text: str) -> int:
    """Unix seconds of a header; refuses everything else (int() takes signs, blanks and ١٢)."""
    if not (text.isascii() and text.isdigit() and len(text) <= 12):
        raise forged("bad_timestamp")
    return int(text)


def moment(unix: Any) -> datetime:
    """A moment from Unix seconds of a payload."""
    if isinstance(unix, bool) or not isinstance(unix, int) or not 0 < unix < 10**11:
        raise malformed("bad_time")
    return datetime.fromtimestamp(unix, UTC)


def document(body: bytes) -> dict[str, Any]:
    """The JSON object in a body."""
    try:
        found = json.loads(body)
    except (ValueError, RecursionError) as error:
        raise malformed("not_json") from error
    if not isinstance(found, dict):
        raise malformed("not_an_object")
    return found


def part(value: Any) -> dict[str, Any]:
    """A nested object of a payload."""
    if not isinstance(value, dict):
        raise malformed("not_an_object")
    return value


def text(value: Any, limit: int = 128) -> str:
    """A text of a payload; nothing where there is none, nothing longer than the ledger holds."""
    if value is None:
        return ""
    if not isinstance(value, str) or not _can_be_kept(value):
        raise malformed("not_a_text")
    return value[:limit]


def identity(value: Any) -> str:
    """A provider's id: there, a text, and short enough to be kept whole."""
    if not isinstance(value, str) or not value.strip() or len(value) > 100:
        raise malformed("bad_id")
    return text(value)


def _can_be_kept(value: str) -> bool:
    """PostgreSQL keeps neither NUL nor half a surrogate pair, both of which JSON can spell."""
    return "\x00" not in value and not any("\ud800" <= sign <= "\udfff" for sign in value)


def minor(value: Any) -> int:
    """An amount in minor units as a payload states it: a positive whole number."""
    if isinstance(value, bool) or not isinstance(value, int) or not 0 < value <= MAX_MINOR:
        raise malformed("bad_amount")
    return value


def currency_code(value: Any) -> str:
    """An ISO 4217 code in capitals."""
    code = text(value, 8).upper()
    if len(code) != 3 or not (code.isascii() and code.isalpha()):
        raise malformed("bad_currency")
    exponent(code)
    return code


def fact(
    provider: Provider,
    kind: Kind,
    object_id: str,
    *,
    minor: int,
    currency: str,
    occurred_at: datetime,
    payer: Any = None,
    account: Any = None,
    subject: Any = None,
    method: Any = None,
    refund_of: str | None = None,
    order: Any = None,
    raw: dict[str, str] | None = None,
    refunded_total: int | None = None,
) -> Fact:
    """The fact of a payload, its texts no longer than the ledger holds; a charge refunds nothing."""
    return Fact(
        row=0,
        kind=kind,
        provider=provider,
        event_id=f"{kind}:{object_id}",
        object_id=object_id,
        minor=minor,
        currency=currency,
        occurred_at=occurred_at,
        payer=text(payer, 160),
        payer_account=text(account, 160),
        subject=text(subject, 255),
        method=text(method),
        refund_of=None if kind == "charge" else refund_of,
        raw=raw or {},
        merchant_order=text(order, 64),
        refunded_total=refunded_total,
    )


def spoken(status: int, code: str) -> Answer:
    """An answer for providers that read the status only."""
    return Answer(status, '{"received": true}' if status == 200 else f'{{"error": "{code}"}}')
