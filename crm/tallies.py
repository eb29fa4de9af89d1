"""Sums over everybody who pays: asked of the database by the job that keeps the summaries, and kept."""

from typing import Any

from django.db import connection

from crm.models import PayerBalance, PayingTally

USUAL_DAYS = 31
"""What a charge pays for where no plan says it: a month at its longest."""
GRACE_DAYS = 14
"""How late a renewal may come and still be one; with a month the 45 days of `was_paying`."""


def _rows(sql: str, values: dict[str, Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        return cursor.fetchall()


_PAID = """
    paid AS (SELECT creator_id, charged - refunded - disputed AS net FROM crm_payerbalance
             WHERE currency = %(currency)s AND creator_id IS NOT NULL
                AND charged > refunded + disputed)
"""
# Seen until: who is late by less than the grace cannot be told from who left, so a provider's
# data ends for this purpose the grace before its last charge.
SEEN = """
    seen AS (SELECT provider, MAX(last_at) - make_interval(days => %(grace)s) AS until
             FROM crm_payingspell GROUP BY provider)
"""
# Sums over all creators or stretches of one currency. The job that keeps the summaries keeps their
# answers too (`PayingTally`), so that a page reads some hundred rows whatever the ledger's size.
_QUESTIONS = {
    "tier": """WITH {paid}
        SELECT c.tier, COUNT(paid.creator_id), COUNT(*)
        FROM crm_creator c LEFT JOIN paid ON paid.creator_id = c.id GROUP BY 1""",
    "joined": """WITH {paid}
        SELECT to_char(c.joined_on, 'YYYY-MM-01'), COUNT(paid.creator_id), COUNT(*)
        FROM crm_creator c LEFT JOIN paid ON paid.creator_id = c.id GROUP BY 1 ORDER BY 1""",
    "still": """WITH {seen}, running AS (
            SELECT DISTINCT s.creator_id
            FROM crm_payingspell s JOIN seen ON seen.provider = s.provider
            WHERE s.currency = %(currency)s AND s.started_at < seen.until AND s.until > seen.until)
        SELECT to_char(s.started_at AT TIME ZONE 'Asia/Shanghai', 'YYYY-MM-01'),
            COUNT(running.creator_id), COUNT(*)
        FROM crm_payingspell s JOIN seen ON seen.provider = s.provider
            LEFT JOIN running ON running.creator_id = s.creator_id
        WHERE s.number = 1 AND s.currency = %(currency)s AND s.started_at < seen.until
        GROUP BY 1 ORDER BY 1""",
    "lasted": """WITH {seen}
        SELECT s.tier,
            EXTRACT(EPOCH FROM LEAST(s.until, seen.until) - s.started_at)::bigint / 86400,
            s.until <= seen.until, COUNT(*)
        FROM crm_payingspell s JOIN seen ON seen.provider = s.provider
        WHERE s.number = 1 AND s.currency = %(currency)s AND s.started_at < seen.until
        GROUP BY 1, 2, 3 ORDER BY 1, 2, 3""",
    "returns": """WITH {seen}
        SELECT COUNT(*) FILTER (WHERE s.number = 1),
            COUNT(*) FILTER (WHERE s.number = 1 AND s.started_at >= seen.until),
            COUNT(*) FILTER (WHERE s.number = 2)
        FROM crm_payingspell s JOIN seen ON seen.provider = s.provider
        WHERE s.currency = %(currency)s""",
    "spread": """WITH {paid}, placed AS (
            SELECT net, ROW_NUMBER() OVER (ORDER BY net) AS place, COUNT(*) OVER () AS n FROM paid)
        SELECT (place * 100 - 1) / n, COUNT(*), SUM(net)::text, SUM(net::numeric * net)::text,
            SUM(place::numeric * net)::text
        FROM placed GROUP BY 1 ORDER BY 1""",
    "largest": """WITH {paid}
        SELECT creator_id, net FROM paid ORDER BY net DESC, creator_id LIMIT 10""",
    "balance": """
        SELECT COUNT(*) FILTER (WHERE creator_id IS NOT NULL AND charged > refunded + disputed),
            COALESCE(SUM(charged - refunded - disputed) FILTER (WHERE creator_id IS NOT NULL),
                     0)::bigint,
            COALESCE(SUM(entries) FILTER (WHERE creator_id IS NULL), 0)::bigint
        FROM crm_payerbalance WHERE currency = %(currency)s""",
    "ends": """SELECT provider, to_char(MAX(last_at) AT TIME ZONE 'UTC',
            'YYYY-MM-DD"T"HH24:MI:SS.US"+00:00"')
        FROM crm_payingspell GROUP BY provider ORDER BY provider""",
}  # fmt: skip
TALLIES = {name: text.format(paid=_PAID, seen=SEEN) for name, text in _QUESTIONS.items()}
PER_LEDGER = ("ends",)
"""Tallies that know no currency; kept under an empty one."""


def ledger_currencies() -> list[str]:
    rows = PayerBalance.objects.order_by("currency").values_list("currency", flat=True)
    return list(rows.distinct())


def tally_made(name: str, currency: str) -> list[tuple[Any, ...]]:
    """The answer as the ledger and the stretches have it now."""
    return _rows(TALLIES[name], {"currency": currency, "grace": GRACE_DAYS})


def tally(name: str, currency: str) -> list[Any]:
    """The answer that was kept, or made now where none has been yet."""
    kept = PayingTally.objects.filter(name=name, currency=currency)
    rows = kept.values_list("rows", flat=True).first()
    return tally_made(name, currency) if rows is None else rows
