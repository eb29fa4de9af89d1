"""What happened to features once they were there: use, and whether the pain went away."""

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models import Creator
from crm.models.changes import noted
from generation.models.features import Feature
from generation.models.runs import Run
from insights.models import PainPoint


class FeatureUse(models.Model):
    """One run's use of one feature: what it cost, and whether the creator kept the result."""

    run = models.ForeignKey(Run, models.PROTECT, related_name="feature_uses", verbose_name=_("run"))
    feature = models.ForeignKey(
        Feature, models.PROTECT, related_name="uses", verbose_name=_("feature")
    )
    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="feature_uses", verbose_name=_("creator")
    )
    tokens = models.BigIntegerField(_("tokens"), default=0)
    cost_minor = models.BigIntegerField(_("cost in minor units"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")
    accepted = models.BooleanField(_("accepted"), null=True, blank=True)
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("use of a feature")
        verbose_name_plural = _("use of features")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["run", "feature"], name="feature_use_once_a_run")
        ]
        indexes = [models.Index(fields=["feature", "creator"], name="feature_use_creator")]
        triggers = [noted("use")]

    def __str__(self) -> str:
        return f"{self.feature} · {self.run}"


class Relief(models.Model):
    """How much a pain hurt (0–10) before and after a creator used a feature."""

    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="reliefs", verbose_name=_("creator")
    )
    feature = models.ForeignKey(
        Feature, models.PROTECT, related_name="reliefs", verbose_name=_("feature")
    )
    pain = models.ForeignKey(
        PainPoint, models.PROTECT, related_name="reliefs", verbose_name=_("pain point")
    )
    before = models.PositiveSmallIntegerField(_("before (0-10)"))
    after = models.PositiveSmallIntegerField(_("after (0-10)"))
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("relief")
        verbose_name_plural = _("relief")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "feature", "pain"], name="relief_once_a_creator"
            ),
            models.CheckConstraint(
                condition=Q(before__range=(0, 10), after__range=(0, 10)), name="relief_0_to_10"
            ),
        ]
        triggers = [noted("relief")]

    def __str__(self) -> str:
        return f"{self.creator} · {self.feature}"


class ReliefDismissal(models.Model):
    """A creator would rather not say how much of a pain is gone; they are not asked again."""

    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="relief_dismissals", verbose_name=_("creator")
    )
    feature = models.ForeignKey(
        Feature, models.PROTECT, related_name="relief_dismissals", verbose_name=_("feature")
    )
    pain = models.ForeignKey(
        PainPoint, models.PROTECT, related_name="relief_dismissals", verbose_name=_("pain point")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)

    class Meta:
        verbose_name = _("dismissed question about relief")
        verbose_name_plural = _("dismissed questions about relief")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "feature", "pain"], name="relief_dismissed_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {self.feature}"
