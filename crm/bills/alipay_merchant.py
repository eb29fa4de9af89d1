"""Alipay merchant trade bill (业务明细): `#` lines around 25 columns, one row per 交易 or 退款.

A charge is Alipay's trade number. A refund row repeats that number and adds the request number
(退款批次号/请求号, `out_request_no` of the refund interface), so the refund's object is
`trade:request`. Amount is 订单金额, what the payment notice calls total_amount.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm.bills.booking import Booking
from crm.bills.clock import SHANGHAI, moment
from crm.bills.facts import Bill, Declared, Fact
from crm.bills.money import AmountError, minor_units
from crm.bills.sheets import Columns, Row, Sheet, by_name, find_header

REQUIRED = ("支付宝交易号", "商户订单号", "业务类型", "订单金额(元)")
# Some gateways that pass the bill on shorten the first column's name.
_REQUIRED_SHORT = ("交易号", "商户订单号", "业务类型", "订单金额(元)")
_TOTAL = re.compile(
    r"(?P<kind>交易|退款)合计\s*[:：]\s*(?P<count>\d+)\s*笔.*?商家实收(?:退款)?共?\s*(?P<sum>-?[\d,.]+)\s*元"
)
_KINDS = {"交易": "charge", "退款": "refund"}
_ACCOUNT = re.compile(r"账号\s*[:：]\s*\[([^\]]+)\]")
_CURRENCY = "CNY"


def header_of(sheet: Sheet) -> int | None:
    """Index of the header row, or None."""
    at = find_header(sheet, REQUIRED)
    return find_header(sheet, _REQUIRED_SHORT) if at is None else at


def read(sheet: Sheet, header: int) -> Bill:
    """The bill whose header row is at index `header`."""
    columns = Columns(sheet.rows[header].cells)
    booking = Booking("alipay", "merchant", sheet.encoding)
    received = {"交易": [0, 0], "退款": [0, 0]}
    furniture = list(sheet.rows[:header])
    for index, row in enumerate(sheet.rows[header + 1 :], header + 1):
        if not any(row.cells):
            continue
        if row.cells[0].startswith(("#", "---")):
            furniture += sheet.rows[index:]
            break
        raw = columns.raw(row.cells)
        if len(row.cells) < columns.width or any(row.cells[columns.width :]):
            reason = f"The row has {len(row.cells)} columns; the header has {columns.width}."
            booking.reject(row.number, "columns", reason, raw)
            continue
        _row(booking, row.number, raw, received)
    _compare(booking, furniture, received)
    return booking.finish()


def _row(
    booking: Booking, number: int, raw: dict[str, str], received: dict[str, list[int]]
) -> None:
    cell = by_name(raw)
    trade = cell.get("支付宝交易号") or cell.get("交易号", "")
    business = cell["业务类型"]
    time = cell.get("完成时间") or cell.get("创建时间", "")
    at = moment(time, SHANGHAI)
    if not trade:
        booking.reject(number, "missing_id", "The row has no Alipay trade number.", raw)
        return
    if at is None:
        booking.reject(number, "bad_time", f"The time {time[:40]!r} cannot be read.", raw)
        return
    try:
        minor = minor_units(cell["订单金额(元)"], _CURRENCY)
        got = minor_units(cell.get("商家实收(元)") or "0", _CURRENCY)
    except AmountError as error:
        booking.reject(number, error.code, f"{error}.", raw)
        return
    if business not in received:
        reason = f"{business[:20]!r} is neither a trade nor a refund."
        booking.ignore(number, "not_a_payment", reason, raw)
        return
    received[business][0] += 1
    received[business][1] += got
    is_charge = business == "交易"
    if minor == 0 or (is_charge and minor < 0):
        booking.ignore(number, "zero", "The row is over nothing.", raw)
        return
    request = cell.get("退款批次号/请求号") or at.strftime("%Y%m%d%H%M%S")
    object_id = trade if is_charge else f"{trade}:{request}"
    party = cell.get("对方账户", "")
    booking.book(
        Fact(
            row=number,
            kind="charge" if is_charge else "refund",
            provider="alipay",
            event_id=f"{'charge' if is_charge else 'refund'}:{object_id}",
            object_id=object_id,
            minor=abs(minor),
            currency=_CURRENCY,
            occurred_at=at,
            payer=party.split("(")[0],
            payer_account=party,
            subject=cell.get("商品名称", ""),
            method="",
            refund_of=None if is_charge else trade,
            raw=raw,
            merchant_order=cell["商户订单号"],
        )
    )


def _compare(booking: Booking, furniture: Sequence[Row], received: dict[str, list[int]]) -> None:
    for row in furniture:
        line = row.line or ",".join(row.cells)
        owner = _ACCOUNT.search(line)
        booking.account = owner.group(1) if owner and not booking.account else booking.account
        for stated in _TOTAL.finditer(line):
            count, minor = received[stated["kind"]]
            total = booking.declared_minor(stated["sum"], _CURRENCY, row.number)
            label = f"{stated['kind']}合计"
            declared = Declared(label, row.number, int(stated["count"]), total)
            booking.compare(declared, count, abs(minor))
