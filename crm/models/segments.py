from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _


class Segment(models.Model):
    """A saved question about creators: condition's key → its values (`crm.segments.CONDITIONS`).

    It holds no people: whoever meets it today is in it.
    """

    name = models.CharField(_("name"), max_length=80)
    conditions = models.JSONField(_("conditions"), default=dict, blank=True)
    shared = models.BooleanField(
        _("for the whole team"), default=True, help_text=_("Otherwise only you see it.")
    )
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="segments",
        verbose_name=_("by"),
    )
    at = models.DateTimeField(_("saved"), auto_now=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    class Meta:
        verbose_name = _("segment")
        verbose_name_plural = _("segments")
        ordering = ["name", "pk"]

    def __str__(self) -> str:
        return self.name
