import csv
from collections.abc import Callable
from datetime import datetime, time, timedelta
from typing import Any

from django import forms
from django.contrib import admin, messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils import timezone
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.contrib.filters.admin import ChoicesDropdownFilter
from unfold.decorators import action, display
from unfold.widgets import UnfoldAdminSelectWidget, UnfoldAdminSingleDateWidget

from crm.admin.bills import BillForm
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.listing.listers import listers_ready
from crm.models import Payment, Reconciliation, ReconciliationLine
from crm.money import decimal_text, shown
from crm.services.reconciliation import (
    reconcile_by_api,
    reconcile_list,
    reconciliation_cancel,
    reconciliation_resume,
)
from crm.tasks import reconciliation_start
from engines.admin import ReadOnlyAdmin, guarded

PAGE = 100
Bucket = ReconciliationLine.Bucket
NAMES = {"stripe": "Stripe"}
STAGES = {"list": _("Asking the provider for its list"), "compare": _("Comparing")}


class PeriodForm(forms.Form):
    """Whom to ask, from the first to the last day, both included."""

    provider = forms.ChoiceField(label=_("provider"), widget=UnfoldAdminSelectWidget)
    first = forms.DateField(label=_("from"), widget=UnfoldAdminSingleDateWidget)
    last = forms.DateField(label=_("until and with"), widget=UnfoldAdminSingleDateWidget)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["provider"]
        if isinstance(field, forms.ChoiceField):
            field.choices = [(name, NAMES.get(name, name)) for name in listers_ready()]

    def period(self) -> tuple[datetime, datetime]:
        zone = timezone.get_current_timezone()
        after = self.cleaned_data["last"] + timedelta(days=1)
        return (
            datetime.combine(self.cleaned_data["first"], time(), zone),
            datetime.combine(after, time(), zone),
        )


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    """A provider's list against the ledger: what only one has, what differs, and the totals."""

    list_display = [
        "at", "provider", "name", "since", "until", "state", "theirs", "agreeing", "open_lines",
    ]  # fmt: skip
    list_filter = [("state", ChoicesDropdownFilter), "provider"]
    list_select_related = ["by"]
    fields = [
        ("name", "provider"), ("since", "until"), ("theirs", "agreeing"), ("state", "error"),
        ("at", "by"),
    ]  # fmt: skip
    actions_list = ["compare"]
    actions_detail = ["show_report"]

    @display(description=_("do not agree"))
    def open_lines(self, row: Reconciliation) -> int:
        return row.lines.count()

    @action(description=_("Compare with a provider's list"), url_path="compare", icon="balance")
    def compare(self, request: HttpRequest) -> HttpResponse:
        return redirect("admin:crm_reconcile")

    @action(description=_("Report"), url_path="show-report", icon="summarize")
    def show_report(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:crm_reconcile_report", object_id)

    def get_urls(self) -> list[URLPattern]:
        site, see, add = self.admin_site, "crm.view_reconciliation", "crm.add_reconciliation"
        pages: list[tuple[str, Callable[..., HttpResponse], str, str]] = [
            ("new/", self.new_view, add, "crm_reconcile"),
            ("<int:pk>/report/", self.report_view, see, "crm_reconcile_report"),
            ("<int:pk>/report.csv", self.csv_view, see, "crm_reconcile_csv"),
            ("<int:pk>/cancel/", self.cancel_view, add, "crm_reconcile_cancel"),
            ("<int:pk>/again/", self.again_view, add, "crm_reconcile_again"),
        ]
        return [
            *(path(where, guarded(site, view, may), name=name) for where, view, may, name in pages),
            *super().get_urls(),
        ]

    def new_view(self, request: HttpRequest) -> HttpResponse:
        """An uploaded list, or the provider asked for its own; either becomes a job."""
        by_api = request.method == "POST" and "first" in request.POST
        form = BillForm(None if by_api else request.POST or None, request.FILES or None)
        period = PeriodForm(request.POST if by_api else None)
        chosen: BillForm | PeriodForm = period if by_api else form
        if request.method == "POST" and chosen.is_valid():
            try:
                wanted = self._wanted(request, form, period, by_api)
            except DomainError as error:
                chosen.add_error("first" if by_api else "file", str(error))
            else:
                reconciliation_start(wanted.pk)
                return redirect("admin:crm_reconcile_report", wanted.pk)
        title = _("Compare with a provider's list")
        context = self._context(request, title) | {
            "form": form,
            "period": period if listers_ready() else None,
        }
        status = 422 if chosen.errors else 200
        return render(request, "admin/crm/reconcile.html", context, status=status)

    def _wanted(
        self, request: HttpRequest, form: BillForm, period: PeriodForm, by_api: bool
    ) -> Reconciliation:
        if by_api:
            since, until = period.period()
            return reconcile_by_api(
                provider=period.cleaned_data["provider"], since=since, until=until,
                actor=actor_of(request),
            )  # fmt: skip
        upload: UploadedFile = form.cleaned_data["file"]
        return reconcile_list(
            data=upload.read(),
            name=upload.name or "list",
            format=form.cleaned_data["format"],
            actor=actor_of(request),
        )

    @method_decorator(require_POST)
    def cancel_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        wanted = get_object_or_404(Reconciliation, pk=pk)
        if not reconciliation_cancel(wanted=wanted, actor=actor_of(request)):
            messages.info(request, _("It had ended already."))
        return redirect("admin:crm_reconcile_report", pk)

    @method_decorator(require_POST)
    def again_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        wanted = get_object_or_404(Reconciliation, pk=pk)
        if reconciliation_resume(wanted=wanted, actor=actor_of(request)):
            reconciliation_start(pk)
        return redirect("admin:crm_reconcile_report", pk)

    def report_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = get_object_or_404(Reconciliation, pk=pk)
        lines = made.lines.select_related("payment")
        only = request.GET.get("bucket", "")
        chosen = lines.filter(bucket=only) if only in Bucket.values else lines
        page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
        context = self._context(request, _("Compared: %(name)s") % {"name": made.name}) | {
            "made": made,
            "last": made.until - timedelta(days=1) if made.until else None,
            "stage": STAGES.get(made.stage, ""),
            "only": only,
            "page": page,
            "lines": [_line(line) for line in page],
            "buckets": [(b.value, b.label, lines.filter(bucket=b).count()) for b in Bucket],
            "totals": [
                (Payment.Kind(kind).label, shown(ours, currency), shown(theirs, currency),
                 shown(ours - theirs, currency) if ours != theirs else "")
                for currency, kinds in made.totals.items()
                for kind, (ours, theirs) in kinds.items()
            ],
        }  # fmt: skip
        return render(request, "admin/crm/reconciliation.html", context)

    def csv_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All lines; a cell that a spreadsheet would run is made a text."""
        made = get_object_or_404(Reconciliation, pk=pk)
        answer = HttpResponse(content_type="text/csv; charset=utf-8")
        answer["Content-Disposition"] = f'attachment; filename="reconciliation-{pk}.csv"'
        answer.write("\ufeff")
        writer = csv.writer(answer)
        writer.writerow(["bucket", "row", "object", "kind", "at", "ours", "ours_currency",
                         "theirs", "theirs_currency", "note"])  # fmt: skip
        for line in made.lines.all().iterator():
            writer.writerow([
                line.bucket, line.row or "", _inert(line.object_id), line.kind,
                line.occurred_at.isoformat() if line.occurred_at else "",
                _decimal(line.ours_minor, line.ours_currency), line.ours_currency,
                _decimal(line.theirs_minor, line.theirs_currency), line.theirs_currency, line.note,
            ])  # fmt: skip
        return answer

    def _context(self, request: HttpRequest, title: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


def _decimal(minor: int | None, currency: str) -> str:
    return "" if minor is None else decimal_text(minor, currency)


def _inert(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _line(line: ReconciliationLine) -> dict[str, Any]:
    return {
        "line": line,
        "ours": "" if line.ours_minor is None else shown(line.ours_minor, line.ours_currency),
        "theirs": ""
        if line.theirs_minor is None
        else shown(line.theirs_minor, line.theirs_currency),
        "note": _("Listed twice") if line.note else "",
    }
