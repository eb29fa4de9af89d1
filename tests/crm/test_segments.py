"""A segment is a question, not a list of people; the team shares it, lists and figures filter by it."""

from datetime import timedelta
from typing import Any

import pytest
from django.urls import reverse
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import AiTool, Creator, Segment, ToolUse
from crm.segments import CONDITIONS, matching, people_in, segments_for
from crm.services.paying import paying_refresh
from crm.services.segments import segment_delete, segment_save
from insights.findings.corpus import corpus
from insights.findings.selection import selection_of
from tests.conftest import Person
from tests.factories.crm import (
    MOMENT,
    CreatorFactory,
    InterviewFactory,
    PaymentFactory,
    StudyFactory,
    transcript_of,
)
from tests.factories.insights import PainPointFactory, tag

pytestmark = pytest.mark.django_db


def who(**conditions: list[Any]) -> set[str]:
    said = {key: [str(value) for value in values] for key, values in conditions.items()}
    return set(Creator.objects.filter(matching(said)).values_list("name", flat=True))


def test_conditions_all_hold_and_their_values_are_alternatives() -> None:
    CreatorFactory(name="甲", tier="head", platform="B站")
    CreatorFactory(name="乙", tier="mid", platform="B站")
    CreatorFactory(name="丙", tier="mid", platform="抖音")

    assert who(tier=["head", "mid"], platform=["B站"]) == {"甲", "乙"}
    assert who(tier=["mid"], platform=["抖音"]) == {"丙"}


def test_the_last_word_on_a_tool_counts() -> None:
    tool = AiTool.objects.create(name="可灵")
    left, came = CreatorFactory(name="弃用"), CreatorFactory(name="在用")
    for one, levels in ((left, ("paying", "tried")), (came, ("aware", "regular"))):
        for day, level in enumerate(levels):
            ToolUse.objects.create(creator=one, tool=tool, level=level, at=MOMENT + timedelta(day))

    assert who(tool=[tool.pk]) == {"在用"}
    assert who(tool_known=[tool.pk]) == {"弃用"}


def test_who_pays_today_who_did_and_who_never() -> None:
    now = timezone.now()
    PaymentFactory(creator=CreatorFactory(name="现在"), occurred_at=now - timedelta(days=3))
    PaymentFactory(creator=CreatorFactory(name="以前"), occurred_at=now - timedelta(days=300))
    CreatorFactory(name="从未")
    paying_refresh()

    assert (who(paying=["now"]), who(paying=["before"]), who(paying=["never"])) == (
        {"现在"}, {"以前"}, {"从未"},
    )  # fmt: skip


def test_studies_and_pains_are_conditions_too() -> None:
    study, pain = StudyFactory(), PainPointFactory()
    said = transcript_of([("墨", "分镜太慢")], creator=CreatorFactory(name="说了"), study=study)
    tag(pain, transcript=said, quote="分镜太慢")
    InterviewFactory(creator=CreatorFactory(name="没说"), study=study)

    assert who(study=[study.pk]) == {"说了", "没说"}
    assert who(study=[study.pk], pain=[pain.pk]) == {"说了"}


def test_a_condition_that_nobody_knows_is_met_by_nobody() -> None:
    CreatorFactory()

    assert who(gone=["1"]) == set()


def test_saving_refuses_what_says_nothing_or_cannot_be_chosen(staff: Person) -> None:
    def save(name: str = "腰部", **posted: list[str]) -> Segment:
        return segment_save(name=name, posted=posted, shared=True, actor=staff.user)

    for refused in ({}, {"tier": ["king"]}, {"name": " ", "tier": ["mid"]}):
        with pytest.raises(DomainError):
            save(**refused)  # type: ignore[arg-type]

    assert save(tier=["mid"]).conditions == {"tier": ["mid"]}


def test_a_private_segment_is_its_makers(staff: Person, bob: Person) -> None:
    mine = segment_save(name="我的", posted={"tier": ["mid"]}, shared=False, actor=bob.user)
    segment_save(name="大家的", posted={"tier": ["mid"]}, shared=True, actor=bob.user)

    assert {row.name for row in segments_for(staff.user)} == {"大家的"}
    assert {row.name for row in segments_for(bob.user)} == {"我的", "大家的"}
    for act in (
        lambda: segment_save(
            name="x", posted={"tier": ["mid"]}, shared=True, actor=staff.user, segment=mine
        ),
        lambda: segment_delete(segment=mine, actor=staff.user),
    ):
        with pytest.raises(DomainError):
            act()
    assert staff.client.get(f"/admin/crm/segment/{mine.pk}/change/").status_code == 404


def test_the_list_of_creators_and_the_figures_are_filtered_by_it(staff: Person) -> None:
    inside, outside = CreatorFactory(name="里面的", tier="head"), CreatorFactory(name="外面的")
    for one in (inside, outside):
        InterviewFactory(creator=one)
    segment = segment_save(name="头部", posted={"tier": ["head"]}, shared=True, actor=staff.user)

    listed = staff.client.get(f"/admin/crm/creator/?segment={segment.pk}").content.decode()
    assert "里面的" in listed
    assert "外面的" not in listed
    held = corpus(selection_of({"segment": str(segment.pk)})).interviews
    assert [item.creator for item in held] == [inside.pk]
    page = staff.client.get(f"{reverse('admin:insights_tools')}?segment={segment.pk}")
    assert f'value="{segment.pk}" selected' in page.content.decode()
    with pytest.raises(DomainError):
        selection_of({"segment": "999999"})


def test_the_form_saves_shows_n_by_tier_and_gives_up(staff: Person) -> None:
    CreatorFactory(tier="head")
    CreatorFactory(tier="mid")

    answer = staff.client.post(
        "/admin/crm/segment/add/", {"name": "头腰", "tier": ["head", "mid"], "shared": "on"}
    )
    segment = Segment.objects.get()
    assert people_in(segment).count() == 2
    page = staff.client.get(answer["Location"]).content.decode()
    assert "(n = 2)" in page
    assert staff.client.post("/admin/crm/segment/add/", {"name": "空"}).status_code == 422
    staff.client.post(f"/admin/crm/segment/{segment.pk}/delete/", {"post": "yes"})
    assert not Segment.objects.exists()


def test_every_condition_offers_its_choices() -> None:
    assert all(isinstance(list(condition.choices()), list) for condition in CONDITIONS.values())
