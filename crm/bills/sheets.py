"""Bill files to numbered rows of cells: text in any encoding, or xlsx."""

from __future__ import annotations

import csv
import io
import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

import openpyxl
from openpyxl.utils import column_index_from_string
from openpyxl.utils.exceptions import InvalidFileException

from crm.bills.facts import BillError
from crm.transcripts.delimited import UnclosedQuoteError, records
from engines.archives import ArchiveError, check_archive
from engines.decoding import UndecodableError, decode

_ZIP = b"PK\x03\x04"
_BLANKS = " \t\r\n\u3000\xa0\ufeff"
MAX_COLUMNS = 500


@dataclass(frozen=True)
class Row:
    """One line of a text file or one row of a sheet. `number` is 1-based, `line` the raw text."""

    number: int
    cells: tuple[str, ...]
    line: str = ""


@dataclass(frozen=True)
class Sheet:
    """All rows of a file or of one sheet of a workbook, blank ones included.

    `merged`: cells merged downwards, as (column from 0, first row, last row); `formulas`: cells that
    hold a formula and no value, as (row, column from 0, formula). Rows as in `Row.number`.
    """

    name: str
    rows: tuple[Row, ...]
    encoding: str
    text: str = ""
    merged: tuple[tuple[int, int, int], ...] = ()
    formulas: tuple[tuple[int, int, str], ...] = ()


def read_sheets(data: bytes, *, layout: bool = False) -> list[Sheet]:
    """The file's sheets (one for a text file). Raises BillError for anything unreadable.

    With `layout` those of a workbook also say what is merged and what was never reckoned, for which
    each is unpacked once more.
    """
    if data.startswith(_ZIP):
        return _workbook(data, layout)
    try:
        decoded = decode(data)
    except UndecodableError as error:
        raise BillError(error.code, str(error), error.line) from error
    rows = tuple(
        Row(number, split_line(line), line)
        for number, line in enumerate(decoded.text.split("\n"), 1)
    )
    return [Sheet("", rows, decoded.encoding, decoded.text)]


def split_line(line: str) -> tuple[str, ...]:
    """Cells of one physical line. Chinese bills never break a line inside a field, so one stray
    quotation mark in a product name must not swallow the rows below it."""
    try:
        cells = next(csv.reader([line]), [])
    except csv.Error:
        return (line,)
    return tuple(clean(cell) for cell in cells)


def quoted_rows(sheet: Sheet, delimiter: str = ",") -> list[Row]:
    """Rows by RFC 4180, for exports that do put line breaks inside quoted fields."""
    if not sheet.text:
        return [row for row in sheet.rows if any(row.cells)]
    try:
        return [
            Row(line, tuple(clean(cell) for cell in cells))
            for line, cells, _ in records(sheet.text, delimiter)
            if any(cell.strip() for cell in cells)
        ]
    except UnclosedQuoteError as error:
        raise BillError(
            "unclosed_quote",
            "A quotation mark opened here is never closed. Export the file again.",
            error.line,
        ) from error


def clean(cell: str) -> str:
    """A cell without padding, tabs and the leading back-tick or apostrophe against Excel."""
    return cell.strip(_BLANKS).removeprefix("`").strip(_BLANKS)


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """A column name in one spelling: NFKC (（元） → (元)), no blanks, lower case."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", name)).strip("#`").lower()


def find_header(sheet: Sheet, required: Sequence[str], within: int = 60) -> int | None:
    """Index of the first row that has all required columns, or None."""
    wanted = {normal_name(name) for name in required}
    for index, row in enumerate(sheet.rows[:within]):
        if wanted <= {normal_name(cell) for cell in row.cells}:
            return index
    return None


@dataclass(frozen=True)
class Columns:
    """The header's columns by normal name; a name that occurs twice keeps its first place."""

    names: tuple[str, ...]

    @property
    def width(self) -> int:
        """Columns up to the last named one; trailing commas are no columns."""
        return max((i + 1 for i, name in enumerate(self.names) if name), default=0)

    def raw(self, cells: Sequence[str]) -> dict[str, str]:
        """The row by column name, as the file spells it."""
        named: dict[str, str] = {}
        for name, cell in zip(self.names, cells, strict=False):
            if name:
                named.setdefault(name, cell)
        return named


def by_name(raw: Mapping[str, str]) -> dict[str, str]:
    """The row by normal column name."""
    return {normal_name(name): cell for name, cell in raw.items()}


def _workbook(data: bytes, layout: bool) -> list[Sheet]:
    try:
        parts = check_archive(data)
    except ArchiveError as error:
        raise BillError(error.code, error.message) from error
    if "xl/workbook.xml" not in parts:
        raise BillError(
            "archive",
            "The file is an archive but no workbook. Unpack it with the password the provider "
            "sent, and choose the csv or xlsx inside.",
        )
    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=True)
        sheets = []
        for sheet in book.worksheets:
            # The size a sheet states about itself is often wrong and would cut or pad the rows.
            sheet.reset_dimensions()
            rows = tuple(_sheet_rows(sheet.iter_rows(values_only=True)))
            markup = _markup(book, sheet) if layout else ""
            merged, formulas = tuple(_merged(markup)), tuple(_unreckoned(markup))
            sheets.append(Sheet(sheet.title, rows, "xlsx", merged=merged, formulas=formulas))
        return sheets
    except (InvalidFileException, KeyError, ValueError, TypeError, SyntaxError) as error:
        raise BillError(
            "damaged_archive",
            "The workbook is damaged. Open it in Excel or WPS and save it again as xlsx or csv.",
        ) from error


def _sheet_rows(rows: Iterator[tuple[object, ...]]) -> Iterator[Row]:
    for number, values in enumerate(rows, 1):
        yield Row(number, tuple(clean(_cell_text(value)) for value in values[:MAX_COLUMNS]))


def _cell_text(value: object) -> str:
    """A cell as the csv export would write it. Excel keeps 15 significant digits, so more than
    that in a number is the noise of its binary form."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.strftime("%Y-%m-%d %H:%M:%S")
    if isinstance(value, float):
        return str(int(value)) if value.is_integer() and abs(value) < 1e15 else f"{value:.15g}"
    return str(value)


_MERGED = re.compile(r'<mergeCell ref="([A-Z]{1,3})(\d+):([A-Z]{1,3})(\d+)"')
_UNRECKONED = re.compile(
    r'<c r="([A-Z]{1,3})(\d+)"[^>]*><f[^>]*>([^<]*)</f>(?:<v\s*/>|<v></v>)?</c>'
)


def _markup(book: openpyxl.Workbook, sheet: object) -> str:
    """The sheet's own markup: what a streaming reader leaves out of it."""
    path = str(getattr(sheet, "_worksheet_path", "")).lstrip("/")
    try:
        return str(book._archive.read(path).decode("utf-8", "replace")) if path else ""
    except KeyError:
        return ""


def _merged(markup: str) -> Iterator[tuple[int, int, int]]:
    for match in _MERGED.finditer(markup):
        left, top, right, bottom = match.groups()
        if left == right and top != bottom:
            yield column_index_from_string(left) - 1, int(top), int(bottom)


def _unreckoned(markup: str) -> Iterator[tuple[int, int, str]]:
    for match in _UNRECKONED.finditer(markup):
        yield int(match[2]), column_index_from_string(match[1]) - 1, f"={match[3]}"
