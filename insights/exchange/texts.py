"""The text of a source: inline, a plain file, or the document beside it."""

from __future__ import annotations

import codecs
from dataclasses import dataclass

from lxml import etree

from crm.transcripts.documents import document_text
from crm.transcripts.transcript import TranscriptError
from engines.decoding import UndecodableError, decode
from insights.exchange.archive import Package, points_outside
from insights.exchange.markup import child, text_of
from insights.exchange.model import Missing

_WIDE_MARKS = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)


@dataclass(frozen=True)
class Found:
    """A source's text with its line ends as they are; `from_rich` where only a docx had it."""

    raw: str
    path: str = ""
    from_rich: bool = False


def text_of_source(element: etree._Element, package: Package, name: str) -> Found | Missing:
    """What a TextSource, Representation, Note or Transcript holds.

    Some programs leave a plain file of one byte beside the real docx, so a text without words
    gives way to the document.
    """
    inline = child(element, "PlainTextContent")
    plain, rich = element.get("plainTextPath") or "", element.get("richTextPath") or ""
    if inline is not None:
        return Found(text_of(element, "PlainTextContent").replace("\0", "\ufffd"))
    raw = _plain(package.find(plain)) if plain else None
    if raw is not None and (len(raw.strip()) > 1 or not rich):
        return Found(raw, plain)
    document = package.find(rich) if rich else None
    if document is not None:
        try:
            return Found(document_text(document), rich, from_rich=True)
        except TranscriptError:
            return Missing(name, rich, "unreadable")
    path = plain or rich
    if not path:
        return Missing(name, "", "no_text")
    if package.has(path):
        return Missing(name, path, "unreadable")
    return Missing(name, path, "outside" if points_outside(path) else "absent")


def _plain(data: bytes | None) -> str | None:
    """Text with its line ends kept; None for no file and for what is no text."""
    if data is None:
        return None
    try:
        if data.startswith(_WIDE_MARKS):
            return data.decode("utf-16").replace("\0", "\ufffd")
        return data.decode("utf-8-sig").replace("\0", "\ufffd")
    except UnicodeDecodeError:
        try:
            return decode(data).text
        except UndecodableError:
            return None
