"""Second coding that is blind: what each coder read in a passage, before anybody compared."""

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from crm.models import TranscriptVersion
from insights.models.evidence import Evidence
from insights.models.pains import PainPoint


class CodingRound(models.Model):
    """Passages that a second coder reads without seeing the first coder's reading."""

    title = models.CharField(_("title"), max_length=120)
    first_coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("first coder")
    )
    second_coder = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("second coder")
    )
    pains = models.ManyToManyField(PainPoint, related_name="+", verbose_name=_("pain points"))
    seed = models.PositiveIntegerField(_("seed of the draw"))
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    created_at = models.DateTimeField(_("added"), auto_now_add=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    class Meta:
        verbose_name = _("round of second coding")
        verbose_name_plural = _("rounds of second coding")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.CheckConstraint(
                condition=~Q(first_coder=F("second_coder")), name="round_two_coders"
            )
        ]

    def __str__(self) -> str:
        return self.title


class CodingUnit(models.Model):
    """A passage of a round: code points [start, end) of a transcript version."""

    round = models.ForeignKey(
        CodingRound, models.CASCADE, related_name="units", verbose_name=_("round")
    )
    position = models.PositiveIntegerField(_("position"))
    transcript = models.ForeignKey(
        TranscriptVersion, models.PROTECT, related_name="+", verbose_name=_("transcript")
    )
    start = models.PositiveIntegerField(_("from"))
    end = models.PositiveIntegerField(_("to"))

    class Meta:
        verbose_name = _("passage of a round")
        verbose_name_plural = _("passages of a round")
        ordering = ["round", "position"]
        constraints = [
            models.UniqueConstraint(fields=["round", "position"], name="unit_position_once"),
            models.UniqueConstraint(
                fields=["round", "transcript", "start", "end"], name="unit_passage_once"
            ),
            models.CheckConstraint(condition=Q(end__gt=F("start")), name="unit_range"),
        ]

    def __str__(self) -> str:
        return f"{self.round} · {self.position}"


class UnitReading(models.Model):
    """One coder's whole reading of a passage; without codes it says "none of them".

    The first coder's is copied when the round is drawn, so that what adjudication changes later in
    the evidence does not pass for agreement.
    """

    class Role(models.TextChoices):
        FIRST = "first", _("First coder")
        SECOND = "second", _("Second coder")

    unit = models.ForeignKey(CodingUnit, models.CASCADE, related_name="readings")
    role = models.CharField(_("role"), max_length=8, choices=Role.choices)
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("reading of a passage")
        verbose_name_plural = _("readings of passages")
        constraints = [
            models.UniqueConstraint(fields=["unit", "role"], name="unit_read_once_a_role")
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.get_role_display()}"


class UnitCode(models.Model):
    """A pain point that a coder saw in a passage."""

    reading = models.ForeignKey(UnitReading, models.CASCADE, related_name="codes")
    pain = models.ForeignKey(PainPoint, models.PROTECT, related_name="+")
    stance = models.CharField(_("stance"), max_length=8, choices=Evidence.Stance.choices)

    class Meta:
        verbose_name = _("code of a reading")
        verbose_name_plural = _("codes of a reading")
        constraints = [models.UniqueConstraint(fields=["reading", "pain"], name="unit_code_once")]

    def __str__(self) -> str:
        return f"{self.pain} · {self.stance}"


class Adjudication(models.Model):
    """Who settled a disagreement, how, and why. Rows are only added; the last one counts."""

    class Decision(models.TextChoices):
        FOR = "for", _("For")
        AGAINST = "against", _("Against")
        NONE = "none", _("Not in it")

    unit = models.ForeignKey(CodingUnit, models.PROTECT, related_name="adjudications")
    pain = models.ForeignKey(PainPoint, models.PROTECT, related_name="+")
    decision = models.CharField(_("decision"), max_length=8, choices=Decision.choices)
    why = models.CharField(_("why"), max_length=400)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.PROTECT, related_name="+", verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("adjudication")
        verbose_name_plural = _("adjudications")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.unit} · {self.pain} · {self.get_decision_display()}"
