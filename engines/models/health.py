from django.db import models
from django.utils.translation import gettext_lazy as _


class EngineHealth(models.Model):
    """How an engine does, for all processes: after too many failures in a row it is let rest."""

    engine = models.CharField(_("engine"), max_length=60, unique=True)
    failures = models.PositiveIntegerField(_("failures in a row"), default=0)
    last_error = models.CharField(_("last error"), max_length=60, blank=True)
    rests_until = models.DateTimeField(_("rests until"), null=True, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("engine's health")
        verbose_name_plural = _("health of engines")

    def __str__(self) -> str:
        return self.engine
