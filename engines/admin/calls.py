from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import display
from unfold.widgets import (
    UnfoldAdminDecimalFieldWidget,
    UnfoldAdminRadioSelectWidget,
    UnfoldAdminTextInputWidget,
)

from engines.admin.guards import ReadOnlyAdmin, guarded
from engines.models import PaidCall
from engines.money import micro_of, shown
from engines.selectors import calls_in_doubt, held_in_doubt
from engines.services.resolution import Refused, resolve_as_billed, resolve_as_not_billed
from engines.use import use_of

STATE_COLOURS = {
    PaidCall.State.RESERVED: "info",
    PaidCall.State.CALLING: "info",
    PaidCall.State.SETTLED: "success",
    PaidCall.State.FAILED: "warning",
    PaidCall.State.IN_DOUBT: "danger",
}


PURPOSES = {
    "storyboard": _("Storyboard"),
    "evaluation": _("Evaluation"),
    "judging": _("Judging pairs"),
}
SPANS = (30, 90, 365)
# How a call came into doubt.
HAPPENED = {
    "timeout": _("no answer within its time"),
    "lost": _("the connection was cut"),
    "server_error": _("the engine broke"),
    "rubbish": _("an unreadable answer"),
    "no_choice": _("an empty answer"),
    "too_large_an_answer": _("an answer too large to read"),
    "interrupted": _("our process was stopped"),
    "process_lost": _("our process died"),
}


def purpose_of(call: PaidCall) -> str:
    return str(PURPOSES.get(call.purpose, call.purpose))


def happened_to(call: PaidCall) -> str:
    return str(HAPPENED.get(call.error, call.error))


class ResolveForm(forms.Form):
    BILLED, NOT_BILLED = "billed", "not_billed"

    outcome = forms.ChoiceField(
        label=_("What the engine's bill says"),
        choices=[
            (NOT_BILLED, _("Not billed: free the money; the call may be made again")),
            (BILLED, _("Billed: book the amount; its answer is lost")),
        ],
        widget=UnfoldAdminRadioSelectWidget,
    )
    amount = forms.DecimalField(
        label=_("Amount billed"),
        required=False,
        min_value=0,
        max_digits=14,
        decimal_places=6,
        widget=UnfoldAdminDecimalFieldWidget,
    )
    note = forms.CharField(
        label=_("How you know"), max_length=300, widget=UnfoldAdminTextInputWidget
    )

    def clean(self) -> dict[str, Any]:
        data = super().clean() or {}
        if data.get("outcome") == self.BILLED and data.get("amount") is None:
            self.add_error("amount", _("Write the amount that the bill names."))
        return data


@admin.register(PaidCall)
class PaidCallAdmin(ReadOnlyAdmin):
    list_display = [
        "reserved_at", "purpose_shown", "engine", "model", "state_badge", "tokens", "cost", "decide",
    ]  # fmt: skip
    list_filter = [("state", ChoicesDropdownFilter)]
    list_filter_submit = True
    list_select_related = ["budget"]
    show_full_result_count = False
    list_per_page = 50
    search_fields = ["key", "request_id"]
    search_help_text = _("The content key, or the engine's own number, in full.")
    fields = [
        ("state", "attempt"), ("purpose_shown", "budget"), ("engine", "model"), "key",
        ("cost", "reserved"), ("input_tokens", "cached_tokens", "output_tokens"),
        "tokens_reported", ("price_list", "price_date"), "request_id", "error", "resolution",
        ("reserved_at", "ended_at"),
    ]  # fmt: skip

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaidCall]:
        return super().get_queryset(request).defer("answer")

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[PaidCall], search_term: str
    ) -> tuple[QuerySet[PaidCall], bool]:
        """By whole keys and numbers, which have indexes: a part of one in ten million takes seconds."""
        term = search_term.strip()
        if term:
            queryset = queryset.filter(Q(key=term) | Q(request_id=term))
        return queryset, False

    def get_urls(self) -> list[URLPattern]:
        queue = guarded(self.admin_site, self.queue_page, "engines.view_paidcall")
        resolve = guarded(self.admin_site, self.resolve_page, "engines.resolve_paidcall")
        use = guarded(self.admin_site, require_GET(self.use_page), "engines.view_paidcall")
        return [
            path("in-doubt/", queue, name="engines_in_doubt"),
            path("<int:pk>/resolve/", resolve, name="engines_resolve"),
            path("use/", use, name="engines_use"),
            *super().get_urls(),
        ]

    def use_page(self, request: HttpRequest) -> HttpResponse:
        """Tokens a day and by engine, over 30, 90 or 365 days."""
        asked = request.GET.get("days", "")
        days = int(asked) if asked in {str(span) for span in SPANS} else 90
        found = use_of(timezone.localdate(), days)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Token use"),
            "use": found,
            "span": days,
            "spans": SPANS,
            "groups": [
                (str(PURPOSES.get(group.purpose, group.purpose)), group) for group in found.groups
            ],
        }
        return render(request, "admin/engines/use.html", context)

    @display(description=_("purpose"), ordering="purpose")
    def purpose_shown(self, call: PaidCall) -> str:
        return purpose_of(call)

    @display(description=_("state"), ordering="state", label=STATE_COLOURS)
    def state_badge(self, call: PaidCall) -> tuple[str, str]:
        return call.state, call.get_state_display()

    @display(description=_("tokens in, out"))
    def tokens(self, call: PaidCall) -> str:
        if call.state != PaidCall.State.SETTLED:
            return "—"
        mark = "" if call.tokens_reported else " ≈"
        return f"{call.input_tokens:,} → {call.output_tokens:,}{mark}"

    @display(description=_("cost"), ordering="cost_micro")
    def cost(self, call: PaidCall) -> str:
        if call.state != PaidCall.State.SETTLED:
            return "—"
        return shown(call.cost_micro, call.currency)

    @display(description=_("held at most"))
    def reserved(self, call: PaidCall) -> str:
        return shown(call.reserved_micro, call.currency)

    @display(description=_("decision"))
    def decide(self, call: PaidCall) -> SafeString | str:
        if call.state != PaidCall.State.IN_DOUBT:
            return ""
        url = reverse("admin:engines_resolve", args=[call.pk])
        return format_html('<a class="pj-link" href="{}">{}</a>', url, _("Decide"))

    def queue_page(self, request: HttpRequest) -> HttpResponse:
        """Calls whose outcome nobody knows, with the money that they hold."""
        calls = list(calls_in_doubt()[:200])
        context = {
            **self.admin_site.each_context(request),
            "title": _("Calls in doubt"),
            "opts": self.model._meta,
            "rows": [
                {
                    "call": call,
                    "purpose": purpose_of(call),
                    "happened": happened_to(call),
                    "amount": shown(call.reserved_micro, call.currency),
                }
                for call in calls
            ],
            "held": [(item.calls, shown(item.micro, item.currency)) for item in held_in_doubt()],
            "may_resolve": request.user.has_perm("engines.resolve_paidcall"),
        }
        return render(request, "admin/engines/in_doubt.html", context)

    def resolve_page(self, request: HttpRequest, pk: int) -> HttpResponse:
        call = get_object_or_404(PaidCall.objects.select_related("budget").defer("answer"), pk=pk)
        form = ResolveForm(request.POST or None)
        if request.method == "POST" and form.is_valid() and _resolve(request, call, form):
            messages.success(request, _("Decided and written to the audit trail."))
            return redirect("admin:engines_in_doubt")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Was this call billed?"),
            "opts": self.model._meta,
            "call": call,
            "purpose": purpose_of(call),
            "happened": happened_to(call),
            "held": shown(call.reserved_micro, call.currency),
            "form": form,
            "back": reverse("admin:engines_in_doubt"),
        }
        return render(request, "admin/engines/resolve.html", context)


def _resolve(request: HttpRequest, call: PaidCall, form: ResolveForm) -> bool:
    data = form.cleaned_data
    try:
        if data["outcome"] == ResolveForm.BILLED:
            cost = micro_of(data["amount"])
            resolve_as_billed(call=call, cost_micro=cost, note=data["note"], actor=request.user)
        else:
            resolve_as_not_billed(call=call, note=data["note"], actor=request.user)
    except Refused as error:
        form.add_error(None, str(error))
        return False
    return True
