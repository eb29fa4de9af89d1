import pgtrigger
from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Share(models.Model):
    """A page of statistics that whoever has the link may read until it expires or is revoked."""

    page = models.CharField(_("page"), max_length=20)
    params = models.JSONField(_("filters"), default=dict)
    note = models.CharField(_("for whom, what for"), max_length=200)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    expires_at = models.DateTimeField(_("expires"))
    revoked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("revoked by"),
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("shared page")
        verbose_name_plural = _("shared pages")
        ordering = ["-created_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.page} · {self.note}"

    @property
    def live(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()


class ShareOpening(models.Model):
    """That a shared link was opened, and what it answered. Rows are only added."""

    class Outcome(models.TextChoices):
        SHOWN = "shown", _("Shown")
        EXPIRED = "expired", _("Expired")
        REVOKED = "revoked", _("Revoked")
        BLOCKED = "blocked", _("Held back: unread counter-evidence")

    share = models.ForeignKey(Share, models.PROTECT, related_name="openings")
    outcome = models.CharField(_("outcome"), max_length=8, choices=Outcome.choices)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("opening of a shared page")
        verbose_name_plural = _("openings of shared pages")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.share} · {self.get_outcome_display()}"
