from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.contrib.filters.admin import ChoicesDropdownFilter, RangeDateFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Creator, Payment, PaymentImport
from crm.money import shown
from crm.reasons import reason_text
from crm.selectors import payments_found
from crm.services.payments import bill_import, payment_match
from engines.admin import LargePaginator, ReadOnlyAdmin, guarded

FORMATS = [
    ("auto", _("Find out by itself")),
    ("alipay", _("Alipay bill")),
    ("wechat", _("WeChat bill")),
    ("wechat-merchant", _("WeChat merchant bill")),
    ("stripe", _("Stripe export")),
]


class MatchedFilter(admin.SimpleListFilter):
    title = _("match")
    parameter_name = "matched"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, Any]]:
        return [("no", _("Without a creator")), ("yes", _("With a creator"))]

    def queryset(self, request: HttpRequest, queryset: QuerySet[Payment]) -> QuerySet[Payment]:
        if self.value() in ("yes", "no"):
            return queryset.filter(creator__isnull=self.value() == "no")
        return queryset


class MatchForm(forms.Form):
    creator = forms.ModelChoiceField(
        Creator.objects.all(), label=_("creator"), widget=UnfoldAdminSelectWidget
    )


class BillForm(forms.Form):
    file = forms.FileField(label=_("bill file"), widget=UnfoldAdminFileFieldWidget)
    format = forms.ChoiceField(
        choices=FORMATS, label=_("format"), initial="auto", widget=UnfoldAdminSelectWidget
    )


@admin.register(Payment)
class PaymentAdmin(ModelAdmin):
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
    actions_list = ["import_bill"]
    actions_detail = ["match"]
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
            path(
                "import/",
                guarded(self.admin_site, self.import_view, "crm.add_payment"),
                name="crm_payment_import",
            ),
            path(
                "<int:pk>/payer/",
                guarded(self.admin_site, self.match_view, "crm.change_payment"),
                name="crm_payment_payer",
            ),
            *super().get_urls(),
        ]

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Payment], search_term: str
    ) -> tuple[QuerySet[Payment], bool]:
        return payments_found(queryset, search_term), False

    @display(description=_("amount"), ordering="minor")
    def amount(self, payment: Payment) -> str:
        return shown(payment.signed_minor, payment.currency)

    @action(description=_("Import a bill"), url_path="import-bill", icon="upload_file")
    def import_bill(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_payment_import")

    @action(description=_("Say who paid"), url_path="say-who-paid", icon="person_search")
    def match(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:crm_payment_payer", object_id)

    def match_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        payment = get_object_or_404(Payment, pk=pk)
        form = MatchForm(request.POST or None, initial={"creator": payment.creator_id})
        if request.method == "POST" and form.is_valid():
            actor = actor_of(request)
            try:
                count = payment_match(
                    payment=payment, creator=form.cleaned_data["creator"], actor=actor
                )
            except DomainError as error:
                form.add_error("creator", str(error))
            else:
                messages.success(request, _("Payments matched: %(n)s") % {"n": count})
                return redirect("admin:crm_payment_change", pk)
        return self._form(
            request, form, title=_("Who paid “%(payer)s”?") % {"payer": payment.payer}
        )

    def import_view(self, request: HttpRequest) -> HttpResponse:
        form = BillForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload: UploadedFile = form.cleaned_data["file"]
            try:
                done = bill_import(
                    data=upload.read(),
                    name=upload.name or "bill",
                    format=form.cleaned_data["format"],
                    actor=actor_of(request),
                )
            except DomainError as error:
                form.add_error("file", str(error))
            else:
                messages.success(
                    request,
                    _("Rows: %(rows)s, booked: %(booked)s, duplicates: %(duplicates)s.")
                    % {"rows": done.rows, "booked": done.booked, "duplicates": done.duplicates},
                )
                return redirect("admin:crm_paymentimport_change", done.pk)
        return self._form(request, form, title=_("Import a bill"))

    def _form(self, request: HttpRequest, form: forms.Form, *, title: Any) -> HttpResponse:
        context = {
            **self.admin_site.each_context(request),
            "title": title,
            "form": form,
            "opts": self.model._meta,
        }
        return render(
            request, "admin/upload_form.html", context, status=422 if form.errors else 200
        )


@admin.register(PaymentImport)
class PaymentImportAdmin(ReadOnlyAdmin):
    list_display = ["name", "format", "rows", "booked", "duplicates", "at", "by"]
    list_select_related = ["by"]
    fieldsets = [
        (None, {"fields": [("name", "format"), ("rows", "booked", "duplicates"), ("at", "by")]}),
        (_("What became of the rows"), {"fields": ["sums", "not_booked", "payments_link"]}),
    ]
    readonly_fields = ["sums", "not_booked", "payments_link"]

    @display(description=_("totals"))
    def sums(self, source: PaymentImport) -> str:
        return " · ".join(
            f"{Payment.Kind(kind).label} {shown(minor, currency)}"
            for currency, kinds in source.totals.items()
            for kind, minor in kinds.items()
            if kind in Payment.Kind.values
        )

    @display(description=_("not booked"))
    def not_booked(self, source: PaymentImport) -> str:
        rows = [*source.rejected, *source.ignored]
        lines = [
            str(_("Row %(row)s: %(why)s") % {"row": item["row"], "why": reason_text(item)})
            for item in rows
        ]
        return "\n".join([*(str(item) for item in source.warnings), *lines]) or "—"

    @display(description=_("payments"))
    def payments_link(self, source: PaymentImport) -> SafeString:
        url = reverse("admin:crm_payment_changelist") + f"?source__id__exact={source.pk}"
        return format_html('<a class="pj-link" href="{}">{}</a>', url, _("Show its payments"))
