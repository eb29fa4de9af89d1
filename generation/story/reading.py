"""Bytes of a book to Text: format, decoding, title, language."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from generation.story.formats import extract
from generation.story.model import Text, sha256_of
from generation.story.script import language_of

__all__ = ["guess_title", "read"]

_BOOK_TITLE = re.compile(r"《([^《》\n]{1,40})》")
_SUFFIXES = re.compile(
    r"\.(?:txt|text|md|markdown|html?|epub|docx|zip|gb18030|gbk|gb2312|big5|utf-?8|utf-?16"
    r"|hans|hant|zh|en|cn|tw)$",
    re.IGNORECASE,
)


def read(data: bytes, name: str = "") -> Text:
    """A novel out of txt, md, html, epub, docx or a zip of chapters, in any common encoding.

    `name` is its file name: for the title, and to tell Markdown from plain text.
    Raises engines.decoding.UndecodableError where there is no text to be had.
    """
    book = extract(data, name)
    return Text(
        text=book.text,
        encoding=book.encoding,
        repairs=book.repairs,
        sha256=sha256_of(book.text),
        title=book.title or guess_title(book.text, name),
        language=language_of(book.text),
        headings=book.headings,
        left_out=book.left_out,
    )


def guess_title(text: str, name: str = "") -> str:
    """三国演义 from 三国演义.txt; without a name, 《…》 or a short first line, else ""."""
    stem = PurePosixPath(name.replace("\\", "/")).name
    while (shorter := _SUFFIXES.sub("", stem)) != stem:
        stem = shorter
    stem = stem.strip(" _-《》")
    if stem:
        return stem
    head = text[:2000].lstrip()
    first = head.split("\n", 1)[0].strip()
    if marked := _BOOK_TITLE.search(first):
        return marked[1].strip()
    is_title = 0 < len(first) <= 30 and not re.search(r"[。！？!?，,；;：:“”\"]", first)
    return first if is_title and "\n" in head else ""
