"""The film room: a storyboard and its frames in; mp4, subtitles, poster and 剪映 draft out.

Importing it is cheap. FFmpeg (by PyAV) and the draft library load when a film, a poster or a
draft is made.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from generation.film.errors import Cancelled, FilmError
from generation.film.spec import CAPTION_STYLES, LANDSCAPE, PORTRAIT, SQUARE, FilmSpec

if TYPE_CHECKING:
    from generation.film.audio import audio_ms
    from generation.film.checking import check, check_music, undrawable
    from generation.film.draft import write_draft
    from generation.film.narration import ShotVoice, Sounding, Voices, compose, shot_voices
    from generation.film.pieces import NARRATOR, Piece, assign, headings_of, pieces_of
    from generation.film.posters import poster
    from generation.film.render import FilmReport, render_film
    from generation.film.schedule import Clip, Cue, Timeline, timeline
    from generation.film.spoken import Reading, parse_lexicon, read_aloud
    from generation.film.subtitle_files import subtitles
    from generation.film.timing import Mark, Spoken

__all__ = [
    "CAPTION_STYLES",
    "LANDSCAPE",
    "NARRATOR",
    "PORTRAIT",
    "SQUARE",
    "Cancelled",
    "Clip",
    "Cue",
    "FilmError",
    "FilmReport",
    "FilmSpec",
    "Mark",
    "Piece",
    "Reading",
    "ShotVoice",
    "Sounding",
    "Spoken",
    "Timeline",
    "Voices",
    "assign",
    "audio_ms",
    "check",
    "check_music",
    "compose",
    "headings_of",
    "parse_lexicon",
    "pieces_of",
    "poster",
    "read_aloud",
    "render_film",
    "shot_voices",
    "subtitles",
    "timeline",
    "undrawable",
    "write_draft",
]

_LAZY = {
    "Clip": "schedule",
    "Cue": "schedule",
    "FilmReport": "render",
    "Mark": "timing",
    "NARRATOR": "pieces",
    "Piece": "pieces",
    "Reading": "spoken",
    "ShotVoice": "narration",
    "Sounding": "narration",
    "Spoken": "timing",
    "Timeline": "schedule",
    "Voices": "narration",
    "assign": "pieces",
    "audio_ms": "audio",
    "check": "checking",
    "check_music": "checking",
    "compose": "narration",
    "headings_of": "pieces",
    "parse_lexicon": "spoken",
    "pieces_of": "pieces",
    "poster": "posters",
    "read_aloud": "spoken",
    "render_film": "render",
    "shot_voices": "narration",
    "subtitles": "subtitle_files",
    "timeline": "schedule",
    "undrawable": "checking",
    "write_draft": "draft",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    return getattr(import_module(f"{__name__}.{_LAZY[name]}"), name)
