from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Exists, OuterRef, QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.formats import date_format
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminTextInputWidget

from crm.admin.bills import FORMATS, BillPages
from crm.admin.links import dossier_links
from crm.admin.queue import QueuePages
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.ledger import LABELS, order_state
from crm.models import Payment, PaymentImport
from crm.money import shown
from crm.reasons import reason_text, warning_text
from crm.selectors import payments_found
from crm.services.corrections import import_undo, payment_correct
from engines.admin import LargePaginator, ReadOnlyAdmin, guarded


class MatchedFilter(admin.SimpleListFilter):
    title = _("match")
    parameter_name = "matched"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Without a creator")), ("yes", _("With a creator"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        if self.value() in ("yes", "no"):
            return queryset.filter(creator__isnull=self.value() == "no")
        return queryset


class CorrectForm(forms.Form):
    why = forms.CharField(
        label=_("What is wrong with it"),
        max_length=255,
        widget=UnfoldAdminTextInputWidget,
        help_text=_("The entry stays; a correction of the opposite sign is booked beside it."),
    )


@admin.register(Payment)
class PaymentAdmin(BillPages, QueuePages):
    """The ledger: facts cannot be edited; who paid can be said."""

    list_display = ["occurred_at", "amount", "kind", "payer", "creator", "subject", "provider"]
    list_filter = [
        MatchedFilter,
        ("kind", ChoicesDropdownFilter),
        ("occurred_at", RangeDateFilter),
    ]
    list_filter_submit = True
    list_select_related = ["creator", "source"]
    search_fields = ["payer"]  # the box is shown; what it does is below
    search_help_text = _("Creator, name on the bill, or how an order number begins")
    autocomplete_fields = ["creator"]
    actions_list = ["import_bill", "open_queue"]
    actions_detail = ["match", "correction"]
    fieldsets = [
        (None, {"fields": [("occurred_at", "kind"), ("amount", "order"), ("creator", "subject")]}),
        (_("Payer"), {"fields": [("payer", "payer_account")]}),
        (_("What rests on it"), {"fields": ["justifies"]}),
        (
            _("Where it is from"),
            {
                "fields": [
                    ("provider", "object_id"), ("event_id", "refund_of"), "merchant_order",
                    ("source", "row"), ("notice", "booked_at"), ("corrects", "reverses"), "raw",
                ]
            },
        ),
    ]  # fmt: skip
    readonly_fields = ["amount", "order", "justifies"]
    show_full_result_count = False
    paginator = LargePaginator
    list_per_page = 50

    def has_add_permission(self, request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def get_urls(self) -> list[URLPattern]:
        return [
            *self.bill_urls(),
            *self.queue_urls(),
            path(
                "<int:pk>/correct/",
                guarded(self.admin_site, self.correct_view, "crm.change_payment"),
                name="crm_payment_correct",
            ),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Payment], search_term: str
    ) -> tuple[QuerySet[Payment], bool]:
        return payments_found(queryset, search_term), False

    @display(description=_("features that rest on it"))
    def justifies(self, payment: Payment) -> SafeString | str:
        return dossier_links(payment.justifies.select_related("feature"))

    @display(description=_("amount"), ordering="minor")
    def amount(self, payment: Payment) -> str:
        return shown(payment.signed_minor, payment.currency)

    @action(description=_("Import a bill"), url_path="import-bill", icon="upload_file")
    def import_bill(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_payment_import")

    @action(description=_("Say who paid"), url_path="say-who-paid", icon="person_search")
    def match(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:crm_payment_payer", object_id)

    @action(description=_("Take out of force"), url_path="take-out-of-force", icon="undo")
    def correction(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:crm_payment_correct", object_id)

    @action(description=_("Who paid?"), url_path="who-paid", icon="person_search")
    def open_queue(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_payment_queue")

    @display(description=_("state of the order"))
    def order(self, payment: Payment) -> Any:
        found = order_state(payment)
        return LABELS[found.state] if found else "—"

    def correct_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = get_object_or_404(Payment, pk=pk)
        form = CorrectForm(request.POST or None)
        if request.method == "POST" and form.is_valid():
            try:
                payment_correct(
                    payment=payment, why=form.cleaned_data["why"], actor=actor_of(request)
                )
            except DomainError as error:
                form.add_error("why", str(error))
            else:
                messages.success(request, _("A correction was booked."))
                return redirect("admin:crm_payment_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take %(amount)s of %(day)s out of force")
            % {
                "amount": shown(payment.minor, payment.currency),
                "day": date_format(payment.occurred_at, "Y-m-d"),
            },
            "form": form,
            "opts": self.model._meta,
        }
        status = 422 if form.errors else 200
        return render(request, "admin/upload_form.html", context, status=status)


@admin.register(PaymentImport)
class PaymentImportAdmin(ReadOnlyAdmin):
    list_display = ["name", "kind_of_bill", "rows", "booked", "duplicates", "state", "at", "by"]
    list_select_related = ["by"]
    fieldsets = [
        (
            None,
            {
                "fields": [
                    ("name", "kind_of_bill"),
                    ("rows", "booked", "duplicates"),
                    ("at", "by"),
                    "state",
                ]
            },
        ),
        (_("What became of the rows"), {"fields": ["sums", "not_booked", "payments_link"]}),
    ]
    readonly_fields = ["kind_of_bill", "state", "sums", "not_booked", "payments_link"]
    actions_detail = ["take_back"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[PaymentImport]:
        own = Payment.objects.in_force().filter(source=OuterRef("pk"))
        return super().get_queryset(request).annotate(stands=Exists(own))

    @display(description=_("format"), ordering="format")
    def kind_of_bill(self, source: PaymentImport) -> str:
        return str(dict(FORMATS).get(source.format, source.format))

    @display(description=_("state"))
    def state(self, source: PaymentImport) -> Any:
        if not source.booked:
            return _("nothing booked")
        return _("in force") if source.stands else _("taken back")  # type: ignore[attr-defined]

    @action(
        description=_("Take the whole bill back"),
        url_path="take-back",
        icon="undo",
        permissions=["take_back"],
    )
    def take_back(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:crm_paymentimport_undo", object_id)

    def has_take_back_permission(self, request: HttpRequest, object_id: Any = None) -> bool:
        return request.user.has_perm("crm.add_payment")

    def get_urls(self) -> list[URLPattern]:
        view = guarded(self.admin_site, self.undo_view, "crm.add_payment")
        return [
            path("<int:pk>/undo/", view, name="crm_paymentimport_undo"),
            *super().get_urls(),
        ]

    def undo_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Asks once more, because a correction is booked for every payment of the bill."""
        source = get_object_or_404(PaymentImport, pk=pk)
        if request.method == "POST":
            try:
                count = import_undo(source=source, actor=actor_of(request))
            except DomainError as error:
                messages.error(request, str(error))
            else:
                messages.success(request, _("Corrections booked: %(n)s") % {"n": count})
            return redirect("admin:crm_paymentimport_change", pk)
        context = {
            **self.admin_site.each_context(request),
            "title": _("Take “%(name)s” back?") % {"name": source.name},
            "source": source,
            "in_force": Payment.objects.in_force().filter(source=source).count(),
            "opts": self.model._meta,
        }
        return render(request, "admin/crm/bill_undo.html", context)

    @display(description=_("totals"))
    def sums(self, source: PaymentImport) -> str:
        return " · ".join(
            f"{Payment.Kind(kind).label} {shown(minor, currency)}"
            for currency, kinds in source.totals.items()
            for kind, minor in kinds.items()
            if kind in Payment.Kind.values
        )

    @display(description=_("not booked, and remarks"))
    def not_booked(self, source: PaymentImport) -> str:
        rows = [*source.rejected, *source.ignored]
        lines = [
            str(_("Row %(row)s: %(why)s") % {"row": item["row"], "why": reason_text(item)})
            for item in rows
        ]
        return "\n".join([*(warning_text(str(item)) for item in source.warnings), *lines]) or "—"

    @display(description=_("payments"))
    def payments_link(self, source: PaymentImport) -> SafeString:
        url = reverse("admin:crm_payment_changelist") + f"?source__id__exact={source.pk}"
        return format_html('<a class="pj-link" href="{}">{}</a>', url, _("Show its payments"))
