from django.conf import settings
from django.contrib.postgres.fields import ArrayField
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from crm.models import Job, Study, Tier, TranscriptVersion
from insights.models.evidence import Evidence, Highlight, text_is_the_slice
from insights.models.pains import PainPoint


class AssistantJob(Job):
    """Work of an assistant: suggestions for a transcript, a coding as one more coder, an answer.

    `way` is `offline` or the name of a chat engine. What was offered and was not true is counted
    in `dropped`; an answer is kept with the ids of what it cites, never with the words themselves.
    """

    class Task(models.TextChoices):
        SUGGEST = "suggest", _("Suggest passages")
        CODE = "code", _("Code as one more coder")
        ANSWER = "answer", _("Answer a question")

    task = models.CharField(_("task"), max_length=8, choices=Task.choices)
    way = models.CharField(_("by"), max_length=40)
    way_used = models.CharField(_("way"), max_length=40, blank=True)
    transcript = models.ForeignKey(
        TranscriptVersion, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("transcript"),
    )  # fmt: skip
    study = models.ForeignKey(
        Study, models.PROTECT, null=True, blank=True, related_name="+", verbose_name=_("study")
    )
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices, blank=True)
    question = models.CharField(_("question"), max_length=300, blank=True)
    answer = models.JSONField(_("answer"), default=list)
    read = models.PositiveIntegerField(_("passages read"), default=0)
    found = models.PositiveIntegerField(_("offered"), default=0)
    dropped = models.PositiveIntegerField(_("dropped as not said"), default=0)
    token = models.CharField(max_length=40, blank=True, editable=False)
    asked_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("asked by")
    )

    class Meta:
        verbose_name = _("work of an assistant")
        verbose_name_plural = _("work of assistants")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["asked_by", "token"], name="assistant_asked_once", condition=~Q(token="")
            )
        ]

    def __str__(self) -> str:
        return self.question or self.get_task_display()


class Suggestion(models.Model):
    """A passage that an assistant offers as evidence. It is none until a person says yes.

    The database holds its text to the transcript's slice, as it does for highlights.
    """

    class State(models.TextChoices):
        PROPOSED = "proposed", pgettext_lazy("suggestion", "Proposed")
        ACCEPTED = "accepted", pgettext_lazy("suggestion", "Accepted")
        REJECTED = "rejected", pgettext_lazy("suggestion", "Rejected")

    transcript = models.ForeignKey(
        TranscriptVersion, models.CASCADE, related_name="suggestions",
        verbose_name=_("transcript"),
    )  # fmt: skip
    start = models.PositiveIntegerField(_("from"))
    end = models.PositiveIntegerField(_("to"))
    text = models.TextField(_("quote"))
    pain = models.ForeignKey(
        PainPoint, models.CASCADE, null=True, blank=True, related_name="+",
        verbose_name=_("pain point"),
    )  # fmt: skip
    title = models.CharField(_("new pain point"), max_length=120, blank=True)
    stance = models.CharField(_("stance"), max_length=8, choices=Evidence.Stance.choices)
    score = models.FloatField(_("score"), default=0.0)
    because = models.CharField(_("why"), max_length=300, blank=True)
    like = models.ForeignKey(
        Highlight, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("resembles"),
    )  # fmt: skip
    way = models.CharField(_("by"), max_length=40)
    state = models.CharField(
        _("state"), max_length=8, choices=State.choices, default=State.PROPOSED
    )
    evidence = models.ForeignKey(
        Evidence, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("evidence"),
    )  # fmt: skip
    decided_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, null=True, blank=True, related_name="+",
        verbose_name=_("decided by"),
    )  # fmt: skip
    decided_at = models.DateTimeField(_("decided at"), null=True, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)

    class Meta:
        verbose_name = _("suggestion")
        verbose_name_plural = _("suggestions")
        ordering = ["transcript", "start", "pk"]
        constraints = [
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="suggestion_range"),
            models.CheckConstraint(
                condition=Q(pain__isnull=False) | ~Q(title=""), name="suggestion_names_a_pain"
            ),
            models.CheckConstraint(
                condition=Q(state="proposed", decided_by__isnull=True)
                | (~Q(state="proposed") & Q(decided_by__isnull=False)),
                name="suggestion_decided_by_a_person",
            ),
            models.UniqueConstraint(
                fields=["transcript", "start", "end", "pain", "title"],
                name="suggestion_once_a_passage",
                nulls_distinct=False,
            ),
        ]
        triggers = [text_is_the_slice("suggested text")]

    def __str__(self) -> str:
        return self.text[:60]

    @property
    def pain_title(self) -> str:
        return self.pain.title if self.pain is not None else self.title


class MachineReading(models.Model):
    """What a way read in a passage that people coded: the third coder, never evidence.

    `pains` are all that it saw; an empty list says "none of them".
    """

    highlight = models.ForeignKey(
        Highlight, models.CASCADE, related_name="+", verbose_name=_("highlight")
    )
    way = models.CharField(_("by"), max_length=40)
    pains = ArrayField(models.BigIntegerField(), verbose_name=_("pain points"), default=list)
    at = models.DateTimeField(_("time"), auto_now=True)

    class Meta:
        verbose_name = _("reading by a machine")
        verbose_name_plural = _("readings by machines")
        constraints = [
            models.UniqueConstraint(fields=["highlight", "way"], name="machine_reads_once_a_way")
        ]

    def __str__(self) -> str:
        return f"{self.way}: {self.highlight}"
