from django.core.validators import RegexValidator
from django.db import models
from django.db.models import Q
from django.utils import timezone
from django.utils.translation import gettext_lazy as _


class Price(models.Model):
    """What an engine asks for a million tokens or for a picture, from a day on. A new price is a
    new row.

    Amounts are micro-units of the currency for a million tokens, so a price of 2 yuan is 2,000,000
    and one token costs 2 micro-units; a picture's are for one picture. An engine that costs nothing has a price of 0.
    """

    engine = models.CharField(_("engine"), max_length=60)
    model = models.CharField(
        _("model"), max_length=120, blank=True, help_text=_("Empty: every model of this engine.")
    )
    input_micro = models.BigIntegerField(_("in"))
    cached_micro = models.BigIntegerField(_("in, cached"))
    output_micro = models.BigIntegerField(_("out"))
    picture_micro = models.BigIntegerField(_("a picture"), default=0)
    currency = models.CharField(
        _("currency"),
        max_length=3,
        default="CNY",
        validators=[RegexValidator(r"^[A-Z]{3}$", _("Three capital letters, such as CNY."))],
    )
    valid_from = models.DateTimeField(_("valid from"), default=timezone.now)
    source = models.CharField(_("where it stands"), max_length=200, blank=True)

    class Meta:
        verbose_name = _("price")
        verbose_name_plural = _("prices")
        ordering = ["engine", "model", "-valid_from"]
        constraints = [
            models.CheckConstraint(
                condition=Q(input_micro__gte=0)
                & Q(cached_micro__gte=0)
                & Q(output_micro__gte=0)
                & Q(picture_micro__gte=0),
                name="price_not_negative",
            ),
            models.UniqueConstraint(
                fields=["engine", "model", "valid_from"], name="price_once_a_moment"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.engine} {self.model}".strip()
