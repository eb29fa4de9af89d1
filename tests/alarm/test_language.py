"""The alarm's pages and the creators' answers speak one language at a time."""

import pytest
from django.urls import reverse

from generation.services.alarm import alarm_check
from tests.alarm.founding import NOW, founding_story
from tests.conftest import Person
from tests.i18n.test_pages import _chinese, _english, _page

PAGES = ["generation_alarm", "generation_board", "generation_map", "generation_case_scores"]


@pytest.mark.parametrize("name", PAGES)
def test_pages_of_the_team_speak_one_language(name: str, staff: Person) -> None:
    story = founding_story()
    for pain, english in ((story.first, "Faces swap"), (story.served, "Faces drift")):
        pain.title_en = english
        pain.save()
    story.built.title_en = "Fixed look"
    story.built.save()
    alarm_check(force=True, at=NOW)
    address = reverse(f"admin:{name}")

    assert _english(_page(staff.client, address, "zh-hans")) - {"NaN"} == set()
    left = _chinese(_page(staff.client, address, "en"))
    quoted = {"两三个人同框就串脸", "墨白", "号"}  # what creators said and are called
    assert left - quoted == set()


def test_the_answers_page_speaks_one_language(alice: Person) -> None:
    address = reverse("portal:answers")

    assert _english(_page(alice.client, address, "zh-hans")) == set()
    assert _chinese(_page(alice.client, address, "en")) - {"的笔名"} == set()
