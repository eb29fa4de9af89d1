"""The ledger against a provider's own list: what only one of them has, and what differs.

A comparison is a job: the list is kept (or asked for by API) first, read and compared by a worker that
shows how far it is, and its lines are written at once at the end.
"""

import hashlib
import uuid
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta

from django.core.files.base import ContentFile
from django.core.files.storage import default_storage
from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit, bills
from crm.exceptions import DomainError
from crm.listing import ListError
from crm.listing.listers import LISTERS, listers_ready
from crm.models import Payment, Reconciliation, ReconciliationLine, User
from crm.services.job_rows import (
    JobStopped,
    job_again,
    job_cancel,
    job_claim,
    job_end,
    job_progress,
    job_revive,
)
from crm.services.ledger import BATCH, entries_about, found_among
from crm.services.payments import parse_bill

Bucket = ReconciliationLine.Bucket
State = Reconciliation.State
FOLDER = "reconciliations"
LONGEST = timedelta(days=366)
PAUSE = timedelta(minutes=1)
_PERSONAL = "wechat"  # its format's name; the merchant's account is another one


# -- asked for ------------------------------------------------------------------------------------


@transaction.atomic
def reconcile_list(
    *,
    data: bytes,
    name: str,
    format: str = "auto",
    mapping: Mapping[str, str] | None = None,
    actor: User | None = None,
) -> Reconciliation:
    """Want a bill or an exported list compared with the ledger; books nothing.

    Raises `DomainError` where the list cannot be read or holds no payment.
    """
    bill = parse_bill(data, name, format=format, mapping=mapping)
    if not bill.facts:
        raise DomainError(_("The list holds no payment to compare."), code="nothing_to_compare")
    since, until = _period(bill.facts)
    path = default_storage.save(f"{FOLDER}/{uuid.uuid4().hex}", ContentFile(data))
    wanted = Reconciliation.objects.create(
        name=name[:255],
        list_path=path,
        sha256=hashlib.sha256(data).hexdigest(),
        format=format,
        columns=dict(mapping or {}),
        provider=bill.facts[0].provider,
        since=since,
        until=until,
        by=actor,
    )
    audit.record("payments.comparison_asked", wanted, actor=actor, data={"file": name})
    return wanted


@transaction.atomic
def reconcile_by_api(
    *, provider: str, since: datetime, until: datetime, actor: User | None = None
) -> Reconciliation:
    """Want the provider asked for its list of a period, and that compared with the ledger.

    Raises `DomainError` where this provider cannot be asked here, or not for such a period.
    """
    if provider not in listers_ready():
        raise DomainError(
            _("This provider cannot be asked for a list here: its key is not set."), "no_lister"
        )
    if not since < until <= since + LONGEST:
        raise DomainError(_("Choose a period of at least a day and at most a year."), "bad_period")
    last = timezone.localtime(until - timedelta(seconds=1))
    wanted = Reconciliation.objects.create(
        name=f"{provider} {timezone.localtime(since):%Y-%m-%d} – {last:%Y-%m-%d}",
        asked=True,
        format="stripe",
        provider=provider,
        since=since,
        until=until,
        by=actor,
    )
    audit.record("payments.comparison_asked", wanted, actor=actor, data={"provider": provider})
    return wanted


def reconcile(
    *,
    data: bytes,
    name: str,
    format: str = "auto",
    mapping: Mapping[str, str] | None = None,
    actor: User | None = None,
) -> Reconciliation:
    """Compare at once, in this process. Raises `DomainError` like `reconcile_list`."""
    wanted = reconcile_list(data=data, name=name, format=format, mapping=mapping, actor=actor)
    reconciliation_execute(wanted.pk)
    wanted.refresh_from_db()
    return wanted


def reconciliation_cancel(*, wanted: Reconciliation, actor: User | None = None) -> bool:
    """Ask a comparison to stop; False where it had ended."""
    with transaction.atomic():
        asked = bool(job_cancel(Reconciliation, wanted.pk))
        if asked:
            audit.record("payments.comparison_cancelled", wanted, actor=actor)
    return asked


def reconciliation_resume(*, wanted: Reconciliation, actor: User | None = None) -> bool:
    """Let a comparison that stopped or failed begin again; False where it runs or is done."""
    with transaction.atomic():
        again = job_revive(Reconciliation, wanted.pk, (State.CANCELLED, State.FAILED, State.DEAD))
        if again:
            audit.record("payments.comparison_resumed", wanted, actor=actor)
    return again


# -- done by a worker -------------------------------------------------------------------------------


@dataclass
class _Compared:
    """What came of the rows so far; `met` are the ledger's entries that the list has."""

    agreeing: int = 0
    lines: list[ReconciliationLine] = field(default_factory=list)
    met: set[int] = field(default_factory=set)


def reconciliation_execute(pk: int) -> str:
    """Compare if it waits; returns the state it left it in. May be called twice."""
    job = job_claim(Reconciliation, pk)
    if job is None:
        return "not_waiting"
    try:
        data = _list_of(job)
        bill = _bill_of(job, data)
        done = _theirs(job, bill)
    except JobStopped as stopped:
        if stopped.cancelled:
            job_end(job, State.CANCELLED)
        return State.CANCELLED if stopped.cancelled else "lost"
    except ListError as error:
        return _not_had(job, error)
    except (DomainError, OSError) as error:
        job_end(job, State.FAILED, code=getattr(error, "code", "unreadable"), error=str(error))
        return State.FAILED
    return _kept(job, bill, done, hashlib.sha256(data).hexdigest())


def _not_had(job: Reconciliation, error: ListError) -> str:
    """Later again where that may help; nothing is paid for a list, so asking twice does no harm."""
    if error.permanent or job.tries >= Reconciliation.MAX_TRIES:
        job_end(job, State.FAILED, code="no_list", error=str(error))
        return State.FAILED
    job_again(job, pause=PAUSE * job.tries, code="no_list", error=str(error))
    return State.QUEUED


def _list_of(job: Reconciliation) -> bytes:
    if job.asked and job.since is not None and job.until is not None:
        lister = LISTERS[job.provider]
        return lister.movements(
            job.since, job.until, lambda rows: job_progress(job, stage="list", done=rows, total=0)
        )
    with default_storage.open(job.list_path, "rb") as file:
        return bytes(file.read())


def _bill_of(job: Reconciliation, data: bytes) -> bills.Bill:
    """The list as read; a provider that was asked may well have nothing in a period."""
    try:
        return parse_bill(data, job.name, format=job.format, mapping=job.columns or None)
    except DomainError as error:
        if not (job.asked and error.code == "no_rows"):
            raise
    nothing: dict[str, dict[str, int]] = {}
    return bills.Bill(job.format, "api", (), (), (), nothing, (), (), "utf-8", 0)


def _kept(job: Reconciliation, bill: bills.Bill, done: _Compared, sha256: str) -> str:
    if job.since is None or job.until is None:
        raise RuntimeError(f"{job} has no period")
    ours = _ours(job, bill)
    lines = done.lines + [_only_here(row) for row in ours if row.pk not in done.met]
    for line in lines:
        line.reconciliation = job
    with transaction.atomic():
        ended = job_end(
            job,
            State.DONE,
            sha256=sha256,
            theirs=len(bill.facts),
            agreeing=done.agreeing,
            totals=_totals(ours, bill),
            list_path="",
        )
        if not ended:
            return "lost"
        job.lines.all().delete()
        ReconciliationLine.objects.bulk_create(lines, batch_size=BATCH)
        audit.record(
            "payments.reconciled", job, actor=job.by, data={"list": job.name, "lines": len(lines)}
        )
        if job.list_path:
            path = job.list_path
            transaction.on_commit(lambda: default_storage.delete(path))
    return State.DONE


def _period(facts: Iterable[bills.Fact]) -> tuple[datetime, datetime]:
    """Whole days of our own zone around the list's first and last row."""
    days = sorted({timezone.localtime(fact.occurred_at).date() for fact in facts})
    zone = timezone.get_current_timezone()
    return (
        datetime.combine(days[0], time(), zone),
        datetime.combine(days[-1] + timedelta(days=1), time(), zone),
    )


def _theirs(job: Reconciliation, bill: bills.Bill) -> _Compared:
    """Each row of the list against the ledger. Raises `JobStopped`."""
    done = _Compared()
    facts = list(bill.facts)
    for start in range(0, len(facts), BATCH):
        job_progress(job, stage="compare", done=start, total=len(facts))
        part = facts[start : start + BATCH]
        known = entries_about(part)
        for fact in part:
            entry = found_among(known, fact)
            if entry is None or entry.reverses:
                done.lines.append(_line(Bucket.ONLY_THERE, fact))
                continue
            done.met.add(entry.pk)
            if (entry.minor, entry.currency) == (fact.minor, fact.currency):
                done.agreeing += 1
            else:
                done.lines.append(_line(Bucket.DIFFERING, fact, entry))
    done.lines += [
        ReconciliationLine(
            bucket=Bucket.ONLY_THERE, row=item.row, object_id="—", note="listed_twice"
        )
        for item in bill.ignored
        if item.code == "repeated"
    ]
    job_progress(job, stage="compare", done=len(facts), total=len(facts))
    return done


def _ours(job: Reconciliation, bill: bills.Bill) -> list[Payment]:
    rows = Payment.objects.in_force().filter(
        provider=job.provider, occurred_at__gte=job.since, occurred_at__lt=job.until
    )
    if bill.format == _PERSONAL:
        rows = rows.filter(source__format=_PERSONAL)
    elif job.provider == "wechat":
        rows = rows.exclude(source__format=_PERSONAL)
    return list(rows.order_by("occurred_at", "pk"))


def _only_here(row: Payment) -> ReconciliationLine:
    return ReconciliationLine(
        bucket=Bucket.ONLY_HERE,
        payment=row,
        object_id=row.object_id,
        kind=row.kind,
        occurred_at=row.occurred_at,
        ours_minor=row.minor,
        ours_currency=row.currency,
    )


def _line(bucket: "Bucket", fact: bills.Fact, entry: Payment | None = None) -> ReconciliationLine:
    return ReconciliationLine(
        bucket=bucket,
        payment=entry,
        row=fact.row or None,
        object_id=fact.object_id,
        kind=fact.kind,
        occurred_at=fact.occurred_at,
        ours_minor=entry.minor if entry else None,
        ours_currency=entry.currency if entry else "",
        theirs_minor=fact.minor,
        theirs_currency=fact.currency,
    )


def _totals(ours: Iterable[Payment], bill: bills.Bill) -> dict[str, dict[str, list[int]]]:
    sums: dict[str, dict[str, list[int]]] = {}
    both: list[tuple[int, Iterable[Payment] | Iterable[bills.Fact]]] = [(0, ours), (1, bill.facts)]
    for side, rows in both:
        for row in rows:
            kinds = sums.setdefault(row.currency, {})
            kinds.setdefault(row.kind, [0, 0])[side] += row.minor
    return sums
