"""Work that the worker does for insight: a task takes an id and calls one service."""

from celery import shared_task

from crm.services.job_rows import jobs_sweep
from insights.models import AssistantJob, ExchangeJob
from insights.services.assistants import job_execute
from insights.services.exchange_jobs import exchange_execute


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


@shared_task
def exchange_job_task(job_id: int) -> str:
    return exchange_execute(job_id)


@shared_task
def exchange_jobs_sweep_task() -> int:
    waiting = jobs_sweep(ExchangeJob)
    for job_id in waiting:
        exchange_job_task.delay(job_id)
    return len(waiting)


def exchange_job_start(job_id: int) -> None:
    """Queue the job once its row is committed; what the broker loses, the sweeper starts."""
    exchange_job_task.delay_on_commit(job_id)
