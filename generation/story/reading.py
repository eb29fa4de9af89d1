"""Bytes of a book to Text: decoding, title, language."""

from __future__ import annotations

import re
from pathlib import PurePosixPath

from engines.decoding import decode
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
    """Decode a plain-text novel. `name` is its file name, used for the title only.

    Raises engines.decoding.UndecodableError where the bytes are no text.
    """
    decoded = decode(data)
    return Text(
        text=decoded.text,
        encoding=decoded.encoding,
        repairs=decoded.repairs,
        sha256=sha256_of(decoded.text),
        title=guess_title(decoded.text, name),
        language=language_of(decoded.text),
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
