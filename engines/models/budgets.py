from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _


class Budget(models.Model):
    """A cap on spending in one currency; what is reserved and spent never passes it.

    `overrun_micro` is what engines billed beyond what was reserved for a call, kept apart so that
    it neither hides nor breaks the rule. All amounts are micro-units.
    """

    key = models.CharField(_("for"), max_length=80, unique=True)
    cap_micro = models.BigIntegerField(_("cap"))
    reserved_micro = models.BigIntegerField(_("reserved"), default=0)
    spent_micro = models.BigIntegerField(_("spent"), default=0)
    overrun_micro = models.BigIntegerField(_("billed beyond"), default=0)
    currency = models.CharField(_("currency"), max_length=3, default="CNY")

    class Meta:
        verbose_name = _("budget")
        verbose_name_plural = _("budgets")
        constraints = [
            models.CheckConstraint(
                condition=Q(reserved_micro__gte=0)
                & Q(spent_micro__gte=0)
                & Q(overrun_micro__gte=0),
                name="budget_not_negative",
            ),
            models.CheckConstraint(
                condition=Q(
                    cap_micro__gte=F("reserved_micro") + F("spent_micro") - F("overrun_micro")
                ),
                name="budget_under_cap",
            ),
        ]

    def __str__(self) -> str:
        return self.key

    @property
    def left_micro(self) -> int:
        return max(0, self.cap_micro - self.reserved_micro - self.spent_micro)
