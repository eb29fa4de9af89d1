"""Work that the worker does for insight: a task takes an id and calls one service."""

from celery import shared_task

from crm.services.job_rows import jobs_sweep
from insights.models import AssistantJob
from insights.services.assistants import job_execute


@shared_task
def assistant_job_task(job_id: int) -> str:
    return job_execute(job_id)


@shared_task
def assistant_jobs_sweep_task() -> int:
    waiting = jobs_sweep(AssistantJob)
    for job_id in waiting:
        assistant_job_task.delay(job_id)
    return len(waiting)


def assistant_job_start(job_id: int) -> None:
    """Queue the job once its row is committed; what the broker loses, the sweeper starts."""
    assistant_job_task.delay_on_commit(job_id)
