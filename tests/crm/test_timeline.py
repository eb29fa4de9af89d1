"""One page has all that is known of a creator, newest first, cut by key and never by number."""

from datetime import timedelta

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from crm.models import AiTool, Consent, StepEffort, TierChange, ToolUse, WorkflowStep
from crm.services.consents import consent_withdraw
from crm.timeline import PROVIDERS, cursor_of, kinds, timeline
from tests.access.world import build_world
from tests.conftest import Person
from tests.factories.crm import MOMENT, CreatorFactory, InterviewFactory, PaymentFactory

pytestmark = pytest.mark.django_db


def test_every_room_brings_its_entries(
    alice: Person, charlie: Person, bob: Person, staff: Person
) -> None:
    world = build_world(alice, charlie, bob, staff)
    owner = world.alice.as_creator
    TierChange.objects.create(creator=owner, tier="mid", at=MOMENT)
    tool = AiTool.objects.create(name="可灵")
    ToolUse.objects.create(creator=owner, tool=tool, level="tried", at=MOMENT)
    step = WorkflowStep.objects.create(key="x", title_zh="选题", title_en="Topic")
    StepEffort.objects.create(creator=owner, step=step, minutes=5, ai="none", at=MOMENT)

    page = timeline(owner.pk, limit=500)

    assert {entry.kind for entry in page.entries} >= set(PROVIDERS) - {"booking", "incentive"}
    assert page.following == ""
    times = [entry.at for entry in page.entries]
    assert times == sorted(times, reverse=True)
    assert timeline(charlie.as_creator.pk, kind="quote").entries == ()


def test_pages_follow_each_other_without_gap_or_repetition_even_at_one_moment() -> None:
    creator = CreatorFactory()
    for number in range(7):
        InterviewFactory(creator=creator, at=MOMENT)
        PaymentFactory(creator=creator, occurred_at=MOMENT)
        PaymentFactory(creator=creator, occurred_at=MOMENT + timedelta(minutes=number))
    whole = [entry.key for entry in timeline(creator.pk, limit=100).entries]
    assert len(whole) == 21

    seen: list[str] = []
    after = ""
    while True:
        page = timeline(creator.pk, after=after, limit=4)
        seen += [entry.key for entry in page.entries]
        after = page.following
        if not after:
            break

    assert seen == whole


def test_a_page_asks_the_same_of_many_rows_as_of_few() -> None:
    creator = CreatorFactory()

    def asked() -> int:
        with CaptureQueriesContext(connection) as queries:
            timeline(creator.pk)
        return len(queries)

    InterviewFactory(creator=creator)
    few = asked()
    for _ in range(20):
        InterviewFactory(creator=creator)
        PaymentFactory(creator=creator)

    assert asked() == few


def test_quotes_that_may_not_be_quoted_are_not_in_it(
    alice: Person, charlie: Person, bob: Person, staff: Person
) -> None:
    owner = build_world(alice, charlie, bob, staff).alice.as_creator
    assert timeline(owner.pk, kind="quote").entries

    consent_withdraw(creator=owner, purposes=[Consent.Purpose.RECORD])

    assert not timeline(owner.pk, kind="quote").entries


@pytest.mark.parametrize("text", ["", "x", "2026-05-20~a~b", "2026-99-99T00:00:00+00:00~a~1", "~~"])
def test_an_address_that_is_no_place_begins_at_the_newest(text: str) -> None:
    assert cursor_of(text) is None


def test_the_page_filters_by_kind_and_leads_on(staff: Person) -> None:
    creator = CreatorFactory()
    for number in range(50):
        PaymentFactory(creator=creator, occurred_at=MOMENT + timedelta(days=number))
    InterviewFactory(creator=creator)
    url = f"/admin/crm/creator/{creator.pk}/timeline/"

    page = staff.client.get(f"{url}?kind=payment").content.decode()

    assert page.count("<time") == 40
    assert kinds()["interview"] in page
    following = page.split('rel="next" href="')[1].split('"')[0].replace("&amp;", "&")
    assert staff.client.get(url + following).content.decode().count("<time") == 10
