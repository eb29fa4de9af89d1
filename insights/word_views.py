"""The portal's page of one's own words: what was quoted, and whether it was meant so."""

from http import HTTPStatus
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crm.exceptions import DomainError
from crm.http import PortalRequest
from insights.services.member_checks import quote_check
from insights.services.quote_limits import passage_limit, quote_limit
from insights.words import (
    evidence_visible_to,
    own_limits,
    own_quotes,
    passages_visible_to,
    quote_levels,
)


def _page(request: PortalRequest) -> dict[str, Any]:
    return {
        "quotes": own_quotes(request.creator),
        "limits": own_limits(request.creator),
        "levels": quote_levels(),
    }


@never_cache
@require_GET
def words(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/words.html", _page(request))


@require_POST
def word(request: PortalRequest, pk: int) -> HttpResponse:
    """Say of one quote whether it is right, or how far it may go."""
    row = get_object_or_404(evidence_visible_to(request.creator), pk=pk)
    try:
        if "level" in request.POST:
            quote_limit(
                creator=request.creator, evidence=row, level=_level(request), actor=request.user
            )
        else:
            quote_check(
                creator=request.creator,
                evidence=row,
                verdict=request.POST.get("verdict", ""),
                correction=request.POST.get("correction", ""),
                actor=request.user,
            )
    except DomainError as error:
        context = {**_page(request), "problem": str(error), "about": pk}
        return render(request, "portal/words.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(f"{reverse('portal:words')}#q{pk}")


@require_POST
def passage(request: PortalRequest, pk: int) -> HttpResponse:
    """Say how far a passage may go that nobody quotes at the moment."""
    row = get_object_or_404(passages_visible_to(request.creator), pk=pk)
    try:
        passage_limit(
            creator=request.creator, passage=row, level=_level(request), actor=request.user
        )
    except DomainError as error:
        context = {**_page(request), "problem": str(error), "about_passage": pk}
        return render(request, "portal/words.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect(f"{reverse('portal:words')}#limits")


def _level(request: PortalRequest) -> int:
    level = request.POST.get("level", "")
    return int(level) if level.isdecimal() and len(level) < 3 else -1
