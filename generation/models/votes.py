"""Points that creators put on features under consideration."""

from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Creator, Tier
from generation.models.features import Feature


class FeatureVote(models.Model):
    """Points of one creator for one feature, with the tier of that day; the sum is held by the service."""

    BUDGET = 10

    feature = models.ForeignKey(
        Feature, models.CASCADE, related_name="votes", verbose_name=_("feature")
    )
    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="feature_votes", verbose_name=_("creator")
    )
    points = models.PositiveSmallIntegerField(_("points"))
    tier = models.CharField(_("tier then"), max_length=8, choices=Tier.choices)
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("vote for a feature")
        verbose_name_plural = _("votes for features")
        ordering = ["-points", "pk"]
        constraints = [
            models.UniqueConstraint(fields=["feature", "creator"], name="feature_vote_once"),
            models.CheckConstraint(condition=Q(points__range=(1, 10)), name="feature_vote_1_to_10"),
        ]

    def __str__(self) -> str:
        return f"{self.feature} · {self.points}"
