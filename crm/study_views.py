"""Creators and the studies that they were asked into: book, move, call off, in the portal or by link."""

from http import HTTPStatus
from typing import Any

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.calendars import appointment_ics
from crm.exceptions import DomainError
from crm.http import PortalRequest, actor_of, whole_number
from crm.money import shown
from crm.selectors import creator_of
from crm.services.appointments import appointment_cancel, appointment_move, slot_book
from crm.services.creators import creator_set_zone
from crm.services.incentives import incentive_step
from crm.services.invitations import invitation_decline, invitation_of
from crm.study_reads import (
    appointment_for,
    appointments_visible_to,
    by_day,
    incentives_visible_to,
    invitations_visible_to,
    slots_open,
)
from crm.zones import local_time, zone_name_of, zone_names, zone_of


@never_cache
@require_GET
def appointments(request: PortalRequest) -> HttpResponse:
    """A creator's invitations, times and what they get for them."""
    zone = zone_of(request.creator)
    return render(
        request,
        "portal/appointments.html",
        {
            "zone": zone_name_of(request.creator),
            "zones": zone_names(),
            "invitations": [
                {"row": row, "appointment": _when(appointment_for(row), zone)}
                for row in invitations_visible_to(request.creator)
            ],
            "past": [
                _when(row, zone)
                for row in appointments_visible_to(request.creator).exclude(state="booked")[:20]
            ],
            "incentives": [
                {
                    "row": row,
                    "sum": shown(row.minor, row.currency),
                    "state": row.states[-1] if row.states else None,  # type: ignore[attr-defined]
                }
                for row in incentives_visible_to(request.creator)
            ],
        },
    )


@never_cache
@require_http_methods(["GET", "POST"])
def invitation(request: PortalRequest, pk: int) -> HttpResponse:
    """One study: choose a time, move it, call it off."""
    row = get_object_or_404(invitations_visible_to(request.creator), pk=pk)
    return _page(request, row, reverse("portal:invitation", args=[pk]))


@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def invited(request: HttpRequest, token: str) -> HttpResponse:
    """The same by the personal link; the signature is the login, and it opens this one study only."""
    row = invitation_of(token)
    visitor = creator_of(request.user)
    if row is None or (visitor is not None and visitor.pk != row.creator_id):
        return render(request, "portal/invited_over.html", status=HTTPStatus.NOT_FOUND)
    return _page(request, row, reverse("invited", args=[token]))


@login_not_required
@never_cache
@require_GET
def invited_calendar(request: HttpRequest, token: str) -> HttpResponse:
    """The agreed time for a calendar, by the personal link."""
    row = invitation_of(token)
    visitor = creator_of(request.user)
    if row is None or (visitor is not None and visitor.pk != row.creator_id):
        return render(request, "portal/invited_over.html", status=HTTPStatus.NOT_FOUND)
    agreed = appointment_for(row)
    if agreed is None:
        return render(request, "portal/invited_over.html", status=HTTPStatus.NOT_FOUND)
    return _calendar(agreed)


@never_cache
@require_GET
def calendar(request: PortalRequest, pk: int) -> HttpResponse:
    """An appointment for the creator's calendar."""
    return _calendar(get_object_or_404(appointments_visible_to(request.creator), pk=pk))


@require_POST
def zone(request: PortalRequest) -> HttpResponse:
    wanted = request.POST.get("zone", "")
    try:
        creator_set_zone(creator=request.creator, zone=wanted, actor=request.user)
    except DomainError as error:
        messages.error(request, str(error))
    return redirect("portal:appointments")


@require_POST
def received(request: PortalRequest, pk: int) -> HttpResponse:
    """The creator says that what was sent has come."""
    row = get_object_or_404(incentives_visible_to(request.creator), pk=pk)
    try:
        incentive_step(incentive=row, state="received", actor=request.user)
    except DomainError:
        return HttpResponse(_("It has not been sent yet."), status=HTTPStatus.CONFLICT)
    return redirect("portal:appointments")


def _page(request: HttpRequest, row: Any, here: str) -> HttpResponse:
    if row.study.called_off_at is not None:
        in_portal = here.startswith(reverse("portal:appointments"))
        context = {"invitation": row, "in_portal": in_portal}
        return render(request, "portal/study_over.html", context)
    agreed, problem = appointment_for(row), ""
    if request.method == "POST":
        try:
            _act(request, row, agreed)
        except DomainError as error:
            problem = str(error)
        else:
            return redirect(here)
    zone_here = zone_of(row.creator)
    agreed = appointment_for(row)
    in_portal = here.startswith(reverse("portal:appointments"))
    context = {
        "invitation": row,
        "agreed": _when(agreed, zone_here),
        "days": by_day(list(slots_open(row.study)), zone_here),
        "zone": zone_name_of(row.creator),
        "zones": zone_names(),
        "problem": problem,
        "in_portal": in_portal,
        "calendar": _calendar_link(agreed, here, in_portal),
        "moving": "move" in request.GET,
    }
    status = HTTPStatus.CONFLICT if problem else HTTPStatus.OK
    return render(request, "portal/invitation.html", context, status=status)


def _act(request: HttpRequest, row: Any, agreed: Any) -> None:
    what, actor = request.POST.get("do", ""), actor_of(request)
    if what == "zone":
        creator_set_zone(creator=row.creator, zone=request.POST.get("zone", ""), actor=actor)
    elif what == "decline":
        invitation_decline(invitation=row, actor=actor)
    elif what == "cancel" and agreed is not None:
        appointment_cancel(appointment=agreed, why=request.POST.get("why", ""), actor=actor)
    elif what == "book":
        key = whole_number(request.POST.get("slot", ""))
        slot = None if key is None else slots_open(row.study).filter(pk=key).first()
        if slot is None:
            raise DomainError(_("Somebody has just taken this time; choose another."), "taken")
        if agreed is not None:
            appointment_move(appointment=agreed, slot=slot, actor=actor)
        else:
            slot_book(slot=slot, creator=row.creator, invitation=row, actor=actor)
    else:
        raise DomainError(_("Choose a time."), "no_choice")


def _when(row: Any, zone: Any) -> dict[str, Any] | None:
    return None if row is None else {"row": row, "at": local_time(row.slot.starts_at, zone)}


def _calendar_link(agreed: Any, here: str, in_portal: bool) -> str:
    if agreed is None:
        return ""
    return reverse("portal:calendar", args=[agreed.pk]) if in_portal else f"{here}calendar.ics"


def _calendar(row: Any) -> HttpResponse:
    answer = HttpResponse(appointment_ics(row), content_type="text/calendar; charset=utf-8")
    answer.headers["Content-Disposition"] = 'attachment; filename="interview.ics"'
    return answer
