"""Pages of long lists on their way in, or back out: how far they are, stop, again."""

from django.contrib import admin, messages
from django.contrib.admin import AdminSite
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_POST

from crm.http import actor_of
from crm.models import CreatorImport, CreatorImportJob, Job
from crm.services.roster_jobs import draft_of, roster_job_again, roster_job_cancel
from crm.tasks import roster_job_start
from engines.admin import guarded

MAY = {
    CreatorImportJob.Task.BOOK: "crm.add_creator",
    CreatorImportJob.Task.UNDO: "crm.delete_creator",
}
SHOWN = 8


def urls(site: AdminSite) -> list[URLPattern]:
    return [
        path(f"jobs/<int:pk>/{where}", guarded(site, view, "crm.view_creatorimport"), name=name)
        for where, view, name in (
            ("", page, "crm_roster_job"),
            ("cancel/", cancel, "crm_roster_job_cancel"),
            ("again/", again, "crm_roster_job_again"),
        )
    ]


def begun(job: CreatorImportJob) -> HttpResponse:
    roster_job_start(job.pk)
    return redirect("admin:crm_roster_job", job.pk)


def unfinished() -> QuerySet[CreatorImportJob]:
    """What is under way, and what ended without its list being booked, the last first."""
    rows = CreatorImportJob.objects.exclude(state=Job.State.DONE)
    return rows.select_related("asked_by")[:SHOWN]


def page(request: HttpRequest, pk: int) -> HttpResponse:
    """How far it is; once it is done, the page of its list."""
    job = get_object_or_404(CreatorImportJob.objects.select_related("asked_by"), pk=pk)
    if job.state == Job.State.DONE and job.source_id is not None:
        return redirect("admin:crm_creatorimport_change", job.source_id)
    draft = draft_of(job) if job.asked_by == actor_of(request) else None
    context = {
        **admin.site.each_context(request),
        "title": job.get_task_display(),
        "opts": CreatorImport._meta,
        "job": job,
        "draft": draft,
        "may": request.user.has_perm(MAY[CreatorImportJob.Task(job.task)]),
        "lost": job.task == CreatorImportJob.Task.BOOK and draft_of(job) is None,
    }
    return render(request, "admin/crm/roster_job.html", context)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    job = _mine(request, pk)
    if job is not None and not roster_job_cancel(job=job):
        messages.info(request, _("It had ended already."))
    return redirect("admin:crm_roster_job", pk)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    job = _mine(request, pk)
    if job is not None and roster_job_again(job=job):
        roster_job_start(pk)
    return redirect("admin:crm_roster_job", pk)


def _mine(request: HttpRequest, pk: int) -> CreatorImportJob | None:
    """The job, for who may do what it does."""
    job = get_object_or_404(CreatorImportJob, pk=pk)
    if request.user.has_perm(MAY[CreatorImportJob.Task(job.task)]):
        return job
    messages.error(request, _("You may look at it, not change it."))
    return None
