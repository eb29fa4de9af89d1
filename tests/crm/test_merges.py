"""Two records of one person become one over every table, and two again, to the row."""

from datetime import timedelta
from typing import Any

import pytest
from django.apps import apps
from django.db import models

from crm.creator_links import DERIVED, links, uses_of
from crm.duplicates import duplicates
from crm.exceptions import DomainError
from crm.models import (
    AiTool,
    Consent,
    Creator,
    CreatorMerge,
    Interview,
    NoticeChoice,
    PayerBalance,
    PayerName,
    QuotaUse,
    TierChange,
    ToolUse,
)
from crm.services.consents import consent_withdraw
from crm.services.merges import creators_differ, creators_merge, merge_preview, merge_undo
from crm.services.tiers import creator_set_tier
from generation.models import CastCorrection
from tests.access.walk import snapshot
from tests.access.world import World, build_world
from tests.conftest import Person
from tests.factories.crm import MOMENT, CreatorFactory, InterviewFactory, PaymentFactory

pytestmark = pytest.mark.django_db
# What merging and taking back write by themselves: the act, notes of changes, what is made anew.
WRITTEN = {"crm.CreatorMerge", "crm.Creator", "crm.Change", "crm.MonthDue", *DERIVED}


@pytest.fixture
def world(alice: Person, charlie: Person, bob: Person, staff: Person) -> World:
    return build_world(alice, charlie, bob, staff)


def pointing() -> dict[str, Any]:
    """Every foreign key to creators in any app, found by walking the models."""
    return {
        f"{model._meta.label}.{field.name}": (model, field.name)
        for model in apps.get_models()
        for field in model._meta.get_fields()
        if isinstance(field, models.ForeignKey)
        and field.related_model is Creator
        and model._meta.label not in DERIVED
    }


def test_every_foreign_key_to_creators_is_known() -> None:
    assert {link.key for link in links()} == set(pointing())


def test_after_a_merge_no_row_of_any_table_points_to_the_former_record(world: World) -> None:
    source, target = world.alice.as_creator, CreatorFactory(name="墨", tier="mid")
    had = {
        key for key, (model, name) in pointing().items()
        if model._base_manager.filter(**{name: source}).exists()
    }  # fmt: skip
    assert len(had) > 20

    creators_merge(source=source, target=target)

    left = {
        key for key, (model, name) in pointing().items()
        if model._base_manager.filter(**{name: source.pk}).exists()
    }  # fmt: skip
    assert left == set()
    assert not Creator.objects.filter(pk=source.pk).exists()
    target.refresh_from_db()
    assert target.user_id == world.alice.user.pk  # the login goes along
    assert world.alice.client.get("/studio/me/").status_code == 200


def test_a_merge_taken_back_restores_every_row_of_every_table(world: World) -> None:
    source, target = world.alice.as_creator, CreatorFactory(name="墨", tier="mid")
    InterviewFactory(creator=target)
    tool = AiTool.objects.create(name="可灵")
    for one in (source, target):
        creator_set_tier(creator=one, tier="mid", at=MOMENT)
        ToolUse.objects.create(creator=one, tool=tool, level="tried", at=MOMENT)
        NoticeChoice.objects.create(creator=one, kind="answer", channel="email", wanted=False)
    creator_set_tier(creator=source, tier="head", at=MOMENT + timedelta(days=9))
    balances = set(PayerBalance.objects.values_list("creator", "currency", "charged", "entries"))
    people = list(Creator.objects.order_by("pk").values())  # deciphered, and so comparable
    before = snapshot()

    merge = creators_merge(source=source, target=target, why="同一个人")
    moved = snapshot()
    merge_undo(merge=merge)

    after = snapshot()
    assert list(Creator.objects.order_by("pk").values()) == people
    assert balances == set(
        PayerBalance.objects.values_list("creator", "currency", "charged", "entries")
    )
    assert moved != before
    assert {name for name in before if after[name] != before[name]} - WRITTEN == set()
    merge.refresh_from_db()
    assert merge.kept == ""  # what it held of a person is gone


def test_what_both_have_at_one_moment_is_not_doubled(db: None) -> None:
    source, target = CreatorFactory(tier="mid"), CreatorFactory(tier="mid")
    tool = AiTool.objects.create(name="可灵")
    ToolUse.objects.create(creator=source, tool=tool, level="paying", at=MOMENT)
    ToolUse.objects.create(creator=target, tool=tool, level="tried", at=MOMENT)

    preview = merge_preview(source=source, target=target)
    assert [(move.rows, move.doubled) for move in preview.moves] == [(0, 1)]
    merge = creators_merge(source=source, target=target)
    assert [use.level for use in ToolUse.objects.all()] == ["tried"]
    merge_undo(merge=merge)

    assert {(use.creator_id, use.level) for use in ToolUse.objects.all()} == {
        (source.pk, "paying"), (target.pk, "tried"),
    }  # fmt: skip


def test_the_use_of_a_month_is_added_up_and_taken_off_again(db: None) -> None:
    source, target = CreatorFactory(), CreatorFactory()
    month = MOMENT.date().replace(day=1)
    for one, runs in ((source, 2), (target, 5)):
        QuotaUse.objects.create(creator=one, month=month, runs=runs)

    merge = creators_merge(source=source, target=target)
    assert QuotaUse.objects.get().runs == 7
    merge_undo(merge=merge)

    assert set(QuotaUse.objects.values_list("creator", "runs")) == {(source.pk, 2), (target.pk, 5)}


def test_the_tier_of_every_interview_stays_that_of_its_day_and_todays_is_the_keepers() -> None:
    source, target = CreatorFactory(tier="head"), CreatorFactory(tier="entry")
    creator_set_tier(creator=target, tier="entry", at=MOMENT)
    creator_set_tier(creator=source, tier="head", at=MOMENT + timedelta(days=1))
    held = InterviewFactory(creator=source, tier_then="head")

    creators_merge(source=source, target=target)

    held.refresh_from_db()
    target.refresh_from_db()
    assert (held.creator, held.tier_then) == (target, "head")
    assert target.tier == "entry"
    assert [c.tier for c in TierChange.objects.order_by("at")] == ["entry", "head", "entry"]


def test_a_withdrawal_of_one_record_reaches_what_the_other_said_and_lets_go_again() -> None:
    source, target = CreatorFactory(), CreatorFactory()
    held = InterviewFactory(creator=target)
    consent_withdraw(creator=source, purposes=[Consent.Purpose.RECORD])

    assert merge_preview(source=source, target=target).warnings
    merge = creators_merge(source=source, target=target)
    assert not Interview.objects.get(pk=held.pk).usable
    merge_undo(merge=merge)

    assert Interview.objects.get(pk=held.pk).usable


def test_two_logins_are_not_made_one(alice: Person, charlie: Person) -> None:
    with pytest.raises(DomainError) as refused:
        creators_merge(source=alice.as_creator, target=charlie.as_creator)

    assert refused.value.code == "cannot_merge"


def test_the_same_novel_twice_with_work_on_it_holds_the_merge_up(
    alice: Person, world: World
) -> None:
    target = CreatorFactory()
    mine = alice.as_creator.novels.get(pk=world.ids["novel"])
    twin = type(mine).objects.get(pk=mine.pk)
    twin.pk, twin.creator = None, target
    twin.save(force_insert=True)
    assert CastCorrection.objects.filter(novel=mine).exists()

    assert merge_preview(source=alice.as_creator, target=target).problems


def test_a_later_merge_is_taken_back_first(db: None) -> None:
    target = CreatorFactory()
    first = creators_merge(source=CreatorFactory(), target=target)
    creators_merge(source=CreatorFactory(), target=target)

    with pytest.raises(DomainError) as refused:
        merge_undo(merge=first)

    assert refused.value.code == "later_first"


def test_what_was_added_since_stays_with_the_one_that_was_kept(db: None) -> None:
    source, target = CreatorFactory(city="杭州"), CreatorFactory()
    merge = creators_merge(source=source, target=target)
    target.refresh_from_db()
    assert target.city == "杭州"
    later = PaymentFactory(creator=target)

    merge_undo(merge=merge)

    later.refresh_from_db()
    target.refresh_from_db()
    assert later.creator == target
    assert target.city == ""


def test_the_uses_of_creators_are_told_by_table(db: None) -> None:
    used, unused = CreatorFactory(), CreatorFactory()
    InterviewFactory(creator=used)

    found = uses_of([used.pk, unused.pk])

    assert set(found) == {used.pk}
    assert len(found[used.pk]) == 1


def test_pairs_are_suggested_with_their_reasons_the_surest_first(db: None) -> None:
    one = CreatorFactory(name="墨白", handle="@mobai", platform="B站", contact="微信 mobai_88")
    two = CreatorFactory(name="墨 白", handle="MoBai", platform="抖音", contact="mobai_88")
    near = CreatorFactory(name="灯下拾句")
    like = CreatorFactory(name="灯下拾句子")
    payer = CreatorFactory(name="王五")
    PayerName.objects.create(creator=near, name="王五")
    CreatorFactory(name="毫不相干")

    found = {(pair.first, pair.second): pair.reasons for pair in duplicates()}

    assert found == {
        (one, two): ("contact", "handle", "name"),
        (near, like): ("near",),
        (near, payer): ("payer",),
    }
    assert duplicates()[0].first == one
    assert [pair.second for pair in duplicates(of=like)] == [like]
    creators_differ(one=two, other=one)
    assert (one, two) not in {(pair.first, pair.second) for pair in duplicates()}


def test_the_pages_show_what_moves_merge_and_take_back(staff: Person) -> None:
    source, target = CreatorFactory(name="墨白"), CreatorFactory(name="墨 白")
    InterviewFactory(creator=source)
    listed = staff.client.get("/admin/crm/creatormerge/duplicates/").content.decode()
    url = f"/admin/crm/creatormerge/{source.pk}/into/{target.pk}/"
    assert f"/admin/crm/creatormerge/{target.pk}/into/{source.pk}/" in listed

    assert ">1<" in staff.client.get(url).content.decode()
    staff.client.post(url, {"why": "同一个人"})
    merge = CreatorMerge.objects.get()
    assert (merge.by, merge.why, merge.moved_count) == (staff.user, "同一个人", 1)
    assert staff.client.get(f"/admin/crm/creatormerge/{merge.pk}/change/").status_code == 200
    staff.client.post(f"/admin/crm/creatormerge/{merge.pk}/undo/")

    assert Creator.objects.filter(pk=source.pk).exists()
