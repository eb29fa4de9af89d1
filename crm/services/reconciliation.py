"""The ledger against a provider's own list: what only one of them has, and what differs."""

import hashlib
from collections.abc import Iterable, Mapping
from datetime import datetime, time, timedelta

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit, bills
from crm.exceptions import DomainError
from crm.models import Payment, Reconciliation, ReconciliationLine, User
from crm.services.ledger import BATCH, entries_about, found_among
from crm.services.payments import parse_bill

Bucket = ReconciliationLine.Bucket
_PERSONAL = "wechat"  # its format's name; the merchant's account is another one


@transaction.atomic
def reconcile(
    *,
    data: bytes,
    name: str,
    format: str = "auto",
    mapping: Mapping[str, str] | None = None,
    actor: User | None = None,
) -> Reconciliation:
    """Compare a bill or an exported list with the ledger; books nothing.

    The period is the days from the first to the last row of the list. Raises `DomainError` where
    the list cannot be read or holds no payment.
    """
    bill = parse_bill(data, name, format=format, mapping=mapping)
    if not bill.facts:
        raise DomainError(_("The list holds no payment to compare."), code="nothing_to_compare")
    since, until = _period(bill.facts)
    agreeing, lines, met = _theirs(bill)
    ours = _ours(bill, since, until)
    lines += [_only_here(row) for row in ours if row.pk not in met]
    made = Reconciliation.objects.create(
        name=name[:255],
        sha256=hashlib.sha256(data).hexdigest(),
        provider=bill.facts[0].provider,
        since=since,
        until=until,
        theirs=len(bill.facts),
        agreeing=agreeing,
        totals=_totals(ours, bill),
        by=actor,
    )
    for line in lines:
        line.reconciliation = made
    ReconciliationLine.objects.bulk_create(lines, batch_size=BATCH)
    audit.record("payments.reconciled", made, actor=actor, data={"file": name, "lines": len(lines)})
    return made


def _period(facts: Iterable[bills.Fact]) -> tuple[datetime, datetime]:
    """Whole days of our own zone around the list's first and last row."""
    days = sorted({timezone.localtime(fact.occurred_at).date() for fact in facts})
    zone = timezone.get_current_timezone()
    return (
        datetime.combine(days[0], time(), zone),
        datetime.combine(days[-1] + timedelta(days=1), time(), zone),
    )


def _theirs(bill: bills.Bill) -> tuple[int, list[ReconciliationLine], set[int]]:
    """Each row of the list against the ledger: how many agree, the others, and whom they met."""
    agreeing, lines, met = 0, [], set()
    facts = list(bill.facts)
    for start in range(0, len(facts), BATCH):
        part = facts[start : start + BATCH]
        known = entries_about(part)
        for fact in part:
            entry = found_among(known, fact)
            if entry is None or entry.reverses:
                lines.append(_line(Bucket.ONLY_THERE, fact))
                continue
            met.add(entry.pk)
            if (entry.minor, entry.currency) == (fact.minor, fact.currency):
                agreeing += 1
            else:
                lines.append(_line(Bucket.DIFFERING, fact, entry))
    lines += [
        ReconciliationLine(
            bucket=Bucket.ONLY_THERE, row=item.row, object_id="—", note="listed_twice"
        )
        for item in bill.ignored
        if item.code == "repeated"
    ]
    return agreeing, lines, met


def _ours(bill: bills.Bill, since: datetime, until: datetime) -> list[Payment]:
    rows = Payment.objects.in_force().filter(
        provider=bill.facts[0].provider, occurred_at__gte=since, occurred_at__lt=until
    )
    if bill.format == _PERSONAL:
        rows = rows.filter(source__format=_PERSONAL)
    elif bill.facts[0].provider == "wechat":
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
