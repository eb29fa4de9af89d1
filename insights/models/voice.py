"""What creators say of their pains by themselves, in the portal: without an interview, in own words."""

from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models import Creator, Tier
from insights.models.needs import RATING
from insights.models.pains import PainPoint
from insights.querysets import PainReportQuerySet


class PainReport(models.Model):
    """A pain in a creator's own words, with how much it matters; the team answers each.

    It is no evidence: nobody asked, and no transcript stands behind it. Once it is joined to a pain
    point its two ratings count as that creator's need.
    """

    class State(models.TextChoices):
        NEW = "new", _("Waiting for an answer")
        KNOWN = "known", _("Joined to a known pain point")
        DECLINED = "declined", _("Not followed up")
        TAKEN_BACK = "taken_back", _("Taken back by the creator")

    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="pain_reports", verbose_name=_("creator")
    )
    token = models.CharField(max_length=64, editable=False)
    words = models.TextField(_("in own words"))
    tier = models.CharField(_("tier then"), max_length=8, choices=Tier.choices)
    importance = models.PositiveSmallIntegerField(_("importance (1-5)"), validators=RATING)
    satisfaction = models.PositiveSmallIntegerField(
        _("satisfaction (1-5)"), null=True, blank=True, validators=RATING
    )
    pain = models.ForeignKey(
        PainPoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="reports",
        verbose_name=_("pain point"),
    )
    state = models.CharField(_("state"), max_length=10, choices=State.choices, default=State.NEW)
    answer = models.TextField(_("answer to the creator"), blank=True)
    answered_by = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("by"),
    )
    answered_at = models.DateTimeField(_("answered"), null=True, blank=True)
    at = models.DateTimeField(_("time"), default=timezone.now)

    objects = PainReportQuerySet.as_manager()

    class Meta:
        verbose_name = _("pain told in the portal")
        verbose_name_plural = _("pains told in the portal")
        ordering = ["-at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "token"], name="pain_report_once"),
            models.CheckConstraint(
                condition=Q(importance__range=(1, 5))
                & (Q(satisfaction__isnull=True) | Q(satisfaction__range=(1, 5))),
                name="pain_report_ratings_1_to_5",
            ),
            models.CheckConstraint(
                condition=~Q(state="known") | Q(pain__isnull=False),
                name="pain_report_known_has_pain",
            ),
        ]

    def __str__(self) -> str:
        return self.words[:60]


class TopPain(models.Model):
    """A creator's first, second or third pain as they rank them now; the audit keeps what was before."""

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="top_pains", verbose_name=_("creator")
    )
    pain = models.ForeignKey(
        PainPoint, models.PROTECT, related_name="top_of", verbose_name=_("pain point")
    )
    place = models.PositiveSmallIntegerField(_("place"))
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("pain ranked by a creator")
        verbose_name_plural = _("pains ranked by creators")
        ordering = ["creator", "place"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "place"], name="top_pain_place_once"),
            models.UniqueConstraint(fields=["creator", "pain"], name="top_pain_once"),
            models.CheckConstraint(condition=Q(place__range=(1, 3)), name="top_pain_1_to_3"),
        ]

    def __str__(self) -> str:
        return f"{self.place}. {self.pain}"
