"""What a bill would become, row by row, before anything is booked."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from crm import bills
from crm.models import Creator
from crm.services.ledger import BATCH, Rules, entries_about, found_among


@dataclass(frozen=True)
class PreviewRow:
    """`becomes`: new, again (was taken out of force), duplicate, differs, ignored or rejected.

    A row whose status reports a refund has two of these. `minor` carries the sign of its kind.
    """

    row: int
    becomes: str
    at: datetime | None = None
    kind: str = ""
    minor: int = 0
    currency: str = ""
    payer: str = ""
    creator: str = ""
    subject: str = ""
    code: str = ""
    reason: str = ""
    known_minor: int = 0


@dataclass(frozen=True)
class Preview:
    """`counts`: becomes → rows; `totals` of what would be booked, by currency and kind."""

    bill: bills.Bill
    rows: tuple[PreviewRow, ...]
    counts: Mapping[str, int]
    totals: Mapping[str, Mapping[str, int]]
    unmatched: int


def bill_preview(bill: bills.Bill) -> Preview:
    """Compare a parsed bill with the ledger and the payers' rules; changes nothing."""
    rows: list[PreviewRow] = []
    facts = list(bill.facts)
    for start in range(0, len(facts), BATCH):
        rows += _of_facts(facts[start : start + BATCH])
    rows += [
        PreviewRow(item.row, word, code=item.code, reason=item.reason)
        for word, items in (("ignored", bill.ignored), ("rejected", bill.rejected))
        for item in items
    ]
    counts: dict[str, int] = {}
    totals: dict[str, dict[str, int]] = {}
    for row in rows:
        counts[row.becomes] = counts.get(row.becomes, 0) + 1
        if row.becomes in {"new", "again"}:
            kinds = totals.setdefault(row.currency, {})
            kinds[row.kind] = kinds.get(row.kind, 0) + row.minor
    fresh = [row for row in rows if row.becomes in {"new", "again"}]
    return Preview(
        bill=bill,
        rows=tuple(sorted(rows, key=lambda row: row.row)),
        counts=counts,
        totals=totals,
        unmatched=sum(1 for row in fresh if not row.creator and row.kind == "charge"),
    )


def _of_facts(facts: list[bills.Fact]) -> list[PreviewRow]:
    known = entries_about(facts)
    rules = Rules.about(facts)
    owners = [rules.owner(fact) for fact in facts]
    names = Creator.objects.in_bulk({owner for owner in owners if owner is not None})
    rows = []
    for fact, owner in zip(facts, owners, strict=True):
        entry = found_among(known, fact)
        if entry is None:
            becomes = "new"
        elif entry.reverses:
            becomes = "again"
        elif (entry.minor, entry.currency) != (fact.minor, fact.currency):
            becomes = "differs"
        else:
            becomes = "duplicate"
        rows.append(
            PreviewRow(
                row=fact.row,
                becomes=becomes,
                at=fact.occurred_at,
                kind=fact.kind,
                minor=fact.minor,
                currency=fact.currency,
                payer=fact.payer or fact.payer_account,
                creator=str(names.get(owner, "")) if owner is not None else "",
                subject=fact.subject,
                known_minor=entry.minor if entry is not None else 0,
            )
        )
    return rows
