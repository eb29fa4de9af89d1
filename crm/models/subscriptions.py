"""What a creator ordered, said about their plan, asked back, and used up.

Whether an order is paid, which plan somebody has and until when is not kept: it follows from the
ledger (`crm.subscribing`).
"""

from datetime import datetime

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.models.creators import Creator
from crm.models.orders import PaymentOrder
from crm.models.plans import Plan


class PlanOrder(models.Model):
    """An order of a plan, written before the way to the provider; its amount stands in `payment`.

    The same form (`token`) sent twice is one order. `credit_minor` was taken off the plan's price
    for unused days of a plan that ends when this one begins.
    """

    payment = models.OneToOneField(
        PaymentOrder, models.PROTECT, related_name="plan_order", verbose_name=_("payment order")
    )
    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="plan_orders", verbose_name=_("creator")
    )
    plan = models.ForeignKey(Plan, models.PROTECT, related_name="orders", verbose_name=_("plan"))
    token = models.CharField(_("form"), max_length=64)
    begins_now = models.BooleanField(_("begins when paid"), default=False)
    credit_minor = models.BigIntegerField(_("taken off for unused days"), default=0)
    pay_url = models.TextField(_("where to pay"), blank=True)
    expires_at = models.DateTimeField(_("can be paid until"))
    closed_at = models.DateTimeField(_("given up"), null=True, blank=True)
    created_at = models.DateTimeField(_("ordered"), auto_now_add=True)

    class Meta:
        verbose_name = _("order of a plan")
        verbose_name_plural = _("orders of plans")
        ordering = ["-created_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["creator", "token"], name="plan_order_once_a_form"),
            models.CheckConstraint(condition=Q(credit_minor__gte=0), name="plan_order_credit"),
        ]
        indexes = [models.Index(fields=["creator", "created_at"], name="plan_order_creator")]
        triggers = [
            pgtrigger.ReadOnly(name="order_stands", exclude=["pay_url", "closed_at"]),
            pgtrigger.Protect(name="order_kept", operation=pgtrigger.Delete),
        ]

    def __str__(self) -> str:
        return self.payment.number

    def is_open(self, at: datetime | None = None) -> bool:
        """Whether it may still be paid; says nothing of whether it has been."""
        return self.closed_at is None and (at or timezone.now()) < self.expires_at


class SubscriptionEvent(models.Model):
    """What a creator said of their plan; rows are only added, the last one counts."""

    class Kind(models.TextChoices):
        CANCELLED = "cancelled", _("Will not go on")
        KEPT = "kept", _("Goes on after all")

    creator = models.ForeignKey(
        Creator, models.PROTECT, related_name="subscription_events", verbose_name=_("creator")
    )
    kind = models.CharField(_("what"), max_length=10, choices=Kind.choices)
    reason = models.CharField(_("why"), max_length=300, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), default=timezone.now)

    class Meta:
        verbose_name = _("word on a plan")
        verbose_name_plural = _("words on plans")
        ordering = ["-at", "-pk"]
        triggers = [
            pgtrigger.Protect(name="append_only", operation=pgtrigger.Update | pgtrigger.Delete)
        ]

    def __str__(self) -> str:
        return f"{self.creator} · {self.get_kind_display()}"


class RefundRequest(models.Model):
    """Money that staff asked the provider to give back; it is back when the ledger says so."""

    class State(models.TextChoices):
        ASKED = "asked", _("To be sent")
        SENT = "sent", _("Sent to the provider")
        FAILED = "failed", _("Refused by the provider")

    order = models.ForeignKey(
        PlanOrder, models.PROTECT, related_name="refunds", verbose_name=_("order")
    )
    number = models.CharField(_("refund number"), max_length=32, unique=True)
    token = models.CharField(_("form"), max_length=64, unique=True)
    minor = models.BigIntegerField(_("amount in minor units"))
    reason = models.CharField(_("why"), max_length=300)
    state = models.CharField(_("state"), max_length=8, choices=State.choices, default=State.ASKED)
    tries = models.PositiveSmallIntegerField(_("tries"), default=0)
    reference = models.CharField(_("the provider's name for it"), max_length=128, blank=True)
    error = models.TextField(_("what went wrong"), blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("asked"), auto_now_add=True)

    class Meta:
        verbose_name = _("refund asked for")
        verbose_name_plural = _("refunds asked for")
        ordering = ["-at", "-pk"]
        constraints = [
            models.CheckConstraint(condition=Q(minor__gt=0), name="refund_asked_positive")
        ]

    def __str__(self) -> str:
        return self.number


class PracticeNotice(models.Model):
    """A notice that the built-in test provider owes our own endpoint; sent until it is taken."""

    order = models.ForeignKey(PlanOrder, models.PROTECT, related_name="+")
    key = models.CharField(max_length=64, unique=True)
    url = models.URLField(max_length=300)
    said = models.JSONField(default=dict)
    tries = models.PositiveSmallIntegerField(default=0)
    answer = models.CharField(max_length=120, blank=True)
    at = models.DateTimeField(auto_now_add=True)
    taken_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        verbose_name = _("notice of the test provider")
        verbose_name_plural = _("notices of the test provider")
        ordering = ["-at", "-pk"]

    def __str__(self) -> str:
        return self.key
