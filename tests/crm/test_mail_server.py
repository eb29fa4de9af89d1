"""Letters of a study through a mail server that speaks SMTP: what arrives, what is tried again."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage

import pytest
import time_machine
from django.utils import timezone
from icalendar import Calendar

from crm.models import Slot, StudyMail, User
from crm.services.appointments import slot_book
from crm.services.study_mails import study_mail_deliver, study_mails_due
from tests.factories.crm import CreatorFactory, StudyFactory, UserFactory
from tests.smtp import Post, post_office

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 2, tzinfo=UTC)
MO, ANA = "mo@example.org", "ana@example.org"


@pytest.fixture
def post(settings: object) -> Iterator[Post]:
    with post_office() as office:
        settings.EMAIL_BACKEND = "django.core.mail.backends.smtp.EmailBackend"  # type: ignore[attr-defined]
        settings.EMAIL_HOST, settings.EMAIL_PORT = "127.0.0.1", office.port  # type: ignore[attr-defined]
        settings.EMAIL_TIMEOUT = 10  # type: ignore[attr-defined]
        yield office


@pytest.fixture
def clock() -> Iterator[time_machine.Traveller]:
    with time_machine.travel(NOW, tick=False) as traveller:
        yield traveller


@pytest.fixture
def booked(clock: time_machine.Traveller) -> Slot:
    """A time tomorrow, agreed on by a creator who is written to and a researcher."""
    ana: User = UserFactory(is_staff=True, email=ANA)
    slot = Slot.objects.create(
        study=StudyFactory(title_zh="分镜访谈"), researcher=ana, minutes=60,
        starts_at=timezone.now() + timedelta(hours=30), place="https://meet.example.org/1",
    )  # fmt: skip
    slot_book(slot=slot, creator=CreatorFactory(name="墨白😀𠮷", contact=MO, language="zh-hans"))
    return slot


def send_due() -> list[str]:
    return [study_mail_deliver(key) for key in study_mails_due()]


def arrived(post: Post, address: str) -> list[EmailMessage]:
    return [message for _sender, people, message in post.taken if people == [address]]


def test_a_chinese_letter_arrives_whole_with_its_calendar(post: Post, booked: Slot) -> None:
    assert send_due() == ["done", "done"]

    (letter,) = arrived(post, MO)
    assert letter.get_content_type() == "multipart/mixed"
    assert "访谈" in letter["Subject"]
    assert "分镜访谈" in letter["Subject"]
    body = letter.get_body()
    assert body is not None
    assert "墨白😀𠮷" in body.get_content()
    (file,) = letter.iter_attachments()
    assert file.get_content_type() == "text/calendar"
    assert (file.get_param("method"), file.get_filename()) == ("REQUEST", "interview.ics")
    (event,) = Calendar.from_ical(file.get_content()).walk("VEVENT")
    assert event["DTSTART"].dt == booked.starts_at
    assert event["DTEND"].dt - event["DTSTART"].dt == timedelta(minutes=60)
    assert len(arrived(post, ANA)) == 1


def test_a_reminder_is_sent_once_however_often_the_sweeper_looks(
    post: Post, booked: Slot, clock: time_machine.Traveller
) -> None:
    send_due()
    post.taken.clear()
    clock.shift(timedelta(hours=7))

    for _look in range(3):
        send_due()

    assert len(arrived(post, MO)) == 1
    assert "提醒" in arrived(post, MO)[0]["Subject"]


@pytest.mark.parametrize(
    ("at", "answer"),
    [
        ("CONNECT", "421 too busy"),
        ("CONNECT", ""),
        ("EHLO", ""),
        ("MAIL", "451 try later"),
        ("RCPT", "450 greylisted"),
        ("DATA", "451 try later"),
        ("END", "452 no room"),
    ],
)
def test_what_surely_was_not_taken_is_tried_again_and_arrives_once(
    post: Post, booked: Slot, clock: time_machine.Traveller, at: str, answer: str
) -> None:
    StudyMail.objects.exclude(to="creator").delete()
    post.refuse = {at: [answer]}

    assert send_due() == ["queued"]
    assert send_due() == []  # not before its time
    assert not post.taken
    clock.shift(timedelta(minutes=2))
    assert send_due() == ["done"]
    send_due()

    assert len(arrived(post, MO)) == 1


def test_no_server_at_all_is_tried_three_times_and_then_shown(
    post: Post, booked: Slot, clock: time_machine.Traveller, settings: object
) -> None:
    settings.EMAIL_PORT = 1  # type: ignore[attr-defined]
    states = []
    for _try in range(4):
        states += send_due()
        clock.shift(timedelta(minutes=10))

    assert states == ["queued"] * 4 + ["dead"] * 2
    assert {row.error_code for row in StudyMail.objects.filter(state="dead")} == {"unreachable"}


@pytest.mark.parametrize(
    ("at", "answer", "code"),
    [
        ("RCPT", "550 nobody here", "refused"),
        ("END", "554 no spam please", "refused"),
        # The line broke after the words had gone: it may have been taken.
        ("END", "", "in_doubt"),
        ("DATA", "", "in_doubt"),
    ],
)
def test_what_was_refused_or_may_have_been_taken_is_not_sent_again(
    post: Post, booked: Slot, clock: time_machine.Traveller, at: str, answer: str, code: str
) -> None:
    StudyMail.objects.exclude(to="creator").delete()
    post.refuse = {at: [answer]}

    assert send_due() == ["failed"]
    clock.shift(timedelta(minutes=10))
    assert send_due() == []

    assert StudyMail.objects.get(state="failed").error_code == code
    assert not post.taken
