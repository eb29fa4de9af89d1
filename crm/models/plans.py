"""What is on offer: a free tier and paid plans, each with what a month of it holds."""

from django.core.validators import MinValueValidator, RegexValidator
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from crm.bilingual import in_language

CURRENCY = RegexValidator(r"^[A-Z]{3}$", _("Write a currency as three capital letters, e.g. CNY."))


class Plan(models.Model):
    """An offer: price in minor units for one period, and a quota for each calendar month.

    An empty quota is none at all, so nothing is limited. The plan whose price is 0 is the free
    tier; there is at most one.
    """

    class Period(models.TextChoices):
        MONTH = "month", _("Month")
        QUARTER = "quarter", _("Quarter")
        YEAR = "year", _("Year")

    MONTHS = {Period.MONTH: 1, Period.QUARTER: 3, Period.YEAR: 12}
    DAYS = {Period.MONTH: 31, Period.QUARTER: 92, Period.YEAR: 366}
    """The longest that a period can last; what no charge follows for so long has been paid up."""

    key = models.SlugField(_("key"), unique=True)
    title_zh = models.CharField(_("title in Chinese"), max_length=80)
    title_en = models.CharField(_("title in English"), max_length=80, blank=True)
    words_zh = models.CharField(_("description in Chinese"), max_length=240, blank=True)
    words_en = models.CharField(_("description in English"), max_length=240, blank=True)
    minor = models.BigIntegerField(
        _("price in minor units"),
        validators=[MinValueValidator(0)],
        help_text=_("In fen or cents for one period; 0 is the free tier."),
    )
    currency = models.CharField(_("currency"), max_length=3, default="CNY", validators=[CURRENCY])
    period = models.CharField(
        _("period"), max_length=8, choices=Period.choices, default=Period.MONTH
    )
    period_days = models.PositiveSmallIntegerField(editable=False, default=31)
    runs = models.PositiveIntegerField(_("runs a month"), null=True, blank=True)
    frames = models.PositiveIntegerField(_("pictures a month"), null=True, blank=True)
    characters = models.PositiveBigIntegerField(_("characters a month"), null=True, blank=True)
    position = models.PositiveSmallIntegerField(_("position"), default=0)
    on_sale = models.BooleanField(
        _("on sale"), default=True, help_text=_("Who has it keeps it when it is taken off sale.")
    )
    is_sample = models.BooleanField(_("sample"), default=False, editable=False)

    class Meta:
        verbose_name = _("plan")
        verbose_name_plural = _("plans")
        ordering = ["position", "minor", "key"]
        constraints = [
            models.CheckConstraint(condition=Q(minor__gte=0), name="plan_price_not_negative"),
            models.CheckConstraint(
                condition=Q(currency__regex=r"^[A-Z]{3}$"), name="plan_currency_iso"
            ),
            models.UniqueConstraint(
                "minor",
                condition=Q(minor=0, on_sale=True),
                name="plan_one_free_tier",
                violation_error_message=_("There is a free tier already; it can be edited."),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    def save(self, *args: object, **kwargs: object) -> None:
        self.period_days = self.DAYS[self.Period(self.period)]
        super().save(*args, **kwargs)  # type: ignore[arg-type]

    @property
    def title(self) -> str:
        return in_language(self.title_zh, self.title_en)

    @property
    def words(self) -> str:
        return in_language(self.words_zh, self.words_en)

    @property
    def is_free(self) -> bool:
        return self.minor == 0

    @property
    def months(self) -> int:
        return self.MONTHS[self.Period(self.period)]
