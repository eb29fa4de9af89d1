"""A creator's own page, and the door through which payment providers tell what was paid."""

from collections.abc import Callable
from typing import Any

from allauth.account.views import SignupView
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.db import transaction
from django.http import HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import (
    require_GET,
    require_http_methods,
    require_POST,
    require_safe,
)

from crm.accounts import INVITED
from crm.exceptions import DomainError
from crm.http import PortalRequest
from crm.portal_pages import (
    balances,
    consent_offers,
    consent_states,
    interview_cards,
    receipt_of,
    receipts,
    wishes,
)
from crm.selectors import (
    consent_form_current,
    interviews_visible_to,
    payments_visible_to,
    recordings_visible_to,
    redactions_visible_to,
    transcript_current,
)
from crm.services.consents import WITHDRAWALS, consent_give, consent_withdraw
from crm.services.joining import invitation_of
from crm.services.payments import event_receive
from crm.streaming import stored_response
from crm.tasks import redaction_execute_start

PAGE = 20
NOTICE_MAX_BYTES = 256 * 1024  # the largest real ones have some 20 kB
PORTAL = "portal"  # the channel of a consent


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
            "receipts": receipts(creator),
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
            "recordings": recordings_visible_to(request.creator).filter(interview=row),
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
def withdraw(request: PortalRequest) -> HttpResponse:
    """Take a consent back for everything one has said."""
    return _withdraw(request, None)


@never_cache
@require_http_methods(["GET", "POST"])
def interview_withdraw(request: PortalRequest, pk: int) -> HttpResponse:
    """Take a consent back for one interview."""
    return _withdraw(request, get_object_or_404(interviews_visible_to(request.creator), pk=pk))


def _withdraw(request: PortalRequest, row: Any) -> HttpResponse:
    choices = wishes(interview=row is not None)
    asked = request.POST if request.method == "POST" else request.GET
    what = asked.get("what", "")
    known = any(wish.key == what for wish in choices)
    if request.method == "POST" and known:
        redaction = consent_withdraw(
            creator=request.creator,
            purposes=WITHDRAWALS[what],
            interview=row,
            channel=PORTAL,
            actor=request.user,
        )
        redaction_execute_start(redaction.pk)
        return redirect("portal:receipt", redaction.pk)
    error = _("Choose what you take back.") if request.method == "POST" else ""
    context = {"interview": row, "wishes": choices, "what": what, "error": error}
    return render(request, "portal/withdraw.html", context, status=422 if error else 200)


@never_cache
@require_http_methods(["GET", "POST"])
def consent(request: PortalRequest) -> HttpResponse:
    """Read the form and agree, point by point, for everything one says."""
    return _consent(request, None)


@never_cache
@require_http_methods(["GET", "POST"])
def interview_consent(request: PortalRequest, pk: int) -> HttpResponse:
    """Agree for one interview."""
    return _consent(request, get_object_or_404(interviews_visible_to(request.creator), pk=pk))


def _consent(request: PortalRequest, row: Any) -> HttpResponse:
    form = consent_form_current()
    offered = consent_offers(form, request.creator, row)
    error = ""
    if request.method == "POST":
        chosen = [offer.purpose for offer in offered if offer.purpose in request.POST.getlist("to")]
        if request.POST.get("version") != form.version:
            error = _("The form has changed since you opened it; read it again.")
        elif not chosen:
            error = _("Choose what you agree to.")
        else:
            consent_give(
                creator=request.creator, purposes=chosen, interview=row, channel=PORTAL,
                actor=request.user, form=form,
            )  # fmt: skip
            return redirect("portal:interview", row.pk) if row else redirect("portal:me")
    context = {"interview": row, "form": form, "offers": offered, "error": error}
    return render(request, "portal/consent.html", context, status=422 if error else 200)


@require_safe
def recording(request: PortalRequest, pk: int) -> HttpResponseBase:
    """One's own interview to be heard, in the ranges that a player asks for."""
    row = get_object_or_404(recordings_visible_to(request.creator), pk=pk)
    return stored_response(request, row.path, content_type=row.content_type)


@never_cache
@require_GET
def receipt(request: PortalRequest, pk: int) -> HttpResponse:
    """What a withdrawal has reached, and when."""
    row = get_object_or_404(redactions_visible_to(request.creator), pk=pk)
    return render(request, "portal/withdrawal.html", {"receipt": receipt_of(row)})


@never_cache
@login_not_required
@require_GET
def join(request: HttpRequest, token: str) -> HttpResponse:
    """A personal link: remembered for the sign-up that follows."""
    if invitation_of(token) is None:
        return render(request, "account/invitation_over.html", status=410)
    request.session[INVITED] = token
    return redirect("account_signup")


@never_cache
@login_not_required
def signup(request: HttpRequest) -> HttpResponseBase:
    return whole_signup(request, SignupView.as_view())


def whole_signup(
    request: HttpRequest, view: Callable[[HttpRequest], HttpResponseBase]
) -> HttpResponseBase:
    """allauth's sign-up, whole or not at all: a login without a creator must not remain."""
    try:
        with transaction.atomic():
            return view(request)
    except DomainError:
        return render(request, "account/invitation_over.html", status=410)


@csrf_exempt
@login_not_required
@require_POST
def webhook(request: HttpRequest, provider: str) -> HttpResponse:
    """A provider's signed notice; its signature is the login."""
    body = request.read(NOTICE_MAX_BYTES + 1)
    if len(body) > NOTICE_MAX_BYTES:
        return HttpResponse(status=413)
    sender = request.META.get("REMOTE_ADDR", "")
    answer = event_receive(provider=provider, headers=request.headers, body=body, sender=sender)
    return HttpResponse(answer.body, status=answer.status, content_type=answer.content_type)
