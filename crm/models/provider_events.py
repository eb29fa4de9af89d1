import pgtrigger
from django.db import models
from django.utils.translation import gettext_lazy as _


class ProviderEvent(models.Model):
    """A genuinely signed notice as it was received, byte for byte; what became of it beside it.

    Notices whose signature or time does not hold are not kept: anybody could fill the table.
    """

    class Outcome(models.TextChoices):
        BOOKED = "booked", _("Booked")
        DUPLICATE = "duplicate", _("Known already")
        IGNORED = "ignored", _("No payment")
        REFUSED = "refused", _("Refused")

    provider = models.CharField(_("provider"), max_length=12)
    event_id = models.CharField(_("event"), max_length=128)
    kind = models.CharField(_("kind"), max_length=60, blank=True)
    headers = models.JSONField(_("headers"), default=dict)
    body = models.BinaryField(_("body"))
    received_at = models.DateTimeField(_("received"), auto_now_add=True)
    outcome = models.CharField(
        _("what became of it"), max_length=10, choices=Outcome.choices, default=Outcome.IGNORED
    )
    reason = models.CharField(_("reason"), max_length=240, blank=True)

    class Meta:
        verbose_name = _("provider's notice")
        verbose_name_plural = _("providers' notices")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="provider_event_once")
        ]
        triggers = [
            pgtrigger.ReadOnly(name="as_received", exclude=["outcome", "reason"]),
            pgtrigger.Protect(name="kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return f"{self.provider} {self.event_id}"
