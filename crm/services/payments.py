"""Bills in: every row booked, a duplicate, ignored or rejected with its reason; nothing is lost."""

import hashlib
from collections.abc import Mapping

from django.db import connection, transaction
from django.utils.translation import gettext as _

from crm import audit, bills
from crm.exceptions import DomainError
from crm.models import Creator, PayerName, Payment, PaymentImport, User
from engines.decoding import UndecodableError

_LOCK = 0x4C454447  # one booking at a time, so that "duplicate" is decided once


def parse_bill(
    data: bytes, name: str, *, format: str = "auto", mapping: Mapping[str, str] | None = None
) -> bills.Bill:
    """Read a bill without booking it: what a preview shows. Raises `DomainError`."""
    try:
        return bills.parse(data, name, format=format, mapping=mapping)
    except (bills.BillError, UndecodableError) as error:
        raise DomainError(f"{name}: {error}", code=getattr(error, "code", "unreadable")) from error


@transaction.atomic
def bill_import(
    *,
    data: bytes,
    name: str,
    format: str = "auto",
    mapping: Mapping[str, str] | None = None,
    actor: User | None = None,
    sample: bool = False,
) -> PaymentImport:
    """Book a bill; rows whose event or (order, kind) is in the ledger count as duplicates."""
    bill = parse_bill(data, name, format=format, mapping=mapping)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
    source = PaymentImport.objects.create(
        name=name[:255],
        sha256=hashlib.sha256(data).hexdigest(),
        format=bill.format,
        encoding=bill.encoding,
        rows=bill.rows,
        ignored=[_told(item) for item in bill.ignored],
        rejected=[_told(item) for item in bill.rejected],
        totals=bill.totals,
        warnings=[str(notice) for notice in bill.warnings],
        by=actor,
    )
    fresh = _not_yet_booked(bill.facts)
    owners = dict(PayerName.objects.values_list("name", "creator_id"))
    Payment.objects.bulk_create(
        [_payment(fact, source=source, owners=owners, sample=sample) for fact in fresh],
        batch_size=1000,
    )
    source.booked, source.duplicates = len(fresh), len(bill.facts) - len(fresh)
    source.save(update_fields=["booked", "duplicates"])
    audit.record(
        "payments.imported",
        source,
        actor=actor,
        data={"file": name, "booked": source.booked, "duplicates": source.duplicates},
    )
    return source


def _told(item: bills.Ignored | bills.Rejected) -> dict[str, str | int]:
    return {"row": item.row, "code": item.code, "reason": item.reason}


def _not_yet_booked(facts: tuple[bills.Fact, ...] | list[bills.Fact]) -> list[bills.Fact]:
    providers = {fact.provider for fact in facts}
    events: set[tuple[str, str]] = set()
    orders: set[tuple[str, str, str]] = set()
    for provider in providers:
        mine = [fact for fact in facts if fact.provider == provider]
        booked = Payment.objects.filter(provider=provider)
        events.update(
            (provider, event)
            for event in booked.filter(event_id__in=[fact.event_id for fact in mine]).values_list(
                "event_id", flat=True
            )
        )
        orders.update(
            (provider, order, kind)
            for order, kind in booked.filter(
                object_id__in=[fact.object_id for fact in mine]
            ).values_list("object_id", "kind")
        )
    fresh = []
    for fact in facts:
        event, order = (fact.provider, fact.event_id), (fact.provider, fact.object_id, fact.kind)
        if event in events or order in orders:
            continue
        events.add(event)
        orders.add(order)
        fresh.append(fact)
    return fresh


def _payment(
    fact: bills.Fact, *, source: PaymentImport, owners: Mapping[str, int], sample: bool
) -> Payment:
    return Payment(
        provider=fact.provider,
        event_id=fact.event_id,
        object_id=fact.object_id,
        kind=fact.kind,
        minor=fact.minor,
        currency=fact.currency,
        occurred_at=fact.occurred_at,
        creator_id=owners.get(fact.payer),
        payer=fact.payer[:160],
        payer_account=fact.payer_account[:160],
        subject=fact.subject[:255],
        refund_of=fact.refund_of or "",
        source=source,
        row=fact.row,
        raw=dict(fact.raw),
        is_sample=sample,
    )


@transaction.atomic
def payment_match(
    *, payment: Payment, creator: Creator | None, actor: User | None, remember: bool = True
) -> int:
    """Say who paid; with `remember` the payer's name becomes a rule and matches his other rows.

    Returns how many payments were matched. Raises `DomainError` where the name is another's rule.
    """
    rows = Payment.objects.filter(pk=payment.pk)
    if creator is not None and remember and payment.payer:
        rule, made = PayerName.objects.get_or_create(
            name=payment.payer, defaults={"creator": creator}
        )
        if not made and rule.creator_id != creator.pk:
            raise DomainError(
                _("“%(payer)s” already stands for %(creator)s; change that rule first.")
                % {"payer": payment.payer, "creator": rule.creator},
                code="payer_taken",
            )
        rows = rows | Payment.objects.filter(payer=payment.payer, creator__isnull=True)
    changed = rows.update(creator=creator)
    audit.record(
        "payment.matched",
        payment,
        actor=actor,
        data={"creator": creator.pk if creator else None, "payments": changed},
    )
    return changed
