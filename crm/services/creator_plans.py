"""What a list of creators would become, row by row, before anything is booked."""

import hashlib
import json
from collections import Counter, defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from crm.models import Creator, CreatorImport, PayerName
from crm.roster_words import refusal_text
from crm.rosters import (
    Person,
    Rejected,
    RosterError,
    Table,
    guess,
    handle_key,
    name_key,
    people_of,
    platform_key,
    read,
)

# Fields of a list that are fields of a creator; a payer's name is a row of its own.
OWN = (
    "name", "handle", "platform", "tier", "followers", "income_minor", "contact", "city", "language",
    "status", "joined_on", "note",
)  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One field of a known creator that the row says otherwise."""

    field: str
    before: Any
    after: Any


@dataclass(frozen=True)
class PlanRow:
    """`becomes`: new, update, duplicate or rejected (`code`, `field`, `cell` say why).

    `alike`: the pen name of somebody that a new one resembles but for platform or handle.
    """

    number: int
    becomes: str
    values: Mapping[str, Any] = field(default_factory=dict)
    creator: int | None = None
    changes: tuple[Change, ...] = ()
    alike: str = ""
    code: str = ""
    field: str = ""
    cell: str = ""

    @property
    def name(self) -> str:
        return str(self.values.get("name", ""))


@dataclass(frozen=True)
class Plan:
    """All rows of a list in its order. `digest` changes when any of them would become another."""

    table: Table
    columns: Mapping[str, str]
    rows: tuple[PlanRow, ...]

    @cached_property
    def counts(self) -> Mapping[str, int]:
        return Counter(row.becomes for row in self.rows)

    @cached_property
    def digest(self) -> str:
        said = [
            (row.number, row.becomes, row.creator, [(c.field, str(c.after)) for c in row.changes])
            for row in self.rows
        ]
        return hashlib.sha256(json.dumps(said).encode()).hexdigest()[:16]


def table_of(data: bytes) -> Table:
    """Read a list. Raises `DomainError` in the reader's language."""
    try:
        return read(data)
    except RosterError as error:
        raise DomainError(refusal_text(error), error.code) from error


def columns_for(table: Table) -> dict[str, str]:
    """How a list with these columns was read last, else what their names suggest."""
    last = CreatorImport.objects.filter(signature=table.signature).exclude(columns={}).first()
    known = {name: to for name, to in last.columns.items() if name in table.names} if last else {}
    return known or guess(table.names)


def roster_plan(table: Table, columns: Mapping[str, str]) -> Plan:
    """Compare a list with the creators that are here; changes nothing. Raises `DomainError`."""
    try:
        people, rejected = people_of(table, columns)
    except RosterError as error:
        raise DomainError(refusal_text(error), error.code) from error
    known = _Known()
    seen = _Seen()
    rows = [_planned(person, known, seen) for person in people]
    rows += [_left_out(item) for item in rejected]
    return Plan(table, dict(columns), tuple(sorted(rows, key=lambda row: row.number)))


def _left_out(item: Rejected) -> PlanRow:
    values = {"name": item.name} if item.name else {}
    return PlanRow(
        item.number, "rejected", values, code=item.code, field=item.field, cell=item.cell
    )


def _planned(person: Person, known: "_Known", seen: "_Seen") -> PlanRow:
    values = dict(person.values)
    found = known.who(values)
    earlier = seen.row_of(values, found)
    if earlier:
        return PlanRow(person.number, "rejected", values, code="same_as_row", cell=str(earlier))
    if isinstance(found, int):
        return PlanRow(person.number, "rejected", values, code="several", cell=str(found))
    payer = str(values.get("payer_name", ""))
    owner = known.payers.get(payer)
    if payer and owner is not None and (found is None or owner != found.pk):
        return PlanRow(
            person.number, "rejected", values, code="payer_taken", field="payer_name", cell=payer
        )
    if found is not None and (holder := known.handle_holder(values, found)) is not None:
        return PlanRow(
            person.number, "rejected", values, code="handle_taken", field="handle", cell=holder.name
        )
    seen.add(values, found, person.number)
    if payer:
        known.payers.setdefault(payer, found.pk if found else 0)
    if found is None:
        return PlanRow(person.number, "new", values, alike=known.alike(values))
    changes = tuple(_changes(found, values, known))
    becomes = "update" if changes else "duplicate"
    return PlanRow(person.number, becomes, values, creator=found.pk, changes=changes)


def _changes(found: Creator, values: Mapping[str, Any], known: "_Known") -> list[Change]:
    changes = [
        Change(name, getattr(found, name), values[name])
        for name in OWN
        if name in values and not _same(name, getattr(found, name), values[name])
    ]
    payer = values.get("payer_name")
    if payer and known.payers.get(str(payer)) != found.pk:
        changes.append(Change("payer_name", "", payer))
    return changes


def _same(name: str, here: Any, there: Any) -> bool:
    if name == "platform":
        return platform_key(here) == platform_key(there)
    if name == "handle":
        return handle_key(here) == handle_key(there)
    if name == "name":
        return name_key(here) == name_key(there)
    return bool(here == there)


class _Known:
    """The creators that are here, by handle and platform, and by name."""

    def __init__(self) -> None:
        self.people = list(Creator.objects.order_by("pk"))
        self.payers: dict[str, int] = dict(
            PayerName.objects.filter(by_account=False).values_list("name", "creator_id")
        )
        self.by_handle: dict[tuple[str, str], Creator] = {}
        self.by_handle_alone: dict[str, Creator] = {}
        self.by_name: dict[str, list[Creator]] = defaultdict(list)
        for one in self.people:
            if one.handle:
                self.by_handle[handle_key(one.handle), platform_key(one.platform)] = one
                self.by_handle_alone.setdefault(handle_key(one.handle), one)
            self.by_name[name_key(one.name)].append(one)

    def who(self, values: Mapping[str, Any]) -> Creator | int | None:
        """The creator that a row is about; a number where that many could be meant.

        The handle on its platform says it; without one the name says it, within the platform where
        both name one.
        """
        handle, platform = _identity(values)
        if handle and (handle, platform) in self.by_handle:
            return self.by_handle[handle, platform]
        fitting = [
            one
            for one in self.by_name.get(name_key(str(values["name"])), ())
            if not (handle and one.handle)
            and (not platform or not one.platform or platform_key(one.platform) == platform)
        ]
        if len(fitting) > 1:
            return len(fitting)
        return fitting[0] if fitting else None

    def handle_holder(self, values: Mapping[str, Any], found: Creator) -> Creator | None:
        """Somebody else who has the handle that this row would give the creator found."""
        handle, platform = _identity(values)
        platform = platform or platform_key(found.platform)
        holder = self.by_handle.get((handle, platform)) if handle else None
        return holder if holder is not None and holder.pk != found.pk else None

    def alike(self, values: Mapping[str, Any]) -> str:
        handle, _platform = _identity(values)
        same = self.by_name.get(name_key(str(values["name"])))
        if same:
            return same[0].name
        holder = self.by_handle_alone.get(handle) if handle else None
        return holder.name if holder else ""


class _Seen:
    """The people of the rows above, told apart as those who are here are: by handle, else by name."""

    def __init__(self) -> None:
        self.by_handle: dict[tuple[str, str], int] = {}
        self.by_name: dict[str, list[tuple[str, str, int]]] = defaultdict(list)
        self.by_creator: dict[int, int] = {}

    def row_of(self, values: Mapping[str, Any], found: Creator | int | None) -> int:
        """The row above that is about the same person, or 0."""
        handle, platform = _identity(values)
        if handle and (handle, platform) in self.by_handle:
            return self.by_handle[handle, platform]
        if isinstance(found, Creator) and found.pk in self.by_creator:
            return self.by_creator[found.pk]
        for other, where, number in self.by_name.get(name_key(str(values["name"])), ()):
            if not (handle and other) and (not platform or not where or where == platform):
                return number
        return 0

    def add(self, values: Mapping[str, Any], found: Creator | None, number: int) -> None:
        handle, platform = _identity(values)
        if handle:
            self.by_handle[handle, platform] = number
        if found is not None:
            self.by_creator[found.pk] = number
        self.by_name[name_key(str(values["name"]))].append((handle, platform, number))


def _identity(values: Mapping[str, Any]) -> tuple[str, str]:
    return handle_key(str(values.get("handle", ""))), platform_key(str(values.get("platform", "")))


def changed_since(plan: Plan, expected: str) -> None:
    """Raises `DomainError` where the list would become something else than what was shown."""
    if expected and plan.digest != expected:
        raise DomainError(
            _("The creators have changed since this preview was made; look at it again."),
            "changed",
        )
