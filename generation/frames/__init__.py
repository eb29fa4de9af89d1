"""Frames: a shot of the storyboard in, a picture out."""

from generation.frames.binding import Binding, Bound, bind
from generation.frames.blocking import MOST_BOUND, crossed, held, resolved, side_order
from generation.frames.checking import Reading, Report, check
from generation.frames.continuity import Finding, FrameFact, continuity
from generation.frames.errors import (
    BadShotError,
    BadSizeError,
    FrameError,
    UnknownCharacterError,
    UnknownStyleError,
    UnreadablePictureError,
)
from generation.frames.gate import Judgement, Refusal, judge
from generation.frames.seeds import POLICY, seed_of
from generation.frames.sketch.look import Look, look_of
from generation.frames.sketch.panel import Panel, draw
from generation.frames.sketch.sheet import character_sheet

__all__ = [
    "MOST_BOUND",
    "POLICY",
    "BadShotError",
    "BadSizeError",
    "Binding",
    "Bound",
    "Finding",
    "FrameError",
    "FrameFact",
    "Judgement",
    "Look",
    "Panel",
    "Reading",
    "Refusal",
    "Report",
    "UnknownCharacterError",
    "UnknownStyleError",
    "UnreadablePictureError",
    "bind",
    "character_sheet",
    "check",
    "continuity",
    "crossed",
    "draw",
    "held",
    "judge",
    "look_of",
    "resolved",
    "seed_of",
    "side_order",
]
