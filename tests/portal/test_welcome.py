"""The first visit: three questions that feed tier, tools and steps, and a project to play with."""

from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from pytest_django import Settings

from crm.models import AiTool, Creator, QuotaUse, StepEffort, ToolUse, WorkflowStep
from generation.models import FeatureUse, Run
from generation.services.run_work import _record_use, counts
from generation.services.starter import starter_give
from tests.conftest import Person
from tests.factories.crm import CreatorFactory
from tests.factories.generation import FeatureFactory, board_of

WELCOME = "portal:welcome"


def answer(person: Person, **data: Any) -> Any:
    return person.client.post(reverse(WELCOME), data)


def test_a_new_login_begins_with_the_questions(
    db: None, anonymous: Client, settings: Settings
) -> None:
    settings.PORTAL_SIGNUP = "open"
    form = {"name": "新人", "email": "new@example.com", "password1": "三更少一刻的雪落满船"}

    page = anonymous.post(reverse("account_signup"), form, follow=True)

    assert page.redirect_chain[-1][0] == reverse(WELCOME)
    assert "欢迎，新人" in page.content.decode()


def test_what_is_answered_is_kept_as_the_creators_word(alice: Person) -> None:
    tool, other = AiTool.objects.create(name="即梦"), AiTool.objects.create(name="可灵")
    step = WorkflowStep.objects.create(key="board", title_zh="分镜", title_en="Storyboard")

    page = answer(
        alice, platform="抖音", followers="12,000", income="500000",
        **{f"tool{tool.pk}": "regular", f"tool{other.pk}": "", f"minutes{step.pk}": "90",
           f"share{step.pk}": "assist"},
    )  # fmt: skip

    assert page.status_code == 302
    creator = Creator.objects.get(pk=alice.as_creator.pk)
    assert (creator.platform, creator.followers, creator.income_minor) == ("抖音", 12000, 500000)
    assert [(use.tool, use.level) for use in ToolUse.objects.all()] == [(tool, "regular")]
    effort = StepEffort.objects.get()
    assert (effort.minutes, effort.ai, effort.creator) == (90, "assist", creator)


@pytest.mark.parametrize(
    ("written", "kept"), [("12,000", 12_000), ("1.2万", 12_000), ("3w", 30_000), ("12K", 12_000)]
)
def test_followers_are_read_as_people_write_them(alice: Person, written: str, kept: int) -> None:
    answer(alice, followers=written)

    assert Creator.objects.get(pk=alice.as_creator.pk).followers == kept


def test_followers_that_are_no_number_are_said_to_be_none_and_nothing_is_kept(
    alice: Person,
) -> None:
    page = answer(alice, platform="抖音", followers="很多")

    assert page.status_code == 422
    assert "“很多”" in page.content.decode()
    assert Creator.objects.get(pk=alice.as_creator.pk).platform != "抖音"


def test_empty_answers_change_nothing(alice: Person) -> None:
    Creator.objects.filter(pk=alice.as_creator.pk).update(platform="B站", followers=5)

    answer(alice)

    creator = Creator.objects.get(pk=alice.as_creator.pk)
    assert (creator.platform, creator.followers) == ("B站", 5)
    assert ToolUse.objects.count() == StepEffort.objects.count() == 0


def test_a_number_that_cannot_be_is_said_and_nothing_is_kept(alice: Person) -> None:
    step = WorkflowStep.objects.create(key="board", title_zh="分镜")

    page = answer(alice, platform="抖音", **{f"minutes{step.pk}": "99999"})

    assert page.status_code == 422
    assert "分镜" in page.content.decode()
    assert Creator.objects.get(pk=alice.as_creator.pk).platform == alice.as_creator.platform
    assert not Run.objects.exists()


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_the_starter_project_is_given_once_in_the_language_of_the_page(
    alice: Person, language: str
) -> None:
    alice.client.cookies["django_language"] = language
    answer(alice, skip="1")
    answer(alice, skip="1")

    run = Run.objects.get()
    assert run.novel.language.startswith(language[:2])
    assert (run.is_sample, len(run.chapters)) == (True, 1)
    assert not QuotaUse.objects.exists()


def test_the_starter_project_is_no_use_of_a_feature_and_a_run_of_ones_own_is(
    alice: Person,
) -> None:
    FeatureFactory(key="auto_storyboard")
    run, _new = starter_give(creator=alice.as_creator, language="en")
    _record_use(run, board_of(run))
    assert FeatureUse.objects.count() == 0

    Run.objects.filter(pk=run.pk).update(is_sample=False)
    run.refresh_from_db()
    _record_use(run, board_of(run))
    assert FeatureUse.objects.count() == 1


def test_the_runs_of_the_sample_workspace_count(db: None) -> None:
    run, _new = starter_give(creator=CreatorFactory(is_sample=True), language="en")

    assert counts(run)
