"""EPUB (2 and 3) to lines: the documents of the spine in reading order, nothing else.

Read by zipfile and lxml after the specification (W3C EPUB 3.3, Open Container Format): the
maintained Python library is under the AGPL.
"""

from __future__ import annotations

import posixpath
from dataclasses import dataclass
from urllib.parse import unquote

from lxml import etree

from engines.archives import Archive
from engines.decoding import UndecodableError, decode
from engines.documents import DocumentError, Line, html_lines
from generation.story.formats.assembly import Assembly

__all__ = ["epub_book"]

_CONTAINER = "META-INF/container.xml"
_ENCRYPTION = "META-INF/encryption.xml"
_PAGES = frozenset(["application/xhtml+xml", "text/html", "application/x-dtbook+xml"])
# Fonts are scrambled by these two; words never are.
_SCRAMBLED_FONTS = ("http://www.idpf.org/2008/embedding", "http://ns.adobe.com/pdf/enc#RC")
_TITLE_LENGTH = 40


@dataclass(frozen=True, slots=True)
class _Item:
    path: str
    kind: str
    is_contents: bool


def epub_book(archive: Archive, book: Assembly) -> str:
    """Add the book's documents to `book`; returns its title, "" where it names none.

    Raises UndecodableError for a protected (DRM) or damaged book.
    """
    _refuse_protected(archive)
    place = _package_path(archive)
    package = _xml(archive, place)
    folder = posixpath.dirname(place)
    items = {
        str(node.get("id")): _Item(
            posixpath.normpath(posixpath.join(folder, unquote(str(node.get("href", ""))))),
            str(node.get("media-type", "")),
            "nav" in str(node.get("properties", "")).split(),
        )
        for node in _all(package, "item")
    }
    known = {name.lower(): name for name in archive.names}
    for reference in _all(package, "itemref"):
        item = items.get(str(reference.get("idref")))
        if item is None or item.is_contents:
            continue
        if item.kind not in _PAGES:
            book.leave_out(item.path, "not_text")
        elif reference.get("linear") == "no":
            book.leave_out(item.path, "outside_order")
        elif item.path.lower() not in known:
            book.leave_out(item.path, "missing")
        else:
            _add_page(archive, known[item.path.lower()], book)
    return next((" ".join((n.text or "").split()) for n in _all(package, "title") if n.text), "")


def _add_page(archive: Archive, name: str, book: Assembly) -> None:
    try:
        decoded = decode(archive.read(name))
        lines = html_lines(decoded.text)
    except (UndecodableError, DocumentError):
        book.leave_out(name, "unreadable")
        return
    book.add(_with_heading(lines), decoded)


def _with_heading(lines: list[Line]) -> list[Line]:
    """A page of a book begins a chapter; where nothing is marked, a short first line titles it."""
    if not lines or any(line.heading for line in lines):
        return lines
    first = lines[0]
    short = (
        len(first.text) <= _TITLE_LENGTH
        and len(lines) > 1
        and first.text[-1] not in "。！？.!?…”」"
    )
    return [Line(first.text, short), *lines[1:]]


def _refuse_protected(archive: Archive) -> None:
    if _ENCRYPTION not in archive.names:
        return
    methods = {
        str(node.get("Algorithm", ""))
        for node in _all(_xml(archive, _ENCRYPTION), "EncryptionMethod")
    }
    if methods - set(_SCRAMBLED_FONTS):
        raise UndecodableError(
            "protected",
            "The book is protected against copying (DRM), so its text cannot be read. Use a copy "
            "without protection, for example your own manuscript.",
        )


def _package_path(archive: Archive) -> str:
    for node in _all(_xml(archive, _CONTAINER), "rootfile"):
        path = posixpath.normpath(unquote(str(node.get("full-path", ""))))
        if path in archive.names:
            return path
    raise _damaged("it does not name its package file")


def _xml(archive: Archive, name: str) -> etree._Element:
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, recover=True)
    root = etree.fromstring(archive.read(name), parser)
    if root is None:
        raise _damaged(f"{name} is no XML")
    return root


def _all(root: etree._Element, name: str) -> list[etree._Element]:
    """Elements by local name: namespaces differ between versions."""
    return list(root.iter("{*}" + name))


def _damaged(what: str) -> UndecodableError:
    return UndecodableError(
        "damaged_archive", f"The epub is damaged: {what}. Export the book again as epub or txt."
    )
