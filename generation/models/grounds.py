"""What a decision rested on when it was made, and what became of it since."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.models.features import Feature, Verdict


class Grounds(models.Model):
    """The evidence under a feature at one moment, row by row as short digests; only added.

    `items`: "e12" (a coding) or "p3" (a payment) → digest of its words, digest of its consent.
    The newest row is what the dossier is compared with: a justification, a verdict or a person who
    has read the changes makes a new one.
    """

    class Reason(models.TextChoices):
        JUSTIFIED = "justified", _("A justification was added or taken away")
        DECIDED = "decided", _("A verdict was given")
        READ = "read", _("The changes were read")

    feature = models.ForeignKey(
        Feature, models.PROTECT, related_name="grounds", verbose_name=_("feature")
    )
    verdict = models.OneToOneField(
        Verdict, models.PROTECT, null=True, blank=True, related_name="grounds",
        verbose_name=_("verdict"),
    )  # fmt: skip
    reason = models.CharField(_("reason"), max_length=10, choices=Reason.choices)
    items = models.JSONField(default=dict)
    sha256 = models.CharField(max_length=64)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("grounds")
        verbose_name_plural = _("grounds")
        ordering = ["-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.feature} · {self.at:%Y-%m-%d}"


class GroundsChange(models.Model):
    """One thing that changed under a feature since its grounds were taken; its owner is told once."""

    class Kind(models.TextChoices):
        WITHDRAWN = "withdrawn", _("Consent withdrawn")
        EDITED = "edited", _("Edited")
        REMOVED = "removed", _("Removed")
        NOT_MEANT = "not_meant", _("Not what the creator meant")

    grounds = models.ForeignKey(
        Grounds, models.PROTECT, related_name="changes", verbose_name=_("grounds")
    )
    item = models.CharField(_("evidence"), max_length=24)
    kind = models.CharField(_("what happened"), max_length=10, choices=Kind.choices)
    digest = models.CharField(max_length=24)
    who = models.CharField(_("who"), max_length=160, blank=True)
    happened_at = models.DateTimeField(_("when"), null=True, blank=True)
    found_at = models.DateTimeField(_("noticed"), auto_now_add=True)
    told_at = models.DateTimeField(_("owner told"), null=True, blank=True)

    class Meta:
        verbose_name = _("change of evidence")
        verbose_name_plural = _("changes of evidence")
        ordering = ["-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["grounds", "item", "digest"], name="grounds_change_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.item} · {self.get_kind_display()}"

    @property
    def is_payment(self) -> bool:
        return self.item.startswith("p")

    @property
    def row(self) -> int:
        """The id of the coding or payment."""
        return int(self.item[1:])
