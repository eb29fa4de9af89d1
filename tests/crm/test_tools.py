"""What creators say of tools and steps: kept moment by moment, corrected within one, refused where it cannot be."""

from datetime import timedelta
from typing import Any

import pytest
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import AiTool, AuditEntry, StepEffort, ToolUse, WorkflowStep
from crm.services.tools import step_effort_record, tool_named, tool_use_record
from tests.factories.crm import MOMENT, CreatorFactory, InterviewFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def step() -> WorkflowStep:
    return WorkflowStep.objects.create(key="drawing", title_zh="画图", title_en="Drawing")


def test_a_later_word_is_a_row_of_its_own_and_the_former_stays() -> None:
    creator = CreatorFactory()

    tool_use_record(creator=creator, tool="可灵", level="aware", at=MOMENT)
    tool_use_record(creator=creator, tool="可灵", level="paying", spend_minor=6900, satisfaction=4)

    levels = ToolUse.objects.filter(creator=creator).order_by("at").values_list("level", flat=True)
    assert list(levels) == ["aware", "paying"]


def test_a_card_of_an_interview_saved_again_corrects_its_row_and_the_trail_keeps_what_was() -> None:
    interview = InterviewFactory()
    said: dict[str, Any] = {"creator": interview.creator, "tool": "可灵", "interview": interview}

    first = tool_use_record(**said, level="tried", satisfaction=2)
    again = tool_use_record(**said, level="regular", satisfaction=4)
    tool_use_record(**said, level="regular", satisfaction=4)

    assert again.pk == first.pk
    assert ToolUse.objects.get() == again
    assert again.at == interview.at
    entries = AuditEntry.objects.filter(action="tool_use.recorded").order_by("pk")
    assert [entry.data.get("before") for entry in entries] == [
        None,
        {"level": "tried", "satisfaction": 2},
    ]


def test_a_card_of_an_interview_to_come_counts_from_now() -> None:
    interview = InterviewFactory(at=timezone.now() + timedelta(hours=1))

    use = tool_use_record(
        creator=interview.creator, tool="即梦", level="aware", interview=interview
    )

    assert use.at <= timezone.now()


@pytest.mark.parametrize(
    ("said", "code"),
    [
        ({"level": "expert"}, "no_level"),
        ({"level": "aware", "satisfaction": 3}, "not_used"),
        ({"level": "unaware", "spend_minor": 100}, "not_used"),
        ({"level": "regular", "spend_minor": 100}, "not_paying"),
        ({"level": "regular", "satisfaction": 6}, "invalid"),
        ({"level": "paying", "spend_minor": -1}, "invalid"),
        ({"level": "tried", "first_heard": timezone.localdate() + timedelta(1)}, "heard_later"),
        ({"level": "tried", "at": timezone.now() + timedelta(days=1)}, "future"),
        ({"level": "tried", "tool": "  "}, "no_tool"),
    ],
)
def test_a_word_that_cannot_be_is_refused_and_nothing_is_kept(
    said: dict[str, Any], code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        tool_use_record(**{"creator": CreatorFactory(), "tool": "可灵", **said})

    assert refused.value.code == code
    assert not ToolUse.objects.exists()
    assert not AiTool.objects.exists()


def test_somebody_elses_interview_is_refused() -> None:
    with pytest.raises(DomainError, match=r".") as refused:
        tool_use_record(
            creator=CreatorFactory(), tool="可灵", level="aware", interview=InterviewFactory()
        )

    assert refused.value.code == "wrong_interview"


def test_a_tool_is_found_however_it_is_written() -> None:
    known = AiTool.objects.create(name="ComfyUI")

    assert tool_named(" comfyui ") == known
    assert tool_named("可灵  AI").name == "可灵 AI"


def test_the_effort_of_a_step_is_kept_with_who_wrote_it_down(step: WorkflowStep) -> None:
    creator = CreatorFactory()

    effort = step_effort_record(
        creator=creator, step=step, minutes=90, money_minor=2000, ai="assist", quality=3
    )

    kept = StepEffort.objects.get()
    assert (kept.pk, kept.minutes, kept.money_minor, kept.quality) == (effort.pk, 90, 2000, 3)
    assert AuditEntry.objects.get().action == "step_effort.recorded"


@pytest.mark.parametrize(
    ("said", "code"),
    [({"minutes": -1}, "invalid"), ({"ai": "some"}, "no_share"), ({"quality": 0}, "invalid")],
)
def test_an_effort_that_cannot_be_is_refused(
    step: WorkflowStep, said: dict[str, Any], code: str
) -> None:
    with pytest.raises(DomainError) as refused:
        step_effort_record(
            **{"creator": CreatorFactory(), "step": step, "minutes": 5, "ai": "none", **said}
        )

    assert refused.value.code == code
    assert not StepEffort.objects.exists()
