"""Work that the worker does for crm: a task takes an id and calls one service."""

from celery import shared_task

from crm.changes import changes_fold
from crm.models import CreatorImportJob, DataExport, Leaving, Reconciliation, Transcription
from crm.services.job_rows import jobs_sweep
from crm.services.leaving import leaving_execute
from crm.services.notice_deliveries import notice_deliver, notice_deliveries_due
from crm.services.own_data import export_execute, exports_forget
from crm.services.paying import paying_refresh
from crm.services.practice import practice_deliver, practice_sweep
from crm.services.reconciliation import reconciliation_execute
from crm.services.recordings import recordings_sweep
from crm.services.redactions import redaction_execute, redactions_sweep
from crm.services.refunds import refund_send, refunds_sweep
from crm.services.refusals import refusals_check
from crm.services.roster_jobs import roster_job_execute
from crm.services.study_mails import study_mail_deliver, study_mails_due
from crm.services.team_notices import team_notice_deliver, team_notices_due
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


@shared_task
def data_export_task(export_id: int) -> str:
    return export_execute(export_id)


@shared_task
def leaving_task(leaving_id: int) -> str:
    return leaving_execute(leaving_id)


@shared_task
def own_data_sweep_task() -> int:
    """Copies and deletions whose message was lost; copies whose time is up."""
    exports, leavings = jobs_sweep(DataExport), jobs_sweep(Leaving)
    for export_id in exports:
        data_export_task.delay(export_id)
    for leaving_id in leavings:
        leaving_task.delay(leaving_id)
    exports_forget()
    return len(exports) + len(leavings)


def data_export_start(export_id: int) -> None:
    data_export_task.delay_on_commit(export_id)


def leaving_start(leaving_id: int) -> None:
    leaving_task.delay_on_commit(leaving_id)


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


@shared_task
def reconciliation_task(reconciliation_id: int) -> str:
    return reconciliation_execute(reconciliation_id)


@shared_task
def reconciliations_sweep_task() -> int:
    waiting = jobs_sweep(Reconciliation)
    for reconciliation_id in waiting:
        reconciliation_task.delay(reconciliation_id)
    return len(waiting)


def reconciliation_start(reconciliation_id: int) -> None:
    """Queue the comparison once its row is committed; what the broker loses, the sweeper starts."""
    reconciliation_task.delay_on_commit(reconciliation_id)


@shared_task
def roster_job_task(job_id: int) -> str:
    return roster_job_execute(job_id)


@shared_task
def roster_jobs_sweep_task() -> int:
    waiting = jobs_sweep(CreatorImportJob)
    for job_id in waiting:
        roster_job_task.delay(job_id)
    return len(waiting)


def roster_job_start(job_id: int) -> None:
    """Queue the list once its row is committed; what the broker loses, the sweeper starts."""
    roster_job_task.delay_on_commit(job_id)


@shared_task
def team_notices_task() -> int:
    """Owe the team word of refused notices that pile up, and send what is due."""
    refusals_check()
    due = team_notices_due()
    for notice_id in due:
        team_notice_task.delay(notice_id)
    return len(due)


@shared_task
def team_notice_task(notice_id: int) -> str:
    return team_notice_deliver(notice_id)


@shared_task
def creator_notices_task() -> int:
    """Send what creators are told by e-mail and webhook, and is due."""
    due = notice_deliveries_due()
    for delivery_id in due:
        creator_notice_task.delay(delivery_id)
    return len(due)


@shared_task
def creator_notice_task(delivery_id: int) -> str:
    return notice_deliver(delivery_id)


@shared_task
def study_mail_task(mail_id: int) -> str:
    return study_mail_deliver(mail_id)


@shared_task
def study_mails_task() -> int:
    """Send what is due: invitations, what was agreed, reminders."""
    due = study_mails_due()
    for mail_id in due:
        study_mail_task.delay(mail_id)
    return len(due)
