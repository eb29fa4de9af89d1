from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Job, Study, Tier


class ExternalId(models.Model):
    """The GUID under which a row is known in files: the same file twice finds the same rows.

    `object_id` names a row of the kind's model; what is exported gets a GUID the first time, what
    is imported keeps the one it came with, so a row may have several.
    """

    class Kind(models.TextChoices):
        USER = "user", _("coder")
        CREATOR = "creator", _("creator")
        INTERVIEW = "interview", _("interview")
        PAIN = "pain", _("pain point")

    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    guid = models.UUIDField(_("GUID"))
    object_id = models.BigIntegerField(_("object"))

    class Meta:
        verbose_name = _("id in exchange files")
        verbose_name_plural = _("ids in exchange files")
        constraints = [
            models.UniqueConstraint(fields=["kind", "guid"], name="external_id_names_one_row")
        ]
        indexes = [models.Index(fields=["kind", "object_id"], name="external_id_of_row")]

    def __str__(self) -> str:
        return f"{self.kind} {self.guid}"


class QdaImport(models.Model):
    """A file of another program: what it would bring in, and after a person's yes what it brought.

    `data` holds the bytes only while the file is read and waits for that yes.
    """

    class State(models.TextChoices):
        READING = "reading", pgettext_lazy("state of a file", "Being read")
        WAITING = "waiting", _("Waiting for your yes")
        BOOKED = "booked", pgettext_lazy("state of a file", "Imported")
        DISCARDED = "discarded", _("Discarded")

    name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64)
    origin = models.CharField(_("written by"), max_length=120, blank=True)
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.WAITING
    )
    data = models.BinaryField(default=b"", editable=False)
    study = models.ForeignKey(
        Study, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("study")
    )
    tier = models.CharField(
        _("tier of a new creator"), max_length=8, choices=Tier.choices, default=Tier.ENTRY
    )
    preview = models.JSONField(_("would come in"), default=dict)
    report = models.JSONField(_("came in"), default=dict)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    booked_at = models.DateTimeField(_("imported at"), null=True, blank=True)

    class Meta:
        verbose_name = _("import of another program's file")
        verbose_name_plural = _("imports of other programs' files")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.name


class ExchangeJob(Job):
    """A large file that is read, booked or made: wanted, shown as it goes, ended.

    `data` is what an export made, kept for whoever asked for a day at most, and forgotten as soon
    as words in it may go no further.
    """

    class Task(models.TextChoices):
        READ = "read", _("Read a file")
        BOOK = "book", _("Bring a file in")
        EXPORT = "export", _("Take a study out")

    task = models.CharField(_("task"), max_length=6, choices=Task.choices)
    upload = models.ForeignKey(
        QdaImport, models.CASCADE, null=True, blank=True, related_name="jobs",
        verbose_name=_("file"),
    )  # fmt: skip
    study = models.ForeignKey(
        Study, models.CASCADE, null=True, blank=True, related_name="+", verbose_name=_("study")
    )
    format = models.CharField(_("format"), max_length=4, blank=True)
    wish = models.JSONField(_("how"), default=dict)
    language = models.CharField(_("language"), max_length=10)
    name = models.CharField(_("file name"), max_length=255, blank=True)
    data = models.BinaryField(default=b"", editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )

    class Meta:
        verbose_name = _("exchange of a large file")
        verbose_name_plural = _("exchanges of large files")
        ordering = ["-queued_at", "-pk"]

    def __str__(self) -> str:
        return self.name or self.get_task_display()
