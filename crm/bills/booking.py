"""Collects what becomes of every row, and compares the sums with what the file claims."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from decimal import Decimal

from crm.bills.facts import Bill, BillError, Declared, Fact, Ignored, Notice, Rejected
from crm.bills.money import AmountError, exponent, minor_units


@dataclass
class Booking:
    """The rows of one bill while they are sorted."""

    format: str
    variant: str
    encoding: str
    account: str = ""
    facts: list[Fact] = field(default_factory=list)
    ignored: list[Ignored] = field(default_factory=list)
    rejected: list[Rejected] = field(default_factory=list)
    declared: list[Declared] = field(default_factory=list)
    warnings: list[Notice] = field(default_factory=list)
    _rows_by_event: dict[str, int] = field(default_factory=dict)

    def book(self, *facts: Fact) -> None:
        """Take the facts of one row, unless an earlier row of the file gave the first already."""
        first = facts[0]
        earlier = self._rows_by_event.get(first.event_id)
        if earlier is not None:
            reason = f"This row repeats row {earlier}."
            self.ignored.append(Ignored(first.row, reason, "repeated", first.raw))
            return
        for fact in facts:
            self._rows_by_event[fact.event_id] = fact.row
            self.facts.append(fact)

    def ignore(self, row: int, code: str, reason: str, raw: dict[str, str]) -> None:
        """A row that is readable and no fact."""
        self.ignored.append(Ignored(row, reason, code, raw))

    def reject(self, row: int, code: str, reason: str, raw: dict[str, str]) -> None:
        """A row that cannot be read."""
        self.rejected.append(Rejected(row, reason, code, raw))

    def warn(self, code: str, message: str, row: int | None = None) -> None:
        """A caveat about a row or the file."""
        self.warnings.append(Notice(code, message, row))

    def declared_minor(self, text: str, currency: str, row: int) -> int | None:
        """A total the file states, without its sign; None with a warning where it is no number."""
        try:
            return abs(minor_units(text, currency))
        except AmountError as error:
            self.warn("bad_summary", f"A total of the file cannot be read: {error}.", row)
            return None

    def compare(self, declared: Declared, count: int | None, minor: int | None) -> None:
        """Keep a declared total and warn where the rows of the file add up to something else."""
        self.declared.append(declared)
        if None not in (declared.count, count) and declared.count != count:
            self.warn(
                "count_differs",
                f"The file declares {declared.count} rows for {declared.label} and holds {count}.",
                declared.row,
            )
        if declared.minor is not None and minor is not None and declared.minor != minor:
            self.warn(
                "total_differs",
                f"The file declares {spelled(declared.minor, declared.currency)} for "
                f"{declared.label} and its rows add up to {spelled(minor, declared.currency)}.",
                declared.row,
            )

    def finish(self) -> Bill:
        """The immutable result. Raises BillError `no_rows` for a bill without a single row."""
        places = {item.row for item in self.facts}
        places |= {item.row for item in self.ignored} | {item.row for item in self.rejected}
        if not places:
            raise BillError("no_rows", "The bill has a header and no rows. Choose a longer period.")
        return Bill(
            format=self.format,
            variant=self.variant,
            facts=tuple(self.facts),
            ignored=tuple(sorted(self.ignored, key=lambda item: item.row)),
            rejected=tuple(sorted(self.rejected, key=lambda item: item.row)),
            totals=totals(self.facts),
            declared=tuple(self.declared),
            warnings=tuple(self.warnings),
            encoding=self.encoding,
            rows=len(places),
            account=self.account,
        )


def totals(facts: Sequence[Fact]) -> dict[str, dict[str, int]]:
    """Minor units per currency and kind; charge and refund are always present."""
    sums: dict[str, dict[str, int]] = {}
    for fact in facts:
        kinds = sums.setdefault(fact.currency, {"charge": 0, "refund": 0})
        kinds[fact.kind] = kinds.get(fact.kind, 0) + fact.minor
    return sums


def spelled(minor: int, currency: str) -> str:
    """Minor units as a decimal string with the currency code."""
    return f"{Decimal(minor).scaleb(-exponent(currency)):f} {currency}"
