"""A run shown to somebody without a login, by a link that ends."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from generation.models.runs import Run


class PreviewLink(models.Model):
    """A read-only look at one run's film and pictures; the link is the row's signed key."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="previews", verbose_name=_("run"))
    note = models.CharField(_("for whom"), max_length=120, blank=True)
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"))
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)
    opened = models.PositiveIntegerField(_("opened"), default=0)

    class Meta:
        verbose_name = _("preview link")
        verbose_name_plural = _("preview links")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.note or f"{self.run} · {self.made_at:%Y-%m-%d}"

    @property
    def works(self) -> bool:
        return self.revoked_at is None and self.expires_at > timezone.now()
