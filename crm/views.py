"""A creator's own page: what they told us, what they paid, what we keep about them."""

from django.core.paginator import Paginator
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET

from crm.http import PortalRequest
from crm.portal_pages import balances, consent_states, interview_cards
from crm.selectors import interviews_visible_to, payments_visible_to, transcript_current

PAGE = 20


@never_cache
@require_GET
def me(request: PortalRequest) -> HttpResponse:
    creator = request.creator
    payments = Paginator(payments_visible_to(creator), PAGE)
    return render(
        request,
        "portal/me.html",
        {
            "creator": creator,
            "interviews": interview_cards(creator),
            "consents": consent_states(creator.consents.order_by("at", "pk")),
            "page": payments.get_page(request.GET.get("page")),
            "balances": balances(creator),
        },
    )


@never_cache
@require_GET
def interview(request: PortalRequest, pk: int) -> HttpResponse:
    """What was said in one interview, as it was written down."""
    row = get_object_or_404(interviews_visible_to(request.creator), pk=pk)
    transcript = transcript_current(row)
    return render(
        request,
        "portal/interview.html",
        {
            "interview": row,
            "transcript": transcript,
            "utterances": transcript.utterances.order_by("index") if transcript else [],
            "consents": consent_states(request.creator.consents.order_by("at", "pk"), row),
        },
    )
