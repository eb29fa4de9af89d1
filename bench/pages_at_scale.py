"""Every page of the team's over 300 interviews with 100,000 highlights and 1,000,000 payments.

Each is asked for as a browser asks, through the middleware and the template, once for warmth and
then `TIMES` times; the pages of one row are those of a row with much to show.
"""

import os
import statistics
import time
from collections.abc import Iterator
from typing import Any

from bench import workspace

AIM_MS = 500.0
TIMES = 3
APPS = ("crm", "insights")


def _lists() -> list[tuple[str, str]]:
    """The change list of every model of crm and insights that the admin shows."""
    from django.contrib import admin
    from django.urls import reverse

    return [
        (
            f"list of {model._meta.label}",
            reverse(f"admin:{model._meta.label_lower.replace('.', '_')}_changelist"),
        )
        for model in admin.site._registry
        if model._meta.app_label in APPS
    ]


def _pages() -> list[tuple[str, str]]:
    """The house's own pages, of a pain point and an interview with many quotes."""
    from django.db.models import Count
    from django.urls import reverse

    from crm.models import Creator, Interview, Payment
    from insights.models import Evidence, Highlight

    pain = (
        Evidence.objects.order_by().values("pain").annotate(n=Count("pk")).order_by("-n")[0]["pain"]
    )
    most = Highlight.objects.order_by().values("transcript__interview").annotate(n=Count("pk"))
    interview = most.order_by("-n")[0]["transcript__interview"]
    searching = reverse("admin:insights_search")
    evidence = reverse("admin:insights_evidence_changelist")
    payments = reverse("admin:crm_payment_changelist")
    payer = Payment.objects.filter(creator__isnull=False).values_list("creator", flat=True)[0]
    return [
        ("overview", reverse("admin:index")),
        ("page of a pain point", reverse("admin:insights_pain_page", args=[pain])),
        ("workspace", reverse("admin:insights_workspace", args=[interview])),
        ("search, a common word", f"{searching}?q=的"),
        ("search, a rare word", f"{searching}?q=配音没有"),
        ("search, by pain point", f"{searching}?q=的&pain={pain}"),
        ("quotes of a pain point", f"{evidence}?pain__id__exact={pain}"),
        ("quotes with words", f"{evidence}?q=提示词"),
        ("payments with words", f"{payments}?q=fill-7-000500"),
        ("payments without a creator", f"{payments}?matched=no"),
        ("payments, the last page", f"{payments}?p=200"),
        ("a creator", reverse("admin:crm_creator_change", args=[Creator.objects.get(pk=payer).pk])),
        (
            "an interview",
            reverse("admin:crm_interview_change", args=[Interview.objects.get(pk=interview).pk]),
        ),
    ]


def rows() -> Iterator[dict[str, object]]:
    workspace.use(
        "bench_pages", creators=3000, interviews=300, utterances=100_000, highlights=100_000,
        payments=1_000_000,
    )  # fmt: skip
    from django.conf import settings
    from django.db import connection
    from django.test import Client

    from crm.models import User

    settings.ALLOWED_HOSTS = ["testserver"]
    user, _made = User.objects.get_or_create(
        username="bench", defaults={"is_staff": True, "is_superuser": True}
    )
    client = Client()
    client.force_login(user, backend="django.contrib.auth.backends.ModelBackend")
    asked: list[str] = []

    def count(execute: Any, sql: str, *rest: Any) -> Any:
        asked.append(sql)
        return execute(sql, *rest)

    only = os.environ.get("PAGES_BENCH_ONLY", "")
    for name, url in [*_pages(), *_lists()]:
        if only and only not in name:
            continue
        asked.clear()
        with connection.execute_wrapper(count):
            answer = client.get(url)
        if answer.status_code != 200:
            raise RuntimeError(f"{url} answered {answer.status_code}")
        taken = []
        for _ in range(TIMES):
            start = time.perf_counter()
            client.get(url)
            taken.append((time.perf_counter() - start) * 1000)
        middle = statistics.median(taken)
        yield {
            "work": f"{name} ({len(asked)} queries, {len(answer.content) / 1000:,.0f} kB)",
            "ours": f"p50 {middle:.0f} ms, worst {max(taken):.0f} ms",
            "other": f"{AIM_MS:.0f} ms",
            "ratio": AIM_MS / middle,
            "aim": f"under {AIM_MS:.0f} ms",
            "met": middle < AIM_MS,
        }
