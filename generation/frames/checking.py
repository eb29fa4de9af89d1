"""Reads a finished picture back: is every bound character there, with its own fixed look?

Exact for pictures of the sketch engine, whose colours are known to the last bit; a picture of any
other engine is judged by a model (`likeness`), not by this.
"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from generation.frames.errors import UnreadablePictureError
from generation.frames.sketch import colour
from generation.frames.sketch.camera import entries_of, place
from generation.frames.sketch.canvas import Canvas
from generation.frames.sketch.figure import figure_pen, skeleton_of
from generation.frames.sketch.framings import Placed
from generation.frames.sketch.headgear import COVERING

# Black hair is close to the ink of contours, so what is read in the face must be nearly exact.
EXACT = 3
TOLERANCE = 10  # largest difference of a channel, 0..255, that counts as the same colour
SMALLEST = 0.008  # of a head's square: fewer pixels than that nobody recognises
REACH = 0.12  # the box is widened by this share of the frame on each side


@dataclass(frozen=True)
class Reading:
    """One bound character as read from the pixels."""

    id: str
    region: tuple[int, int, int, int]  # left, top, right, bottom in px
    primary: int  # pixels of the main colour in the region
    secondary: int  # pixels of the second colour
    needed: int  # pixels that make a colour count as present
    # pixels of hair and skin about the head; what the look does not show is left out
    head: Mapping[str, int] = field(default_factory=dict)

    @property
    def primary_found(self) -> bool:
        """Whether the main colour is present."""
        return self.primary >= self.needed

    @property
    def secondary_found(self) -> bool:
        """Whether the second colour is present."""
        return self.secondary >= self.needed

    @property
    def found(self) -> bool:
        """Whether the character is recognised by both of its colours."""
        return self.primary_found and self.secondary_found

    @property
    def attributes(self) -> dict[str, bool]:
        """Each attribute of the look that was read, and whether it is as it should be."""
        few = max(2, self.needed // 3)
        return {
            "primary": self.primary_found,
            "secondary": self.secondary_found,
            **{name: count >= few for name, count in self.head.items()},
        }


@dataclass(frozen=True)
class Report:
    """What the pixels say about a shot: `expected` characters, `bound` of them recognised."""

    expected: int
    bound: int
    readings: tuple[Reading, ...]

    @property
    def passed(self) -> bool:
        """Whether exactly the expected characters were recognised."""
        return self.bound == self.expected

    @property
    def missing(self) -> tuple[str, ...]:
        """Ids of the characters that were not recognised."""
        return tuple(reading.id for reading in self.readings if not reading.found)


def check(
    panel_png: bytes,
    shot: Mapping[str, object],
    cast: Mapping[str, Mapping[str, object]],
    scene: Mapping[str, object] | None = None,
) -> Report:
    """Looks for each bound character's primary and secondary colour in its box's region.

    `scene` as it was drawn with: who rides outside stands in a room.

    Raises UnreadablePictureError for bytes that are no picture, UnknownCharacterError and
    BadShotError as `draw` does.
    """
    expected = len(entries_of(shot))
    pixels = pixels_of(panel_png)
    height, width = pixels.shape[:2]
    readings = tuple(_reading(pixels, one) for one in place(shot, cast, width, height, scene))
    return Report(expected, sum(reading.found for reading in readings), readings)


def pixels_of(data: bytes) -> NDArray[np.int16]:
    """A picture's RGB values, (height, width, 3); UnreadablePictureError for other bytes."""
    try:
        with Image.open(io.BytesIO(data)) as picture:
            return np.asarray(picture.convert("RGB"), dtype=np.int16)
    except (UnidentifiedImageError, OSError) as error:
        raise UnreadablePictureError(
            f"not a readable picture ({error}); hand over PNG bytes"
        ) from error


def _reading(pixels: NDArray[np.int16], one: Placed) -> Reading:
    height, width = pixels.shape[:2]
    x, y, wide, high = one.box
    left, right = max(0.0, x - REACH), min(1.0, x + wide + REACH)
    top, bottom = max(0.0, y - REACH), min(1.0, y + high + REACH)
    region = (
        round(left * width),
        round(top * height),
        round(right * width),
        round(bottom * height),
    )
    part = pixels[region[1] : region[3], region[0] : region[2]]
    needed = max(3, round(one.stand.unit**2 * SMALLEST))
    return Reading(
        one.look.id,
        region,
        _count(part, one.look.primary),
        _count(part, one.look.secondary),
        needed,
        _head(pixels, one),
    )


def _head(pixels: NDArray[np.int16], one: Placed) -> dict[str, int]:
    """Pixels of the hair's and the skin's colour about the head, where the frame shows it."""
    height, width = pixels.shape[:2]
    bones = skeleton_of(one.look, one.stand)
    pen = figure_pen(Canvas(1, 1), one.stand).at(*bones.head, bones.tilt, one.look.head)
    corners = pen.to_picture([(-0.75, -0.8), (0.75, -0.8), (0.75, 0.9), (-0.75, 0.9)])
    (left, top), (right, bottom) = corners.min(axis=0), corners.max(axis=0)
    if left < 0 or right > width or top < 0 or bottom > height:
        return {}  # cut by the frame: what is not shown cannot be wrong
    part = pixels[int(top) : int(bottom), int(left) : int(right)]
    found = {"skin": _count(part, one.look.skin_colour, EXACT)}
    if one.look.hair != "bald" and one.look.headgear not in COVERING:
        found["hair"] = _count(part, one.look.hair_paint, EXACT)
    return found


def _count(part: NDArray[np.int16], paint: str, tolerance: int = TOLERANCE) -> int:
    wanted = np.array(colour.rgb(paint), dtype=np.int16)
    return int((np.abs(part - wanted) <= tolerance).all(axis=2).sum())
