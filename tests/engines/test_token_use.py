"""Sums by day that the database keeps from the calls themselves."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db.models import Sum
from django.urls import reverse
from django.utils import timezone

from engines.models import Budget, CallDay, PaidCall
from engines.use import COLUMNS, use_of
from tests.conftest import Person

pytestmark = pytest.mark.django_db
NOON = datetime(2026, 5, 20, 4, tzinfo=UTC)


@pytest.fixture
def purse() -> Budget:
    return Budget.objects.create(key="use", cap_micro=10**12)


def call(purse: Budget, key: str, **facts: Any) -> PaidCall:
    usual: dict[str, Any] = {
        "purpose": "storyboard", "engine": "deep", "model": "m", "state": "settled",
        "input_tokens": 100, "output_tokens": 20, "cached_tokens": 30, "cost_micro": 7,
        "ended_at": NOON,
    }  # fmt: skip
    return PaidCall.objects.create(key=key, budget=purse, **{**usual, **facts})


def kept() -> dict[str, int]:
    totals = CallDay.objects.aggregate(**{name: Sum(name, default=0) for name in COLUMNS})
    return {name: int(value) for name, value in totals.items()}


def counted() -> dict[str, int]:
    """The same from the calls themselves."""
    settled = PaidCall.objects.filter(state="settled")
    told = settled.aggregate(**{name: Sum(name, default=0) for name in COLUMNS[2:]})
    return {
        "calls": settled.count(), "failed": PaidCall.objects.filter(state="failed").count(),
        **{name: int(value) for name, value in told.items()},
    }  # fmt: skip


def test_the_sums_follow_every_insert_update_and_delete(purse: Budget) -> None:
    first = call(purse, "a", state="reserved")
    call(purse, "b")
    PaidCall.objects.bulk_create(
        [
            PaidCall(
                key=f"c{n}", purpose="judging", engine="deep", budget=purse, state="settled",
                input_tokens=n, ended_at=NOON + timedelta(days=n),
            )
            for n in range(20)
        ]
    )  # fmt: skip
    assert kept() == counted()
    PaidCall.objects.filter(pk=first.pk).update(state="settled", cost_micro=9)
    assert kept() == counted()
    PaidCall.objects.filter(purpose="judging").update(state="failed")
    assert kept() == counted()
    PaidCall.objects.filter(key__in=["b", "c3"]).delete()

    assert kept() == counted()
    assert kept()["failed"] == 19


def test_a_day_is_shanghais(purse: Budget) -> None:
    call(purse, "late", ended_at=datetime(2026, 5, 20, 15, 59, tzinfo=UTC))
    call(purse, "later", ended_at=datetime(2026, 5, 20, 16, 1, tzinfo=UTC))

    assert sorted(CallDay.objects.values_list("day", flat=True)) == [
        date(2026, 5, 20), date(2026, 5, 21),
    ]  # fmt: skip


def test_the_use_is_summed_by_day_and_by_engine(purse: Budget) -> None:
    call(purse, "a")
    call(purse, "b", engine="wide", ended_at=NOON - timedelta(days=3))
    call(purse, "old", ended_at=NOON - timedelta(days=300))

    found = use_of(date(2026, 5, 20), 30)

    assert [day.tokens for day in found.days if day.tokens] == [120, 120]
    assert found.tokens == 240
    assert found.ever == {"calls": 3, "tokens": 360}
    assert {group.engine for group in found.groups} == {"deep", "wide"}
    assert found.ticks[-1].value >= 120


def test_the_page_is_read_from_the_sums_alone(
    purse: Budget, staff: Person, django_assert_max_num_queries: Any
) -> None:
    for n in range(30):
        call(purse, f"k{n}", ended_at=timezone.now() - timedelta(days=n))
    page = reverse("admin:engines_use")
    staff.client.get(page)

    with django_assert_max_num_queries(12) as asked:
        answer = staff.client.get(page, {"days": "30"})

    assert answer.status_code == 200
    assert not [q for q in asked.captured_queries if 'FROM "engines_paidcall"' in q["sql"]]
    assert answer.content.decode().count("<rect") == 60
