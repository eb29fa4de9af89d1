"""Work that the worker does: a task takes an id and calls one service."""

from celery import shared_task

from engines.services import ledger
from generation.features.keeping import dossiers_keep
from generation.services.alarm import alarm_check, alarm_notice_deliver, alarm_notices_due
from generation.services.answers import answer_notice_deliver, answer_notices_due
from generation.services.film_jobs import film_execute, films_sweep
from generation.services.grounds import grounds_check_if_changed
from generation.services.jobs import runs_sweep
from generation.services.mapping import chapters_share
from generation.services.runs import run_execute
from generation.services.voicing import samples_say
from insights.money import willingness_keep


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
def money_keep_task() -> None:
    """Have ready what takes longest on the money pages."""
    willingness_keep()


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
