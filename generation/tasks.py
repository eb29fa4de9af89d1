"""Work that the worker does: a task takes an id and calls one service."""

from celery import shared_task

from generation.services.jobs import runs_sweep
from generation.services.runs import run_execute


@shared_task
def run_execute_task(run_id: int) -> str:
    return run_execute(run_id)


@shared_task
def runs_sweep_task() -> int:
    waiting = runs_sweep()
    for run_id in waiting:
        run_execute_task.delay(run_id)
    return len(waiting)


def run_execute_start(run_id: int) -> None:
    """Queue the run once its row is committed; what the broker loses, the sweeper starts."""
    run_execute_task.delay_on_commit(run_id)
