"""Word documents to lines: paragraphs and table cells in reading order, line breaks split."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from itertools import groupby

from crm.transcripts.clock import POSITION
from crm.transcripts.labelled import ROLES, candidates
from crm.transcripts.transcript import TranscriptError
from engines.archives import ArchiveError
from engines.documents import DocumentError, docx_lines

ZIP_MAGIC = b"PK\x03\x04"


def is_archive(data: bytes) -> bool:
    """Whether the bytes are a zip, the container of docx."""
    return data.startswith(ZIP_MAGIC)


def document_text(data: bytes) -> str:
    """The document's text, one line per paragraph or manual line break.

    A table with a column of speakers is a dialogue: `[time] speaker：words` for each row.

    Raises TranscriptError: `not_a_document` for other archives, `damaged_archive`,
    `archive_too_large` for bombs.
    """
    try:
        lines = [line.text for line in docx_lines(data, rows=True)]
        return "\n".join(_as_text(lines))
    except ArchiveError as error:
        raise TranscriptError(error.code, error.message) from error
    except DocumentError as error:
        if error.code == "not_a_document":
            raise TranscriptError(
                error.code,
                "The file is an archive but no Word document. Unpack it, or save it as docx, "
                "txt, vtt or srt.",
            ) from error
        raise TranscriptError("damaged_archive", error.message) from error


_TIME = re.compile(rf"\s*[\[(（]?(?P<start>{POSITION})[^\n]{{0,30}}$")
_HEADINGS = frozenset(
    {
        "说话人",
        "发言人",
        "讲话人",
        "姓名",
        "角色",
        "时间",
        "时间戳",
        "内容",
        "文本",
        "发言",
        "发言内容",
        "转写内容",
        "序号",
        "speaker",
        "name",
        "time",
        "timestamp",
        "text",
        "transcript",
        "content",
        "utterance",
        "no.",
        "#",
    }
)
_LONGEST_NAME = 40


def _as_text(lines: Sequence[str]) -> Iterator[str]:
    for tabled, part in groupby(lines, key=lambda line: "\t" in line):
        if not tabled:
            yield from (piece for line in part for piece in line.split("\v"))
            continue
        rows = [[cell.strip(" \v") for cell in line.split("\t")] for line in part]
        dialogue = _dialogue(rows)
        if dialogue is None:  # cell by cell, in reading order
            yield from (piece for row in rows for cell in row for piece in cell.split("\v"))
        else:
            yield from dialogue


def _dialogue(rows: list[list[str]]) -> list[str] | None:
    """The rows as lines of a dialogue, where the columns are speaker and words, and maybe a time."""
    width = len(rows[0])
    if not 2 <= width <= 4 or any(len(row) != width for row in rows):
        return None
    if all(cell.casefold() in _HEADINGS for cell in rows[0]):
        rows = rows[1:]
    columns = list(zip(*rows, strict=True))
    times = [n for n, cells in enumerate(columns) if cells and all(map(_TIME.match, cells))]
    others = [n for n in range(width) if n not in times and not _are_numbers(columns[n])]
    if not rows or len(others) != 2:
        return None
    who, words = sorted(others, key=lambda n: sum(map(len, columns[n])))
    named = [cell for cell in columns[who] if cell]
    if len(set(named)) == len(named) > 2 or any(
        len(name) > _LONGEST_NAME or "\v" in name for name in named
    ):
        return None
    lines = [line for cell in columns[words] for line in cell.split("\v")]
    if any(ROLES.match(item.speaker) for item in candidates(lines)):
        return None  # the words name their speakers themselves; the other column is notes
    said: list[str] = []
    speaker = ""
    for row in rows:
        speaker = row[who].rstrip(":：") or speaker  # merged downwards: the same speaker goes on
        clock = f"[{_start(row[times[0]])}] " if times else ""
        said += ["", *f"{clock}{speaker}：{row[words]}".split("\v")]
    return said


def _are_numbers(cells: Sequence[str]) -> bool:
    return all(cell.rstrip(".、").isdecimal() for cell in cells)


def _start(cell: str) -> str:
    found = _TIME.match(cell)
    return found["start"] if found else ""
