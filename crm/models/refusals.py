"""Notices that were refused: counted, since anybody can send them."""

from django.db import models
from django.utils.translation import gettext_lazy as _


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
