"""The board and the map: what each feature rests on, what came of it, and the rows behind each cell."""

import pytest
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from generation.features.board import Card, cell_rows, columns, pain_map
from generation.models import Feature, Justification
from generation.services.alarm import alarm_check
from insights.selectors import ALL
from tests.alarm.founding import NOW, Story, cover_the_first_pain, founding_story
from tests.conftest import Person
from tests.factories.generation import FeatureFactory


@pytest.fixture
def story(db: None) -> Story:
    return founding_story()


def card(key: str) -> Card:
    return next(c for column in columns() for c in column.cards if c.feature.key == key)


def codes(key: str) -> set[str]:
    return {signal.code for signal in card(key).signals}


def test_a_feature_whose_pain_is_first_and_waits_says_so(story: Story) -> None:
    idea = FeatureFactory(key="idea", status=Feature.Status.IDEA)
    Justification.objects.create(feature=idea, claim_zh="同框", pain=story.first)
    alarm_check(force=True, at=NOW)

    found = card("idea")

    assert (found.raised, found.asked) == (12, 12)
    assert found.first is not None
    assert found.first > 0.9
    assert codes("idea") == {"first_waits"}


def test_a_covered_first_pain_is_no_signal_any_more(story: Story) -> None:
    cover_the_first_pain(story)
    alarm_check(force=True, at=NOW)

    found = card("same_frame")

    assert codes("same_frame") == set()
    assert found.covered is not None
    assert found.covered.value == pytest.approx(8 / 9)
    assert (found.kept.value, found.kept.n, found.runs) == (1.0, 12, 12)


def test_evidence_use_and_answers_that_lack_are_said(story: Story) -> None:
    FeatureFactory(key="bare", status=Feature.Status.IDEA)
    gone = FeatureFactory(key="gone", status=Feature.Status.RETIRED)
    Justification.objects.create(feature=gone, claim_zh="撤了", pain=story.first)

    assert codes("bare") == {"no_evidence"}
    assert codes("fixed") == {"unused"}
    assert codes("gone") == {"unanswered"}


def test_a_cell_of_the_map_counts_the_features_of_its_step_alone(story: Story) -> None:
    cover_the_first_pain(story)
    film = FeatureFactory(key="film", step="film", status=Feature.Status.LIVE)
    Justification.objects.create(feature=film, claim_zh="也为它", pain=story.first)

    row = next(row for row in pain_map() if row.pain == story.first)
    cells = {cell.step: cell for cell in row.cells}

    assert [feature.key for feature in cells["frames"].features] == ["same_frame"]
    assert cells["frames"].coverage is not None
    assert cells["frames"].coverage.value == pytest.approx(8 / 9)
    assert cells["film"].coverage is not None
    assert cells["film"].coverage.value == 0.0
    assert cells["cast"].features == ()


def test_every_cell_opens_its_rows(story: Story, staff: Person) -> None:
    cover_the_first_pain(story, answers=5)
    page = staff.client.get(reverse("admin:generation_map")).content.decode()
    address = f"{reverse('admin:generation_coverage')}?pain={story.first.pk}&step=frames"
    assert address.replace("&", "&amp;") in page

    rows = cell_rows(story.first, tier=ALL, step="frames")
    opened = staff.client.get(address).content.decode()

    assert len(rows) == 12
    assert sum(row.relief is not None for row in rows) == 5
    assert all(row.interview for row in rows)
    assert all(creator.name in opened for creator in story.people)


@pytest.mark.parametrize("query", ["", "?pain=x", "?pain=1&tier=king", "?pain=1&step=soup"])
def test_a_cell_that_is_none_is_not_found(query: str, staff: Person) -> None:
    assert staff.client.get(reverse("admin:generation_coverage") + query).status_code == 404


def test_board_and_map_take_a_fixed_number_of_queries(
    story: Story, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    cover_the_first_pain(story)
    for number in range(5):
        more = FeatureFactory(status=Feature.Status.LIVE, key=f"more{number}")
        Justification.objects.create(feature=more, claim_zh="更多", pain=story.served)

    with django_assert_max_num_queries(16):
        columns()
    with django_assert_max_num_queries(34):
        pain_map()


def test_the_board_is_shown(story: Story, staff: Person) -> None:
    page = staff.client.get(reverse("admin:generation_board")).content.decode()

    assert story.built.title_zh in page
    assert "已上线，但没人用" in page
