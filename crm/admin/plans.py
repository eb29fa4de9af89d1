"""Plans: what is on offer, written by the team."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display

from crm.models import Plan
from crm.money import shown
from crm.services.paying import paying_note_price


@admin.register(Plan)
class PlanAdmin(ModelAdmin):
    list_display = ["name", "price", "period", "runs", "frames", "characters", "on_sale"]
    list_filter = ["on_sale", "period"]
    search_fields = ["key", "title_zh", "title_en"]
    fieldsets = [
        (None, {"fields": [("title_zh", "title_en"), ("words_zh", "words_en"), "key"]}),
        (_("Price"), {"fields": [("minor", "currency", "period"), ("on_sale", "position")]}),
        (_("What a month holds"), {
            "fields": [("runs", "frames", "characters")],
            "description": _("Empty means without a limit."),
        }),
    ]  # fmt: skip

    def save_model(self, request: HttpRequest, obj: Plan, form: Any, change: bool) -> None:
        super().save_model(request, obj, form, change)
        paying_note_price(minor=obj.minor, currency=obj.currency)

    @display(description=_("plan"), ordering="position")
    def name(self, plan: Plan) -> str:
        return plan.title

    @display(description=_("price"), ordering="minor")
    def price(self, plan: Plan) -> str:
        return str(_("free")) if plan.is_free else shown(plan.minor, plan.currency)
