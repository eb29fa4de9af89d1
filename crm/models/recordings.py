import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models.interviews import Interview, TranscriptVersion
from crm.models.jobs import Job
from crm.querysets import RecordingQuerySet


class Recording(models.Model):
    """The sound or film of an interview, kept in the media storage under `path`.

    `kept_at` is empty while the file is on its way. Once consent to record is withdrawn the file
    is deleted: `path` and `name` are emptied, the row stays as the proof of it.
    """

    class Kind(models.TextChoices):
        AUDIO = "audio", _("Audio")
        VIDEO = "video", _("Video")

    interview = models.ForeignKey(
        Interview, models.PROTECT, related_name="recordings", verbose_name=_("interview")
    )
    path = models.CharField(max_length=200, blank=True, editable=False)
    name = models.CharField(_("file name"), max_length=255, blank=True)
    kind = models.CharField(_("kind"), max_length=5, choices=Kind.choices)
    content_type = models.CharField(max_length=60, editable=False)
    size = models.BigIntegerField(_("size (bytes)"))
    sha256 = models.CharField(max_length=64, editable=False)
    duration_ms = models.PositiveIntegerField(_("length (ms)"))
    uploaded_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    kept_at = models.DateTimeField(null=True, editable=False)
    removed_at = models.DateTimeField(_("file removed"), null=True, blank=True, editable=False)

    objects = RecordingQuerySet.as_manager()

    class Meta:
        verbose_name = _("recording")
        verbose_name_plural = _("recordings")
        ordering = ["interview", "created_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "sha256"],
                condition=Q(removed_at__isnull=True),
                name="recording_once_an_interview",
            )
        ]
        triggers = [
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
            )
        ]

    def __str__(self) -> str:
        return self.name or str(self.pk)


class Transcription(Job):
    """The wish to have a recording written down, and what came of it.

    What an engine heard waits here, in `TranscriptionPart`, for somebody's yes; only then it
    becomes a transcript version.
    """

    class Decision(models.TextChoices):
        WAITING = "", _("Waits for a yes")
        ACCEPTED = "accepted", _("Accepted")
        REJECTED = "rejected", _("Rejected")

    recording = models.ForeignKey(
        Recording, models.PROTECT, related_name="transcriptions", verbose_name=_("recording")
    )
    engine = models.CharField(_("engine"), max_length=40)
    language = models.CharField(_("language"), max_length=12, blank=True)
    prompt = models.CharField(_("words that are likely"), max_length=400, blank=True)
    token = models.CharField(max_length=40, blank=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )
    cost_micro = models.BigIntegerField(_("cost"), default=0)
    currency = models.CharField(_("currency"), max_length=3, blank=True)
    decision = models.CharField(
        _("decision"), max_length=8, choices=Decision.choices, blank=True, default=""
    )
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    version = models.ForeignKey(
        TranscriptVersion, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("transcript version"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("transcription")
        verbose_name_plural = _("transcriptions")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "token"],
                name="transcription_asked_once",
                condition=~Q(token=""),
            ),
            models.UniqueConstraint(
                fields=["recording"],
                name="transcription_one_at_a_time",
                condition=Q(state__in=["queued", "running"]),
            ),
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="transcription_state_queued")]

    def __str__(self) -> str:
        return f"{self.recording} · {self.engine}"


class TranscriptionPart(models.Model):
    """A piece of the recording: written before it is sent, with its cues once they are known.

    `cues`: [start, end, text], milliseconds of the recording; null until they are known. `call_key`
    is that of the paid call, so that what is kept beside its receipt can be removed too.
    """

    transcription = models.ForeignKey(Transcription, models.CASCADE, related_name="parts")
    index = models.PositiveIntegerField()
    start_ms = models.PositiveIntegerField()
    end_ms = models.PositiveIntegerField()
    cues = models.JSONField(null=True)
    call_key = models.CharField(max_length=64, blank=True)

    class Meta:
        verbose_name = _("part of a transcription")
        verbose_name_plural = _("parts of transcriptions")
        ordering = ["transcription", "index"]
        constraints = [
            models.UniqueConstraint(
                fields=["transcription", "index"], name="transcription_part_once"
            ),
            models.CheckConstraint(
                condition=Q(end_ms__gte=F("start_ms")), name="transcription_part_range"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.transcription} {self.index}"
