"""CSV of whole interviews: one row each, columns `transcript_id` and `text`."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from crm.transcripts.delimited import UnclosedQuoteError, records
from crm.transcripts.labelled import ROLES, believed, candidates, turns
from crm.transcripts.transcript import Reading, Rejected, TranscriptError, Turn

ID_COLUMNS = ("transcript_id", "id", "interview_id", "编号", "访谈编号")
TEXT_COLUMNS = ("text", "transcript", "content", "文本", "内容", "访谈内容")
DELIMITERS = (",", "\t", ";")


@dataclass(frozen=True)
class Row:
    """One interview of the file: its id, its reading with lines of the whole file."""

    name: str
    reading: Reading


@dataclass(frozen=True)
class Columns:
    """Where the two columns are, and what separates them."""

    delimiter: str
    id: int
    text: int
    names: tuple[str, ...]


def columns(first_line: str) -> Columns | None:
    """The columns of a header line, or None where it is not such a table's header."""
    for delimiter in DELIMITERS:
        names = [re.sub(r'^"|"$', "", name.strip()) for name in first_line.split(delimiter)]
        lowered = [name.strip().lower() for name in names]
        ids = [lowered.index(name) for name in ID_COLUMNS if name in lowered]
        texts = [lowered.index(name) for name in TEXT_COLUMNS if name in lowered]
        if ids and texts:
            return Columns(delimiter, ids[0], texts[0], tuple(names))
    return None


def read_table(text: str) -> list[Row]:
    """Every row as an interview. A row without turns keeps its id and names its line."""
    found = columns(next((line for line in text.split("\n") if line.strip()), ""))
    if found is None:
        raise TranscriptError(
            "missing_column",
            "The header must name the columns transcript_id and text. Rename the columns or "
            "choose another format.",
            1,
        )
    try:
        table = list(records(text, found.delimiter))[1:]
    except UnclosedQuoteError as error:
        raise TranscriptError(
            "unclosed_quote",
            "A quotation mark opened here is never closed. Double the quotation marks inside "
            "quoted fields and import again.",
            error.line,
        ) from error
    if not table:
        raise TranscriptError("no_utterances", "The table has a header and no rows.", 1)
    return [_row(found, line, fields, starts) for line, fields, starts in table]


def _row(found: Columns, line: int, fields: Sequence[str], starts: Sequence[int]) -> Row:
    name = fields[found.id].strip() if len(fields) > found.id else ""
    if len(fields) <= found.text:
        reason = f"The row has {len(fields)} fields; its header has {len(found.names)}."
        return Row(name, Reading((), (Rejected(line, reason, "short_row"),)))
    if not name:
        reason = "The row has no transcript_id."
        return Row("", Reading((), (Rejected(line, reason, "missing_id"),)))
    return Row(name, _cell(fields[found.text], starts[found.text]))


def _cell(text: str, first_line: int) -> Reading:
    """Turns of one cell; their lines are lines of the file."""
    lines = text.split("\n")
    found = candidates(lines)
    # A cell that opens with a usual role is a chat log: only roles speak in it, so "Idea: …"
    # twice in one answer stays speech.
    if found and found[0].index == 0 and ROLES.match(found[0].speaker):
        speakers = frozenset(item.speaker for item in found if ROLES.match(item.speaker))
    else:
        speakers = believed(lines, found)
    begun = [item for item in found if item.speaker in speakers]
    if not text.strip():
        return Reading((), (Rejected(first_line, "The text of this row is empty.", "empty_text"),))
    if not begun:
        reason = "No line of this row begins with a speaker and a colon."
        return Reading((), (Rejected(first_line, reason, "no_speakers"),))
    early = [
        Rejected(
            first_line + index,
            "This line stands before the first speaker and belongs to no turn.",
            "before_first_speaker",
        )
        for index, line in enumerate(lines[: begun[0].index])
        if line.strip()
    ]
    said = tuple(
        Turn(turn.speaker, turn.text, turn.line + first_line - 1, turn.start_ms)
        for turn in turns(lines, begun, len(lines))
    )
    return Reading(said, tuple(early))
