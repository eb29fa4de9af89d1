"""The founding story from rows to the sentence: it fires, and stops once coverage is evidenced."""

import json

import pytest
from django.core.management import call_command
from pytest_django import DjangoAssertNumQueries

from crm.models import AiTool, Consent, Creator, Payment
from generation.features.alarm.evaluation import document, evaluate
from generation.features.alarm.reading import policy, read
from generation.features.alarm.wording import Said
from generation.features.coverage import coverages
from generation.models import AlarmPolicy, Feature, Relief
from insights.models import Evidence, Need
from insights.selectors import ALL
from insights.statistics import wilson
from tests.alarm.founding import FIRST, NOW, Story, cover_the_first_pain, founding_story
from tests.factories.crm import CreatorFactory, InterviewFactory, PaymentFactory


@pytest.fixture
def story(db: None) -> Story:
    return founding_story()


def now() -> Said:
    return evaluate(at=NOW)


def numbers(said: Said) -> dict[str, dict[str, object]]:
    return {item["name"]: item for item in said.numbers}


def test_loved_and_paid_steadily_and_not_the_first_pain_fires(story: Story) -> None:
    said = now()

    assert said.judgement.fires
    assert (said.pain, said.judgement.tier) == (story.first, "mid")
    assert said.judgement.coverage is not None
    assert said.judgement.coverage.value == 0.0
    assert "多角色同框串脸" in said.chinese
    assert "Characters swap faces" in said.english
    assert "12" in said.chinese


def test_it_stops_when_coverage_of_the_first_pain_is_evidenced(story: Story) -> None:
    cover_the_first_pain(story)

    said = now()

    assert (said.judgement.state, said.judgement.reason) == ("quiet", "covered")
    assert said.judgement.coverage is not None
    assert said.judgement.coverage.value == pytest.approx(8 / 9)


def test_what_is_only_built_or_only_used_does_not_stop_it(story: Story) -> None:
    feature = cover_the_first_pain(story, live=False)
    assert now().judgement.fires

    feature.status = Feature.Status.LIVE
    feature.save()
    Relief.objects.all().delete()
    assert now().judgement.fires


def test_it_waits_where_users_do_not_love_what_we_built(story: Story) -> None:
    AiTool.objects.get().tooluse_set.update(satisfaction=2)

    assert now().judgement.reason == "not_loved"


def test_it_waits_where_paying_rises(story: Story) -> None:
    for place, creator in enumerate(story.people[::2]):
        for month in range(6 + place // 2, 11):
            PaymentFactory(creator=creator, occurred_at=NOW.replace(month=month, day=12))

    assert now().judgement.reason == "paying_rises"


def test_refunded_months_are_not_paid_months(story: Story) -> None:
    creator = story.people[0]
    for month in range(5, 11):
        PaymentFactory(creator=creator, occurred_at=NOW.replace(month=month, day=3))
        PaymentFactory(creator=creator, occurred_at=NOW.replace(month=month, day=5), kind="refund")

    assert now().judgement.rates[-1] == (6, 12)


def test_months_that_the_ledger_does_not_reach_are_not_months_without_paying(
    story: Story,
) -> None:
    late = evaluate(at=NOW.replace(year=2027, month=3))

    assert late.judgement.fires
    assert read(policy(), at=NOW.replace(year=2027, month=3)).months[-1].month == 10


def test_without_payments_it_says_that_they_are_missing(db: None) -> None:
    founding_story()
    assert Payment.objects.exists()
    AlarmPolicy.objects.update(months=24)
    too_early = evaluate(at=NOW.replace(month=4, day=2))

    assert too_early.judgement.state == "not_enough_data"
    assert "月" in too_early.chinese


def test_an_empty_house_has_not_enough_data_and_says_so(db: None) -> None:
    said = evaluate()

    assert said.judgement.state == "not_enough_data"
    assert said.chinese.startswith("数据不够")
    assert said.english.startswith("Not enough data")


def test_every_number_of_the_document_is_that_of_the_raw_rows(story: Story) -> None:
    cover_the_first_pain(story, answers=6)
    Relief.objects.update(after=6)
    said = now()
    found = numbers(said)

    raised = Evidence.objects.filter(pain=story.first, tier="mid", stance="for")
    asked = set(raised.values_list("creator", flat=True))
    rated = Need.objects.filter(pain=story.first, tier="mid")
    low = wilson(len(asked), len(asked)).low
    assert found["prevalence"]["value"] == 1.0
    assert found["prevalence"]["low"] == pytest.approx(low)
    assert found["prevalence"]["rows"]["ids"] == list(raised.order_by("pk").values_list("pk", flat=True))  # fmt: skip
    assert found["importance"]["value"] == rated.filter(importance__gte=4).count() / rated.count()
    assert found["satisfaction"]["value"] == 0.0
    assert set(found["importance"]["rows"]["ids"]) == set(rated.values_list("pk", flat=True))
    assert found["wallet"]["value"] == pytest.approx((5900 + 12_000) / 2)
    assert found["need"]["value"] == pytest.approx(low * (5900 + 12_000) / 2)
    assert found["coverage"]["value"] == pytest.approx(1.0 * (1 - 6 / 9))
    assert found["coverage"]["rows"]["count"] == Relief.objects.count() == 6
    assert (found["rating"]["value"], found["rating"]["n"]) == (1.0, 12)
    assert [month["paying"] for month in found["rise"]["months"]] == [6] * 6
    paid = Payment.objects.filter(pk__in=found["rise"]["rows"]["ids"])
    assert set(paid.values_list("creator", flat=True)) == {c.pk for c in story.people[1::2]}


def test_the_quotes_are_what_was_said_and_not_of_those_who_withdrew(story: Story) -> None:
    withdrawn = story.people[3]
    quoted = {Evidence.objects.get(pk=q["evidence"]).creator for q in numbers(now())["prevalence"]["quotes"]}  # fmt: skip
    for creator in (withdrawn, *quoted):
        Consent.objects.create(creator=creator, purpose="quote_named", given=False, channel="staff")

    quotes = numbers(now())["prevalence"]["quotes"]

    assert quotes
    assert all(quote["text"] == FIRST for quote in quotes)
    silent = {withdrawn, *quoted}
    assert not silent & {Evidence.objects.get(pk=q["evidence"]).creator for q in quotes}


def test_the_command_prints_exactly_the_contract(
    story: Story, capsys: pytest.CaptureFixture[str]
) -> None:
    call_command("alarm", seed="7", json=True)
    first = json.loads(capsys.readouterr().out)
    call_command("alarm", seed="7", json=True)

    assert list(first) == [
        "fires", "pain_point", "tier", "rank_probability", "coverage", "reason", "numbers",
    ]  # fmt: skip
    assert first == json.loads(capsys.readouterr().out)
    assert isinstance(first["numbers"], list)


def test_the_command_refuses_a_seed_that_is_none(
    db: None, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as stop:
        call_command("alarm", seed="-1", json=True)

    assert stop.value.code == 2
    assert "--seed" in capsys.readouterr().err


def test_the_reads_do_not_grow_with_the_data(
    story: Story, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    with django_assert_max_num_queries(28):
        document(now())
    for _ in range(6):
        InterviewFactory(creator=CreatorFactory())
    cover_the_first_pain(story)
    with django_assert_max_num_queries(28):
        document(now())


def test_the_tier_of_the_day_counts_for_relief(story: Story) -> None:
    cover_the_first_pain(story)
    Creator.objects.update(tier="head")
    relieved = coverages([story.first.pk])

    assert relieved[story.first.pk, ALL].n == 12
    assert relieved[story.first.pk, "mid"].n == 12
    assert relieved[story.first.pk, "head"].n == 12  # answered about relief as head creators
