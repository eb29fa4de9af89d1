"""Makes the summaries of the ledger that the money pages read: stretches of paying, and months.

A charge in force counts with what was not taken back of it; one wholly taken back paid for nothing. It
covers the period of the plan whose order it pays, else of the plan with exactly its price, else
`USUAL_DAYS`. A gap of more than `GRACE_DAYS` after what is paid up ends the stretch.
"""

import time
from collections.abc import Callable
from datetime import date, datetime
from datetime import time as clock
from typing import Any

from django.db import connection, transaction
from django.utils import timezone

from crm.models import MonthDue, PayingAsOf, PayingMonth, PayingSpell, PayingTally, SpellDue
from crm.tallies import (
    GRACE_DAYS,
    PER_LEDGER,
    TALLIES,
    USUAL_DAYS,
    ledger_currencies,
    tally_made,
)

BATCH = 2000
_LOCK = 0x5350454C  # one maker of summaries at a time

# What is left of each charge, and the longest that its period can last.
_CHARGES = """
    charges AS (
        SELECT charge.creator_id, charge.currency, charge.provider, charge.object_id,
               charge.occurred_at, charge.minor, charge.minor - COALESCE(back.minor, 0) AS net,
               COALESCE(ordered.days, priced.days, %(usual)s) AS days
        FROM crm_payment charge
        LEFT JOIN (
            SELECT provider, refund_of, SUM(minor) AS minor FROM crm_payment
            WHERE kind <> 'charge' AND refund_of <> '' AND {backs} GROUP BY provider, refund_of
        ) back ON back.provider = charge.provider AND back.refund_of = charge.object_id
        LEFT JOIN (
            SELECT currency, minor, MAX(period_days) AS days FROM crm_plan
            WHERE minor > 0 GROUP BY currency, minor
        ) priced ON priced.currency = charge.currency AND priced.minor = charge.minor
        LEFT JOIN (
            SELECT po.number, po.provider, plan.period_days AS days FROM crm_paymentorder po
            JOIN crm_planorder wish ON wish.payment_id = po.id
            JOIN crm_plan plan ON plan.id = wish.plan_id
        ) ordered ON ordered.number = charge.merchant_order AND ordered.provider = charge.provider
            AND charge.merchant_order <> ''
        WHERE charge.kind = 'charge' AND charge.creator_id IS NOT NULL AND {those}
            AND NOT charge.reverses AND NOT EXISTS (
                SELECT 1 FROM crm_payment fix WHERE fix.corrects_id = charge.id AND fix.reverses)
    )
"""
_TIER_THEN = """
    COALESCE(
        (SELECT tier FROM crm_tierchange WHERE creator_id = {row}.creator_id
            AND at <= {row}.{moment} ORDER BY at DESC LIMIT 1),
        (SELECT tier FROM crm_creator WHERE id = {row}.creator_id)
    )
"""
# `reach` is the start from which the days of all charges so far run without a gap: with it, paid
# until = reach + days so far, whichever charge opened the stretch.
_STRETCHES = """
    WITH {charges}, counted AS (
        SELECT *, SUM(days) OVER so_far AS sum_days FROM charges WHERE net > 0
        WINDOW so_far AS (PARTITION BY creator_id, currency
                          ORDER BY occurred_at, provider, object_id)
    ), reached AS (
        SELECT *, MAX(occurred_at - make_interval(days => (sum_days - days)::int)) OVER (
            PARTITION BY creator_id, currency ORDER BY occurred_at, provider, object_id
        ) AS reach FROM counted
    ), covered AS (
        SELECT *, reach + make_interval(days => sum_days::int) AS until FROM reached
    ), opened AS (
        SELECT *, (LAG(until) OVER (
            PARTITION BY creator_id, currency ORDER BY occurred_at, provider, object_id
        ) + make_interval(days => %(grace)s) >= occurred_at) IS NOT TRUE AS opens FROM covered
    ), numbered AS (
        SELECT *, SUM(opens::int) OVER (
            PARTITION BY creator_id, currency ORDER BY occurred_at, provider, object_id
        ) AS number FROM opened
    ), spells AS (
        SELECT creator_id, currency, number,
               MIN(occurred_at) AS started_at, MAX(occurred_at) AS last_at, MAX(until) AS until,
               COUNT(*) AS charges, SUM(net) AS net_minor,
               (ARRAY_AGG(provider ORDER BY occurred_at DESC, provider DESC, object_id DESC))[1]
                   AS provider,
               (ARRAY_AGG(minor ORDER BY occurred_at DESC, provider DESC, object_id DESC))[1]
                   AS last_minor,
               (ARRAY_AGG(days ORDER BY occurred_at DESC, provider DESC, object_id DESC))[1]
                   AS last_days
        FROM numbered GROUP BY creator_id, currency, number
    )
    INSERT INTO crm_payingspell (creator_id, currency, number, tier, provider, started_at,
        last_at, until, charges, net_minor, last_minor, last_days)
    SELECT creator_id, currency, number, {tier}, provider, started_at, last_at, until, charges, net_minor, last_minor, last_days
    FROM spells
"""
_SPELLS = _STRETCHES.format(
    charges=_CHARGES.format(
        backs="creator_id = ANY(%(ids)s)", those="charge.creator_id = ANY(%(ids)s)"
    ),
    tier=_TIER_THEN.format(row="spells", moment="started_at"),
)
_SUMS = """
    WITH {charges}, payers AS (
        SELECT creator_id, currency, MIN(occurred_at) AS first_at, COUNT(*) AS charges,
               SUM(minor) AS charged, SUM(net) AS net
        FROM charges WHERE net > 0 GROUP BY creator_id, currency
    )
    INSERT INTO crm_payingmonth
        (month, currency, tier, payers, charges, charged_minor, net_minor, net_squares)
    SELECT %(month)s, currency, tier, COUNT(*), SUM(charges), SUM(charged), SUM(net),
           SUM(net::numeric * net)
    FROM (SELECT payers.*, {tier} AS tier FROM payers) tiered
    GROUP BY currency, tier
"""
_MONTH = _SUMS.format(
    charges=_CHARGES.format(
        backs="TRUE", those="charge.occurred_at >= %(from)s AND charge.occurred_at < %(to)s"
    ),
    tier=_TIER_THEN.format(row="payers", moment="first_at"),
)


def paying_refresh(*, progress: Callable[[int, int], None] | None = None) -> int:
    """Bring the summaries up to the ledger; returns how many stretches' owners and months it did.

    Works off the notes of what changed, a batch a transaction: stopped half-way it goes on from
    there, and a second one that runs at the same time finds nothing to do.
    """
    started, done = time.monotonic(), 0
    began_at = timezone.now()
    total = SpellDue.objects.values("creator_id").distinct().count()
    total += MonthDue.objects.values("month").distinct().count()
    while count := _spells_batch() or _month():
        done += count
        if progress is not None:
            progress(done, max(total, done))
    if done or not PayingAsOf.objects.exists():
        _tallies()
        PayingAsOf.objects.update_or_create(
            pk=1, defaults={"at": began_at, "seconds": time.monotonic() - started}
        )
    else:
        PayingAsOf.objects.filter(pk=1).update(at=began_at)
    return done


def paying_note_price(*, minor: int, currency: str) -> None:
    """A plan has this price now: what was paid at it lasts as long as the plan says."""
    if minor == 0:
        return
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO crm_spelldue (creator_id) SELECT DISTINCT creator_id FROM crm_payment "
            "WHERE kind = 'charge' AND minor = %s AND currency = %s AND creator_id IS NOT NULL",
            [minor, currency],
        )


@transaction.atomic
def _spells_batch() -> int:
    _locked()
    due = SpellDue.objects.order_by("creator_id").values_list("creator_id", flat=True).distinct()
    ids = list(due[:BATCH])
    if not ids:
        return 0
    SpellDue.objects.filter(creator_id__in=ids).delete()
    PayingSpell.objects.filter(creator_id__in=ids).delete()
    _run(_SPELLS, {"ids": ids, "usual": USUAL_DAYS, "grace": GRACE_DAYS})
    return len(ids)


@transaction.atomic
def _month() -> int:
    _locked()
    month = MonthDue.objects.order_by("month").values_list("month", flat=True).first()
    if month is None:
        return 0
    MonthDue.objects.filter(month=month).delete()
    PayingMonth.objects.filter(month=month).delete()
    _run(
        _MONTH,
        {"month": month, "from": _first(month), "to": _first(_next(month)), "usual": USUAL_DAYS},
    )
    return 1


@transaction.atomic
def _tallies() -> None:
    """Ask all questions of the money pages and keep the answers."""
    _locked()
    wanted = [(name, "") for name in PER_LEDGER]
    wanted += [
        (name, currency)
        for currency in ledger_currencies()
        for name in TALLIES
        if name not in PER_LEDGER
    ]
    PayingTally.objects.all().delete()
    PayingTally.objects.bulk_create(
        [
            PayingTally(name=name, currency=currency, rows=tally_made(name, currency))
            for name, currency in wanted
        ]
    )


def _next(month: date) -> date:
    return date(month.year + month.month // 12, month.month % 12 + 1, 1)


def _first(month: date) -> datetime:
    return timezone.make_aware(datetime.combine(month, clock.min))


def _locked() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])


def _run(sql: str, values: dict[str, Any]) -> None:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
