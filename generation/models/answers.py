"""You said, we did: what became of the features that rest on creators' words, told to those creators."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.bilingual import in_language
from crm.models import Creator
from generation.models.features import Feature
from generation.models.jobs import Job


class FeatureAnswer(models.Model):
    """One word to the creators on one feature; a later one adds to it, none is taken back."""

    class Kind(models.TextChoices):
        SHIPPED = "shipped", _("Shipped")
        BUILDING = "building", _("We are building it")
        DECLINED = "declined", _("Not now, because")

    feature = models.ForeignKey(
        Feature, models.PROTECT, related_name="answers", verbose_name=_("feature")
    )
    kind = models.CharField(_("kind of answer"), max_length=8, choices=Kind.choices)
    text_zh = models.TextField(_("words in Chinese"))
    text_en = models.TextField(_("words in English"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("answer to creators")
        verbose_name_plural = _("answers to creators")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.feature} · {self.get_kind_display()}"

    @property
    def text(self) -> str:
        return in_language(self.text_zh, self.text_en)


class AnswerNotice(Job):
    """An answer's way to one creator: seen in the portal, sent by e-mail unless they opted out."""

    answer = models.ForeignKey(
        FeatureAnswer, models.PROTECT, related_name="notices", verbose_name=_("answer to creators")
    )
    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="answer_notices", verbose_name=_("creator")
    )
    seen_at = models.DateTimeField(_("seen"), null=True, blank=True)

    class Meta:
        verbose_name = _("answer told")
        verbose_name_plural = _("answers told")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["answer", "creator"], name="answer_notice_once")
        ]

    def __str__(self) -> str:
        return f"{self.answer} · {self.creator}"
