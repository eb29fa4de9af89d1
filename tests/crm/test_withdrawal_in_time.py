"""A withdrawal is carried out within fifteen minutes, by the clock of the real schedule."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
import time_machine
from django.conf import settings

from config.celery import app
from crm.models import Consent, Redaction
from crm.services.consents import consent_withdraw
from crm.services.job_rows import job_claim
from crm.services.redactions import redaction_execute, redactions_sweep
from crm.tasks import redaction_execute_task, redactions_sweep_task
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, transcript_of

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 5, 20, 2, tzinfo=UTC)
PROMISED = timedelta(minutes=15)
WORDS = "分镜要画三天"


def period() -> timedelta:
    """How often the scheduler really looks for redactions that nobody carries out."""
    (entry,) = [
        entry for entry in app.conf.beat_schedule.values()
        if entry["task"] == redactions_sweep_task.name
    ]  # fmt: skip
    return timedelta(seconds=float(entry["schedule"]))


def until_done(
    redaction: Redaction, clock: time_machine.Traveller, work: Callable[[int], Any]
) -> timedelta:
    """Let the scheduler tick by its period, and a worker take what it starts; how long it took."""
    began = Redaction.objects.get(pk=redaction.pk).queued_at
    now = began
    while now - began <= 2 * PROMISED:
        now += period()
        clock.move_to(now)
        for pk in redactions_sweep():
            work(pk)
        redaction.refresh_from_db()
        if redaction.state == Redaction.State.DONE:
            return now - began
    return now - began


def withdrawn() -> tuple[Redaction, Any]:
    creator = CreatorFactory()
    said = transcript_of([("墨", WORDS)], creator=creator)
    return consent_withdraw(creator=creator, purposes=[Consent.Purpose.RECORD]), said


def test_the_job_is_queued_on_commit_at_once_by_every_door(
    alice: Person, staff: Person, monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: Any,
) -> None:  # fmt: skip
    queued: list[int] = []
    monkeypatch.setattr(
        redaction_execute_task,
        "apply_async",
        lambda args=None, *_kwargs, **_more: queued.append(args[0]),
    )
    transcript_of([("墨", WORDS)], creator=alice.as_creator)
    other = CreatorFactory()
    for client, url, form in (
        (alice.client, "/studio/me/withdraw/", {"what": "record"}),
        (staff.client, "/admin/crm/consent/add/",
         {"creator": other.pk, "purpose": "record", "channel": "staff", "form_version": "2026-11",
          "at_0": "2026-11-20", "at_1": "10:00:00"}),
    ):  # fmt: skip
        with django_capture_on_commit_callbacks(execute=True):
            assert client.post(url, form).status_code == 302

    rows = list(Redaction.objects.order_by("pk").values_list("pk", flat=True))
    assert len(rows) == 2
    assert queued == rows


def test_what_the_broker_lost_is_done_by_the_next_look_but_one(db: None) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        redaction, said = withdrawn()

        took = until_done(redaction, clock, redaction_execute)

    said.refresh_from_db()
    assert WORDS not in said.text
    assert redaction.receipt["transcripts"] == 1
    assert took <= timedelta(minutes=1)


def test_with_workers_that_die_until_the_last_try_it_still_is_in_time(db: None) -> None:
    with time_machine.travel(NOW, tick=False) as clock:
        redaction, said = withdrawn()
        died = 0

        def dying(pk: int) -> None:
            nonlocal died
            if died < Redaction.MAX_TRIES - 1:
                died += job_claim(Redaction, pk) is not None  # took it, and was never seen again
            else:
                redaction_execute(pk)

        took = until_done(redaction, clock, dying)

    said.refresh_from_db()
    assert died == Redaction.MAX_TRIES - 1
    assert WORDS not in said.text
    assert took <= PROMISED


def test_a_slower_schedule_would_be_noticed(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    """The control: looking every ten minutes, the promise would be broken."""
    monkeypatch.setitem(app.conf.beat_schedule["sweep-redactions"], "schedule", 600.0)
    with time_machine.travel(NOW, tick=False) as clock:
        redaction, _said = withdrawn()

        def dying(pk: int) -> None:
            job_claim(Redaction, pk)

        assert until_done(redaction, clock, dying) > PROMISED
    assert settings.RUN_STALE_AFTER < 300
