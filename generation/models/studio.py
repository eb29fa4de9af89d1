from django.db import models
from django.utils.translation import gettext_lazy as _

from generation.models.jobs import Job
from generation.models.runs import Run


class FrameJob(Job):
    """Pictures to be drawn again: of one shot, of many, of a whole scene.

    Every picture that it makes is a frame that names the job, the shot and the throw, once; a
    worker that takes over goes on with what is missing.
    """

    run = models.ForeignKey(
        Run, models.CASCADE, related_name="frame_jobs", verbose_name=_("pipeline run")
    )
    token = models.CharField(max_length=64)
    shots = models.JSONField(_("shots"), default=list, help_text=_("Indices."))
    engine = models.CharField(_("frame engine"), max_length=40, default="sketch")
    new_seed = models.BooleanField(_("another seed"), default=False)
    best_of = models.PositiveSmallIntegerField(_("the best of"), default=1)
    beside = models.BooleanField(
        _("only to compare"), default=False, help_text=_("The pictures in use stay in use.")
    )
    cap_micro = models.BigIntegerField(_("cap"), default=0)
    cost_micro = models.BigIntegerField(_("cost"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    results = models.JSONField(
        _("results"),
        default=dict,
        blank=True,
        help_text=_("By shot: made, same, locked, or why not."),
    )
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    class Meta:
        verbose_name = _("batch of pictures")
        verbose_name_plural = _("batches of pictures")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "token"], name="frame_job_once_a_form")
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="frame_job_state_queued")]

    def __str__(self) -> str:
        return f"{self.run} · {self.pk}"


class StudioTask(Job):
    """Work on a run's pictures that draws none: a contact sheet, likeness measured, looks read back."""

    class Kind(models.TextChoices):
        CONTACT = "contact", _("Contact sheet")
        LIKENESS = "likeness", _("Likeness over the pictures")
        READING = "reading", _("Looks read back from the pictures")

    run = models.ForeignKey(
        Run, models.CASCADE, related_name="studio_tasks", verbose_name=_("pipeline run")
    )
    token = models.CharField(max_length=64)
    kind = models.CharField(_("kind"), max_length=10, choices=Kind.choices)
    first = models.PositiveIntegerField(_("from shot"), default=1)
    language = models.CharField(max_length=12, default="zh-hans")
    file = models.CharField(max_length=200, blank=True)
    report = models.JSONField(_("report"), default=dict, blank=True)

    class Meta:
        verbose_name = _("task of the studio")
        verbose_name_plural = _("tasks of the studio")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["run", "token"], name="studio_task_once_a_form")
        ]
        indexes = [models.Index(fields=["state", "queued_at"], name="studio_task_state_queued")]

    def __str__(self) -> str:
        return f"{self.run} · {self.get_kind_display()}"
