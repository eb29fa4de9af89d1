from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.models.jobs import Job
from generation.models.novels import Novel
from generation.models.runs import Run


class FilmSettings(models.Model):
    """How a novel's films look and sound; kept over its runs, so that a voice stays a voice."""

    class Shape(models.TextChoices):
        VERTICAL = "vertical", _("Vertical 9:16")
        HORIZONTAL = "horizontal", _("Horizontal 16:9")
        SQUARE = "square", _("Square 1:1")

    class Captions(models.TextChoices):
        STROKE = "stroke", _("White with an edge")
        BOX = "box", _("On a dark box")
        KARAOKE = "karaoke", _("Karaoke, word by word")

    novel = models.OneToOneField(Novel, models.CASCADE, related_name="film_settings")
    shape = models.CharField(_("picture format"), max_length=10, choices=Shape.choices, blank=True)
    captions = models.CharField(
        _("captions"), max_length=10, choices=Captions.choices, default=Captions.STROKE
    )
    cards = models.BooleanField(_("title and chapter cards"), default=True)
    speech_engine = models.CharField(_("voice engine"), max_length=40, blank=True)
    voices = models.JSONField(
        _("voices"),
        default=dict,
        blank=True,
        help_text=_("By engine: the voice of each character's name; an empty name: the narrator."),
    )
    speed = models.FloatField(_("speed"), default=1.0)
    lexicon = models.TextField(_("lexicon"), blank=True)
    music = models.FileField(_("music"), max_length=255, blank=True)
    music_name = models.CharField(_("music file"), max_length=255, blank=True)
    changed_at = models.DateTimeField(_("changed"), auto_now=True)

    class Meta:
        verbose_name = _("film settings")
        verbose_name_plural = _("film settings")

    def __str__(self) -> str:
        return str(self.novel)


class FilmJob(Job):
    """A film to be made again from a run's storyboard, with the settings of that moment."""

    run = models.ForeignKey(Run, models.CASCADE, related_name="film_jobs", verbose_name=_("run"))
    token = models.CharField(
        _("form"), max_length=64, help_text=_("The same form sent twice is one film.")
    )
    wish = models.JSONField(_("settings"), default=dict)

    class Meta:
        verbose_name = _("film to make")
        verbose_name_plural = _("films to make")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "token"], name="film_job_once_a_form"),
            models.UniqueConstraint(
                fields=["run"],
                condition=models.Q(state__in=["queued", "running"]),
                name="film_job_one_at_a_time",
            ),
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="film_job_state_queued")]

    def __str__(self) -> str:
        return f"{self.run} · {self.pk}"
