"""Whether everything that a film needs is there, before anything is made."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from generation.film.audio import MUSIC_SPARE, checked_audio_ms
from generation.film.fonts import font_path, lacking
from generation.film.frames import check_frames


def check(
    board: Mapping[str, Any], base: Path, *, music: Path | None = None, whole: bool = True
) -> None:
    """The font, every shot's picture and the music. Raises FilmError naming what is missing.

    whole: False looks at the pictures' headers only, for a page that is asked for again and again.
    """
    font_path()
    check_frames(board, base, whole=whole)
    if music is not None:
        check_music(music)


def check_music(music: Path) -> int:
    """Length in ms of a sound file. Raises FilmError("music_missing") or ("music_unreadable")."""
    return checked_audio_ms(music, "music", "the music", spare=MUSIC_SPARE)


def undrawable(board: Mapping[str, Any]) -> tuple[str, ...]:
    """Characters of captions and cards that the font lacks: letters of them stand as 〓 in the picture,
    all others (emoji) are left out. Subtitle files keep them."""
    texts = [shot["narration"] for shot in board["shots"]]
    texts += [chapter["title"] for chapter in board["chapters"]]
    texts += [person["name"] for person in board["cast"]]
    return lacking([board["novel"]["title"], *texts])
