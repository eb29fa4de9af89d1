"""Creators choose their time in the portal or by their personal link; strangers get nothing."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from crm.models import Appointment, Slot, StudyInvitation
from crm.services.appointments import slot_book
from crm.services.incentives import incentive_promise, incentive_step
from crm.services.invitations import creators_invite, invitation_revoke, invitation_token
from tests.conftest import Person
from tests.factories.crm import StudyFactory


@pytest.fixture
def invitation(alice: Person, bob: Person) -> StudyInvitation:
    study = StudyFactory(title_zh="流程研究")
    for hours in (30, 60):
        Slot.objects.create(
            study=study, researcher=bob.user, starts_at=timezone.now() + timedelta(hours=hours)
        )
    (made,) = creators_invite(study=study, creators=[alice.as_creator], actor=bob.user)
    return made


def slots(invitation: StudyInvitation) -> list[Slot]:
    return list(Slot.objects.filter(study=invitation.study).order_by("starts_at"))


@pytest.mark.parametrize("by_link", [True, False])
def test_a_time_is_booked_moved_put_into_the_calendar_and_called_off(
    alice: Person, invitation: StudyInvitation, by_link: bool
) -> None:
    browser = Client() if by_link else alice.client
    here = (
        f"/invited/{invitation_token(invitation)}/"
        if by_link
        else f"/studio/me/times/{invitation.pk}/"
    )
    first, second = slots(invitation)
    assert f'value="{first.pk}"' in browser.get(here).content.decode()

    browser.post(here, {"do": "book", "slot": first.pk})
    booked = Appointment.objects.get()
    assert (booked.creator, booked.slot) == (alice.as_creator, first)
    ics = f"{here}calendar.ics" if by_link else f"/studio/me/times/{booked.pk}/calendar.ics"
    assert ics in browser.get(here).content.decode()
    answer = browser.get(ics)
    assert answer["Content-Type"].startswith("text/calendar")
    assert b"BEGIN:VEVENT" in answer.content
    browser.post(f"{here}?move=1", {"do": "book", "slot": second.pk})
    assert Appointment.objects.get(state="booked").slot == second
    browser.post(here, {"do": "cancel", "why": "病了"})

    assert not Appointment.objects.filter(state="booked").exists()
    browser.post(here, {"do": "decline"})
    invitation.refresh_from_db()
    assert invitation.declined_at is not None


def test_times_are_shown_in_the_creators_zone(alice: Person, invitation: StudyInvitation) -> None:
    here = f"/studio/me/times/{invitation.pk}/"

    alice.client.post(here, {"do": "zone", "zone": "America/New_York"})
    page = alice.client.get(here).content.decode()

    assert "America/New_York" in page
    begins = slots(invitation)[0].starts_at
    from crm.zones import local_time, zone_named

    assert f"{local_time(begins, zone_named('America/New_York')):%H:%M}" in page
    assert alice.client.post(here, {"do": "zone", "zone": "Mars/Olympus"}).status_code == 409


def test_a_taken_time_is_told_and_others_are_shown(
    alice: Person, charlie: Person, invitation: StudyInvitation
) -> None:
    first, second = slots(invitation)
    slot_book(slot=first, creator=charlie.as_creator)

    answer = alice.client.post(
        f"/studio/me/times/{invitation.pk}/", {"do": "book", "slot": first.pk}
    )

    assert answer.status_code == 409
    assert f'value="{second.pk}"' in answer.content.decode()


def test_the_link_is_one_persons(
    alice: Person, charlie: Person, staff: Person, invitation: StudyInvitation
) -> None:
    here = f"/invited/{invitation_token(invitation)}/"

    assert charlie.client.get(here).status_code == 404
    assert (
        charlie.client.post(here, {"do": "book", "slot": slots(invitation)[0].pk}).status_code
        == 404
    )
    assert alice.client.get(here).status_code == 200
    assert Client().get(here[:-3] + "x/").status_code == 404
    invitation_revoke(invitation=invitation, actor=staff.user)
    assert Client().get(here).status_code == 404
    assert Client().get(f"{here}calendar.ics").status_code == 404
    assert alice.client.get(f"/studio/me/times/{invitation.pk}/").status_code == 404
    assert not Appointment.objects.exists()


def test_what_was_sent_is_said_to_have_come(alice: Person, invitation: StudyInvitation) -> None:
    given = incentive_promise(study=invitation.study, creator=alice.as_creator, minor=20_000)
    url = f"/studio/me/incentives/{given.pk}/received/"
    assert alice.client.post(url).status_code == 409
    incentive_step(incentive=given, state="sent")

    page = alice.client.get("/studio/me/times/").content.decode()
    assert "¥200.00" in page
    alice.client.post(url)

    assert [step.state for step in given.steps.all()] == ["promised", "sent", "received"]


def test_without_anything_the_page_says_so(alice: Person) -> None:
    assert alice.client.get("/studio/me/times/").status_code == 200
