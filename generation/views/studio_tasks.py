"""Work on a run's pictures that draws none: wanted, watched, its file taken away."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from crm.exceptions import DomainError
from crm.http import PortalRequest, whole_number
from generation.selectors import runs_visible_to, studio_tasks_visible_to
from generation.services.studio_tasks import studio_task_cancel, studio_task_start
from generation.studio_page import task_report
from generation.tasks import studio_task_execute_start
from generation.views.files import file_name


@require_POST
def start(request: PortalRequest, pk: int) -> HttpResponse:
    """`kind` is contact, likeness or reading; the same form twice is one task."""
    run = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    try:
        task, made = studio_task_start(
            run=run,
            kind=request.POST.get("kind", ""),
            token=request.POST.get("token", "")[:64],
            first=whole_number(request.POST.get("first", ""), 6) or 1,
            actor=request.user,
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("portal:studio", run.pk)
    if made:
        studio_task_execute_start(task.pk)
    return redirect("portal:studio_task", task.pk)


def _told(request: PortalRequest, pk: int) -> dict[str, Any]:
    task = get_object_or_404(studio_tasks_visible_to(request.creator), pk=pk)
    return {"task": task, "run": task.run, "report": task_report(task)}


@never_cache
@require_GET
def task(request: PortalRequest, pk: int) -> HttpResponse:
    return render(request, "portal/studio_task.html", _told(request, pk))


@never_cache
@require_GET
def progress(request: PortalRequest, pk: int) -> HttpResponse:
    told = _told(request, pk)
    if not request.htmx:
        return redirect("portal:studio_task", pk)
    if told["task"].is_ended:
        return HttpResponseClientRefresh()
    return render(request, "portal/_studio_task_progress.html", told)


@require_POST
def cancel(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(studio_tasks_visible_to(request.creator), pk=pk)
    if not studio_task_cancel(task=row):
        messages.info(request, _("This task had already ended."))
    return redirect("portal:studio_task", row.pk)


@require_GET
def contact_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The contact sheet that a task made."""
    row = get_object_or_404(studio_tasks_visible_to(request.creator), pk=pk)
    path = Path(settings.MEDIA_ROOT) / row.file
    if not row.file or not path.exists():
        raise Http404
    response = FileResponse(path.open("rb"), content_type="application/pdf")
    name = file_name(row.run.novel.title, "pdf")
    response.headers["Content-Disposition"] = str(content_disposition_header(True, name))
    response.headers["Cache-Control"] = "private, max-age=0"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
