"""Intake at size: lists of creators previewed and brought in, who of them may be one, and a withdrawal carried out.

A database of its own; every step is undone at its end, so a second run measures the same.
"""

import io
import time
from collections.abc import Callable, Iterator
from typing import Any

MOST = 5_000
LONGEST = 10_000  # rows of one list
HALF = MOST // 2
COLUMNS = {
    "笔名": "name",
    "账号": "handle",
    "平台": "platform",
    "粉丝数": "followers",
    "层级": "tier",
}
_SURNAMES = "赵钱孙李周吴郑王冯陈褚卫蒋沈韩杨朱秦尤许"
_GIVEN = "云山风月墨白青瓷南浦半夏长河落雪听雨拾光"


def _table(people: int) -> list[list[str]]:
    """Invented creators; every hundredth is there twice, under a name that differs by a letter."""
    rows = [list(COLUMNS)]
    for n in range(people):
        k = n - 1 if n % 100 == 99 else n
        name = f"{_SURNAMES[k % 20]}{_GIVEN[k % 19]}{_GIVEN[k // 19 % 19]}{_GIVEN[k // 361 % 19]}{k % 7}"
        if k != n:
            name += "号"
        rows.append([name, f"@c{n}", "抖音", str(1000 + n * 7), ("头部", "腰部", "入门")[n % 3]])
    return rows


def _csv(people: int) -> bytes:
    return "\n".join(",".join(row) for row in _table(people)).encode()


def _xlsx(people: int) -> bytes:
    import openpyxl

    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in _table(people):
        sheet.append(row)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def rows() -> Iterator[dict[str, Any]]:
    from bench.workspace import use

    use("bench_intake", creators=300, utterances=60_000, payments=100, interviews=300,
        highlights=100_000)  # fmt: skip
    half = _undone(lambda: _imported(_csv(HALF)))
    for kind, made in (("csv", _csv), ("xlsx", _xlsx)):
        data = made(MOST)
        seconds = _undone(lambda data=data: _imported(data))  # type: ignore[misc]
        yield _row(f"{MOST:,} creators imported from {kind}", seconds, 20)
        if kind == "csv":
            yield {
                "work": f"twice as many creators take (times of {HALF:,})",
                "ours": round(seconds / half, 2), "other": None, "ratio": None,
                "aim": "< 3 (a quadratic step: 4)", "met": seconds / half < 3,
            }  # fmt: skip
    for kind, made in (("csv", _csv), ("xlsx", _xlsx)):
        data = made(LONGEST)
        seconds = _undone(lambda data=data: _previewed(data))  # type: ignore[misc]
        yield _row(f"{LONGEST:,} rows of {kind} previewed, half of them known", seconds, 5)
    yield _row(f"duplicates among {MOST:,} creators found", _undone(_duplicates), 5)
    yield _row("a withdrawal carried to every descendant (300 interviews, 100,000 highlights)",
               _undone(_withdrawal), 60)  # fmt: skip


def _row(work: str, seconds: float, aim: float) -> dict[str, Any]:
    return {
        "work": f"{work} (s)", "ours": round(seconds, 2), "other": None, "ratio": None,
        "aim": f"< {aim}", "met": seconds < aim,
    }  # fmt: skip


def _undone(work: Callable[[], float]) -> float:
    """Seconds that `work` tells, and nothing of it kept."""
    from django.db import transaction

    with transaction.atomic():
        seconds = work()
        transaction.set_rollback(True)
    return seconds


def _timed(work: Callable[[], Any]) -> float:
    begun = time.perf_counter()
    work()
    return time.perf_counter() - begun


def _imported(data: bytes) -> float:
    from crm.services.creator_imports import creators_import

    return _timed(lambda: creators_import(data=data, name="bench", columns=COLUMNS))


def _previewed(data: bytes) -> float:
    """What each row would become, as the page asks for it: read, mapped, compared, digested."""
    from crm.services.creator_plans import columns_for, roster_plan, table_of

    _imported(_csv(LONGEST // 2))

    def work() -> str:
        table = table_of(data)
        return roster_plan(table, columns_for(table)).digest

    return _timed(work)


def _duplicates() -> float:
    from django.db import connection

    from crm.duplicates import duplicates

    _imported(_csv(MOST))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_creator")
    return _timed(duplicates)


def _withdrawal() -> float:
    """The creator with most interviews takes everything back."""
    from django.db.models import Count

    from crm.models import Consent, Creator
    from crm.services.consents import consent_withdraw
    from crm.services.redactions import redaction_execute

    creator = Creator.objects.annotate(held=Count("interviews")).order_by("-held", "pk")[0]

    def work() -> None:
        asked = consent_withdraw(creator=creator, purposes=[Consent.Purpose.RECORD])
        if redaction_execute(asked.pk) != "done":
            raise RuntimeError("the redaction was not carried out")

    return _timed(work)
