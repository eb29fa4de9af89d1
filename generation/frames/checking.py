"""Reads a finished picture back: is every bound character there, in its own colours?"""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, UnidentifiedImageError

from generation.frames.errors import UnreadablePictureError
from generation.frames.sketch import colour
from generation.frames.sketch.camera import Placed, entries_of, place

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
    panel_png: bytes, shot: Mapping[str, object], cast: Mapping[str, Mapping[str, object]]
) -> Report:
    """Looks for each bound character's primary and secondary colour in its box's region.

    Raises UnreadablePictureError for bytes that are no picture, UnknownCharacterError and
    BadShotError as `draw` does.
    """
    expected = len(entries_of(shot))
    pixels = _pixels(panel_png)
    height, width = pixels.shape[:2]
    readings = tuple(_reading(pixels, one) for one in place(shot, cast, width, height))
    return Report(expected, sum(reading.found for reading in readings), readings)


def _pixels(data: bytes) -> NDArray[np.int16]:
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
    )


def _count(part: NDArray[np.int16], paint: str) -> int:
    wanted = np.array(colour.rgb(paint), dtype=np.int16)
    return int((np.abs(part - wanted) <= TOLERANCE).all(axis=2).sum())
