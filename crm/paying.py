"""Reads of the money's summaries: counts and sums by tier, month and stretch, never rows by rows.

What is estimated from them (shares, curves, means) is made in `insights.money`, which knows
statistics; here are only the numbers that go in.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import ROUND_HALF_EVEN, Decimal
from typing import Any

from django.db import connection
from django.db.models import Count, Exists, F, Max, OuterRef, Q, QuerySet, Sum

from crm.bills.money import exponent
from crm.models import (
    ExchangeRate,
    MonthDue,
    PayerBalance,
    PayingAsOf,
    PayingMonth,
    PayingSpell,
    SpellDue,
)

USUAL_DAYS = 31
"""What a charge pays for where no plan says it: a month at its longest."""
GRACE_DAYS = 14
"""How late a renewal may come and still be one; with a month the 45 days of `was_paying`."""

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


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


def currencies() -> list[tuple[str, int]]:
    """Currencies that creators pay in with how many pay in each, most first."""
    rows = (
        PayerBalance.objects.filter(PAID)
        .values("currency")
        .annotate(payers=Count("creator_id", distinct=True))
    )
    return sorted(
        ((row["currency"], row["payers"]) for row in rows), key=lambda row: (-row[1], row)
    )


@dataclass(frozen=True)
class Counted:
    """`payers` of `creators` in a group, by its key."""

    key: Any
    payers: int
    creators: int


_PAYS = """EXISTS (SELECT 1 FROM crm_payerbalance b WHERE b.creator_id = c.id
    AND b.currency = %(currency)s AND b.charged > b.refunded + b.disputed)"""


def payers_by_tier(currency: str) -> list[Counted]:
    """Of all creators of each tier today, who has paid in this currency (net of what went back)."""
    sql = f"""SELECT c.tier, COUNT(*) FILTER (WHERE {_PAYS}), COUNT(*)
        FROM crm_creator c GROUP BY c.tier"""  # noqa: S608  no value in it
    found = {tier: Counted(tier, paid, n) for tier, paid, n in _rows(sql, {"currency": currency})}
    return [found.get(tier, Counted(tier, 0, 0)) for tier in ("head", "mid", "entry")]


def payers_by_month_joined(currency: str) -> list[Counted]:
    sql = f"""SELECT date_trunc('month', c.joined_on)::date, COUNT(*) FILTER (WHERE {_PAYS}),
        COUNT(*) FROM crm_creator c GROUP BY 1 ORDER BY 1"""  # noqa: S608  no value in it
    return [Counted(*row) for row in _rows(sql, {"currency": currency})]


# Seen until: who is late by less than the grace cannot be told from who left, so a provider's
# data ends for this purpose the grace before its last charge.
SEEN = """
    seen AS (SELECT provider, MAX(last_at) - make_interval(days => %(grace)s) AS until
             FROM crm_payingspell GROUP BY provider)
"""


def still_paying_by_first_month(currency: str) -> list[Counted]:
    """Of those who first paid in each month, who was still paying when the data ended."""
    sql = f"""WITH {SEEN}
        SELECT date_trunc('month', s.started_at AT TIME ZONE 'Asia/Shanghai')::date,
            COUNT(*) FILTER (WHERE EXISTS (
                SELECT 1 FROM crm_payingspell now WHERE now.creator_id = s.creator_id
                AND now.currency = s.currency AND now.started_at < seen.until
                AND now.until > seen.until)),
            COUNT(*)
        FROM crm_payingspell s JOIN seen ON seen.provider = s.provider
        WHERE s.number = 1 AND s.currency = %(currency)s AND s.started_at < seen.until
        GROUP BY 1 ORDER BY 1"""  # noqa: S608  no value in it
    return [Counted(*row) for row in _rows(sql, {"currency": currency, "grace": GRACE_DAYS})]


@dataclass(frozen=True)
class Lasted:
    """`count` creators whose first stretch lasted `days`; `ended` or still running at the end."""

    group: str
    days: int
    ended: bool
    count: int


def first_spells(currency: str) -> list[Lasted]:
    """How long each creator's first stretch lasted, by tier at its start, counted by day."""
    sql = f"""WITH {SEEN}
        SELECT s.tier, EXTRACT(EPOCH FROM LEAST(s.until, seen.until) - s.started_at)::bigint / 86400,
            s.until <= seen.until, COUNT(*)
        FROM crm_payingspell s JOIN seen ON seen.provider = s.provider
        WHERE s.number = 1 AND s.currency = %(currency)s AND s.started_at < seen.until
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3"""  # noqa: S608  no value in it
    return [Lasted(*row) for row in _rows(sql, {"currency": currency, "grace": GRACE_DAYS})]


@dataclass(frozen=True)
class Returns:
    """Of `ended` first stretches, how many were followed by another; `starts` is all first ones."""

    starts: int
    too_new: int
    came_back: int


def returns(currency: str) -> Returns:
    sql = f"""WITH {SEEN}
        SELECT COUNT(*) FILTER (WHERE s.number = 1),
            COUNT(*) FILTER (WHERE s.number = 1 AND s.started_at >= seen.until),
            COUNT(*) FILTER (WHERE s.number = 2)
        FROM crm_payingspell s JOIN seen ON seen.provider = s.provider
        WHERE s.currency = %(currency)s"""  # noqa: S608  no value in it
    return Returns(*_rows(sql, {"currency": currency, "grace": GRACE_DAYS})[0])


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


def distribution(currency: str, top: int = 10) -> Distribution:
    sql = """
        WITH paid AS (
            SELECT charged - refunded - disputed AS net FROM crm_payerbalance
            WHERE currency = %(currency)s AND creator_id IS NOT NULL
                AND charged > refunded + disputed
        ), placed AS (
            SELECT net, ROW_NUMBER() OVER (ORDER BY net) AS place, COUNT(*) OVER () AS n FROM paid
        )
        SELECT (place * 100 - 1) / n, COUNT(*), SUM(net), SUM(net::numeric * net),
            SUM(place::numeric * net)
        FROM placed GROUP BY 1 ORDER BY 1"""
    parts = _rows(sql, {"currency": currency})
    largest = (
        PayerBalance.objects.filter(PAID, currency=currency)
        .annotate(net_minor=NET)
        .order_by("-net_minor", "creator_id")
        .values_list("creator_id", "creator__name", "net_minor")[:top]
    )
    return Distribution(
        payers=sum(row[1] for row in parts),
        minor=int(sum(row[2] for row in parts)),
        squares=int(sum(row[3] for row in parts)),
        weighted=int(sum(row[4] for row in parts)),
        slices=tuple(Slice(row[1], int(row[2])) for row in parts),
        largest=tuple(largest),
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
    rows = (
        PayerBalance.objects.values("currency")
        .annotate(
            payers=Count("pk", filter=PAID),
            net=Sum(NET, filter=Q(creator__isnull=False)),
            unmatched=Sum("entries", filter=Q(creator__isnull=True)),
        )
        .order_by("-payers", "currency")
    )
    return [
        CurrencySum(
            row["currency"], row["payers"], row["net"] or 0,
            tied.get(row["currency"], 0) - (row["net"] or 0), row["unmatched"] or 0,
        )
        for row in rows
    ]  # fmt: skip


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


def paying_now(currency: str) -> int:
    """Creators who were still paying when their provider's data ended."""
    sql = f"""WITH {SEEN} SELECT COUNT(DISTINCT s.creator_id)
        FROM crm_payingspell s JOIN seen ON seen.provider = s.provider
        WHERE s.currency = %(currency)s AND s.started_at < seen.until
            AND s.until > seen.until"""  # noqa: S608  no value in it
    return int(_rows(sql, {"currency": currency, "grace": GRACE_DAYS})[0][0])


def data_ends() -> list[tuple[str, datetime]]:
    """Provider → its last charge of a known payer; what came after it nobody can know."""
    ends = PayingSpell.objects.values("provider").annotate(at=Max("last_at")).order_by("provider")
    return [(row["provider"], row["at"]) for row in ends]


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
