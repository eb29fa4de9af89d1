"""Ten million recorded calls: how long the pages take that read calls, and what creators made of them.

Fills a database of its own with settled calls over a year and with 200,000 runs that used templates
of the library, lets the sums be made as the triggers make them, asks every page through Django's
client right after a new call (so that nothing is warm for that state) and again, and empties it.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Iterator

from bench import workspace

CALLS = int(os.environ.get("BENCH_CALLS", "10000000"))
USES = max(20, CALLS // 50)
RARE = 40
AIM = 0.5


def fill(calls: int, block: int = 1_000_000) -> float:
    """Insert so many settled calls over 365 days, three engines, one of them rare, and four purposes.

    They lie in the table as they would have come in, one after the other. Indexes are made after the
    rows and the sums by the triggers' own statement; seconds taken.
    """
    from django.db import connection, transaction

    from engines.models.tallies import FILL

    begun = time.perf_counter()
    # In one transaction: whoever breaks it off leaves no table without its indexes behind.
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")  # what is pending forbids ALTER TABLE
        cursor.execute(
            "INSERT INTO engines_budget (key, cap_micro, reserved_micro, spent_micro, overrun_micro,"
            " currency) SELECT 'bench' || n, 0, 0, 0, 0, 'CNY' FROM generate_series(1, 5000) n"
        )
        cursor.execute("SELECT min(id) FROM engines_budget WHERE key LIKE 'bench%%'")
        budget = cursor.fetchone()[0]
        cursor.execute(
            "SELECT indexname, indexdef FROM pg_indexes WHERE tablename = 'engines_paidcall' AND"
            " indexdef NOT LIKE '%%UNIQUE%%'"
        )
        indexes = cursor.fetchall()
        for name, _made in indexes:
            cursor.execute(f"DROP INDEX {connection.ops.quote_name(name)}")
        cursor.execute("ALTER TABLE engines_paidcall DISABLE TRIGGER USER")
        for start in range(0, calls, block):
            cursor.execute(
                """
                INSERT INTO engines_paidcall (key, purpose, engine, model, budget_id, state, attempt,
                    reserved_micro, cost_micro, currency, input_tokens, output_tokens,
                    cached_tokens, tokens_reported, price_list, request_id, error, resolution,
                    reserved_at, ended_at)
                SELECT md5(n::text) || md5((-n)::text),
                    (ARRAY['storyboard','judging','evaluation','answer'])[1 + n %% 4],
                    CASE WHEN n < %s THEN 'rare' ELSE (ARRAY['deepseek','qwen','local'])[1 + n %% 3]
                    END, 'm', %s + n %% 5000, 'settled', 1, 0, 300,
                    'CNY', 900 + n %% 200, 100 + n %% 50, 300, true, '', 'req-' || n, '', '',
                    now() - (%s - n) / %s::float8 * interval '365 days',
                    now() - (%s - n) / %s::float8 * interval '365 days'
                  FROM generate_series(%s, %s) AS n
                """,
                [RARE, budget, *[calls] * 4, start, min(calls, start + block) - 1],
            )
        cursor.execute("ALTER TABLE engines_paidcall ENABLE TRIGGER USER")
        for _name, made in indexes:
            cursor.execute(made)
        cursor.execute(FILL)
        cursor.execute("ANALYZE engines_paidcall, engines_callday, engines_budget")
    return time.perf_counter() - begun


def fill_uses(uses: int) -> None:
    """Runs of one novel, each by one of two templates, kept or refused over the year."""
    from django.db import connection

    from crm.models import Creator
    from generation.models import Novel, Run, TemplateVersion

    creator, _made = Creator.objects.get_or_create(name="bench")
    novel = Novel.objects.create(
        creator=creator, title="bench", text="雪", sha256="b" * 64, length=1, language="zh-Hans",
        encoding="utf-8",
    )  # fmt: skip
    first = Run.objects.create(novel=novel, token="bench", state="done")  # noqa: S106  a form
    names = [
        field.column for field in Run._meta.local_fields if field.column not in ("id", "token")
    ]
    versions = list(
        TemplateVersion.objects.filter(template__key__in=("ink-wash-zh", "film-still-zh"))
    )
    columns = ", ".join(f'"{name}"' for name in names)
    with connection.cursor() as cursor:
        cursor.execute(
            f"INSERT INTO generation_run (token, {columns}) SELECT 'bench' || n, {columns}"
            " FROM generation_run, generate_series(1, %s) n WHERE id = %s",
            [uses - 1, first.pk],
        )
        cursor.execute(
            """
            INSERT INTO generation_templateuse
                (run_id, version_id, shots, redone, tokens, cost_micro, currency, accepted, at)
            SELECT id, (%s::bigint[])[1 + id %% 2], 40, id %% 3, 900, 0, 'CNY',
                   CASE id %% 5 WHEN 0 THEN NULL WHEN 1 THEN false ELSE true END,
                   now() - (id %% 365) * interval '1 day'
              FROM generation_run WHERE novel_id = %s
            """,
            [[version.pk for version in versions], novel.pk],
        )
        cursor.execute("ANALYZE generation_run, generation_templateuse")


def evaluated() -> tuple[int, int]:
    """A finished evaluation of 12 templates on 20 shots and a choice on it; their numbers."""
    from crm.models import User
    from generation.library import current_versions
    from generation.models import CaseSet, Evaluation
    from generation.services.evaluations.cases import case_set_add, shots_of_text
    from generation.services.evaluations.decisions import decision_take
    from generation.services.evaluations.planning import Wanted, evaluation_add
    from generation.services.evaluations.running import evaluation_execute

    told = (
        "第一章\n雨夜，沈砚身穿青色长衫走进客栈。苏青一身红衣坐在窗边。\n" + "沈砚推门坐下。\n" * 12
    )
    cases = [
        case
        for story in range(5)
        for case in shots_of_text(told + f"他等了{story}夜。\n", name=f"bench-{story}", most=4)
    ]
    kept = case_set_add(
        key="bench",
        title="bench",
        kind=CaseSet.Kind.SHOT,
        language="zh-Hans",
        cases=cases,
        actor=None,
    )
    versions = list(current_versions().filter(template__makes="picture")[:12])
    row = evaluation_add(
        wanted=Wanted(kept, tuple((version, "sketch") for version in versions)), title="bench",
        token="bench", actor=None, size=(96, 160),  # noqa: S106  the form's, no secret
    )  # fmt: skip
    evaluation_execute(row.pk)
    row = Evaluation.objects.select_related("case_set").get(pk=row.pk)
    user = User.objects.get(username="bench-use")
    arm = row.arms.get(version__template__key="film-still-zh")
    return row.pk, decision_take(evaluation=row, arm=arm, why="bench", actor=user).pk


def client() -> object:
    from django.test import Client

    from crm.models import User
    from generation.prompts.families import load_vocabularies

    user, _made = User.objects.get_or_create(
        username="bench-use", defaults={"is_staff": True, "is_superuser": True}
    )
    load_vocabularies()  # as the web process does before its first page
    found = Client(headers={"host": "127.0.0.1"})
    found.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    return found


def another_call(number: int) -> None:
    """One more settled call, through the triggers: the pages' state is a new one."""
    from engines.models import Budget, PaidCall

    PaidCall.objects.create(
        key=f"bench-new-{number}", purpose="storyboard", engine="deepseek", state="settled",
        budget=Budget.objects.get(key="bench1"), input_tokens=900, output_tokens=90,
    )  # fmt: skip


def ask(asker: object, url: str, number: int, times: int = 5) -> tuple[float, float]:
    """Seconds of the first look after a new call, and the median of the looks after it."""
    asker.get("/admin/login/")  # type: ignore[attr-defined]  code is loaded, connections are open
    another_call(number)
    taken = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        answer = asker.get(url)  # type: ignore[attr-defined]
        taken.append(time.perf_counter() - begun)
        assert answer.status_code == 200, (url, answer.status_code)
    return taken[0], statistics.median(taken[1:])


def pages(evaluation: int, choice: int) -> Iterator[tuple[str, str]]:
    from django.urls import reverse

    calls = reverse("admin:engines_paidcall_changelist")
    use = reverse("admin:engines_use")
    yield "token use, 90 days", use
    yield "token use, a year", f"{use}?days=365"
    yield "calls", calls
    yield "calls, page 50", f"{calls}?p=50"
    yield "calls of an engine", f"{calls}?engine=qwen"
    yield "calls of a rare engine", f"{calls}?engine=rare"
    yield "calls in doubt", f"{calls}?state__exact=in_doubt"
    yield "a call by the engine's number", f"{calls}?q=req-4711"
    yield "calls in doubt, queue", reverse("admin:engines_in_doubt")
    yield "a template with its users", reverse("admin:generation_template", args=["film-still-zh"])
    yield "the library", reverse("admin:generation_prompttemplate_changelist")
    yield (
        "front and costs of an evaluation",
        reverse("admin:generation_evaluation", args=[evaluation]),
    )
    yield "choices with production", reverse("admin:generation_decisions")
    yield "a choice with production", reverse("admin:generation_decision", args=[choice])


def rows(calls: int = CALLS) -> Iterator[dict[str, object]]:
    workspace.database("bench_recorded")
    _empty()
    asker = client()
    try:
        filled = fill(calls)
        fill_uses(USES)
        numbers = evaluated()
        for number, (name, url) in enumerate(pages(*numbers)):
            first, again = ask(asker, url, number)
            worst = max(first, again)
            yield {
                "work": f"{name}, with {calls:,} calls and {USES:,} runs (filled in {filled:.0f} s)",
                "ours": f"{first * 1000:.0f} ms first after a call, then {again * 1000:.0f} ms",
                "other": "",
                "ratio": AIM / worst,
                "aim": f"< {AIM * 1000:.0f} ms",
                "met": worst < AIM,
            }
    finally:
        _empty()


def _empty() -> None:
    from django.db import connection

    with connection.cursor() as cursor:
        cursor.execute(
            "TRUNCATE engines_paidcall, engines_callday, generation_run, generation_novel,"
            " generation_evaluation, generation_caseset CASCADE"
        )
        cursor.execute("DELETE FROM engines_budget")
