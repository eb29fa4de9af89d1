import pgtrigger
from django.conf import settings
from django.core.validators import MaxValueValidator, MinValueValidator, URLValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.encryption import EncryptedTextField
from crm.models import AiTool, Tier
from generation.models.jobs import Job
from insights.models import PainPoint


def _between(low: float, high: float) -> list[MinValueValidator | MaxValueValidator]:
    return [MinValueValidator(low), MaxValueValidator(high)]


class AlarmPolicy(models.Model):
    """The alarm's one row of settings: thresholds within their bounds, and who is told."""

    rank = models.FloatField(
        _("first in at least this share of resamples"),
        default=0.8,
        validators=_between(0.8, 0.99),
        help_text=_("0.8 to 0.99; below 0.8 the alarm would name pains that are not first."),
    )
    coverage = models.FloatField(
        _("covered from"),
        default=0.5,
        validators=_between(0.1, 0.9),
        help_text=_("0.1 to 0.9: the share of the pain that has to be gone in the tier."),
    )
    loved = models.FloatField(
        _("loved from"),
        default=0.5,
        validators=_between(0.3, 0.9),
        help_text=_("0.3 to 0.9: the lower limit of good verdicts has to reach it."),
    )
    minimum_n = models.PositiveSmallIntegerField(
        _("smallest n"),
        default=5,
        validators=_between(5, 200),
        help_text=_("5 to 200 creators asked, rating and known; below, nothing is judged."),
    )
    months = models.PositiveSmallIntegerField(
        _("months of paying looked at"), default=6, validators=_between(3, 24)
    )
    paying_days = models.PositiveSmallIntegerField(
        _("a payment counts for (days)"),
        default=45,
        validators=_between(31, 400),
        help_text=_("45 suits monthly plans, 100 quarterly ones."),
    )
    own_tool = models.ForeignKey(
        AiTool,
        models.SET_NULL,
        null=True,
        blank=True,
        verbose_name=_("our own tool"),
        help_text=_("Its satisfaction, as creators rate it, says whether what we built is loved."),
    )
    listeners = models.ManyToManyField(
        settings.AUTH_USER_MODEL,
        blank=True,
        limit_choices_to={"is_staff": True},
        related_name="+",
        verbose_name=_("told by e-mail"),
    )
    tell_owners = models.BooleanField(
        _("tell owners"), default=True, help_text=_("Owners of features that rest on the pain.")
    )
    webhook = models.CharField(
        _("webhook"),
        max_length=254,
        blank=True,
        validators=[URLValidator(["http", "https"])],
        help_text=_("One of the addresses that the installation allows (ALARM_WEBHOOKS)."),
    )
    webhook_secret = EncryptedTextField(
        _("secret of the webhook"),
        blank=True,
        help_text=_("Signs every message (HMAC-SHA256); encrypted at rest."),
    )
    checked_at = models.DateTimeField(_("last evaluated"), null=True, blank=True, editable=False)
    checked_mark = models.CharField(max_length=64, blank=True, editable=False)
    current = models.JSONField(_("result"), default=dict, blank=True, editable=False)

    class Meta:
        verbose_name = _("alarm settings")
        verbose_name_plural = _("alarm settings")
        constraints = [
            models.CheckConstraint(condition=Q(pk=1), name="alarm_policy_is_one"),
            models.CheckConstraint(
                condition=Q(rank__range=(0.8, 0.99))
                & Q(coverage__range=(0.1, 0.9))
                & Q(loved__range=(0.3, 0.9))
                & Q(minimum_n__range=(5, 200))
                & Q(months__range=(3, 24))
                & Q(paying_days__range=(31, 400)),
                name="alarm_policy_within_bounds",
            ),
        ]

    def __str__(self) -> str:
        return str(_("Alarm settings"))


class AlarmChange(models.Model):
    """An evaluation whose outcome differs from the one before: what it said and on what numbers."""

    class State(models.TextChoices):
        FIRES = "fires", _("Fires")
        QUIET = "quiet", _("Quiet")
        NOT_ENOUGH = "not_enough_data", _("Not enough data")

    state = models.CharField(_("state"), max_length=16, choices=State.choices)
    reason = models.CharField(_("reason"), max_length=40)
    pain = models.ForeignKey(
        PainPoint,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="alarms",
        verbose_name=_("pain point"),
    )
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices, blank=True)
    probability = models.FloatField(_("probability of being first"), null=True, blank=True)
    coverage = models.FloatField(_("coverage"), null=True, blank=True)
    sentence_zh = models.TextField(_("in Chinese"))
    sentence_en = models.TextField(_("in English"))
    document = models.JSONField(_("numbers"), default=dict)
    seed = models.BigIntegerField(_("seed"))
    at = models.DateTimeField(_("time"))

    class Meta:
        verbose_name = _("alarm")
        verbose_name_plural = _("alarms")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.get_state_display()} · {self.at:%Y-%m-%d}"

    @property
    def fires(self) -> bool:
        return self.state == self.State.FIRES


class AlarmNotice(Job):
    """One telling of one change to one address; its end is when they were told."""

    class Channel(models.TextChoices):
        EMAIL = "email", _("E-mail")
        WEBHOOK = "webhook", _("Webhook")

    change = models.ForeignKey(
        AlarmChange, models.PROTECT, related_name="notices", verbose_name=_("alarm")
    )
    channel = models.CharField(_("channel"), max_length=8, choices=Channel.choices)
    address = models.CharField(_("address"), max_length=254)
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("told")
    )

    class Meta:
        verbose_name = _("notice")
        verbose_name_plural = _("notices")
        ordering = ["-queued_at", "-pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["change", "channel", "address"], name="alarm_notice_once"
            )
        ]

    def __str__(self) -> str:
        return f"{self.get_channel_display()} · {self.address}"
