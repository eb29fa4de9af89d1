"""The house's frame. Celery's app and the start of the local services load with it."""

from config.celery import app as celery_app
from config.local import hooks

__all__ = ["celery_app", "hooks"]
