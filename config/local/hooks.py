"""Celery's side of the local services: whoever sends or takes a task has the broker run.

Importing this module connects the signals; ``config.celery`` does so. With BROKER_URL and
DATABASE_URL set nothing is started.
"""

from celery import signals

from config import local


@signals.celeryd_init.connect(weak=False)
@signals.beat_init.connect(weak=False)
@signals.before_task_publish.connect(weak=False)
def have_services(**_: object) -> None:
    """Start the local services, or do nothing where they already run for this process."""
    local.ensure()
