"""The market as the database has it: what the alarm is judged on, with the rows behind each number."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

import numpy as np
from django.db.models import Count, Max, Q, Sum
from django.db.models.functions import TruncMonth
from django.utils import timezone

from crm.models import Creator, Payment, Tier, ToolUse
from generation.features.alarm.market import Market, Thresholds, TierAnswers
from generation.features.coverage import RELEASED, evidence_of, people
from generation.models import AlarmPolicy, FeatureUse
from insights.models import Need, PainPoint
from insights.selectors import raised_and_asked
from insights.statistics.resampling import Floats

CURRENCY = "CNY"
TOP_TWO = 4
USERS = (ToolUse.Level.TRIED, ToolUse.Level.REGULAR, ToolUse.Level.PAYING)


@dataclass(frozen=True)
class Reading:
    """The market with the ids behind it: rows by (what, pain or None, tier or None).

    `months` are the first days of the window's months, oldest first. `paid` are the creators whose
    wallet is what they paid; the others' is what they named as the price.
    """

    market: Market
    months: tuple[date, ...]
    needs: Mapping[tuple[int, str], tuple[int, ...]]
    tool_uses: tuple[int, ...]
    kept_by: tuple[int, ...]
    payers: tuple[int, ...]
    paid: frozenset[int]


def policy() -> AlarmPolicy:
    """The settings' one row; before it is saved for the first time, the defaults."""
    return AlarmPolicy.objects.filter(pk=1).first() or AlarmPolicy(pk=1)


def thresholds(row: AlarmPolicy) -> Thresholds:
    return Thresholds(
        rank=row.rank,
        coverage=row.coverage,
        loved=row.loved,
        minimum_n=row.minimum_n,
        months=row.months,
    )


def read(row: AlarmPolicy, *, at: datetime | None = None) -> Reading:
    """Gather the market in a number of queries that does not grow with the data."""
    now = at or timezone.now()
    pains = list(PainPoint.objects.open().order_by("pk").values_list("pk", flat=True))
    facts = raised_and_asked(pains)
    ratings, stated = _needs(pains)
    wallets, paid = _wallets(stated, now)
    tiers = []
    for tier in Tier:
        asked = [facts[pain].asked[tier.value] for pain in pains]
        rated = {key[0] for key in ratings if key[2] == tier.value}
        creators = sorted(set().union(rated, *asked))
        place = {creator: index for index, creator in enumerate(creators)}
        shape = (len(creators), len(pains))
        raised, important, satisfied = (np.full(shape, np.nan) for _ in range(3))
        for column, pain in enumerate(pains):
            for creator in asked[column]:
                raised[place[creator], column] = float(creator in facts[pain].raised[tier.value])
            for creator in creators:
                need = ratings.get((creator, pain, tier.value))
                if need is None:
                    continue
                important[place[creator], column] = float(need.importance >= TOP_TWO)
                if need.satisfaction is not None:
                    satisfied[place[creator], column] = float(need.satisfaction >= TOP_TWO)
        purse = np.array([wallets.get((c, tier.value), np.nan) for c in creators], dtype=float)
        tiers.append(TierAnswers(tier.value, tuple(creators), raised, important, satisfied, purse))
    months = _months(row.months, now)
    paying, payers = _paying(months, row.paying_days)
    loved, uses = _ratings(row)
    kept, judges = _kept()
    market = Market(
        pains=tuple(pains),
        tiers=tuple(tiers),
        ratings=loved,
        kept=kept,
        paying=paying,
        relieved={key: evidence_of(persons) for key, persons in people(pains).items()},
    )
    by_pain: dict[tuple[int, str], list[int]] = defaultdict(list)
    for (_creator, pain, of), need in ratings.items():
        by_pain[pain, of].append(need.pk)
    return Reading(
        market=market,
        months=months,
        needs={key: tuple(ids) for key, ids in by_pain.items()},
        tool_uses=uses,
        kept_by=judges,
        payers=payers,
        paid=frozenset(paid),
    )


def _needs(
    pains: Iterable[int],
) -> tuple[dict[tuple[int, int, str], Need], dict[tuple[int, str], int]]:
    """Each creator's latest rating of each pain by the tier of that day, and the price they named.

    The price is the median of those they called expensive but still to be considered.
    """
    latest: dict[tuple[int, int, str], Need] = {}
    prices: dict[tuple[int, str], list[int]] = defaultdict(list)
    rows = (
        Need.objects.filter(pain_id__in=list(pains))
        .order_by("creator_id", "pain_id", "tier", "-at", "-pk")
        .distinct("creator_id", "pain_id", "tier")
    )
    for need in rows:
        latest[need.creator_id, need.pain_id, need.tier] = need
        if need.expensive_minor:
            prices[need.creator_id, need.tier].append(need.expensive_minor)
    return latest, {key: round(float(np.median(found))) for key, found in prices.items()}


def _wallets(
    stated: Mapping[tuple[int, str], int], now: datetime
) -> tuple[dict[tuple[int, str], float], set[int]]:
    """(creator, tier) → fen a month: what they paid us in a year by month, else what they named."""
    since = now - timedelta(days=365)
    rows = (
        Payment.objects.filter(
            currency=CURRENCY, creator__isnull=False, occurred_at__gt=since, occurred_at__lte=now
        )
        .order_by()
        .values("creator_id")
        .annotate(
            plus=Sum("minor", filter=Q(kind=Payment.Kind.CHARGE)),
            minus=Sum("minor", filter=~Q(kind=Payment.Kind.CHARGE)),
            months=Count(TruncMonth("occurred_at"), distinct=True),
        )
    )
    paid = {
        row["creator_id"]: ((row["plus"] or 0) - (row["minus"] or 0)) / row["months"]
        for row in rows
        if (row["plus"] or 0) > (row["minus"] or 0)
    }
    found: dict[tuple[int, str], float] = {key: float(price) for key, price in stated.items()}
    for creator, minor in paid.items():
        for tier in Tier:
            found[creator, tier.value] = float(minor)
    return found, set(paid)


def _months(count: int, now: datetime) -> tuple[date, ...]:
    """The last full months that the ledger reaches: after its last fact nothing is known yet."""
    last = Payment.objects.filter(occurred_at__lte=now).aggregate(last=Max("occurred_at"))["last"]
    if last is None:
        return ()
    first_of_this = timezone.localdate(now).replace(day=1)
    full = (first_of_this - timedelta(days=1)).replace(day=1)
    end = min(full, timezone.localdate(last).replace(day=1))
    months = [end]
    for _ in range(count - 1):
        months.append((months[-1] - timedelta(days=1)).replace(day=1))
    first = Payment.objects.filter(kind=Payment.Kind.CHARGE).order_by("occurred_at")
    began = first.values_list("occurred_at", flat=True).first()
    begin = timezone.localdate(began).replace(day=1) if began else end
    return tuple(month for month in reversed(months) if month >= begin)


def month_end(month: date) -> datetime:
    """The first moment after a month."""
    following = (month.replace(day=28) + timedelta(days=4)).replace(day=1)
    return timezone.make_aware(datetime.combine(following, datetime.min.time()))


def _paying(months: tuple[date, ...], days: int) -> tuple[Floats, tuple[int, ...]]:
    """Creators × months of paying, and the creators that paid in any of them."""
    if not months:
        return np.zeros((0, 0)), ()
    ends = [month_end(month) for month in months]
    since = ends[0] - timedelta(days=31 + days)
    facts = (
        Payment.objects.filter(
            creator__isnull=False, occurred_at__gt=since, occurred_at__lt=ends[-1]
        )
        .order_by()
        .values("creator_id", "currency", month=TruncMonth("occurred_at"))
        .annotate(
            plus=Sum("minor", filter=Q(kind=Payment.Kind.CHARGE)),
            minus=Sum("minor", filter=~Q(kind=Payment.Kind.CHARGE)),
            last=Max("occurred_at", filter=Q(kind=Payment.Kind.CHARGE)),
        )
    )
    paid: dict[int, list[datetime]] = defaultdict(list)
    for row in facts:
        if row["last"] is not None and (row["plus"] or 0) > (row["minus"] or 0):
            paid[row["creator_id"]].append(row["last"])
    people_known = list(
        Creator.objects.exclude(status=Creator.Status.LEAD)
        .filter(joined_on__lt=timezone.localdate(ends[-1]))
        .order_by("pk")
        .values_list("pk", "joined_on")
    )
    panel = np.full((len(people_known), len(months)), np.nan)
    for row_index, (creator, joined) in enumerate(people_known):
        for column, end in enumerate(ends):
            if joined < timezone.localdate(end):
                since = end - timedelta(days=days)
                panel[row_index, column] = float(any(since < at < end for at in paid[creator]))
    payers = tuple(
        creator
        for (creator, _joined), months_paid in zip(people_known, panel, strict=True)
        if np.nansum(months_paid)
    )
    return panel, payers


def _ratings(row: AlarmPolicy) -> tuple[Floats, tuple[int, ...]]:
    """1 for each user of our tool whose latest rating is 4 or 5, else 0, and the rows."""
    uses = (
        ToolUse.objects.filter(tool_id=row.own_tool_id, level__in=USERS, satisfaction__isnull=False)
        .order_by("creator_id", "-at", "-pk")
        .distinct("creator_id")
    )
    found = [(use.pk, float((use.satisfaction or 0) >= TOP_TWO)) for use in uses]
    return np.array([good for _pk, good in found]), tuple(pk for pk, _good in found)


def _kept() -> tuple[Floats, tuple[int, ...]]:
    """1 for each creator who kept more than half of the results they judged, else 0."""
    rows = (
        FeatureUse.objects.filter(accepted__isnull=False, feature__status__in=RELEASED)
        .order_by()
        .values("creator_id")
        .annotate(judged=Count("pk"), kept=Count("pk", filter=Q(accepted=True)))
    )
    found = [(row["creator_id"], float(2 * row["kept"] > row["judged"])) for row in rows]
    return np.array([good for _pk, good in found]), tuple(pk for pk, _good in found)
