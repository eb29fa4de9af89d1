"""The ledger's pages over 1,000,000 entries, 30,000 of them nobody's: list, queue, check of balances.

Each page is asked for as the team sees it, through the middleware and the template, three times
after one for warmth.
"""

import statistics
import time
from collections.abc import Iterator

from bench.money_pages import AIM_MS, _fill, database

TIMES = 3
PAGES = {
    "payment list": "/admin/crm/payment/",
    "payments without a creator": "/admin/crm/payment/?matched=no",
    "queue of unknown payers": "/admin/crm/payment/queue/",
}


def rows() -> Iterator[dict[str, object]]:
    with database():
        entries, _took = _fill()
        from django.db import connection
        from django.test import Client

        from crm.models import User
        from crm.services.ledger_check import ledger_check

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
        report = ledger_check()
        assert report.ok, report.differing[:3]
        took = (time.perf_counter() - start) * 1000
        yield _row(f"every balance added up again, {entries:,} entries", took, aim=60_000.0)


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
