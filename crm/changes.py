"""Numbers remembered until the rows that they come from change: never stale, and cheap to check."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TypeVar

from django.core.cache import cache
from django.db import connection

KEEP = 24 * 3600  # seconds; what nobody asks for any more goes
FORMAT = 1  # raise it when what is remembered changes its shape

T = TypeVar("T")


@dataclass(frozen=True)
class DataState:
    """How often each kind of rows had changed when it was read.

    `own` says that this transaction has changed something itself: what it sees may never come to
    be, so nothing is remembered from it.
    """

    weights: dict[str, int]
    own: bool

    def of(self, scopes: tuple[str, ...]) -> str:
        return ".".join(f"{scope}{self.weights.get(scope, 0)}" for scope in scopes)


def data_state() -> DataState:
    """The state of all kinds of rows, in one query over a table that stays short.

    Read it before the rows: rows that change in between are newer than their state says, and no
    later reader asks for that state.
    """
    with connection.cursor() as cursor:
        cursor.execute(
            """
            SELECT scope, sum(weight)::bigint,
                   bool_or(xid = pg_current_xact_id_if_assigned()::text::bigint)
              FROM crm_change GROUP BY scope
            """
        )
        rows = cursor.fetchall()
    return DataState({scope: weight for scope, weight, _own in rows}, any(row[2] for row in rows))


def remembered(
    name: str, scopes: tuple[str, ...], compute: Callable[[], T], *, state: DataState
) -> T:
    """`compute()`, or what it gave when the rows of `scopes` were in the same state."""
    if state.own:
        return compute()
    key = f"pj:{FORMAT}:{name}:{state.of(scopes)}"
    found = cache.get(key)
    if found is None:
        found = (compute(),)  # in a tuple, since None may be an answer
        cache.set(key, found, KEEP)
    return found[0]


def changes_fold() -> int:
    """Add up what is older than now into one row a scope; the sums stay what they are."""
    with connection.cursor() as cursor:
        cursor.execute(
            """
            WITH gone AS (DELETE FROM crm_change WHERE xid > 0 RETURNING scope, weight)
            INSERT INTO crm_change (scope, xid, weight)
            SELECT scope, 0, sum(weight) FROM gone GROUP BY scope ORDER BY scope
            ON CONFLICT (scope, xid) DO UPDATE SET weight = crm_change.weight + EXCLUDED.weight
            """
        )
        return cursor.rowcount
