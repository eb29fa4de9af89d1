"""How any row of intent is claimed, shows life, ends and is started again.

`tries` is the fence: every write of a worker names the try it was given, so a worker that was
taken for dead cannot write over the one that took its place.
"""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import TypeVar

from django.conf import settings
from django.db import connection
from django.db.models import F
from django.utils import timezone

from crm.models import Job

LOST_AFTER = timedelta(seconds=20)
AnyJob = TypeVar("AnyJob", bound=Job)


class JobStopped(Exception):
    """Another worker has the job now, or somebody asked to stop; `cancelled` tells which."""

    def __init__(self, *, cancelled: bool) -> None:
        super().__init__("cancelled" if cancelled else "lost")
        self.cancelled = cancelled


def job_claim(model: type[AnyJob], pk: int) -> AnyJob | None:
    """Take a waiting job; None where it is not waiting (taken, ended, unknown)."""
    now = timezone.now()
    rows = model._default_manager.filter(pk=pk)
    taken = rows.filter(state=Job.State.QUEUED).update(
        state=Job.State.RUNNING, tries=F("tries") + 1, started_at=now, heartbeat_at=now
    )
    return rows.get() if taken else None


def job_progress(job: Job, *, done: int, total: int) -> None:
    """Show how far the job is. Raises `JobStopped`."""
    rows = type(job)._default_manager.filter(pk=job.pk)
    held = rows.filter(state=Job.State.RUNNING, tries=job.tries)
    if not held.update(done=done, total=total, heartbeat_at=timezone.now()):
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


def job_end(job: Job, state: str, *, code: str = "", error: str = "", **facts: object) -> bool:
    """End the job in a state; False where it was no longer this worker's."""
    return bool(
        type(job)
        ._default_manager.filter(pk=job.pk, state=Job.State.RUNNING, tries=job.tries)
        .update(state=state, error_code=code, error=error, ended_at=timezone.now(), **facts)
    )


def jobs_sweep(model: type[AnyJob]) -> list[int]:
    """Put back what lost its worker, give up what lost it too often; returns the ids to start."""
    now = timezone.now()
    rows = model._default_manager
    stale = rows.filter(
        state=Job.State.RUNNING,
        heartbeat_at__lt=now - timedelta(seconds=settings.RUN_STALE_AFTER),
    )
    stale.filter(tries__gte=Job.MAX_TRIES).update(
        state=Job.State.DEAD, error_code="worker_lost",
        error=f"The worker died {Job.MAX_TRIES} times.", ended_at=now,
    )  # fmt: skip
    stale.filter(tries__lt=Job.MAX_TRIES).update(state=Job.State.QUEUED, queued_at=now - LOST_AFTER)
    waiting = rows.filter(state=Job.State.QUEUED, queued_at__lte=now - LOST_AFTER)
    return list(waiting.order_by("queued_at").values_list("pk", flat=True)[:100])
