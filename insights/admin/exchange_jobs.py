"""Pages of large files on their way in or out: how far they are, stop, again, fetch."""

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from crm.exceptions import DomainError
from crm.models import Job, Study, User
from engines.admin import guarded
from insights.exchange.tables import FORMATS
from insights.models import ExchangeJob, QdaImport
from insights.services.exchange_jobs import (
    exchange_again,
    exchange_cancel,
    exchange_take,
    export_start,
)
from insights.tasks import exchange_job_start

KINDS = {**FORMATS, "qdpx": "application/zip", "qdc": "application/xml"}
VIEW, EXPORT = "insights.view_qdaimport", "insights.view_evidence"


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        path(
            "exchange/<slug:key>.<str:format>/make/", guarded(site, make, EXPORT),
            name="insights_exchange_make",
        ),
        path("exchange/job/<int:pk>/", guarded(site, page, VIEW), name="insights_exchange_job"),
        path(
            "exchange/job/<int:pk>/cancel/", guarded(site, cancel, VIEW),
            name="insights_exchange_cancel",
        ),
        path(
            "exchange/job/<int:pk>/again/", guarded(site, again, VIEW),
            name="insights_exchange_again",
        ),
        path(
            "exchange/job/<int:pk>/file/", guarded(site, file, EXPORT),
            name="insights_exchange_file",
        ),
    ]  # fmt: skip


def begun(job: ExchangeJob) -> HttpResponseRedirect:
    exchange_job_start(job.pk)
    return redirect("admin:insights_exchange_job", job.pk)


def user_of(request: HttpRequest) -> User:
    if not isinstance(request.user, User):
        raise DomainError(str(_("Log in first.")), "anonymous")
    return request.user


@require_POST
def make(request: HttpRequest, key: str, format: str) -> HttpResponse:
    """Have a large study made into a file."""
    study = get_object_or_404(Study, key=key)
    audience = request.POST.get("for", "")
    wish = {}
    if format == "qdpx":
        wish = {"times": request.POST.get("times") == "1", "outside": audience == "outside"}
    elif format in FORMATS:
        wish = {"team": audience == "team"}
    try:
        return begun(export_start(study=study, format=format, wish=wish, actor=user_of(request)))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("admin:insights_exchange")


def _job(request: HttpRequest, pk: int) -> ExchangeJob:
    rows = ExchangeJob.objects.select_related("study", "upload").defer("data", "upload__data")
    return get_object_or_404(rows, pk=pk, asked_by=user_of(request))


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far a job is; of a file that was read or booked, the page of what it holds."""
    job = _job(request, pk)
    if job.state == Job.State.DONE and job.upload_id is not None:
        return redirect("admin:insights_exchange_preview", job.upload_id)
    context = {
        **admin.site.each_context(request),
        "title": job.get_task_display(),
        "opts": QdaImport._meta,
        "job": job,
    }
    return render(request, "admin/insights/exchange_job.html", context)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    exchange_cancel(job=_job(request, pk))
    return redirect("admin:insights_exchange_job", pk)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    try:
        if exchange_again(job=_job(request, pk)):
            exchange_job_start(pk)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("admin:insights_exchange_job", pk)


def file(request: HttpRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(ExchangeJob, pk=pk, asked_by=user_of(request))
    try:
        data = exchange_take(job=job, actor=user_of(request))
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("admin:insights_exchange_job", pk)
    disposition = f'attachment; filename="{job.name}"'
    return HttpResponse(
        data, content_type=KINDS[job.format], headers={"Content-Disposition": disposition}
    )
