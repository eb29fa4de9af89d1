"""The studio asks once, after use, how much of a pain is gone; and takes no for an answer."""

import pytest

from crm.exceptions import DomainError
from generation.features.asking import QUIET, Question, relief_question
from generation.features.relief import relief_by_tier
from generation.models import FeatureUse, Justification, Relief, ReliefDismissal, Run
from generation.services.relief import relief_say
from tests.conftest import Person
from tests.factories.crm import MOMENT, CreatorFactory
from tests.factories.generation import FeatureFactory, NovelFactory, finished_run
from tests.factories.insights import PainPointFactory


@pytest.fixture
def run(alice: Person) -> Run:
    """Alice's finished run used one feature that is meant to take one pain away."""
    made = finished_run(NovelFactory(creator=alice.as_creator))
    use(made)
    return made


def use(run: Run) -> None:
    feature = FeatureFactory()
    Justification.objects.create(feature=feature, claim_zh="太慢", pain=PainPointFactory())
    FeatureUse.objects.create(
        run=run, feature=feature, creator=run.novel.creator, at=MOMENT, accepted=True
    )


def question(alice: Person, run: Run) -> Question:
    found = relief_question(alice.as_creator, run)
    assert found is not None
    return found


def answer(alice: Person, run: Run, asked: Question, **fields: str) -> str:
    about = {"feature": str(asked.feature), "pain": str(asked.pain)}
    page = alice.client.post(f"/studio/runs/{run.pk}/relief/", {**about, **fields}, follow=True)
    return page.content.decode()


def test_after_a_run_the_page_asks_and_keeps_the_answer(alice: Person, run: Run) -> None:
    asked = question(alice, run)
    assert asked.pain_title in alice.client.get(f"/studio/runs/{run.pk}/").content.decode()

    page = answer(alice, run, asked, before="8", after="3")

    row = Relief.objects.get()
    assert (row.before, row.after, row.creator) == (8, 3, alice.creator)
    assert 'name="before"' not in page


def test_rather_not_ends_it_for_good(alice: Person, run: Run) -> None:
    asked = question(alice, run)

    answer(alice, run, asked, dismiss="yes")
    ReliefDismissal.objects.update(at=MOMENT - QUIET)

    assert relief_question(alice.as_creator, run) is None
    assert not Relief.objects.exists()


def test_nothing_else_is_asked_for_a_week(alice: Person, run: Run) -> None:
    use(run)
    answer(alice, run, question(alice, run), before="8", after="3")

    assert relief_question(alice.as_creator, run) is None
    Relief.objects.update(at=MOMENT - QUIET)
    assert question(alice, run)


@pytest.mark.parametrize(
    "fields", [{"before": "11", "after": "3"}, {"before": "", "after": "3"}, {"before": "x"}]
)
def test_an_answer_off_the_scale_is_refused_with_a_word(
    alice: Person, run: Run, fields: dict[str, str]
) -> None:
    page = answer(alice, run, question(alice, run), **fields)

    assert "note--error" in page
    assert not Relief.objects.exists()


def test_an_answer_to_what_was_not_asked_is_refused(alice: Person, run: Run) -> None:
    other = FeatureFactory()

    with pytest.raises(DomainError):
        relief_say(creator=alice.as_creator, run=run, feature=other.pk, pain=1, before=5, after=5)


def test_a_stranger_cannot_answer(charlie: Person, alice: Person, run: Run) -> None:
    sent = charlie.client.post(f"/studio/runs/{run.pk}/relief/", {"before": "5", "after": "5"})

    assert sent.status_code == 404


def test_before_and_after_are_paired_by_tier_of_that_time(db: None) -> None:
    feature, pain = FeatureFactory(), PainPointFactory()
    for tier, before, after in (("head", 8, 2), ("head", 6, 4), ("mid", 5, 5)):
        Relief.objects.create(
            creator=CreatorFactory(tier=tier), feature=feature, pain=pain, before=before,
            after=after,
        )  # fmt: skip

    found = {row.tier: row.part.difference for row in relief_by_tier(feature)}

    assert (found["head"].value, found["head"].n) == (-4.0, 2)
    assert found["head"].low is not None
    assert (found["mid"].value, found["mid"].n, found["mid"].low) == (0.0, 1, None)
    assert (found["entry"].n, found["all"].n) == (0, 3)
