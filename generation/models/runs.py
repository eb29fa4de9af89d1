from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.models.jobs import Job
from generation.models.novels import Novel
from generation.querysets import RunQuerySet


class Run(Job):
    """A novel on its way through the pipeline: chapters → cast → shots → frames → film."""

    novel = models.ForeignKey(Novel, models.CASCADE, related_name="runs", verbose_name=_("novel"))
    token = models.CharField(
        _("form"),
        max_length=64,
        help_text=_("The same form sent twice is one run."),
    )
    chapters = models.JSONField(_("chapters"), default=list, help_text=_("Indices; empty: all."))
    titles = models.JSONField(
        _("chapter titles"),
        default=dict,
        blank=True,
        help_text=_("By index, as the novel was divided when the storyboard was made."),
    )
    density = models.FloatField(_("shots per 1,000 characters"), null=True, blank=True)
    film_seconds = models.PositiveIntegerField(
        _("film length in seconds"),
        null=True,
        blank=True,
        help_text=_("At most; empty: as long as reading the whole text takes."),
    )
    text_engine = models.CharField(_("text engine"), max_length=40, default="offline")
    frame_engine = models.CharField(_("frame engine"), max_length=40, default="sketch")
    portrait = models.BooleanField(_("vertical"), default=True)
    wants_film = models.BooleanField(_("film"), default=True)
    usage = models.JSONField(_("usage"), default=dict, blank=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = RunQuerySet.as_manager()

    class Meta:
        verbose_name = _("pipeline run")
        verbose_name_plural = _("pipeline runs")
        ordering = ["-queued_at", "-pk"]
        constraints = [models.UniqueConstraint(fields=["novel", "token"], name="run_once_a_form")]
        indexes = [models.Index(fields=["state", "queued_at"], name="run_state_queued")]

    def __str__(self) -> str:
        return f"{self.novel} · {self.pk}"


class RunStep(models.Model):
    """What a run has finished, so that it resumes after a crash instead of beginning again."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="steps")
    name = models.CharField(max_length=20)
    index = models.PositiveIntegerField(default=0)
    output = models.JSONField(default=dict)
    finished_at = models.DateTimeField(auto_now_add=True)

    class Meta:
        verbose_name = _("finished step")
        verbose_name_plural = _("finished steps")
        ordering = ["run", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "name", "index"], name="run_step_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.index}"


class Film(models.Model):
    run = models.OneToOneField(Run, models.CASCADE, related_name="film")
    file = models.FileField(max_length=255)
    poster = models.FileField(max_length=255, blank=True)
    subtitles = models.TextField(_("subtitles (srt)"), blank=True)
    duration_ms = models.PositiveIntegerField(_("length (ms)"))
    width = models.PositiveIntegerField(_("width"), default=1080)
    height = models.PositiveIntegerField(_("height"), default=1920)
    voice = models.CharField(_("voice engine"), max_length=40, blank=True)
    sha256 = models.CharField(max_length=64)
    made_of = models.JSONField(
        _("made of"),
        default=dict,
        blank=True,
        help_text=_(
            "Digests of its shots, and its settings: what differs from them now is out of date."
        ),
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("film")
        verbose_name_plural = _("films")

    def __str__(self) -> str:
        return str(self.run)
