"""Plans on offer, who has which, their orders, and money given back."""

from decimal import Decimal
from typing import Any
from uuid import uuid4

from django import forms
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminDecimalFieldWidget, UnfoldAdminTextInputWidget

from crm.bills.money import exponent
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Plan, PlanOrder, QuotaUse, RefundRequest, SubscriptionEvent
from crm.money import shown
from crm.plan_page import order_card, provider_label, subscriptions_of
from crm.plan_reads import latest_words, orders_for_team, paid_up_creators, refundable
from crm.services.paying import paying_note_price
from crm.services.refunds import refund_ask
from crm.tasks import refund_send_start
from engines.admin import ReadOnlyAdmin, guarded


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


class RefundForm(forms.Form):
    """An amount in the currency's own decimal; the service says what is too much."""

    amount = forms.DecimalField(
        label=_("amount"), min_value=Decimal("0.01"), decimal_places=3,
        widget=UnfoldAdminDecimalFieldWidget,
    )  # fmt: skip
    reason = forms.CharField(
        label=_("why"), max_length=300, widget=UnfoldAdminTextInputWidget,
        help_text=_("Kept with the refund; the creator does not see it."),
    )  # fmt: skip
    token = forms.CharField(max_length=64, widget=forms.HiddenInput)


@admin.register(PlanOrder)
class PlanOrderAdmin(ReadOnlyAdmin):
    """Orders of plans; whether one is paid is what the ledger says."""

    list_display = ["created_at", "number", "creator", "plan", "amount", "state", "provider"]
    list_filter = ["plan", "payment__provider"]
    list_select_related = ["creator", "plan", "payment"]
    search_fields = ["payment__number", "creator__name"]
    show_full_result_count = False
    actions_list = ["who_has_what"]
    actions_detail = ["give_back"]
    fields = [
        ("number", "provider"), ("creator", "plan"), ("amount", "credit"), ("state", "came_in"),
        ("begins_now", "created_at", "expires_at", "closed_at"), "asked_back",
    ]  # fmt: skip
    readonly_fields = [
        "number", "provider", "amount", "credit", "state", "came_in", "asked_back",
    ]  # fmt: skip

    def get_urls(self) -> list[URLPattern]:
        back = guarded(self.admin_site, self.refund_view, "crm.add_refundrequest")
        team = guarded(self.admin_site, self.subscriptions_view, "crm.view_planorder")
        return [
            path("<int:pk>/refund/", back, name="crm_planorder_refund"),
            path("subscriptions/", team, name="crm_subscriptions"),
            *super().get_urls(),
        ]

    @display(description=_("order number"), ordering="payment__number")
    def number(self, order: PlanOrder) -> str:
        return order.payment.number

    @display(description=_("provider"), ordering="payment__provider")
    def provider(self, order: PlanOrder) -> str:
        return provider_label(order.payment.provider)

    @display(description=_("amount"), ordering="payment__minor")
    def amount(self, order: PlanOrder) -> str:
        return shown(order.payment.minor, order.payment.currency)

    @display(description=_("taken off for unused days"))
    def credit(self, order: PlanOrder) -> str:
        return shown(order.credit_minor, order.payment.currency)

    @display(description=_("state"))
    def state(self, order: PlanOrder) -> str:
        return order_card(order).label

    @display(description=_("came in, less what went back"))
    def came_in(self, order: PlanOrder) -> str:
        card = order_card(order)
        return shown(card.charged - card.back, order.payment.currency) if card.charged else "—"

    @display(description=_("refunds asked for"))
    def asked_back(self, order: PlanOrder) -> str:
        lines = [
            f"{row.number} · {shown(row.minor, order.payment.currency)} · "
            f"{row.get_state_display()} · {row.reason} {row.error}".rstrip()
            for row in order.refunds.all()
        ]
        return "\n".join(lines) or "—"

    @action(description=_("Who has which plan"), url_path="who", icon="groups")
    def who_has_what(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_subscriptions")

    @action(description=_("Give money back"), url_path="give-back", icon="undo")
    def give_back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:crm_planorder_refund", object_id)

    def refund_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Ask the provider to give back a part or all; the ledger books it when the provider says so."""
        order = get_object_or_404(orders_for_team(), pk=pk)
        currency = order.payment.currency
        form = RefundForm(request.POST or None, initial={"token": uuid4().hex})
        if request.method == "POST" and form.is_valid():
            minor = form.cleaned_data["amount"].scaleb(exponent(currency))
            if minor != minor.to_integral_value():
                form.add_error("amount", _("There is no smaller coin of this currency."))
            else:
                try:
                    asked, _new = refund_ask(
                        order=order, minor=int(minor), reason=form.cleaned_data["reason"],
                        token=form.cleaned_data["token"], actor=actor_of(request),
                    )  # fmt: skip
                except DomainError as error:
                    form.add_error("amount", str(error))
                else:
                    refund_send_start(asked.pk)
                    messages.success(
                        request, _("Asked for. It is back when the provider's notice is booked.")
                    )
                    return redirect("admin:crm_planorder_change", pk)
        left = refundable(order)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Give money back for %(number)s") % {"number": order.payment.number},
            "form": form,
            "opts": self.model._meta,
            "note": _("At most %(left)s can be given back.") % {"left": shown(left, currency)},
        }
        status = 422 if form.errors else 200
        return render(request, "admin/crm/refund_form.html", context, status=status)

    def subscriptions_view(self, request: HttpRequest) -> HttpResponse:
        """Who has which paid plan until when, and what of this month is used."""
        page = Paginator(paid_up_creators(), 50).get_page(request.GET.get("page"))
        context = {
            **self.admin_site.each_context(request),
            "title": _("Who has which plan"),
            "opts": self.model._meta,
            "page": page,
            "rows": subscriptions_of(list(page.object_list)),
            "words": latest_words(),
        }
        return render(request, "admin/crm/subscriptions.html", context)


@admin.register(RefundRequest)
class RefundRequestAdmin(ReadOnlyAdmin):
    list_display = ["at", "number", "order", "amount", "state", "reason", "by", "error"]
    list_filter = ["state"]
    list_select_related = ["order__payment", "by"]
    search_fields = ["number", "order__payment__number"]

    @display(description=_("amount"), ordering="minor")
    def amount(self, request: RefundRequest) -> str:
        return shown(request.minor, request.order.payment.currency)


@admin.register(SubscriptionEvent)
class SubscriptionEventAdmin(ReadOnlyAdmin):
    """Who said that they would not go on, and why."""

    list_display = ["at", "creator", "kind", "reason", "by"]
    list_filter = ["kind"]
    list_select_related = ["creator", "by"]
    search_fields = ["creator__name", "reason"]


@admin.register(QuotaUse)
class QuotaUseAdmin(ReadOnlyAdmin):
    list_display = ["month", "creator", "runs", "frames", "characters"]
    list_select_related = ["creator"]
    search_fields = ["creator__name"]
    show_full_result_count = False
