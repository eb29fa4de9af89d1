"""The film room: a storyboard and its frames in; mp4, subtitles, poster and 剪映 draft out.

Importing it is cheap. FFmpeg (by PyAV) and the draft library load when a film, a poster or a
draft is made.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from generation.film.errors import Cancelled, FilmError
from generation.film.spec import LANDSCAPE, PORTRAIT, SQUARE, FilmSpec

if TYPE_CHECKING:
    from generation.film.audio import voice_durations
    from generation.film.draft import write_draft
    from generation.film.posters import poster
    from generation.film.render import FilmReport, render_film
    from generation.film.schedule import Clip, Cue, Timeline, timeline
    from generation.film.subtitle_files import subtitles

__all__ = [
    "LANDSCAPE",
    "PORTRAIT",
    "SQUARE",
    "Cancelled",
    "Clip",
    "Cue",
    "FilmError",
    "FilmReport",
    "FilmSpec",
    "Timeline",
    "poster",
    "render_film",
    "subtitles",
    "timeline",
    "voice_durations",
    "write_draft",
]

_LAZY = {
    "Clip": "schedule",
    "Cue": "schedule",
    "FilmReport": "render",
    "Timeline": "schedule",
    "poster": "posters",
    "render_film": "render",
    "subtitles": "subtitle_files",
    "timeline": "schedule",
    "voice_durations": "audio",
    "write_draft": "draft",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
