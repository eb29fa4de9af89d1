"""The film's captions as a subtitle file: the same cues that are burned in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pysubs2

from generation.film.captions import SAID, STROKE, baseline
from generation.film.schedule import Cue, caption_size, timeline
from generation.film.spec import FilmSpec
from generation.film.timing import Spoken

_WHITE = pysubs2.Color(255, 255, 255)
_SAID = pysubs2.Color(*SAID[:3])


def subtitles(
    board: Mapping[str, Any],
    kind: Literal["srt", "vtt", "ass"] = "srt",
    *,
    spec: FilmSpec | None = None,
    spoken: Sequence[Spoken | None] | None = None,
    headings: Mapping[int, Spoken] | None = None,
) -> str:
    """The text of a subtitle file for the film that render_film() makes of the same board.

    spoken, headings: as for timeline(), where voices set the times. With the style "karaoke", ass
        and vtt also tell when each word is said.
    """
    spec = spec or FilmSpec()
    file = pysubs2.SSAFile()
    file.info.update(
        {
            "Title": board["novel"]["title"].replace("\n", " "),
            "PlayResX": str(spec.width),
            "PlayResY": str(spec.height),
            "WrapStyle": "2",
        }
    )
    file.styles["Default"] = _style(spec)
    cues = timeline(board, spec=spec, spoken=spoken, headings=headings).cues
    sung = spec.caption_style == "karaoke"
    if kind == "vtt" and sung:
        return _vtt(cues)
    for cue in cues:
        event = pysubs2.SSAEvent(start=cue.start_ms, end=cue.end_ms)
        parts = _parts(cue) if sung and kind == "ass" else ()
        event.text = "".join(parts) or r"\N".join(_plain(line) for line in cue.lines)
        file.append(event)
    return file.to_string(kind)


def _parts(cue: Cue) -> list[str]:
    """A cue as ASS sings it: \\k with hundredths of a second before each word."""
    found = []
    for at, until, words in _sung(cue):
        text = _plain(words).replace("\n", r"\N")
        found.append(f"{{\\k{max(0, until // 10 - at // 10)}}}{text}")
    return found


def _vtt(cues: Sequence[Cue]) -> str:
    """WebVTT with a time stamp before each word after the first."""
    blocks = ["WEBVTT\n"]
    for cue in cues:
        text = ""
        for at, _until, words in _sung(cue) or [(cue.start_ms, cue.end_ms, cue.text)]:
            stamp = f"<{_clock(at)}>" if at > cue.start_ms else ""
            text += stamp + words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
        blocks.append(f"{_clock(cue.start_ms)} --> {_clock(cue.end_ms)}\n{text}\n")
    return "\n".join(blocks)


def _sung(cue: Cue) -> list[tuple[int, int, str]]:
    """(start ms, end ms, words) of a cue's steps; a line feed stands where its line ends."""
    if not cue.steps:
        return []
    ends = {sum(map(len, cue.lines[: row + 1])) for row in range(len(cue.lines) - 1)}
    whole = "".join(cue.lines)
    found = []
    moments = [at for at, _said in cue.steps[1:]] + [cue.end_ms]
    before = 0
    for (at, said), until in zip(cue.steps, moments, strict=True):
        words = "".join(
            whole[place] + ("\n" if place + 1 in ends else "") for place in range(before, said)
        )
        found.append((at, until, words))
        before = said
    return found


def _clock(ms: int) -> str:
    return f"{ms // 3_600_000:02d}:{ms // 60_000 % 60:02d}:{ms // 1000 % 60:02d}.{ms % 1000:03d}"


def _plain(line: str) -> str:
    """Braces begin a style command in ASS and a backslash may begin a break: use look-alikes."""
    return line.replace("{", "｛").replace("}", "｝").replace("\\", "＼")


def _style(spec: FilmSpec) -> pysubs2.SSAStyle:
    size = caption_size(spec)
    return pysubs2.SSAStyle(
        fontname="Noto Sans CJK SC",
        fontsize=size,
        bold=True,
        primarycolor=_SAID if spec.caption_style == "karaoke" else _WHITE,
        secondarycolor=_WHITE,
        outlinecolor=pysubs2.Color(10, 10, 12),
        backcolor=pysubs2.Color(12, 12, 16, 65),
        borderstyle=3 if spec.caption_style == "box" else 1,
        outline=size * STROKE,
        shadow=0,
        alignment=pysubs2.Alignment.BOTTOM_CENTER,
        marginv=spec.height - baseline(spec),
    )
