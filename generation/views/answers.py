"""You said, we did: a creator's own words, what was decided, what shipped."""

from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST

from crm.http import PortalRequest
from generation.features.said_and_done import answer_cards, wants_mail
from generation.services.answers import answer_mail_choose, answers_seen


@never_cache
@require_GET
def answers(request: PortalRequest) -> HttpResponse:
    cards = answer_cards(request.creator)
    answers_seen(creator=request.creator)
    mail = wants_mail(request.creator)
    return render(request, "portal/answers.html", {"cards": cards, "mail": mail})


@require_POST
def mail(request: PortalRequest) -> HttpResponse:
    """Whether answers come by e-mail too: `wanted` is yes or no."""
    wanted = request.POST.get("wanted") == "yes"
    answer_mail_choose(creator=request.creator, wanted=wanted, actor=request.user)
    return redirect("portal:answers")
