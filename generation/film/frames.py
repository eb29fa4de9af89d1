"""Find and open the shots' frames."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from PIL import Image

from generation.film.errors import FilmError

# What Pillow raises about a file that is damaged (SyntaxError and ValueError come from its readers of
# PNG and of others) or that would fill the memory.
_BROKEN = (OSError, SyntaxError, ValueError, Image.DecompressionBombError)


def frame_path(shot: Mapping[str, Any], base: Path) -> Path:
    """The file of a shot's frame. Raises FilmError("frame_missing") naming the shot where it has
    none, where the file is not there, or where the path leads out of `base`."""
    index, relative = shot["index"], shot["frame"]
    if not relative:
        raise FilmError(
            "frame_missing",
            f"shot {index} has no frame: draw its frame first",
            shot=index,
        )
    path = base / relative
    if not path.resolve().is_relative_to(base.resolve()):
        raise FilmError(
            "frame_missing",
            f"the frame of shot {index} lies outside the storyboard's folder: {relative}",
            shot=index,
            path=relative,
        )
    if not path.is_file():
        raise FilmError(
            "frame_missing",
            f"the frame of shot {index} is missing: {relative}; draw it again",
            shot=index,
            path=relative,
        )
    return path


def open_frame(shot: Mapping[str, Any], base: Path) -> Image.Image:
    """The loaded frame of a shot. Raises FilmError("frame_missing") or ("frame_unreadable")."""
    path = frame_path(shot, base)
    try:
        with Image.open(path) as opened:
            opened.load()
            return opened.copy()
    except _BROKEN as broken:
        raise _unreadable(shot, broken) from broken


def check_frames(board: Mapping[str, Any], base: Path, *, whole: bool = False) -> None:
    """Find every shot's frame and read its header; with `whole` its check sums too, where it has any,
    which finds one that was cut short without decoding it."""
    for shot in board["shots"]:
        path = frame_path(shot, base)
        try:
            with Image.open(path) as opened:
                if whole:
                    opened.verify()
        except _BROKEN as broken:
            raise _unreadable(shot, broken) from broken


def _unreadable(shot: Mapping[str, Any], broken: Exception) -> FilmError:
    return FilmError(
        "frame_unreadable",
        f"the frame of shot {shot['index']} cannot be read as a picture: "
        f"{shot['frame']} ({broken}); draw it again",
        shot=shot["index"],
        path=shot["frame"],
    )
