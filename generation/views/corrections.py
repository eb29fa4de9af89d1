"""The creator corrects what was read of a novel: its chapters, its cast."""

from typing import Any
from urllib.parse import urlencode
from uuid import uuid4

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from crm.exceptions import DomainError
from crm.http import PortalRequest, whole_number
from generation.cast_page import corrected_cast, is_behind, paragraphs
from generation.selectors import (
    chapter_text,
    chapters_of,
    corrections_visible_to,
    newest_cast,
    novels_visible_to,
    runs_visible_to,
)
from generation.services.corrections import (
    cast_correct,
    cast_correction_undo,
    chapter_join,
    chapter_rename,
    chapter_split,
    chapters_reset,
)
from generation.services.runs import DEFAULT_DENSITY, run_start
from generation.tasks import run_execute_start

PARAGRAPHS_A_PAGE = 60
CHAPTERS_A_PAGE = 200
PEOPLE_A_PAGE = 60


def _number(value: str | None) -> int:
    """A whole number out of a form; anything else is a page that does not exist."""
    number = whole_number(value or "", 9)
    if number is None:
        raise Http404
    return number


@never_cache
@require_http_methods(["GET", "POST"])
def novel_chapters(request: PortalRequest, pk: int) -> HttpResponse:
    """The chapters with what can be corrected of each; POST does one correction."""
    novel = get_object_or_404(novels_visible_to(request.creator), pk=pk)
    if request.method == "POST":
        _correct_chapters(request, novel)
        return redirect(request.get_full_path())
    page = Paginator(chapters_of(novel), CHAPTERS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/novel_chapters.html", {"novel": novel, "page": page})


def _correct_chapters(request: PortalRequest, novel: Any) -> None:
    what = request.POST.get("what", "")
    try:
        if what == "rename":
            index = _number(request.POST.get("index"))
            title = request.POST.get("title", "")
            chapter_rename(novel=novel, index=index, title=title, actor=request.user)
            messages.success(request, _("Renamed."))
        elif what == "join":
            index = _number(request.POST.get("index"))
            chapter_join(novel=novel, index=index, actor=request.user)
            messages.success(request, _("Joined with the chapter before. Split it to undo."))
        elif what == "reset":
            chapters_reset(novel=novel, actor=request.user)
            messages.success(request, _("The chapters are as the file had them."))
        else:
            raise Http404
    except DomainError as error:
        messages.error(request, str(error))


@never_cache
@require_http_methods(["GET", "POST"])
def chapter(request: PortalRequest, pk: int, index: int) -> HttpResponse:
    """One chapter's paragraphs, each a place where a new chapter may begin."""
    novel = get_object_or_404(novels_visible_to(request.creator), pk=pk)
    row = get_object_or_404(chapters_of(novel), index=index)
    if request.method == "POST":
        try:
            chapter_split(
                novel=novel, index=index, at=_number(request.POST.get("at")), actor=request.user
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("A new chapter begins there. Join it to undo."))
            return redirect("portal:novel_chapters", novel.pk)
    found = paragraphs(chapter_text(novel, row), row.start)
    page = Paginator(found, PARAGRAPHS_A_PAGE).get_page(request.GET.get("page"))
    return render(request, "portal/chapter.html", {"novel": novel, "chapter": row, "page": page})


@never_cache
@require_http_methods(["GET", "POST"])
def novel_cast(request: PortalRequest, pk: int) -> HttpResponse:
    """Who is who, as the newest run found it and the corrections have it since."""
    novel = get_object_or_404(novels_visible_to(request.creator), pk=pk)
    if request.method == "POST":
        try:
            cast_correct(
                novel=novel,
                kind=request.POST.get("kind", ""),
                name=request.POST.get("name", ""),
                other=request.POST.get("other", ""),
                actor=request.user,
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            messages.success(request, _("Kept. Every storyboard made from now on follows it."))
        return redirect(request.get_full_path())
    corrections = list(corrections_visible_to(request.creator).filter(novel=novel))
    cast = list(newest_cast(novel))
    newest = runs_visible_to(request.creator).filter(novel=novel).first()
    everybody = corrected_cast(cast, corrections)
    wanted = request.GET.get("q", "").strip()
    found = [
        person
        for person in everybody
        if any(wanted in name for name in (person.name, *person.others))
    ]
    page = Paginator(found, PEOPLE_A_PAGE).get_page(request.GET.get("page"))
    context = {
        "novel": novel,
        "corrections": corrections,
        "names": [person.name for person in everybody],
        "wanted": wanted,
        "searchable": len(everybody) > PEOPLE_A_PAGE,
        "people": page.object_list,
        "page": page,
        "more": f"{urlencode({'q': wanted})}&" if wanted else "",
        "newest": newest,
        "is_behind": is_behind(newest, cast, corrections),
        "token": uuid4().hex,
    }
    return render(request, "portal/novel_cast.html", context)


@require_POST
def correction_undo(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(corrections_visible_to(request.creator), pk=pk)
    cast_correction_undo(correction=row, actor=request.user)
    messages.success(request, _("Taken back."))
    return redirect("portal:novel_cast", row.novel_id)


@require_POST
def run_again(request: PortalRequest, pk: int) -> HttpResponse:
    """The same run once more, with the corrections made since; the same form twice is one run."""
    old = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    try:
        run, new = run_start(
            novel=old.novel,
            token=request.POST.get("token", "")[:64] or uuid4().hex,
            chapters=old.chapters,
            density=old.density or DEFAULT_DENSITY,
            film_seconds=old.film_seconds,
            portrait=old.portrait,
            with_frames=old.frame_engine != "none",
            with_film=old.wants_film,
            text_engine=old.text_engine,
            actor=request.user,
        )
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("portal:novel", old.novel_id)
    if new:
        run_execute_start(run.pk)
    return redirect("portal:run", run.pk)
