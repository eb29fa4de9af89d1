"""From the guide to the interview: versions kept, links personal, slots taken once, both sides told once."""

import threading
from collections.abc import Callable
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pytest
import time_machine
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.test import Client
from django.urls import reverse
from django.utils import timezone
from icalendar import Calendar

from crm.calendars import appointment_ics
from crm.exceptions import DomainError
from crm.models import (
    Appointment,
    AuditEntry,
    Consent,
    CreatorNotice,
    GuideQuestion,
    Incentive,
    Slot,
    StudyInvitation,
    StudyMail,
    User,
)
from crm.notice_words import words_of
from crm.services.appointments import (
    appointment_cancel,
    appointment_keep,
    appointment_move,
    slot_book,
)
from crm.services.consents import consent_withdraw
from crm.services.guides import guide_freeze
from crm.services.incentives import incentive_promise, incentive_step
from crm.services.interviews import interviews_import
from crm.services.invitations import (
    creators_invite,
    invitation_decline,
    invitation_of,
    invitation_revoke,
    invitation_token,
)
from crm.services.slots import slot_withdraw, slots_offer
from crm.services.studies import Ending, ending_of, study_call_off, study_reopen
from crm.services.study_mails import study_mail_deliver, study_mails_due
from crm.study_reads import by_day, candidates, progress_of, slots_open
from crm.zones import moment_at, zone_named
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, InterviewFactory, StudyFactory, UserFactory

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 2, tzinfo=UTC)  # ten in the morning in Shanghai


@pytest.fixture
def researcher() -> User:
    found: User = UserFactory(is_staff=True)
    return found


def slot(study: Any, researcher: User, hours: float = 48, minutes: int = 60) -> Slot:
    return Slot.objects.create(
        study=study, researcher=researcher, minutes=minutes,
        starts_at=timezone.now() + timedelta(hours=hours), place="https://meet.example.org/1",
    )  # fmt: skip


def send_due() -> list[str]:
    return [study_mail_deliver(key) for key in study_mails_due()]


def test_a_guide_edited_after_its_use_is_another_version_and_answers_keep_theirs() -> None:
    study = StudyFactory()
    question = GuideQuestion.objects.create(study=study, position=1, text_zh="哪一步最疼？")
    first = interviews_import(
        data="研究员：哪一步？\n墨白：分镜。\n".encode(), name="a.txt", study=study
    ).interviews[0]
    same = guide_freeze(study=study)
    question.text_zh = "哪一步最花时间？"
    question.save()
    later = guide_freeze(study=study)

    assert first.guide == same
    assert later is not None
    assert first.guide is not None
    assert (first.guide.number, later.number) == (1, 2)
    assert first.guide.questions[0]["zh"] == "哪一步最疼？"
    assert guide_freeze(study=StudyFactory()) is None


def test_an_invitation_is_one_persons_and_dies_by_time_and_by_hand(
    researcher: User, staff: Person
) -> None:
    study, creator = StudyFactory(), CreatorFactory(tier="head")
    (invitation,) = creators_invite(study=study, creators=[creator], days=3, actor=researcher)
    token = invitation_token(invitation)
    assert creators_invite(study=study, creators=[creator], actor=researcher) == []

    found = invitation_of(token)
    assert found is not None
    assert (found.creator, found.tier) == (creator, "head")
    assert invitation_of(token[:-2] + "xx") is None
    with time_machine.travel(timezone.now() + timedelta(days=4)):
        assert invitation_of(token) is None
    invitation_revoke(invitation=invitation, actor=staff.user)
    assert invitation_of(token) is None
    (again,) = creators_invite(study=study, creators=[creator], actor=researcher)
    assert again.pk != invitation.pk


def test_who_does_not_want_to_be_contacted_is_not_invited(researcher: User) -> None:
    willing, unwilling = CreatorFactory(), CreatorFactory()
    consent_withdraw(creator=unwilling, purposes=[Consent.Purpose.CONTACT])

    with pytest.raises(DomainError) as refused:
        creators_invite(study=StudyFactory(), creators=[willing, unwilling], actor=researcher)

    assert unwilling.name in str(refused.value)
    assert not StudyInvitation.objects.exists()


def test_times_are_offered_by_the_clocks_of_a_zone_and_never_over_each_other(
    researcher: User,
) -> None:
    study = StudyFactory()
    day = timezone.localdate() + timedelta(days=30)
    wanted: dict[str, Any] = {
        "study": study, "researcher": researcher, "day": day, "first": time(10),
        "last": time(12), "minutes": 45, "pause": 15,
    }  # fmt: skip

    made = slots_offer(**wanted, zone="Asia/Tokyo")

    assert [s.starts_at.astimezone(zone_named("Asia/Tokyo")).hour for s in made] == [10, 11]
    with pytest.raises(DomainError) as refused:
        slots_offer(**{**wanted, "first": time(10, 30)}, zone="Asia/Tokyo")
    assert refused.value.code == "clash"
    for change, code in (
        ({"day": date(2020, 1, 1)}, "past"),
        ({"last": time(10, 30)}, "no_room"),
        ({"minutes": 5}, "bad_minutes"),
    ):
        with pytest.raises(DomainError) as refused:
            slots_offer(**{**wanted, **change})
        assert refused.value.code == code


def test_a_clock_time_that_summer_time_skips_does_not_exist() -> None:
    berlin = zone_named("Europe/Berlin")

    assert moment_at(date(2027, 3, 28), time(2, 30), berlin) is None
    found = moment_at(date(2027, 10, 31), time(2, 30), berlin)
    assert found is not None
    assert found.astimezone(UTC).hour == 0  # the first of the two
    assert str(zone_named("Mars/Olympus")) == "Asia/Shanghai"


def test_times_are_grouped_by_the_day_of_the_readers_zone(researcher: User) -> None:
    study = StudyFactory()
    with time_machine.travel(NOW, tick=False):
        late = slot(study, researcher, hours=13.5)  # 23:30 in Shanghai, the next day in Auckland
        here = by_day(list(slots_open(study)), zone_named("Asia/Shanghai"))
        there = by_day(list(slots_open(study)), zone_named("Pacific/Auckland"))

    assert [(d.day.day, s.begins.hour) for d in here for s in d.slots] == [(20, 23)]
    assert [(d.day.day, s.begins.hour) for d in there for s in d.slots] == [(21, 3)]
    assert late.minutes == 60


def test_a_taken_slot_is_gone_and_a_creator_has_one_time_a_study(researcher: User) -> None:
    study = StudyFactory()
    one, other = CreatorFactory(tier="head"), CreatorFactory()
    first, second = slot(study, researcher), slot(study, researcher, 72)

    booked = slot_book(slot=first, creator=one)

    assert booked.tier == "head"
    assert list(slots_open(study)) == [second]
    for asked, code in (((first, other), "taken"), ((second, one), "booked_already")):
        with pytest.raises(DomainError) as refused:
            slot_book(slot=asked[0], creator=asked[1])
        assert refused.value.code == code
    with pytest.raises(DomainError):
        slot_withdraw(slot=first, actor=researcher)
    slot_withdraw(slot=second, actor=researcher)
    with pytest.raises(DomainError):
        slot_book(slot=second, creator=other)


def test_one_cannot_be_in_two_interviews_at_once(researcher: User) -> None:
    creator = CreatorFactory()
    slot_book(slot=slot(StudyFactory(), researcher), creator=creator)

    with pytest.raises(DomainError) as refused:
        slot_book(slot=slot(StudyFactory(), UserFactory(), 48.5), creator=creator)

    assert refused.value.code == "overlaps"


def at_once(*acts: Callable[[], Any]) -> list[Any]:
    """Each act in a thread with a connection of its own, all started together."""
    ready = threading.Barrier(len(acts))
    results: list[Any] = [None] * len(acts)

    def run(place: int, act: Callable[[], Any]) -> None:
        try:
            ready.wait(20)
            results[place] = act()
        except DomainError as error:
            results[place] = error.code
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=item) for item in enumerate(acts)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(30)
    return results


@pytest.mark.django_db(transaction=True)
def test_of_many_who_take_a_slot_at_once_exactly_one_has_it() -> None:
    study, researcher = StudyFactory(), UserFactory(is_staff=True)
    free = slot(study, researcher)
    people = [CreatorFactory() for _ in range(6)]

    results = at_once(*[lambda one=one: slot_book(slot=free, creator=one) for one in people])

    assert sum(isinstance(result, Appointment) for result in results) == 1
    assert results.count("taken") == 5
    assert Appointment.objects.filter(slot=free, state="booked").count() == 1


@pytest.mark.django_db(transaction=True)
def test_one_who_takes_many_slots_at_once_has_one() -> None:
    study, researcher, one = StudyFactory(), UserFactory(is_staff=True), CreatorFactory()
    slots = [slot(study, researcher, 48 + 2 * n) for n in range(4)]

    results = at_once(*[lambda s=s: slot_book(slot=s, creator=one) for s in slots])

    assert sum(isinstance(result, Appointment) for result in results) == 1
    assert results.count("booked_already") == 3


@pytest.mark.django_db(transaction=True)
def test_two_who_move_to_the_same_time_do_not_both_get_it_and_nobody_loses_theirs() -> None:
    study, researcher = StudyFactory(), UserFactory(is_staff=True)
    had = [
        slot_book(slot=slot(study, researcher, 48 + 2 * n), creator=CreatorFactory())
        for n in range(2)
    ]
    wanted = slot(study, researcher, 96)

    results = at_once(*[lambda a=a: appointment_move(appointment=a, slot=wanted) for a in had])

    assert sum(isinstance(result, Appointment) for result in results) == 1
    assert results.count("taken") == 1
    assert Appointment.objects.filter(state="booked").count() == 2


def test_moving_frees_the_old_time_and_calendars_move_the_same_event(researcher: User) -> None:
    study, creator = StudyFactory(title_zh="流程研究"), CreatorFactory()
    old, new = slot(study, researcher), slot(study, researcher, 72)
    first = slot_book(slot=old, creator=creator)

    moved = appointment_move(appointment=first, slot=new)

    first.refresh_from_db()
    assert (first.state, moved.previous) == ("moved", first)
    assert list(slots_open(study)) == [old]
    before, after = (
        Calendar.from_ical(appointment_ics(a)).walk("VEVENT")[0] for a in (first, moved)
    )
    assert before["uid"] == after["uid"]
    assert (int(before["sequence"]), int(after["sequence"])) == (0, 1)
    assert after.decoded("dtstart") == new.starts_at.replace(microsecond=0)
    assert "流程研究" in str(after["summary"])
    with pytest.raises(DomainError):
        appointment_move(appointment=first, slot=old)


def test_calling_off_frees_the_time_tells_both_and_drops_the_reminders(researcher: User) -> None:
    study, creator = StudyFactory(), CreatorFactory(contact="mo@example.org")
    booked = slot_book(slot=slot(study, researcher), creator=creator)
    assert send_due() == ["done", "done"]

    appointment_cancel(appointment=booked, why="病了")

    assert slots_open(study).count() == 1
    assert set(booked.mails.filter(kind__endswith="before").values_list("state", flat=True)) == {
        "cancelled"
    }
    assert send_due() == ["done", "done"]
    assert {address for message in mail.outbox for address in message.to} == {
        "mo@example.org", researcher.email,
    }  # fmt: skip
    name, content, kind = mail.outbox[-1].attachments[0]
    assert (name, kind.partition(";")[0]) == ("interview.ics", "text/calendar")
    assert "METHOD:CANCEL" in str(content)


def test_why_it_was_called_off_is_told_to_both(researcher: User) -> None:
    booked = slot_book(
        slot=slot(StudyFactory(), researcher), creator=CreatorFactory(contact="mo@example.org")
    )
    appointment_cancel(appointment=booked, why="研究员病了", actor=researcher)

    send_due()

    last = [message for message in mail.outbox if "研究员病了" in str(message.body)]
    assert sorted(message.to[0] for message in last) == sorted(["mo@example.org", researcher.email])


def test_the_page_asks_once_more_before_it_calls_off(staff: Person) -> None:
    study = StudyFactory()
    booked = slot_book(slot=slot(study, staff.user), creator=CreatorFactory())
    url = f"/admin/crm/study/{study.pk}/people/"
    page = staff.client.get(url).content.decode()
    assert f"?call_off={booked.pk}" in page
    assert 'name="sure"' not in page
    assert 'name="sure"' in staff.client.get(url, {"call_off": booked.pk}).content.decode()

    staff.client.post(url, {"cancel": booked.pk})
    booked.refresh_from_db()
    assert booked.state == "booked"
    staff.client.post(f"{url}?call_off={booked.pk}", {"cancel": booked.pk, "sure": "1"})

    booked.refresh_from_db()
    assert booked.state == "cancelled"


def test_each_list_of_the_page_has_pages_of_its_own(
    staff: Person, django_assert_max_num_queries: Any
) -> None:
    study = StudyFactory()
    people = [CreatorFactory(name=f"受访{n:03}") for n in range(70)]
    creators_invite(study=study, creators=people, actor=staff.user)
    for n in range(60):
        CreatorFactory(name=f"可邀{n:03}")
        slot(study, staff.user, 48 + 2 * n)
    url = f"/admin/crm/study/{study.pk}/people/"

    with django_assert_max_num_queries(45):
        first = staff.client.get(url).content.decode()
    second = staff.client.get(url, {"invited": 2, "ask": 2, "times": 2}).content.decode()

    for page, rows in ((first, 50), (second, 20)):
        assert page.count('name="revoke"') == rows
    assert "可邀000" in first
    assert "可邀000" not in second
    assert "可邀059" in second
    assert second.count('name="withdraw"') == 10


def test_reminders_become_due_by_themselves_and_each_goes_out_once(researcher: User) -> None:
    creator = CreatorFactory(contact="mo@example.org", time_zone="Asia/Tokyo")
    with time_machine.travel(NOW, tick=False) as clock:
        slot_book(slot=slot(StudyFactory(), researcher, 30), creator=creator)
        send_due()
        assert len(mail.outbox) == 2
        clock.move_to(NOW + timedelta(hours=7))
        send_due()
        send_due()
        assert len(mail.outbox) == 4
        clock.move_to(NOW + timedelta(hours=29, minutes=5))
        send_due()
        assert [study_mail_deliver(row.pk) for row in StudyMail.objects.all()] == [
            "not waiting"
        ] * 6

    to_creator = [message for message in mail.outbox if message.to == ["mo@example.org"]]
    assert len(to_creator) == 3
    assert "17:00（Asia/Tokyo）" in str(to_creator[0].body)  # 16:00 in Shanghai


def test_a_slot_within_the_hour_has_no_reminder(researcher: User) -> None:
    booked = slot_book(slot=slot(StudyFactory(), researcher, 0.5), creator=CreatorFactory())

    assert not booked.mails.filter(kind__endswith="before").exists()


def test_a_letter_without_an_address_is_kept_for_the_portal(researcher: User) -> None:
    creators_invite(
        study=StudyFactory(), creators=[CreatorFactory(contact="微信 mo")], actor=researcher
    )

    send_due()

    assert StudyMail.objects.get().error_code == "portal_only"
    assert mail.outbox == []


def test_an_invitation_goes_out_with_its_link_and_not_after_it_is_revoked(researcher: User) -> None:
    study = StudyFactory()
    one, two = CreatorFactory(contact="a@example.org"), CreatorFactory(contact="b@example.org")
    first, second = creators_invite(study=study, creators=[one, two], actor=researcher)
    invitation_revoke(invitation=second, actor=researcher)

    send_due()

    (letter,) = mail.outbox
    assert letter.to == ["a@example.org"]
    assert f"/invited/{invitation_token(first)}/" in str(letter.body)


def test_what_was_held_is_an_interview_in_the_tier_of_its_day(researcher: User) -> None:
    study, creator = StudyFactory(), CreatorFactory(tier="mid")
    booked = slot_book(slot=slot(study, researcher, 1), creator=creator)
    with pytest.raises(DomainError):
        appointment_keep(appointment=booked, held=True, actor=researcher)

    with time_machine.travel(timezone.now() + timedelta(hours=3)):
        kept = appointment_keep(appointment=booked, held=True, actor=researcher)

    assert kept.interview is not None
    assert (kept.interview.study, kept.interview.tier_then) == (study, "mid")
    assert kept.interview.at == booked.slot.starts_at
    report = interviews_import(
        data="研究员：哪一步？\n墨白：分镜。\n".encode(), name="a.txt", study=study, creator=creator
    )
    assert report.interviews == [kept.interview]  # it waited for its transcript


def test_progress_counts_creators_in_the_tier_of_that_day(researcher: User) -> None:
    study = StudyFactory(target_mid=2)
    asked, booked, talked, free = (CreatorFactory(tier="mid") for _ in range(4))
    creators_invite(study=study, creators=[asked, booked], actor=researcher)
    slot_book(slot=slot(study, researcher), creator=booked)
    InterviewFactory(creator=talked, study=study, tier_then="mid", status="coded")

    mid = next(line for line in progress_of(study) if line.tier == "mid")

    assert (len(mid.invited), len(mid.booked), len(mid.done), len(mid.coded)) == (2, 1, 1, 1)
    assert mid.open == 1
    assert list(candidates(study)) == [free]


def test_who_declines_can_change_their_mind(researcher: User) -> None:
    study, creator = StudyFactory(), CreatorFactory()
    (invitation,) = creators_invite(study=study, creators=[creator], actor=researcher)
    invitation_decline(invitation=invitation)

    slot_book(slot=slot(study, researcher), creator=creator, invitation=invitation)

    invitation.refresh_from_db()
    assert invitation.declined_at is None
    with pytest.raises(DomainError):
        invitation_decline(invitation=invitation)
    with pytest.raises(DomainError):
        slot_book(slot=slot(study, researcher, 99), creator=CreatorFactory(), invitation=invitation)


def test_incentives_are_added_in_order_and_never_edited(researcher: User) -> None:
    given = incentive_promise(study=StudyFactory(), creator=CreatorFactory(), minor=20_000)
    with pytest.raises(DomainError):
        incentive_step(incentive=given, state="received")

    sent = incentive_step(incentive=given, state="sent", actor=researcher)
    assert incentive_step(incentive=given, state="sent") == sent
    incentive_step(incentive=given, state="received")
    with pytest.raises(DomainError):
        incentive_step(incentive=given, state="cancelled")

    assert [s.state for s in given.steps.all()] == ["promised", "sent", "received"]
    for change in (
        lambda: given.steps.update(state="promised"),
        lambda: Incentive.objects.update(minor=1),
        lambda: given.steps.all().delete(),
    ):
        with pytest.raises(DatabaseError):
            inside(change)


def inside(change: Callable[[], Any]) -> None:
    with transaction.atomic():
        change()


@pytest.mark.parametrize("minor", [0, -5, 10**9])
def test_an_amount_that_cannot_be_is_refused(minor: int) -> None:
    with pytest.raises(DomainError):
        incentive_promise(study=StudyFactory(), creator=CreatorFactory(), minor=minor)


@pytest.mark.parametrize(
    ("amount", "currency", "minor"),
    [("99.5", "CNY", 9950), ("5000", "JPY", 5000), ("12.5", "JPY", None), ("1e9", "CNY", None),
     ("nan", "CNY", None), ("￥１，２００", "cny", 120_000)],
)  # fmt: skip
def test_a_promise_is_in_the_smallest_unit_of_its_own_currency(
    staff: Person, amount: str, currency: str, minor: int | None
) -> None:
    study, creator = StudyFactory(), CreatorFactory()
    form = {"promise": "1", "creator": creator.pk, "amount": amount, "currency": currency}

    staff.client.post(f"/admin/crm/study/{study.pk}/people/", form)

    assert [row.minor for row in Incentive.objects.all()] == ([minor] if minor else [])


def test_the_teams_page_invites_offers_and_promises(staff: Person) -> None:
    study, creator = StudyFactory(target_mid=1), CreatorFactory(tier="mid")
    url = f"/admin/crm/study/{study.pk}/people/"
    day = (timezone.localdate() + timedelta(days=9)).isoformat()

    staff.client.post(url, {"invite": "1", "who": [creator.pk], "days": "7"})
    staff.client.post(
        url, {"offer": "1", "day": day, "first": "10:00", "last": "12:00", "minutes": "60",
              "pause": "0", "zone": "Asia/Shanghai", "place": "会议室"}
    )  # fmt: skip
    staff.client.post(
        url, {"promise": "1", "creator": creator.pk, "amount": "99.50", "currency": "CNY"}
    )
    incentive = Incentive.objects.get()
    staff.client.post(url, {"step": f"{incentive.pk}:sent"})

    assert Slot.objects.count() == 2
    assert incentive.minor == 9950
    page = staff.client.get(url).content.decode()
    # The key in the link; what follows it is the moment and the signature.
    assert f"/{invitation_token(StudyInvitation.objects.get()).partition(':')[0]}:" in page
    assert staff.client.get(f"{url}?tier=mid&q=x").status_code == 200
    board = staff.client.get(f"/admin/insights/painpoint/study/{study.pk}/board/")
    assert board.status_code == 200
    for wrong in ({"offer": "1"}, {"invite": "1"}, {"revoke": "9999"}, {}, {"promise": "1"}):
        assert staff.client.post(url, wrong).status_code == 302


def test_a_study_called_off_tells_who_had_a_time_and_offers_nothing_more(
    researcher: User, alice: Person
) -> None:
    study, one = StudyFactory(title_zh="流程研究"), alice.as_creator
    other, gone = CreatorFactory(contact="mo@example.org"), CreatorFactory()
    invitations = creators_invite(study=study, creators=[one, other, gone], actor=researcher)
    invitation_decline(invitation=invitations[2])
    first, second, _free = (slot(study, researcher, 48 + n) for n in (0, 2, 4))
    booked = [slot_book(slot=first, creator=one), slot_book(slot=second, creator=other)]
    with time_machine.travel(timezone.now() - timedelta(days=3)):
        early = slot(study, researcher, 1)
        past = slot_book(slot=early, creator=gone)
    elsewhere = slot_book(slot=slot(StudyFactory(), researcher, 60), creator=one)
    assert ending_of(study) == Ending(agreed=2, free=1, links=2, waiting=0)

    assert study_call_off(study=study, why="预算没了", actor=researcher) == Ending(2, 1, 2, 0)

    for row, state in ((booked[0], "cancelled"), (booked[1], "cancelled"), (past, "booked"),
                       (elsewhere, "booked")):  # fmt: skip
        row.refresh_from_db()
        assert row.state == state
    assert (booked[0].why, list(slots_open(study))) == ("预算没了", [])
    notice = CreatorNotice.objects.get(creator=one, facts__what="cancelled")
    assert "整个研究已取消" in words_of(notice).text
    mail.outbox.clear()
    send_due()
    (letter,) = [message for message in mail.outbox if message.to == ["mo@example.org"]]
    assert "预算没了" in str(letter.body)
    assert "/studies/" not in str(letter.body)
    assert "METHOD:CANCEL" in str(letter.attachments[0][1])
    study.refresh_from_db()
    for act in (
        lambda: slot_book(slot=slot(study, researcher, 99), creator=CreatorFactory()),
        lambda: creators_invite(study=study, creators=[CreatorFactory()], actor=researcher),
        lambda: study_call_off(study=study, why="", actor=researcher),
        lambda: slots_offer(
            study=study, researcher=researcher, day=timezone.localdate() + timedelta(days=5),
            first=time(10), last=time(12), minutes=60,
        ),
    ):  # fmt: skip
        with pytest.raises(DomainError) as refused:
            act()
        assert refused.value.code == "called_off"


def test_whoever_was_invited_and_has_no_time_is_told_once_that_it_is_called_off(
    researcher: User, alice: Person
) -> None:
    study, portal = StudyFactory(title_zh="流程研究"), alice.as_creator
    by_mail, declined, held, timed, unsent = (
        CreatorFactory(contact=f"{name}@example.org")
        for name in ("mail", "declined", "held", "timed", "unsent")
    )
    asked = [portal, by_mail, declined, held, timed]
    invitations = creators_invite(study=study, creators=asked, actor=researcher)
    send_due()
    creators_invite(study=study, creators=[unsent], actor=researcher)
    invitation_decline(invitation=invitations[2])
    InterviewFactory(study=study, creator=held, status="held")
    slot_book(slot=slot(study, researcher), creator=timed)
    assert ending_of(study).waiting == 3

    study_call_off(study=study, why="预算没了", actor=researcher)
    mail.outbox.clear()
    send_due()

    told = {message.to[0]: str(message.body) for message in mail.outbox if message.to}
    people = {"mail@example.org", "timed@example.org", alice.user.email} - {""}
    assert set(told) - {researcher.email} == people
    assert "我们曾请你参加访谈" in told["mail@example.org"]
    assert "预算没了" in told["mail@example.org"]
    notice = CreatorNotice.objects.get(creator=portal, facts__what="study_off")
    assert "流程研究" in words_of(notice).title
    assert alice.client.get(notice.path).status_code == 200
    # Once, however often: taken up and called off again, nobody hears it twice.
    study_reopen(study=study, actor=researcher)
    study_call_off(study=study, why="", actor=researcher)
    mail.outbox.clear()
    send_due()
    assert [message for message in mail.outbox if "mail@example.org" in message.to] == []
    assert CreatorNotice.objects.filter(facts__what="study_off").count() == 1


def test_word_that_a_study_is_over_does_not_leave_once_it_is_under_way_again(
    researcher: User,
) -> None:
    study, creator = StudyFactory(), CreatorFactory(contact="mo@example.org")
    creators_invite(study=study, creators=[creator], actor=researcher)
    send_due()
    study_call_off(study=study, why="", actor=researcher)
    (waiting,) = study_mails_due()
    study_reopen(study=study, actor=researcher)
    mail.outbox.clear()

    assert study_mail_deliver(waiting) == "not waiting" or mail.outbox == []
    assert send_due() == []
    study_call_off(study=study, why="", actor=researcher)
    assert send_due() == ["done"]
    assert mail.outbox[0].to == ["mo@example.org"]


def test_the_links_of_a_study_called_off_say_so_and_work_when_it_is_taken_up_again(
    researcher: User, alice: Person, client: Client
) -> None:
    study = StudyFactory(title_zh="流程研究")
    (invitation,) = creators_invite(study=study, creators=[alice.as_creator], actor=researcher)
    unsent = StudyMail.objects.get(invitation=invitation)
    free = slot(study, researcher)
    pages = {
        alice.client: reverse("portal:invitation", args=[invitation.pk]),
        client: reverse("invited", args=[invitation_token(invitation)]),
    }
    study_call_off(study=study, why="预算没了", actor=researcher)

    for visitor, url in pages.items():
        for answer in (visitor.get(url), visitor.post(url, {"do": "book", "slot": free.pk})):
            assert answer.status_code == 200
            assert "这项研究已取消" in answer.content.decode()
            assert "预算没了" in answer.content.decode()
    assert "这项研究已取消" in alice.client.get(reverse("portal:appointments")).content.decode()
    assert send_due() == []
    assert not study.appointments.exists()

    assert study_reopen(study=study, actor=researcher) == 1

    unsent.refresh_from_db()
    assert unsent.state == "queued"
    again = slot(study, researcher, 72)
    for visitor, url in pages.items():
        assert "这项研究已取消" not in visitor.get(url).content.decode()
    client.post(pages[client], {"do": "book", "slot": again.pk})
    assert study.appointments.get().slot == again
    with pytest.raises(DomainError):
        study_reopen(study=study, actor=researcher)
    actions = AuditEntry.objects.filter(action__startswith="study.").values_list(
        "action", flat=True
    )
    assert {"study.called_off", "study.reopened"} <= set(actions)


@pytest.mark.django_db(transaction=True)
def test_nobody_books_a_study_that_is_being_called_off() -> None:
    study, researcher = StudyFactory(), UserFactory(is_staff=True)
    times = [slot(study, researcher, 48 + 2 * n) for n in range(4)]
    people = [CreatorFactory() for _time in times]
    books = [
        lambda time=time, one=one: slot_book(slot=time, creator=one)
        for time, one in zip(times, people, strict=True)
    ]

    at_once(*books, lambda: study_call_off(study=study, why="", actor=researcher))

    assert not study.appointments.filter(state="booked").exists()
    assert not study.slots.filter(withdrawn_at=None).exists()


def test_the_page_asks_once_more_before_it_calls_a_study_off(staff: Person) -> None:
    study = StudyFactory()
    slot_book(slot=slot(study, staff.user), creator=CreatorFactory())
    url = f"/admin/crm/study/{study.pk}/people/"
    assert 'name="end"' not in staff.client.get(url).content.decode()
    assert 'name="sure"' in staff.client.get(url, {"end": "1"}).content.decode()

    staff.client.post(url, {"end": "1"})
    study.refresh_from_db()
    assert study.called_off_at is None
    staff.client.post(f"{url}?end=1", {"end": "1", "sure": "1", "why": "x"})
    study.refresh_from_db()
    assert study.called_off_at is not None
    page = staff.client.get(url).content.decode()
    assert 'name="offer"' not in page
    assert 'name="invite"' not in page
    board = reverse("admin:insights_study_board", args=[study.pk])
    assert "这项研究已取消" in staff.client.get(board).content.decode()
    staff.client.post(url, {"reopen": "1"})

    study.refresh_from_db()
    assert study.called_off_at is None
