"""The ledger's pages over 1,000,000 entries, 30,000 of them nobody's: list, queue, a provider's list
of 10,000 lines none of which the ledger knows, check of balances.

Each page is asked for as the team sees it, through the middleware and the template, three times
after one for warmth.
"""

import statistics
import time
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

from bench.money_pages import AIM_MS, _fill, database

CREATORS = 40_000
LINES = 10_000
TIMES = 3
PAGES = {
    "payment list": "/admin/crm/payment/",
    "payments without a creator": "/admin/crm/payment/?matched=no",
    "queue of unknown payers": "/admin/crm/payment/queue/",
}


def rows() -> Iterator[dict[str, object]]:
    with database():
        entries, _took = _fill(CREATORS)
        from django.db import connection
        from django.test import Client
        from django.urls import reverse

        from crm.models import User
        from crm.services.ledger_check import ledger_check
        from crm.services.reconciliation import reconcile

        with connection.cursor() as cursor:
            cursor.execute("UPDATE crm_payment SET creator_id = NULL WHERE id % 33 = 0")
            cursor.execute("VACUUM ANALYZE")
        client = Client()
        client.force_login(
            User.objects.create_superuser("bench"), "django.contrib.auth.backends.ModelBackend"
        )
        for name, url in PAGES.items():
            yield _row(f"{name}, {entries:,} entries", _page_ms(client, url))
        start = time.perf_counter()
        made = reconcile(data=_list(), name="balance.csv")
        took = (time.perf_counter() - start) * 1000
        yield _row(f"a list of {LINES:,} lines compared, {entries:,} entries", took, aim=60_000.0)
        url = reverse("admin:crm_reconcile_report", args=[made.pk])
        yield _row(f"report of its {made.lines.count():,} differences", _page_ms(client, url))
        start = time.perf_counter()
        report = ledger_check()
        assert report.ok, report.differing[:3]
        took = (time.perf_counter() - start) * 1000
        yield _row(f"every balance added up again, {entries:,} entries", took, aim=60_000.0)


def _list() -> bytes:
    """Stripe's list of a balance: charges that nobody here has heard of, over ten days."""
    head = (
        "balance_transaction_id,created_utc,currency,gross,reporting_category,source_id,charge_id"
    )
    start = datetime(2026, 5, 1, 4, tzinfo=UTC)
    times = [start + timedelta(seconds=80 * number) for number in range(LINES)]
    return "\n".join(
        [head, *(f"txn_{n},{at:%Y-%m-%d %H:%M:%S},cny,59.00,charge,bench_{n},bench_{n}"
                 for n, at in enumerate(times))]
    ).encode()  # fmt: skip


def _page_ms(client: object, url: str) -> float:
    times = []
    for _ in range(TIMES + 1):
        start = time.perf_counter()
        answer = client.get(url)  # type: ignore[attr-defined]
        times.append((time.perf_counter() - start) * 1000)
        assert answer.status_code == 200, answer.status_code
    return statistics.median(times[1:])


def _row(work: str, took: float, aim: float = AIM_MS) -> dict[str, object]:
    return {
        "work": work,
        "ours": f"{took:.0f} ms",
        "other": "–",
        "ratio": None,
        "aim": f"under {aim:.0f} ms",
        "met": took < aim,
    }
