"""A run is claimed once, shows life, ends once, and is started again when its worker is lost."""

import threading
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import AuditEntry, Creator, QuotaUse
from crm.services.job_rows import LOST_AFTER
from generation import tasks
from generation.models import Run
from generation.services import run_work as service
from generation.services.jobs import (
    LostClaim,
    RunCancelled,
    run_claim,
    run_end,
    run_progress,
    runs_sweep,
)
from generation.services.run_work import run_execute
from generation.services.runs import run_cancel, run_resume, run_start
from tests.conftest import Person
from tests.factories.generation import NovelFactory, RunFactory

State = Run.State
STALE = timedelta(seconds=settings.RUN_STALE_AFTER + 1)


def waiting_since(run: Run, age: timedelta) -> None:
    Run.objects.filter(pk=run.pk).update(queued_at=timezone.now() - age)


def silent_since(run: Run, age: timedelta) -> None:
    Run.objects.filter(pk=run.pk).update(heartbeat_at=timezone.now() - age)


def test_a_claim_takes_a_waiting_run_and_gives_it_a_try(db: None) -> None:
    run = run_claim(RunFactory().pk)

    assert run is not None
    assert (run.state, run.tries) == (State.RUNNING, 1)
    assert run.heartbeat_at is not None


@pytest.mark.parametrize("state", [state for state in State if state != State.QUEUED])
def test_what_does_not_wait_cannot_be_claimed(db: None, state: str) -> None:
    assert run_claim(RunFactory(state=state).pk) is None


def test_an_unknown_run_cannot_be_claimed(db: None) -> None:
    assert run_claim(987_654_321) is None


@pytest.mark.django_db(transaction=True)
def test_of_workers_that_claim_at_the_same_time_one_gets_the_run() -> None:
    runs = [RunFactory().pk for _ in range(10)]
    claims: list[int] = []
    start = threading.Barrier(4)

    def worker() -> None:
        try:
            for run_id in runs:
                start.wait()
                if run_claim(run_id) is not None:
                    claims.append(run_id)
        finally:
            connection.close()

    workers = [threading.Thread(target=worker) for _ in range(4)]
    for thread in workers:
        thread.start()
    for thread in workers:
        thread.join()

    assert sorted(claims) == sorted(runs)
    assert set(Run.objects.values_list("tries", flat=True)) == {1}


def test_a_worker_that_lost_its_claim_writes_nothing_more(db: None) -> None:
    lost = run_claim(RunFactory().pk)
    assert lost is not None
    silent_since(lost, STALE)
    runs_sweep()
    again = run_claim(lost.pk)
    assert again is not None
    before = Run.objects.filter(pk=lost.pk).values().get()

    with pytest.raises(LostClaim):
        run_progress(lost, stage="frames", done=3, total=9)
    ended = run_end(lost, State.DONE)

    assert not ended
    assert Run.objects.filter(pk=lost.pk).values().get() == before
    assert run_end(again, State.DONE)


def test_a_run_whose_worker_fell_silent_is_put_back_and_named(db: None) -> None:
    run = run_claim(RunFactory().pk)
    assert run is not None
    silent_since(run, STALE)

    assert runs_sweep() == [run.pk]

    run.refresh_from_db()
    assert run.state == State.QUEUED


def test_a_worker_that_shows_life_keeps_its_run(db: None) -> None:
    run = run_claim(RunFactory().pk)
    assert run is not None
    silent_since(run, STALE)
    run_progress(run, stage="frames", done=1, total=2)

    assert runs_sweep() == []


def test_a_run_that_the_broker_forgot_is_named_after_a_while(db: None) -> None:
    young, old = RunFactory(), RunFactory()
    waiting_since(old, LOST_AFTER * 2)

    assert runs_sweep() == [old.pk]
    assert young.state == State.QUEUED


def test_after_three_lost_workers_a_run_is_given_up_with_its_reason(db: None) -> None:
    run = RunFactory()
    for _ in range(Run.MAX_TRIES):
        claimed = run_claim(run.pk)
        assert claimed is not None
        silent_since(run, STALE)
        runs_sweep()

    run.refresh_from_db()
    assert (run.state, run.tries, run.error_code) == (State.DEAD, 3, "worker_lost")
    assert run.error
    assert run_claim(run.pk) is None


def test_other_runs_go_on_while_one_is_given_up(db: None) -> None:
    poison = RunFactory(state=State.RUNNING, tries=3, heartbeat_at=timezone.now() - STALE)
    healthy = RunFactory()
    waiting_since(healthy, LOST_AFTER * 2)

    assert runs_sweep() == [healthy.pk]
    poison.refresh_from_db()
    assert poison.state == State.DEAD


def test_a_cancelled_run_stops_at_its_next_sign_of_life(db: None) -> None:
    run = run_claim(RunFactory().pk)
    assert run is not None
    assert run_cancel(run=run)

    with pytest.raises(RunCancelled):
        run_progress(run, stage="cast", done=1, total=2)

    assert AuditEntry.objects.filter(action="run.cancelled").count() == 1


def test_a_run_that_waits_is_cancelled_at_once_and_never_starts(db: None) -> None:
    run = RunFactory()

    assert run_cancel(run=run)

    run.refresh_from_db()
    assert run.state == State.CANCELLED
    assert run_execute(run.pk) == "not_waiting"


@pytest.mark.parametrize("state", sorted(Run.ENDED))
def test_what_has_ended_cannot_be_cancelled(db: None, state: str) -> None:
    run = RunFactory(state=state)

    assert not run_cancel(run=run)
    assert not AuditEntry.objects.exists()


@pytest.mark.parametrize("state", [State.CANCELLED, State.FAILED, State.DEAD])
def test_what_stopped_can_be_resumed_with_fresh_tries(db: None, state: str) -> None:
    run = RunFactory(state=state, tries=3, error="坏了", cancel_requested=True)

    assert run_resume(run=run)

    run.refresh_from_db()
    assert (run.state, run.tries, run.error, run.cancel_requested) == (State.QUEUED, 0, "", False)
    assert run_claim(run.pk) is not None


@pytest.mark.parametrize("state", [State.QUEUED, State.RUNNING, State.DONE])
def test_what_works_or_is_done_cannot_be_resumed(db: None, state: str) -> None:
    assert not run_resume(run=RunFactory(state=state))


def test_a_crashed_step_is_a_failed_run_with_its_reason(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(run: Run, call_helpers: object) -> None:
        raise DomainError("这一章没有内容", "empty_chapter")

    monkeypatch.setattr(service, "_work", broken)
    run = RunFactory()

    assert run_execute(run.pk) == State.FAILED

    run.refresh_from_db()
    assert (run.error_code, run.error) == ("empty_chapter", "这一章没有内容")


def test_a_worker_that_is_robbed_of_its_run_ends_without_a_word(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def robbed(run: Run, call_helpers: object) -> None:
        Run.objects.filter(pk=run.pk).update(tries=run.tries + 1)
        run_progress(run, stage="frames", done=1, total=2)

    monkeypatch.setattr(service, "_work", robbed)
    run = RunFactory()

    assert run_execute(run.pk) == "lost"

    run.refresh_from_db()
    assert (run.state, run.done) == (State.RUNNING, 0)


def test_the_same_form_sent_twice_is_one_run(alice: Person) -> None:
    novel = NovelFactory(creator=alice.creator)

    first, made = run_start(novel=novel, token="form")
    second, again = run_start(novel=novel, token="form", density=30)

    assert (made, again) == (True, False)
    assert first == second
    assert AuditEntry.objects.filter(action="run.started").count() == 1


def test_the_token_of_another_novel_is_no_hindrance(alice: Person, charlie: Person) -> None:
    mine, _ = run_start(novel=NovelFactory(creator=alice.creator), token="form")
    theirs, made = run_start(novel=NovelFactory(creator=charlie.creator), token="form")

    assert made
    assert mine != theirs


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_the_same_time_are_one_run() -> None:
    novel = NovelFactory()
    runs: list[int] = []

    def click() -> None:
        try:
            runs.append(run_start(novel=novel, token="form")[0].pk)
        finally:
            connection.close()

    clicks = [threading.Thread(target=click) for _ in range(4)]
    for thread in clicks:
        thread.start()
    for thread in clicks:
        thread.join()

    assert len(runs) == 4
    assert len(set(runs)) == Run.objects.count() == 1


@pytest.mark.parametrize(
    ("wish", "code"),
    [
        ({"chapters": [5]}, "unknown_chapter"),
        ({"density": 0.5}, "bad_density"),
        ({"density": 61}, "bad_density"),
    ],
)
def test_a_wish_that_cannot_be_is_refused_with_its_code(
    db: None, wish: dict[str, object], code: str
) -> None:
    with pytest.raises(DomainError) as caught:
        run_start(novel=NovelFactory(), token="form", **wish)  # type: ignore[arg-type]

    assert caught.value.code == code
    assert not Run.objects.exists()


def test_too_many_pictures_are_refused_before_anything_starts(db: None) -> None:
    novel = NovelFactory(text="雪" * 60_000)

    with pytest.raises(DomainError) as caught:
        run_start(novel=novel, token="form")

    assert caught.value.code == "too_many_shots"
    assert run_start(novel=novel, token="form", with_frames=False)[1]


def test_a_run_is_queued_once_its_row_is_committed_and_not_before(
    db: None, monkeypatch: pytest.MonkeyPatch, django_capture_on_commit_callbacks: object
) -> None:
    sent: list[int] = []
    monkeypatch.setattr(tasks.run_execute_task, "delay", sent.append)
    run = RunFactory()

    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        tasks.run_execute_start(run.pk)
        assert sent == []

    assert sent == [run.pk]


@pytest.mark.django_db(transaction=True)
def test_a_run_whose_message_was_never_sent_is_started_by_the_sweeper(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The process died between COMMIT and publish: the row is there, the message is not."""
    run = RunFactory()
    waiting_since(run, LOST_AFTER * 2)
    sent: list[int] = []
    monkeypatch.setattr(tasks.run_execute_task, "delay", sent.append)

    assert tasks.runs_sweep_task() == 1
    assert sent == [run.pk]


def used(creator: Creator) -> tuple[int, int]:
    use = QuotaUse.objects.get(creator=creator)
    return use.runs, use.frames


def test_a_run_that_is_given_up_gives_back_what_it_had_reserved(alice: Person) -> None:
    run, _made = run_start(novel=NovelFactory(creator=alice.creator), token="form")
    assert used(alice.creator) == (1, 1)
    for _ in range(Run.MAX_TRIES):
        claimed = run_claim(run.pk)
        assert claimed is not None
        silent_since(run, STALE)
        runs_sweep()

    assert used(alice.creator) == (0, 0)
    assert run_resume(run=run)
    assert used(alice.creator) == (1, 1)


def test_a_worker_that_dies_between_ending_and_settling_has_done_neither(
    alice: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _made = run_start(novel=NovelFactory(creator=alice.creator), token="form")

    def killed(run: Run) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(service, "_work", lambda run, call_helpers: None)
    monkeypatch.setattr(service, "run_quota_settle", killed)
    with pytest.raises(KeyboardInterrupt):
        run_execute(run.pk)

    run.refresh_from_db()
    assert run.state == State.RUNNING
    assert used(alice.creator) == (1, 1)
