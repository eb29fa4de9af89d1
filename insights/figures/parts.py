"""A figure: its drawing, its table, what it claims. Pages, files and shared links show the same."""

import csv
import io
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Any

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from crm.money import shown
from insights.drawing import Drawing
from insights.selectors import tier_label
from insights.statistics import Estimate

Value = str | int | float | None
LONGEST_LINK = 400  # keys; a server refuses an address of more than about 4,000 characters
DASH = "—"
RATED_N = 8
"""People from whose ratings on five steps a mean has an interval: by simulation Student's holds 92 %
of five, 93.8 % of eight (`bench/interval_coverage.py`)."""


@dataclass(frozen=True)
class Column:
    title: str
    numeric: bool = False


@dataclass(frozen=True)
class Cell:
    """`text` is what a page shows, `value` what a file has; `href` opens the rows behind it."""

    text: str
    value: Value = None
    href: str = ""
    mark: str = ""


@dataclass(frozen=True)
class Words:
    """A quote that may be read outside the team; `who` is a pen name or "anonymous"."""

    interview: int
    text: str
    who: str
    tier: str
    tier_label: str
    stance: str


@dataclass(frozen=True)
class Figure:
    """`pains` are the pain points on which it makes a claim: their counter-evidence has to be read.

    Without data `drawing` is None and `empty` says what to do.
    """

    key: str
    title: str
    lead: str
    drawing: Drawing | None
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    notes: tuple[str, ...] = ()
    pains: tuple[int, ...] = ()
    empty: str = ""
    empty_href: str = ""
    words: tuple[Words, ...] = ()


def for_reader(figure: Figure, withheld: Collection[int]) -> Figure:
    """The figure without words of interviews that its reader still codes blind."""
    words = tuple(item for item in figure.words if item.interview not in withheld)
    return replace(figure, words=words)


def text(value: object, href: str = "", mark: str = "") -> Cell:
    return Cell(str(value), str(value), href, mark)


def count(number: int, href: str = "") -> Cell:
    return Cell(number_format(number), number, href if number else "")


def number(value: float | None, digits: int = 2, href: str = "") -> Cell:
    if value is None:
        return Cell(DASH)
    return Cell(number_format(round(value, digits), digits), round(value, 6), href)


def span(estimate: Estimate, digits: int = 2) -> Cell:
    """Both limits in one cell."""
    if estimate.low is None or estimate.high is None:
        return Cell(DASH)
    low, high = (
        number_format(round(limit, digits), digits) for limit in (estimate.low, estimate.high)
    )
    return Cell(f"{low} – {high}", f"{estimate.low:.6g} – {estimate.high:.6g}")


def percent(value: float | None, digits: int = 1) -> str:
    return DASH if value is None else f"{number_format(round(value * 100, digits), digits)}%"


def share_cells(estimate: Estimate, href: str = "", hits: int | None = None) -> tuple[Cell, Cell]:
    """A share and its interval; below n = 5 the count alone, "3 of 4"."""
    if estimate.value is None:
        return Cell(DASH), Cell(DASH)
    if not estimate.publishable:
        found = round(estimate.value * estimate.n) if hits is None else hits
        few = _("%(part)s of %(n)s") % {"part": found, "n": estimate.n}
        return Cell(few, f"{found}/{estimate.n}", href), Cell(DASH)
    limits = f"{percent(estimate.low)} – {percent(estimate.high)}"
    value = f"{estimate.low or 0:.6g} – {estimate.high or 0:.6g}"
    return Cell(percent(estimate.value), round(estimate.value, 6), href), Cell(limits, value)


def money(minor: float | None) -> Cell:
    """Fen as yuan."""
    return Cell(DASH) if minor is None else Cell(shown(round(minor), "CNY"), round(minor / 100, 2))


def money_span(estimate: Estimate) -> Cell:
    if estimate.low is None or estimate.high is None:
        return Cell(DASH)
    return Cell(
        f"{shown(round(estimate.low), 'CNY')} – {shown(round(estimate.high), 'CNY')}",
        f"{estimate.low / 100:.2f} – {estimate.high / 100:.2f}",
    )


def opening(row: tuple[Cell, ...], href: str) -> tuple[Cell, ...]:
    """The row with each number that has no rows of its own opening `href`, those of the line.

    A count of nobody (an int of 0) opens nothing; a share or a coefficient of 0.0 has people behind.
    """

    def counts(value: Value) -> bool:
        return isinstance(value, float) or (isinstance(value, int) and value != 0)

    return tuple(
        replace(cell, href=href) if counts(cell.value) and not cell.href else cell for cell in row
    )


def tier_cell(tier: str) -> Cell:
    return Cell(tier_label(tier), tier, mark=f"tier-{tier}")


def rows_of(model: str, keys: Iterable[int], instead: str = "") -> str:
    """The admin's list of exactly these rows (`crm_creator`); `instead` where there are too many."""
    return among(reverse(f"admin:{model}_changelist"), keys, instead)


def among(page: str, keys: Iterable[int], instead: str = "") -> str:
    """The page with exactly these rows; `instead` where there are too many for an address."""
    wanted = sorted(set(keys))
    if not wanted:
        return ""
    if len(wanted) > LONGEST_LINK:
        return instead
    return f"{page}?id__in={','.join(map(str, wanted))}"


def pain_link(pain: int) -> str:
    return reverse("admin:insights_pain_page", args=[pain])


def csv_of(figure: Figure) -> str:
    """The table as CSV that spreadsheets open: a byte order mark, values as numbers."""
    stream = io.StringIO()
    stream.write("\ufeff")
    writer = csv.writer(stream)
    writer.writerow(column.title for column in figure.columns)
    for row in figure.rows:
        writer.writerow(_plain(cell) for cell in row)
    return stream.getvalue()


def _plain(cell: Cell) -> Any:
    value = "" if cell.text == DASH and cell.value is None else cell.value
    # A title that begins so would be a formula to a spreadsheet.
    return f"'{value}" if isinstance(value, str) and value[:1] in "=+-@\t\r" and value else value


def joined(groups: Sequence[Iterable[Cell]]) -> tuple[Cell, ...]:
    return tuple(cell for group in groups for cell in group)
