"""Work that the worker does for crm: a task takes an id and calls one service."""

from celery import shared_task

from crm.changes import changes_fold
from crm.models import Transcription
from crm.services.job_rows import jobs_sweep
from crm.services.paying import paying_refresh
from crm.services.practice import practice_deliver, practice_sweep
from crm.services.recordings import recordings_sweep
from crm.services.redactions import redaction_execute, redactions_sweep
from crm.services.refunds import refund_send, refunds_sweep
from crm.services.transcription import transcription_execute


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


@shared_task
def changes_fold_task() -> int:
    return changes_fold()


def redaction_execute_start(redaction_id: int) -> None:
    """Queue the redaction once its row is committed; what the broker loses, the sweeper starts."""
    redaction_execute_task.delay_on_commit(redaction_id)


@shared_task
def practice_deliver_task(notice_id: int) -> str:
    return practice_deliver(notice_id)


@shared_task
def refund_send_task(request_id: int) -> str:
    done = refund_send(request_id)
    for notice_id in practice_sweep():
        practice_deliver_task.delay(notice_id)
    return done


@shared_task
def checkout_sweep_task() -> int:
    """Refunds and test notices whose message was lost, or that nobody took."""
    refunds, notices = refunds_sweep(), practice_sweep()
    for request_id in refunds:
        refund_send_task.delay(request_id)
    for notice_id in notices:
        practice_deliver_task.delay(notice_id)
    return len(refunds) + len(notices)


def practice_deliver_start(notice_id: int) -> None:
    """Queue the delivery once the notice is committed; what the broker loses, the sweeper sends."""
    practice_deliver_task.delay_on_commit(notice_id)


def refund_send_start(request_id: int) -> None:
    """Queue the refund once it is committed; what the broker loses, the sweeper sends."""
    refund_send_task.delay_on_commit(request_id)


@shared_task(soft_time_limit=4 * 3600, time_limit=4 * 3600 + 300)
def transcription_execute_task(job_id: int) -> str:
    """An hour of speech may take an hour here; the job shows life itself."""
    return transcription_execute(job_id)


@shared_task
def recordings_sweep_task() -> int:
    """Transcriptions that lost their worker, uploads that never ended."""
    waiting = jobs_sweep(Transcription)
    for job_id in waiting:
        transcription_execute_task.delay(job_id)
    return len(waiting) + recordings_sweep()


def transcription_execute_start(job_id: int) -> None:
    """Queue the job once its row is committed; what the broker loses, the sweeper starts."""
    transcription_execute_task.delay_on_commit(job_id)
