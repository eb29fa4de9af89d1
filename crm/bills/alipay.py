"""Alipay personal statement: the app's export (12 columns) and the web site's (16, padded).

Both come in GB18030 with notes above the header; the web site's cells are padded with blanks and
tabs and every line ends in a comma. `object_id` is Alipay's transaction number; a refund's number
is the charge's with a suffix after `_` or `*`, or the same, and then gets its own suffix here.
"""

from __future__ import annotations

import re
from dataclasses import replace

from crm.bills.booking import Booking
from crm.bills.facts import Bill, BillError, Perspective
from crm.bills.personal import Entry, Money, book_entries, compare_totals, read_money
from crm.bills.sheets import Columns, Row, Sheet, by_name, find_header

# Columns by role, each under the names the exports of different years give it.
NAMES: dict[str, tuple[str, ...]] = {
    "order": ("交易订单号", "交易号"),
    "time": ("交易时间", "付款时间", "交易创建时间"),
    "direction": ("收/支",),
    "amount": ("金额", "金额(元)"),
    "status": ("交易状态",),
    "peer": ("交易对方",),
    "peer_account": ("对方账号",),
    "item": ("商品说明", "商品名称"),
    "method": ("收/付款方式",),
    "type": ("类型", "交易分类"),
    "category": ("交易分类",),
    "merchant_order": ("商家订单号", "商户订单号"),
    "refunded": ("成功退款(元)",),
}
_ESSENTIAL = ("order", "time", "direction", "amount", "status", "peer")
HEADERS = tuple(
    (order, "收/支", amount, "交易状态", "交易对方")
    for order in NAMES["order"]
    for amount in NAMES["amount"]
)
_ACCOUNT = re.compile(r"(?:支付宝账户|账号|支付宝账号)\s*[:：]\s*\[?([^\],\s]+)\]?")
_SUFFIXED = re.compile(r"([A-Za-z0-9]{8,})[_*].+")


def header_of(sheet: Sheet) -> int | None:
    """Index of the header row of a personal Alipay statement, or None."""
    for required in HEADERS:
        at = find_header(sheet, required)
        if at is not None:
            return at
    return None


def read(sheet: Sheet, header: int, perspective: Perspective) -> Bill:
    """The bill whose header row is at index `header`."""
    columns = Columns(sheet.rows[header].cells)
    variant = "web" if "资金状态" in columns.names else "app"
    booking = Booking("alipay", variant, sheet.encoding)
    entries, footer = _entries(booking, sheet, header)
    furniture = [*sheet.rows[:header], *footer]
    for row in furniture:
        owner = _ACCOUNT.search(row.line or ",".join(row.cells))
        booking.account = booking.account or (owner.group(1) if owner else "")
    monies = []
    for entry in entries:
        money = read_money(entry, entry.order)
        if isinstance(money, tuple):
            booking.reject(entry.row, *money, entry.raw)
        else:
            monies.append(_named(money))
    book_entries(booking, monies, "alipay", perspective)
    rows = len(entries) + sum(1 for item in booking.rejected if item.code == "columns")
    compare_totals(booking, furniture, monies, rows)
    return booking.finish()


def _entries(booking: Booking, sheet: Sheet, header: int) -> tuple[list[Entry], list[Row]]:
    columns = Columns(sheet.rows[header].cells)
    named = by_name({name: name for name in columns.names if name})
    missing = [role for role in _ESSENTIAL if not any(n in named for n in NAMES[role])]
    if missing:
        wanted = ", ".join(NAMES[role][0] for role in missing)
        raise BillError(
            "missing_column",
            f"The header lacks {wanted}. Download the bill again without removing columns.",
            sheet.rows[header].number,
        )
    entries: list[Entry] = []
    for index, row in enumerate(sheet.rows[header + 1 :], header + 1):
        if not any(row.cells):
            continue
        if row.cells[0].startswith(("---", "#")):
            return entries, list(sheet.rows[index:])
        raw = columns.raw(row.cells)
        if len(row.cells) < columns.width or any(row.cells[len(columns.names) :]):
            reason = f"The row has {len(row.cells)} columns; the header has {columns.width}."
            booking.reject(row.number, "columns", reason, raw)
            continue
        entries.append(_entry(row.number, raw))
    return entries, []


def _entry(row: int, raw: dict[str, str]) -> Entry:
    cell = by_name(raw)
    roles = {
        role: next((cell[name] for name in names if cell.get(name)), "")
        for role, names in NAMES.items()
    }
    return Entry(row=row, raw=raw, **roles)


def _named(money: Money) -> Money:
    """Tell refund rows from their charges: a suffixed number is split, a reused one completed."""
    if not money.is_refund_row:
        return money
    order = money.entry.order
    suffixed = _SUFFIXED.fullmatch(order)
    if suffixed is not None:
        return replace(money, charge_id=suffixed.group(1))
    stamp = money.at.strftime("%Y%m%d%H%M%S")
    return replace(money, object_id=f"{order}:refund:{stamp}:{money.minor}", charge_id=order)
