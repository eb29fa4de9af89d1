from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.jobs import Job
from crm.models.payments import Payment


class Reconciliation(Job):
    """A provider's own list held against the ledger, as both stood then.

    The list is an uploaded file, kept under `list_path` until the comparison has ended, or asked of
    the provider (`asked`). `totals`: currency → kind → [ours, theirs] in minor units of the period.
    """

    name = models.CharField(_("list"), max_length=255)
    asked = models.BooleanField(_("asked of the provider"), default=False)
    list_path = models.CharField(max_length=120, blank=True, editable=False)
    format = models.CharField(_("format"), max_length=20, default="auto")
    columns = models.JSONField(default=dict, blank=True, editable=False)
    sha256 = models.CharField(max_length=64, blank=True)
    provider = models.CharField(_("provider"), max_length=12, blank=True)
    since = models.DateTimeField(_("from"), null=True)
    until = models.DateTimeField(_("until"), null=True)
    theirs = models.PositiveIntegerField(_("in the provider's list"), default=0)
    agreeing = models.PositiveIntegerField(_("agreeing"), default=0)
    totals = models.JSONField(_("totals"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("reconciliation")
        verbose_name_plural = _("reconciliations")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.provider} {self.name}"


class ReconciliationLine(models.Model):
    """One thing on which the two do not agree. Minor units; empty where a side has nothing."""

    class Bucket(models.TextChoices):
        ONLY_HERE = "only_here", _("Only in the ledger")
        ONLY_THERE = "only_there", _("Only in the provider's list")
        DIFFERING = "differing", _("Different")

    reconciliation = models.ForeignKey(
        Reconciliation, models.CASCADE, related_name="lines", verbose_name=_("reconciliation")
    )
    bucket = models.CharField(_("bucket"), max_length=10, choices=Bucket.choices)
    payment = models.ForeignKey(
        Payment, models.PROTECT, null=True, blank=True, verbose_name=_("payment")
    )
    row = models.PositiveIntegerField(_("row in the bill"), null=True, blank=True)
    object_id = models.CharField(_("order"), max_length=128)
    kind = models.CharField(_("kind"), max_length=8, choices=Payment.Kind.choices, blank=True)
    occurred_at = models.DateTimeField(_("time"), null=True, blank=True)
    ours_minor = models.BigIntegerField(_("in the ledger"), null=True, blank=True)
    ours_currency = models.CharField(max_length=3, blank=True)
    theirs_minor = models.BigIntegerField(_("in the list"), null=True, blank=True)
    theirs_currency = models.CharField(max_length=3, blank=True)
    note = models.CharField(_("note"), max_length=40, blank=True)

    class Meta:
        verbose_name = _("line of a reconciliation")
        verbose_name_plural = _("lines of a reconciliation")
        ordering = ["bucket", "occurred_at", "pk"]

    def __str__(self) -> str:
        return f"{self.bucket} {self.object_id}"
