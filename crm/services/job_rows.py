"""How any row of intent is claimed, shows life, ends and is started again.

`tries` is the fence: every write of a worker names the try it was given, so a worker that was
taken for dead cannot write over the one that took its place.
"""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any, TypeVar

from django.conf import settings
from django.db import connection, transaction
from django.db.models import F
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import Job

LOST_AFTER = timedelta(seconds=20)
Tell = Callable[[int, int], None]
"""Takes what is done and of how much; may raise to stop the work."""
AnyJob = TypeVar("AnyJob", bound=Job)


class JobStopped(Exception):
    """Another worker has the job now, or somebody asked to stop; `cancelled` tells which."""

    def __init__(self, *, cancelled: bool) -> None:
        super().__init__("cancelled" if cancelled else "lost")
        self.cancelled = cancelled


def job_claim(model: type[AnyJob], pk: int, *, due: bool = False) -> AnyJob | None:
    """Take a waiting job; None where it is not waiting (taken, ended, unknown).

    With `due` it also has to have waited until `queued_at`, which a pause before another try sets.
    """
    now = timezone.now()
    rows = model._default_manager.filter(pk=pk)
    waiting = rows.filter(state=Job.State.QUEUED)
    if due:
        waiting = waiting.filter(queued_at__lte=now)
    taken = waiting.update(
        state=Job.State.RUNNING, tries=F("tries") + 1, started_at=now, heartbeat_at=now
    )
    return rows.get() if taken else None


def job_progress(job: Job, *, done: int, total: int, **facts: object) -> None:
    """Show how far the job is. Raises `JobStopped`."""
    rows = type(job)._default_manager.filter(pk=job.pk)
    held = rows.filter(state=Job.State.RUNNING, tries=job.tries)
    if not held.update(done=done, total=total, heartbeat_at=timezone.now(), **facts):
        raise JobStopped(cancelled=False)
    if rows.filter(cancel_requested=True).exists():
        raise JobStopped(cancelled=True)


@contextmanager
def job_alive(job: Job, *, every: float = 20.0) -> Iterator[None]:
    """Show life from a thread of its own while the worker waits for what tells nothing meanwhile."""
    over = threading.Event()

    def beat() -> None:
        try:
            while not over.wait(every):
                type(job)._default_manager.filter(
                    pk=job.pk, state=Job.State.RUNNING, tries=job.tries
                ).update(heartbeat_at=timezone.now())
        finally:
            connection.close()

    thread = threading.Thread(target=beat, daemon=True)
    thread.start()
    try:
        yield
    finally:
        over.set()
        thread.join()


def unheard(_done: int, _total: int) -> None:
    """Nobody listens."""


class JobWatch:
    """How far a job is that works in one transaction, which nobody else sees into."""

    def __init__(self) -> None:
        self.done = self.total = 0
        self.stopped: JobStopped | None = None

    def tell(self, done: int, total: int) -> None:
        """Raises `JobStopped` once somebody asked to stop."""
        self.done, self.total = done, total
        if self.stopped is not None:
            raise self.stopped


@contextmanager
def job_watched(job: Job, *, every: float = 0.5) -> Iterator[JobWatch]:
    """Show a job's progress, and hear of a wish to stop, over a connection of its own.

    The work's transaction has to end inside: it holds the row when the job ends.
    """
    watch, over = JobWatch(), threading.Event()

    def look() -> None:
        try:
            while not over.wait(every):
                if not type(job)._default_manager.filter(pk=job.pk).exists():
                    return  # not committed yet: nobody else can have it
                job_progress(job, done=watch.done, total=watch.total)
        except JobStopped as stopped:
            watch.stopped = stopped
        finally:
            connection.close()

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield watch
    finally:
        over.set()
        thread.join()


def job_carried_out(job: Job, work: Callable[[Tell], dict[str, Any]]) -> str:
    """Do the work of a claimed job in one transaction and end it; returns the state it is in then,
    "lost" where another worker has it.

    `work` returns what to note in the row. A `DomainError` of it is told in the row; with that, and
    where somebody asked to stop, nothing of the work is kept.
    """
    try:
        with job_watched(job) as watch, transaction.atomic():
            facts = work(watch.tell)
            watch.tell(watch.total, watch.total)
            facts |= {"done": watch.total, "total": watch.total}
            if not job_end(job, Job.State.DONE, **facts):
                raise JobStopped(cancelled=False)
    except JobStopped as stopped:
        if not stopped.cancelled:
            return "lost"
        job_end(job, Job.State.CANCELLED)
        return Job.State.CANCELLED
    except DomainError as error:
        job_end(job, Job.State.FAILED, code=error.code, error=str(error))
        return Job.State.FAILED
    return Job.State.DONE


def job_end(job: Job, state: str, *, code: str = "", error: str = "", **facts: object) -> bool:
    """End the job in a state; False where it was no longer this worker's."""
    return bool(
        type(job)
        ._default_manager.filter(pk=job.pk, state=Job.State.RUNNING, tries=job.tries)
        .update(state=state, error_code=code, error=error, ended_at=timezone.now(), **facts)
    )


def job_again(job: Job, *, pause: timedelta, code: str = "", error: str = "") -> bool:
    """Put this worker's job back to wait for a pause; False where it was no longer its own."""
    return bool(
        type(job)
        ._default_manager.filter(pk=job.pk, state=Job.State.RUNNING, tries=job.tries)
        .update(
            state=Job.State.QUEUED,
            queued_at=timezone.now() + pause,
            error_code=code,
            error=error,
        )
    )


def job_revive(model: type[AnyJob], pk: int, states: tuple[str, ...]) -> bool:
    """Let a job that ended in one of these states run again from its first try."""
    return bool(
        model._default_manager.filter(pk=pk, state__in=states).update(
            state=Job.State.QUEUED,
            cancel_requested=False,
            tries=0,
            error="",
            error_code="",
            ended_at=None,
            queued_at=timezone.now(),
        )
    )


def job_cancel(model: type[AnyJob], pk: int) -> str:
    """Ask a job to stop: the state it is in now where it was stopped at once (`cancelled`) or asked
    while it runs (`running`); empty where it had ended.
    """
    rows = model._default_manager.filter(pk=pk)
    if rows.filter(state=Job.State.QUEUED).update(
        state=Job.State.CANCELLED, cancel_requested=True, ended_at=timezone.now()
    ):
        return Job.State.CANCELLED
    running = rows.filter(state=Job.State.RUNNING).update(cancel_requested=True)
    return Job.State.RUNNING if running else ""


def jobs_sweep(
    model: type[AnyJob],
    *,
    error: str = f"The worker died {Job.MAX_TRIES} times.",
    on_dead: Callable[[AnyJob], None] | None = None,
) -> list[int]:
    """Put back what lost its worker, give up what lost it too often; returns the ids to start.

    `on_dead` gets each row that is given up, in the transaction that gives it up: what the job had
    taken for itself goes back there.
    """
    now = timezone.now()
    rows = model._default_manager
    stale = rows.filter(
        state=Job.State.RUNNING,
        heartbeat_at__lt=now - timedelta(seconds=settings.RUN_STALE_AFTER),
    )
    lost = stale.filter(tries__gte=Job.MAX_TRIES)
    for pk in list(lost.values_list("pk", flat=True)):
        with transaction.atomic():
            dead = lost.filter(pk=pk).update(
                state=Job.State.DEAD, error_code="worker_lost", error=error, ended_at=now
            )
            if dead and on_dead is not None:
                on_dead(rows.get(pk=pk))
    stale.filter(tries__lt=Job.MAX_TRIES).update(state=Job.State.QUEUED, queued_at=now - LOST_AFTER)
    waiting = rows.filter(state=Job.State.QUEUED, queued_at__lte=now - LOST_AFTER)
    return list(waiting.order_by("queued_at").values_list("pk", flat=True)[:100])
