"""A run: its progress while it works, its cast, storyboard and film when they are there."""

from typing import Any

from django.contrib import messages
from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST
from django_htmx.http import HttpResponseClientRefresh

from crm.exceptions import DomainError
from crm.http import PortalRequest, whole_number
from generation.board_page import cast_cards, progress_of, scene_cards
from generation.features.asking import relief_question
from generation.film_changes import film_changes
from generation.library import templates_of
from generation.selectors import (
    board_of,
    cast_of,
    chapter_titles,
    frames_visible_to,
    previews_visible_to,
    runs_visible_to,
    shot_before,
)
from generation.services.previews import preview_token
from generation.services.relief import relief_dismiss, relief_say
from generation.services.runs import run_accept as accept
from generation.services.runs import run_cancel as cancel
from generation.services.runs import run_resume as resume
from generation.tasks import run_execute_start

SHOTS_A_PAGE = 48
CAST_AT_FIRST = 24
LATEST = 6
LINKS = 20


@never_cache
@require_GET
def run(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    return render(
        request,
        "portal/run.html",
        {
            "run": row,
            "relief": relief_question(request.creator, row),
            "scale": range(11),
            **_progress(request, row),
            **_board(request, row),
            "changes": film_changes(row.film) if hasattr(row, "film") else None,
            "previews": [
                (link, request.build_absolute_uri(reverse("preview", args=[preview_token(link)])))
                for link in previews_visible_to(request.creator).filter(run=row)[:LINKS]
            ],
        },
    )


def _progress(request: PortalRequest, row: Any) -> dict[str, Any]:
    frames = frames_visible_to(request.creator).filter(shot__run=row)
    return {
        "progress": progress_of(row),
        "phase": _phase(row),
        "latest": list(frames.order_by("-pk")[:LATEST]) if not row.is_ended else [],
    }


def _phase(row: Any) -> str:
    """Changes when the page has something new to show beside the bar."""
    return row.state if row.is_ended else ("board" if row.usage else "waiting")


def _board(request: PortalRequest, row: Any) -> dict[str, Any]:
    """Cast and one page of shots; nothing before the storyboard is written."""
    if not row.usage:
        return {}
    cast = list(cast_of(row))
    page = Paginator(board_of(row), SHOTS_A_PAGE).get_page(request.GET.get("page"))
    shown = list(page.object_list)
    scenes = scene_cards(
        shown,
        before=shot_before(shown[0]) if page.has_previous() else None,
        names={item.key: item.name for item in cast},
        chapters=chapter_titles(row),
        text=row.novel.text,
    )
    opinions = set(row.feature_uses.values_list("accepted", flat=True))
    met = cast if "everybody" in request.GET else cast[:CAST_AT_FIRST]
    return {
        "cast": cast_cards(met),
        "cast_count": len(cast),
        "cast_left": len(cast) - len(met),
        "page": page,
        "scenes": scenes,
        "shot_count": page.paginator.count,
        "accepted": opinions.pop() if len(opinions) == 1 else None,
        "written_by": templates_of(row),
    }


@never_cache
@require_GET
def run_progress(request: PortalRequest, pk: int) -> HttpResponse:
    """The bar by itself, for the page that asks every second; a whole page where htmx is not.

    `glance`: state and bar in one line, for pages that show several runs beside each other.
    """
    row = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    if not request.htmx:
        return redirect("portal:run", row.pk)
    if "glance" in request.GET:
        return render(request, "portal/_run_glance.html", {"run": row})
    if request.GET.get("phase") != _phase(row):
        return HttpResponseClientRefresh()
    return render(request, "portal/_run_progress.html", {"run": row, **_progress(request, row)})


@require_POST
def run_cancel(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    if not cancel(run=row, actor=request.user):
        messages.info(request, _("This run had already ended."))
    return redirect("portal:run", row.pk)


@require_POST
def run_resume(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    try:
        resumed = resume(run=row, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("portal:run", row.pk)
    if resumed:
        run_execute_start(row.pk)
    else:
        messages.info(request, _("This run is at work or done; there is nothing to resume."))
    return redirect("portal:run", row.pk)


@require_POST
def run_accept(request: PortalRequest, pk: int) -> HttpResponse:
    """The creator's word on the result: `accepted` is yes or no."""
    row = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    accept(run=row, accepted=request.POST.get("accepted") == "yes", actor=request.user)
    messages.success(request, _("Thank you; your verdict is kept with the run."))
    return redirect("portal:run", row.pk)


@require_POST
def run_relief(request: PortalRequest, pk: int) -> HttpResponse:
    """How much of a pain is gone: `before` and `after` from 0 to 10, or `dismiss`."""
    row = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    sent = {name: request.POST.get(name, "") for name in ("feature", "pain", "before", "after")}
    read = {name: whole_number(value) for name, value in sent.items()}
    numbers = {name: -1 if value is None else value for name, value in read.items()}
    about = {"feature": numbers["feature"], "pain": numbers["pain"]}
    try:
        if "dismiss" in request.POST:
            relief_dismiss(creator=request.creator, run=row, actor=request.user, **about)
        else:
            relief_say(
                creator=request.creator,
                run=row,
                actor=request.user,
                before=numbers["before"],
                after=numbers["after"],
                **about,
            )
            messages.success(request, _("Thank you; it counts when we decide what to build."))
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("portal:run", row.pk)
