"""Money guard of every call to the outside: a budget is reserved, then settled, by conditional update."""

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Budget(models.Model):
    """A cap on spending in one currency; `reserved + spent` never passes `cap_minor`."""

    key = models.CharField(_("for"), max_length=80, unique=True)
    cap_minor = models.BigIntegerField(_("cap in minor units"))
    reserved_minor = models.BigIntegerField(_("reserved"), default=0)
    spent_minor = models.BigIntegerField(_("spent"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved_minor__gte=0) & Q(spent_minor__gte=0),
                name="budget_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(cap_minor__gte=F("reserved_minor") + F("spent_minor")),
                name="budget_under_cap",
            ),
        ]

    def __str__(self) -> str:
        return self.key


class PaidCall(models.Model):
    """One call that may cost money, by the content of what was asked: paid at most once a key."""

    class State(models.TextChoices):
        RESERVED = "reserved", _("Reserved")
        SETTLED = "settled", _("Settled")
        FAILED = "failed", _("Failed, not billed")
        IN_DOUBT = "in_doubt", _("In doubt")

    key = models.CharField(_("content key"), max_length=64, unique=True)
    purpose = models.CharField(_("purpose"), max_length=60)
    engine = models.CharField(_("engine"), max_length=60)
    model = models.CharField(_("model"), max_length=120, blank=True)
    budget = models.ForeignKey(Budget, models.PROTECT, related_name="calls")
    state = models.CharField(
        _("state"), max_length=10, choices=State.choices, default=State.RESERVED
    )
    reserved_minor = models.BigIntegerField(_("reserved"), default=0)
    cost_minor = models.BigIntegerField(_("cost"), default=0)
    input_tokens = models.PositiveIntegerField(_("tokens in"), default=0)
    output_tokens = models.PositiveIntegerField(_("tokens out"), default=0)
    price_list = models.CharField(_("price list"), max_length=60, blank=True)
    price_date = models.DateField(_("price of"), null=True, blank=True)
    answer = models.JSONField(_("answer"), null=True, blank=True)
    error = models.CharField(_("error"), max_length=120, blank=True)
    reserved_at = models.DateTimeField(_("reserved at"), auto_now_add=True)
    ended_at = models.DateTimeField(_("ended at"), null=True, blank=True)

    class Meta:
        verbose_name = _("paid call")
        verbose_name_plural = _("paid calls")
        ordering = ["-reserved_at"]
        indexes = [models.Index(fields=["state", "reserved_at"], name="paid_call_state")]

    def __str__(self) -> str:
        return f"{self.purpose} {self.key[:8]}"
