"""Work that the worker does: a task takes an id and calls one service."""

from celery import shared_task

from crm.services.job_rows import jobs_sweep
from engines.services import ledger
from generation.features.keeping import dossiers_keep
from generation.models import Evaluation
from generation.picture_files import contact_sheet
from generation.services.alarm import alarm_check, alarm_notice_deliver, alarm_notices_due
from generation.services.answers import answer_notice_deliver, answer_notices_due
from generation.services.evaluations.results import results_keep_of
from generation.services.evaluations.running import evaluation_execute
from generation.services.files import files_sweep
from generation.services.film_jobs import film_execute, films_sweep
from generation.services.frame_jobs import frames_execute, frames_sweep
from generation.services.grounds import grounds_check_if_changed
from generation.services.jobs import runs_sweep
from generation.services.mapping import chapters_share
from generation.services.own_data import novel_purge, novels_to_purge
from generation.services.run_work import run_execute
from generation.services.studio_tasks import studio_task_execute, studio_tasks_sweep
from generation.services.voicing import samples_say
from generation.services.work_notices import previews_tell
from insights.money import money_keep
from insights.services.quote_notices import quotes_tell


@shared_task
def run_execute_task(run_id: int) -> str:
    def call_helpers(count: int) -> None:
        for _ in range(count):
            chapters_share_task.delay(run_id)

    return run_execute(run_id, call_helpers=call_helpers)


@shared_task
def chapters_share_task(run_id: int) -> int:
    """Take chapters of a run that works; nothing where it has none free."""
    return chapters_share(run_id)


@shared_task
def grounds_check_task() -> int:
    return grounds_check_if_changed()


@shared_task
def dossiers_keep_task() -> int:
    """Have the dossiers' numbers ready before somebody opens one."""
    return dossiers_keep()


@shared_task
def runs_sweep_task() -> int:
    waiting = runs_sweep()
    for run_id in waiting:
        run_execute_task.delay(run_id)
    return len(waiting)


@shared_task
def frames_execute_task(job_id: int) -> str:
    return frames_execute(job_id)


@shared_task
def frames_sweep_task() -> int:
    waiting = frames_sweep()
    for job_id in waiting:
        frames_execute_task.delay(job_id)
    return len(waiting)


@shared_task
def studio_task_execute_task(task_id: int) -> str:
    return studio_task_execute(task_id, contact_sheet=contact_sheet)


@shared_task
def studio_tasks_sweep_task() -> int:
    waiting = studio_tasks_sweep()
    for task_id in waiting:
        studio_task_execute_task.delay(task_id)
    return len(waiting)


def studio_task_execute_start(task_id: int) -> None:
    """Queue a studio's task once its row is committed; what the broker loses, the sweeper starts."""
    studio_task_execute_task.delay_on_commit(task_id)


def frames_execute_start(job_id: int) -> None:
    """Queue a batch once its row is committed; what the broker loses, the sweeper starts."""
    frames_execute_task.delay_on_commit(job_id)


@shared_task
def novel_purge_task(novel_id: int) -> int:
    return novel_purge(novel_id)


@shared_task
def novels_purge_task() -> int:
    """Deleted novels that are still stored: their message was lost, or a run had to end first."""
    waiting = novels_to_purge()
    for novel_id in waiting:
        novel_purge_task.delay(novel_id)
    return len(waiting)


@shared_task
def files_sweep_task() -> int:
    """Files that nobody owns any more."""
    return len(files_sweep())


def novel_purge_start(novel_id: int) -> None:
    novel_purge_task.delay_on_commit(novel_id)


@shared_task
def paid_calls_sweep_task() -> list[int]:
    """Calls whose process died: their money freed, or they in doubt."""
    return list(ledger.sweep())


def run_execute_start(run_id: int) -> None:
    """Queue the run once its row is committed; what the broker loses, the sweeper starts."""
    run_execute_task.delay_on_commit(run_id)


@shared_task
def alarm_check_task(force: bool = False) -> bool:
    """Evaluate where the data changed; tell of a change at once."""
    changed = alarm_check(force=force) is not None
    alarm_notices_task.delay()
    return changed


@shared_task
def alarm_notices_task() -> int:
    due = alarm_notices_due()
    for notice_id in due:
        alarm_notice_task.delay(notice_id)
    return len(due)


@shared_task
def alarm_notice_task(notice_id: int) -> str:
    return alarm_notice_deliver(notice_id)


@shared_task
def answer_notices_task() -> int:
    due = answer_notices_due()
    for notice_id in due:
        answer_notice_task.delay(notice_id)
    return len(due)


@shared_task
def answer_notice_task(notice_id: int) -> str:
    return answer_notice_deliver(notice_id)


@shared_task
def notices_by_time_task() -> int:
    """Tell what nobody does but time: links that end soon, quotes that have come together."""
    return previews_tell() + quotes_tell()


@shared_task
def money_keep_task() -> None:
    """Have ready what takes longest on the money pages."""
    money_keep()


@shared_task
def evaluation_execute_task(evaluation_id: int) -> str:
    return evaluation_execute(evaluation_id)


@shared_task
def evaluations_sweep_task() -> int:
    waiting = jobs_sweep(Evaluation)
    for evaluation_id in waiting:
        evaluation_execute_task.delay(evaluation_id)
    return len(waiting)


@shared_task
def evaluation_results_task(evaluation_id: int) -> bool:
    """Compute an evaluation's table anew after votes."""
    return results_keep_of(evaluation_id)


def evaluation_execute_start(evaluation_id: int) -> None:
    """Queue the evaluation once its row is committed; what the broker loses, the sweeper starts."""
    evaluation_execute_task.delay_on_commit(evaluation_id)


def evaluation_results_start(evaluation_id: int) -> None:
    evaluation_results_task.delay_on_commit(evaluation_id)


@shared_task
def film_execute_task(job_id: int) -> str:
    return film_execute(job_id)


def film_execute_start(job_id: int) -> None:
    """Queue the film once its row is committed; what the broker loses, the sweeper starts."""
    film_execute_task.delay_on_commit(job_id)


@shared_task
def films_sweep_task() -> int:
    waiting = films_sweep()
    for job_id in waiting:
        film_execute_task.delay(job_id)
    return len(waiting)


@shared_task
def voice_samples_task(engine: str, language: str) -> int:
    """Say a line in each voice of a free engine, so that a creator can choose by ear."""
    return samples_say(engine, language)


def voice_samples_start(engine: str, language: str) -> None:
    voice_samples_task.delay_on_commit(engine, language)
