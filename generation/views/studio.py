"""The studio: a run's pictures by scene, one shot at a time, batches, files to take away."""

from collections.abc import Iterable
from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from crm.exceptions import DomainError
from crm.http import PortalRequest, whole_number
from generation.board_page import FRAMINGS, MOVEMENTS
from generation.picture_faults import FAULTS, fault_words
from generation.picture_files import pictures_zip, shots_csv
from generation.selectors import (
    cast_of,
    chapter_titles,
    frame_jobs_visible_to,
    frames_visible_to,
    runs_visible_to,
    shots_of,
    shots_shown,
    shots_visible_to,
    studio_counts,
    versions_of,
)
from generation.services.frame_versions import frame_choose, frame_lock
from generation.services.studio import (
    Edit,
    frames_cancel,
    frames_redo,
    outlook_of,
    shot_edit,
)
from generation.studio_forms import RedoForm, edit_sent
from generation.studio_page import (
    change_of,
    engine_name,
    mood_choices,
    outcomes,
    pose_choices,
    reports_shown,
    scene_tiles,
    standings,
    suggested,
    versions,
)
from generation.tasks import frames_execute_start
from generation.views.files import file_name

SHOTS_A_PAGE = 48
SHOWN = ("all", "missing", "unlike", "versions", "locked")


@never_cache
@require_GET
def studio(request: PortalRequest, pk: int) -> HttpResponse:
    run = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    wanted = request.GET.get("show", "all")
    wanted = wanted if wanted in SHOWN else "all"
    cast = list(cast_of(run))
    names = {person.key: person.name for person in cast}
    page = Paginator(shots_shown(run, wanted), SHOTS_A_PAGE).get_page(request.GET.get("page"))
    shots = list(page.object_list)
    scenes = scene_tiles(run, shots, names=names, chapters=chapter_titles(run))
    jobs = list(frame_jobs_visible_to(request.creator).filter(run=run)[:5])
    return render(
        request,
        "portal/studio.html",
        {
            "run": run,
            "cast": [person for person in cast if person.sheet][:24],
            "page": page,
            "scenes": scenes,
            "suggested": suggested(scenes),
            "counts": studio_counts(run),
            "show": wanted,
            "form": RedoForm.fresh(),
            "reports": reports_shown(run),
            "jobs": jobs,
            "working": any(not job.is_ended for job in jobs),
        },
    )


@require_POST
def studio_redo(request: PortalRequest, pk: int) -> HttpResponse:
    """Draw the ticked shots again, with `scene` all shots of one, with `suggested` those listed."""
    run = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    scene = request.POST.get("scene", "")
    if "suggested" in request.POST:
        indices = _numbers(request.POST["suggested"].split(","))
    elif (number := whole_number(scene)) is not None:
        indices = list(shots_of(run).filter(scene__index=number).values_list("index", flat=True))
    else:
        indices = _numbers(request.POST.getlist("shot"))
    return _redo(request, run, indices, redirect("portal:studio", run.pk))


def _numbers(texts: Iterable[str]) -> list[int]:
    """Those that are numbers of shots; the service says of each whether the run has it."""
    return [number for text in texts if (number := whole_number(text)) is not None]


def _redo(
    request: PortalRequest, run: Any, indices: list[int], otherwise: HttpResponse
) -> HttpResponse:
    form = RedoForm(request.POST)
    if not form.is_valid():
        messages.error(request, _("Choose an engine and a cap that is a number."))
        return otherwise
    try:
        job, made = frames_redo(run=run, shots=indices, actor=request.user, **form.wanted())
    except DomainError as error:
        messages.error(request, str(error))
        return otherwise
    if made:
        frames_execute_start(job.pk)
    return redirect("portal:batch", job.pk)


# -- one shot ----------------------------------------------------------------------------------


@never_cache
@require_http_methods(["GET", "POST"])
def shot(request: PortalRequest, pk: int) -> HttpResponse:
    """A shot with its form and versions. `do` is look, save or draw."""
    row = get_object_or_404(shots_visible_to(request.creator), pk=pk)
    change, edit = None, None
    if request.method == "POST":
        try:
            edit = edit_sent(request.POST)
            if request.POST.get("do") != "look":
                return _saved(request, row, edit)
            change = outlook_of(shot=row, edit=edit)
        except DomainError as error:
            messages.error(request, str(error))
    return render(request, "portal/shot.html", _shot_page(request, row, edit, change))


def _saved(request: PortalRequest, row: Any, edit: Edit) -> HttpResponse:
    changed = shot_edit(shot=row, edit=edit, actor=request.user)
    if request.POST.get("do") == "draw":
        return _redo(request, row.run, [row.index], redirect("portal:shot", row.pk))
    if changed:
        messages.success(request, _("Saved. The picture shows it once it is drawn again."))
    else:
        messages.info(request, _("Nothing was changed."))
    return redirect("portal:shot", row.pk)


def _shot_page(request: PortalRequest, row: Any, edit: Edit | None, change: Any) -> dict[str, Any]:
    people = {person.key: person for person in cast_of(row.run)}
    names = {key: person.name for key, person in people.items()}
    rows = versions(versions_of(row))
    current = next((one for one in rows if one.row.current), None)
    compared = request.GET.get("compare", "")
    other = next((one for one in rows if str(one.row.pk) == compared), None)
    if other is None and len(rows) > 1:
        other = next(one for one in rows if not one.row.current)
    cast = list(edit.cast) if edit is not None else row.cast
    told = edit or row
    return {
        "run": row.run,
        "shot": row,
        "number": row.index + 1,
        "told": told,
        "own": bool(edit.prompt) if edit else bool(row.prompt.get("edited")),
        "prompt": (edit.prompt if edit and edit.prompt else row.prompt.get("positive", "")),
        "negative": (edit.negative if edit and edit.prompt else row.prompt.get("negative", "")),
        "standing": standings(cast, people)
        if _known(cast, people)
        else standings(row.cast, people),
        "absent": [p for key, p in people.items() if key not in {e.get("id") for e in cast}][:60],
        "framings": FRAMINGS.items(),
        "movements": MOVEMENTS.items(),
        "poses": pose_choices(),
        "moods": mood_choices(),
        "change": change_of(row, change, names) if change is not None else None,
        "versions": rows,
        "current": current,
        "other": other,
        "form": RedoForm.fresh(current.row.engine if current else "sketch"),
        "text": row.run.novel.text[row.start : row.end].strip(),
        "before": row.index and shots_of(row.run).filter(index=row.index - 1).first(),
        "after": shots_of(row.run).filter(index=row.index + 1).first(),
    }


def _known(cast: Any, people: Any) -> bool:
    return all(entry.get("id") in people for entry in cast)


@require_POST
def frame_use(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(frames_visible_to(request.creator).select_related("shot__run"), pk=pk)
    try:
        if frame_choose(frame=row, actor=request.user):
            messages.success(request, _("Version %(n)s is in use.") % {"n": row.version})
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("portal:shot", row.shot_id)


@require_POST
def frame_hold(request: PortalRequest, pk: int) -> HttpResponse:
    """Lock a version, or with `locked` no let it go."""
    row = get_object_or_404(frames_visible_to(request.creator).select_related("shot__run"), pk=pk)
    try:
        frame_lock(frame=row, locked=request.POST.get("locked") != "no", actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("portal:shot", row.shot_id)


# -- batches -----------------------------------------------------------------------------------


def _batch(request: PortalRequest, pk: int) -> dict[str, Any]:
    job = get_object_or_404(frame_jobs_visible_to(request.creator), pk=pk)
    made = frames_visible_to(request.creator).filter(job=job).select_related("shot")
    return {
        "run": job.run,
        "job": job,
        "engine": engine_name(job.engine),
        "outcomes": outcomes(job.results),
        "fault": fault_words(job.error_code) if job.error_code in FAULTS else job.error,
        "made": sum(told == "made" for told in job.results.values()),
        "frames": list(made.order_by("-pk")[:60]),
    }


@never_cache
@require_GET
def batch(request: PortalRequest, pk: int) -> HttpResponse:
    return render(request, "portal/batch.html", _batch(request, pk))


@never_cache
@require_GET
def batch_progress(request: PortalRequest, pk: int) -> HttpResponse:
    told = _batch(request, pk)
    if not request.htmx:
        return redirect("portal:batch", pk)
    if told["job"].is_ended:
        return HttpResponseClientRefresh()
    return render(request, "portal/_batch_progress.html", told)


@require_POST
def batch_cancel(request: PortalRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(frame_jobs_visible_to(request.creator), pk=pk)
    if not frames_cancel(job=job, actor=request.user):
        messages.info(request, _("This batch had already ended."))
    return redirect("portal:batch", job.pk)


# -- files to take away ------------------------------------------------------------------------


@require_GET
def zip_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    """Every picture in use, as PNG, in the shots' order."""
    run = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    response = StreamingHttpResponse(pictures_zip(run), content_type="application/zip")
    return _download(response, file_name(run.novel.title, "zip"))


@require_GET
def csv_file(request: PortalRequest, pk: int) -> HttpResponseBase:
    run = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    response = HttpResponse(shots_csv(run), content_type="text/csv; charset=utf-8")
    return _download(response, file_name(run.novel.title, "csv"))


def _download(response: Any, name: str) -> Any:
    response.headers["Content-Disposition"] = content_disposition_header(True, name)
    response.headers["Cache-Control"] = "private, max-age=0"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
