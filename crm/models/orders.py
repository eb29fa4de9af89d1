import pgtrigger
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.models.creators import Creator


class PaymentOrder(models.Model):
    """What a creator was asked to pay, before any provider says that they did.

    `number` is our own number, which every provider repeats in its notice (out_trade_no of WeChat
    and Alipay, metadata.order of Stripe). A charge that names it must be of exactly this amount
    and currency, and is this creator's. Whether it is paid is derived from the ledger.
    """

    number = models.CharField(_("order number"), max_length=32, unique=True)
    provider = models.CharField(_("provider"), max_length=12)
    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="payment_orders", verbose_name=_("creator")
    )
    minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    opened_at = models.DateTimeField(_("opened"), auto_now_add=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    class Meta:
        verbose_name = _("payment order")
        verbose_name_plural = _("payment orders")
        ordering = ["-opened_at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minor__gt=0), name="order_minor_positive"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="order_currency_iso"
            ),
        ]
        triggers = [pgtrigger.ReadOnly(name="order_is_fixed")]

    def __str__(self) -> str:
        return self.number
