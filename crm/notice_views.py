"""What a creator was told, and which ways it may take; the last page also without signing in."""

from http import HTTPStatus

from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from crm.exceptions import DomainError
from crm.http import PortalRequest
from crm.notice_reads import (
    CHANNELS,
    choice_rows,
    hook_deliveries,
    hook_of,
    notices_visible_to,
    unread_notices,
)
from crm.notice_words import words_of
from crm.services.creator_notices import notices_read
from crm.services.notice_choices import (
    notice_hook_set,
    notice_hook_test,
    notices_choose,
    unsubscribe,
    unsubscribe_of,
)

A_PAGE = 20


@never_cache
@require_GET
def notices(request: PortalRequest) -> HttpResponse:
    """What the creator was told, newest first; `unread=1` leaves only what is new."""
    rows = notices_visible_to(request.creator)
    unread = request.GET.get("unread") == "1"
    if unread:
        rows = rows.filter(seen_at__isnull=True)
    page = Paginator(rows, A_PAGE).get_page(request.GET.get("page"))
    context = {
        "page": page,
        "told": [(row, words_of(row)) for row in page],
        "unread": unread,
        "waiting": unread_notices(request.creator),
    }
    return render(request, "portal/notices.html", context)


@never_cache
@require_GET
def bell(request: PortalRequest) -> HttpResponse:
    """The bell of the head of every page, asked for again while a page stays open."""
    if not request.htmx:
        return redirect("portal:notices")
    return render(request, "portal/_bell.html")


@require_POST
def notice_open(request: PortalRequest, pk: int) -> HttpResponse:
    """Read one notice and go where it leads."""
    row = get_object_or_404(notices_visible_to(request.creator), pk=pk)
    notices_read(creator=request.creator, pk=row.pk)
    return redirect(row.path or "portal:notices")


@require_POST
def notices_all_read(request: PortalRequest) -> HttpResponse:
    notices_read(creator=request.creator)
    return redirect("portal:notices")


@never_cache
@require_http_methods(["GET", "POST"])
def settings(request: PortalRequest) -> HttpResponse:
    """Every kind of notice by every way, as one form."""
    if request.method == "POST":
        chosen = {tuple(mark.split(":", 1)) for mark in request.POST.getlist("on") if ":" in mark}
        notices_choose(
            creator=request.creator,
            wanted={(kind, way) for kind, way in chosen},
            actor=request.user,
        )
        return redirect("portal:notice_settings")
    return _settings(request)


@require_POST
def hook(request: PortalRequest) -> HttpResponse:
    """Keep the address of the creator's own program, or (`do=test`) send it a test."""
    if request.POST.get("do") == "test":
        notice_hook_test(creator=request.creator)
        return redirect("portal:notice_settings")
    url = request.POST.get("url", "")
    try:
        notice_hook_set(creator=request.creator, url=url, actor=request.user)
    except DomainError as error:
        return _settings(request, url=url, problem=str(error))
    return redirect("portal:notice_settings")


def _settings(request: PortalRequest, *, url: str = "", problem: str = "") -> HttpResponse:
    row = hook_of(request.creator)
    context = {
        "rows": choice_rows(request.creator),
        "ways": [way.label for way in CHANNELS],
        "hook": row,
        "url": url or (row.url if row else ""),
        "problem": problem,
        "deliveries": hook_deliveries(request.creator) if row else [],
        "email": request.user.email,
    }
    status = HTTPStatus.UNPROCESSABLE_ENTITY if problem else HTTPStatus.OK
    return render(request, "portal/notice_settings.html", context, status=status)


@csrf_exempt  # mail programs press the button themselves (RFC 8058); the signed link is the proof
@login_not_required
@never_cache
@require_http_methods(["GET", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """No more e-mail of one kind, or of any: by the link of an e-mail, without signing in."""
    found = unsubscribe_of(token)
    if found is None:
        raise Http404
    creator, kind = found
    label = next((row.label for row in choice_rows(creator) if row.kind == kind), "")
    everything = request.POST.get("all") == "yes"
    if request.method == "POST":
        unsubscribe(creator=creator, kind=kind, everything=everything)
    context = {"label": label, "done": request.method == "POST", "everything": everything}
    response = render(request, "portal/unsubscribe.html", context)
    response.headers["X-Robots-Tag"] = "noindex, nofollow"
    return response
