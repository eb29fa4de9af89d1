"""Blind pairs in the admin: what is shown names no template, no engine and no arm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.contrib import messages
from django.contrib.admin import AdminSite
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import User
from engines.admin import guarded
from generation.evaluations.pairs import pair_of, picture_of
from generation.models import Evaluation, Vote
from generation.services.evaluations.votes import pair_next, vote_give, vote_undo
from generation.tasks import evaluation_results_start

VOTE = "generation.add_vote"


def urls(site: AdminSite) -> list[URLPattern]:
    def ours(route: str, view: Callable[..., Any], name: str) -> URLPattern:
        def here(request: HttpRequest, **keys: Any) -> HttpResponse:
            found: HttpResponse = view(request, site=site, **keys)
            return found

        checked: Any = guarded(site, never_cache(here), VOTE)
        return path(route, checked, name=f"generation_{name}")

    return [
        ours("pairs/<int:pk>/", require_GET(show), "pairs"),
        ours("pairs/<int:pk>/undo/", require_POST(undo), "pair_undo"),
        ours("pairs/<slug:token>/say/", require_POST(say), "pair_say"),
        ours("pairs/<slug:token>/<slug:side>.png", require_GET(picture), "pair_picture"),
    ]


def _me(request: HttpRequest) -> User:
    actor = actor_of(request)
    if actor is None:
        raise Http404
    return actor


def show(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    row = get_object_or_404(Evaluation, pk=pk)
    vote = pair_next(evaluation=row, rater=_me(request))
    context = {
        **site.each_context(request),
        "title": _("Blind comparison"),
        "shown": row.pk,
        "pair": pair_of(vote) if vote else None,
        "picture_url": "admin:generation_pair_picture",
        "say_url": "admin:generation_pair_say",
        "undo_url": "admin:generation_pair_undo",
    }
    return render(request, "admin/generation/pairs.html", context)


def say(request: HttpRequest, site: AdminSite, token: str) -> HttpResponse:
    vote = get_object_or_404(Vote, token=token, rater=_me(request))
    try:
        kept, due = vote_give(
            token=token, outcome=request.POST.get("outcome", ""), rater=_me(request)
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        if due:
            evaluation_results_start(kept.evaluation_id)
    return redirect("admin:generation_pairs", vote.evaluation_id)


def undo(request: HttpRequest, site: AdminSite, pk: int) -> HttpResponse:
    row = get_object_or_404(Evaluation, pk=pk)
    if not vote_undo(evaluation=row, rater=_me(request)):
        messages.info(request, _("There is nothing to take back within the last ten minutes."))
    return redirect("admin:generation_pairs", row.pk)


def picture(request: HttpRequest, site: AdminSite, token: str, side: str) -> HttpResponse:
    data = picture_of(token, side, _me(request), None)
    if data is None:
        raise Http404
    return picture_response(data)


def picture_response(data: bytes) -> HttpResponse:
    """Pixels and nothing else: no name, no date, no tag by which equal pictures are recognised."""
    response = HttpResponse(data, content_type="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
