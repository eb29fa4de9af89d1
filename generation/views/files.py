"""Files of a creator's own runs. Every file is reached through the row that it belongs to."""

import re
from pathlib import Path

from django.db.models.fields.files import FieldFile
from django.http import Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404
from django.utils.http import content_disposition_header
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from crm.http import PortalRequest
from generation.exports import THUMB_WIDTHS, board_path, captions_vtt, draft_archive, thumbnail
from generation.film import FilmError
from generation.selectors import (
    characters_visible_to,
    films_visible_to,
    frames_visible_to,
    runs_visible_to,
)
from generation.streaming import file_response

DAY = 86_400
_FORBIDDEN = re.compile(r'[\\/:*?"<>|\x00-\x1f\x7f]+')


def _path(file: FieldFile) -> Path:
    if not file:
        raise Http404
    return Path(file.path)


def _picture(
    request: PortalRequest, file: FieldFile, content_type: str = "image/png"
) -> HttpResponseBase:
    """The picture, or with `?w=` (one of THUMB_WIDTHS) a smaller one."""
    path, wanted = _path(file), request.GET.get("w", "")
    if not wanted:
        return file_response(request, path, content_type=content_type, max_age=DAY)
    if wanted not in {str(width) for width in THUMB_WIDTHS}:
        raise Http404
    try:
        small = thumbnail(path, int(wanted))
    except FileNotFoundError as error:
        raise Http404 from error
    return file_response(request, small, content_type="image/webp", max_age=DAY)


@require_safe
def frame(request: PortalRequest, pk: int) -> HttpResponseBase:
    return _picture(request, get_object_or_404(frames_visible_to(request.creator), pk=pk).file)


@require_safe
def sheet(request: PortalRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(characters_visible_to(request.creator), pk=pk)
    return _picture(request, row.sheet)


@require_safe
def film(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The film to play; with `?download` to keep."""
    row = get_object_or_404(films_visible_to(request.creator), pk=pk)
    name = file_name(row.run.novel.title, "mp4") if "download" in request.GET else ""
    return file_response(request, _path(row.file), content_type="video/mp4", download_as=name)


@require_safe
def film_poster(request: PortalRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(films_visible_to(request.creator), pk=pk)
    return _picture(request, row.poster, "image/jpeg")


@require_safe
def film_captions(request: PortalRequest, pk: int) -> HttpResponse:
    row = get_object_or_404(films_visible_to(request.creator), pk=pk)
    return _text(captions_vtt(row), "text/vtt", "")


@require_safe
def film_subtitles(request: PortalRequest, pk: int) -> HttpResponse:
    """The captions as SRT, for editing programs."""
    row = get_object_or_404(films_visible_to(request.creator), pk=pk)
    return _text(row.subtitles, "application/x-subrip", file_name(row.run.novel.title, "srt"))


def _text(text: str, content_type: str, download_as: str) -> HttpResponse:
    response = HttpResponse(text, content_type=f"{content_type}; charset=utf-8")
    response.headers["Cache-Control"] = "private, max-age=3600"
    response.headers["X-Content-Type-Options"] = "nosniff"
    if download_as:
        response.headers["Content-Disposition"] = content_disposition_header(True, download_as)
    return response


@require_safe
def storyboard(request: PortalRequest, pk: int) -> HttpResponseBase:
    row = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    return file_response(
        request,
        board_path(row),
        content_type="application/json",
        download_as=file_name(row.novel.title, "storyboard.json"),
        max_age=0,
    )


@require_safe
def draft(request: PortalRequest, pk: int) -> HttpResponseBase:
    """The film as a 剪映 draft: an archive with every picture, caption and movement editable."""
    row = get_object_or_404(runs_visible_to(request.creator), pk=pk)
    try:
        archive = draft_archive(row)
    except (FileNotFoundError, FilmError) as error:
        raise Http404 from error
    return file_response(
        request,
        archive,
        content_type="application/zip",
        download_as=file_name(row.novel.title, "draft.zip"),
        max_age=0,
    )


def file_name(title: str, ending: str) -> str:
    """A name that every file system takes; the title's own characters stay, Chinese included."""
    stem = _FORBIDDEN.sub("_", title).strip(" ._")[:80]
    return f"{stem or _('Novel')}.{ending}"
