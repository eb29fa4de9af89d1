from decimal import Decimal

import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _

from crm.bills.money import exponent
from crm.models.balances import BALANCE_TRIGGERS
from crm.models.changes import noted
from crm.models.creators import Creator
from crm.models.matches import PayerMatch
from crm.models.notes import NOTE_PAYMENTS
from crm.models.provider_events import ProviderEvent
from crm.querysets import PaymentQuerySet


class PaymentImport(models.Model):
    """One bill file as it was booked: what each row became, with the reason where it was not booked."""

    name = models.CharField(_("file name"), max_length=255)
    sha256 = models.CharField(max_length=64, db_index=True)
    format = models.CharField(_("format"), max_length=20)
    encoding = models.CharField(_("encoding"), max_length=20, blank=True)
    rows = models.PositiveIntegerField(_("rows"), default=0)
    booked = models.PositiveIntegerField(_("booked"), default=0)
    duplicates = models.PositiveIntegerField(_("duplicates"), default=0)
    ignored = models.JSONField(_("ignored"), default=list, blank=True)
    rejected = models.JSONField(_("rejected"), default=list, blank=True)
    totals = models.JSONField(_("totals"), default=dict, blank=True)
    warnings = models.JSONField(_("warnings"), default=list, blank=True)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("bill import")
        verbose_name_plural = _("bill imports")
        ordering = ["-at"]

    def __str__(self) -> str:
        return self.name


class Payment(models.Model):
    """A fact of the ledger: never edited, never deleted; state is derived from the facts.

    `minor` is a number of minor units of `currency` (fen, cents); the kind gives the sign. It is
    negative where money of that kind came back (a dispute won) and in a correction, which names
    the entry that it takes out of force and stands at its time, so that sums of any period see a
    mistake as never made. Only matches may be said later, each with an audit entry: the creator,
    and the charge of a refund whose bill did not name it.
    """

    class Kind(models.TextChoices):
        CHARGE = "charge", _("Charge")
        REFUND = "refund", _("Refund")
        DISPUTE = "dispute", _("Dispute")

    provider = models.CharField(_("provider"), max_length=12)
    event_id = models.CharField(_("event"), max_length=128)
    object_id = models.CharField(_("order"), max_length=128)
    kind = models.CharField(_("kind"), max_length=8, choices=Kind.choices)
    minor = models.BigIntegerField(_("amount in minor units"))
    currency = models.CharField(_("currency"), max_length=3)
    occurred_at = models.DateTimeField(_("time"))
    creator = models.ForeignKey(
        Creator,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("creator"),
    )
    payer = models.CharField(_("payer"), max_length=160, blank=True)
    payer_account = models.CharField(_("payer's account"), max_length=160, blank=True)
    subject = models.CharField(_("subject"), max_length=255, blank=True)
    refund_of = models.CharField(_("refund of"), max_length=128, blank=True)
    merchant_order = models.CharField(
        _("our order number"), max_length=64, blank=True, default="", db_default=""
    )
    corrects = models.OneToOneField(
        "self",
        models.PROTECT,
        null=True,
        blank=True,
        related_name="correction",
        verbose_name=_("corrects"),
    )
    reverses = models.BooleanField(_("takes out of force"), default=False, db_default=False)
    match = models.ForeignKey(
        PayerMatch,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("match"),
    )
    notice = models.ForeignKey(
        ProviderEvent,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("provider's notice"),
    )
    source = models.ForeignKey(
        PaymentImport,
        models.PROTECT,
        null=True,
        blank=True,
        related_name="payments",
        verbose_name=_("bill import"),
    )
    row = models.PositiveIntegerField(_("row in the bill"), null=True, blank=True)
    raw = models.JSONField(_("row as it stood"), default=dict, blank=True)
    booked_at = models.DateTimeField(_("booked"), auto_now_add=True)
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    objects = PaymentQuerySet.as_manager()

    class Meta:
        verbose_name = _("payment")
        verbose_name_plural = _("payments")
        ordering = ["-occurred_at", "-pk"]
        constraints = [
            models.UniqueConstraint(fields=["provider", "event_id"], name="payment_event_once"),
            models.UniqueConstraint(
                fields=["provider", "object_id", "kind"],
                name="payment_object_kind_once",
                condition=Q(corrects__isnull=True),
            ),
            models.CheckConstraint(
                condition=Q(minor__gt=0)
                | Q(minor__lt=0) & (Q(reverses=True) | Q(kind__in=["refund", "dispute"])),
                name="payment_minor_positive",
            ),
            models.CheckConstraint(
                condition=Q(reverses=False) | Q(corrects__isnull=False),
                name="payment_reversal_names_its_entry",
            ),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="payment_currency_iso"
            ),
        ]
        indexes = [
            models.Index(fields=["creator", "occurred_at"], name="payment_creator_time"),
            models.Index(fields=["occurred_at"], name="payment_time"),
            models.Index(fields=["provider", "object_id"], name="payment_object"),
            models.Index(
                fields=["provider", "refund_of"],
                name="payment_refund_of",
                condition=~Q(refund_of=""),
                include=["minor"],
            ),
            models.Index(
                fields=["payer", "payer_account"],
                name="payment_unmatched",
                condition=Q(creator__isnull=True),
                include=["minor", "occurred_at"],
            ),
            models.Index(
                fields=["merchant_order"],
                name="payment_merchant_order",
                condition=~Q(merchant_order=""),
            ),
        ]
        triggers = [
            noted("payment"),
            pgtrigger.ReadOnly(name="facts_are_fixed", exclude=["creator", "match", "refund_of"]),
            pgtrigger.Protect(
                name="charge_said_once",
                operation=pgtrigger.Update,
                condition=pgtrigger.Condition(
                    "OLD.refund_of <> '' AND OLD.refund_of IS DISTINCT FROM NEW.refund_of"
                ),
            ),
            pgtrigger.Protect(name="never_deleted", operation=pgtrigger.Delete),
            *BALANCE_TRIGGERS,
            *NOTE_PAYMENTS,
        ]

    def __str__(self) -> str:
        """Who, when, how much: what somebody who looks for a payment knows of it."""
        who = self.payer or self.payer_account or self.object_id
        amount = Decimal(self.signed_minor).scaleb(-exponent(self.currency))
        return (
            f"{who} · {timezone.localtime(self.occurred_at):%Y-%m-%d} · {amount:,} {self.currency}"
        )

    @property
    def signed_minor(self) -> int:
        return self.minor if self.kind == self.Kind.CHARGE else -self.minor
