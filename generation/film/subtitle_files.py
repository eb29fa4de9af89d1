"""The film's captions as a subtitle file: the same cues that are burned in."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, Literal

import pysubs2

from generation.film.captions import STROKE, baseline
from generation.film.schedule import caption_size, timeline
from generation.film.spec import FilmSpec


def subtitles(
    board: Mapping[str, Any],
    kind: Literal["srt", "vtt", "ass"] = "srt",
    *,
    spec: FilmSpec | None = None,
    durations_ms: Sequence[int | None] | None = None,
) -> str:
    """The text of a subtitle file for the film that render_film() makes of the same board.

    durations_ms: as for timeline(), where voices set the shots' lengths.
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
    for cue in timeline(board, spec=spec, durations_ms=durations_ms).cues:
        event = pysubs2.SSAEvent(start=cue.start_ms, end=cue.end_ms)
        event.text = r"\N".join(_plain(line) for line in cue.lines)
        file.append(event)
    return file.to_string(kind)


def _plain(line: str) -> str:
    """Braces begin a style command in ASS and a backslash may begin a break: use look-alikes."""
    return line.replace("{", "｛").replace("}", "｝").replace("\\", "＼")


def _style(spec: FilmSpec) -> pysubs2.SSAStyle:
    size = caption_size(spec)
    return pysubs2.SSAStyle(
        fontname="Noto Sans CJK SC",
        fontsize=size,
        bold=True,
        primarycolor=pysubs2.Color(255, 255, 255),
        outlinecolor=pysubs2.Color(10, 10, 12),
        backcolor=pysubs2.Color(12, 12, 16, 65),
        borderstyle=3 if spec.caption_style == "box" else 1,
        outline=size * STROKE,
        shadow=0,
        alignment=pysubs2.Alignment.BOTTOM_CENTER,
        marginv=spec.height - baseline(spec),
    )
