"""Summaries of the ledger for the money pages, and the dated rates that sums are converted at.

The summaries are made from the payments by `crm.services.paying` and hold nothing of their own:
deleted and made again they are the same. What a payment changes is noted by triggers in the
payment's own transaction, so a summary that is behind says so.
"""

from django.core.validators import MinValueValidator
from django.db import models
from django.db.models import F, Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.creators import Creator, Tier
from crm.models.plans import CURRENCY


class ExchangeRate(models.Model):
    """What one unit of a currency was worth in another on a day, and who said so."""

    currency = models.CharField(_("currency"), max_length=3, validators=[CURRENCY])
    into = models.CharField(_("into"), max_length=3, default="CNY", validators=[CURRENCY])
    rate = models.DecimalField(
        _("rate"),
        max_digits=18,
        decimal_places=8,
        validators=[MinValueValidator(0)],
        help_text=_("How much of the second currency one unit of the first buys."),
    )
    on = models.DateField(_("day of the rate"), default=timezone.localdate)
    source = models.CharField(_("source"), max_length=160, help_text=_("Who published it."))
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    class Meta:
        verbose_name = _("exchange rate")
        verbose_name_plural = _("exchange rates")
        ordering = ["-on", "currency"]
        constraints = [
            models.UniqueConstraint(
                fields=["currency", "into", "on"],
                name="rate_once_a_day",
                violation_error_message=_("There is a rate of these two for that day already."),
            ),
            models.CheckConstraint(
                condition=Q(rate__gt=0) & ~Q(currency=F("into")),
                name="rate_of_two_currencies",
                violation_error_message=_("A rate is above 0 and between two currencies."),
            ),
        ]

    def __str__(self) -> str:
        return f"1 {self.currency} = {self.rate.normalize():f} {self.into} ({self.on:%Y-%m-%d})"


class PayingSpell(models.Model):
    """A creator's stretch of paying without a gap longer than the grace, in one currency.

    `until` is the moment up to which they have paid: each charge that was not wholly taken back
    adds its period, from the end of what was paid before or from its own day if that is later.
    """

    creator = models.ForeignKey(
        Creator, models.CASCADE, related_name="paying_spells", verbose_name=_("creator")
    )
    currency = models.CharField(_("currency"), max_length=3)
    number = models.PositiveSmallIntegerField(_("which time"))
    tier = models.CharField(_("tier at its start"), max_length=8, choices=Tier.choices)
    provider = models.CharField(_("provider of the last charge"), max_length=12)
    started_at = models.DateTimeField(_("first charge"))
    last_at = models.DateTimeField(_("last charge"))
    until = models.DateTimeField(_("paid until"))
    charges = models.PositiveIntegerField(_("charges"))
    net_minor = models.BigIntegerField(_("paid in minor units"))
    last_minor = models.BigIntegerField(_("last charge in minor units"))
    last_days = models.PositiveSmallIntegerField(_("days of the last charge"))

    class Meta:
        verbose_name = _("stretch of paying")
        verbose_name_plural = _("stretches of paying")
        ordering = ["-started_at", "pk"]
        constraints = [
            models.UniqueConstraint(
                fields=["creator", "currency", "number"], name="paying_spell_once"
            )
        ]
        indexes = [
            models.Index(
                fields=["currency", "number", "started_at"],
                name="paying_spell_start",
                include=["tier", "provider", "until"],
            )
        ]

    def __str__(self) -> str:
        return f"{self.creator} {self.currency} {self.started_at:%Y-%m-%d}"


class PayingMonth(models.Model):
    """A month's charges by currency and tier, less what was taken back of them since.

    A payer is in the tier of their first charge in that month. `net_squares` is the sum of the
    squares of what each payer paid, from which the mean has its interval.
    """

    month = models.DateField(_("month"))
    currency = models.CharField(_("currency"), max_length=3)
    tier = models.CharField(_("tier"), max_length=8, choices=Tier.choices)
    payers = models.PositiveIntegerField(_("payers"))
    charges = models.PositiveIntegerField(_("charges"))
    charged_minor = models.BigIntegerField(_("charged in minor units"))
    net_minor = models.BigIntegerField(_("net in minor units"))
    net_squares = models.DecimalField(max_digits=40, decimal_places=0)

    class Meta:
        verbose_name = _("paying month")
        verbose_name_plural = _("paying months")
        ordering = ["-month", "currency", "tier"]
        constraints = [
            models.UniqueConstraint(fields=["month", "currency", "tier"], name="paying_month_once")
        ]

    def __str__(self) -> str:
        return f"{self.month:%Y-%m} {self.currency} {self.tier}"


class PayingTally(models.Model):
    """What `crm.paying.TALLIES` answered when the summaries were last made."""

    name = models.CharField(max_length=12)
    currency = models.CharField(max_length=3, blank=True)
    rows = models.JSONField(default=list)

    class Meta:
        verbose_name = _("kept sum")
        verbose_name_plural = _("kept sums")
        constraints = [
            models.UniqueConstraint(fields=["name", "currency"], name="paying_tally_once")
        ]

    def __str__(self) -> str:
        return f"{self.name} {self.currency}"


class SpellDue(models.Model):
    """A creator whose stretches have to be made again; several rows are one."""

    creator = models.ForeignKey(Creator, models.CASCADE, related_name="+")

    class Meta:
        verbose_name = _("stretch to be made again")
        verbose_name_plural = _("stretches to be made again")

    def __str__(self) -> str:
        return str(self.creator_id)


class MonthDue(models.Model):
    """A month that has to be summed again; several rows are one."""

    month = models.DateField()

    class Meta:
        verbose_name = _("month to be summed again")
        verbose_name_plural = _("months to be summed again")

    def __str__(self) -> str:
        return f"{self.month:%Y-%m}"


class PayingAsOf(models.Model):
    """One row: when the summaries last held everything that the ledger held."""

    at = models.DateTimeField(_("as of"))
    seconds = models.FloatField(_("seconds it took"), default=0)

    class Meta:
        verbose_name = _("state of the summaries")
        verbose_name_plural = _("state of the summaries")

    def __str__(self) -> str:
        return f"{self.at:%Y-%m-%d %H:%M}"
