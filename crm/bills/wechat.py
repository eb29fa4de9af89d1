"""WeChat Pay personal statement (微信支付账单明细), csv or xlsx: 16 lines of preamble, 11 columns.

The transaction number alone does not name a row: reprinted samples and merged orders repeat it.
`object_id` is therefore the number plus a digest of time, type, direction and amount, which no
export format changes; status, remark and nickname, which do change, stay out of it.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Sequence

from crm.bills.booking import Booking
from crm.bills.facts import Bill, BillError, Perspective
from crm.bills.personal import Entry, Money, book_entries, compare_totals, read_money
from crm.bills.sheets import Columns, Row, Sheet, by_name, find_header, normal_name

REQUIRED = ("交易时间", "交易类型", "交易对方", "收/支", "金额(元)", "当前状态", "交易单号")
_NEEDED = frozenset(normal_name(name) for name in REQUIRED)
_ACCOUNT = re.compile(r"微信昵称[:：]\s*\[(.*?)\]")


def read(sheets: Sequence[Sheet], perspective: Perspective) -> Bill:
    """The bill of the first sheet that has the header.

    A second sheet with the same rows is noted; one with other rows raises BillError
    `several_sheets`, because row numbers would name two rows each.
    """
    found = [(sheet, at) for sheet in sheets if (at := find_header(sheet, REQUIRED)) is not None]
    if not found:
        raise BillError(
            "no_header",
            "No row holds the columns of a WeChat Pay statement (交易时间, 交易类型 … 交易单号). "
            "Download the bill again as csv or xlsx.",
        )
    sheet, header = found[0]
    booking = Booking("wechat", "personal", sheet.encoding)
    entries = _entries(booking, sheet, header)
    monies = _monies(booking, entries)
    for other, at in found[1:]:
        _compare_sheets(booking, sheet, monies, other, at)
    for row in sheet.rows[:header]:
        owner = _ACCOUNT.search(row.line or ",".join(row.cells))
        booking.account = owner.group(1) if owner else booking.account
    book_entries(booking, monies, "wechat", perspective)
    rows = len(entries) + sum(1 for item in booking.rejected if item.code == "columns")
    compare_totals(booking, sheet.rows[:header], monies, rows)
    return booking.finish()


def _entries(booking: Booking, sheet: Sheet, header: int) -> list[Entry]:
    columns = Columns(sheet.rows[header].cells)
    entries = []
    for row in sheet.rows[header + 1 :]:
        if not any(row.cells):
            continue
        raw = columns.raw(row.cells)
        cell = by_name(raw)
        if not cell.keys() >= _NEEDED or any(row.cells[len(columns.names) :]):
            booking.reject(row.number, "columns", _width_reason(row, columns), raw)
            continue
        entries.append(
            Entry(
                row=row.number,
                time=cell["交易时间"],
                type=cell["交易类型"],
                peer=cell["交易对方"],
                peer_account="",
                item=cell.get("商品", ""),
                direction=cell["收/支"],
                amount=cell["金额(元)"],
                method=cell.get("支付方式", ""),
                status=cell["当前状态"],
                order=cell["交易单号"],
                merchant_order=cell.get("商户单号", ""),
                raw=raw,
            )
        )
    return entries


def _width_reason(row: Row, columns: Columns) -> str:
    return f"The row has {len(row.cells)} columns; the header has {columns.width}."


def _monies(booking: Booking, entries: Sequence[Entry]) -> list[Money]:
    monies = []
    for entry in entries:
        money = read_money(entry, "")
        if isinstance(money, tuple):
            booking.reject(entry.row, *money, entry.raw)
        else:
            monies.append(_named(money))
    return monies


def _named(money: Money) -> Money:
    facts = (money.at.isoformat(), money.entry.type, money.direction, str(money.minor))
    digest = hashlib.sha256("|".join(facts).encode()).hexdigest()[:12]
    object_id = f"{money.entry.order}:{digest}"
    return Money(money.entry, money.at, money.minor, money.direction, object_id)


def _compare_sheets(
    booking: Booking, sheet: Sheet, monies: Sequence[Money], other: Sheet, at: int
) -> None:
    scratch = Booking("wechat", "personal", other.encoding)
    repeated = _monies(scratch, _entries(scratch, other, at))
    if {money.object_id for money in repeated} != {money.object_id for money in monies}:
        raise BillError(
            "several_sheets",
            f"The sheets {sheet.name!r} and {other.name!r} hold different bills. Save each as a "
            "file of its own.",
        )
    booking.warn(
        "sheet_repeated",
        f"The sheet {other.name!r} holds the same transactions as {sheet.name!r} and was not "
        "read twice.",
    )
