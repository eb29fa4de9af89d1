from decimal import Decimal
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import display
from unfold.widgets import UnfoldAdminDecimalFieldWidget

from engines.admin.guards import ReadOnlyAdmin, guarded
from engines.models import Budget, EngineHealth, Price
from engines.money import decimal_of, micro_of, shown
from engines.services.resolution import Refused, budget_set_cap, price_add


def _amount(label: Any, help_text: Any = "") -> forms.DecimalField:
    return forms.DecimalField(
        label=label,
        help_text=help_text,
        min_value=0,
        max_digits=14,
        decimal_places=6,
        widget=UnfoldAdminDecimalFieldWidget,
    )


class CapForm(forms.Form):
    cap = _amount(_("cap"))


class PriceForm(forms.ModelForm):
    """Prices as vendors print them: so much for a million tokens."""

    input_price = _amount(_("in, for a million tokens"))
    cached_price = _amount(
        _("in from the cache, for a million tokens"),
        _("The same as in, where the engine has no cache price."),
    )
    output_price = _amount(_("out, for a million tokens"))

    picture_price = forms.DecimalField(
        label=_("a picture"),
        help_text=_("For engines that are paid by the picture; 0 for all others."),
        min_value=0,
        max_digits=14,
        decimal_places=6,
        required=False,
        initial=0,
        widget=UnfoldAdminDecimalFieldWidget,
    )

    class Meta:
        model = Price
        fields = ["engine", "model", "currency", "valid_from", "source"]


@admin.register(Price)
class PriceAdmin(ModelAdmin):
    """A new price is a new row: earlier calls were priced by the earlier ones."""

    form = PriceForm
    list_display = [
        "engine",
        "model",
        "input",
        "cached",
        "output",
        "picture",
        "valid_from",
        "source",
    ]
    search_fields = ["engine", "model"]
    fields = [
        ("engine", "model"), "input_price", "cached_price", "output_price", "picture_price", "currency",
        "valid_from", "source",
    ]  # fmt: skip

    def get_fields(self, request: HttpRequest, obj: Price | None = None) -> Any:
        if obj is None:
            return self.fields
        return [
            ("engine", "model"),
            ("input", "cached", "output", "picture"),
            "valid_from",
            "source",
        ]

    def get_readonly_fields(self, request: HttpRequest, obj: Price | None = None) -> Any:
        return [] if obj is None else ["input", "cached", "output", "picture"]

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def save_model(self, request: HttpRequest, obj: Price, form: PriceForm, change: bool) -> None:
        told = form.cleaned_data
        saved = price_add(
            engine=told["engine"],
            model=told["model"],
            input_micro=micro_of(told["input_price"]),
            cached_micro=micro_of(told["cached_price"]),
            output_micro=micro_of(told["output_price"]),
            picture_micro=micro_of(told["picture_price"] or Decimal(0)),
            currency=told["currency"],
            valid_from=told["valid_from"],
            source=told["source"],
            actor=request.user,
        )
        obj.pk = saved.pk

    @display(description=_("in"), ordering="input_micro")
    def input(self, price: Price) -> str:
        return shown(price.input_micro, price.currency)

    @display(description=_("in, cached"), ordering="cached_micro")
    def cached(self, price: Price) -> str:
        return shown(price.cached_micro, price.currency)

    @display(description=_("out"), ordering="output_micro")
    def output(self, price: Price) -> str:
        return shown(price.output_micro, price.currency)

    @display(description=_("a picture"), ordering="picture_micro")
    def picture(self, price: Price) -> str:
        return shown(price.picture_micro, price.currency) if price.picture_micro else "—"


@admin.register(Budget)
class BudgetAdmin(ReadOnlyAdmin):
    list_display = ["key", "cap", "reserved", "spent", "left", "beyond", "change_cap"]
    search_fields = ["key"]
    fields = ["key", "cap", "reserved", "spent", "left", "beyond"]

    def get_urls(self) -> list[URLPattern]:
        page = guarded(self.admin_site, self.cap_page, "engines.change_budget")
        return [path("<int:pk>/cap/", page, name="engines_cap"), *super().get_urls()]

    @display(description=_("cap"), ordering="cap_micro")
    def cap(self, budget: Budget) -> str:
        return shown(budget.cap_micro, budget.currency)

    @display(description=_("reserved"), ordering="reserved_micro")
    def reserved(self, budget: Budget) -> str:
        return shown(budget.reserved_micro, budget.currency)

    @display(description=_("spent"), ordering="spent_micro")
    def spent(self, budget: Budget) -> str:
        return shown(budget.spent_micro, budget.currency)

    @display(description=_("left"))
    def left(self, budget: Budget) -> str:
        return shown(budget.left_micro, budget.currency)

    @display(description=_("billed beyond"), ordering="overrun_micro")
    def beyond(self, budget: Budget) -> str:
        return shown(budget.overrun_micro, budget.currency) if budget.overrun_micro else "—"

    @display(description="")
    def change_cap(self, budget: Budget) -> SafeString:
        url = reverse("admin:engines_cap", args=[budget.pk])
        return format_html('<a class="pj-link" href="{}">{}</a>', url, _("Change the cap"))

    def cap_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        budget = get_object_or_404(Budget, pk=pk)
        initial = {"cap": decimal_of(budget.cap_micro).normalize() + Decimal(0)}
        form = CapForm(request.POST or None, initial=initial)
        if request.method == "POST" and form.is_valid():
            try:
                cap = micro_of(form.cleaned_data["cap"])
                budget_set_cap(budget=budget, cap_micro=cap, actor=request.user)
            except Refused as error:
                form.add_error("cap", str(error))
            else:
                messages.success(request, _("The cap is changed."))
                return redirect("admin:engines_budget_changelist")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Cap of %(budget)s in %(currency)s")
            % {"budget": budget.key, "currency": budget.currency},
            "opts": self.model._meta,
            "form": form,
            "back": reverse("admin:engines_budget_changelist"),
        }
        return render(request, "admin/upload_form.html", context)


@admin.register(EngineHealth)
class EngineHealthAdmin(ReadOnlyAdmin):
    list_display = ["engine", "failures", "last_error", "rests_until", "changed_at"]
