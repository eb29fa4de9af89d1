"""Notices that were refused: counted, since anybody can send them, and told to the team."""

from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.jobs import Job


class RefusedNotice(models.Model):
    """How many notices of a provider were refused for one reason in one hour. No payload, no sender."""

    provider = models.CharField(_("provider"), max_length=12)
    code = models.CharField(_("reason"), max_length=60)
    status = models.PositiveSmallIntegerField(_("answered with"))
    hour = models.DateTimeField(_("hour"))
    count = models.PositiveIntegerField(_("how many"), default=0)
    last_at = models.DateTimeField(_("last"))

    class Meta:
        verbose_name = _("refused notices")
        verbose_name_plural = _("refused notices")
        ordering = ["-hour", "provider", "code"]
        constraints = [
            models.UniqueConstraint(
                fields=["provider", "code", "status", "hour"], name="refused_once_an_hour"
            )
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.code} {self.hour:%Y-%m-%d %H:00}"


class RefusalAlert(Job):
    """Word to one member of the team that refused notices of a provider pile up.

    `counts`: reason → how many since `since`.
    """

    provider = models.CharField(_("provider"), max_length=12)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, models.CASCADE, verbose_name=_("to"))
    address = models.EmailField(_("address"))
    counts = models.JSONField(_("refused"), default=dict)
    since = models.DateTimeField(_("since"))
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("alert about refused notices")
        verbose_name_plural = _("alerts about refused notices")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.provider} {self.at:%Y-%m-%d %H:%M}"
