"""Who raised a pain out of who was asked: people, not quotes; the tier of the day; not asked ≠ no."""

from collections.abc import Callable

import pytest
from pytest_django import DjangoAssertNumQueries

from crm.models import Interview, Tier
from insights.models import Asked, Evidence, Need, PainPoint
from insights.selectors import ALL, opportunities, prevalence_by_tier, raised_and_asked
from insights.statistics import wilson
from tests.factories.crm import CreatorFactory, InterviewFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag

Interviewed = Callable[..., Interview]


@pytest.fixture
def pain(db: None) -> PainPoint:
    return PainPointFactory()


def interviewed(tier: str, pain: PainPoint, *, raised: bool, asked: bool = True) -> Interview:
    interview: Interview = InterviewFactory(creator=CreatorFactory(tier=tier), tier_then=tier)
    if raised:
        tag(pain, transcript=transcript_of([("", "分镜要画三天")], interview=interview))
    elif asked:
        Asked.objects.create(interview=interview, pain=pain)
    return interview


def counts(pain: PainPoint) -> dict[str, tuple[int, int]]:
    rows = prevalence_by_tier(raised_and_asked([pain.pk])[pain.pk])
    return {row.tier: (len(row.raised), len(row.asked)) for row in rows}


def test_the_denominator_is_who_was_asked_and_not_who_was_interviewed(pain: PainPoint) -> None:
    for _ in range(2):
        interviewed(Tier.HEAD, pain, raised=True)
    interviewed(Tier.HEAD, pain, raised=False)
    interviewed(Tier.HEAD, pain, raised=False, asked=False)
    interviewed(Tier.ENTRY, pain, raised=False)

    assert counts(pain) == {"head": (2, 3), "mid": (0, 0), "entry": (0, 1), ALL: (2, 4)}


def test_ten_quotes_of_one_creator_are_one_creator(pain: PainPoint) -> None:
    creator = CreatorFactory(tier=Tier.MID)
    for number in range(3):
        interview = InterviewFactory(creator=creator, tier_then=Tier.MID)
        transcript = transcript_of([("", f"分镜要画{number}天，真的太慢")], interview=interview)
        tag(pain, transcript=transcript, quote="分镜")
        tag(pain, transcript=transcript, quote="太慢")

    assert counts(pain)["mid"] == (1, 1)


def test_a_creator_who_rose_counts_in_the_tier_of_each_day_and_once_in_all(
    pain: PainPoint,
) -> None:
    creator = CreatorFactory(tier=Tier.HEAD)
    for tier in (Tier.MID, Tier.HEAD):
        interview = InterviewFactory(creator=creator, tier_then=tier)
        tag(pain, transcript=transcript_of([("", f"分镜太慢{tier}")], interview=interview),
            quote="分镜")  # fmt: skip

    assert counts(pain) == {"head": (1, 1), "mid": (1, 1), "entry": (0, 0), ALL: (1, 1)}


def test_evidence_against_is_being_asked_and_not_raising_it(pain: PainPoint) -> None:
    tag(pain, transcript=transcript_of([("", "分镜其实很快")], tier_then=Tier.MID),
        quote="很快", stance=Evidence.Stance.AGAINST)  # fmt: skip

    assert counts(pain)["mid"] == (0, 1)


def test_the_estimate_is_wilsons_with_its_n_and_its_rows(pain: PainPoint) -> None:
    for raised in (True, True, True, False, False, False, False):
        interviewed(Tier.MID, pain, raised=raised)

    row = prevalence_by_tier(raised_and_asked([pain.pk])[pain.pk])[1]

    low, high = wilson(3, 7)
    assert (row.estimate.n, row.estimate.value) == (7, pytest.approx(3 / 7))
    assert (row.estimate.low, row.estimate.high) == (pytest.approx(low), pytest.approx(high))


def test_nobody_asked_gives_no_share_at_all(pain: PainPoint) -> None:
    row = prevalence_by_tier(raised_and_asked([pain.pk])[pain.pk])[0]

    assert (row.estimate.value, row.estimate.n) == (None, 0)


def test_the_reads_do_not_grow_with_the_pain_points(
    pain: PainPoint, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    pains = [pain.pk, *(PainPointFactory().pk for _ in range(9))]
    interviewed(Tier.MID, pain, raised=True)

    with django_assert_num_queries(3):
        raised_and_asked(pains)


def test_of_two_ratings_of_a_creator_the_latest_counts(pain: PainPoint) -> None:
    creator = CreatorFactory(tier=Tier.MID)
    for importance in (1, 5):
        Need.objects.create(
            creator=creator, pain=pain, tier=Tier.MID, importance=importance, satisfaction=1
        )

    score = opportunities([pain.pk])[pain.pk][ALL]

    assert (score.value, score.n) == (20.0, 1)
