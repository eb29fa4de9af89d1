"""Work of the payments' room that the worker does on time."""

from celery import shared_task

from crm.services.paying import paying_refresh


@shared_task
def paying_refresh_task() -> int:
    return paying_refresh()
