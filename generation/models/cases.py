"""The story of a project before it is built: what must become possible, and how to try it cheaply."""

import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.bilingual import in_language
from crm.models import WorkflowStep
from generation.models.features import Feature


class ProjectCase(models.Model):
    """What a project bets on: the capability ceiling a year ahead, and the cut-in for an MVP."""

    class Status(models.TextChoices):
        OPEN = "open", _("Open")
        TRIED = "tried", _("Tried")
        BUILT = "built", _("Built")
        DROPPED = "dropped", _("Dropped")

    title_zh = models.CharField(_("title in Chinese"), max_length=120)
    title_en = models.CharField(_("title in English"), max_length=160, blank=True)
    step = models.ForeignKey(
        WorkflowStep, models.PROTECT, related_name="cases", verbose_name=_("workflow step")
    )
    feature = models.ForeignKey(
        Feature,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="cases",
        verbose_name=_("feature"),
    )
    status = models.CharField(
        _("status"), max_length=8, choices=Status.choices, default=Status.OPEN
    )
    ceiling_zh = models.TextField(
        _("what must become possible, in Chinese"),
        help_text=_("The capability ceiling: what no tool can do today and this project needs."),
    )
    ceiling_en = models.TextField(_("what must become possible, in English"), blank=True)
    ceiling_by = models.DateField(_("by"))
    cut_in_zh = models.TextField(
        _("what already works elsewhere, in Chinese"),
        blank=True,
        help_text=_("The cut-in: in which other field it works, and what of it is enough here."),
    )
    cut_in_en = models.TextField(_("what already works elsewhere, in English"), blank=True)
    trial_zh = models.TextField(_("how to try it, in Chinese"), blank=True)
    trial_en = models.TextField(_("how to try it, in English"), blank=True)
    trial_minor = models.BigIntegerField(
        _("cost of trying it (fen)"), default=0, validators=[MinValueValidator(0)]
    )
    trial_days = models.PositiveSmallIntegerField(_("days to try it"), default=0)
    build_minor = models.BigIntegerField(
        _("cost of building it (fen)"), default=0, validators=[MinValueValidator(0)]
    )
    owner = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.SET_NULL,
        null=True,
        blank=True,
        limit_choices_to={"is_staff": True},
        related_name="+",
        verbose_name=_("owner"),
    )
    came_true = models.BooleanField(_("came true"), null=True, blank=True)
    resolved_on = models.DateField(_("decided on"), null=True, blank=True)
    resolved_why = models.CharField(_("what shows it"), max_length=300, blank=True)
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    class Meta:
        verbose_name = _("project case")
        verbose_name_plural = _("project cases")
        ordering = ["status", "ceiling_by", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(came_true__isnull=True, resolved_on__isnull=True)
                | Q(came_true__isnull=False, resolved_on__isnull=False),
                name="case_resolved_whole",
                violation_error_message=_("Say whether it came true and on which day, or neither."),
            )
        ]
        triggers = [
            pgtrigger.ReadOnly(name="bet_is_fixed", fields=["ceiling_zh", "ceiling_by"]),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)

    @property
    def ceiling(self) -> str:
        return in_language(self.ceiling_zh, self.ceiling_en)

    @property
    def cut_in(self) -> str:
        return in_language(self.cut_in_zh, self.cut_in_en)

    @property
    def trial(self) -> str:
        return in_language(self.trial_zh, self.trial_en)


class Forecast(models.Model):
    """How sure somebody is that the ceiling will be reached in time; changing one's mind is a new row."""

    case = models.ForeignKey(
        ProjectCase, models.PROTECT, related_name="forecasts", verbose_name=_("case")
    )
    percent = models.PositiveSmallIntegerField(
        _("confidence (%)"),
        validators=[MinValueValidator(1), MaxValueValidator(99)],
        help_text=_("1 to 99: that it is possible by that day."),
    )
    why = models.CharField(_("why"), max_length=300)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), default=timezone.now, editable=False)

    class Meta:
        verbose_name = _("forecast")
        verbose_name_plural = _("forecasts")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(percent__range=(1, 99)), name="forecast_1_to_99")
        ]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.percent} %"
