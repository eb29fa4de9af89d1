"""What a creator has used of their plan in a calendar month of the house's time zone."""

from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.creators import Creator


class QuotaUse(models.Model):
    """The month's sums; taken from by one conditional update, so that a limit is never passed."""

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="quota_uses", verbose_name=_("creator")
    )
    month = models.DateField(_("month"))
    runs = models.PositiveIntegerField(_("runs"), default=0)
    frames = models.PositiveIntegerField(_("pictures"), default=0)
    characters = models.PositiveBigIntegerField(_("characters"), default=0)

    class Meta:
        verbose_name = _("use of a month")
        verbose_name_plural = _("use by month")
        ordering = ["-month", "creator"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "month"], name="quota_use_once_a_month")
        ]

    def __str__(self) -> str:
        return f"{self.creator} {self.month:%Y-%m}"


class QuotaEntry(models.Model):
    """One taking or giving back, signed; the month's sums are the sums of its entries."""

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="quota_entries", verbose_name=_("creator")
    )
    key = models.CharField(_("for"), max_length=64, db_index=True)
    month = models.DateField(_("month"))
    runs = models.IntegerField(_("runs"), default=0)
    frames = models.IntegerField(_("pictures"), default=0)
    characters = models.BigIntegerField(_("characters"), default=0)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("entry of use")
        verbose_name_plural = _("entries of use")
        ordering = ["-at", "-pk"]
        indexes = [models.Index(fields=["creator", "month"], name="quota_entry_month")]

    def __str__(self) -> str:
        return self.key
