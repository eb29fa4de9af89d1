"""Any table by a saved mapping from its columns to ledger fields."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import tzinfo

from crm.bills.booking import Booking
from crm.bills.clock import SHANGHAI, moment
from crm.bills.facts import Bill, BillError, Fact, Kind
from crm.bills.money import AmountError, minor_units
from crm.bills.sheets import Columns, Row, Sheet, by_name, normal_name, quoted_rows

FIELDS: tuple[str, ...] = (
    "event_id",
    "object_id",
    "occurred_at",
    "amount",
    "currency",
    "kind",
    "payer",
    "payer_account",
    "subject",
    "method",
    "refund_of",
)
REQUIRED_FIELDS = ("occurred_at", "amount")
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(
        [
            "charge",
            "payment",
            "paid",
            "income",
            "credit",
            "sale",
            "收入",
            "收款",
            "支付",
            "付款",
            "交易",
            "充值",
            "订阅",
        ],
        "charge",
    ),
    **dict.fromkeys(["refund", "refunded", "退款", "退费"], "refund"),
    **dict.fromkeys(["dispute", "chargeback", "拒付", "争议"], "dispute"),
}
_DELIMITERS = (",", "\t", ";")
# Words in the names of columns, by the field they are for; the first column that has one wins.
_HINTS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("event_id", ("流水号", "事件", "eventid", "transactionid")),
    ("object_id", ("订单号", "订单编号", "单号", "orderid", "ordernumber", "order")),
    ("occurred_at", ("时间", "日期", "date", "time", "created", "paidat")),
    ("amount", ("金额", "实收", "实付", "amount", "total", "gross", "price")),
    ("currency", ("币种", "货币", "currency")),
    ("kind", ("类型", "type", "kind")),
    ("payer_account", ("账号", "账户", "邮箱", "手机", "email", "account", "phone")),
    ("payer", ("付款人", "买家", "客户", "昵称", "姓名", "payer", "buyer", "customer", "name")),
    ("subject", ("商品", "标题", "项目", "说明", "备注", "product", "description", "item")),
    ("method", ("支付方式", "渠道", "method", "channel")),
)


def read(
    sheet: Sheet,
    mapping: Mapping[str, str],
    *,
    currency: str | None = None,
    zone: tzinfo = SHANGHAI,
) -> Bill:
    """The table in `sheet` by `mapping` (column name → field of FIELDS).

    Without a kind column negative amounts are refunds, the others charges. Without an event_id
    column a row is named by a digest of its fields, counted where equal rows recur in the file,
    so importing the same file again finds duplicates. `currency` fills in for a missing column;
    times without an offset are in `zone`.
    """
    _check(mapping)
    rows, columns = _table(sheet, mapping)
    fields = {field: normal_name(column) for column, field in mapping.items()}
    if "currency" not in fields and currency is None:
        raise BillError(
            "missing_currency",
            "No column is mapped to currency. Map one, or state the currency of the file.",
            rows[0].number,
        )
    booking = Booking("csv", "mapped", sheet.encoding)
    seen: Counter[str] = Counter()
    for row in rows[1:]:
        raw = columns.raw(row.cells)
        named = by_name(raw)
        cell = {field: named.get(column, "") for field, column in fields.items()}
        cell.setdefault("currency", currency or "")
        _row(booking, row.number, raw, cell, zone, seen)
    return booking.finish()


def header(sheet: Sheet) -> Row:
    """The first row that looks like column names: two or more, all different, none a number.

    Raises BillError `no_header`.
    """
    for delimiter in _DELIMITERS if sheet.text else (",",):
        for row in quoted_rows(sheet, delimiter)[:60]:
            names = [normal_name(cell) for cell in row.cells if cell]
            if 2 <= len(names) == len(set(names)) and not any(map(_is_value, names)):
                return row
    raise BillError("no_header", "No row of the file holds column names.", 1)


def signature(names: Sequence[str]) -> str:
    """What a saved mapping is found by: the set of column names, whatever their order."""
    plain = sorted({normal_name(name) for name in names if name})
    return hashlib.sha256("\x1f".join(plain).encode("utf-8", "surrogatepass")).hexdigest()


def guess(names: Sequence[str]) -> dict[str, str]:
    """A first mapping, column → field, from what the columns are called."""
    found: dict[str, str] = {}
    for field, hints in _HINTS:
        for hint in hints:
            fitting = [name for name in names if name not in found and hint in normal_name(name)]
            if fitting:
                found[fitting[0]] = field
                break
    return found


def _is_value(name: str) -> bool:
    return name[:1].isdigit() or moment(name, SHANGHAI) is not None


def _check(mapping: Mapping[str, str]) -> None:
    unknown = sorted(set(mapping.values()) - set(FIELDS))
    if unknown:
        raise BillError(
            "unknown_field",
            f"There is no field {', '.join(unknown)}. Map columns to {', '.join(FIELDS)}.",
        )
    doubled = [field for field, count in Counter(mapping.values()).items() if count > 1]
    if doubled:
        raise BillError(
            "field_twice", f"Two columns are mapped to {', '.join(doubled)}. Choose one."
        )
    missing = [field for field in REQUIRED_FIELDS if field not in mapping.values()]
    if missing:
        raise BillError(
            "field_missing", f"No column is mapped to {', '.join(missing)}. Map one column to each."
        )


def _table(sheet: Sheet, mapping: Mapping[str, str]) -> tuple[list[Row], Columns]:
    """Rows from the header on: the first row, in any usual delimiter, that has every column."""
    wanted = {normal_name(column) for column in mapping}
    for delimiter in _DELIMITERS if sheet.text else (",",):
        rows = quoted_rows(sheet, delimiter)
        for index, row in enumerate(rows[:60]):
            if wanted <= {normal_name(cell) for cell in row.cells}:
                return rows[index:], Columns(row.cells)
    raise BillError(
        "missing_column",
        f"No row holds all mapped columns ({', '.join(mapping)}). Correct the column names.",
        1,
    )


def _row(
    booking: Booking,
    number: int,
    raw: dict[str, str],
    cell: dict[str, str],
    zone: tzinfo,
    seen: Counter[str],
) -> None:
    at = moment(cell["occurred_at"], zone)
    currency = cell["currency"].strip().upper()
    word = cell.get("kind", "").strip().lower()
    if at is None:
        reason = f"The time {cell['occurred_at'][:40]!r} cannot be read."
        booking.reject(number, "bad_time", reason, raw)
        return
    if len(currency) != 3 or not (currency.isascii() and currency.isalpha()):
        reason = f"The currency {currency[:10]!r} is no ISO code."
        booking.reject(number, "bad_currency", reason, raw)
        return
    try:
        minor = minor_units(cell["amount"], currency)
    except AmountError as error:
        booking.reject(number, error.code, f"{error}.", raw)
        return
    kind = _KINDS.get(word) if word else ("refund" if minor < 0 else "charge")
    if kind is None:
        reason = f"The kind {word[:20]!r} is neither charge, refund nor dispute."
        booking.ignore(number, "not_a_payment", reason, raw)
        return
    if minor == 0 or (kind == "charge" and minor < 0):
        reason = "A charge must be positive." if minor else "The amount is zero."
        booking.ignore(number, "zero" if not minor else "negative_charge", reason, raw)
        return
    object_id = cell.get("object_id") or cell.get("event_id") or _digest(cell, seen)
    booking.book(
        Fact(
            row=number,
            kind=kind,
            provider="csv",
            event_id=cell.get("event_id") or f"{kind}:{object_id}",
            object_id=object_id,
            minor=abs(minor),
            currency=currency,
            occurred_at=at,
            payer=cell.get("payer", ""),
            payer_account=cell.get("payer_account", ""),
            subject=cell.get("subject", ""),
            method=cell.get("method", ""),
            refund_of=cell.get("refund_of") or None,
            raw=raw,
        )
    )


def _digest(cell: Mapping[str, str], seen: Counter[str]) -> str:
    packed = "\x1f".join(f"{field}={cell[field]}" for field in FIELDS if field in cell)
    digest = hashlib.sha256(packed.encode("utf-8", "surrogatepass")).hexdigest()[:24]
    seen[digest] += 1
    return digest if seen[digest] == 1 else f"{digest}:{seen[digest]}"
