from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Creator, Tier
from crm.models.changes import noted
from insights.models.pains import PainPoint

RATING = [MinValueValidator(1), MaxValueValidator(5)]
PRICE = [MinValueValidator(0)]


class Need(models.Model):
    """What a creator said of a pain's importance, of today's satisfaction, and of prices (fen a month).

    The four prices are those of Van Westendorp's price sensitivity meter.
    """

    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="needs", verbose_name=_("creator")
    )
    pain = models.ForeignKey(
        PainPoint, models.PROTECT, related_name="needs", verbose_name=_("pain point")
    )
    tier = models.CharField(_("tier then"), max_length=8, choices=Tier.choices)
    importance = models.PositiveSmallIntegerField(_("importance (1-5)"), validators=RATING)
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction (1-5)"), null=True, blank=True, validators=RATING
    )
    with_tool = models.CharField(_("with the tool"), max_length=80, blank=True)
    too_cheap_minor = models.BigIntegerField(
        _("too cheap (fen)"), null=True, blank=True, validators=PRICE
    )
    cheap_minor = models.BigIntegerField(_("cheap (fen)"), null=True, blank=True, validators=PRICE)
    expensive_minor = models.BigIntegerField(
        _("expensive (fen)"), null=True, blank=True, validators=PRICE
    )
    too_expensive_minor = models.BigIntegerField(
        _("too expensive (fen)"), null=True, blank=True, validators=PRICE
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("need")
        verbose_name_plural = _("needs")
        ordering = ["-at"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "pain", "at"], name="need_once_a_moment"),
            models.CheckConstraint(
                condition=Q(importance__range=(1, 5)), name="need_importance_1_to_5"
            ),
            models.CheckConstraint(
                condition=Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5)),
                name="need_satisfaction_1_to_5",
            ),
        ]
        triggers = [noted("need")]

    def __str__(self) -> str:
        return f"{self.creator} · {self.pain}"
