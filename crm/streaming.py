"""A file over HTTP as a video player wants it: ranges, validators, HEAD (RFC 9110, 13 and 14)."""

import re
from collections.abc import Iterator
from http import HTTPStatus
from pathlib import Path

from django.core.files.storage import default_storage
from django.http import (
    Http404,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.utils.http import content_disposition_header, http_date, parse_http_date_safe

_BLOCK = 256 * 1024
# Nineteen digits are more bytes than any file has; Python would not read a number of thousands.
_RANGE = re.compile(r"bytes=([0-9]{0,19})-([0-9]{0,19})", re.IGNORECASE)


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
    except FileNotFoundError as error:
        raise Http404 from error
    etag = f'"{stat.st_mtime_ns:x}-{stat.st_size:x}"'
    modified = int(stat.st_mtime)
    response = _body(request, path, stat.st_size, etag, modified, content_type)
    response.headers["ETag"] = etag
    response.headers["Last-Modified"] = http_date(modified)
    response.headers["Accept-Ranges"] = "bytes"
    response.headers["Cache-Control"] = f"private, max-age={max_age}"
    response.headers["X-Content-Type-Options"] = "nosniff"
    disposition = content_disposition_header(bool(download_as), download_as or path.name)
    if disposition:
        response.headers["Content-Disposition"] = disposition
    return response


def stored_response(request: HttpRequest, name: str, *, content_type: str) -> HttpResponseBase:
    """As `file_response`, of a file in the media storage; one that is not on this machine's disk is
    read through the storage. Never kept by the browser for long: consent
    may be withdrawn."""
    try:
        path = Path(default_storage.path(name))
    except NotImplementedError:  # a storage without paths, S3 and its like
        return _from_storage(request, name, content_type)
    response = file_response(request, path, content_type=content_type, max_age=0)
    response.headers["Cache-Control"] = "private, no-cache"
    return response


def _from_storage(request: HttpRequest, name: str, content_type: str) -> HttpResponseBase:
    if not default_storage.exists(name):
        raise Http404
    size = default_storage.size(name)
    span = _asked(request, size, "", 0)
    if span is not None and span[0] > span[1]:
        response = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    first, last = span or (0, size - 1)
    body = StreamingHttpResponse(
        () if request.method == "HEAD" else _stored_blocks(name, first, last - first + 1),
        status=HTTPStatus.OK if span is None else HTTPStatus.PARTIAL_CONTENT,
        content_type=content_type,
    )
    body.headers["Content-Length"] = str(last - first + 1)
    body.headers["Accept-Ranges"] = "bytes"
    body.headers["Cache-Control"] = "private, no-cache"
    body.headers["X-Content-Type-Options"] = "nosniff"
    if span is not None:
        body.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return body


def _stored_blocks(name: str, start: int, length: int) -> Iterator[bytes]:
    with default_storage.open(name, "rb") as file:
        file.seek(start)
        while length > 0 and (block := file.read(min(_BLOCK, length))):
            length -= len(block)
            yield block


def _body(
    request: HttpRequest, path: Path, size: int, etag: str, modified: int, content_type: str
) -> HttpResponseBase:
    if _not_modified(request, etag, modified):
        return HttpResponseNotModified()
    span = _asked(request, size, etag, modified)
    if span is not None and span[0] > span[1]:
        response = HttpResponse(status=HTTPStatus.REQUESTED_RANGE_NOT_SATISFIABLE)
        response.headers["Content-Range"] = f"bytes */{size}"
        return response
    first, last = span or (0, size - 1)
    length = last - first + 1
    body = StreamingHttpResponse(
        () if request.method == "HEAD" else _blocks(path, first, length),
        status=HTTPStatus.OK if span is None else HTTPStatus.PARTIAL_CONTENT,
        content_type=content_type,
    )
    body.headers["Content-Length"] = str(length)
    if span is not None:
        body.headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    return body


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


def _blocks(path: Path, start: int, length: int) -> Iterator[bytes]:
    """Opened when the first byte is asked for and closed with the response, however that ends."""
    with path.open("rb") as file:
        file.seek(start)
        while length > 0 and (block := file.read(min(_BLOCK, length))):
            length -= len(block)
            yield block
