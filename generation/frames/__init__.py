"""Frames: a shot of the storyboard in, a picture out."""

from generation.frames.checking import Reading, Report, check
from generation.frames.errors import (
    BadShotError,
    BadSizeError,
    FrameError,
    UnknownCharacterError,
    UnknownStyleError,
    UnreadablePictureError,
)
from generation.frames.sketch.look import Look, look_of
from generation.frames.sketch.panel import Panel, draw
from generation.frames.sketch.sheet import character_sheet

__all__ = [
    "BadShotError",
    "BadSizeError",
    "FrameError",
    "Look",
    "Panel",
    "Reading",
    "Report",
    "UnknownCharacterError",
    "UnknownStyleError",
    "UnreadablePictureError",
    "character_sheet",
    "check",
    "draw",
    "look_of",
]
