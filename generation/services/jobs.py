"""A run as a job: crm's rules for rows of intent, and what a run that is given up has to give back."""

from crm.services.job_rows import JobStopped, job_claim, job_end, job_progress, jobs_sweep
from generation.models import FrameJob, Run, StudioTask
from generation.services.run_quota import run_quota_settle
from generation.services.work_notices import run_tell


class LostClaim(Exception):
    """Another worker has the job now, or it was cancelled; this one stops without a word."""


class RunCancelled(Exception):
    """The creator asked to stop."""


def run_claim(run_id: int) -> Run | None:
    """Take a waiting run; None where it is not waiting (taken, ended, unknown)."""
    return job_claim(Run, run_id)


def run_progress(run: Run, *, stage: str, done: int, total: int) -> None:
    """Show how far the run is. Raises `LostClaim` or `RunCancelled`."""
    try:
        job_progress(run, done=done, total=total, stage=stage)
    except JobStopped as stopped:
        raise (RunCancelled if stopped.cancelled else LostClaim) from stopped


def run_at_work(model: type[FrameJob] | type[StudioTask], pk: int) -> bool:
    """Whether the run that a job's pictures belong to has not ended yet."""
    at_work = [Run.State.QUEUED, Run.State.RUNNING]
    rows = Run.objects.filter(state__in=at_work)
    if model is FrameJob:
        return rows.filter(frame_jobs=pk).exists()
    return rows.filter(studio_tasks=pk).exists()


def run_end(run: Run, state: str, *, code: str = "", error: str = "") -> bool:
    """End the run in a state; False where it was no longer this worker's."""
    return job_end(run, state, code=code, error=error)


def runs_sweep() -> list[int]:
    """Put back what lost its worker, give up what lost it too often; returns the ids to start.

    A run that is given up gives back what it had reserved of its creator's plan and not used.
    """

    def given_up(run: Run) -> None:
        run_quota_settle(run)
        run_tell(run, Run.State.DEAD)

    return jobs_sweep(Run, on_dead=given_up)
