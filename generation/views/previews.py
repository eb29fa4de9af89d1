"""A run for somebody without a login: film and pictures, nothing to change, no prompt, no name."""

from pathlib import Path

from django.contrib import messages
from django.contrib.auth.decorators import login_not_required
from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_POST, require_safe

from crm.exceptions import DomainError
from crm.http import PortalRequest, whole_number
from generation.exports import captions_vtt
from generation.selectors import frames_of, previews_visible_to, runs_visible_to
from generation.services.previews import (
    preview_make,
    preview_of,
    preview_opened,
    preview_revoke,
)
from generation.streaming import file_response

PAGE = 24
QUARTER_HOUR = 900


@never_cache
@login_not_required
@require_GET
def preview(request: HttpRequest, token: str) -> HttpResponse:
    link = preview_of(token)
    if link is None:
        return render(request, "portal/preview_over.html", status=410)
    page = Paginator(frames_of(link.run), PAGE).get_page(request.GET.get("page"))
    if page.number == 1:
        preview_opened(link)
    response = render(request, "portal/preview.html", {"link": link, "token": token, "page": page})
    response.headers["X-Robots-Tag"] = "noindex"
    return response


@login_not_required
@require_safe
def preview_film(request: HttpRequest, token: str, kind: str) -> HttpResponseBase:
    """The film (`mp4`), its first picture (`jpg`) or its captions (`vtt`)."""
    link = preview_of(token)
    film = getattr(link.run, "film", None) if link else None
    if film is None:
        raise Http404
    if kind == "vtt":
        return HttpResponse(captions_vtt(film), content_type="text/vtt; charset=utf-8")
    file, content = (film.file, "video/mp4") if kind == "mp4" else (film.poster, "image/jpeg")
    if not file:
        raise Http404
    return file_response(request, Path(file.path), content_type=content, max_age=QUARTER_HOUR)


@login_not_required
@require_safe
def preview_frame(request: HttpRequest, token: str, pk: int) -> HttpResponseBase:
    link = preview_of(token)
    if link is None:
        raise Http404
    frame = get_object_or_404(frames_of(link.run), pk=pk)
    return file_response(
        request, Path(frame.file.path), content_type="image/png", max_age=QUARTER_HOUR
    )


@require_POST
def make(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    try:
        preview_make(
            run=row,
            note=request.POST.get("note", ""),
            days=whole_number(request.POST.get("days", ""), 3) or 0,
            actor=request.user,
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(request, _("The link is below; whoever has it can look."))
    return redirect("portal:run", row.pk)


@require_POST
def revoke(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(previews_visible_to(request.creator), pk=pk)
    preview_revoke(link=row, actor=request.user)
    messages.success(request, _("The link no longer works."))
    return redirect("portal:run", row.run_id)
