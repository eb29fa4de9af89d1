"""Blind pairs in the portal: of the house's cases and of the creator's own novels."""

from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crm.exceptions import DomainError
from crm.http import PortalRequest
from generation.evaluations.pairs import Pair, evaluation_of, open_to, pair_of, picture_of
from generation.services.evaluations.votes import pair_next, vote_give, vote_undo
from generation.tasks import evaluation_results_start


@never_cache
@require_GET
def pairs(request: PortalRequest) -> HttpResponse:
    """The next pair of the newest comparison that has one for this creator."""
    for row in open_to(request.creator):
        vote = pair_next(evaluation=row, rater=request.user, creator=request.creator)
        if vote is not None:
            return _shown(request, pair_of(vote))
    return render(request, "portal/pairs.html", {"pair": None})


def _shown(request: PortalRequest, pair: Pair) -> HttpResponse:
    context = {
        "pair": pair,
        "shown": pair.token,
        "picture_url": "portal:pair_picture",
        "say_url": "portal:pair_say",
        "undo_url": "portal:pair_undo",
    }
    return render(request, "portal/pairs.html", context)


@require_POST
def pair_say(request: PortalRequest, token: str) -> HttpResponse:
    try:
        kept, due = vote_give(
            token=token, outcome=request.POST.get("outcome", ""), rater=request.user
        )
    except DomainError as error:
        if error.code == "no_pair":
            raise Http404 from error
        messages.error(request, str(error))
    else:
        if due:
            evaluation_results_start(kept.evaluation_id)
    return redirect("portal:pairs")


@require_POST
def pair_undo(request: PortalRequest, token: str) -> HttpResponse:
    """Take back the word before the pair that is shown now."""
    row = evaluation_of(token, request.user)
    if row is None:
        raise Http404
    if not vote_undo(evaluation=row, rater=request.user):
        messages.info(request, _("There is nothing to take back within the last ten minutes."))
    return redirect("portal:pairs")


@never_cache
@require_GET
def pair_picture(request: PortalRequest, token: str, side: str) -> HttpResponse:
    data = picture_of(token, side, request.user, request.creator)
    if data is None:
        raise Http404
    response = HttpResponse(data, content_type="image/png")
    response.headers["Cache-Control"] = "private, no-store"
    response.headers["Content-Disposition"] = "inline"
    response.headers["X-Content-Type-Options"] = "nosniff"
    return response
