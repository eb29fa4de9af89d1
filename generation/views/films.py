"""A film of one's own: its settings, its price, its progress, the samples of voices."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)
from django_htmx.http import HttpResponseClientRefresh

from crm.exceptions import DomainError
from crm.http import PortalRequest
from generation.film_changes import film_changes
from generation.film_forms import FilmForm
from generation.film_page import voice_rows
from generation.selectors import film_job_of, film_jobs_visible_to, runs_visible_to
from generation.services.film_jobs import (
    film_cancel as cancel,
)
from generation.services.film_jobs import (
    film_quote,
    film_settings_save,
    film_start,
)
from generation.services.film_jobs import (
    film_resume as resume,
)
from generation.services.filming import board_of_run, voices_of, wish_of
from generation.services.voicing import (
    NARRATOR,
    SILENT,
    engine_is_free,
    samples_missing,
    voice_sample,
)
from generation.streaming import file_response
from generation.tasks import film_execute_start, voice_samples_start

DAY = 86_400


@never_cache
@require_http_methods(["GET", "POST"])
def film_settings(request: PortalRequest, pk: int) -> HttpResponse:
    """How the film of a run looks and sounds; POST makes it, or with `quote` tells what it takes."""
    run = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    try:
        board = board_of_run(run)
    except FileNotFoundError as error:
        raise Http404 from error
    wish = wish_of(run)
    people = _people(board)
    if request.method != "POST":
        voices = _voices(run, board, wish.speech_engine)
        form = FilmForm.of(wish, language=run.novel.language, people=people, voices=voices)
        return _page(request, run, board, form)
    form = FilmForm(
        request.POST,
        request.FILES,
        language=run.novel.language,
        people=people,
        engine=request.POST.get("speech_engine", SILENT),
    )
    if "quote" in request.POST or not form.is_valid():
        return _page(request, run, board, form)
    try:
        film_settings_save(
            novel=run.novel,
            wish=form.wish(wish),
            music=form.cleaned_data["music"] or None,
            without_music=form.cleaned_data["without_music"],
            actor=request.user,
        )
        job, new = film_start(
            run=run,
            token=form.cleaned_data["token"],
            cap_micro=form.cap_micro(),
            actor=request.user,
        )
    except DomainError as error:
        form.add_error(None, str(error))
        return _page(request, run, board, form)
    if new:
        film_execute_start(job.pk)
    return redirect("portal:film_settings", run.pk)


@require_POST
def film_again(request: PortalRequest, pk: int) -> HttpResponse:
    """The film once more with the settings that are kept; one that costs is sent to its price."""
    run = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    try:
        job, new = film_start(
            run=run, token=request.POST.get("token", "")[:64], cap_micro=0, actor=request.user
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("portal:film_settings", run.pk)
    if new:
        film_execute_start(job.pk)
    return redirect("portal:film_settings", run.pk)


def _people(board: dict[str, Any]) -> list[str]:
    """Who speaks in it, those who are named most first."""
    speaking = {line["speaker"] for shot in board["shots"] for line in shot["lines"]}
    cast = sorted(board["cast"], key=lambda person: -person["mentions"])
    return [person["name"] for person in cast if person["id"] in speaking]


def _voices(run: Any, board: dict[str, Any], engine: str) -> dict[str, str]:
    if engine == SILENT:
        return {}
    try:
        return voices_of(run, board, engine)
    except DomainError:
        return {}


def _page(request: PortalRequest, run: Any, board: dict[str, Any], form: FilmForm) -> HttpResponse:
    wish = wish_of(run)
    asked = form.wish(wish) if form.is_bound and form.is_valid() else wish
    quote, problem = None, ""
    try:
        quote = film_quote(run=run, wish=asked, board=board)
    except DomainError as error:
        problem = str(error)
    lacking = samples_missing(form.engine, run.novel.language)
    if lacking:
        voice_samples_start(form.engine, run.novel.language)
    job = film_job_of(run)
    failed = form.is_bound and bool(form.errors)
    context = {
        "run": run,
        "form": form,
        "rows": voice_rows(form, board["cast"], _voices(run, board, form.engine)),
        "narrator": NARRATOR,
        "language": run.novel.language[:2],
        "quote": quote,
        "problem": problem,
        "paid": not _free(form.engine),
        "no_engine": len(form.fields["speech_engine"].choices) == 1,  # type: ignore[attr-defined]
        "lacking": lacking,
        "music_name": wish.music_name,
        "job": job,
        "changes": film_changes(run.film) if hasattr(run, "film") else None,
    }
    if request.htmx:
        return render(request, "portal/_film_voices.html", context)
    status = HTTPStatus.UNPROCESSABLE_ENTITY if failed else HTTPStatus.OK
    return render(request, "portal/film.html", context, status=status)


def _free(engine: str) -> bool:
    try:
        return engine_is_free(engine)
    except (LookupError, ValueError):
        return True


@never_cache
@require_GET
def film_progress(request: PortalRequest, pk: int) -> HttpResponse:
    """The bar by itself, for the page that asks every second; the whole page without htmx."""
    job = get_object_or_404(film_jobs_visible_to(request.creator), pk=pk)
    if not request.htmx:
        return redirect("portal:film_settings", job.run_id)
    if job.is_ended:
        return HttpResponseClientRefresh()
    return render(request, "portal/_film_progress.html", {"job": job})


@require_POST
def film_cancel(request: PortalRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(film_jobs_visible_to(request.creator), pk=pk)
    if not cancel(job=job, actor=request.user):
        messages.info(request, _("This film had already ended."))
    return redirect("portal:film_settings", job.run_id)


@require_POST
def film_resume(request: PortalRequest, pk: int) -> HttpResponse:
    job = get_object_or_404(film_jobs_visible_to(request.creator), pk=pk)
    try:
        resumed = resume(job=job, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("portal:film_settings", job.run_id)
    if resumed:
        film_execute_start(job.pk)
    else:
        messages.info(request, _("This film is at work or done; there is nothing to resume."))
    return redirect("portal:film_settings", job.run_id)


@require_safe
def sample(request: PortalRequest, engine: str, voice: str) -> HttpResponseBase:
    """How a voice sounds: a line of nobody's, said once for the whole house."""
    path = voice_sample(engine, voice, request.GET.get("language", "zh"))
    if path is None:
        raise Http404
    return file_response(request, path, content_type="audio/wav", max_age=DAY)
