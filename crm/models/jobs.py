from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Job(models.Model):
    """A row of intent: written in the transaction that wants the work, claimed by conditional update.

    The broker only carries the id. What it loses, the sweeper starts again; after `MAX_TRIES` tries
    that ended without an answer the job is dead, and the admin shows it with its reason.
    """

    MAX_TRIES = 3

    class State(models.TextChoices):
        QUEUED = "queued", _("Waiting")
        RUNNING = "running", _("Running")
        DONE = "done", _("Done")
        FAILED = "failed", _("Failed")
        CANCELLED = "cancelled", _("Cancelled")
        DEAD = "dead", _("Given up")

    ENDED = frozenset({State.DONE, State.FAILED, State.CANCELLED, State.DEAD})

    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.QUEUED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    stage = models.CharField(_("stage"), max_length=40, blank=True)
    done = models.PositiveIntegerField(_("done"), default=0)
    total = models.PositiveIntegerField(_("of"), default=0)
    cancel_requested = models.BooleanField(_("cancel asked for"), default=False)
    error_code = models.CharField(_("error"), max_length=60, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    queued_at = models.DateTimeField(_("queued"), default=timezone.now)
    started_at = models.DateTimeField(_("started"), null=True, blank=True)
    heartbeat_at = models.DateTimeField(_("last sign of life"), null=True, blank=True)
    ended_at = models.DateTimeField(_("ended"), null=True, blank=True)

    class Meta:
        abstract = True

    @property
    def is_ended(self) -> bool:
        return self.state in self.ENDED

    @property
    def percent(self) -> int:
        return min(100, self.done * 100 // self.total) if self.total else 0
