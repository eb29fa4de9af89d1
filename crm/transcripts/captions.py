"""WebVTT, SubRip and SubViewer captions, one turn per cue, every unreadable block named by line.

Cue syntax follows W3C WebVTT (Candidate Recommendation, section 6 "Parsing"): a line with `-->`
ends the cue before it even without a blank line. The published readers (webvtt-py, pysubs2) skip
what they cannot read without saying where, so the block structure is read here.
"""

from __future__ import annotations

import html
import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from crm.transcripts.clock import milliseconds
from crm.transcripts.rolling import unroll
from crm.transcripts.transcript import Reading, Rejected, TranscriptError, Turn

_ARROW = "-->"
_VTT_TIMING = re.compile(r"^\s*(\S+)\s*-->\s*(\S+)(?:\s+.*)?$")
_SBV_TIMING = re.compile(r"^\s*(\d[^,\s]*)\s*,\s*(\d\S*)\s*$")
_VOICE = re.compile(r"<v(?:\.[^\s>]{0,100})?\s{1,10}([^<>]{0,200})>")
_TAG = re.compile(
    r"</?(?:c|i|b|u|s|v|ruby|rt|rp|lang|font|span)(?:[.\s][^<>]{0,300})?>|<\d[\d:.]*>",
    re.IGNORECASE,
)
_SSA_OVERRIDE = re.compile(r"\{\\[^{}]{0,200}\}")
_INLINE_TIME = re.compile(r"<\d{1,2}:\d{2}[\d:.]*>")
_BLOCKS_WITHOUT_SPEECH = ("NOTE", "STYLE", "REGION")
_HEADER_LANGUAGE = re.compile(r"^Language:\s*([A-Za-z]{2,3})\b", re.IGNORECASE)
_PREFIX = re.compile(
    r"^\s*(?:[\[【](?P<tag>[^\[\]【】:：\n]{1,40})[\]】]\s*[:：]?|(?P<name>[^:：\n]{1,40}?)\s*[:：])\s*(?=\S)"
)
# Zoom and Teams put the speaker before every cue; an incidental "Note: …" is rare.
_PREFIX_SHARE = 0.6

_Timing = Callable[[str], tuple[str, str] | None]


@dataclass(frozen=True)
class _Block:
    """Lines between blank lines; `line` is the 1-based number of the first."""

    line: int
    lines: tuple[str, ...]


def read_vtt(text: str) -> Reading:
    """Cues of a WebVTT file. A missing WEBVTT line is noted and the cues are read anyway."""
    lines = text.split("\n")
    notes: list[Rejected] = []
    start = 0
    language = ""
    if lines[0].startswith("WEBVTT"):
        # The header block runs to the first blank line, whatever it holds.
        while start < len(lines) and lines[start].strip() and _ARROW not in lines[start]:
            named = _HEADER_LANGUAGE.match(lines[start])
            language = named.group(1).lower() if named else language
            start += 1
    else:
        notes.append(
            Rejected(1, "The WEBVTT line is missing; the cues were read anyway.", "missing_header")
        )
    blocks = [
        block
        for block in _blocks(lines, start)
        if not block.lines[0].startswith(_BLOCKS_WITHOUT_SPEECH) or _ARROW in block.lines[0]
    ]
    reading = _read_blocks(blocks, _vtt_timing, notes, rolling=bool(_INLINE_TIME.search(text)))
    return replace(reading, language=language)


def read_srt(text: str) -> Reading:
    """Cues of a SubRip file."""
    return _read_blocks(list(_blocks(text.split("\n"), 0)), _vtt_timing, [], rolling=False)


def read_sbv(text: str) -> Reading:
    """Cues of a SubViewer (YouTube .sbv) file: `0:00:01.000,0:00:02.000`, then the text."""
    return _read_blocks(list(_blocks(text.split("\n"), 0)), _sbv_timing, [], rolling=False)


def _blocks(lines: Sequence[str], start: int) -> Iterator[_Block]:
    """Blocks between blank lines, also split before a timing line that follows cue text."""
    held: list[str] = []
    first = start + 1
    for number, line in enumerate(lines[start:], start + 1):
        timed = _ARROW in line
        if held and _shows_nothing(lines, number - 1):
            continue
        if held and (not line.strip() or (timed and any(_ARROW in item for item in held))):
            kept = _next_number(held) if timed else []
            yield _Block(first, tuple(held[: len(held) - len(kept)]))
            held, first = kept, number - len(kept)
        if line.strip():
            if not held:
                first = number
            held.append(line)
    if held:
        yield _Block(first, tuple(held))


def _shows_nothing(lines: Sequence[str], at: int) -> bool:
    """Whether the line is a cue's first, of blanks alone: YouTube's captions begin so. What follows
    is the cue's text and no cue of its own."""
    if not lines[at] or lines[at].strip() or _ARROW not in lines[at - 1]:
        return False
    following = [*lines[at + 1 : at + 3], "", ""]
    return bool(following[0].strip()) and not any(_ARROW in line for line in following[:2])


def _next_number(held: Sequence[str]) -> list[str]:
    """The number of the next cue, where no blank line parts it from the words of the one before."""
    before, last = held[0].strip(), held[-1].strip()
    counted = before.isdecimal() and last.isdecimal() and int(last) == int(before) + 1
    return [held[-1]] if counted and len(held) > 2 else []


def _vtt_timing(line: str) -> tuple[str, str] | None:
    match = _VTT_TIMING.match(line)
    if match is not None:
        return match.group(1), match.group(2)
    return (line, "") if _ARROW in line else None


def _sbv_timing(line: str) -> tuple[str, str] | None:
    match = _SBV_TIMING.match(line)
    return (match.group(1), match.group(2)) if match is not None else None


@dataclass(frozen=True)
class _Cue:
    line: int
    start_ms: int
    end_ms: int | None
    text: str


def _read_blocks(
    blocks: Sequence[_Block], timing: _Timing, notes: list[Rejected], *, rolling: bool
) -> Reading:
    cues: list[_Cue] = []
    rejected: list[Rejected] = []
    for block in blocks:
        cue = _cue(block, timing, notes)
        if isinstance(cue, Rejected):
            rejected.append(cue)
        else:
            cues.append(cue)
    turns = [turn for cue in cues for turn in _turns(cue)]
    turns = _take_prefixes(unroll(turns, marked=rolling))
    return Reading(tuple(turns), tuple(rejected), tuple(notes))


def _cue(block: _Block, timing: _Timing, notes: list[Rejected]) -> _Cue | Rejected:
    # The timing is on the first line, or on the second after an identifier.
    for offset, line in enumerate(block.lines[:2]):
        times = timing(line)
        if times is None:
            continue
        at = block.line + offset
        start, end = milliseconds(times[0]), milliseconds(times[1])
        if start is None or end is None:
            return Rejected(at, "The times of this cue cannot be read.", "bad_time")
        text = "\n".join(block.lines[offset + 1 :])
        if not _plain(text):
            return Rejected(at, "This cue has no text.", "empty_text")
        if end < start:
            notes.append(
                Rejected(
                    at, "The cue ends before it starts; its end was dropped.", "end_before_start"
                )
            )
            return _Cue(at, start, None, text)
        return _Cue(at, start, end, text)
    return Rejected(
        block.line, "This block has no line with its start and end time.", "missing_time"
    )


def _turns(cue: _Cue) -> Iterator[Turn]:
    """One turn per voice span; text before the first span has no speaker."""
    pieces = _VOICE.split(cue.text)
    voices = [("", pieces[0]), *zip(pieces[1::2], pieces[2::2], strict=True)]
    for speaker, raw in voices:
        text = _plain(raw)
        if text:
            name = html.unescape(speaker).strip()
            yield Turn(name, text, cue.line, cue.start_ms, cue.end_ms)


def _plain(raw: str) -> str:
    """Cue text without markup; unknown angle brackets stay, they may be speech (`2 < 3`)."""
    bare = _SSA_OVERRIDE.sub("", _TAG.sub("", raw))
    lines = (line.strip() for line in html.unescape(bare).replace("\xa0", " ").split("\n"))
    return "\n".join(line for line in lines if line)


def _take_prefixes(turns: Sequence[Turn]) -> list[Turn]:
    """Turn `张三: 文本` into speaker and text where most unnamed cues are written so."""
    unnamed = [turn for turn in turns if not turn.speaker]
    matches = [match for turn in unnamed if (match := _PREFIX.match(turn.text))]
    speakers = {_named(match) for match in matches}
    if not unnamed or len(matches) < _PREFIX_SHARE * len(unnamed):
        return list(turns)
    if len(matches) > 3 and len(speakers) > len(matches) / 2:
        return list(turns)
    taken: list[Turn] = []
    for turn in turns:
        match = None if turn.speaker else _PREFIX.match(turn.text)
        if match is not None:
            turn = replace(turn, speaker=_named(match), text=turn.text[match.end() :])
        taken.append(turn)
    return taken


def _named(prefix: re.Match[str]) -> str:
    return (prefix["tag"] or prefix["name"]).strip()


def require_turns(reading: Reading, what: str) -> Reading:
    """The same reading, or the first reason why there is nothing in it."""
    if reading.turns:
        return reading
    if reading.rejected:
        first = reading.rejected[0]
        raise TranscriptError(
            first.code,
            f"{first.reason} The file holds no {what}; choose the format by hand or "
            "export it again.",
            first.line,
        )
    raise TranscriptError(
        "no_utterances", f"The file holds no {what}. Export it again with the text.", 1
    )
