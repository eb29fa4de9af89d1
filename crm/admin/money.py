"""Exchange rates, and the stretches of paying behind the curves."""

from typing import Any

from django.contrib import admin
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display

from crm.models import Creator, ExchangeRate, PayerBalance, PayingSpell
from crm.money import shown
from crm.paying import PAID, STATES, spells_in_state
from engines.admin import ReadOnlyAdmin


class PayingFilter(admin.SimpleListFilter):
    """Creators who have paid more than was given back, in any or in one currency."""

    title = _("payments")
    parameter_name = "paying"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        codes = PayerBalance.objects.order_by("currency").values_list("currency", flat=True)
        return [
            ("yes", _("Has paid")),
            ("no", _("Has never paid")),
            *(
                (code, _("Has paid in %(currency)s") % {"currency": code})
                for code in codes.distinct()
            ),
        ]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Creator]) -> QuerySet[Creator]:
        wanted = self.value()
        if not wanted:
            return queryset
        paid = PayerBalance.objects.filter(PAID, creator=OuterRef("pk"))
        if wanted in ("yes", "no"):
            return queryset.filter(Exists(paid) if wanted == "yes" else ~Exists(paid))
        return queryset.filter(Exists(paid.filter(currency=wanted)))


class StateFilter(admin.SimpleListFilter):
    """How a stretch stood when the data ended, as the curves count it."""

    title = _("when the data ended")
    parameter_name = "state"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        names = (_("could be followed"), _("had left"), _("was paying again or still"))
        return list(zip(STATES, names, strict=True))

    def queryset(
        self, request: HttpRequest, queryset: QuerySet[PayingSpell]
    ) -> QuerySet[PayingSpell]:
        state = self.value()
        return spells_in_state(queryset, state) if state in STATES else queryset


@admin.register(ExchangeRate)
class ExchangeRateAdmin(ModelAdmin):
    list_display = ["on", "currency", "into", "rate", "source"]
    list_filter = ["currency", "into"]
    search_fields = ["currency", "source"]
    fieldsets = [(None, {"fields": [("currency", "into"), ("rate", "on"), "source"]})]


@admin.register(PayingSpell)
class PayingSpellAdmin(ReadOnlyAdmin):
    list_display = [
        "creator", "tier", "number", "started", "last", "paid_until", "charges", "paid", "provider",
    ]  # fmt: skip
    list_filter = [("tier", ChoicesDropdownFilter), "currency", StateFilter, "provider"]
    list_filter_submit = True
    list_select_related = ["creator"]
    search_fields = ["creator__name"]
    show_full_result_count = False
    list_per_page = 50

    @display(description=_("first charge"), ordering="started_at")
    def started(self, spell: PayingSpell) -> Any:
        return spell.started_at.date()

    @display(description=_("last charge"), ordering="last_at")
    def last(self, spell: PayingSpell) -> Any:
        return spell.last_at.date()

    @display(description=_("paid until"), ordering="until")
    def paid_until(self, spell: PayingSpell) -> Any:
        return spell.until.date()

    @display(description=_("paid"), ordering="net_minor")
    def paid(self, spell: PayingSpell) -> str:
        return shown(spell.net_minor, spell.currency)
