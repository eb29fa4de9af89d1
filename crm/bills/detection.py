"""Which provider wrote a bill: by the columns of its header row."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from crm.bills import alipay, alipay_merchant, stripe, wechat, wechat_merchant
from crm.bills.sheets import Row, Sheet, find_header, split_line

FORMATS: tuple[str, ...] = ("alipay", "wechat", "wechat-merchant", "stripe", "csv")
_STRIPE_HEADER_ROWS = 5


@dataclass(frozen=True)
class Guess:
    """A format, how sure (0 to 1), and the header row (1-based) that shows it."""

    format: str
    score: float
    sample_line: str
    row: int


def detect_sheets(sheets: Sequence[Sheet]) -> list[Guess]:
    """Guesses, best first. Any table with two columns is at least a candidate for a mapping."""
    guesses: dict[str, Guess] = {}
    for sheet in sheets:
        for guess in _of_sheet(sheet):
            known = guesses.get(guess.format)
            if known is None or known.score < guess.score:
                guesses[guess.format] = guess
    return sorted(guesses.values(), key=lambda guess: (-guess.score, guess.format))


def detect(text: str, name: str = "") -> list[Guess]:
    """Guesses for decoded text. `name` adds nothing: providers rename their exports freely."""
    rows = tuple(
        Row(number, split_line(line), line) for number, line in enumerate(text.split("\n"), 1)
    )
    return detect_sheets([Sheet(name, rows, "", text)])


def _of_sheet(sheet: Sheet) -> list[Guess]:
    found = [
        ("wechat-merchant", 1.0, wechat_merchant.header_of(sheet)),
        ("alipay", 1.0, alipay_merchant.header_of(sheet)),
        ("wechat", 1.0, find_header(sheet, wechat.REQUIRED)),
        ("alipay", 0.9, alipay.header_of(sheet)),
        ("stripe", 0.9, _stripe_header(sheet)),
        ("csv", 0.2, _any_table(sheet)),
    ]
    return [
        Guess(format, score, ",".join(sheet.rows[at].cells)[:200], sheet.rows[at].number)
        for format, score, at in found
        if at is not None
    ]


def _stripe_header(sheet: Sheet) -> int | None:
    for index, row in enumerate(sheet.rows[:_STRIPE_HEADER_ROWS]):
        if any(row.cells):
            return index if stripe.layout_of(row.cells) else None
    return None


def _any_table(sheet: Sheet) -> int | None:
    for index, row in enumerate(sheet.rows[:60]):
        if sum(1 for cell in row.cells if cell) >= 2:
            return index
    return None
