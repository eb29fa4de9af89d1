"""What a pain point is worth to a creator: a card of an interview, corrected in place, refused where it cannot be."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import AuditEntry, Consent, GuideAnswer, GuideQuestion, Interview, User
from crm.services.consents import consent_withdraw
from crm.services.guide_answers import guide_tick
from insights.models import Need, PainPoint
from insights.services.needs import need_record
from tests.factories.crm import InterviewFactory, StudyFactory, UserFactory
from tests.factories.insights import PainPointFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def said() -> dict[str, Any]:
    """An interview, a pain point and who writes it down."""
    actor: User = UserFactory(is_staff=True)
    interview: Interview = InterviewFactory(tier_then="mid")
    pain: PainPoint = PainPointFactory()
    return {"interview": interview, "pain": pain, "actor": actor}


def test_a_rating_belongs_to_the_day_and_the_tier_of_its_interview(said: dict[str, Any]) -> None:
    need = need_record(**said, importance=5, satisfaction=2, with_tool="  剪映   专业版 ",
                       too_cheap_minor=900, cheap_minor=2900, expensive_minor=9900,
                       too_expensive_minor=19900)  # fmt: skip

    assert (need.creator, need.tier) == (said["interview"].creator, "mid")
    assert need.at == said["interview"].at
    assert need.with_tool == "剪映 专业版"
    entry = AuditEntry.objects.get(action="need.recorded")
    assert (entry.actor, entry.data["before"], entry.data["after"]["importance"]) == (
        said["actor"], {}, 5,
    )  # fmt: skip


def test_said_again_it_corrects_the_first_and_the_trail_keeps_what_stood_there(
    said: dict[str, Any],
) -> None:
    first = need_record(**said, importance=5, satisfaction=2)

    again = need_record(**said, importance=3)

    assert again.pk == first.pk
    assert (Need.objects.get().importance, Need.objects.get().satisfaction) == (3, None)
    entry = AuditEntry.objects.filter(action="need.recorded").order_by("-pk")[0]
    assert (entry.data["before"]["importance"], entry.data["before"]["satisfaction"]) == (5, 2)


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"importance": 6}, "invalid"),
        ({"importance": 0}, "invalid"),
        ({"importance": 3, "satisfaction": 9}, "invalid"),
        ({"importance": 3, "cheap_minor": 9900, "expensive_minor": 2900}, "prices"),
        ({"importance": 3, "cheap_minor": -1}, "invalid"),
    ],
)
def test_a_rating_that_cannot_be_is_refused_and_nothing_is_kept(
    said: dict[str, Any], wish: dict[str, int], code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        need_record(**said, **wish)

    assert refused.value.code == code
    assert not Need.objects.exists()
    assert not AuditEntry.objects.filter(action="need.recorded").exists()


def test_prices_that_were_not_asked_are_not_guessed(said: dict[str, Any]) -> None:
    need = need_record(**said, importance=4, cheap_minor=2900)

    assert (need.too_cheap_minor, need.cheap_minor, need.expensive_minor) == (None, 2900, None)


def test_nothing_is_recorded_of_an_interview_that_was_withdrawn(said: dict[str, Any]) -> None:
    interview = said["interview"]
    consent_withdraw(creator=interview.creator, purposes=[Consent.Purpose.RECORD])
    interview.refresh_from_db()

    with pytest.raises(DomainError) as refused:
        need_record(**said, importance=4)

    assert refused.value.code == "withdrawn"


def test_a_rating_before_the_interview_is_over_counts_from_now() -> None:
    interview = InterviewFactory(at=timezone.now() + timedelta(hours=1))
    need = need_record(
        interview=interview, pain=PainPointFactory(), importance=4, actor=UserFactory()
    )

    assert need.at <= timezone.now()


def test_a_tick_is_kept_once_with_its_turn_and_can_be_taken_back() -> None:
    study, actor = StudyFactory(), UserFactory(is_staff=True)
    question = GuideQuestion.objects.create(study=study, position=1, text_zh="最费时间的是哪一步？")
    interview = InterviewFactory(study=study)
    tick = {"interview": interview, "question": question, "actor": actor}

    guide_tick(**tick, answered=True, utterance=4)
    guide_tick(**tick, answered=True, utterance=9)

    answer = GuideAnswer.objects.get()
    assert (answer.utterance, answer.by) == (4, actor)
    guide_tick(**tick, answered=False)
    guide_tick(**tick, answered=False)
    assert not GuideAnswer.objects.exists()
    actions = AuditEntry.objects.filter(action__startswith="guide.").order_by("pk")
    assert list(actions.values_list("action", flat=True)) == ["guide.answered", "guide.unanswered"]


def test_a_question_of_another_study_is_no_question_of_this_interview() -> None:
    question = GuideQuestion.objects.create(study=StudyFactory(), position=1, text_zh="别的？")

    with pytest.raises(DomainError) as refused:
        guide_tick(
            interview=InterviewFactory(study=StudyFactory()), question=question, answered=True,
            actor=UserFactory(),
        )  # fmt: skip

    assert refused.value.code == "wrong_study"
    assert not GuideAnswer.objects.exists()
