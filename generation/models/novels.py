from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Creator
from generation.querysets import NovelQuerySet


class Novel(models.Model):
    """A creator's text as decoded, newlines LF; every offset below counts its code points."""

    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="novels", verbose_name=_("creator")
    )
    title = models.CharField(_("title"), max_length=200)
    text = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64)
    length = models.PositiveIntegerField(_("characters"))
    language = models.CharField(_("language"), max_length=12)
    encoding = models.CharField(_("encoding"), max_length=20)
    repairs = models.JSONField(_("repairs"), default=list, blank=True)
    left_out = models.JSONField(
        _("left out"),
        default=list,
        blank=True,
        help_text=_("Files inside the uploaded archive that are not in the text, and why."),
    )
    division = models.JSONField(
        _("chapters as found"),
        default=list,
        blank=True,
        help_text=_("Title, start and end of each, as the file itself was divided."),
    )
    source_name = models.CharField(_("file name"), max_length=255, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)
    deleted_at = models.DateTimeField(_("deleted"), null=True, blank=True, editable=False)
    purged_at = models.DateTimeField(
        _("removed from the store"), null=True, blank=True, editable=False
    )

    objects = NovelQuerySet.as_manager()

    class Meta:
        verbose_name = _("novel")
        verbose_name_plural = _("novels")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "sha256"], name="novel_once_a_creator")
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def scope(self) -> str:
        """Whose its calls and kept files are: `engines.scopes`."""
        return f"novel:{self.pk}"


class Chapter(models.Model):
    novel = models.ForeignKey(Novel, models.CASCADE, related_name="chapters")
    index = models.PositiveIntegerField()
    title = models.CharField(_("title"), max_length=300, blank=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()

    class Meta:
        verbose_name = _("chapter")
        verbose_name_plural = _("chapters")
        ordering = ["novel", "index"]
        constraints = [
            models.UniqueConstraint(fields=["novel", "index"], name="chapter_index_once"),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="chapter_range"),
        ]

    def __str__(self) -> str:
        return self.title or f"#{self.index + 1}"

    @property
    def length(self) -> int:
        return self.end - self.start


class CastCorrection(models.Model):
    """What the creator corrected of a novel's cast; every later storyboard follows it. `look` holds
    the traits, the further words and the summary of a look that was chosen.

    Names, not ids: a person is found anew in every run, by the text. The row goes when the
    correction is taken back; the audit trail keeps that it was there.
    """

    class Kind(models.TextChoices):
        MERGE = "merge", _("is the same person as")
        SPLIT = "split", _("is somebody else than")
        RENAME = "rename", _("is to be called")
        REMOVE = "remove", _("is no person")
        ADD = "add", _("is a person")
        LOOK = "look", _("looks as you chose")

    novel = models.ForeignKey(Novel, models.CASCADE, related_name="corrections")
    kind = models.CharField(_("correction"), max_length=6, choices=Kind.choices)
    name = models.CharField(_("name"), max_length=120)
    other = models.CharField(_("other name"), max_length=120, blank=True)
    look = models.JSONField(_("look"), default=dict, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("correction of the cast")
        verbose_name_plural = _("corrections of the cast")
        ordering = ["pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["novel", "kind", "name", "other"], name="cast_correction_once"
            )
        ]

    def __str__(self) -> str:
        return " ".join(part for part in (self.name, self.get_kind_display(), self.other) if part)
