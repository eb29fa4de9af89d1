"""Which format a text is in: share of lines that fit, over the first 200, with each format's marks.

Scores run from 0 to 1 and are comparable between formats; the caller shows the best guess with
the line that speaks for it and lets the user choose another.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import PurePath

from crm.transcripts.clock import milliseconds
from crm.transcripts.furniture import is_keywords
from crm.transcripts.headed import HEADERS, match_header
from crm.transcripts.labelled import believed, candidates
from crm.transcripts.scripted import is_script_line
from crm.transcripts.tables import columns

SAMPLE_LINES = 200
# Below this a guess is only offered, never followed.
SURE = 0.25

_SRT_TIMING = re.compile(r"^\s*\d{1,3}:\d{1,2}:\d{1,2},\d{1,3}\s*-->")
_VTT_TIMING = re.compile(r"^\s*(?:\d{1,3}:)?\d{1,2}:\d{1,2}\.\d{1,3}\s*-->")
_SBV_TIMING = re.compile(r"^\s*\d{1,2}:\d{2}:\d{2}\.\d{3},\d{1,2}:\d{2}:\d{2}\.\d{3}\s*$")
_OTTER_FOOTER = re.compile(r"transcribed by https?://otter", re.IGNORECASE)
_IFLYTEK_MARK = re.compile(r"讯飞|[内內]容由\s*AI\s*生成|^[说說][话話]人\s?\d", re.MULTILINE)
_MEET_MARK = re.compile(r"Google Meet|^Transcript$|^Attendees$", re.MULTILINE)
_EXTENSIONS = {
    ".ass": "ass",
    ".ssa": "ass",
    ".vtt": "vtt",
    ".srt": "srt",
    ".sbv": "sbv",
    ".csv": "csv",
    ".docx": "docx",
}


@dataclass(frozen=True)
class Guess:
    """A format, how well the text fits it (0 to 1), and the first line (1-based) that shows it."""

    format: str
    score: float
    sample_line: str
    line: int = 0


def extension_format(name: str) -> str | None:
    """The format the file's name claims, or None."""
    return _EXTENSIONS.get(PurePath(name).suffix.lower())


def detect(text: str, name: str = "") -> list[Guess]:
    """Guesses, best first; formats with no fitting line are left out.

    `name` only breaks near ties: a file called .srt that holds WebVTT is WebVTT.
    """
    lines = text.split("\n")[:SAMPLE_LINES]
    claimed = extension_format(name)
    guesses = [
        *_captions(lines, claimed),
        *_headed(lines, text),
        *_labelled(lines),
        *_table(lines),
        *_scripted(lines),
    ]
    weighted = [
        Guess(
            guess.format,
            round(min(1.0, guess.score + (0.1 if guess.format == claimed else 0.0)), 3),
            guess.sample_line,
            guess.line,
        )
        for guess in guesses
    ]
    return sorted(weighted, key=lambda guess: (-guess.score, guess.format))


def _captions(lines: Sequence[str], claimed: str | None) -> list[Guess]:
    guesses = []
    blocks = max(1, sum(1 for a, b in zip(["", *lines], lines, strict=False) if b and not a))
    for format, pattern in (("vtt", _VTT_TIMING), ("srt", _SRT_TIMING), ("sbv", _SBV_TIMING)):
        hits = [index for index, line in enumerate(lines) if pattern.match(line)]
        score = min(1.0, len(hits) / blocks)
        if format == "vtt" and lines[0].startswith("WEBVTT"):
            guesses.append(Guess("vtt", 1.0, lines[0], 1))
        elif hits:
            # Some programs write SubRip with points before the fractions.
            if format == "vtt" and claimed == "srt":
                format = "srt"
            guesses.append(Guess(format, score, lines[hits[0]].strip(), hits[0] + 1))
    return guesses


def _headed(lines: Sequence[str], text: str) -> list[Guess]:
    filled = max(1, sum(1 for line in lines if line.strip()))
    guesses = []
    for format, pattern in HEADERS.items():
        hits = [
            index
            for index, line in enumerate(lines)
            if (match := match_header(pattern, line)) and milliseconds(match["time"]) is not None
        ]
        if not hits:
            continue
        if format == "clock" and not _spoken_below(lines, hits):
            continue
        # One header for one to six lines of speech is a full score.
        score = min(0.9, 3 * len(hits) / filled)
        score += _marks(format, lines, text, len(hits))
        guesses.append(Guess(format, min(1.0, score), lines[hits[0]].strip(), hits[0] + 1))
    return guesses


def _spoken_below(lines: Sequence[str], hits: Sequence[int]) -> bool:
    """Whether most headers have words below them: else time and words share a line."""
    there = {*hits, len(lines)}
    below = sum(h + 1 not in there and bool(lines[h + 1].strip()) for h in hits)
    return 2 * below >= len(hits)


def _marks(format: str, lines: Sequence[str], text: str, hits: int) -> float:
    """What tells formats with like headers apart: padding, footers, keyword lists."""
    if format == "feishu":
        keyword_list = any(is_keywords(line) for line in lines[:12])
        return 0.1 if keyword_list else 0.05
    if format == "otter":
        padded = sum(
            1 for line in lines if match_header(HEADERS["otter"], line) and line.endswith("  ")
        )
        unpadded_hours = any(
            (match := match_header(HEADERS["otter"], line)) and re.match(r"\d:\d\d$", match["time"])
            for line in lines
        )
        own = bool(_OTTER_FOOTER.search(text)) or padded >= hits / 2 or unpadded_hours
        return 0.1 if own else -0.2
    if format == "iflytek":
        return 0.08 if _IFLYTEK_MARK.search(text) else 0.02
    if format == "clock":
        return -0.1
    if format == "meet":
        return 0.05 if _MEET_MARK.search(text) else 0.0
    return 0.05


def _labelled(lines: Sequence[str]) -> list[Guess]:
    found = candidates(lines)
    speakers = believed(lines, found)
    begun = [item for item in found if item.speaker in speakers]
    if not begun:
        return []
    filled = max(1, sum(1 for line in lines if line.strip()))
    first = begun[0].index
    score = min(0.85, 3 * len(begun) / filled)
    return [Guess("plain", score, lines[first].strip(), first + 1)]


def _scripted(lines: Sequence[str]) -> list[Guess]:
    place = next((n for n, line in enumerate(lines) if is_script_line(line)), None)
    return [] if place is None else [Guess("ass", 1.0, lines[place].strip(), place + 1)]


def _table(lines: Sequence[str]) -> list[Guess]:
    place = next((index for index, line in enumerate(lines) if line.strip()), 0)
    if columns(lines[place]) is None:
        return []
    return [Guess("csv", 1.0, lines[place], place + 1)]
