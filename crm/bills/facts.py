"""What a bill says: ledger facts, and for every other row why it is none."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

Kind = Literal["charge", "refund", "dispute"]
Provider = Literal["alipay", "wechat", "stripe", "csv", "test"]
Perspective = Literal["receiver", "payer"]


class BillError(ValueError):
    """The whole file cannot be read. `row` is 1-based or None; `message` names the remedy."""

    def __init__(self, code: str, message: str, row: int | None = None) -> None:
        super().__init__(f"row {row}: {message}" if row is not None else message)
        self.code = code
        self.row = row
        self.message = message


@dataclass(frozen=True)
class Fact:
    """One movement of money. `minor` is in minor units of `currency` (ISO 4217), positive unless
    money of that kind came back: a dispute won, a refund that failed after all.

    `event_id` names this fact among all facts of its provider, `object_id` the provider's object
    (order, refund); both are the same whichever export of the bill the row is read from.
    `refund_of` is the `object_id` of the charge, None where the file does not say. `payer` is the
    other party as the bill names it. `raw` is the row by column name. `merchant_order` is our own
    order number. `refunded_total` is what has been refunded of the charge up to and with this
    refund, where the provider says only that (Alipay's notices); `minor` is then the same number.
    """

    row: int
    kind: Kind
    provider: Provider
    event_id: str
    object_id: str
    minor: int
    currency: str
    occurred_at: datetime
    payer: str
    payer_account: str
    subject: str
    method: str
    refund_of: str | None
    raw: dict[str, str]
    merchant_order: str = ""
    refunded_total: int | None = None


@dataclass(frozen=True)
class Ignored:
    """A readable row that is no fact of this ledger, with the reason in English."""

    row: int
    reason: str
    code: str
    raw: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be read, with the reason in English."""

    row: int
    reason: str
    code: str
    raw: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Declared:
    """A total the file states about itself: how many rows, how much, None where not stated."""

    label: str
    row: int
    count: int | None = None
    minor: int | None = None
    currency: str = "CNY"


@dataclass(frozen=True)
class Notice:
    """Something a person should look at before booking. `str()` is the English sentence."""

    code: str
    message: str
    row: int | None = None

    def __str__(self) -> str:
        return self.message if self.row is None else f"row {self.row}: {self.message}"


@dataclass(frozen=True)
class Bill:
    """A read bill. Every data row is in exactly one of facts, ignored and rejected.

    `rows` counts data rows. A row whose status reports a refund gives two facts (charge and
    refund) with one row number, so count rows by distinct `row`. `totals` are minor units per
    currency and kind over `facts`. `account` is whose bill it is, where the file says.
    """

    format: str
    variant: str
    facts: tuple[Fact, ...]
    ignored: tuple[Ignored, ...]
    rejected: tuple[Rejected, ...]
    totals: Mapping[str, Mapping[str, int]]
    declared: tuple[Declared, ...]
    warnings: tuple[Notice, ...]
    encoding: str
    rows: int
    account: str = ""
