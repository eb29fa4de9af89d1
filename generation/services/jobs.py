"""How a job is claimed, shows life, ends, and is started again: conditional updates, no held locks.

`tries` is the fence: every write of a worker names the try it was given, so a worker that was
taken for dead cannot write over the one that took its place.
"""

from datetime import timedelta

from django.conf import settings
from django.db.models import F
from django.utils import timezone

from generation.models import Run

LOST_AFTER = timedelta(seconds=20)


class LostClaim(Exception):
    """Another worker has the job now, or it was cancelled; this one stops without a word."""


class RunCancelled(Exception):
    """The creator asked to stop."""


def run_claim(run_id: int) -> Run | None:
    """Take a waiting run; None where it is not waiting (taken, ended, unknown)."""
    now = timezone.now()
    taken = Run.objects.filter(pk=run_id, state=Run.State.QUEUED).update(
        state=Run.State.RUNNING, tries=F("tries") + 1, started_at=now, heartbeat_at=now
    )
    return Run.objects.select_related("novel").get(pk=run_id) if taken else None


def run_progress(run: Run, *, stage: str, done: int, total: int) -> None:
    """Show how far the run is. Raises `LostClaim` or `RunCancelled`."""
    held = Run.objects.filter(pk=run.pk, state=Run.State.RUNNING, tries=run.tries)
    if not held.update(stage=stage, done=done, total=total, heartbeat_at=timezone.now()):
        raise LostClaim
    if Run.objects.filter(pk=run.pk, cancel_requested=True).exists():
        raise RunCancelled


def run_end(run: Run, state: str, *, code: str = "", error: str = "") -> bool:
    """End the run in a state; False where it was no longer this worker's."""
    return bool(
        Run.objects.filter(pk=run.pk, state=Run.State.RUNNING, tries=run.tries).update(
            state=state, error_code=code, error=error, ended_at=timezone.now()
        )
    )


def runs_sweep() -> list[int]:
    """Put back what lost its worker, give up what lost it too often; returns the ids to start."""
    now = timezone.now()
    stale = Run.objects.filter(
        state=Run.State.RUNNING,
        heartbeat_at__lt=now - timedelta(seconds=settings.RUN_STALE_AFTER),
    )
    stale.filter(tries__gte=Run.MAX_TRIES).update(
        state=Run.State.DEAD,
        error_code="worker_lost",
        error=f"The worker died {Run.MAX_TRIES} times.",
        ended_at=now,
    )
    stale.filter(tries__lt=Run.MAX_TRIES).update(state=Run.State.QUEUED, queued_at=now - LOST_AFTER)
    waiting = Run.objects.filter(state=Run.State.QUEUED, queued_at__lte=now - LOST_AFTER)
    return list(waiting.order_by("queued_at").values_list("pk", flat=True)[:100])
