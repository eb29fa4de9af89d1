"""A zip of chapters: text files in the order of their numbers, whatever the archive's order."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import PurePosixPath

from engines.archives import Archive
from engines.decoding import UndecodableError
from generation.story.formats.assembly import Assembly
from generation.story.numerals import number_of

__all__ = ["Part", "bundle_parts", "natural_key"]

_TEXTS = frozenset([".txt", ".text", ".md", ".markdown", ".html", ".htm", ".xhtml", ".docx"])
_LITTER = re.compile(r"(?:^|/)(?:__MACOSX/|\.|Thumbs\.db$|desktop\.ini$)", re.IGNORECASE)
_NUMBERS = re.compile(r"([0-9０-９]+|[零〇一二三四五六七八九十百千两廿卅]+)")
# 上 中 下 of one chapter come in this order, which is not that of their code points.
_HALVES = {"上": "1", "中": "2", "下": "3"}
_NUMBERING = re.compile(r"^\s*[0-9０-９]+\s*[-_.、． ]\s*")


@dataclass(frozen=True, slots=True)
class Part:
    name: str
    title: str
    data: bytes


def natural_key(name: str) -> list[tuple[int, int, str]]:
    """第2章 before 第10章, 第九回 before 第十回, (上) before (下)."""
    key: list[tuple[int, int, str]] = []
    for at, piece in enumerate(_NUMBERS.split(name)):
        if at % 2:
            key.append((0, number_of(piece), ""))
        elif piece:
            key.append((1, 0, "".join(_HALVES.get(char, char) for char in piece)))
    return key


def bundle_parts(archive: Archive, book: Assembly) -> Iterator[Part]:
    """The text files of the archive in reading order; the others are listed as left out."""
    texts: list[str] = []
    for name in archive.names:
        if _LITTER.search(name):
            continue
        if PurePosixPath(name).suffix.lower() in _TEXTS:
            texts.append(name)
        else:
            book.leave_out(name, "not_text")
    if not texts:
        raise UndecodableError(
            "no_text_inside",
            "The archive holds no text file (txt, md, html, docx). Pack the chapters as txt files.",
        )
    for name in sorted(texts, key=natural_key):
        data = archive.read(name)
        if not data.strip(b"\xef\xbb\xbf \t\r\n"):
            book.leave_out(name, "empty")
            continue
        yield Part(name, _title(name), data)


def _title(name: str) -> str:
    """001-雪夜.txt → 雪夜; a name that is only a number says nothing."""
    stem = PurePosixPath(name).stem.strip()
    short = _NUMBERING.sub("", stem)
    return "" if not short or short.isdigit() else short
