"""A creator's voice: pains in own words, two taps for each known one, a first three, points on features."""

from collections.abc import Callable
from http import HTTPStatus
from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crm.exceptions import DomainError
from crm.http import PortalRequest, whole_number
from generation.features.votes import ballots
from generation.services.votes import votes_cast
from insights.services.voice import (
    LONGEST,
    PLACES,
    pain_rate,
    pain_report,
    report_take_back,
    top_pains_choose,
)
from insights.voices import open_pains, pain_lines, pains_like, reports_visible_to

BUDGET = 10
SCALE = range(1, 6)
REPORTS = 50


@never_cache
@require_GET
def voice(request: PortalRequest) -> HttpResponse:
    return _page(request)


def _page(request: PortalRequest, *, status: int = HTTPStatus.OK, **more: Any) -> HttpResponse:
    lines = pain_lines(request.creator)
    votes = ballots(request.creator)
    ranked = {line.place: line.pk for line in lines if line.place}
    context = {
        "lines": lines,
        "scale": SCALE,
        "places": [(place, ranked.get(place)) for place in range(1, PLACES + 1)],
        "reports": reports_visible_to(request.creator)[:REPORTS],
        "ballots": votes,
        "budget": BUDGET,
        "spent": sum(ballot.points for ballot in votes),
        "longest": LONGEST,
        "token": uuid4().hex,
        "said": {},
        **more,
    }
    return render(request, "portal/voice.html", context, status=status)


@require_POST
def match(request: PortalRequest) -> HttpResponse:
    """Known pains that the words so far resemble: a fragment, asked while somebody types."""
    words = request.POST.get("words", "")[:LONGEST]
    return render(request, "portal/_likely.html", {"likely": pains_like(words)})


@require_POST
def report(request: PortalRequest) -> HttpResponse:
    """A pain in own words; the first time with known ones it may be, unless one was chosen."""
    said = request.POST
    words, chosen = said.get("words", ""), said.get("pain", "")
    likely = pains_like(words) if not chosen else []
    if likely:
        return _page(request, said=said, likely=likely, token=said.get("token") or uuid4().hex)
    try:
        _row, new = pain_report(
            creator=request.creator,
            words=words,
            importance=_digit(said, "importance"),
            satisfaction=_digit(said, "satisfaction"),
            pain=None if whole_number(chosen) is None else _pain(chosen),
            token=said.get("token") or uuid4().hex,
            actor=request.user,
        )
    except DomainError as error:
        return _page(
            request, status=HTTPStatus.UNPROCESSABLE_ENTITY, said=said, report_error=str(error)
        )
    if new:
        messages.success(request, _("Thank you. You read the answer here, and it will have one."))
    return redirect("portal:voice")


@require_POST
def take_back(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(reports_visible_to(request.creator), pk=pk)
    if not report_take_back(report=row, actor=request.user):
        messages.info(request, _("This has been answered already."))
    return redirect("portal:voice")


@require_POST
def rate(request: PortalRequest) -> HttpResponse:
    """Two taps on a known pain; with htmx only its own row comes back."""
    pain = _pain(request.POST.get("pain", ""))

    def write() -> object:
        return pain_rate(
            creator=request.creator,
            pain=pain,
            importance=_digit(request.POST, "importance"),
            satisfaction=_digit(request.POST, "satisfaction"),
            actor=request.user,
        )

    error = _tried(write)
    if request.htmx:
        line = next(line for line in pain_lines(request.creator) if line.pk == pain.pk)
        context = {"line": line, "scale": SCALE, "error": error, "saved": not error}
        return render(request, "portal/_pain_line.html", context)
    return _back(request, error, "rate_error")


@require_POST
def top(request: PortalRequest) -> HttpResponse:
    """The first three in order; an empty place closes up."""
    chosen = [request.POST.get(f"place{place}", "") for place in range(1, PLACES + 1)]
    pains = [_pain(key) for key in chosen if key]
    error = _tried(
        lambda: top_pains_choose(creator=request.creator, pains=pains, actor=request.user)
    )
    return _back(request, error, "top_error")


@require_POST
def votes(request: PortalRequest) -> HttpResponse:
    points = {}
    for name in request.POST:
        key = whole_number(name.removeprefix("points"))
        if name.startswith("points") and key is not None:
            points[key] = _digit(request.POST, name) or 0
    error = _tried(lambda: votes_cast(creator=request.creator, points=points, actor=request.user))
    return _back(request, error, "votes_error")


def _pain(key: str) -> Any:
    """An open pain point; anything else is not there."""
    return get_object_or_404(open_pains(), pk=whole_number(key))


def _tried(write: Callable[[], object]) -> str:
    try:
        write()
    except DomainError as error:
        return str(error)
    return ""


def _back(request: PortalRequest, error: str, where: str) -> HttpResponse:
    if error:
        more: dict[str, Any] = {where: error}
        return _page(request, status=HTTPStatus.UNPROCESSABLE_ENTITY, **more)
    messages.success(request, _("Kept."))
    return redirect("portal:voice")


def _digit(said: QueryDict, name: str) -> int | None:
    return whole_number(said.get(name, "").strip(), 3)
