"""Bills in: every row booked, a duplicate, ignored or rejected with its reason; nothing is lost."""

import hashlib
import uuid
from collections.abc import Mapping

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit, bills
from crm.exceptions import DomainError
from crm.models import Creator, Payment, PaymentImport, PaymentOrder, User
from crm.money import decimal_text
from crm.services.bill_mappings import mapping_for
from crm.services.events import event_receive
from crm.services.ledger import Door, facts_book, ledger_lock
from crm.services.matching import payment_match
from engines.decoding import UndecodableError

__all__ = [
    "bill_import",
    "event_receive",
    "fact_book",
    "parse_bill",
    "payment_match",
    "payment_order_open",
]


def parse_bill(
    data: bytes,
    name: str,
    *,
    format: str = "auto",
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
) -> bills.Bill:
    """Read a bill without booking it: what a preview shows. Raises `DomainError`.

    A table that no provider wrote is read by the mapping saved for its column names.
    """
    try:
        saved = None if mapping or format not in {"auto", "csv"} else mapping_for(data)
        if saved is not None:
            mapping, currency = saved.columns, currency or saved.currency or None
        return bills.parse(data, name, format=format, mapping=mapping, currency=currency)
    except (bills.BillError, UndecodableError) as error:
        raise DomainError(f"{name}: {error}", code=getattr(error, "code", "unreadable")) from error


@transaction.atomic
def bill_import(
    *,
    data: bytes,
    name: str,
    format: str = "auto",
    mapping: Mapping[str, str] | None = None,
    currency: str | None = None,
    actor: User | None = None,
    sample: bool = False,
) -> PaymentImport:
    """Book a bill; facts that the ledger knows, through whichever door, count as duplicates."""
    bill = parse_bill(data, name, format=format, mapping=mapping, currency=currency)
    ledger_lock()
    source = PaymentImport.objects.create(
        name=name[:255],
        sha256=hashlib.sha256(data).hexdigest(),
        format=bill.format,
        encoding=bill.encoding,
        rows=bill.rows,
        ignored=[_told(item) for item in bill.ignored],
        rejected=[_told(item) for item in bill.rejected],
        totals=bill.totals,
        by=actor,
    )
    booked = facts_book(bill.facts, Door(source=source, sample=sample))
    source.booked, source.duplicates = len(booked.fresh), booked.duplicates
    source.warnings = [str(notice) for notice in bill.warnings] + [
        _differs(fact, entry) for fact, entry in booked.differing
    ]
    source.save(update_fields=["booked", "duplicates", "warnings"])
    audit.record(
        "payments.imported",
        source,
        actor=actor,
        data={"file": name, "booked": source.booked, "duplicates": source.duplicates},
    )
    return source


def _told(item: bills.Ignored | bills.Rejected) -> dict[str, str | int]:
    return {"row": item.row, "code": item.code, "reason": item.reason}


def _differs(fact: bills.Fact, entry: Payment) -> str:
    """A row whose order the ledger has with another amount: never booked, always said."""
    return (
        f"row {fact.row}: the ledger has {decimal_text(entry.minor, entry.currency)} "
        f"{entry.currency} for {fact.object_id}, the bill "
        f"{decimal_text(fact.minor, fact.currency)} {fact.currency}; not booked."
    )


@transaction.atomic
def fact_book(
    *,
    fact: bills.Fact,
    creator: Creator | None = None,
    actor: User | None = None,
    sample: bool = False,
) -> Payment:
    """Book one fact that the house itself knows; the entry there already, where it is known.

    Raises `DomainError` where the ledger has it with another amount.
    """
    booked = facts_book([fact], Door(creator=creator, sample=sample))
    if booked.differing:
        raise DomainError(
            _("The ledger has this order with another amount."), code="differs_from_ledger"
        )
    entry = booked.fresh[0] if booked.fresh else _entry_of(fact)
    if booked.fresh:
        audit.record("payment.booked", entry, actor=actor, data={"event": fact.event_id})
    return entry


def _entry_of(fact: bills.Fact) -> Payment:
    return Payment.objects.filter(
        provider=fact.provider, object_id=fact.object_id, kind=fact.kind
    ).latest("pk")


@transaction.atomic
def payment_order_open(
    *,
    creator: Creator,
    provider: str,
    minor: int,
    currency: str,
    subject: str = "",
    actor: User | None = None,
    sample: bool = False,
) -> PaymentOrder:
    """Ask a creator to pay: the number goes to the provider, which repeats it in its notice."""
    if minor <= 0:
        raise DomainError(_("An order is over more than nothing."), code="nothing_to_pay")
    order = PaymentOrder.objects.create(
        number=f"PJ{uuid.uuid4().hex[:24].upper()}",
        provider=provider,
        creator=creator,
        minor=minor,
        currency=currency,
        subject=subject[:255],
        is_sample=sample,
    )
    audit.record("order.opened", order, actor=actor, data={"minor": minor, "currency": currency})
    return order
