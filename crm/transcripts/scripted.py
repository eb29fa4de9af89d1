"""Advanced SubStation subtitles (.ass, .ssa): one turn per Dialogue line, the actor is the speaker.

Columns as the section's own Format line names them; `\\N` breaks a line, `{\\…}` is layout.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from crm.transcripts.clock import milliseconds
from crm.transcripts.transcript import Reading, Rejected, Turn

_LINE = re.compile(r"^\s*Dialogue:\s*(?P<fields>.*)$", re.IGNORECASE)
_FORMAT = re.compile(r"^\s*Format:\s*(?P<names>.*)$", re.IGNORECASE)
_SECTION = re.compile(r"^\s*\[(?P<name>[^\]]{1,40})\]\s*$")
_MARK = re.compile(r"^\s*(?:\[Script Info\]|\[V4\+? Styles\]|\[Events\])\s*$", re.IGNORECASE)
_LAYOUT = re.compile(r"\{[^{}]{0,300}\}")
_USUAL = (
    "layer",
    "start",
    "end",
    "style",
    "name",
    "marginl",
    "marginr",
    "marginv",
    "effect",
    "text",
)


def is_script_line(line: str) -> bool:
    """Whether a line is a heading that only these files have."""
    return bool(_MARK.match(line[:60]))


def read_ass(text: str) -> Reading:
    """Dialogue lines in the order of the file; comments, drawings and styles are no speech."""
    names: Sequence[str] = _USUAL
    turns: list[Turn] = []
    rejected: list[Rejected] = []
    section = "events"
    for number, line in enumerate(text.split("\n"), 1):
        heading, columns = _SECTION.match(line), _FORMAT.match(line)
        if heading is not None:
            section = heading["name"].strip().lower()
        elif columns is not None and section == "events":
            names = [name.strip().lower() for name in columns["names"].split(",")]
        elif (said := _LINE.match(line)) is not None:
            turn = _turn(said["fields"], names, number)
            if isinstance(turn, Turn):
                turns.append(turn)
            else:
                rejected.append(turn)
    return Reading(tuple(turns), tuple(rejected))


def _turn(fields: str, names: Sequence[str], number: int) -> Turn | Rejected:
    values = dict(zip(names, fields.split(",", len(names) - 1), strict=False))
    start, end = milliseconds(values.get("start", "")), milliseconds(values.get("end", ""))
    if start is None or end is None:
        return Rejected(number, "The times of this cue cannot be read.", "bad_time")
    words = _LAYOUT.sub("", values.get("text", "")).replace("\\N", "\n").replace("\\n", "\n")
    lines = [line.strip() for line in words.replace("\\h", " ").split("\n")]
    said = "\n".join(line for line in lines if line)
    if not said:
        return Rejected(number, "This cue has no text.", "empty_text")
    who = values.get("name", values.get("actor", "")).strip()
    return Turn(who, said, number, start, end if end >= start else None)
