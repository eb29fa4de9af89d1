"""Exchange: files of other programs in, studies out; what would come in is seen before it does."""

from typing import Any

from django import forms
from django.contrib import admin, messages
from django.db.models import Count, Sum
from django.db.models.functions import Length
from django.http import HttpRequest, HttpResponse, HttpResponseBadRequest
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.decorators import method_decorator
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST
from unfold.widgets import UnfoldAdminFileFieldWidget, UnfoldAdminSelectWidget

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import Study, Tier
from engines.admin import ReadOnlyAdmin, guarded
from insights.admin import exchange_jobs
from insights.admin.exchange_jobs import user_of
from insights.exchange.tables import FORMATS
from insights.models import ExchangeJob, QdaImport
from insights.remarks import missing_text, remark_text
from insights.services.evidence_tables import evidence_export
from insights.services.exchange_jobs import (
    AT_ONCE_BYTES,
    large_studies,
    refuse_blind,
    upload_start,
)
from insights.services.qda import (
    codebook_export,
    study_export,
    upload_book,
    upload_discard,
    upload_keep,
)

REFI = "application/zip"


class ExchangeForm(forms.Form):
    """A file with what the file itself does not say."""

    file = forms.FileField(
        label=_("project or codebook (.qdpx, .qdc)"),
        widget=UnfoldAdminFileFieldWidget(attrs={"accept": ".qdpx,.qdc,.qde"}),
    )
    study = forms.ModelChoiceField(
        Study.objects.all(),
        required=False,
        label=_("study"),
        help_text=_("Empty: the study that the file names, or a new one in its name."),
        widget=UnfoldAdminSelectWidget,
    )
    tier = forms.ChoiceField(
        choices=Tier.choices,
        label=_("tier of a new creator"),
        help_text=_("Only for creators to whom the file gives no tier."),
        initial=Tier.ENTRY,
        widget=UnfoldAdminSelectWidget,
    )


@admin.register(QdaImport)
class QdaImportAdmin(ReadOnlyAdmin):
    list_display = ["name", "origin", "state", "study", "by", "at"]
    list_filter = ["state"]
    list_select_related = ["study", "by"]
    exclude = ["preview", "report"]

    def get_urls(self) -> list[URLPattern]:
        site = self.admin_site
        view, add = "insights.view_qdaimport", "insights.add_qdaimport"
        export = "insights.view_evidence"
        return [
            path("exchange/", guarded(site, self.page, view), name="insights_exchange"),
            path("exchange/upload/", guarded(site, self.upload, add), name="insights_exchange_upload"),
            path(
                "exchange/<int:pk>/", guarded(site, self.preview, view),
                name="insights_exchange_preview",
            ),
            path(
                "exchange/<int:pk>/book/", guarded(site, self.book, add),
                name="insights_exchange_book",
            ),
            path(
                "exchange/<int:pk>/discard/", guarded(site, self.discard, add),
                name="insights_exchange_discard",
            ),
            *exchange_jobs.urls(site),
            path(
                "exchange/<slug:key>.<str:format>", guarded(site, self.download, export),
                name="insights_exchange_download",
            ),
            *super().get_urls(),
        ]  # fmt: skip

    def page(self, request: HttpRequest) -> HttpResponse:
        """Everything in and out, with the last imports."""
        return self._page(request, ExchangeForm())

    @method_decorator(require_POST)
    def upload(self, request: HttpRequest) -> HttpResponse:
        form = ExchangeForm(request.POST, request.FILES)
        if form.is_valid():
            file = form.cleaned_data["file"]
            large = file.size > AT_ONCE_BYTES
            try:
                row = upload_keep(
                    data=file.read(),
                    name=file.name,
                    study=form.cleaned_data["study"],
                    tier=form.cleaned_data["tier"],
                    actor=actor_of(request),
                    unread=large,
                )
            except DomainError as error:
                form.add_error("file", str(error))
            else:
                if large and row.state == QdaImport.State.READING:
                    return exchange_jobs.begun(upload_start(upload=row, actor=user_of(request)))
                return redirect("admin:insights_exchange_preview", row.pk)
        return self._page(request, form)

    def _page(self, request: HttpRequest, form: ExchangeForm) -> HttpResponse:
        studies = Study.objects.annotate(held=Count("interviews")).order_by("-created_at")
        context = {
            **self.admin_site.each_context(request),
            "title": _("Exchange"),
            "opts": self.model._meta,
            "form": form,
            "studies": studies,
            "large": large_studies(study.pk for study in studies),
            "jobs": ExchangeJob.objects.filter(asked_by=user_of(request)).defer("data")[:8],
            "formats": list(FORMATS),
            "imports": QdaImport.objects.defer("data").select_related("study", "by")[:20],
            "may_add": request.user.has_perm("insights.add_qdaimport"),
            "may_export": request.user.has_perm("insights.view_evidence"),
        }
        status = 422 if form.errors else 200
        return render(request, "admin/insights/exchange.html", context, status=status)

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """What the file would bring in, or what it brought, and what is missing."""
        row = get_object_or_404(QdaImport.objects.defer("data").select_related("study"), pk=pk)
        shown = row.report if row.state == QdaImport.State.BOOKED else row.preview
        context = {
            **self.admin_site.each_context(request),
            "title": row.name,
            "opts": self.model._meta,
            "row": row,
            "waiting": row.state == QdaImport.State.WAITING,
            "job": row.jobs.defer("data").exclude(state__in=ExchangeJob.ENDED).first(),
            "counts": _counts(shown),
            "missing": [missing_text(item) for item in shown.get("missing", [])],
            "remarks": [remark_text(item) for item in shown.get("remarks", [])],
            "texts": shown.get("texts", []),
            "coders": shown.get("coders", []),
            "may_add": request.user.has_perm("insights.add_qdaimport"),
        }
        return render(request, "admin/insights/exchange_preview.html", context)

    @method_decorator(require_POST)
    def book(self, request: HttpRequest, pk: int) -> HttpResponse:
        row = get_object_or_404(QdaImport.objects.defer("data"), pk=pk)
        size = QdaImport.objects.filter(pk=pk).aggregate(n=Sum(Length("data")))["n"] or 0
        if size > AT_ONCE_BYTES and row.state == QdaImport.State.WAITING:
            return exchange_jobs.begun(upload_start(upload=row, actor=user_of(request)))
        try:
            upload_book(pk=pk, actor=actor_of(request))
        except DomainError as error:
            messages.error(request, str(error))
        return redirect("admin:insights_exchange_preview", pk)

    @method_decorator(require_POST)
    def discard(self, request: HttpRequest, pk: int) -> HttpResponse:
        upload_discard(pk=pk, actor=actor_of(request))
        return redirect("admin:insights_exchange")

    def download(self, request: HttpRequest, key: str, format: str) -> HttpResponse:
        """A study as a project, its codebook, or its evidence as a table."""
        study = get_object_or_404(Study, key=key)
        actor = actor_of(request)
        try:
            refuse_blind(study, user_of(request))
        except DomainError as error:
            messages.error(request, str(error))
            return redirect("admin:insights_exchange")
        if large_studies([study.pk]):
            messages.info(request, _("This study is large: have its files made from here."))
            return redirect("admin:insights_exchange")
        audience = request.GET.get("for", "")
        if format in FORMATS:
            team = audience == "team"
            table = evidence_export(study=study, format=format, team=team, actor=actor)
            return _file(table.data, table.name, FORMATS[format])
        if format == "qdpx":
            times = request.GET.get("times") == "1"
            outside = audience == "outside"
            done = study_export(study=study, times=times, outside=outside, actor=actor)
            return _file(done.data, done.name, REFI)
        if format == "qdc":
            done = codebook_export(study=study, actor=actor)
            return _file(done.data, done.name, "application/xml")
        return HttpResponseBadRequest(_("There is no such format."))


def _counts(shown: dict[str, Any]) -> list[tuple[Any, int, int | None]]:
    """(what, in the file, new here) for the page; new is unknown before the import."""
    labels = {
        "sources": _("texts"), "codes": _("codes"), "cases": _("cases"),
        "selections": _("passages"), "codings": _("codings"),
    }  # fmt: skip
    added = shown.get("added") or {}
    return [(label, shown.get(name, 0), added.get(name)) for name, label in labels.items()]


def _file(data: bytes, name: str, kind: str) -> HttpResponse:
    return HttpResponse(
        data, content_type=kind, headers={"Content-Disposition": f'attachment; filename="{name}"'}
    )
