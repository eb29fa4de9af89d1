"""Work that the worker does for crm: a task takes an id and calls one service."""

from celery import shared_task

from crm.services.paying import paying_refresh
from crm.services.redactions import redaction_execute, redactions_sweep


@shared_task
def paying_refresh_task() -> int:
    """Bring the summaries of the money pages up to the ledger."""
    return paying_refresh()


@shared_task
def redaction_execute_task(redaction_id: int) -> str:
    return redaction_execute(redaction_id)


@shared_task
def redactions_sweep_task() -> int:
    waiting = redactions_sweep()
    for redaction_id in waiting:
        redaction_execute_task.delay(redaction_id)
    return len(waiting)


def redaction_execute_start(redaction_id: int) -> None:
    """Queue the redaction once its row is committed; what the broker loses, the sweeper starts."""
    redaction_execute_task.delay_on_commit(redaction_id)
