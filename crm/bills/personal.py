"""The statement of a personal account (WeChat or Alipay): which rows are whose money.

Semantics, from the providers' own notes in the exports and from published importers:

- `收/支` is seen from the account the bill belongs to. For the receiver (our team's account) 收入
  is a charge; 支出, and everything neutral (`/`, 不计收支, 其他: top-ups, withdrawals, savings, card
  repayments between own accounts), is no income. For the payer's view 支出 is the charge.
- A refund has its own row: WeChat writes a type ending in 退款, Alipay the category 退款 or the
  status 退款成功. It flows against the charge: for the receiver it is 支出, for the payer 收入 or
  (newer Alipay) 不计收支. A refund that flows the other way belongs to the account's other role.
- The refunded row itself also changes its status (已全额退款, 已退款(￥x), 对方已退还, older Alipay: the
  column 成功退款). Where the file holds no refund row for it, that status becomes a refund fact of
  the same row, dated like the charge because the file gives no other date, with a warning.
- 交易关闭, failed and still pending rows moved no money.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime

from crm.bills.booking import Booking
from crm.bills.clock import SHANGHAI, moment
from crm.bills.facts import Declared, Fact, Kind, Perspective, Provider
from crm.bills.money import AmountError, minor_units
from crm.bills.sheets import Row

CURRENCY = "CNY"
_INCOME, _EXPENSE, _NEUTRAL = "收入", "支出", "中性"
_NEUTRAL_WORDS = {"/", "", "不计收支", "中性交易", "其他", "其它"}
_DEAD = re.compile(r"关闭|失败|已取消|已撤销|超时|解冻")
_PENDING = re.compile(r"等待|^待|处理中|进行中|未到账|冻结")
_FULL_REFUND = re.compile(r"已全额退款|对方已退还|^已退还|^已退回")
_PART_REFUND = re.compile(r"已(?:部分)?退款\s*[(（]?\s*[¥￥]?\s*(?P<amount>\d[\d,]*(?:\.\d+)?)")
_SOME_REFUND = re.compile(r"已(?:部分)?退款")
_ROUNDED_ID = re.compile(r"\d(?:\.\d+)?E\+\d+", re.IGNORECASE)
_ROWS = re.compile(r"共\s*(\d+)\s*笔记录")
_SUM = re.compile(
    r"(?<!待)(?P<label>收入|支出|中性交易|不计收支|已收入|已支出)\s*[:：]\s*(?P<count>\d+)\s*笔\s*[,，]?"
    r"\s*(?P<amount>[\d,]+(?:\.\d+)?)\s*元"
)


@dataclass(frozen=True)
class Entry:
    """A row of a personal bill, cells still as written; `refunded` is Alipay's 成功退款."""

    row: int
    time: str
    type: str
    peer: str
    peer_account: str
    item: str
    direction: str
    amount: str
    method: str
    status: str
    order: str
    merchant_order: str
    raw: dict[str, str]
    category: str = ""
    refunded: str = ""


@dataclass(frozen=True)
class Money:
    """A readable entry: when, how much, which way, and what the provider calls it."""

    entry: Entry
    at: datetime
    minor: int
    direction: str
    object_id: str
    # The charge a refund row names by its own number, whether or not the file holds that charge.
    charge_id: str | None = None

    @property
    def is_refund_row(self) -> bool:
        """Whether the row is itself a refund, not a refunded transaction."""
        entry = self.entry
        return (
            entry.type.endswith("退款")
            or entry.category == "退款"
            or entry.status == "退款成功"
            or entry.item.startswith("退款-")
        )


def read_money(entry: Entry, object_id: str) -> Money | tuple[str, str]:
    """The readable entry, or (code, reason). `object_id` is completed by the provider."""
    if not entry.order or entry.order == "/":
        return "missing_id", "The row has no transaction number, so it could be booked twice."
    if _ROUNDED_ID.fullmatch(entry.order):
        return (
            "rounded_id",
            "A spreadsheet has rounded the transaction number. Import the file as downloaded.",
        )
    at = moment(entry.time, SHANGHAI)
    if at is None:
        return "bad_time", f"The time {entry.time[:40]!r} cannot be read."
    try:
        minor = minor_units(entry.amount, CURRENCY)
    except AmountError as error:
        return error.code, f"{error}."
    if minor < 0:
        return "negative_amount", "The amount is negative; this bill writes direction in words."
    direction = entry.direction if entry.direction in {_INCOME, _EXPENSE} else _NEUTRAL
    if direction == _NEUTRAL and entry.direction not in _NEUTRAL_WORDS:
        return "unknown_direction", f"The direction {entry.direction[:20]!r} is not known."
    return Money(entry, at, minor, direction, object_id)


def book_entries(
    booking: Booking, monies: Sequence[Money], provider: Provider, perspective: Perspective
) -> None:
    """Sort every readable row into facts and ignored rows."""
    income = _INCOME if perspective == "receiver" else _EXPENSE
    charges = [m for m in monies if m.direction == income and not m.is_refund_row and _moved(m)]
    refunds = [m for m in monies if _is_our_refund(m, perspective) and _moved(m)]
    charge_of = _match(refunds, charges)
    refunded = {charge.object_id for charge in charge_of.values()}
    for money in monies:
        if not _moved(money):
            code = "pending" if _PENDING.search(money.entry.status) else "not_completed"
            _ignore(booking, money, code, f"No money moved: {money.entry.status}.")
        elif money.minor == 0:
            _ignore(booking, money, "zero", "The amount is zero.")
        elif _is_our_refund(money, perspective):
            charge = charge_of.get(id(money))
            refund_of = charge.object_id if charge else money.charge_id
            booking.book(_fact(money, provider, "refund", refund_of))
        elif money.is_refund_row:
            reason = "A refund of the account's own payment, not of a charge in this ledger."
            _ignore(booking, money, "other_refund", reason)
        elif money.direction == income:
            charge_fact = _fact(money, provider, "charge", None)
            explicit = money.object_id in refunded
            booking.book(charge_fact, *_refund_by_status(booking, money, charge_fact, explicit))
        elif money.direction == _NEUTRAL:
            reason = f"Neutral transaction ({money.entry.type or money.entry.category})."
            _ignore(booking, money, "neutral", f"{reason} Money stays with the same owner.")
        elif perspective == "receiver":
            _ignore(booking, money, "money_out", "Money out, not income.")
        else:
            _ignore(booking, money, "money_in", "Money in, not an expense.")


def _moved(money: Money) -> bool:
    status = money.entry.status
    return not (_DEAD.search(status) or _PENDING.search(status))


def _is_our_refund(money: Money, perspective: Perspective) -> bool:
    if not money.is_refund_row:
        return False
    if perspective == "receiver":
        return money.direction == _EXPENSE
    return money.direction in {_INCOME, _NEUTRAL}


def _match(refunds: Sequence[Money], charges: Sequence[Money]) -> dict[int, Money]:
    """The charge each refund row belongs to, by the identity of the refund row.

    By transaction number first (equal, or the refund's number extends the charge's), then by the
    merchant's order number, then by a charge of that party whose status reports that refund.
    """
    index: dict[tuple[str, str], list[Money]] = defaultdict(list)
    for charge in charges:
        entry = charge.entry
        index["order", entry.order].append(charge)
        index["merchant", _said(entry.merchant_order)].append(charge)
        if _status_refund(charge) is not None:
            index["party", f"{_said(entry.peer)}={_status_refund(charge)}"].append(charge)
    matched: dict[int, Money] = {}
    for refund in refunds:
        for key in _match_keys(refund):
            before = [
                charge
                for charge in index.get(key, ())
                if charge.at <= refund.at and charge.minor >= refund.minor
            ]
            if before:
                # A number shared by several charges is settled by the nearest one before.
                matched[id(refund)] = max(before, key=lambda charge: charge.at)
                break
    return matched


def _match_keys(refund: Money) -> Iterator[tuple[str, str]]:
    entry = refund.entry
    for length in range(len(entry.order), 0, -1):
        yield "order", entry.order[:length]
    if _said(entry.merchant_order):
        yield "merchant", entry.merchant_order
    if _said(entry.peer):
        yield "party", f"{entry.peer}={refund.minor}"


def _status_refund(money: Money) -> int | None:
    """Minor units the row's own status says were refunded; None for none or an unstated sum."""
    status = money.entry.status
    if _FULL_REFUND.search(status):
        return money.minor
    stated = _PART_REFUND.search(status)
    try:
        if stated is not None:
            return minor_units(stated["amount"], CURRENCY)
        return minor_units(money.entry.refunded, CURRENCY) or None
    except AmountError:
        return None


def _refund_by_status(
    booking: Booking, money: Money, charge: Fact, explicit: bool
) -> tuple[Fact, ...]:
    refunded = _status_refund(money)
    if explicit:
        return ()
    if refunded is None:
        if _SOME_REFUND.search(money.entry.status):
            message = "The status reports a refund without its amount; book the refund by hand."
            booking.warn("refund_unknown", message, money.entry.row)
        return ()
    if refunded > money.minor:
        message = "The status reports a refund larger than the charge; no refund was booked."
        booking.warn("refund_exceeds", message, money.entry.row)
        return ()
    booking.warn(
        "refund_by_status",
        "The refund is taken from the status; if another bill holds its own row, do not book "
        "that row too.",
        money.entry.row,
    )
    object_id = f"{charge.object_id}:refund"
    return (
        Fact(
            charge.row,
            "refund",
            charge.provider,
            f"refund:{object_id}",
            object_id,
            refunded,
            charge.currency,
            charge.occurred_at,
            charge.payer,
            charge.payer_account,
            charge.subject,
            charge.method,
            charge.object_id,
            charge.raw,
        ),
    )


def _fact(money: Money, provider: Provider, kind: Kind, refund_of: str | None) -> Fact:
    entry = money.entry
    object_id = money.object_id
    return Fact(
        row=entry.row,
        kind=kind,
        provider=provider,
        event_id=f"{kind}:{object_id}",
        object_id=object_id,
        minor=money.minor,
        currency=CURRENCY,
        occurred_at=money.at,
        payer=_said(entry.peer),
        payer_account=_said(entry.peer_account),
        subject=_said(entry.item) or _said(entry.type) or entry.category,
        method=_said(entry.method),
        refund_of=refund_of,
        raw=entry.raw,
    )


def _said(cell: str) -> str:
    return "" if cell == "/" else cell


def _ignore(booking: Booking, money: Money, code: str, reason: str) -> None:
    booking.ignore(money.entry.row, code, reason, money.entry.raw)


def compare_totals(
    booking: Booking, furniture: Sequence[Row], monies: Sequence[Money], rows: int
) -> None:
    """Compare what the preamble or footer declares with all readable rows of that direction."""
    labels = {"已收入": _INCOME, "已支出": _EXPENSE, "中性交易": _NEUTRAL, "不计收支": _NEUTRAL}
    for row in furniture:
        line = row.line or ",".join(row.cells)
        counted = _ROWS.search(line)
        if counted is not None:
            declared = Declared("all rows", row.number, int(counted.group(1)))
            booking.compare(declared, rows, None)
        for stated in _SUM.finditer(line):
            direction = labels.get(stated["label"], stated["label"])
            group = [money for money in monies if money.direction == direction]
            minor = booking.declared_minor(stated["amount"], CURRENCY, row.number)
            booking.compare(
                Declared(stated["label"], row.number, int(stated["count"]), minor),
                len(group),
                sum(money.minor for money in group),
            )
