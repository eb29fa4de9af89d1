"""A change of outcome is one row, told once to each; what may have left is never sent twice."""

import hashlib
import hmac
import json
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from django.utils import timezone
from pytest_django import Settings

from config.celery import app
from crm.exceptions import DomainError
from crm.models import AuditEntry
from engines.webhooks import WebhookError, post_signed
from generation.models import AlarmChange, AlarmNotice, AlarmPolicy, Job
from generation.services.alarm import (
    alarm_check,
    alarm_notice_deliver,
    alarm_notices_due,
    alarm_settings_saved,
    data_mark,
)
from tests.alarm.founding import NOW, Story, cover_the_first_pain, founding_story
from tests.conftest import Person
from tests.factories.crm import PaymentFactory
from tests.receiver import Receiver, receiving


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    with receiving() as server:
        yield server


@pytest.fixture
def hook(receiver: Receiver, settings: Settings) -> str:
    address = f"http://127.0.0.1:{receiver.server_port}/alarm"
    settings.ALARM_WEBHOOKS = [address]
    return address


@pytest.fixture
def story(db: None) -> Story:
    return founding_story()


def check() -> AlarmChange | None:
    return alarm_check(force=True, at=NOW)


def deliver_all() -> list[str]:
    return [alarm_notice_deliver(pk) for pk in alarm_notices_due()]


def test_only_a_change_of_outcome_is_a_row_and_is_audited(story: Story) -> None:
    first, again = check(), check()
    cover_the_first_pain(story)
    ended = check()

    assert first is not None
    assert again is None
    assert ended is not None
    assert [row.state for row in AlarmChange.objects.order_by("pk")] == ["fires", "quiet"]
    assert AuditEntry.objects.filter(action="alarm.changed").count() == 2
    assert AlarmPolicy.objects.get().current["code"] == "covered"


def test_a_change_cannot_be_edited_or_deleted(story: Story) -> None:
    change = check()
    assert change is not None
    for act in (
        lambda: AlarmChange.objects.update(state="quiet"),
        lambda: AlarmChange.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_listeners_and_owners_are_told_once_by_mail_in_both_languages(
    story: Story, staff: Person, bob: Person
) -> None:
    AlarmPolicy.objects.get().listeners.add(bob.user)
    feature = cover_the_first_pain(story, live=False)
    feature.owner = staff.user
    feature.save()

    check()
    states = deliver_all()
    check()
    again = deliver_all()

    assert (states, again) == (["done", "done"], [])
    assert sorted(message.to[0] for message in mail.outbox) == sorted(
        [bob.user.email, staff.user.email]
    )
    assert "多角色同框串脸" in mail.outbox[0].body
    assert "Characters swap faces" in mail.outbox[0].body
    told = AlarmNotice.objects.get(user=bob.user)
    assert told.ended_at is not None


def test_a_delivery_called_twice_sends_once(story: Story, bob: Person) -> None:
    AlarmPolicy.objects.get().listeners.add(bob.user)
    check()
    (notice,) = alarm_notices_due()

    assert [alarm_notice_deliver(notice) for _ in range(2)] == ["done", "not waiting"]
    assert len(mail.outbox) == 1


def test_the_webhook_is_signed_over_its_time_and_body(
    story: Story, hook: str, receiver: Receiver
) -> None:
    AlarmPolicy.objects.update(webhook=hook)
    row = AlarmPolicy.objects.get()
    row.webhook_secret = "绝密"
    row.save()

    check()
    assert deliver_all() == ["done"]

    (headers, body) = receiver.got[0]
    moment, mac = (part.split("=")[1] for part in headers["X-Pingju-Signature"].split(","))
    expected = hmac.new("绝密".encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    assert hmac.compare_digest(mac, expected)
    assert json.loads(body)["fires"] is True
    assert "绝密" not in str(AlarmPolicy.objects.values_list("webhook_secret", flat=True).query)


def test_a_receiver_that_fails_is_tried_again_and_then_given_up(
    story: Story, hook: str, receiver: Receiver
) -> None:
    row = AlarmPolicy.objects.get()
    row.webhook, row.webhook_secret = hook, "s"
    row.save()
    receiver.status = 503
    check()

    states = deliver_all()
    assert alarm_notices_due() == []  # it waits
    for _ in range(3):
        AlarmNotice.objects.filter(state=Job.State.QUEUED).update(queued_at=timezone.now())
        states += deliver_all()

    assert states == ["queued", "queued", "dead"]
    assert len(receiver.got) == 3
    assert len({headers["X-Pingju-Delivery"] for headers, _body in receiver.got}) == 1


def test_a_redirect_is_not_followed(hook: str, receiver: Receiver) -> None:
    receiver.status = 302

    with pytest.raises(WebhookError) as error:
        post_signed(hook, b"{}", secret="s", delivery="1", allowed=[hook])

    assert error.value.permanent
    assert len(receiver.got) == 1


@pytest.mark.parametrize(
    "address",
    ["http://127.0.0.1:1/other", "http://169.254.169.254/latest/meta-data", "file:///etc/passwd"],
)
def test_an_address_that_is_not_listed_is_never_called(address: str, hook: str) -> None:
    with pytest.raises(WebhookError) as error:
        post_signed(address, b"{}", secret="s", delivery="1", allowed=[hook])

    assert error.value.permanent


@pytest.mark.parametrize("address", ["http://169.254.169.254/", "http://[fe80::1]/"])
def test_link_local_addresses_are_refused_even_when_listed(address: str) -> None:
    with pytest.raises(WebhookError) as error:
        post_signed(address, b"{}", secret="s", delivery="1", allowed=[address])

    assert error.value.permanent


def test_the_settings_refuse_an_address_that_is_not_allowed(db: None) -> None:
    row = AlarmPolicy(pk=1, webhook="https://elsewhere.example/x", webhook_secret="s")

    with pytest.raises(DomainError) as error:
        alarm_settings_saved(row=row, actor=None, changed=["webhook"])

    assert error.value.code == "webhook_not_allowed"
    assert not AlarmPolicy.objects.exists()


def test_what_died_while_sending_is_in_doubt_and_not_repeated(story: Story, bob: Person) -> None:
    AlarmPolicy.objects.get().listeners.add(bob.user)
    check()
    AlarmNotice.objects.update(
        state=Job.State.RUNNING, tries=1, heartbeat_at=timezone.now() - timedelta(minutes=6)
    )

    assert alarm_notices_due() == []
    assert AlarmNotice.objects.get().error_code == "in_doubt"
    assert mail.outbox == []


def test_bounds_hold_in_the_database(db: None) -> None:
    for values in ({"rank": 0.5}, {"coverage": 0.0}, {"minimum_n": 1}):
        with pytest.raises(DatabaseError), transaction.atomic():
            AlarmPolicy.objects.create(pk=1, **values)
    with pytest.raises(DatabaseError), transaction.atomic():
        AlarmPolicy.objects.create(pk=2)


@pytest.mark.django_db(transaction=True)
def test_unchanged_data_are_not_evaluated_again_and_changed_data_are() -> None:
    founding_story()
    assert alarm_check(at=NOW) is not None
    AlarmPolicy.objects.update(checked_mark=_mark_after_settling())
    evaluated = AlarmPolicy.objects.get().checked_at

    alarm_check(at=NOW)
    assert AlarmPolicy.objects.get().checked_at == evaluated
    PaymentFactory()
    _mark_after_settling()
    alarm_check(at=NOW)
    assert AlarmPolicy.objects.get().checked_at != evaluated


def _mark_after_settling() -> str:
    """The mark once PostgreSQL has counted what this session wrote."""
    from django.db import connection

    from generation.services.alarm import settings_mark

    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_stat_force_next_flush()")
        cursor.execute("SELECT pg_stat_clear_snapshot()")
    return f"{data_mark()}:{settings_mark(AlarmPolicy.objects.get())}"[:64]


def test_the_scheduler_evaluates_daily_and_after_changes() -> None:
    tasks = [item["task"] for item in app.conf.beat_schedule.values()]

    assert tasks.count("generation.tasks.alarm_check_task") == 2


def test_the_page_shows_the_sentence_its_factors_and_who_was_told(
    story: Story, staff: Person, bob: Person
) -> None:
    AlarmPolicy.objects.get().listeners.add(bob.user)
    check()
    deliver_all()

    page = staff.client.get(reverse("admin:generation_alarm")).content.decode()

    assert "变现预警：已触发" in page
    assert "多角色同框串脸" in page
    assert bob.user.email in page
    assert "12 / 12" in page


def test_the_page_of_a_house_without_data_says_what_it_waits_for(staff: Person) -> None:
    page = staff.client.get(reverse("admin:generation_alarm"))
    assert "尚未评估" in page.content.decode()

    staff.client.post(reverse("admin:generation_alarm_evaluate"))
    assert "数据不够" in staff.client.get(reverse("admin:index")).content.decode()


def test_the_settings_page_keeps_the_secret_to_itself(staff: Person, hook: str) -> None:
    row = AlarmPolicy.objects.create(pk=1, webhook=hook, webhook_secret="geheim-geheim")
    address = reverse("admin:generation_alarmpolicy_change", args=[1])
    assert "geheim-geheim" not in staff.client.get(address).content.decode()
    form = {
        "rank": "0.9", "coverage": "0.5", "loved": "0.5", "minimum_n": "5", "months": "6",
        "paying_days": "45", "tell_owners": "on", "webhook": hook, "new_secret": "",
    }  # fmt: skip

    assert staff.client.post(address, form).status_code == 302
    row.refresh_from_db()
    assert (row.rank, row.webhook_secret) == (0.9, "geheim-geheim")
    refused = staff.client.post(address, {**form, "webhook": "https://elsewhere.example/"})
    assert refused.status_code == 200
    assert "ALARM_WEBHOOKS" in refused.content.decode()
