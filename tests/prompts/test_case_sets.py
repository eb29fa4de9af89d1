"""Sets of cases as the team makes them: pasted texts, chapters of consenting creators' novels."""

from __future__ import annotations

from typing import Any

import pytest
from django.urls import reverse

from crm.exceptions import DomainError
from crm.models import Consent
from crm.services.consents import consent_give, consent_withdraw
from generation.models import CaseSet, Novel
from generation.services.evaluations.cases import Source, cases_keep
from tests.conftest import Person
from tests.factories.generation import NovelFactory
from tests.prompts.stories import story_text

pytestmark = pytest.mark.django_db
NEW = "admin:generation_case_set_new"


@pytest.fixture
def novel(alice: Person) -> Novel:
    consent_give(creator=alice.as_creator, purposes=[Consent.Purpose.EVALUATION])
    made = NovelFactory(creator=alice.as_creator, title="墨雪", text=story_text(1))
    made.chapters.all().delete()
    middle = len(made.text) // 2
    made.chapters.create(index=0, title="第一章 山洞", start=0, end=middle)
    made.chapters.create(index=1, title="第二章 归途", start=middle, end=len(made.text))
    return made


def kept(staff: Person, **facts: Any) -> Any:
    usual = {"title": "自家短篇", "kind": "shot", "most": "4", "text": story_text(2), "ours": "on"}
    return staff.client.post(reverse(NEW), {**usual, **facts})


def test_a_pasted_text_becomes_cases_that_the_page_shows(staff: Person) -> None:
    done = kept(staff)

    made = CaseSet.objects.get(title="自家短篇")
    assert done.headers["Location"] == reverse("admin:generation_case_set", args=[made.pk])
    assert made.cases.count() == 4
    assert made.language == "zh-Hans"
    assert {case.story for case in made.cases.all()} == {made.cases.first().story}  # type: ignore[union-attr]
    page = staff.client.get(done.headers["Location"]).content.decode()
    case = made.cases.first()
    assert case is not None
    assert case.content["shot"]["narration"][:20] in page
    planned = staff.client.get(reverse("admin:generation_evaluation_new"), {"cases": made.pk})
    assert f'value="{made.pk}" selected' in planned.content.decode()


def test_the_next_version_leaves_the_first_as_it_was(staff: Person) -> None:
    kept(staff)
    first = CaseSet.objects.get(title="自家短篇")
    kept(staff, text=story_text(5), version_of=first.pk, title="")

    second = CaseSet.objects.get(key=first.key, number=2)
    assert (second.title, first.cases.count()) == ("自家短篇", 4)
    assert {case.story for case in second.cases.all()}.isdisjoint(
        case.story for case in first.cases.all()
    )
    page = staff.client.get(reverse("admin:generation_case_set", args=[second.pk]))
    assert reverse("admin:generation_case_set", args=[first.pk]) in page.content.decode()
    wrong = kept(staff, kind="chapter", version_of=first.pk)
    assert wrong.status_code == 422


def test_chapters_of_a_consenting_creators_novel_are_taken_by_choice(
    staff: Person, novel: Novel
) -> None:
    page = staff.client.get(reverse(NEW)).content.decode()
    assert "第二章 归途" in page

    kept(staff, text="", chapter=[f"{novel.pk}:1"], kind="chapter", title="归途")

    made = CaseSet.objects.get(title="归途")
    case = made.cases.get()
    assert case.content["title"] == "第二章 归途"
    assert case.content["text"] == novel.text[len(novel.text) // 2 :]
    assert case.consent is not None
    assert case.consent.purpose == Consent.Purpose.EVALUATION


def test_without_consent_a_novel_is_not_offered_and_not_taken(staff: Person, novel: Novel) -> None:
    consent_withdraw(creator=novel.creator, purposes=[Consent.Purpose.EVALUATION])

    assert "墨雪" not in staff.client.get(reverse(NEW)).content.decode()
    assert kept(staff, text="", novel=[novel.pk]).status_code == 422
    with pytest.raises(DomainError) as refused:
        cases_keep(sources=[Source(novel)], kind="shot", most=3, title="x", actor=None)
    assert refused.value.code == "no_consent"
    assert not CaseSet.objects.filter(is_sample=False).exists()


@pytest.mark.parametrize(
    "facts",
    [
        {"ours": ""}, {"text": "  "}, {"title": ""}, {"most": "0"}, {"most": "x"}, {"kind": "film"},
        {"text": "长" * 20_001}, {"version_of": "999999"}, {"text": "", "chapter": ["a:b", "1:"]},
    ],
)  # fmt: skip
def test_what_is_missing_is_said_and_nothing_is_kept(staff: Person, facts: dict[str, Any]) -> None:
    refused = kept(staff, **facts)

    assert refused.status_code == 422
    assert 'role="alert"' in refused.content.decode()
    assert not CaseSet.objects.filter(is_sample=False).exists()
