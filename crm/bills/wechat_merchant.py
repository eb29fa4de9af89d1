"""WeChat Pay merchant trade bill (交易账单): every value behind a back-tick, summary at the end.

Columns are found by name, because the three kinds of bill differ (ALL 27, SUCCESS 20, REFUND 29
columns; older ones 24). SUCCESS rows are charges, REFUND rows refunds with their own refund
number, REVOKED rows charges taken back. Amounts are those the pay and refund notices state
(订单金额, 申请退款金额); older bills have only 应结订单金额 or 总金额, and 退款金额.
Source: pay.weixin.qq.com, v3 "申请交易账单", description of the columns.
"""

from __future__ import annotations

from collections.abc import Sequence

from crm.bills.booking import Booking
from crm.bills.clock import SHANGHAI, moment
from crm.bills.facts import Bill, Declared, Fact
from crm.bills.money import AmountError, minor_units
from crm.bills.sheets import Columns, Row, Sheet, by_name, clean, find_header, normal_name

REQUIRED = ("交易时间", "商户号", "微信订单号", "商户订单号", "交易状态")
_SUMMARY_START = "总交易单数"
_CHARGE_AMOUNT = ("订单金额", "应结订单金额", "总金额")
_REFUND_AMOUNT = ("申请退款金额", "退款金额")
_CHARGE_TOTAL = ("订单总金额", "应结订单总金额", "总交易额")
_REFUND_TOTAL = ("申请退款总金额", "退款总金额", "总退款金额")
_SUMMARY = (("charge", _CHARGE_TOTAL), ("refund", _REFUND_TOTAL))


def header_of(sheet: Sheet) -> int | None:
    """Index of the header row, or None."""
    return find_header(sheet, REQUIRED)


def read(sheet: Sheet, header: int) -> Bill:
    """The bill whose header row is at index `header`."""
    columns = Columns(sheet.rows[header].cells)
    booking = Booking("wechat-merchant", f"{columns.width} columns", sheet.encoding)
    rows = 0
    for index, row in enumerate(sheet.rows[header + 1 :], header + 1):
        cells = _cells(row)
        if not any(cells):
            continue
        if normal_name(cells[0]) == _SUMMARY_START:
            _summary(booking, [r for r in sheet.rows[index:] if any(r.cells)], rows)
            break
        rows += 1
        raw = columns.raw(cells)
        if len(cells) != columns.width:
            reason = f"The row has {len(cells)} columns; the header has {columns.width}."
            booking.reject(row.number, "columns", reason, raw)
            continue
        _row(booking, row.number, raw)
    else:
        booking.warn("no_summary", "The summary at the end is missing; the bill may be cut off.")
    return booking.finish()


def _cells(row: Row) -> tuple[str, ...]:
    """Values are separated by comma and back-tick, so a comma in a product name splits nothing."""
    if row.line.startswith("`"):
        return tuple(clean(cell) for cell in row.line[1:].split(",`"))
    return row.cells


def _first(cell: dict[str, str], names: Sequence[str]) -> str:
    return next((cell[name] for name in names if cell.get(name)), "")


def _row(booking: Booking, number: int, raw: dict[str, str]) -> None:
    cell = by_name(raw)
    status = cell["交易状态"].upper()
    order = cell["微信订单号"]
    currency = (cell.get("货币种类") or "CNY").upper()
    if not order or order == "0":
        booking.reject(number, "missing_id", "The row has no WeChat order number.", raw)
        return
    if status not in {"SUCCESS", "REFUND", "REVOKED"}:
        reason = f"The status {status[:20]!r} is neither SUCCESS, REFUND nor REVOKED."
        booking.reject(number, "unknown_status", reason, raw)
        return
    is_charge = status == "SUCCESS"
    time = (not is_charge and cell.get("退款成功时间")) or cell["交易时间"]
    at = moment(time, SHANGHAI)
    if at is None:
        booking.reject(number, "bad_time", f"The time {time[:40]!r} cannot be read.", raw)
        return
    try:
        text = _first(cell, _CHARGE_AMOUNT if is_charge else _REFUND_AMOUNT)
        # Old bills write refunds as negative numbers, new ones as positive.
        minor = abs(minor_units(text, currency))
    except AmountError as error:
        booking.reject(number, error.code, f"{error}.", raw)
        return
    if minor == 0:
        booking.ignore(number, "zero", f"A {status} row over nothing.", raw)
        return
    refund_status = cell.get("退款状态", "").upper()
    if not is_charge and refund_status not in {"", "SUCCESS"}:
        reason = f"The refund is not completed ({refund_status[:20]})."
        booking.ignore(number, "pending", reason, raw)
        return
    refund = "" if is_charge else _refund_id(cell, order)
    booking.book(
        Fact(
            row=number,
            kind="charge" if is_charge else "refund",
            provider="wechat",
            event_id=f"charge:{order}" if is_charge else f"refund:{refund}",
            object_id=order if is_charge else refund,
            minor=minor,
            currency=currency,
            occurred_at=at,
            payer=cell.get("用户标识", ""),
            payer_account=cell.get("用户标识", ""),
            subject=cell.get("商品名称", ""),
            method=cell.get("付款银行", ""),
            refund_of=None if is_charge else order,
            raw=raw,
            merchant_order=cell["商户订单号"],
        )
    )


def _refund_id(cell: dict[str, str], order: str) -> str:
    number = cell.get("微信退款单号", "")
    return number if number not in {"", "0"} else f"{order}:revoked"


def _summary(booking: Booking, rows: Sequence[Row], count: int) -> None:
    """Compare the two summary lines (names, values) with what the rows add up to."""
    names = [normal_name(name) for name in _cells(rows[0])]
    if len(rows) < 2:
        booking.warn("no_summary", "The summary line has no values.", rows[0].number)
        return
    values = dict(zip(names, _cells(rows[1]), strict=False))
    line = rows[1].number
    stated = values.get(_SUMMARY_START, "")
    if stated.isdigit():
        booking.compare(Declared("all rows", line, int(stated)), count, None)
    # Amounts of all currencies are summed in one number there; only one currency can be compared.
    currencies = {fact.currency for fact in booking.facts} or {"CNY"}
    if len(currencies) > 1:
        booking.warn("mixed_currencies", "The summary mixes currencies; not compared.", line)
        return
    currency = currencies.pop()
    for kind, labels in _SUMMARY:
        label = next((name for name in labels if values.get(name)), None)
        if label is None:
            continue
        declared = booking.declared_minor(values[label], currency, line)
        computed = sum(fact.minor for fact in booking.facts if fact.kind == kind)
        booking.compare(Declared(label, line, None, declared, currency), None, computed)
