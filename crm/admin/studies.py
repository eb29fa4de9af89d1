"""A study and its people on one page: invited, offered times, agreed, promised."""

from dataclasses import dataclass
from datetime import date, time
from typing import Any

from django.conf import settings
from django.contrib import admin, messages
from django.core.paginator import Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import URLPattern, path, reverse
from django.utils.translation import gettext, ngettext
from django.utils.translation import gettext_lazy as _
from unfold.admin import ModelAdmin, TabularInline
from unfold.decorators import action, display

from crm.admin.creators import ReadOnlyInline
from crm.bills.money import AmountError, minor_units
from crm.exceptions import DomainError
from crm.http import actor_of
from crm.models import (
    Appointment,
    Creator,
    GuideQuestion,
    GuideVersion,
    Incentive,
    Slot,
    Study,
    StudyInvitation,
    StudyMail,
    Tier,
    User,
)
from crm.money import shown
from crm.segments import people_in, segments_for
from crm.services.appointments import appointment_cancel, appointment_keep
from crm.services.incentives import incentive_promise, incentive_step
from crm.services.invitations import (
    LONGEST_DAYS,
    USUAL_DAYS,
    creators_invite,
    invitation_revoke,
    invitation_token,
)
from crm.services.slots import slot_withdraw, slots_offer
from crm.services.studies import ending_of, study_call_off, study_reopen
from crm.study_reads import candidates, with_states
from crm.zones import zone_names
from engines.admin import ReadOnlyAdmin, guarded

SHOWN = 50  # rows of each list on a page of it


class GuideQuestionInline(TabularInline):
    model = GuideQuestion
    extra = 0


class GuideVersionInline(ReadOnlyInline):
    model = GuideVersion
    fields = ["number", "at", "by", "asked"]
    readonly_fields = fields
    show_change_link = False

    @display(description=_("questions"))
    def asked(self, version: GuideVersion) -> str:
        return "\n".join(f"{place}. {text}" for place, text in enumerate(version.texts, 1))


@admin.register(Study)
class StudyAdmin(ModelAdmin):
    list_display = ["title_shown", "target_head", "target_mid", "target_entry", "created_at",
                    "called_off_at"]  # fmt: skip
    search_fields = ["key", "title_zh", "title_en"]
    inlines = [GuideQuestionInline, GuideVersionInline]
    actions_detail = ["open_people", "open_board"]

    def get_urls(self) -> list[URLPattern]:
        page = guarded(self.admin_site, self.people_view, "crm.change_study")
        return [path("<int:pk>/people/", page, name="crm_study_people"), *super().get_urls()]

    @action(description=_("People and times"), url_path="to-people", icon="event")
    def open_people(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:crm_study_people", object_id)

    @action(description=_("Progress"), url_path="to-board", icon="bar_chart")
    def open_board(self, request: HttpRequest, object_id: int) -> HttpResponse:
        return redirect("admin:insights_study_board", object_id)

    @display(description=_("study"))
    def title_shown(self, study: Study) -> str:
        return study.title

    def people_view(self, request: HttpRequest, pk: int) -> HttpResponse:
        study = get_object_or_404(Study, pk=pk)
        user = actor_of(request)
        if request.method == "POST" and user is not None:
            try:
                messages.success(request, _done(request, study, user))
            except DomainError as error:
                messages.error(request, str(error))
            query = request.GET.copy()
            query.pop("call_off", None)
            query.pop("end", None)
            return redirect(f"{request.path}?{query.urlencode()}" if query else request.path)
        context = {
            **self.admin_site.each_context(request),
            "opts": self.model._meta,
            "title": _("People and times: %(study)s") % {"study": study.title},
            "study": study,
            **_whom(request, study),
            **_agreed(request, study),
            "ending": ending_of(study)
            if "end" in request.GET and not study.called_off_at
            else None,
            "zones": zone_names(),
            "zone": settings.TIME_ZONE,
            "usual_days": USUAL_DAYS,
            "longest_days": LONGEST_DAYS,
        }
        return render(request, "admin/crm/study_people.html", context)


WHY_NOT = {
    "portal_only": _("no address, or not wanted: told in the portal"),
    "no_address": _("the researcher has no address"),
    "over": _("it was over before it was sent"),
    "turned_off": _("turned off by the creator"),
    "unreachable": _("the mail server was not reached"),
    "deferred": _("the mail server asked to wait"),
    "refused": _("refused by the mail server"),
    "in_doubt": _("in doubt: it may have arrived and is not repeated"),
}


@admin.register(StudyMail)
class StudyMailAdmin(ReadOnlyAdmin):
    """What was sent, what waits, what could not go out."""

    list_display = ["kind", "to", "about", "state", "queued_at", "ended_at", "why_not"]
    list_filter = ["state", "kind"]
    list_select_related = ["invitation__creator", "invitation__study", "appointment__creator",
                           "appointment__slot"]  # fmt: skip

    @display(description=_("about"))
    def about(self, mail: StudyMail) -> str:
        return str(mail.invitation or mail.appointment)

    @display(description=_("why not by e-mail"))
    def why_not(self, mail: StudyMail) -> str:
        return str(WHY_NOT.get(mail.error_code, mail.error_code)) or "—"


def _whom(request: HttpRequest, study: Study) -> dict[str, Any]:
    """Who can be invited, filtered by tier, segment and name."""
    user = actor_of(request)
    found = candidates(study)
    tier, key = request.GET.get("tier", ""), request.GET.get("segment", "")
    words = request.GET.get("q", "").strip()
    segments = list(segments_for(user)) if user else []
    segment = next((row for row in segments if str(row.pk) == key), None)
    if tier in Tier.values:
        found = found.filter(tier=tier)
    if segment is not None:
        found = found.filter(pk__in=people_in(segment).values("pk"))
    if words:
        found = found.filter(Q(name__icontains=words) | Q(handle__icontains=words))
    return {
        "candidates": _paged(request, found, "ask", "invite"),
        "tiers": Tier.choices,
        "tier": tier,
        "segments": segments,
        "segment": key,
        "words": words,
    }


def _agreed(request: HttpRequest, study: Study) -> dict[str, Any]:
    invitations = _paged(
        request, study.invitations.select_related("creator", "by").order_by("-at", "-pk"),
        "invited", "invited",
    )  # fmt: skip
    slots = _paged(
        request,
        study.slots.filter(withdrawn_at=None).select_related("researcher"),
        "times",
        "times",
    )
    taken = study.appointments.filter(
        slot__in=[row.pk for row in slots.rows], state__in=("booked", "held", "missed")
    )
    appointments = {row.slot_id: row for row in taken.select_related("creator", "slot")}
    incentives = _paged(
        request, with_states(study.incentives.select_related("creator").order_by("-pk")),
        "gifts", "incentives",
    )  # fmt: skip
    return {
        "invitations": invitations,
        "links": [
            {
                "row": row,
                "url": request.build_absolute_uri(reverse("invited", args=[invitation_token(row)])),
            }
            for row in invitations.rows
        ],
        "slots": slots,
        "times": [{"row": row, "taken": appointments.get(row.pk)} for row in slots.rows],
        "incentives": incentives,
        "gifts": [
            {
                "row": row,
                "sum": shown(row.minor, row.currency),
                "states": row.states,
                "last": row.states[-1].state if row.states else "",
            }
            for row in incentives.rows
        ],
        "takers": Creator.objects.filter(
            Q(invitations__study=study) | Q(interviews__study=study)
        ).distinct().order_by("name", "pk"),
        "calling_off": _calling_off(request, study),
    }  # fmt: skip


def _calling_off(request: HttpRequest, study: Study) -> Appointment | None:
    """The appointment that somebody is about to call off; asked for once more, with a word on why."""
    key = request.GET.get("call_off", "")
    rows = study.appointments.filter(state=Appointment.State.BOOKED, pk=key if _is_key(key) else 0)
    return rows.select_related("creator", "slot__researcher").first()


@dataclass(frozen=True)
class Listing:
    """A part of a list with the addresses of the parts before and after it."""

    rows: list[Any]
    count: int
    number: int
    pages: int
    before: str
    after: str


def _paged(request: HttpRequest, rows: Any, name: str, anchor: str) -> Listing:
    """The part of `rows` that the parameter `name` asks for; the other lists stay where they are."""
    page = Paginator(rows, SHOWN).get_page(request.GET.get(name))

    def address(number: int) -> str:
        query = request.GET.copy()
        query[name] = str(number)
        return f"?{query.urlencode()}#{anchor}"

    return Listing(
        rows=list(page),
        count=page.paginator.count,
        number=page.number,
        pages=page.paginator.num_pages,
        before=address(page.number - 1) if page.has_previous() else "",
        after=address(page.number + 1) if page.has_next() else "",
    )


def _done(request: HttpRequest, study: Study, user: User) -> str:
    """Carry out what a button of the page asks for; what it did, in words."""
    posted = request.POST
    acts = {
        "invite": _invite, "revoke": _revoke, "offer": _offer, "withdraw": _withdraw,
        "end": _end, "reopen": _reopen, "cancel": _cancel, "held": _held, "missed": _missed, "promise": _promise, "step": _step,
    }  # fmt: skip
    for name, act in acts.items():
        if name in posted:
            return act(posted, study, user)
    raise DomainError(gettext("Choose what to do."), "nothing")


def _invite(posted: Any, study: Study, user: User) -> str:
    keys = [int(key) for key in posted.getlist("who") if key.isdecimal()]
    if not keys:
        raise DomainError(gettext("Tick whom to invite."), "nobody")
    days = posted.get("days", "")
    made = creators_invite(
        study=study, creators=list(Creator.objects.filter(pk__in=keys)),
        days=int(days) if days.isdecimal() else 0, actor=user,
    )  # fmt: skip
    text = ngettext("%(n)s creator is invited.", "%(n)s creators are invited.", len(made))
    return text % {"n": len(made)}


def _revoke(posted: Any, study: Study, user: User) -> str:
    row = _row(StudyInvitation.objects.filter(study=study), posted.get("revoke"))
    invitation_revoke(invitation=row, actor=user)
    return gettext("The link is revoked.")


def _offer(posted: Any, study: Study, user: User) -> str:
    try:
        day = date.fromisoformat(posted.get("day", ""))
        first, last = (time.fromisoformat(posted.get(name, "")) for name in ("first", "last"))
        minutes, pause = int(posted.get("minutes", "")), int(posted.get("pause", "0") or 0)
    except ValueError as error:
        raise DomainError(
            gettext("Write a day, from when to when, and how long one takes."), "bad_times"
        ) from error
    made = slots_offer(
        study=study, researcher=user, day=day, first=first, last=last, minutes=minutes, pause=pause,
        zone=posted.get("zone", ""), place=posted.get("place", ""),
    )  # fmt: skip
    text = ngettext("%(n)s time is offered.", "%(n)s times are offered.", len(made))
    return text % {"n": len(made)}


def _withdraw(posted: Any, study: Study, user: User) -> str:
    slot_withdraw(slot=_row(Slot.objects.filter(study=study), posted.get("withdraw")), actor=user)
    return gettext("The time is no longer offered.")


def _end(posted: Any, study: Study, user: User) -> str:
    if "sure" not in posted:
        raise DomainError(gettext("Say once more that the study is to be called off."), "not_sure")
    done = study_call_off(study=study, why=posted.get("why", ""), actor=user)
    return gettext(
        "The study is called off. Times called off and told: %(agreed)s; invited without a time and "
        "told: %(waiting)s; times no longer offered: %(free)s; links that say so now: %(links)s."
    ) % {
        "agreed": done.agreed,
        "waiting": done.waiting,
        "free": done.free,
        "links": done.links,
    }


def _reopen(posted: Any, study: Study, user: User) -> str:
    links = study_reopen(study=study, actor=user)
    text = ngettext(
        "The study is under way again; %(n)s link works. Offer times next.",
        "The study is under way again; %(n)s links work. Offer times next.", links,
    )  # fmt: skip
    return text % {"n": links}


def _cancel(posted: Any, study: Study, user: User) -> str:
    if "sure" not in posted:
        raise DomainError(gettext("Say once more that it is to be called off."), "not_sure")
    row = _row(Appointment.objects.filter(study=study), posted.get("cancel"))
    appointment_cancel(appointment=row, why=posted.get("why", ""), actor=user)
    return gettext("The appointment is called off; both sides are told.")


def _held(posted: Any, study: Study, user: User) -> str:
    row = _row(Appointment.objects.filter(study=study), posted.get("held"))
    appointment_keep(appointment=row, held=True, actor=user)
    return gettext("The interview is there; import its transcript next.")


def _missed(posted: Any, study: Study, user: User) -> str:
    row = _row(Appointment.objects.filter(study=study), posted.get("missed"))
    appointment_keep(appointment=row, held=False, actor=user)
    return gettext("Noted that nobody came.")


def _promise(posted: Any, study: Study, user: User) -> str:
    creator = _row(Creator.objects.all(), posted.get("creator"))
    currency = posted.get("currency", "CNY").strip().upper()
    try:
        minor = minor_units(posted.get("amount", ""), currency)
    except AmountError as error:
        raise DomainError(
            gettext("Write an amount such as 200, no finer than the currency is."), "bad_amount"
        ) from error
    incentive_promise(
        study=study, creator=creator, minor=minor, currency=currency,
        form=posted.get("form", ""), actor=user,
    )  # fmt: skip
    return gettext("The incentive is promised.")


def _step(posted: Any, study: Study, user: User) -> str:
    key, _colon, state = posted.get("step", "").partition(":")
    row = _row(Incentive.objects.filter(study=study), key)
    incentive_step(incentive=row, state=state, actor=user)
    return gettext("The state is noted.")


def _row(rows: Any, key: str | None) -> Any:
    found = rows.filter(pk=int(key)).first() if key and _is_key(key) else None
    if found is None:
        raise DomainError(gettext("That is no longer there; reload the page."), "gone")
    return found


def _is_key(text: str) -> bool:
    return text.isdecimal() and len(text) < 19
