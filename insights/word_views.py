"""The portal's page of one's own words: what was quoted, and whether it was meant so."""

from http import HTTPStatus

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crm.exceptions import DomainError
from crm.http import PortalRequest
from insights.services.member_checks import quote_check
from insights.words import evidence_visible_to, own_quotes


@never_cache
@require_GET
def words(request: PortalRequest) -> HttpResponse:
    return render(request, "portal/words.html", {"quotes": own_quotes(request.creator)})


@require_POST
def word(request: PortalRequest, pk: int) -> HttpResponse:
    """Say of one quote whether it is right."""
    row = get_object_or_404(evidence_visible_to(request.creator), pk=pk)
    try:
        quote_check(
            creator=request.creator,
            evidence=row,
            verdict=request.POST.get("verdict", ""),
            correction=request.POST.get("correction", ""),
            actor=request.user,
        )
    except DomainError as error:
        context = {"quotes": own_quotes(request.creator), "problem": str(error), "about": pk}
        return render(request, "portal/words.html", context, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return redirect("portal:words")
