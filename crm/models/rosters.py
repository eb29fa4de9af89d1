from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.encryption import EncryptedTextField
from crm.models.creators import Creator, Tier
from crm.models.jobs import Job


class CreatorImport(models.Model):
    """One list of creators as it was booked: what each row became, and why where it was not.

    `signature` is a digest of the header's column names; `columns` is column → field of
    `crm.rosters.FIELDS`, found again by the next list with these columns.
    """

    name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    signature = models.CharField(max_length=64, db_index=True, editable=False)
    columns = models.JSONField(_("columns"), default=dict, blank=True)
    rows_total = models.PositiveIntegerField(_("rows"), default=0)
    created = models.PositiveIntegerField(_("new creators"), default=0)
    updated = models.PositiveIntegerField(_("updated creators"), default=0)
    duplicates = models.PositiveIntegerField(_("known already"), default=0)
    rejected = models.JSONField(_("rejected"), default=list, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)
    kept = models.JSONField(_("kept when it was taken back"), default=list, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    class Meta:
        verbose_name = _("import of creators")
        verbose_name_plural = _("imports of creators")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name


class CreatorImportRow(models.Model):
    """What one row of a list did: made a creator, or changed one (`before` → `after`, as JSON)."""

    class What(models.TextChoices):
        CREATED = "created", _("New")
        UPDATED = "updated", _("Updated")

    source = models.ForeignKey(
        CreatorImport, models.CASCADE, related_name="lines", verbose_name=_("import of creators")
    )
    number = models.PositiveIntegerField(_("row"))
    creator = models.ForeignKey(
        Creator,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="import_rows",
        verbose_name=_("creator"),
    )
    what = models.CharField(_("what it did"), max_length=8, choices=What.choices)
    before = EncryptedTextField(blank=True)
    after = EncryptedTextField(blank=True)

    class Meta:
        verbose_name = _("row of a list of creators")
        verbose_name_plural = _("rows of lists of creators")
        ordering = ["source", "number"]
        constraints = [
            models.UniqueConstraint(fields=["source", "number"], name="creator_import_row_once")
        ]

    def __str__(self) -> str:
        return f"{self.source} {self.number}"


class CreatorImportJob(Job):
    """A long list that a worker books, or takes back; its work and its end are one transaction.

    `path`, `name`, `columns`, `tier` and `expected` are what was confirmed in the preview; `source`
    is the list that came of it, or the one to take back.
    """

    class Task(models.TextChoices):
        BOOK = "book", _("Booking a list")
        UNDO = "undo", _("Taking a list back")

    task = models.CharField(_("task"), max_length=4, choices=Task.choices)
    name = models.CharField(_("file name"), max_length=255)
    path = models.CharField(max_length=200, blank=True, editable=False)
    columns = models.JSONField(_("columns"), default=dict, blank=True)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices, default=Tier.ENTRY)
    expected = models.CharField(max_length=16, blank=True, editable=False)
    source = models.ForeignKey(
        CreatorImport,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="jobs",
        verbose_name=_("import of creators"),
    )
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.CASCADE, related_name="+", verbose_name=_("by")
    )
    language = models.CharField(max_length=10, default="zh-hans", editable=False)

    class Meta:
        verbose_name = _("work on a list of creators")
        verbose_name_plural = _("work on lists of creators")
        ordering = ["-queued_at", "-pk"]

    def __str__(self) -> str:
        return f"{self.get_task_display()}: {self.name}"
