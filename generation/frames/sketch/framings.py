"""Framings: how large people are in them, where the horizon lies, and one character in its place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from generation.frames.sketch.figure import Stand
from generation.frames.sketch.look import Look

WHOLE = 7.0  # head heights that a standing adult with hair takes


@dataclass(frozen=True)
class Framing:
    """What a framing shows; sizes are shares of the frame's height."""

    visible: float  # head heights from the crown to the lower edge
    tall: float  # px of a head as a share of the frame height, vertical frame
    wide: float  # the same for a horizontal frame
    horizon: float
    zoom: float  # of the backdrop
    whole: bool  # feet are seen
    span: float = 1.75  # head heights across that one of several people needs


FRAMINGS: dict[str, Framing] = {
    "extreme_long": Framing(WHOLE, 0.02, 0.03, 0.44, 1.0, True),
    "long": Framing(WHOLE, 0.056, 0.07, 0.47, 1.0, True),
    "full": Framing(WHOLE, 0.094, 0.118, 0.48, 1.06, True),
    "medium": Framing(3.8, 0.165, 0.215, 0.45, 1.3, False, 1.6),
    "medium_close_up": Framing(2.6, 0.225, 0.315, 0.42, 1.55, False, 1.42),
    "close_up": Framing(1.85, 0.33, 0.45, 0.4, 1.85, False, 1.2),
    "extreme_close_up": Framing(1.2, 0.52, 0.74, 0.4, 2.3, False, 1.05),
}
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Placed:
    """One character of the shot, ready to be drawn."""

    look: Look
    box: Box
    stand: Stand


def framing_of(shot: Mapping[str, object]) -> Framing:
    """The shot's framing; unknown names count as medium."""
    name = shot.get("framing")
    return FRAMINGS.get(name, FRAMINGS["medium"]) if isinstance(name, str) else FRAMINGS["medium"]


def horizon_of(shot: Mapping[str, object], framing: Framing) -> float:
    """The horizon as a share of the frame's height; the camera is low or high at times."""
    move = shot.get("movement")
    index = shot.get("index")
    vary = (0.0, 0.03, -0.03, 0.015)[index % 4] if isinstance(index, int) else 0.0
    return framing.horizon + vary + (0.06 if move == "tilt" else 0.0)


ROWS_SPAN = 1.3  # head heights across for one of many who stand in two rows
ROW_BACK = 0.72  # head heights that the back row stands higher


def in_rows(framing: Framing, count: int, width: int, height: int) -> bool:
    """Whether so many stand in two rows, because side by side they would be far too small."""
    nominal = height * (framing.tall if width < height else framing.wide)
    across = 1.75 if framing.whole else framing.span
    return count >= 4 and 0.94 / count * width / across < nominal * 0.8
