import csv
from typing import Any

from django.contrib import admin
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from unfold.decorators import action, display

from crm.admin.bills import BillForm
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Payment, Reconciliation, ReconciliationLine
from crm.money import decimal_text, shown
from crm.services.reconciliation import reconcile
from engines.admin import ReadOnlyAdmin, guarded

PAGE = 100
Bucket = ReconciliationLine.Bucket


@admin.register(Reconciliation)
class ReconciliationAdmin(ReadOnlyAdmin):
    """A provider's list against the ledger: what only one has, what differs, and the totals."""

    list_display = ["at", "provider", "name", "since", "until", "theirs", "agreeing", "open_lines"]
    list_select_related = ["by"]
    fields = [("name", "provider"), ("since", "until"), ("theirs", "agreeing"), ("at", "by")]
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
        site, see = self.admin_site, "crm.view_reconciliation"
        return [
            path(
                "new/",
                guarded(site, self.new_view, "crm.add_reconciliation"),
                name="crm_reconcile",
            ),
            path(
                "<int:pk>/report/",
                guarded(site, self.report_view, see),
                name="crm_reconcile_report",
            ),
            path(
                "<int:pk>/report.csv",
                guarded(site, self.csv_view, see),
                name="crm_reconcile_csv",
            ),
            *super().get_urls(),
        ]

    def new_view(self, request: HttpRequest) -> HttpResponse:
        form = BillForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload: UploadedFile = form.cleaned_data["file"]
            try:
                made = reconcile(
                    data=upload.read(),
                    name=upload.name or "list",
                    format=form.cleaned_data["format"],
                    actor=actor_of(request),
                )
            except DomainError as error:
                form.add_error("file", str(error))
            else:
                return redirect("admin:crm_reconcile_report", made.pk)
        title = _("Compare with a provider's list")
        context = self._context(request, title) | {"form": form}
        status = 422 if form.errors else 200
        return render(request, "admin/upload_form.html", context, status=status)

    def report_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        made = get_object_or_404(Reconciliation, pk=pk)
        lines = made.lines.select_related("payment")
        only = request.GET.get("bucket", "")
        chosen = lines.filter(bucket=only) if only in Bucket.values else lines
        page = Paginator(chosen, PAGE).get_page(request.GET.get("page"))
        context = self._context(request, _("Compared: %(name)s") % {"name": made.name}) | {
            "made": made,
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
