from django.conf import settings
from django.db import models
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.interviews import GuideQuestion, Interview


class GuideAnswer(models.Model):
    """That a question of the guide was answered in an interview, and at which turn of it."""

    interview = models.ForeignKey(
        Interview, models.CASCADE, related_name="answers", verbose_name=_("interview")
    )
    question = models.ForeignKey(
        GuideQuestion, models.CASCADE, related_name="answers", verbose_name=_("guide question")
    )
    utterance = models.PositiveIntegerField(
        _("turn"), null=True, blank=True, help_text=_("Number of the turn, counted from 0.")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("by"),
    )  # fmt: skip

    class Meta:
        verbose_name = _("answered question")
        verbose_name_plural = _("answered questions")
        constraints = [
            models.UniqueConstraint(
                fields=["interview", "question"], name="guide_answer_once_an_interview"
            )
        ]

    def __str__(self) -> str:
        return f"{self.interview} · {self.question}"
