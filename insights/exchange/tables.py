"""Evidence as a table for people: CSV, XLSX, Markdown, HTML. Cells are what strangers said.

A cell that a spreadsheet would take for a formula is written as text: with an apostrophe before it
in CSV, with the text type in XLSX. CSV begins with a byte order mark, without which Excel reads
Chinese as something else.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.styles import Font

Cell = str | int | float | None
FORMATS = {
    "csv": "text/csv; charset=utf-8",
    "xlsx": "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "md": "text/markdown; charset=utf-8",
    "html": "text/html; charset=utf-8",
}
_FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
_UNPRINTABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_EXCEL_CELL = 32_767
_MARKS = re.compile(r"([\\`*_{}\[\]<>|#~])")


@dataclass(frozen=True)
class Table:
    """`title` and `remarks` stand above the rows where the format has a place for them."""

    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    remarks: Sequence[str] = ()


def write_table(table: Table, format: str) -> bytes:
    """The table's bytes; `format` is one of FORMATS, else KeyError."""
    return {"csv": _csv, "xlsx": _xlsx, "md": _markdown, "html": _html}[format](table)


def plain(cell: Cell) -> Cell:
    """The cell, with an apostrophe where a spreadsheet would run it."""
    if isinstance(cell, str) and cell.lstrip(" ").startswith(_FORMULA):
        return f"'{cell}"
    return cell


def _csv(table: Table) -> bytes:
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer)
    writer.writerow([plain(name) for name in table.columns])
    writer.writerows([["" if cell is None else plain(cell) for cell in row] for row in table.rows])
    return buffer.getvalue().encode("utf-8-sig")


def _xlsx(table: Table) -> bytes:
    book = Workbook(write_only=True)
    sheet = book.create_sheet(re.sub(r"[\[\]:*?/\\]", " ", table.title)[:31].strip() or "1")
    sheet.freeze_panes = "A2"
    sheet.append([_typed(sheet, name, bold=True) for name in table.columns])
    for row in table.rows:
        sheet.append([_typed(sheet, cell) for cell in row])
    if table.remarks:
        notes = book.create_sheet("!")
        for remark in table.remarks:
            notes.append([_typed(notes, remark)])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _typed(sheet: object, value: Cell, *, bold: bool = False) -> WriteOnlyCell:
    """A cell of the value's own type; text stays text whatever it begins with."""
    if isinstance(value, str):
        value = _UNPRINTABLE.sub("\ufffd", value)[:_EXCEL_CELL]
    cell = WriteOnlyCell(sheet, value=value)
    if isinstance(value, str):
        cell.data_type = "s"
    if bold:
        cell.font = Font(bold=True)
    return cell


def _markdown(table: Table) -> bytes:
    lines = [f"# {_marked(table.title)}", ""]
    lines += [f"> {_marked(remark)}" for remark in table.remarks] + [""] * bool(table.remarks)
    lines.append("| " + " | ".join(_marked(name) for name in table.columns) + " |")
    lines.append("|" + " --- |" * len(table.columns))
    lines += ["| " + " | ".join(_marked(cell) for cell in row) + " |" for row in table.rows]
    return ("\n".join(lines) + "\n").encode()


def _marked(cell: Cell) -> str:
    text = _MARKS.sub(r"\\\1", "" if cell is None else str(cell))
    return re.sub(r"\s*(\r\n|\r|\n)\s*", "<br>", text)


def _html(table: Table) -> bytes:
    head = "".join(f"<th>{escape(name)}</th>" for name in table.columns)
    body = "\n".join(
        "<tr>" + "".join(f"<td>{escape(_shown(cell))}</td>" for cell in row) + "</tr>"
        for row in table.rows
    )
    remarks = "".join(f"<p>{escape(remark)}</p>" for remark in table.remarks)
    title = escape(table.title)
    return (
        f'<!doctype html>\n<html><head><meta charset="utf-8"><title>{title}</title><style>'
        "body{font:15px/1.6 sans-serif;margin:2rem;color:#1f1a17}"
        "table{border-collapse:collapse}th,td{border-bottom:1px solid #ddd;padding:.4rem .6rem;"
        "text-align:left;vertical-align:top;white-space:pre-wrap}th{color:#666}"
        f"</style></head><body><h1>{title}</h1>{remarks}\n<table><thead><tr>{head}</tr></thead>"
        f"<tbody>\n{body}\n</tbody></table></body></html>\n"
    ).encode()


def _shown(cell: Cell) -> str:
    return "" if cell is None else str(cell)
