import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.bilingual import in_language
from crm.models.changes import noted
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
    called_off_at = models.DateTimeField(_("called off"), null=True, blank=True, editable=False)
    called_off_why = models.CharField(_("why"), max_length=240, blank=True, db_default="",
                                      default="", editable=False)  # fmt: skip
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


class Quoting(models.TextChoices):
    """How the words of an interview may be quoted: the last word of the creator on it."""

    NAMED = "named", _("may be quoted by name")
    ANONYMOUS = "anonymous", _("may be quoted anonymously")
    UNASKED = "none", _("not to be quoted outside the team")
    WITHDRAWN = "withdrawn", _("not to be quoted")


class Interview(models.Model):
    """A conversation with a creator.

    `usable` and `quoting` say what its words may be used for. The database derives them from the
    consents on every write, so that each read filters on two columns and no route can forget.
    """

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
    guide = models.ForeignKey(
        "crm.GuideVersion",
        models.PROTECT,
        null=True,
        blank=True,
        editable=False,
        related_name="interviews",
        verbose_name=_("version of the guide"),
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
    usable = models.BooleanField(_("words may be used"), default=True, editable=False)
    quoting = models.CharField(
        _("quoting"),
        max_length=10,
        choices=Quoting.choices,
        default=Quoting.UNASKED,
        editable=False,
    )
    redacted_at = models.DateTimeField(
        _("words removed"), null=True, blank=True, editable=False,
        help_text=_("When what was said was made unreadable, for good."),
    )  # fmt: skip
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
        triggers = [
            pgtrigger.Trigger(
                name="consent_decides",
                operation=pgtrigger.Insert | pgtrigger.Update,
                when=pgtrigger.Before,
                declare=[("recorded", "boolean"), ("named", "boolean"), ("nameless", "boolean")],
                func="""
                    SELECT (array_agg(given ORDER BY at DESC, id DESC)
                                FILTER (WHERE purpose = 'record'))[1],
                           (array_agg(given ORDER BY at DESC, id DESC)
                                FILTER (WHERE purpose = 'quote_named'))[1],
                           (array_agg(given ORDER BY at DESC, id DESC)
                                FILTER (WHERE purpose = 'quote_anonymous'))[1]
                      INTO recorded, named, nameless
                      FROM crm_consent
                     WHERE creator_id = NEW.creator_id
                       AND (interview_id IS NULL OR interview_id = NEW.id);
                    NEW.usable := NEW.redacted_at IS NULL AND recorded IS DISTINCT FROM FALSE;
                    NEW.quoting := CASE
                        WHEN NOT NEW.usable THEN 'withdrawn'
                        WHEN named THEN 'named'
                        WHEN nameless THEN 'anonymous'
                        WHEN named IS FALSE OR nameless IS FALSE THEN 'withdrawn'
                        ELSE 'none' END;
                    RETURN NEW;
                """,
            ),
            noted("interview"),
            pgtrigger.Protect(
                name="redaction_is_for_good",
                operation=pgtrigger.Update,
                condition=pgtrigger.Q(
                    old__redacted_at__isnull=False, new__redacted_at__isnull=True
                ),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {timezone.localtime(self.at):%Y-%m-%d}"


class TranscriptVersion(models.Model):
    """What was said, fixed: `text` is the utterances joined by LF; a correction is a new version.

    The one change that the database allows is blackening: every character but LF becomes U+2588,
    and only where the interview may no longer be used. `sha256` stays that of what was said.
    """

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
            pgtrigger.Trigger(
                name="text_is_fixed",
                operation=pgtrigger.Update,
                when=pgtrigger.Before,
                func="""
                    IF NEW.sha256 IS DISTINCT FROM OLD.sha256
                       OR NEW.version IS DISTINCT FROM OLD.version
                       OR NEW.interview_id IS DISTINCT FROM OLD.interview_id
                       OR (NEW.text IS DISTINCT FROM OLD.text
                           AND (NEW.text IS DISTINCT FROM pingju_blackened(OLD.text)
                                OR (SELECT usable FROM crm_interview WHERE id = OLD.interview_id)))
                    THEN
                        RAISE EXCEPTION 'a transcript version is fixed; it can only be blackened '
                              'once its consent is withdrawn';
                    END IF;
                    RETURN NEW;
                """,
            ),
            pgtrigger.Trigger(
                name="needs_consent",
                operation=pgtrigger.Insert,
                when=pgtrigger.Before,
                func="""
                    IF NOT (SELECT usable FROM crm_interview WHERE id = NEW.interview_id) THEN
                        RAISE EXCEPTION 'consent to record this interview was withdrawn'
                              USING ERRCODE = 'check_violation';
                    END IF;
                    RETURN NEW;
                """,
            ),
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
