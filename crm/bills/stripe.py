"""Stripe exports: balance history, itemised balance report, and the payments (charges) list.

Balance rows are facts by their category: charge and payment, refund, dispute, and what came back
of these two. Payouts, fees and transfers are ignored by name. The payments list has no refund rows, so its Amount
Refunded becomes one refund per payment, with a warning: the balance export names each refund and
is the better source. Times are UTC, amounts decimal in major units, zero-decimal currencies whole.
Source: docs.stripe.com/reports/balance-transaction-types and /reports/report-types/balance.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from crm.bills.booking import Booking
from crm.bills.clock import moment
from crm.bills.facts import Bill, Fact, Kind
from crm.bills.money import AmountError, minor_units
from crm.bills.sheets import Columns, Sheet, by_name, normal_name, quoted_rows

# Each role under the names different exports give it, spelled as `normal_name` does.
_NAMES: dict[str, tuple[str, ...]] = {
    "transaction": ("balance_transaction_id", "id"),
    "source": ("source_id", "source", "charge_id", "id"),
    "charge": ("charge_id",),
    "category": ("reporting_category", "type"),
    "amount": ("gross", "amount"),
    "currency": ("currency",),
    "time": ("created_utc", "created(utc)", "createddate(utc)", "created"),
    "status": ("status",),
    "refunded": ("amountrefunded",),
    "refunded_at": ("refundeddate(utc)",),
    "payer": ("customer_name", "customername", "cardname", "customerdescription", "customer_id"),
    "account": ("customer_email", "customeremail"),
    "subject": ("description",),
    "method": ("payment_method_type", "paymentsourcetype", "cardbrand"),
}
_CHARGES = {"charge", "payment"}
_REFUNDS = {"refund", "payment_refund"}
_DISPUTES = {"dispute"}
# Money of a dispute won, or of a refund that failed after all: the same object, the other way.
_RETURNED: dict[str, tuple[Kind, str]] = {
    "dispute_reversal": ("dispute", "won"),
    "refund_failure": ("refund", "failed"),
}
_PAID = {"paid", "succeeded", "refunded", "partial refund", "partially refunded", "disputed"}


@dataclass(frozen=True)
class _Layout:
    variant: str
    required: frozenset[str]


_LAYOUTS = (
    _Layout("itemised", frozenset({"balance_transaction_id", "currency", "reporting_category"})),
    _Layout("balance", frozenset({"id", "type", "source", "amount", "currency"})),
    _Layout("payments", frozenset({"id", "amount", "currency", "status"})),
)


def layout_of(names: Sequence[str]) -> str | None:
    """`itemised`, `balance` or `payments` by the header's names, or None."""
    normal = {normal_name(name) for name in names}
    timed = any(name in normal for name in _NAMES["time"])
    for layout in _LAYOUTS:
        if timed and layout.required <= normal:
            return layout.variant
    return None


def read(sheet: Sheet) -> Bill:
    """The export in `sheet`, whose first filled row is the header."""
    rows = quoted_rows(sheet)
    columns = Columns(rows[0].cells)
    variant = layout_of(columns.names) or "payments"
    booking = Booking("stripe", variant, sheet.encoding)
    for row in rows[1:]:
        raw = columns.raw(row.cells)
        if len(row.cells) < columns.width:
            reason = f"The row has {len(row.cells)} columns; the header has {columns.width}."
            booking.reject(row.number, "columns", reason, raw)
            continue
        _row(booking, row.number, raw, variant)
    return booking.finish()


def _row(booking: Booking, number: int, raw: dict[str, str], variant: str) -> None:
    cell = by_name(raw)
    role = {
        name: next((cell[option] for option in options if cell.get(option)), "")
        for name, options in _NAMES.items()
    }
    currency = role["currency"].upper()
    at = moment(role["time"], UTC)
    if not role["transaction"]:
        booking.reject(number, "missing_id", "The row has no id.", raw)
    elif at is None:
        reason = f"The time {role['time'][:40]!r} cannot be read."
        booking.reject(number, "bad_time", reason, raw)
    elif len(currency) != 3 or not currency.isalpha():
        reason = f"The currency {currency[:10]!r} is no ISO code."
        booking.reject(number, "bad_currency", reason, raw)
    else:
        try:
            minor = minor_units(role["amount"], currency)
            refunded = minor_units(role["refunded"] or "0", currency)
        except AmountError as error:
            booking.reject(number, error.code, f"{error}.", raw)
            return
        line = _Line(number, raw, role, at, currency, minor, refunded)
        (_payment if variant == "payments" else _balance)(booking, line)


@dataclass(frozen=True)
class _Line:
    number: int
    raw: dict[str, str]
    role: Mapping[str, str]
    at: datetime
    currency: str
    minor: int
    refunded: int

    def fact(self, kind: Kind, object_id: str, minor: int, refund_of: str | None = None) -> Fact:
        return Fact(
            row=self.number,
            kind=kind,
            provider="stripe",
            event_id=f"{kind}:{object_id}",
            object_id=object_id,
            minor=abs(minor),
            currency=self.currency,
            occurred_at=self.at,
            payer=self.role["payer"],
            payer_account=self.role["account"],
            subject=self.role["subject"],
            method=self.role["method"],
            refund_of=refund_of,
            raw=self.raw,
        )


def _balance(booking: Booking, line: _Line) -> None:
    category = line.role["category"].lower()
    source = line.role["source"] or line.role["transaction"]
    charge = line.role["charge"] or None
    if line.minor == 0:
        booking.ignore(line.number, "zero", "The amount is zero.", line.raw)
    elif category in _CHARGES and line.minor > 0:
        booking.book(line.fact("charge", source, line.minor))
    elif category in _REFUNDS and line.minor < 0:
        booking.book(line.fact("refund", source, line.minor, charge))
    elif category in _DISPUTES and line.minor < 0:
        booking.book(line.fact("dispute", source, line.minor, charge))
    elif category in _RETURNED and line.minor > 0:
        kind, word = _RETURNED[category]
        booking.book(
            replace(line.fact(kind, f"{source}:{word}", line.minor, charge), minor=-line.minor)
        )
    else:
        reason = f"A Stripe balance row of category {category[:40]!r} is no payment by a creator."
        booking.ignore(line.number, "not_a_payment", reason, line.raw)


def _payment(booking: Booking, line: _Line) -> None:
    status = line.role["status"].lower()
    charge = line.role["source"]
    if status not in _PAID:
        reason = f"The payment did not succeed ({status[:40]})."
        booking.ignore(line.number, "not_completed", reason, line.raw)
    elif line.minor <= 0:
        booking.ignore(line.number, "zero", "The amount is zero.", line.raw)
    elif line.refunded < 0 or line.refunded > line.minor:
        reason = "Amount Refunded is larger than Amount."
        booking.reject(line.number, "refund_exceeds", reason, line.raw)
    elif line.refunded == 0:
        booking.book(line.fact("charge", charge, line.minor))
    else:
        booking.warn(
            "refund_by_status",
            "The refund is taken from Amount Refunded; the balance export names each refund.",
            line.number,
        )
        refund = line.fact("refund", f"{charge}:refund", line.refunded, charge)
        booking.book(line.fact("charge", charge, line.minor), refund)
