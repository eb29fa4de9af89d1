from django.db import models
from django.db.models import F, Q
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
    source_name = models.CharField(_("file name"), max_length=255, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)
    created_at = models.DateTimeField(_("uploaded"), auto_now_add=True)

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
