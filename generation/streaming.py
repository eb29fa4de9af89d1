"""A file over HTTP as a video player wants it: ranges, validators, HEAD (RFC 9110, 13 and 14)."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path
from typing import BinaryIO

from django.http import (
    FileResponse,
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

_BLOCK = 256 * 1024
_RANGE = re.compile(r"bytes=(\d*)-(\d*)", re.IGNORECASE)


def file_response(
    request: HttpRequest,
    path: Path,
    *,
    content_type: str,
    download_as: str = "",
    max_age: int = 3600,
) -> HttpResponseBase:
    """The file, or the one range of it that was asked for; 416 for a range outside of it.

    `max_age`: seconds that the visitor's own browser may keep it. Several ranges at once are
    answered with the whole file, as RFC 9110 14.2 allows. Raises Http404 where the file is gone.
    """
    try:
        stat = path.stat()
        file = path.open("rb")
    except FileNotFoundError as error:
        raise Http404 from error
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    modified = int(stat.st_mtime)
    response = _body(request, file, stat.st_size, etag, modified, content_type)
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(modified)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = f"private, max-age={max_age}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    disposition = content_disposition_header(bool(download_as), download_as or path.name)
    if disposition:
        response.headers["Content-Disposition"] = disposition
    return response


def _body(
    request: HttpRequest, file: BinaryIO, size: int, etag: str, modified: int, content_type: str
) -> HttpResponseBase:
    if _not_modified(request, etag, modified):
        file.close()
        return HttpResponseNotModified()
    span = _asked(request, size, etag, modified)
    if span is None:
        return _whole(request, file, size, content_type)
    first, last = span
    if first > last:
        file.close()
        response = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    part = StreamingHttpResponse(
        _blocks(file, first, last - first + 1),
        status=HTTPStatus.PARTIAL_CONTENT,
        content_type=content_type,
    )
    part._resource_closers.append(file.close)  # type: ignore[attr-defined]  as FileResponse does
    part.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    part.headers["Content-Length"] = str(last - first + 1)
    return part


def _whole(request: HttpRequest, file: BinaryIO, size: int, content_type: str) -> HttpResponseBase:
    if request.method == "HEAD":
        file.close()
        response = HttpResponse(content_type=content_type)
        response.headers["Content-Length"] = str(size)
        return response
    return FileResponse(file, content_type=content_type)


def _not_modified(request: HttpRequest, etag: str, modified: int) -> bool:
    wanted = request.headers.get("If-None-Match")
    if wanted is not None:
        known = {tag.strip().removeprefix("W/") for tag in wanted.split(",")}
        return etag in known or "*" in known
    since = parse_http_date_safe(request.headers.get("If-Modified-Since", ""))
    return since is not None and modified <= since


def _asked(request: HttpRequest, size: int, etag: str, modified: int) -> tuple[int, int] | None:
    """First and last byte asked for; None for the whole file; first > last where it cannot be."""
    header = request.headers.get("Range")
    if request.method != "GET" or not header or not _unchanged(request, etag, modified):
        return None
    match = _RANGE.fullmatch(header.strip())
    if match is None or match.groups() == ("", ""):
        return None
    first, last = match.groups()
    if not first:
        length = min(int(last), size)
        return (size - length, size - 1) if length else (size, 0)
    if last and int(last) < int(first):
        return None
    end = min(int(last), size - 1) if last else size - 1
    return (int(first), end) if int(first) < size else (size, 0)


def _unchanged(request: HttpRequest, etag: str, modified: int) -> bool:
    """If-Range: the part is only of use to someone who holds the rest of this very version."""
    condition = request.headers.get("If-Range")
    if condition is None:
        return True
    if condition.startswith(('"', "W/")):
        return condition == etag
    return parse_http_date_safe(condition) == modified


def _blocks(file: BinaryIO, start: int, length: int) -> Iterator[bytes]:
    file.seek(start)
    while length > 0:
        block = file.read(min(_BLOCK, length))
        if not block:
            return
        length -= len(block)
        yield block
