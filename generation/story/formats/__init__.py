"""A book's file to its text: plain text, Markdown, web page, epub, docx, or a zip of chapters.

What the bytes are decides, the name only where plain text could be Markdown or a fragment of HTML.
"""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from engines.archives import Archive, ArchiveError
from engines.decoding import Decoded, UndecodableError, decode
from engines.documents import DocumentError, Line, docx_lines
from generation.story.formats.assembly import Assembly, Extracted
from generation.story.formats.bundle import bundle_parts
from generation.story.formats.epub import epub_book
from generation.story.formats.markup import markdown_lines, page_lines

__all__ = ["Extracted", "extract"]

_ZIP = b"PK\x03\x04"
_PAGE = re.compile(
    r"^\s*(?:<\?xml[^>]*\?>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html)\b", re.I | re.S
)


def extract(data: bytes, name: str = "") -> Extracted:
    """The text of a book with its repairs, headings that the format marks, and what was left out.

    Raises engines.decoding.UndecodableError, whose code and message name the fault and the remedy.
    """
    try:
        return _archive(data, name) if data.startswith(_ZIP) else _single(data, name)
    except (ArchiveError, DocumentError) as error:
        raise UndecodableError(error.code, error.message) from error


def _single(data: bytes, name: str) -> Extracted:
    decoded = decode(data)
    lines = _marked_up(decoded, name)
    if lines is None:
        return Extracted(decoded.text, decoded.encoding, decoded.repairs)
    book = Assembly()
    book.add(lines, decoded)
    return book.done()


def _marked_up(decoded: Decoded, name: str) -> list[Line] | None:
    """The lines of a page or of Markdown; None for plain text, which stays as it is."""
    suffix = PurePosixPath(name).suffix.lower()
    if _PAGE.match(decoded.text[:4000]) or suffix in (".html", ".htm", ".xhtml"):
        return page_lines(decoded.text)
    return markdown_lines(decoded.text) if suffix in (".md", ".markdown") else None


def _archive(data: bytes, name: str) -> Extracted:
    archive = Archive(data)
    book = Assembly()
    if "word/document.xml" in archive.names:
        book.add(docx_lines(data), None)
        return book.done()
    if "META-INF/container.xml" in archive.names:
        book.title = epub_book(archive, book)
        return book.done()
    for part in bundle_parts(archive, book):
        if part.name.lower().endswith(".docx"):
            book.add_titled(part.title, docx_lines(part.data), None)
            continue
        decoded = decode(part.data)
        lines = _marked_up(decoded, part.name)
        plain = [Line(line) for line in decoded.text.split("\n")]
        book.add_titled(
            part.title,
            plain if lines is None else lines,
            decoded,
            gap="\n" if lines is None else "\n\n",
        )
    return book.done()
