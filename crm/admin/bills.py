"""A bill on its way in: upload, columns where nobody knows them, preview, booking."""

from typing import Any

from django import forms
from django.contrib import messages
from django.core.files.uploadedfile import UploadedFile
from django.core.paginator import Paginator
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.http import urlencode
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from crm import bills
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Payment, User
from crm.money import shown
from crm.reasons import label_text, reason_text, warning_text
from crm.services.bill_drafts import BillDraft, draft_drop, draft_keep, draft_of
from crm.services.bill_mappings import mapping_save
from crm.services.bill_preview import Preview, PreviewRow, bill_preview
from crm.services.payments import bill_import, parse_bill
from engines.admin import guarded

PAGE = 100
FORMATS = [
    ("auto", _("Find out by itself")),
    ("alipay", _("Alipay bill")),
    ("wechat", _("WeChat bill")),
    ("wechat-merchant", _("WeChat merchant bill")),
    ("stripe", _("Stripe export")),
    ("csv", _("Another table")),
]
FIELDS = {
    "occurred_at": _("Time"),
    "amount": _("Amount"),
    "currency": _("Currency"),
    "kind": _("Charge or refund"),
    "object_id": _("Order number"),
    "event_id": _("Number of this movement"),
    "refund_of": _("Order that is refunded"),
    "payer": _("Payer"),
    "payer_account": _("Payer's account"),
    "subject": _("Subject"),
    "method": _("Means of payment"),
}
BECOMES = {
    "new": _("Will be booked"),
    "again": _("Will be in force again"),
    "duplicate": _("Known already"),
    "differs": _("Known with another amount"),
    "ignored": _("No payment"),
    "rejected": _("Cannot be read"),
}


class BillForm(forms.Form):
    file = forms.FileField(label=_("bill file"), widget=UnfoldAdminFileFieldWidget)
    format = forms.ChoiceField(
        choices=FORMATS, label=_("format"), initial="auto", widget=UnfoldAdminSelectWidget
    )


class BillPages(ModelAdmin):
    """The pages of a bill's import, for the payments' admin."""

    def bill_urls(self) -> list[URLPattern]:
        def page(view: Any) -> Any:
            return guarded(self.admin_site, view, "crm.add_payment")

        return [
            path("import/", page(self.import_view), name="crm_payment_import"),
            path("import/columns/", page(self.columns_view), name="crm_payment_columns"),
            path("import/preview/", page(self.preview_view), name="crm_payment_preview"),
        ]

    def import_view(self, request: HttpRequest) -> HttpResponse:
        form = BillForm(request.POST or None, request.FILES or None)
        if request.method == "POST" and form.is_valid():
            upload: UploadedFile = form.cleaned_data["file"]
            data, name = upload.read(), upload.name or "bill"
            draft = draft_keep(
                data=data, name=name, format=form.cleaned_data["format"], actor=_user(request)
            )
            try:
                parse_bill(data, name, format=draft.format)
            except DomainError as error:
                if error.code in {"unknown_format", "mapping_missing"}:
                    return _go("crm_payment_columns", draft)
                draft_drop(draft)
                form.add_error("file", str(error))
            else:
                return _go("crm_payment_preview", draft)
        context = self._context(request, _("Import a bill")) | {"form": form}
        status = 422 if form.errors else 200
        return render(request, "admin/upload_form.html", context, status=status)

    def columns_view(self, request: HttpRequest) -> HttpResponse:
        """Say what each column is; kept under a name, it is never asked again for such a table."""
        try:
            draft = draft_of(request.GET.get("draft", ""), _user(request))
            table = bills.table(draft.read())
        except (DomainError, bills.BillError) as error:
            messages.error(request, str(error))
            return redirect("admin:crm_payment_import")
        named = [(place, name) for place, name in enumerate(table.names) if name]
        chosen = {name: request.POST.get(f"column-{place}", "") for place, name in named}
        problem = ""
        if request.method == "POST":
            columns = {name: field for name, field in chosen.items() if field}
            currency = request.POST.get("currency", "").strip().upper()
            try:
                mapping_save(
                    data=draft.read(), name=request.POST.get("name", ""), columns=columns,
                    currency=currency, actor=actor_of(request),
                )  # fmt: skip
            except DomainError as error:
                problem = str(error)
            else:
                return _go("crm_payment_preview", draft.mapped(columns, currency))
        context = self._context(request, _("What is in which column?")) | {
            "draft": draft,
            "problem": problem,
            "name": request.POST.get("name", draft.name.rpartition(".")[0]),
            "currency": request.POST.get("currency", "CNY"),
            "fields": FIELDS.items(),
            "columns": [
                {
                    "key": f"column-{place}",
                    "name": name,
                    "field": chosen[name] if request.method == "POST" else table.guess.get(name),
                    "examples": [row[place] for row in table.examples if place < len(row)],
                }
                for place, name in named
            ],
        }
        return render(
            request, "admin/crm/bill_columns.html", context, status=422 if problem else 200
        )

    def preview_view(self, request: HttpRequest) -> HttpResponse:
        """What each row would become; booked only when confirmed here."""
        try:
            draft = draft_of(request.GET.get("draft", ""), _user(request))
            if request.method == "POST":
                return self._decided(request, draft)
            bill = parse_bill(
                draft.read(), draft.name, format=draft.format, mapping=draft.columns or None,
                currency=draft.currency or None,
            )  # fmt: skip
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("admin:crm_payment_import")
        preview = bill_preview(bill)
        only = request.GET.get("only", "")
        rows = [row for row in preview.rows if not only or row.becomes == only]
        page = Paginator(rows, PAGE).get_page(request.GET.get("page"))
        context = self._context(request, _("Before it is booked: %(name)s") % {"name": draft.name})
        context |= _shown(preview) | {
            "draft": draft,
            "only": only,
            "page": page,
            "rows": [_row(row) for row in page],
        }
        return render(request, "admin/crm/bill_preview.html", context)

    def _decided(self, request: HttpRequest, draft: BillDraft) -> HttpResponse:
        if "book" not in request.POST:
            draft_drop(draft)
            messages.info(request, _("Nothing was booked."))
            return redirect("admin:crm_payment_import")
        done = bill_import(
            data=draft.read(), name=draft.name, format=draft.format,
            mapping=draft.columns or None, currency=draft.currency or None,
            actor=actor_of(request),
        )  # fmt: skip
        draft_drop(draft)
        messages.success(
            request,
            _("Rows: %(rows)s, booked: %(booked)s, duplicates: %(duplicates)s.")
            % {"rows": done.rows, "booked": done.booked, "duplicates": done.duplicates},
        )
        return redirect("admin:crm_paymentimport_change", done.pk)

    def _context(self, request: HttpRequest, title: Any) -> dict[str, Any]:
        return {**self.admin_site.each_context(request), "title": title, "opts": self.model._meta}


def _user(request: HttpRequest) -> User:
    user = actor_of(request)
    if user is None:
        raise DomainError(gettext("Log in again."), code="no_user")
    return user


def _go(name: str, draft: BillDraft) -> HttpResponse:
    return redirect(f"{reverse(f'admin:{name}')}?{urlencode({'draft': draft.token})}")


def _shown(preview: Preview) -> dict[str, Any]:
    bill = preview.bill
    formats = dict(FORMATS)
    return {
        "bill": bill,
        "format": formats.get(bill.format, bill.format),
        "counts": [
            (word, label, preview.counts[word])
            for word, label in BECOMES.items()
            if preview.counts.get(word)
        ],
        "totals": [
            (Payment.Kind(kind).label, shown(minor, currency))
            for currency, kinds in preview.totals.items()
            for kind, minor in kinds.items()
        ],
        "declared": [
            {
                "label": label_text(item.label),
                "row": item.row,
                "count": item.count,
                "minor": shown(item.minor, item.currency) if item.minor is not None else "",
                "differs": [warning_text(w.message) for w in bill.warnings if w.row == item.row
                            and w.code in {"total_differs", "count_differs"}
                            and item.label in w.message],
            }
            for item in bill.declared
        ],
        "warnings": [
            warning_text(str(item)) for item in bill.warnings
            if item.code not in {"total_differs", "count_differs"}
        ],
        "unmatched": preview.unmatched,
        "bookable": sum(preview.counts.get(word, 0) for word in ("new", "again")),
    }  # fmt: skip


def _row(row: PreviewRow) -> dict[str, Any]:
    why = reason_text({"code": row.code, "reason": row.reason}) if row.code else ""
    if row.becomes == "differs":
        why = _("The ledger has %(amount)s.") % {"amount": shown(row.known_minor, row.currency)}
    return {
        "row": row,
        "becomes": BECOMES[row.becomes],
        "kind": Payment.Kind(row.kind).label if row.kind else "",
        "amount": shown(row.minor if row.kind == "charge" else -row.minor, row.currency)
        if row.currency
        else "",
        "why": why,
    }
