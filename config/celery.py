"""The worker's app; its schedule holds every periodic task of the house."""

import os

from celery import Celery
from celery.schedules import crontab

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")

app = Celery("pingju")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "check-grounds": {"task": "generation.tasks.grounds_check_task", "schedule": 60.0},
    "fold-changes": {"task": "crm.tasks.changes_fold_task", "schedule": 300.0},
    "sweep-redactions": {"task": "crm.tasks.redactions_sweep_task", "schedule": 15.0},
    "sweep-assistants": {
        "task": "insights.tasks.assistant_jobs_sweep_task",
        "schedule": 15.0,
    },
    "sweep-exchange": {"task": "insights.tasks.exchange_jobs_sweep_task", "schedule": 15.0},
    "sweep-films": {"task": "generation.tasks.films_sweep_task", "schedule": 15.0},
    "sweep-recordings": {"task": "crm.tasks.recordings_sweep_task", "schedule": 15.0},
    "sweep-evaluations": {
        "task": "generation.tasks.evaluations_sweep_task",
        "schedule": 15.0,
    },
    "sweep-reconciliations": {
        "task": "crm.tasks.reconciliations_sweep_task",
        "schedule": 15.0,
    },
    "sweep-rosters": {"task": "crm.tasks.roster_jobs_sweep_task", "schedule": 15.0},
    "team-notices": {"task": "crm.tasks.team_notices_task", "schedule": 60.0},
    "creator-notices": {"task": "crm.tasks.creator_notices_task", "schedule": 15.0},
    "notices-by-time": {"task": "generation.tasks.notices_by_time_task", "schedule": 900.0},
    "sweep-own-data": {"task": "crm.tasks.own_data_sweep_task", "schedule": 30.0},
    "purge-novels": {"task": "generation.tasks.novels_purge_task", "schedule": 60.0},
    "sweep-files": {"task": "generation.tasks.files_sweep_task", "schedule": 3600.0},
    "sweep-runs": {"task": "generation.tasks.runs_sweep_task", "schedule": 15.0},
    "sweep-frames": {"task": "generation.tasks.frames_sweep_task", "schedule": 15.0},
    "sweep-studio-tasks": {"task": "generation.tasks.studio_tasks_sweep_task", "schedule": 15.0},
    "sweep-checkout": {"task": "crm.tasks.checkout_sweep_task", "schedule": 15.0},
    "alarm-after-changes": {"task": "generation.tasks.alarm_check_task", "schedule": 300.0},
    "study-mails": {"task": "crm.tasks.study_mails_task", "schedule": 30.0},
    "alarm-daily": {
        "task": "generation.tasks.alarm_check_task",
        "schedule": crontab(hour="7", minute="30"),
        "args": (True,),
    },
    "alarm-notices": {"task": "generation.tasks.alarm_notices_task", "schedule": 60.0},
    "answer-notices": {"task": "generation.tasks.answer_notices_task", "schedule": 60.0},
    "keep-dossiers": {"task": "generation.tasks.dossiers_keep_task", "schedule": 15.0},
    "keep-prices": {"task": "generation.tasks.money_keep_task", "schedule": 60.0},
    "sum-payments": {"task": "crm.tasks.paying_refresh_task", "schedule": 60.0},
    "sweep-paid-calls": {"task": "generation.tasks.paid_calls_sweep_task", "schedule": 60.0},
}
