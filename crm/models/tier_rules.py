from django.conf import settings
from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.creators import Creator, Tier


class TierRule(models.Model):
    """Who belongs to a tier, by platform, followers and income; it proposes, a person decides.

    Of the rules in force the first by `position` that a creator meets counts. An empty condition
    is met by everybody, one on a number only by those whose number is known.
    """

    name = models.CharField(_("name"), max_length=80)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices)
    position = models.PositiveSmallIntegerField(
        _("rank"), default=100, help_text=_("Of several rules that fit, the smallest counts.")
    )
    platform = models.CharField(
        _("platform"), max_length=60, blank=True, help_text=_("Empty: any platform.")
    )
    followers_from = models.PositiveIntegerField(_("followers from"), null=True, blank=True)
    followers_below = models.PositiveIntegerField(_("followers below"), null=True, blank=True)
    income_from_minor = models.BigIntegerField(
        _("monthly income from (fen)"), null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("100 fen are 1 yuan."),
    )  # fmt: skip
    income_below_minor = models.BigIntegerField(
        _("monthly income below (fen)"), null=True, blank=True, validators=[MinValueValidator(0)],
        help_text=_("100 fen are 1 yuan."),
    )  # fmt: skip
    valid_from = models.DateField(_("in force from"), default=timezone.localdate)
    valid_until = models.DateField(
        _("in force until"), null=True, blank=True, help_text=_("Inclusive; empty: until changed.")
    )

    class Meta:
        verbose_name = _("tier rule")
        verbose_name_plural = _("tier rules")
        ordering = ["position", "pk"]
        constraints = [
            models.CheckConstraint(
                condition=Q(valid_until__isnull=True) | Q(valid_until__gte=F("valid_from")),
                name="tier_rule_ends_after_it_begins",
                violation_error_message=_("The rule ends before it begins."),
            ),
            models.CheckConstraint(
                condition=Q(followers_from__isnull=True)
                | Q(followers_below__isnull=True)
                | Q(followers_below__gt=F("followers_from")),
                name="tier_rule_followers_range",
                violation_error_message=_("No number of followers lies between these limits."),
            ),
            models.CheckConstraint(
                condition=Q(income_from_minor__isnull=True)
                | Q(income_below_minor__isnull=True)
                | Q(income_below_minor__gt=F("income_from_minor")),
                name="tier_rule_income_range",
                violation_error_message=_("No income lies between these limits."),
            ),
        ]

    def __str__(self) -> str:
        return self.name


class TierRefusal(models.Model):
    """That somebody left a creator's tier as it is against a rule, on the numbers of that day."""

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="tier_refusals", verbose_name=_("creator")
    )
    rule = models.ForeignKey(
        TierRule, models.CASCADE, related_name="refusals", verbose_name=_("tier rule")
    )
    tier = models.CharField(_("tier proposed"), max_length=8, choices=Tier.choices)
    followers = models.PositiveIntegerField(_("followers"), null=True, blank=True)
    income_minor = models.BigIntegerField(_("monthly income (fen)"), null=True, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    taken_back_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, related_name="+",
        verbose_name=_("taken back by"),
    )  # fmt: skip
    taken_back_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("refusal of a tier")
        verbose_name_plural = _("refusals of tiers")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return f"{self.creator} · {self.rule}"
