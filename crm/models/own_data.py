"""A creator takes everything along, or leaves for good."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.creators import Creator
from crm.models.jobs import Job


class DataExport(Job):
    """Everything kept about a creator as one zip; the file goes when its time is up."""

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="data_exports", verbose_name=_("creator")
    )
    file = models.FileField(_("file"), upload_to="own/", max_length=255, blank=True)
    size = models.PositiveBigIntegerField(_("bytes"), default=0)
    expires_at = models.DateTimeField(_("kept until"), null=True, blank=True)

    class Meta:
        verbose_name = _("copy of a creator's data")
        verbose_name_plural = _("copies of creators' data")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["creator"],
                condition=models.Q(state__in=("queued", "running")),
                name="data_export_one_at_a_time",
            )
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {timezone.localtime(self.queued_at):%Y-%m-%d}"


class Leaving(Job):
    """A creator's account on its way out; when done, what was removed and what stays, with why."""

    creator = models.OneToOneField(
        Creator, models.PROTECT, related_name="leaving", verbose_name=_("creator")
    )
    receipt = models.JSONField(_("receipt"), default=dict, blank=True)

    class Meta:
        verbose_name = _("deletion of an account")
        verbose_name_plural = _("deletions of accounts")
        ordering = ["-queued_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.creator} · {timezone.localtime(self.queued_at):%Y-%m-%d}"
