from django.conf import settings
from django.db import models
from django.utils.translation import gettext_lazy as _

from crm.models.creators import Creator, PayerName


class PayerMatch(models.Model):
    """One act of saying who paid: which creator, by which rule, for how many payments.

    The payments point to it, so that the act can be taken back as a whole.
    """

    creator = models.ForeignKey(
        Creator,
        models.CASCADE,
        null=True,
        blank=True,
        related_name="payer_matches",
        verbose_name=_("creator"),
    )
    before = models.ForeignKey(
        Creator,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("creator before"),
    )
    rule = models.ForeignKey(
        PayerName,
        models.SET_NULL,
        null=True,
        blank=True,
        related_name="+",
        verbose_name=_("remembered rule"),
    )
    payer = models.CharField(_("payer"), max_length=160, blank=True)
    payments_count = models.PositiveIntegerField(_("payments"), default=0)
    by = models.ForeignKey(
        settings.AUTH_USER_MODEL, models.SET_NULL, null=True, blank=True, verbose_name=_("by")
    )
    at = models.DateTimeField(_("time"), auto_now_add=True)
    undone_at = models.DateTimeField(_("taken back"), null=True, blank=True)

    class Meta:
        verbose_name = _("match of payer and creator")
        verbose_name_plural = _("matches of payer and creator")
        ordering = ["-at"]

    def __str__(self) -> str:
        return f"{self.payer} → {self.creator}"
