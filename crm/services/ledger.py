"""The one place that writes the ledger: facts in, whichever door they come through.

A fact is named by (provider, event) and by (provider, object, kind); every door gives it the same
names, so a second telling of it books nothing. Facts may come in any order. What was booked
stays: a mistake is taken out of force by an entry that names it (`crm.services.corrections`).
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field

from django.db import connection, transaction
from django.db.models import Q

from crm import bills
from crm.models import Creator, PayerName, Payment, PaymentImport, PaymentOrder, ProviderEvent
from crm.services.corrections import entry_renew
from crm.services.receipts import receipts_tell
from crm.services.refund_totals import refund_amount, refund_totals_settle

LEDGER_LOCK = 0x4C454447  # one bill at a time; notices need it only where their order matters
BATCH = 2000
Name = tuple[str, str, str]


@dataclass(frozen=True)
class Door:
    """Where facts come from: a bill, a notice, or a hand in the house; who is known to have paid."""

    source: PaymentImport | None = None
    notice: ProviderEvent | None = None
    creator: Creator | None = None
    sample: bool = False


@dataclass
class Booked:
    """What became of the facts. `differing`: known already, but with another amount."""

    fresh: list[Payment] = field(default_factory=list)
    duplicates: int = 0
    differing: list[tuple[bills.Fact, Payment]] = field(default_factory=list)


def ledger_lock() -> None:
    """Held to the end of the transaction: nobody else decides meanwhile what is a duplicate."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LEDGER_LOCK])


def facts_book(facts: Sequence[bills.Fact], door: Door) -> Booked:
    """Book what the ledger does not know yet; runs inside its caller's transaction."""
    if not connection.in_atomic_block:
        raise transaction.TransactionManagementError(
            "facts_book() runs in its caller's transaction"
        )
    if any(fact.refunded_total is not None for fact in facts):
        ledger_lock()  # each of these amounts depends on the refunds before it
    booked = Booked()
    # In one order of keys, so that two bookings at once wait for each other instead of dying.
    ordered = sorted(facts, key=lambda fact: (fact.provider, fact.event_id))
    for start in range(0, len(ordered), BATCH):
        _book_batch(ordered[start : start + BATCH], door, booked)
    return booked


def _book_batch(facts: Sequence[bills.Fact], door: Door, booked: Booked) -> None:
    known = entries_about(facts)
    rules = Rules.about(facts)
    made: dict[Name, Payment] = {}
    told_again: list[bills.Fact] = []
    for fact in facts:
        if found_among(known, fact) is not None or _name(fact) in made:
            told_again.append(fact)
        else:
            made[_name(fact)] = _entry(fact, door, rules)
    Payment.objects.bulk_create(made.values(), ignore_conflicts=True)
    stored = entries_about([fact for fact in facts if _name(fact) in made])
    fresh = []
    for fact in facts:
        entry = made.pop(_name(fact), None)
        if entry is None:
            continue
        row = found_among(stored, fact)
        if row is None:
            raise RuntimeError(f"{fact.provider} {fact.event_id} was neither booked nor known")
        if _same(row, entry):
            fresh.append(row)
        else:  # somebody else was a moment faster
            told_again.append(fact)
    known |= stored
    for fact in told_again:
        _tell_again(fact, known, door, rules, booked, fresh)
    booked.fresh += fresh
    refund_totals_settle(facts)
    refunds_follow_charges([row.pk for row in fresh])
    receipts_tell(fresh)


def _tell_again(
    fact: bills.Fact,
    known: dict[Name, Payment],
    door: Door,
    rules: "Rules",
    booked: Booked,
    fresh: list[Payment],
) -> None:
    """A second telling may name the charge, or put back what was taken out of force."""
    entry = found_among(known, fact)
    if entry is None:
        raise RuntimeError(f"{fact.provider} {fact.event_id} is not known")
    if fact.refund_of and not entry.refund_of:
        Payment.objects.filter(pk=entry.pk, refund_of="").update(refund_of=fact.refund_of)
        refunds_follow_charges([entry.pk])
    if entry.reverses and door.source is not None:
        fresh.append(entry_renew(entry, like=_entry(fact, door, rules)))
        return
    booked.duplicates += 1
    estimate = fact.refunded_total is not None or "refunded_total" in entry.raw
    if not estimate and (entry.minor, entry.currency) != (fact.minor, fact.currency):
        booked.differing.append((fact, entry))


def _name(fact: bills.Fact) -> Name:
    return fact.provider, fact.object_id, fact.kind


def entries_about(facts: Sequence[bills.Fact]) -> dict[Name, Payment]:
    """The newest entry about each fact, by (provider, object, kind) and by (provider, event, "")."""
    found: dict[Name, Payment] = {}
    for provider in {fact.provider for fact in facts}:
        mine = [fact for fact in facts if fact.provider == provider]
        rows = Payment.objects.filter(provider=provider).filter(
            Q(event_id__in=[fact.event_id for fact in mine])
            | Q(object_id__in=[fact.object_id for fact in mine])
        )
        for row in rows.order_by("pk"):
            found[provider, row.object_id, row.kind] = row
            found[provider, row.event_id, ""] = row
    return found


def found_among(known: dict[Name, Payment], fact: bills.Fact) -> Payment | None:
    by_event = known.get((fact.provider, fact.event_id, ""))
    if by_event is not None:  # its chain goes on under the object's name
        return known[fact.provider, by_event.object_id, by_event.kind]
    return known.get(_name(fact))


def _same(row: Payment, entry: Payment) -> bool:
    return (row.event_id, row.booked_at, row.source_id, row.notice_id) == (
        entry.event_id, entry.booked_at, entry.source_id, entry.notice_id,
    )  # fmt: skip


@dataclass(frozen=True)
class Rules:
    """Who pays under which order, account and name."""

    orders: dict[str, PaymentOrder]
    accounts: dict[str, int]
    names: dict[str, int]

    @classmethod
    def about(cls, facts: Iterable[bills.Fact]) -> "Rules":
        numbers = {fact.merchant_order for fact in facts} - {""}
        said = {fact.payer[:160] for fact in facts} | {fact.payer_account[:160] for fact in facts}
        rules = PayerName.objects.filter(name__in=said - {""})
        orders = PaymentOrder.objects.filter(number__in=numbers) if numbers else ()
        return cls(
            {order.number: order for order in orders},
            {rule.name: rule.creator_id for rule in rules if rule.by_account},
            {rule.name: rule.creator_id for rule in rules if not rule.by_account},
        )

    def owner(self, fact: bills.Fact) -> int | None:
        """By our own order first, then by account, then by name; a refund follows its charge."""
        if fact.kind != "charge" and fact.refund_of:
            return None
        order = self.orders.get(fact.merchant_order)
        if order is not None and order.provider == fact.provider:
            return order.creator_id
        account = self.accounts.get(fact.payer_account[:160])
        return account if account is not None else self.names.get(fact.payer[:160])


def _entry(fact: bills.Fact, door: Door, rules: Rules) -> Payment:
    raw: dict[str, str | int] = dict(fact.raw)
    if fact.refunded_total is not None:
        raw["refunded_total"] = fact.refunded_total
    return Payment(
        provider=fact.provider,
        event_id=fact.event_id,
        object_id=fact.object_id,
        kind=fact.kind,
        minor=fact.minor if fact.refunded_total is None else refund_amount(fact),
        currency=fact.currency,
        occurred_at=fact.occurred_at,
        creator_id=door.creator.pk if door.creator else rules.owner(fact),
        payer=fact.payer[:160],
        payer_account=fact.payer_account[:160],
        subject=fact.subject[:255],
        refund_of=fact.refund_of or "",
        merchant_order=fact.merchant_order[:64],
        source=door.source,
        notice=door.notice,
        row=fact.row or None,
        raw=raw,
        is_sample=door.sample,
    )


_FOLLOW = """
    UPDATE crm_payment AS back SET creator_id = charge.creator_id, match_id = charge.match_id
    FROM crm_payment AS charge
    WHERE back.creator_id IS NULL AND back.kind <> 'charge' AND back.refund_of <> ''
      AND charge.provider = back.provider AND charge.object_id = back.refund_of
      AND charge.kind = 'charge' AND charge.corrects_id IS NULL
      AND charge.creator_id IS NOT NULL AND {side}.id = ANY(%s)
"""


def refunds_follow_charges(ids: Sequence[int]) -> int:
    """Give refunds and disputes without a creator their charge's; either may have come first."""
    if not ids:
        return 0
    moved = 0
    with connection.cursor() as cursor:
        for side in ("charge", "back"):
            cursor.execute(_FOLLOW.format(side=side), [list(ids)])
            moved += cursor.rowcount
    return moved
