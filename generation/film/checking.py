"""Whether everything that a film needs is there, before anything is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generation.film.audio import checked_audio_ms
from generation.film.fonts import font_path
from generation.film.frames import check_frames


def check(board: Mapping[str, Any], base: Path, *, music: Path | None = None) -> None:
    """The font, every shot's picture and the music. Raises FilmError naming what is missing."""
    font_path()
    check_frames(board, base)
    if music is not None:
        check_music(music)


def check_music(music: Path) -> int:
    """Length in ms of a sound file. Raises FilmError("music_missing") or ("music_unreadable")."""
    return checked_audio_ms(music, "music", "the music")
