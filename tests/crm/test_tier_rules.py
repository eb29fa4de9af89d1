"""Rules propose a tier and name themselves; a person decides; what was counted keeps its tier."""

from datetime import timedelta

import pytest
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import AuditEntry, Creator, TierChange, TierRefusal, TierRule
from crm.services.tiers import (
    creator_set_tier,
    tier_at,
    tier_change_undo,
    tier_proposal_accept,
    tier_proposal_refuse,
    tier_refusal_undo,
)
from crm.tier_rules import meets, proposals, proposed, rule_for
from tests.conftest import Person
from tests.factories.crm import MOMENT, CreatorFactory, InterviewFactory

pytestmark = pytest.mark.django_db


def rule(**more: object) -> TierRule:
    return TierRule.objects.create(
        **{"name": "百万粉", "tier": "head", "followers_from": 1_000_000, **more}
    )


def names() -> list[tuple[str, str]]:
    return [(item.creator.name, item.rule.name) for item in proposals(list(proposed()))]


def test_the_first_rule_in_order_that_fits_proposes_its_tier() -> None:
    rule(position=20)
    rule(name="高收入", position=10, followers_from=None, income_from_minor=5_000_000)
    rule(name="其余", tier="entry", position=90, followers_from=None)
    CreatorFactory(name="大号", followers=2_000_000, tier="mid")
    CreatorFactory(name="富人", followers=2_000_000, income_minor=6_000_000, tier="mid")
    CreatorFactory(name="没数", tier="entry")
    CreatorFactory(name="正好", followers=1_000_000, tier="head")

    assert names() == [("大号", "百万粉"), ("富人", "高收入")]


def test_limits_take_in_the_lower_and_leave_out_the_upper_number() -> None:
    mid = rule(name="腰部", tier="mid", followers_from=100, followers_below=200)
    found = {n: meets(CreatorFactory(followers=n), mid) for n in (99, 100, 199, 200)}

    assert found == {99: False, 100: True, 199: True, 200: False}
    assert not meets(CreatorFactory(followers=None), mid)
    in_database = set(proposed().values_list("followers", flat=True))
    assert in_database == set()  # all of them are mid already
    Creator.objects.update(tier="entry")
    assert set(proposed().values_list("followers", flat=True)) == {100, 199}


def test_what_the_page_proposes_is_what_accepting_asks() -> None:
    """The database's reading of the rules and that of one creator agree."""
    rule(name="一", position=1, platform="B站", followers_from=50)
    rule(name="二", position=2, tier="mid", followers_from=None, followers_below=80,
         income_from_minor=10)  # fmt: skip
    rule(name="三", position=3, tier="entry", followers_from=None, income_below_minor=20)
    for followers in (None, 10, 60, 90):
        for income in (None, 5, 15, 30):
            for platform in ("B站", "抖音"):
                CreatorFactory(
                    followers=followers, income_minor=income, platform=platform, tier="mid"
                )

    expected = {
        one.pk: fitting.pk
        for one in Creator.objects.all()
        if (fitting := rule_for(one)) is not None and fitting.tier != one.tier
    }
    found = dict(proposed().values_list("pk", "rule_pk"))

    assert found == expected
    assert len(expected) > 5


def test_a_rule_holds_only_in_its_days() -> None:
    today = timezone.localdate()
    rule(name="将来", valid_from=today + timedelta(days=1))
    rule(name="过去", valid_from=today - timedelta(days=9), valid_until=today - timedelta(days=1))
    CreatorFactory(followers=2_000_000)

    assert names() == []


def test_accepting_keeps_the_history_names_the_rule_and_leaves_the_past_alone() -> None:
    creator = CreatorFactory(followers=2_000_000, tier="mid")
    creator_set_tier(creator=creator, tier="mid", at=timezone.now() - timedelta(days=100))
    before = InterviewFactory(creator=creator, at=timezone.now() - timedelta(days=10))
    named = rule()

    change = tier_proposal_accept(creator=creator, rule=named)

    creator.refresh_from_db()
    assert creator.tier == "head"
    assert (change.rule, change.reason) == (named, "百万粉")
    assert tier_at(creator, before.at) == "mid"
    assert names() == []
    with pytest.raises(DomainError):
        tier_proposal_accept(creator=creator, rule=named)


def test_a_refusal_holds_until_the_numbers_change() -> None:
    creator = CreatorFactory(name="大号", followers=2_000_000, tier="mid")
    named = rule()

    tier_proposal_refuse(creator=creator, rule=named)
    assert names() == []
    Creator.objects.filter(pk=creator.pk).update(followers=3_000_000)

    assert names() == [("大号", "百万粉")]


def test_the_page_decides_one_or_all_that_are_ticked(staff: Person) -> None:
    named = rule()
    ones = [CreatorFactory(followers=2_000_000 + n, tier="mid") for n in range(3)]
    url = "/admin/crm/tierrule/proposals/"
    page = staff.client.get(url).content.decode()
    assert all(one.name in page for one in ones)

    staff.client.post(url, {"refuse": f"{ones[0].pk}:{named.pk}"})
    staff.client.post(url, {"all": "1", "pick": [f"{one.pk}:{named.pk}" for one in ones[1:]]})

    assert [Creator.objects.get(pk=one.pk).tier for one in ones] == ["mid", "head", "head"]


def test_a_rule_that_fits_nobody_is_refused_by_the_form(staff: Person) -> None:
    answer = staff.client.post(
        "/admin/crm/tierrule/add/",
        {"name": "反", "tier": "head", "position": "1", "followers_from": "10",
         "followers_below": "5", "valid_from": "2026-01-01"},
    )  # fmt: skip

    assert answer.status_code == 200
    assert not TierRule.objects.exists()


def test_an_accepted_tier_is_taken_back_by_a_change_of_its_own_and_the_days_between_keep_theirs() -> (
    None
):
    creator = CreatorFactory(followers=500, tier="entry")
    creator_set_tier(creator=creator, tier="entry", at=MOMENT)
    rule = TierRule.objects.create(name="万粉", tier="mid", followers_from=100)
    change = tier_proposal_accept(creator=creator, rule=rule)
    between = timezone.now()

    back = tier_change_undo(change=change)

    creator.refresh_from_db()
    assert creator.tier == "entry"
    assert back.reverses == change
    assert "万粉" in back.reason
    assert tier_at(creator, between) == "mid"
    assert tier_at(creator, timezone.now()) == "entry"
    assert TierChange.objects.filter(creator=creator).count() == 3
    assert creator in proposed()  # the rule asks again
    for again in (change, back):  # only the newest, and no undoing of an undoing
        with pytest.raises(DomainError) as refused:
            tier_change_undo(change=again)
        assert refused.value.code == "later"


def test_a_refusal_taken_back_is_asked_again_and_stays_in_the_records() -> None:
    creator = CreatorFactory(followers=500, tier="entry")
    rule = TierRule.objects.create(name="万粉", tier="mid", followers_from=100)
    refusal = tier_proposal_refuse(creator=creator, rule=rule)
    assert creator not in proposed()

    assert tier_refusal_undo(refusal=refusal)
    assert not tier_refusal_undo(refusal=refusal)

    assert creator in proposed()
    assert TierRefusal.objects.count() == 1
    assert AuditEntry.objects.filter(action="creator.tier_refusal_undone").count() == 1


def test_the_page_takes_decisions_back(staff: Person) -> None:
    one, two = CreatorFactory(followers=500), CreatorFactory(followers=500)
    for creator in (one, two):
        creator_set_tier(creator=creator, tier="entry", at=MOMENT)
    rule = TierRule.objects.create(name="万粉", tier="mid", followers_from=100)
    change = tier_proposal_accept(creator=one, rule=rule)
    refusal = tier_proposal_refuse(creator=two, rule=rule)
    url = "/admin/crm/tierrule/proposals/"
    page = staff.client.get(url).content.decode()
    assert f'value="c{change.pk}"' in page
    assert f'value="r{refusal.pk}"' in page

    for key in (f"c{change.pk}", f"r{refusal.pk}", "x1", "c"):
        assert staff.client.post(url, {"undo": key}).status_code == 302

    one.refresh_from_db()
    assert one.tier == "entry"
    assert set(proposed()) == {one, two}
