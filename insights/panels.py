"""A panel of a page: a drawing with its table, every number with its rows, and what it holds as CSV."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.formats import number_format
from django.utils.translation import gettext as _

from insights.plots import Figure
from insights.statistics import Estimate

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


@dataclass(frozen=True)
class Cell:
    """A cell of a table; `url` opens the rows behind the number."""

    text: str
    url: str = ""
    number: bool = True
    muted: bool = False


@dataclass(frozen=True)
class Panel:
    """`data` is the table for machines: English column names, plain numbers."""

    key: str
    title: str
    head: Sequence[str]
    rows: Sequence[Sequence[Cell]]
    data_head: Sequence[str]
    data: Sequence[Sequence[object]]
    figure: Figure | None = None
    notes: Sequence[str] = field(default_factory=tuple)
    warning: str = ""
    empty: str = ""

    def csv(self) -> bytes:
        """UTF-8 with a mark, so that Excel reads it; text cells cannot become formulas."""
        out = io.StringIO()
        writer = csv.writer(out)
        writer.writerow(self.data_head)
        writer.writerows([[_safe(value) for value in row] for row in self.data])
        return "\ufeff".encode() + out.getvalue().encode()


def _safe(value: object) -> object:
    if isinstance(value, str) and value.startswith(_FORMULA):
        return f"'{value}"
    return "" if value is None else value


def words(text: object, url: str = "") -> Cell:
    return Cell(str(text), url, number=False)


def count(n: int | None, url: str = "") -> Cell:
    return Cell("—" if n is None else f"{n:,}", url if n else "")


def percent(value: float | None, places: int = 1) -> str:
    return "—" if value is None else f"{number_format(round(value * 100, places), places)}%"


def points(value: float | None) -> str:
    """A difference of shares in percentage points, signed."""
    if value is None:
        return "—"
    return f"{'−' if value < 0 else '+'}{number_format(round(abs(value) * 100, 1), 1)}"


def share_cells(estimate: Estimate) -> list[Cell]:
    """Share and interval; below n = 5 neither, but why."""
    if not estimate.publishable:
        text = _("no share below n = 5") if estimate.n else "—"
        return [Cell("—", muted=True), Cell(text, muted=True)]
    limits = "—"
    if estimate.low is not None and estimate.high is not None:
        limits = f"{percent(estimate.low)} – {percent(estimate.high)}"
    return [Cell(percent(estimate.value)), Cell(limits)]


def listing(name: str, **filters: Any) -> str:
    """The address of an admin list with its filters."""
    query = {key: value for key, value in filters.items() if value not in ("", None)}
    return reverse(f"admin:{name}_changelist") + (f"?{urlencode(query)}" if query else "")


def numbers_of(estimate: Estimate) -> list[object]:
    """value, n, low, high for the table of machines; no share of fewer than five."""
    if not estimate.publishable:
        return ["", estimate.n, "", ""]
    return [estimate.value, estimate.n, estimate.low, estimate.high]


def panel_of(panels: Iterable[Panel], key: str) -> Panel | None:
    return next((panel for panel in panels if panel.key == key), None)
