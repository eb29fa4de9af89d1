"""The team's lists and pages ask the database a fixed number of questions, however many rows."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from crm.models import AiTool, Interview, Payment, StepEffort, ToolUse, WorkflowStep
from crm.selectors import payments_found
from engines.admin import LargePaginator
from insights.models import Evidence, Need, PainPoint
from insights.search import quoted
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, PaymentFactory, UserFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag

MOMENT = datetime(2026, 5, 20, 9, 30, tzinfo=UTC)


def grow(many: int) -> None:
    """So many creators with an interview, payments, tools, steps, ratings and evidence each."""
    coder = UserFactory(is_staff=True)
    pains = [PainPointFactory() for _ in range(2)]
    for number in range(many):
        creator = CreatorFactory()
        transcript = transcript_of(
            [("问", "怎么样？"), ("林", f"分镜太慢{number}")], creator=creator, tier_then="mid"
        )
        for pain in pains:
            tag(pain, transcript=transcript, quote="分镜太慢", coder=coder)
            Need.objects.create(creator=creator, pain=pain, tier="mid", importance=4)
        for _ in range(3):
            PaymentFactory(creator=creator)
        PaymentFactory(creator=None)
        tool = AiTool.objects.create(name=f"工具{AiTool.objects.count()}")
        step = WorkflowStep.objects.create(key=f"s{WorkflowStep.objects.count()}", title_zh="一步")
        ToolUse.objects.create(creator=creator, tool=tool, level="tried")
        StepEffort.objects.create(creator=creator, step=step, minutes=5, ai="none")


def queries(person: Person, url: str) -> int:
    person.client.get(url)
    with CaptureQueriesContext(connection) as asked:
        answer = person.client.get(url)
    assert answer.status_code == 200
    return len(asked)


def of_interview() -> str:
    return reverse("admin:insights_workspace", args=[Interview.objects.order_by("pk")[0].pk])


def of_pain() -> str:
    return reverse("admin:insights_pain_page", args=[PainPoint.objects.order_by("pk")[0].pk])


def listed(name: str, query: str = "") -> Callable[[], str]:
    return lambda: reverse(f"admin:{name}_changelist") + query


@pytest.mark.parametrize(
    "url",
    [
        listed("crm_creator"),
        listed("crm_interview"),
        listed("crm_payment"),
        listed("crm_payment", "?q=墨白"),
        listed("crm_consent"),
        listed("insights_painpoint"),
        listed("insights_evidence"),
        listed("insights_evidence", "?q=分镜"),
        listed("insights_need"),
        lambda: reverse("admin:index"),
        lambda: reverse("admin:insights_search") + "?q=分镜",
        of_interview,
        of_pain,
    ],
)
def test_a_page_asks_as_much_of_many_rows_as_of_few(staff: Person, url: Callable[[], str]) -> None:
    grow(2)
    few = queries(staff, url())
    grow(6)

    assert queries(staff, url()) == few


def test_a_creators_page_shows_the_newest_payments_and_asks_the_same(staff: Person) -> None:
    creator = CreatorFactory()
    tools = [AiTool.objects.create(name=f"工具{number}") for number in range(6)]
    url = reverse("admin:crm_creator_change", args=[creator.pk])
    for tool in tools[:2]:
        ToolUse.objects.create(creator=creator, tool=tool, level="tried")
    PaymentFactory(creator=creator)
    few = queries(staff, url)
    for tool in tools[2:]:
        ToolUse.objects.create(creator=creator, tool=tool, level="tried")
    for _ in range(30):
        PaymentFactory(creator=creator)

    assert queries(staff, url) == few
    page = staff.client.get(url).content.decode()
    assert page.count('id="payments-') - page.count('id="payments-group') <= 21


def test_payments_are_found_by_creator_by_payer_and_by_how_a_number_begins(db: None) -> None:
    of_creator = PaymentFactory(creator=CreatorFactory(name="林小满画画"), payer="别人")
    unknown = PaymentFactory(creator=None, payer="*小满")
    numbered = PaymentFactory(creator=None, object_id="2026小满", event_id="x1")
    PaymentFactory(creator=CreatorFactory(), payer="小满二号")

    def found(words: str) -> set[Any]:
        return set(payments_found(Payment.objects.all(), words))

    assert found("小满") == {of_creator, unknown}
    assert found("2026") == {numbered}
    assert found("026") == set()
    assert found("") == set(Payment.objects.all())


def test_quotes_are_found_by_their_words_through_an_index(db: None) -> None:
    rows = [tag(PainPointFactory(), quote=text) for text in ("分镜太慢", "100%_真的", "AI工具")]

    def found(words: str) -> set[Any]:
        return set(Evidence.objects.filter(highlight__in=quoted(words)))

    assert found("镜太") == {rows[0]}
    assert found("%_") == {rows[1]}
    assert found("ai") == {rows[2]}
    assert found("没有") == set()


def test_a_large_list_is_estimated_and_ends_somewhere(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engines.admin.paging.COUNTED", 5)
    for _ in range(12):
        PaymentFactory()
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE crm_payment")
    pages = LargePaginator(Payment.objects.order_by("-occurred_at"), 2)

    assert pages.count == 12
    assert pages.num_pages == 3
    assert LargePaginator(Payment.objects.filter(kind="charge"), 2).count == 6
    assert LargePaginator(Payment.objects.filter(kind="refund"), 2).count == 0


@pytest.mark.parametrize("rows", ["engines_paidcall", "crm_auditentry", "crm_payment"])
def test_no_list_of_what_machines_write_counts_all_of_it(staff: Person, rows: str) -> None:
    with CaptureQueriesContext(connection) as asked:
        answer = staff.client.get(reverse(f"admin:{rows}_changelist"))

    counts = [
        query["sql"]
        for query in asked.captured_queries
        if query["sql"].startswith("SELECT COUNT(*)")
    ]
    assert answer.status_code == 200
    assert any(f'"{rows}"' in sql for sql in counts)
    assert all("LIMIT 10001" in sql for sql in counts if f'"{rows}"' in sql)
