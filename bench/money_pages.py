"""The money pages over 1,000,000 rows of ledger: what each takes, and what keeping them costs.

The invented workspace of `manage.py fill`: 20,000 creators, 1,000,000 payments, interviews with
evidence and prices. Each page is asked for as the team sees it, through the middleware and the
template, five times after one for warmth.
"""

import os
import statistics
import time
from collections.abc import Iterator
from contextlib import contextmanager

import django

CREATORS, PAYMENTS, UTTERANCES = 20_000, 1_000_000, 60_000
AIM_MS = 500.0
NAME = "bench_money"
TIMES = 5


@contextmanager
def database() -> Iterator[None]:
    """A database of its own on the throw-away server of the tests, gone afterwards."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings_test")
    django.setup()
    from django.db import connection
    from django.test.utils import setup_test_environment, teardown_test_environment

    setup_test_environment()
    connection.settings_dict["TEST"]["NAME"] = NAME
    before = connection.settings_dict["NAME"]
    connection.creation.create_test_db(verbosity=0, autoclobber=True, serialize=False)
    try:
        yield
    finally:
        connection.creation.destroy_test_db(before, verbosity=0)
        teardown_test_environment()


def _fill(creators: int = CREATORS) -> tuple[int, float]:
    """Rows of the ledger, and the seconds that all of the filling took."""
    from django.db import connection

    from config.fill.filling import Wish, fill, settle_statistics

    start = time.perf_counter()
    fill(
        Wish(creators=creators, utterances=UTTERANCES, payments=PAYMENTS, seed=1),
        lambda what, done, of: None,
    )
    took = time.perf_counter() - start
    settle_statistics()
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM crm_payment")
        return cursor.fetchone()[0], took


def rows() -> Iterator[dict[str, object]]:
    with database():
        yield from _measured()


def _measured() -> Iterator[dict[str, object]]:
    from django.test import Client
    from django.urls import reverse

    from crm.models import PayingSpell, User
    from crm.services.paying import paying_refresh
    from insights.money import willingness_keep
    from insights.money_pages import PAGES

    ledger, booking = _fill()
    start = time.perf_counter()
    paying_refresh()
    took = time.perf_counter() - start
    yield {
        "work": f"money: summaries of {ledger:,} ledger rows made from nothing",
        "ours": f"{took:.1f} s in the background, {PayingSpell.objects.count():,} stretches",
        "other": f"{booking:.1f} s to fill the whole workspace",
        "ratio": None,
        "aim": "≤ 120 s",
        "met": took <= 120,
    }
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute("VACUUM ANALYZE")
    willingness_keep()  # as the job of every minute does
    user = User.objects.create(username="bench", is_staff=True, is_superuser=True)
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    pages = {page: reverse("admin:insights_money", args=[page]) for page in PAGES}
    pages["features"] = reverse("admin:generation_money_features")
    for page, url in pages.items():
        times = []
        for _ in range(TIMES + 1):
            start = time.perf_counter()
            answer = client.get(url, {"currency": "CNY"})
            times.append((time.perf_counter() - start) * 1000)
            assert answer.status_code == 200
        first, later = times[0], times[1:]
        middle, most = statistics.median(later), max(later)
        yield {
            "work": f"money page “{page}” at {ledger:,} ledger rows",
            "ours": f"{middle:.0f} ms (slowest of {TIMES}: {most:.0f}, first: {first:.0f})",
            "other": "–",
            "ratio": AIM_MS / middle,
            "aim": f"< {AIM_MS:.0f} ms",
            "met": most < AIM_MS,
        }
