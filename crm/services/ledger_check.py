"""Whether the balances say what the ledger says."""

from dataclasses import dataclass

from django.db import connection

_COMPARE = """
WITH counted AS (
    SELECT creator_id, currency,
           coalesce(sum(minor) FILTER (WHERE kind = 'charge'), 0) AS charged,
           coalesce(sum(minor) FILTER (WHERE kind = 'refund'), 0) AS refunded,
           coalesce(sum(minor) FILTER (WHERE kind = 'dispute'), 0) AS disputed,
           coalesce(sum(sign(minor)) FILTER (WHERE kind = 'charge'), 0) AS count,
           count(*) AS entries, min(occurred_at) AS first_at, max(occurred_at) AS last_at
    FROM crm_payment GROUP BY creator_id, currency
)
SELECT coalesce(counted.creator_id, kept.creator_id), coalesce(counted.currency, kept.currency),
       coalesce(counted.charged - counted.refunded - counted.disputed, 0),
       coalesce(kept.charged - kept.refunded - kept.disputed, 0)
FROM counted FULL JOIN crm_payerbalance AS kept
  ON coalesce(kept.creator_id, 0) = coalesce(counted.creator_id, 0)
 AND kept.currency = counted.currency
WHERE (counted.charged, counted.refunded, counted.disputed, counted.count, counted.entries,
       counted.first_at, counted.last_at)
      IS DISTINCT FROM
      (kept.charged, kept.refunded, kept.disputed, kept.count, kept.entries,
       kept.first_at, kept.last_at)
ORDER BY 1 NULLS FIRST, 2
"""


@dataclass(frozen=True)
class Disagreement:
    """A balance that is not what the ledger adds up to; net minor units. No creator: unmatched."""

    creator: int | None
    currency: str
    ledger_minor: int
    balance_minor: int


@dataclass(frozen=True)
class LedgerReport:
    payments: int
    balances: int
    differing: tuple[Disagreement, ...]

    @property
    def ok(self) -> bool:
        return not self.differing


def ledger_check() -> LedgerReport:
    """Add the whole ledger up again and compare it with every balance, in one snapshot."""
    with connection.cursor() as cursor:
        cursor.execute(_COMPARE)
        differing = tuple(Disagreement(*row) for row in cursor.fetchall())
        cursor.execute(
            "SELECT (SELECT count(*) FROM crm_payment), (SELECT count(*) FROM crm_payerbalance)"
        )
        payments, balances = cursor.fetchone()
    return LedgerReport(payments, balances, differing)
