"""Reads of the money's summaries: counts and sums by tier, month and stretch, never rows by rows.

What is estimated from them (shares, curves, means) is made in `insights.money`, which knows
statistics; here are only the numbers that go in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db.models import Count, Exists, F, OuterRef, Q, QuerySet, Sum

from crm.bills.money import exponent
from crm.models import (
    Creator,
    ExchangeRate,
    MonthDue,
    PayingAsOf,
    PayingMonth,
    PayingSpell,
    SpellDue,
)
from crm.tallies import GRACE_DAYS, ledger_currencies, tally

NET = F("charged") - F("refunded") - F("disputed")
PAID = Q(creator__isnull=False) & Q(charged__gt=F("refunded") + F("disputed"))
"""Has paid more than was taken back."""


@dataclass(frozen=True)
class AsOf:
    """When the summaries held the whole ledger, and what has come since."""

    at: datetime | None
    creators_due: int
    months_due: int

    @property
    def is_current(self) -> bool:
        return self.at is not None and not self.creators_due and not self.months_due


def as_of() -> AsOf:
    return AsOf(
        PayingAsOf.objects.values_list("at", flat=True).first(),
        SpellDue.objects.aggregate(n=Count("creator_id", distinct=True))["n"],
        MonthDue.objects.aggregate(n=Count("month", distinct=True))["n"],
    )


def currencies() -> list[tuple[str, int]]:
    """Currencies that creators pay in with how many pay in each, most first."""
    rows = [(row.currency, row.payers) for row in sums_by_currency() if row.payers]
    return sorted(rows, key=lambda row: (-row[1], row[0]))


@dataclass(frozen=True)
class Counted:
    """`payers` of `creators` in a group, by its key: a tier, or the first day of a month."""

    key: Any
    payers: int
    creators: int


def payers_by_tier(currency: str) -> list[Counted]:
    """Of all creators of each tier today, who has paid in this currency (net of what went back)."""
    found = {tier: Counted(tier, paid, n) for tier, paid, n in tally("tier", currency)}
    return [found.get(tier, Counted(tier, 0, 0)) for tier in ("head", "mid", "entry")]


def payers_by_month_joined(currency: str) -> list[Counted]:
    return [Counted(date.fromisoformat(row[0]), *row[1:]) for row in tally("joined", currency)]


def still_paying_by_first_month(currency: str) -> list[Counted]:
    """Of those who first paid in each month, who was still paying when the data ended."""
    return [Counted(date.fromisoformat(row[0]), *row[1:]) for row in tally("still", currency)]


@dataclass(frozen=True)
class Lasted:
    """`count` creators whose first stretch lasted `days`; `ended` or still running at the end."""

    group: str
    days: int
    ended: bool
    count: int


def first_spells(currency: str) -> list[Lasted]:
    """How long each creator's first stretch lasted, by tier at its start, counted by day."""
    return [Lasted(*row) for row in tally("lasted", currency)]


@dataclass(frozen=True)
class Returns:
    """First stretches in all, those that began too lately to follow, and second ones."""

    starts: int
    too_new: int
    came_back: int


def returns(currency: str) -> Returns:
    return Returns(*tally("returns", currency)[0])


@dataclass(frozen=True)
class Month:
    """One month in one currency; `known` is how many creators had joined by its end."""

    month: date
    payers: int
    charges: int
    net_minor: int
    net_squares: int
    known: int


def months(currency: str, last: int = 24) -> list[Month]:
    """The last months, oldest first, of all tiers together."""
    rows = list(
        PayingMonth.objects.filter(currency=currency)
        .values("month")
        .annotate(
            people=Sum("payers"), rows=Sum("charges"), net=Sum("net_minor"),
            squares=Sum("net_squares"),
        )
        .order_by("-month")[:last]
    )  # fmt: skip
    joined = {row.key: row.creators for row in payers_by_month_joined(currency)}
    return [
        Month(
            row["month"], row["people"], row["rows"], row["net"], int(row["squares"]),
            sum(count for month, count in joined.items() if month <= row["month"]),
        )
        for row in reversed(rows)
    ]  # fmt: skip


@dataclass(frozen=True)
class Slice:
    """A hundredth of the payers (the poorest first) and what they have paid in all."""

    payers: int
    minor: int


@dataclass(frozen=True)
class Distribution:
    """Net sums of the payers of one currency: how many, how much, how unequal, the largest.

    `weighted` is Σ i·x of the sorted sums (i from 1), from which Gini's coefficient follows.
    """

    payers: int
    minor: int
    squares: int
    weighted: int
    slices: tuple[Slice, ...]
    largest: tuple[tuple[int, str, int], ...]


def distribution(currency: str) -> Distribution:
    parts = tally("spread", currency)
    largest = tally("largest", currency)
    names = dict(
        Creator.objects.filter(pk__in=[row[0] for row in largest]).values_list("pk", "name")
    )
    return Distribution(
        payers=sum(row[1] for row in parts),
        minor=sum(int(row[2]) for row in parts),
        squares=sum(int(row[3]) for row in parts),
        weighted=sum(int(row[4]) for row in parts),
        slices=tuple(Slice(row[1], int(row[2])) for row in parts),
        largest=tuple((pk, names.get(pk, "—"), net) for pk, net in largest),
    )


@dataclass(frozen=True)
class CurrencySum:
    """What creators paid in a currency: all, and of it what the months hold charge by charge.

    `loose_minor` was taken back without saying which charge it belongs to.
    """

    currency: str
    payers: int
    minor: int
    loose_minor: int
    unmatched: int


def sums_by_currency() -> list[CurrencySum]:
    """Net sums, never mixed; `unmatched` counts ledger rows whose payer nobody has named."""
    tied = dict(
        PayingMonth.objects.values("currency")
        .annotate(net=Sum("net_minor"))
        .values_list("currency", "net")
    )
    found = []
    for currency in ledger_currencies():
        payers, net, unmatched = tally("balance", currency)[0]
        found.append(CurrencySum(currency, payers, net, tied.get(currency, 0) - net, unmatched))
    return sorted(found, key=lambda row: (-row.payers, row.currency))


@dataclass(frozen=True)
class Converted:
    """Sums of several currencies in one, with every rate that was used, or the currency without.

    `minor` is None where a rate is missing: a sum that leaves money out is not shown.
    """

    into: str
    minor: int | None
    rates: tuple[ExchangeRate, ...]
    missing: tuple[str, ...]


def converted(sums: Sequence[CurrencySum], into: str, on: date) -> Converted:
    """Each sum at the newest rate of its currency on or before the day, rounded half to even."""
    wanted = [row.currency for row in sums if row.currency != into]
    newest = {
        rate.currency: rate
        for rate in ExchangeRate.objects.filter(currency__in=wanted, into=into, on__lte=on)
        .order_by("currency", "-on")
        .distinct("currency")
    }
    missing = tuple(currency for currency in wanted if currency not in newest)
    total = Decimal(0)
    for row in sums:
        amount = Decimal(row.minor).scaleb(-exponent(row.currency))
        total += amount * (newest[row.currency].rate if row.currency in newest else 1)
    minor = int(total.scaleb(exponent(into)).to_integral_value(ROUND_HALF_EVEN))
    rates = tuple(newest[currency] for currency in wanted if currency in newest)
    return Converted(into, None if missing else minor, rates, missing)


def data_ends() -> list[tuple[str, datetime]]:
    """Provider → its last charge of a known payer; what came after it nobody can know."""
    return [(provider, datetime.fromisoformat(at)) for provider, at in tally("ends", "")]


STATES = ("followed", "left", "still")


def spells_in_state(rows: QuerySet[PayingSpell], state: str) -> QuerySet[PayingSpell]:
    """Of stretches: `followed` began before their provider's data ended, `left` ended before it,
    `still` are of creators who were paying when it ended.
    """
    grace = timedelta(days=GRACE_DAYS)
    ends = [(provider, at - grace) for provider, at in data_ends()]
    began, left, running = Q(pk__in=[]), Q(pk__in=[]), Q(pk__in=[])
    for provider, end in ends:
        mine = Q(provider=provider, started_at__lt=end)
        began |= mine
        left |= mine & Q(until__lte=end)
        running |= mine & Q(until__gt=end)
    if state == "left":
        return rows.filter(left)
    if state == "still":
        now = PayingSpell.objects.filter(running)
        same = now.filter(creator=OuterRef("creator"), currency=OuterRef("currency"))
        return rows.filter(began).filter(Exists(same))
    return rows.filter(began)
