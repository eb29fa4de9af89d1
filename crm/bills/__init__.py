"""Payment bills to ledger facts: bytes in, every row accounted for.

    bill = parse(data, "微信支付账单.csv")
    bill.facts, bill.ignored, bill.rejected, bill.warnings

Which rows are whose money is decided in `personal` (WeChat and Alipay statements),
`wechat_merchant`, `alipay_merchant`, `stripe` and `mapped`; each module's docstring states the
rules it follows. No I/O and no framework; the web layers translate errors by `code`.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import tzinfo

from crm.bills import alipay, alipay_merchant, mapped, stripe, wechat, wechat_merchant
from crm.bills.clock import SHANGHAI
from crm.bills.detection import FORMATS, Guess, detect, detect_sheets
from crm.bills.facts import (
    Bill,
    BillError,
    Declared,
    Fact,
    Ignored,
    Notice,
    Perspective,
    Rejected,
)
from crm.bills.mapped import FIELDS
from crm.bills.money import AmountError, exponent, minor_units
from crm.bills.sheets import Sheet, read_sheets

__all__ = [
    "FIELDS",
    "FORMATS",
    "AmountError",
    "Bill",
    "BillError",
    "Declared",
    "Fact",
    "Guess",
    "Ignored",
    "Notice",
    "Rejected",
    "Table",
    "detect",
    "detect_bytes",
    "exponent",
    "minor_units",
    "parse",
    "table",
]

_SURE = 0.5


def parse(
    data: bytes,
    name: str,
    *,
    format: str = "auto",
    mapping: Mapping[str, str] | None = None,
    perspective: Perspective = "receiver",
    currency: str | None = None,
    zone: tzinfo = SHANGHAI,
) -> Bill:
    """Read one bill file.

    `format` is `auto` or one of FORMATS (`alipay` and `stripe` tell their variants apart by the
    header). A `mapping` (column → field of FIELDS) reads any table and implies `csv`; `currency`
    and `zone` fill in what such a table leaves out. `perspective` says whose money counts in a
    personal statement: as `receiver` income rows are charges, as `payer` expense rows are.

    Raises BillError (`code`, `row`, `message`): empty, binary, undecodable, archive,
    damaged_archive, archive_too_large, unknown_format, no_header, no_rows, missing_column,
    several_sheets, unclosed_quote, mapping_missing, unknown_field, field_twice, field_missing,
    missing_currency.
    """
    if format not in {"auto", *FORMATS}:
        raise BillError(
            "unknown_format",
            f"There is no bill format {format!r}. Choose auto, {', '.join(FORMATS)}.",
        )
    sheets = read_sheets(data)
    if not any(any(row.cells) for sheet in sheets for row in sheet.rows):
        raise BillError("empty", "The file holds only blank rows. Download the bill again.", 1)
    chosen = format
    if chosen == "auto":
        chosen = "csv" if mapping else _choose(sheets, name)
    if chosen == "csv":
        if not mapping:
            raise BillError(
                "mapping_missing",
                "This table needs a mapping of its columns, at least to occurred_at and amount.",
            )
        return mapped.read(_filled(sheets), mapping, currency=currency, zone=zone)
    if chosen == "wechat":
        return wechat.read(sheets, perspective)
    return _by_header(sheets, chosen, perspective)


@dataclass(frozen=True)
class Table:
    """A table that no provider's reader knows: its column names, a few rows, and how a saved
    mapping for its kind is found."""

    names: tuple[str, ...]
    examples: tuple[tuple[str, ...], ...]
    signature: str
    guess: Mapping[str, str]


def table(data: bytes) -> Table:
    """The columns of a file, to be mapped. Raises BillError where it has none."""
    sheet = _filled(read_sheets(data))
    header = mapped.header(sheet)
    after = [row.cells for row in sheet.rows if row.number > header.number and any(row.cells)]
    return Table(
        names=header.cells,
        examples=tuple(after[:3]),
        signature=mapped.signature(header.cells),
        guess=mapped.guess([name for name in header.cells if name]),
    )


def detect_bytes(data: bytes) -> list[Guess]:
    """Guesses for a file as uploaded, workbooks included. Raises BillError like `parse`."""
    return detect_sheets(read_sheets(data))


def _choose(sheets: Sequence[Sheet], name: str) -> str:
    guesses = detect_sheets(sheets)
    if guesses and guesses[0].score >= _SURE:
        return guesses[0].format
    raise BillError(
        "unknown_format",
        f"No row of {name!r} holds the columns of an Alipay, WeChat Pay or Stripe bill. Choose "
        "csv and map its columns, or download the trade bill again.",
        1,
    )


def _filled(sheets: Sequence[Sheet]) -> Sheet:
    return next(sheet for sheet in sheets if any(any(row.cells) for row in sheet.rows))


def _by_header(sheets: Sequence[Sheet], format: str, perspective: Perspective) -> Bill:
    for sheet in sheets:
        if format == "wechat-merchant":
            at = wechat_merchant.header_of(sheet)
            if at is not None:
                return wechat_merchant.read(sheet, at)
        elif format == "alipay":
            at = alipay_merchant.header_of(sheet)
            if at is not None:
                return alipay_merchant.read(sheet, at)
            at = alipay.header_of(sheet)
            if at is not None:
                return alipay.read(sheet, at, perspective)
        elif any(guess.format == "stripe" for guess in detect_sheets([sheet])):
            return stripe.read(sheet)
    raise BillError(
        "no_header",
        f"No row holds the columns of a {format} bill. Download it again without removing "
        "columns, or choose another format.",
        1,
    )
