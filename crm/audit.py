"""The audit trail: a hash chain over append-only rows, written inside the caller's transaction."""

import hashlib
import json
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.db import connection, models, transaction
from django.utils import timezone

from crm.models import AuditEntry, User

GENESIS = "0" * 64
_LOCK = 0x50494E47  # one writer of the chain at a time, for the length of the transaction

_gathered: ContextVar[list[AuditEntry] | None] = ContextVar("gathered", default=None)

WITHHOLDS: list[Callable[[int], models.Q]] = []
"""From the rooms above: the entries that the reader with this key must not see yet."""


def digest(entry: AuditEntry) -> str:
    """SHA-256 over the previous hash and the canonical JSON of the entry's facts."""
    facts = {
        "actor": entry.actor_id,
        "action": entry.action,
        "object_type": entry.object_type,
        "object_id": entry.object_id,
        "data": entry.data,
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
    }
    text = json.dumps(facts, ensure_ascii=False, sort_keys=True, separators=(",", ":"))
    return hashlib.sha256(f"{entry.previous}\n{text}".encode()).hexdigest()


def record(
    action: str,
    target: models.Model,
    *,
    actor: User | None = None,
    data: dict[str, Any] | None = None,
    at: datetime | None = None,
) -> AuditEntry:
    """Append an entry; must run inside the transaction that does what it records.

    Raises `TransactionManagementError` outside a transaction: an act and its record stand or fall
    together.
    """
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "audit.record() must run in the transaction of the act that it records"
        )
    entry = AuditEntry(
        actor=actor,
        action=action,
        object_type=target._meta.label_lower,
        object_id=str(target.pk),
        data=json.loads(json.dumps(data or {}, ensure_ascii=False, default=str)),
        at=at or timezone.now(),
    )
    waiting = _gathered.get()
    if waiting is None:
        _append([entry])
    else:
        waiting.append(entry)
    return entry


@contextmanager
def gathered() -> Iterator[None]:
    """Append what is recorded inside together at its end, in its order: a long transaction would keep
    everybody else from the chain until it is over. Belongs inside that transaction."""
    if _gathered.get() is not None:  # the outer one appends
        yield
        return
    entries: list[AuditEntry] = []
    token = _gathered.set(entries)
    try:
        yield
    finally:
        _gathered.reset(token)
    _append(entries)


def _append(entries: list[AuditEntry]) -> None:
    if not entries:
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    last = AuditEntry.objects.order_by("-pk").values_list("hash", flat=True).first() or GENESIS
    for entry in entries:
        entry.previous = last
        entry.hash = last = digest(entry)
    AuditEntry.objects.bulk_create(entries, batch_size=1000)


def entries_for(reader: int) -> models.QuerySet[AuditEntry]:
    """The trail without what some room keeps from this reader for the time being."""
    rows = AuditEntry.objects.all()
    for withheld in WITHHOLDS:
        rows = rows.exclude(withheld(reader))
    return rows


def keeps_from(reader: int) -> bool:
    """Whether there is anything that the reader must not see yet."""
    return any(AuditEntry.objects.filter(withheld(reader)).exists() for withheld in WITHHOLDS)


@dataclass(frozen=True)
class ChainReport:
    entries: int
    head: str
    ok: bool
    first_bad: int | None


def verify() -> ChainReport:
    """Walk the chain; `first_bad` is the id of the first entry that does not fit."""
    previous, count, bad = GENESIS, 0, None
    for entry in AuditEntry.objects.order_by("pk").iterator(chunk_size=2000):
        count += 1
        if entry.previous != previous or entry.hash != digest(entry):
            bad = entry.pk
            break
        previous = entry.hash
    return ChainReport(entries=count, head=previous, ok=bad is None, first_bad=bad)
