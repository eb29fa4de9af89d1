"""Who may open a login in the portal."""

from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.creators import Creator


class LoginInvitation(models.Model):
    """A personal link that opens one login: for a creator who is known already, or for a new one.

    The link is the row's signed key, so it can be shown again; it works once, until it expires or
    is revoked.
    """

    creator = models.ForeignKey(
        Creator,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="login_invitations",
        verbose_name=_("creator"),
        help_text=_("Empty: for somebody who is not on record yet."),
    )
    note = models.CharField(_("for whom"), max_length=200, blank=True)
    made_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    made_at = models.DateTimeField(_("made"), auto_now_add=True)
    expires_at = models.DateTimeField(_("works until"))
    used_at = models.DateTimeField(_("used"), null=True, blank=True)
    used_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("portal login"),
    )
    revoked_at = models.DateTimeField(_("revoked"), null=True, blank=True)

    class Meta:
        verbose_name = _("invitation to the portal")
        verbose_name_plural = _("invitations to the portal")
        ordering = ["-made_at", "-pk"]

    def __str__(self) -> str:
        return self.note or (str(self.creator) if self.creator else str(self.made_at.date()))

    @property
    def is_open(self) -> bool:
        return self.used_at is None and self.revoked_at is None and self.expires_at > timezone.now()
