"""Ten million recorded calls: how long the pages of token use and of calls take to answer.

    python -m bench.token_use [CALLS]

Fills a table of paid calls in the throw-away database, lets the triggers keep the sums, asks the
pages through Django's client, and takes the calls away again.
"""

from __future__ import annotations

import statistics
import sys
import time

CALLS = 10_000_000
AIM = 0.5


def fill(calls: int, block: int = 500_000) -> float:
    """Insert so many settled calls over 365 days, three engines and four purposes; seconds taken."""
    from django.db import connection

    begun = time.perf_counter()
    with connection.cursor() as cursor:
        cursor.execute(
            "INSERT INTO engines_budget (key, cap_micro, reserved_micro, spent_micro, overrun_micro,"
            " currency) VALUES ('bench', 0, 0, 0, 0, 'CNY') RETURNING id"
        )
        budget = cursor.fetchone()[0]
        for start in range(0, calls, block):
            cursor.execute(
                """
                INSERT INTO engines_paidcall (key, purpose, engine, model, budget_id, state, attempt,
                    reserved_micro, cost_micro, currency, input_tokens, output_tokens,
                    cached_tokens, tokens_reported, price_list, request_id, error, resolution,
                    reserved_at, ended_at)
                SELECT 'bench' || n, (ARRAY['storyboard','judging','evaluation','answer'])[1 + n %% 4],
                    (ARRAY['deepseek','qwen','local'])[1 + n %% 3], 'm', %s, 'settled', 1, 0, 300,
                    'CNY', 900 + n %% 200, 100 + n %% 50, 300, true, '', '', '', '',
                    now() - (n %% 365) * interval '1 day', now() - (n %% 365) * interval '1 day'
                  FROM generate_series(%s, %s) AS n
                """,
                [budget, start, min(calls, start + block) - 1],
            )
        cursor.execute("ANALYZE engines_paidcall")
    return time.perf_counter() - begun


def ask(url: str, times: int = 7) -> float:
    """Median seconds of a page after one to warm up."""
    from django.test import Client

    from crm.models import User

    user, _made = User.objects.get_or_create(
        username="bench-use", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    taken = []
    for _ in range(times + 1):
        begun = time.perf_counter()
        answer = client.get(url)
        taken.append(time.perf_counter() - begun)
        assert answer.status_code == 200, answer.status_code
    return statistics.median(taken[1:])


def rows(calls: int = CALLS) -> list[dict[str, object]]:
    from django.db import connection
    from django.urls import reverse

    filled = fill(calls)
    try:
        found = []
        for name, query in (("engines_use", ""), ("engines_use", "?days=365"),
                            ("engines_paidcall_changelist", "")):  # fmt: skip
            seconds = ask(reverse(f"admin:{name}") + query)
            found.append(
                {
                    "work": f"{name}{query} with {calls:,} recorded calls (filled in {filled:.0f} s)",
                    "ours": f"{seconds * 1000:.0f} ms",
                    "other": "",
                    "ratio": AIM / seconds,
                    "aim": f"< {AIM * 1000:.0f} ms",
                    "met": seconds < AIM,
                }
            )
        return found
    finally:
        with connection.cursor() as cursor:
            cursor.execute("TRUNCATE engines_paidcall, engines_callday")
            cursor.execute("DELETE FROM engines_budget WHERE key = 'bench'")


if __name__ == "__main__":
    import django

    django.setup()
    for row in rows(int(sys.argv[1]) if len(sys.argv) > 1 else CALLS):
        print(row)
