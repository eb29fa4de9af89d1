"""A page of statistics that was shared: for whoever has the link, nothing else of the house."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_GET

from crm.exceptions import DomainError
from insights.figures.book import TITLES, figure_of
from insights.figures.parts import for_reader
from insights.findings.shared import shares_about
from insights.selectors import blind_interviews
from insights.services.shares import share_of, share_opened

SHOWN = "shown"


@login_not_required
@require_GET
def shared(request: HttpRequest, token: str) -> HttpResponse:
    """Read-only, with the numbers of now; every opening is logged."""
    share = share_of(token)
    if share is None or share.page not in TITLES:
        raise Http404
    try:
        figure = figure_of(share.page, share.params)
    except DomainError:  # what it was about is gone
        raise Http404 from None
    outcome = share_opened(share, figure.pains)
    context = {"share": share, "outcome": outcome, "title": figure.title}
    status = HTTPStatus.OK
    if outcome == SHOWN:
        # Whoever has the link may be somebody of the team who still codes blind.
        context["figure"] = for_reader(figure, blind_interviews(request.user.pk))
        # The name of a segment is the team's word for people, and none for them.
        told = {name: share.params.get(name, "") for name in ("study", "since", "until")}
        context["about"] = shares_about([told])[0]
    else:
        status = HTTPStatus.CONFLICT if outcome == "blocked" else HTTPStatus.GONE
    response = render(request, "insights/shared.html", context, status=status)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    response.headers["Cache-Control"] = "private, no-store"
    return response
