"""What the money says: shares, curves and means of who pays, each with its n and interval.

The counts and sums come from summaries of the ledger (`crm.paying`); here they meet statistics, and
what creators told us. One currency at a time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from statistics import median

from django.db import connection
from django.db.models import Count, Max, Q, QuerySet

from crm import paying
from crm.bilingual import in_language
from crm.models import Creator, Interview, PayerBalance, PayingSpell, PayingTally, Tier
from crm.tallies import USUAL_DAYS
from insights.kept import FEW, Kept, kept
from insights.models import Asked, Evidence, Need, PainPoint
from insights.statistics import (
    Estimate,
    PricePoints,
    Survival,
    gini_of_sums,
    kaplan_meier_counts,
    mean_of_sums,
    share,
    share_difference,
    van_westendorp,
    van_westendorp_intervals,
)

ALL = "all"
MARKS = (30, 60, 90, 180, 365)
"""Days at which retention is read off the curve."""
WHALE_SHARE = 0.2
"""From this share of the revenue on, one payer is a warning."""
PRICES_IN = "CNY"
"""Van Westendorp's prices are asked in fen."""


@dataclass(frozen=True)
class Rate:
    """`payers` of `creators` in a group; `key` is a tier or a month."""

    key: str | date
    payers: int
    creators: int
    estimate: Estimate


def _rate(row: paying.Counted) -> Rate:
    return Rate(row.key, row.payers, row.creators, share(row.payers, row.creators))


def rates_by_tier(currency: str) -> list[Rate]:
    """Share of each tier's creators who have paid, head, mid, entry, then all."""
    rows = paying.payers_by_tier(currency)
    everyone = paying.Counted(
        ALL, sum(row.payers for row in rows), sum(row.creators for row in rows)
    )
    return [_rate(row) for row in (*rows, everyone)]


def rates_by_month_joined(currency: str, last: int = 24) -> list[Rate]:
    return [_rate(row) for row in paying.payers_by_month_joined(currency)[-last:]]


def still_by_first_month(currency: str, last: int = 24) -> list[Rate]:
    """Of those who first paid in a month, the share that was still paying when the data ended."""
    return [_rate(row) for row in paying.still_paying_by_first_month(currency)[-last:]]


@dataclass(frozen=True)
class Retention:
    """One group's curve of first stretches, in days, and the shares left at `MARKS`."""

    group: str
    curve: Survival
    at: tuple[Estimate, ...]


def retention(group: str, table: dict[float, tuple[int, int]]) -> Retention:
    curve = kaplan_meier_counts(table)
    return Retention(group, curve, tuple(curve.at(day) for day in MARKS))


def table_of(rows: Iterable[paying.Lasted]) -> dict[float, tuple[int, int]]:
    """Days → how many ended then, how many were still running, as the curve takes them."""
    table: dict[float, tuple[int, int]] = {}
    for row in rows:
        left, running = table.get(row.days, (0, 0))
        table[row.days] = (left + row.count * row.ended, running + row.count * (not row.ended))
    return table


def retention_by_tier(currency: str) -> list[Retention]:
    """Curves of head, mid, entry and all; the tier is that of the first charge."""
    by_tier: dict[str, list[paying.Lasted]] = defaultdict(list)
    for row in paying.first_spells(currency):
        by_tier[row.group].append(row)
        by_tier[ALL].append(row)
    return [retention(tier, table_of(by_tier[tier])) for tier in (*(t.value for t in Tier), ALL)]


@dataclass(frozen=True)
class MonthMeans:
    """Net revenue of a month by paying creator and by creator known, in minor units."""

    month: paying.Month
    by_payer: Estimate
    by_creator: Estimate


def means_by_month(currency: str) -> list[MonthMeans]:
    """Means with Student's interval; who paid nothing counts 0 in the mean of all creators."""
    return [
        MonthMeans(
            row,
            _of_money(mean_of_sums(row.payers, row.net_minor, row.net_squares)),
            _of_money(mean_of_sums(max(row.known, row.payers), row.net_minor, row.net_squares)),
        )
        for row in paying.months(currency)
    ]


def _of_money(estimate: Estimate) -> Estimate:
    """Nobody pays less than nothing, so neither does the lower limit."""
    return estimate if estimate.low is None else replace(estimate, low=max(0.0, estimate.low))


@dataclass(frozen=True)
class Payer:
    """`share` of all revenue; `without` is the mean of the payers who are left without this one."""

    creator: int
    name: str
    minor: int
    share: float
    without: Estimate


@dataclass(frozen=True)
class Revenue:
    """How a currency's revenue lies over its payers; `lorenz` runs from (0, 0) to (1, 1)."""

    payers: int
    minor: int
    gini: float | None
    mean: Estimate
    top_tenth: float | None
    lorenz: tuple[tuple[float, float], ...]
    largest: tuple[Payer, ...]

    @property
    def whale(self) -> Payer | None:
        """The one payer on whom too much hangs: `WHALE_SHARE` of the revenue and twice an even part."""
        if not self.largest or self.payers < 2:
            return self.largest[0] if self.largest else None
        first = self.largest[0]
        return first if first.share >= max(WHALE_SHARE, 2 / self.payers) else None


def revenue_spread(currency: str) -> Revenue:
    rows = paying.distribution(currency)
    n, total = rows.payers, rows.minor
    people, money = 0, 0
    curve = [(0.0, 0.0)]
    for part in rows.slices:
        people, money = people + part.payers, money + part.minor
        curve.append((people / n, money / total))
    return Revenue(
        payers=n,
        minor=total,
        gini=gini_of_sums(n, total, rows.weighted),
        mean=mean_of_sums(n, total, rows.squares),
        top_tenth=_top(curve, 0.1) if n >= 10 else None,
        lorenz=tuple(curve),
        largest=tuple(
            Payer(
                pk, name, minor, minor / total,
                mean_of_sums(n - 1, total - minor, rows.squares - minor * minor),
            )
            for pk, name, minor in rows.largest
        ),
    )  # fmt: skip


def _top(curve: Sequence[tuple[float, float]], part: float) -> float:
    """What the richest `part` of the payers paid, read off the Lorenz curve."""
    for (x, y), (to_x, to_y) in zip(curve, curve[1:], strict=False):
        if to_x >= 1 - part:
            return 1 - (y + (to_y - y) * (1 - part - x) / (to_x - x))
    return 1.0


@dataclass(frozen=True)
class PainPaying:
    """Payers among creators who raised a pain and among those asked who did not."""

    pain: int
    titles: tuple[str, str]
    raised: Estimate
    raised_payers: int
    not_raised: Estimate
    not_raised_payers: int
    difference: Estimate

    @property
    def title(self) -> str:
        return in_language(*self.titles)


_PAINS = """
    WITH gone AS (
        SELECT id FROM crm_interview WHERE NOT usable
    ), met AS (
        SELECT pain_id, creator_id, true AS raised FROM insights_evidence
        WHERE stance = 'for' AND interview_id NOT IN (SELECT id FROM gone)
        UNION ALL
        SELECT a.pain_id, i.creator_id, false
        FROM insights_asked a JOIN crm_interview i ON i.id = a.interview_id AND i.usable
    ), people AS (
        SELECT pain_id, creator_id, bool_or(raised) AS raised FROM met GROUP BY 1, 2
    )
    SELECT p.id, p.title_zh, p.title_en,
        COUNT(*) FILTER (WHERE people.raised), COUNT(b.id) FILTER (WHERE people.raised),
        COUNT(*), COUNT(b.id)
    FROM people JOIN insights_painpoint p ON p.id = people.pain_id AND p.status = 'open'
        LEFT JOIN crm_payerbalance b ON b.creator_id = people.creator_id
            AND b.currency = %(currency)s AND b.charged > b.refunded + b.disputed
    GROUP BY p.id ORDER BY p.id
"""


def paying_by_pain(currency: str, *, now: bool = False) -> Kept[list[PainPaying]]:
    """Every open pain that somebody was asked about; largest difference first, unknown last."""
    heard, asked, pains = (
        tuple(rows.aggregate(n=Count("pk"), last=Max("pk")).values())
        for rows in (
            Evidence.objects.filter(stance=Evidence.Stance.FOR),
            Asked.objects.all(),
            PainPoint.objects.open(),
        )
    )
    payers = PayerBalance.objects.filter(paying.PAID, currency=currency).count()
    gone = Interview.objects.filter(usable=False).count()
    return kept(
        ("pains", currency),
        (heard, asked, pains, payers, gone, _summaries()),
        lambda: _paying_by_pain(currency),
        rows=heard[0] + asked[0],
        now=now,
    )


def _summaries() -> int | None:
    """Which making of the ledger's summaries is in force."""
    newest: int | None = PayingTally.objects.aggregate(last=Max("pk"))["last"]
    return newest


def _paying_by_pain(currency: str) -> list[PainPaying]:
    with connection.cursor() as cursor:
        cursor.execute(_PAINS, {"currency": currency})
        rows = cursor.fetchall()
    found = [
        PainPaying(
            pain, (zh, en),
            share(paid, raised), paid,
            share(all_paid - paid, asked - raised), all_paid - paid,
            share_difference(paid, raised, all_paid - paid, asked - raised),
        )
        for pain, zh, en, raised, paid, asked, all_paid in rows
    ]  # fmt: skip
    return sorted(
        found,
        key=lambda row: (not _comparable(row), -(row.difference.value or 0.0), row.pain),
    )


def _comparable(row: PainPaying) -> bool:
    return row.raised.publishable and row.not_raised.publishable


def creators_by_pain(pain: int, *, raised: bool | None, currency: str) -> QuerySet[Creator]:
    """Creators asked about a pain: those who raised it, those who did not, or both; payers only
    where a currency is given.
    """
    said = (
        Evidence.objects.filter(pain_id=pain, stance=Evidence.Stance.FOR)
        .usable()
        .values("creator_id")
    )
    asked = Asked.objects.filter(pain_id=pain, interview__usable=True).values(
        "interview__creator_id"
    )
    rows = Creator.objects.filter(Q(pk__in=said) | Q(pk__in=asked))
    if raised is not None:
        rows = rows.filter(pk__in=said) if raised else rows.exclude(pk__in=said)
    if currency:
        paid = PayerBalance.objects.filter(paying.PAID, currency=currency).values("creator_id")
        rows = rows.filter(pk__in=paid)
    return rows.prefetch_related("balances").order_by("name", "pk")


@dataclass(frozen=True)
class Stated:
    """Van Westendorp's points with their intervals, in minor units a month, and the curves."""

    points: PricePoints
    intervals: dict[str, Estimate]


@dataclass(frozen=True)
class Against:
    """Respondents who pay less than what they called a bargain, within their range, above what is dear.

    Creators' ids; `median_minor` is of what all of them pay a month.
    """

    payers: int
    below: tuple[int, ...]
    within: tuple[int, ...]
    above: tuple[int, ...]
    median_minor: int | None


@dataclass(frozen=True)
class Willingness:
    stated: Stated
    respondents: int
    revealed: Against
    paid_minor: tuple[int, ...]


ANSWERED = Q(
    too_cheap_minor__isnull=False,
    cheap_minor__isnull=False,
    expensive_minor__isnull=False,
    too_expensive_minor__isnull=False,
)
MANY = 500


def willingness(pain: int | None = None, *, now: bool = False) -> Kept[Willingness]:
    """Stated against revealed: each creator's latest answers (of one pain, or of any)."""
    rows = Need.objects.filter(ANSWERED)
    if pain is not None:
        rows = rows.filter(pain_id=pain)
    state = rows.aggregate(n=Count("pk"), last=Max("pk"), at=Max("at"))
    return kept(
        ("prices", pain),
        (*state.values(), _summaries()),
        lambda: _willingness(rows),
        rows=state["n"],
        now=now,
    )


def money_keep() -> None:
    """Make anew what has changed of the dear answers: prices, and payers by pain by currency."""
    willingness(now=True)
    for pain, _title, answered in pains_priced(now=True):
        if answered > FEW:
            willingness(pain, now=True)
    for currency, _payers in paying.currencies():
        paying_by_pain(currency, now=True)


def _willingness(rows: QuerySet[Need]) -> Willingness:
    latest = [
        (creator, *(price for price in prices if price is not None))
        for creator, *prices in rows.order_by("creator_id", "-at", "-pk")
        .distinct("creator_id")
        .values_list(
            "creator_id", "too_cheap_minor", "cheap_minor", "expensive_minor",
            "too_expensive_minor",
        )
    ]  # fmt: skip
    # Many answers are taken to the whole yuan: the curves have a step a price, and nobody can
    # read half a yuan off them.
    unit = 100 if len(latest) > MANY else 1
    answers = [[round(price / unit) * unit for price in row[1:]] for row in latest]
    stated = Stated(van_westendorp(answers), van_westendorp_intervals(answers))
    paid = _monthly(row[0] for row in latest)
    return Willingness(stated, len(latest), _against(latest, paid), tuple(sorted(paid.values())))


def _monthly(creators: Iterable[int]) -> dict[int, int]:
    """Creator → what their newest charge comes to for 31 days, in minor units."""
    rows = (
        PayingSpell.objects.filter(currency=PRICES_IN, creator_id__in=list(creators))
        .order_by("creator_id", "-number")
        .distinct("creator_id")
        .values_list("creator_id", "last_minor", "last_days")
    )
    return {pk: round(minor * USUAL_DAYS / days) for pk, minor, days in rows}


def _against(latest: Sequence[tuple[int, ...]], paid: dict[int, int]) -> Against:
    groups: dict[str, list[int]] = {"below": [], "within": [], "above": []}
    for creator, _too_cheap, cheap, expensive, _too_expensive in latest:
        price = paid.get(creator)
        if price is not None:
            place = "below" if price < cheap else "above" if price > expensive else "within"
            groups[place].append(creator)
    return Against(
        payers=len(paid),
        median_minor=round(median(paid.values())) if paid else None,
        **{place: tuple(sorted(ids)) for place, ids in groups.items()},
    )


def pains_priced(*, now: bool = False) -> list[tuple[int, str, int]]:
    """Pains whose price was asked: id, title, how many creators answered all four."""
    state = Need.objects.filter(ANSWERED).aggregate(n=Count("pk"), last=Max("pk"))
    answered = kept(
        ("priced",), tuple(state.values()), _pains_priced, rows=state["n"], now=now
    ).value  # fmt: skip
    pains = PainPoint.objects.open().in_bulk([pain for pain, _n in answered])
    return [(pain, pains[pain].title, n) for pain, n in answered if pain in pains]


def _pains_priced() -> list[tuple[int, int]]:
    rows = (
        Need.objects.filter(ANSWERED)
        .order_by()
        .values("pain_id")
        .annotate(answered=Count("creator_id", distinct=True))
    )
    found = [(row["pain_id"], row["answered"]) for row in rows]
    return sorted(found, key=lambda row: (-row[1], row[0]))
