import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.bilingual import in_language
from crm.models.creators import Creator, Tier
from crm.querysets import InterviewQuerySet


class Study(models.Model):
    key = models.SlugField(_("key"), unique=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=160)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    question_zh = models.TextField(_("research question in Chinese"), blank=True)
    question_en = models.TextField(_("research question in English"), blank=True)
    target_head = models.PositiveSmallIntegerField(_("target, head tier"), default=0)
    target_mid = models.PositiveSmallIntegerField(_("target, mid tier"), default=0)
    target_entry = models.PositiveSmallIntegerField(_("target, entry tier"), default=0)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("study")
        verbose_name_plural = _("studies")
        ordering = ["-created_at"]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)


class GuideQuestion(models.Model):
    study = models.ForeignKey(
        Study, models.CASCADE, related_name="questions", verbose_name=_("study")
    )
    position = models.PositiveSmallIntegerField(_("position"))
    text_zh = models.TextField(_("question in Chinese"))
    text_en = models.TextField(_("question in English"), blank=True)

    class Meta:
        verbose_name = _("guide question")
        verbose_name_plural = _("interview guide")
        ordering = ["position"]

    def __str__(self) -> str:
        return self.text

    @property
    def text(self) -> str:
        return in_language(self.text_zh, self.text_en)


class Interview(models.Model):
    class Status(models.TextChoices):
        PLANNED = "planned", _("Planned")
        HELD = "held", _("Held")
        CODED = "coded", _("Coded")

    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="interviews", verbose_name=_("creator")
    )
    study = models.ForeignKey(
        Study,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="interviews",
        verbose_name=_("study"),
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    tier_then = models.CharField(
        _("tier then"),
        max_length=8,
        choices=Tier.choices,
        help_text=_("The creator's tier on the day of the interview."),
    )
    paying_then = models.BooleanField(
        _("paying then"),
        null=True,
        blank=True,
        help_text=_("Whether the creator was paying for our tool on that day; empty: unknown."),
    )
    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, default=Status.HELD
    )
    language = models.CharField(_("language"), max_length=12, default="zh-hans")
    minutes = models.PositiveSmallIntegerField(_("length in minutes"), null=True, blank=True)
    note = models.TextField(_("note"), blank=True)
    fingerprint = models.CharField(
        max_length=64,
        blank=True,
        editable=False,
        db_index=True,
        help_text=_("SHA-256 of what was said, to tell the same file twice."),
    )
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    objects = InterviewQuerySet.as_manager()

    class Meta:
        verbose_name = _("interview")
        verbose_name_plural = _("interviews")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["fingerprint"],
                name="interview_text_once",
                condition=~Q(fingerprint=""),
            )
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {timezone.localtime(self.at):%Y-%m-%d}"


class TranscriptVersion(models.Model):
    """What was said, fixed: `text` is the utterances joined by LF; a correction is a new version."""

    interview = models.ForeignKey(
        Interview, models.PROTECT, related_name="transcripts", verbose_name=_("interview")
    )
    version = models.PositiveSmallIntegerField(_("version"), default=1)
    text = models.TextField(_("text"))
    sha256 = models.CharField(max_length=64)
    format = models.CharField(_("format"), max_length=20)
    encoding = models.CharField(_("encoding"), max_length=20, default="utf-8")
    source_name = models.CharField(_("file name"), max_length=255, blank=True)
    repairs = models.JSONField(_("repairs"), default=list, blank=True)
    rejected = models.JSONField(_("lines not understood"), default=list, blank=True)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("transcript version")
        verbose_name_plural = _("transcript versions")
        ordering = ["interview", "-version"]
        constraints = [
            models.UniqueConstraint(fields=["interview", "version"], name="transcript_version_once")
        ]
        triggers = [
            pgtrigger.ReadOnly(name="text_is_fixed", fields=["text", "sha256", "version"]),
        ]

    def __str__(self) -> str:
        return f"{self.interview} v{self.version}"


class Utterance(models.Model):
    """One turn of speech; `start` and `end` are code points in the version's text, half-open."""

    transcript = models.ForeignKey(TranscriptVersion, models.CASCADE, related_name="utterances")
    index = models.PositiveIntegerField()
    speaker = models.CharField(_("speaker"), max_length=80, blank=True)
    start_ms = models.PositiveIntegerField(null=True)
    end_ms = models.PositiveIntegerField(null=True)
    start = models.PositiveIntegerField()
    end = models.PositiveIntegerField()
    text = models.TextField(_("text"))

    class Meta:
        verbose_name = _("utterance")
        verbose_name_plural = _("utterances")
        ordering = ["transcript", "index"]
        constraints = [
            models.UniqueConstraint(fields=["transcript", "index"], name="utterance_index_once"),
            models.CheckConstraint(condition=Q(end__gte=F("start")), name="utterance_range"),
        ]

    def __str__(self) -> str:
        return f"{self.speaker}: {self.text[:40]}"
