"""Lists of creators (csv, tsv, xlsx in any encoding) to people: every row read, or rejected with why.

    table = read(data)
    people, rejected = people_of(table, guess(table.names))

No I/O and no framework; the web layers put the codes of `Rejected` and `RosterError` into words.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from crm.bills.facts import BillError
from crm.bills.sheets import Row, Sheet, normal_name, quoted_rows, read_sheets
from crm.rosters.cells import NOTHING, CellError, value_of
from crm.rosters.naming import FIELDS, guess, handle_key, name_key, platform_key

__all__ = [
    "FIELDS",
    "Person",
    "Rejected",
    "RosterError",
    "Table",
    "guess",
    "handle_key",
    "name_key",
    "people_of",
    "platform_key",
    "read",
]

MAX_ROWS = 10_000
# Last lines of many a sheet, no persons.
_TOTALS = frozenset(
    {"合计", "总计", "小计", "平均", "平均值", "总数", "total", "sum", "average", "subtotal"}
)
_DELIMITERS = (",", "\t", ";", "，")


class RosterError(ValueError):
    """The file as a whole cannot be read; `code` says why, `detail` what stood there, `row` where."""

    def __init__(self, code: str, detail: str = "", row: int = 0) -> None:
        super().__init__(f"{code}: {detail}" if detail else code)
        self.code, self.detail, self.row = code, detail, row


@dataclass(frozen=True)
class Table:
    """Column names with the rows below them; row numbers are the file's own, 1-based."""

    names: tuple[str, ...]
    rows: tuple[Row, ...]
    header: int
    encoding: str

    @property
    def signature(self) -> str:
        """The same for every list with these columns, whatever their order."""
        plain = sorted({normal_name(name) for name in self.names if name})
        return hashlib.sha256("\x1f".join(plain).encode("utf-8", "surrogatepass")).hexdigest()

    def examples(self, place: int, most: int = 3) -> tuple[str, ...]:
        """What a column says in the first rows that say anything."""
        said = (row.cells[place] for row in self.rows if place < len(row.cells))
        return tuple([cell for cell in said if cell][:most])


@dataclass(frozen=True)
class Person:
    """One row: field of FIELDS → value; an empty cell is absent, so that it erases nothing."""

    number: int
    values: Mapping[str, object]


@dataclass(frozen=True)
class Rejected:
    """A row that cannot be booked: `code`, the field it is about, what the cell says, and whose row."""

    number: int
    code: str
    field: str = ""
    cell: str = ""
    name: str = ""


def read(data: bytes) -> Table:
    """The first sheet that has column names. Raises RosterError.

    Codes: empty, unreadable (detail is the code of what was found wrong), no_header, no_rows, too_many_rows, unclosed_quote.
    """
    if not data.strip():
        raise RosterError("empty")
    try:
        sheets = read_sheets(data, layout=True)
    except BillError as error:
        code = "nul" if error.row and error.code == "binary" else error.code
        raise RosterError("unreadable", code, error.row or 0) from error
    for sheet in sheets:
        table = _table(sheet)
        if table is not None:
            if not table.rows:
                raise RosterError("no_rows", row=table.header)
            if len(table.rows) > MAX_ROWS:
                raise RosterError("too_many_rows", str(len(table.rows)))
            return table
    raise RosterError("no_header")


def people_of(table: Table, columns: Mapping[str, str]) -> tuple[list[Person], list[Rejected]]:
    """Read every row by `columns` (column → field). Raises RosterError: no_name, field_twice."""
    _check(columns)
    places = {
        field: place for place, name in enumerate(table.names) if (field := columns.get(name))
    }
    people: list[Person] = []
    rejected: list[Rejected] = []
    for row in table.rows:
        read_row = _person(row, places, len(table.names))
        if isinstance(read_row, Person):
            people.append(read_row)
        else:
            rejected.append(read_row)
    return people, rejected


def _check(columns: Mapping[str, str]) -> None:
    if unknown := sorted(set(columns.values()) - set(FIELDS)):
        raise RosterError("unknown_field", ", ".join(unknown))
    if doubled := [field for field, n in Counter(columns.values()).items() if n > 1]:
        raise RosterError("field_twice", doubled[0])
    if "name" not in columns.values():
        raise RosterError("no_name")


def _person(row: Row, places: Mapping[str, int], width: int) -> Person | Rejected:
    values: dict[str, object] = {}
    name = row.cells[places["name"]] if places["name"] < len(row.cells) else ""
    if beyond := [cell for cell in row.cells[width:] if cell]:
        return Rejected(row.number, "too_many_cells", "", beyond[0][:80], name[:80])
    if normal_name(name).strip(":") in _TOTALS:
        return Rejected(row.number, "a_total", "name", name)
    for field, place in places.items():
        cell = row.cells[place] if place < len(row.cells) else ""
        if not cell or (field != "note" and normal_name(cell) in NOTHING):
            continue
        try:
            values[field] = value_of(field, cell)
        except CellError as error:
            return Rejected(row.number, error.code, field, cell[:80], name[:80])
    if "name" not in values:
        return Rejected(row.number, "name_missing")
    return Person(row.number, values)


def _table(sheet: Sheet) -> Table | None:
    """The sheet by the delimiter that gives its header most columns."""
    best: Table | None = None
    for delimiter in _DELIMITERS if sheet.text else (",",):
        try:
            rows = _whole(quoted_rows(sheet, delimiter), sheet)
        except BillError as error:
            if delimiter == ",":
                raise RosterError("unclosed_quote", row=error.row or 0) from error
            continue
        place = _header(rows)
        if place is None:
            continue
        rows = _filled_down(rows, sheet, below=rows[place].number)
        found = Table(
            _distinct(rows[place].cells),
            tuple(rows[place + 1 :]),
            rows[place].number,
            sheet.encoding,
        )
        if best is None or len(_named(found.names)) > len(_named(best.names)):
            best = found
    return best


def _whole(rows: Sequence[Row], sheet: Sheet) -> list[Row]:
    """The rows with formulas in them where they were never reckoned, so that none passes as empty."""
    there: dict[int, dict[int, str]] = {}
    for number, column, formula in sheet.formulas:
        there.setdefault(number, {})[column] = formula
    return [_with(row, there[row.number]) if row.number in there else row for row in rows]


def _with(row: Row, more: Mapping[int, str]) -> Row:
    """The row with `more` (column → text) where its cells are empty."""
    cells = list(row.cells) + [""] * (max(more) + 1 - len(row.cells))
    for column, text in more.items():
        cells[column] = cells[column] or text
    return Row(row.number, tuple(cells), row.line)


def _filled_down(rows: Sequence[Row], sheet: Sheet, *, below: int) -> list[Row]:
    """Rows below the header with what a cell merged downwards says for all of them."""
    fills: dict[int, dict[int, str]] = {}
    said = {row.number: row.cells for row in rows}
    for column, first, last in sheet.merged:
        cells = said.get(first, ())
        if first <= below or column >= len(cells):
            continue
        for number in range(first + 1, last + 1):
            fills.setdefault(number, {})[column] = cells[column]
    return [_with(row, fills[row.number]) if row.number in fills else row for row in rows]


def _distinct(names: Sequence[str]) -> tuple[str, ...]:
    """Columns that are called the same, told apart: the second 平台 is 平台 (2)."""
    seen: Counter[str] = Counter()
    found = []
    for name in names:
        seen[name] += 1
        found.append(f"{name} ({seen[name]})" if name and seen[name] > 1 else name)
    return tuple(found)


def _named(names: Sequence[str]) -> list[str]:
    return [name for name in names if name]


def _header(rows: Sequence[Row]) -> int | None:
    """The row whose names say most, one of them who it is; a title above the table says less."""
    best, most = None, 0
    for place, row in enumerate(rows[:30]):
        names = _named(_distinct(row.cells))
        fields = guess(names).values()
        if "name" in fields and len(fields) > most:
            best, most = place, len(fields)
    if best is not None:
        return best
    for place, row in enumerate(rows[:30]):
        names = _named(row.cells)
        if 2 <= len(names) == len(set(names)) and not any(name[:1].isdigit() for name in names):
            return place
    return None
