from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.consents import Consent
from crm.models.creators import Creator
from crm.models.interviews import Interview
from crm.models.jobs import Job
from crm.querysets import RedactionQuerySet


class Redaction(Job):
    """A withdrawal on its way to everything that rests on the words; when done, its receipt.

    `receipt`: what was reached → how many rows. The rows of `Consent` are the declaration itself;
    from their commit on nothing shows the words, and the job removes what is stored of them.
    """

    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="redactions", verbose_name=_("creator")
    )
    interview = models.ForeignKey(
        Interview,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="redactions",
        verbose_name=_("interview"),
        help_text=_("Empty: for everything this creator says."),
    )
    purposes = models.JSONField(_("withdrawn"), default=list)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )
    receipt = models.JSONField(_("receipt"), default=dict, blank=True)

    objects = RedactionQuerySet.as_manager()

    class Meta:
        verbose_name = _("redaction")
        verbose_name_plural = _("redactions")
        ordering = ["-queued_at", "-pk"]
        indexes = [models.Index(fields=["state", "queued_at"], name="redaction_state_queued")]

    def __str__(self) -> str:
        labels = dict(Consent.Purpose.choices)
        named = (str(labels.get(purpose, purpose)) for purpose in self.purposes)
        return f"{self.creator} · {' · '.join(named)}"
