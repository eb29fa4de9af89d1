"""Pages of a table with a million rows: nobody waits for an exact number."""

from functools import cached_property
from typing import Any

from django.core.paginator import Paginator
from django.db import connections

COUNTED = 10_000


class LargePaginator(Paginator):
    """Counts exactly up to `COUNTED` rows; beyond it takes the server's own estimate of the table.

    The estimate is of all rows, so a filtered list over `COUNTED` says `COUNTED` and one more.
    Pages end at `COUNTED` rows: a page far down reads all before it, and narrowing is what helps.
    """

    @cached_property
    def count(self) -> int:
        rows: Any = self.object_list
        estimate = 0 if rows.query.where else self._estimate()
        if estimate > 2 * COUNTED:  # far from where it would have to be exact
            return estimate
        counted = int(rows.order_by()[: COUNTED + 1].count())
        return max(counted, estimate) if counted > COUNTED else counted

    def _estimate(self) -> int:
        rows: Any = self.object_list
        with connections[rows.db].cursor() as cursor:
            cursor.execute(
                "SELECT reltuples FROM pg_class WHERE oid = %s::regclass",
                [rows.model._meta.db_table],
            )
            return int(cursor.fetchone()[0])

    @cached_property
    def num_pages(self) -> int:
        rows = max(1, min(self.count, COUNTED))
        return -(-rows // self.per_page)
