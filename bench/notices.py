"""Signed notices: what an answer takes, by itself, fifty at once from four processes, and while locks are held.

The endpoint's service on the throw-away server of the tests, with genuinely signed notices; each
process has a connection of its own, as gunicorn's workers have.
"""

import multiprocessing
import statistics
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ProcessPoolExecutor
from typing import Any

from bench.money_pages import database

PROMISED_MS = 1000.0
PROVIDERS = ("stripe", "wechat", "alipay")
COPIES, PROCESSES, SINGLE = 52, 4, 40


def rows() -> Iterator[dict[str, object]]:
    with database():
        yield from _measured()


def _measured() -> Iterator[dict[str, object]]:
    for provider in PROVIDERS:
        times = [_tell(provider, f"{provider}-{number}")[1] for number in range(SINGLE)]
        yield _row(f"{provider}: a new notice verified, kept and booked", times, "200")
    forged = [_tell("wechat", f"forged-{number}", by="mallory")[1] for number in range(SINGLE)]
    yield _row("wechat: a forged notice refused", forged, "401")
    for provider in PROVIDERS:
        statuses, times = _at_once(provider)
        yield _row(
            f"{provider}: {COPIES} copies of one notice at once, {PROCESSES} processes",
            times, "/".join(sorted(set(map(str, statuses)))),
        )  # fmt: skip
    for name, lock in _locks().items():
        times = [_while_held(lock, f"held-{name}-{number}") for number in range(5)]
        yield _row(f"alipay: answered 503 while {name} is locked for half a minute", times, "503")


def _row(work: str, times: list[float], said: str) -> dict[str, object]:
    middle, most = statistics.median(times), max(times)
    return {
        "work": work,
        "ours": f"{middle:.0f} ms (slowest of {len(times)}: {most:.0f}), answer {said}",
        "other": "WeChat waits 5 s",
        "ratio": PROMISED_MS / most,
        "aim": f"< {PROMISED_MS:.0f} ms",
        "met": most < PROMISED_MS,
    }


def _tell(provider: str, name: str, by: str = "") -> tuple[int, float]:
    """The status of one notice, and the milliseconds that its answer took."""
    from django.conf import settings

    from crm.services.events import event_receive
    from tests.crm.notices import NOW, Told, accounts, signed

    settings.PAYMENTS, settings.NOTICE_SECONDS = accounts(), 0.55
    notice = signed(provider, Told("charge", name, 5900), by=by)
    start = time.perf_counter()
    answer = event_receive(
        provider=provider, headers=notice.headers, body=notice.body, now=NOW, sender="bench"
    )
    return answer.status, (time.perf_counter() - start) * 1000


def _at_once(provider: str) -> tuple[list[int], list[float]]:
    """Copies of one notice from processes that were forked with the keys of this one."""
    from django.db import connections

    _tell(provider, "warm")
    connections.close_all()
    context = multiprocessing.get_context("fork")
    with ProcessPoolExecutor(PROCESSES, mp_context=context) as pool:
        told = list(pool.map(_copy, [provider] * COPIES))
    return [status for status, _took in told], [took for _status, took in told]


def _copy(provider: str) -> tuple[int, float]:
    return _tell(provider, "one-of-many")


def _locks() -> dict[str, Callable[[Any], None]]:
    return {
        "the payments' table": lambda cursor: cursor.execute(
            "LOCK TABLE crm_payment IN SHARE MODE"
        ),
        "the notices' table": lambda cursor: cursor.execute(
            "LOCK TABLE crm_providerevent IN SHARE MODE"
        ),
    }


def _while_held(lock: Callable[[Any], None], name: str) -> float:
    """The milliseconds after which a notice was put off because of a lock that stays."""
    from django.db import connection, transaction

    taken, done = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            lock(cursor)
            taken.set()
            done.wait(30)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    taken.wait(10)
    try:
        status, took = _tell("alipay", name)
        assert status == 503, status
        return took
    finally:
        done.set()
        holder.join()
