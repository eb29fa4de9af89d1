"""Who is who in a picture, as a part of it: head and shoulders, for encoders that compare."""

from __future__ import annotations

from collections.abc import Mapping

from PIL import Image

from generation.frames.sketch.camera import entries_of, place
from generation.frames.sketch.figure import Stand, skeleton_of
from generation.frames.sketch.look import look_of

SMALLEST = 12  # px a side; less is nobody


def crops_of(
    picture: Image.Image,
    shot: Mapping[str, object],
    cast: Mapping[str, Mapping[str, object]],
    *,
    sketched: bool,
    scene: Mapping[str, object] | None,
) -> dict[str, Image.Image]:
    """A part of the picture for each bound character that it shows, drawn in this `scene`.

    The sketch engine says exactly where it drew a head; of any other engine only the box that was
    asked for is known, and its upper part is taken.
    """
    width, height = picture.size
    found = {}
    for one in place(shot, cast, width, height, scene):
        if sketched:
            stand, bones = one.stand, skeleton_of(one.look, one.stand)
            side = -1.0 if stand.left else 1.0
            x = stand.x + side * bones.head[0] * stand.unit
            y = stand.ground + bones.head[1] * stand.unit
            reach = stand.unit * one.look.head
            box = (x - 1.15 * reach, y - 0.95 * reach, x + 1.15 * reach, y + 1.9 * reach)
            if stand.lying:
                continue
        else:
            left, top, wide, high = one.box
            box = (left * width, top * height, (left + wide) * width, (top + high * 0.6) * height)
        part = _within(box, width, height)
        if part is not None:
            found[one.look.id] = picture.crop(part)
    return {
        key: found[key] for key in (str(entry["id"]) for entry in entries_of(shot)) if key in found
    }


def _within(
    box: tuple[float, float, float, float], width: int, height: int
) -> tuple[int, int, int, int] | None:
    left, top = max(0, round(box[0])), max(0, round(box[1]))
    right, bottom = min(width, round(box[2])), min(height, round(box[3]))
    if right - left < SMALLEST or bottom - top < SMALLEST:
        return None
    return left, top, right, bottom


def sheet_crops(sheet: Image.Image, person: Mapping[str, object]) -> list[Image.Image]:
    """The same part of a character sheet: of the figure from the front, and the close view."""
    width, height = sheet.size
    look = look_of(person)
    unit = min(height * 0.78 / 7.6, width * 0.5 / 3.4)
    bones = skeleton_of(look, Stand(width * 0.3, height * 0.9, unit, False, turn=0.0))
    x, y = width * 0.3 + bones.head[0] * unit, height * 0.9 + bones.head[1] * unit
    reach = unit * look.head
    front = (x - 1.15 * reach, y - 0.95 * reach, x + 1.15 * reach, y + 1.9 * reach)
    half = min(width * 0.21, height * 0.28)
    close = (width * 0.74 - half, height * 0.44 - half, width * 0.74 + half, height * 0.44 + half)
    parts = (_within(box, width, height) for box in (front, close))
    return [sheet.crop(part) for part in parts if part is not None]
