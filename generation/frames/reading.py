"""Reads each attribute of a look back from the pixels, by drawing what else it could have been.

A sketch is exact: a figure's inside has no noise. So for one attribute every value that it could
have is drawn in the same place, and the value is read that explains most of the picture. Nothing
is learnt and nothing is guessed; what two values draw alike in this frame (hair under a hood, shoes
out of the frame, somebody hidden by another) is not read at all and says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeVar

import numpy as np
from numpy.typing import NDArray

from generation.frames.checking import pixels_of
from generation.frames.sketch import colour
from generation.frames.sketch.camera import arranged, bound
from generation.frames.sketch.canvas import Canvas
from generation.frames.sketch.figure import draw_figure
from generation.frames.sketch.framings import Box, Placed
from generation.frames.sketch.look import PALETTE, VOCABULARY, Look, dressed
from generation.frames.sketch.raster import layer

EXACT = 3  # of 255: what the rasteriser's rounding may move a channel
APART = 24  # colours that differ by less look alike
FEWEST = 6  # pixels that two values must differ in to be told apart
SHARE = 0.004  # the same as a share of a head's square
ATTRIBUTES = (
    "species", "build", "hair", "hair_colour", "beard", "clothes", "primary", "secondary", "headgear",
    "accessory", "skin",
)  # fmt: skip

Entry = tuple[Look, Box, Mapping[str, object]]
Pixels = NDArray[np.int16]


@dataclass(frozen=True)
class Read:
    """One attribute as the pixels tell it; `value` is None where they cannot."""

    id: str
    attribute: str
    expected: str
    value: str | None

    @property
    def right(self) -> bool | None:
        """Whether it is as the look says; None where the frame does not show it."""
        return None if self.value is None else self.value == self.expected


def read_back(
    panel_png: bytes,
    shot: Mapping[str, object],
    cast: Mapping[str, Mapping[str, object]],
    attributes: Sequence[str] = ATTRIBUTES,
    scene: Mapping[str, object] | None = None,
) -> list[Read]:
    """Every attribute of every bound character, as read from a picture of the sketch engine.

    Raises UnreadablePictureError, UnknownCharacterError and BadShotError as `check` does.
    """
    picture = pixels_of(panel_png)
    height, width = picture.shape[:2]
    people = bound(shot, cast)
    placed = arranged(shot, people, width, height, scene)
    whole = (0, 0, width, height)
    layers = [_drawn(one, (width, height), whole) for one in placed]
    found = []
    for order, one in enumerate(placed):
        region = _region(layers[order])
        hidden = np.zeros((height, width), dtype=bool)
        for before in layers[order + 1 :]:
            hidden |= before[..., 3] > 0
        entry = next(at for at, row in enumerate(people) if row[0].id == one.look.id)
        view = _View(
            cut(picture, region),
            cut(layers[order], region),
            cut(hidden, region),
            region,
            (width, height),
            scene,
        )
        found += [_read(view, shot, people, entry, name) for name in attributes]
    return found


Region = tuple[int, int, int, int]
Kind = TypeVar("Kind", bound=np.generic)


@dataclass(frozen=True)
class _View:
    """What is looked at: a part of the picture, the figure as it should be there, what hides it."""

    picture: Pixels
    expected: Pixels
    hidden: NDArray[np.bool_]
    region: Region  # left, top, width, height in px
    size: tuple[int, int]
    scene: Mapping[str, object] | None


def cut(pixels: NDArray[Kind], region: Region) -> NDArray[Kind]:
    """A region of a picture."""
    left, top, wide, high = region
    return pixels[top : top + high, left : left + wide]


def _region(drawn: Pixels) -> Region:
    """The part of the frame in which the figure and everything it could be lies."""
    rows = np.flatnonzero((drawn[..., 3] > 0).any(axis=1))
    columns = np.flatnonzero((drawn[..., 3] > 0).any(axis=0))
    height, width = drawn.shape[:2]
    if not len(rows):
        return 0, 0, 1, 1
    around = round(0.12 * (rows[-1] - rows[0])) + 4
    top, left = max(0, rows[0] - around), max(0, columns[0] - around)
    return (
        int(left),
        int(top),
        int(min(width, columns[-1] + around) - left),
        int(min(height, rows[-1] + around) - top),
    )


def _drawn(one: Placed, size: tuple[int, int], region: Region) -> Pixels:
    canvas = Canvas(*size)
    draw_figure(canvas, one.look, one.stand)
    return layer(canvas.svg(region), region[2], region[3])


def _read(
    view: _View, shot: Mapping[str, object], people: Sequence[Entry], entry: int, name: str
) -> Read:
    look = people[entry][0]
    expected = look_value(look, name)
    best_value, best_score = expected, _explained(view, view.expected)
    told_apart = False
    for value, other in _others(look, name):
        changed = [
            (other if at == entry else row[0], row[1], row[2]) for at, row in enumerate(people)
        ]
        stands = arranged(shot, changed, *view.size, view.scene)
        stand = next(one for one in stands if one.look.id == look.id)
        drawn = _drawn(stand, view.size, view.region)
        if _apart(view, drawn) < max(FEWEST, SHARE * stand.stand.unit**2):
            continue
        told_apart = True
        score = _explained(view, drawn)
        if score > best_score:
            best_value, best_score = value, score
    return Read(look.id, name, expected, best_value if told_apart else None)


def _explained(view: _View, drawn: Pixels) -> int:
    """Pixels of the figure that are in the picture, less those that are not."""
    solid = (drawn[..., 3] == 255) & ~view.hidden
    same = solid & ~_differ(view.picture, drawn, EXACT)
    return int(np.count_nonzero(same)) * 2 - int(np.count_nonzero(solid))


def _apart(view: _View, drawn: Pixels) -> int:
    """Pixels that show which of two drawings it is."""
    solid = (view.expected[..., 3] == 255) | (drawn[..., 3] == 255)
    return int(np.count_nonzero(solid & ~view.hidden & _differ(view.expected, drawn, APART)))


def _differ(first: Pixels, second: Pixels, by: int) -> NDArray[np.bool_]:
    """Where some channel differs by more than that; channel by channel, which numpy does fastest."""
    result = np.abs(first[..., 0] - second[..., 0]) > by
    for channel in (1, 2):
        result |= np.abs(first[..., channel] - second[..., channel]) > by
    return result


def look_value(look: Look, name: str) -> str:
    """The look's own value of an attribute."""
    return str(getattr(look, name))


def _others(look: Look, name: str) -> Iterator[tuple[str, Look]]:
    """Every other value with the look that would have it."""
    if name in ("primary", "secondary"):
        own = look_value(look, name)
        for first, second in PALETTE:
            paint = first if name == "primary" else second
            if _far(paint, own):
                fields: dict[str, Any] = {name: paint}
                yield paint, replace(look, **fields)
        return
    for value in VOCABULARY[name]:
        if value != look_value(look, name):
            changed = dressed(look, name, value)
            if changed is not None:
                yield value, changed


def _far(first: str, second: str) -> bool:
    return (
        max(abs(a - b) for a, b in zip(colour.rgb(first), colour.rgb(second), strict=True)) > APART
    )
