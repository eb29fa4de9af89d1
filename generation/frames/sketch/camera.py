"""The camera: from framing and boxes to where each figure stands, and where the horizon lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from generation.frames.errors import BadShotError, UnknownCharacterError
from generation.frames.sketch.acting import acts
from generation.frames.sketch.figure import Stand, skeleton_of
from generation.frames.sketch.look import Look, look_of

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


def _box(shot: Mapping[str, object], entry: Mapping[str, object], order: int, count: int) -> Box:
    raw = entry.get("box")
    if raw is None:
        wide = 1.0 / count
        return (order * wide, 0.1, wide, 0.9)
    numbers = raw if isinstance(raw, Sequence) and not isinstance(raw, str) else ()
    values = [float(v) for v in numbers if isinstance(v, int | float) and not isinstance(v, bool)]
    if len(values) != 4 or values[2] <= 0 or values[3] <= 0:
        raise BadShotError(
            shot.get("index"),
            f"cast[{order}].box",
            "give four numbers x, y, width, height in 0..1, with a size above 0",
        )
    x, y = min(max(values[0], 0.0), 0.98), min(max(values[1], 0.0), 0.98)
    return (x, y, min(values[2], 1.0 - x), min(values[3], 1.0 - y))


def entries_of(shot: Mapping[str, object]) -> list[Mapping[str, object]]:
    """The shot's cast entries; raises BadShotError where one is not an object with an id."""
    cast = shot.get("cast")
    if cast is None:
        return []
    if not isinstance(cast, Sequence) or isinstance(cast, str):
        raise BadShotError(shot.get("index"), "cast", "give a list of characters")
    for order, entry in enumerate(cast):
        if not isinstance(entry, Mapping) or not isinstance(entry.get("id"), str):
            raise BadShotError(shot.get("index"), f"cast[{order}]", "give an object with an id")
    return list(cast)


def bound(
    shot: Mapping[str, object], cast: Mapping[str, Mapping[str, object]]
) -> list[tuple[Look, Box, Mapping[str, object]]]:
    """Each character of the shot with its look and box.

    Raises UnknownCharacterError for an id that the cast does not have.
    """
    entries = entries_of(shot)
    start = shot.get("start")
    at = start if isinstance(start, int) else None
    result = []
    for order, entry in enumerate(entries):
        key = str(entry["id"])
        if key not in cast:
            raise UnknownCharacterError(shot.get("index"), key)
        result.append(
            (replace(look_of(cast[key], at), id=key), _box(shot, entry, order, len(entries)), entry)
        )
    return result


def _unit(box: Box, framing: Framing, count: int, width: int, height: int) -> float:
    """Pixels of a head for one box: the box's height, kept near what the framing means."""
    nominal = height * (framing.tall if width < height else framing.wide)
    room = framing.visible + (0.45 if not framing.whole else 0.0)
    unit = min(max(box[3] * height / room, nominal * 0.84), nominal * 1.14)
    if count == 1:
        return min(unit, width / (2.2 if framing.whole else 0.92))
    # People side by side need room for their shoulders, or they hide each other.
    slot = max(box[2], 0.94 / count)
    return max(min(unit, slot * width / (1.75 if framing.whole else framing.span)), nominal * 0.3)


def _faces_left(order: int, centres: Sequence[float], seed: int) -> bool:
    """Characters turn to the others; alone, towards the middle of the frame."""
    mine = centres[order]
    others = [c for i, c in enumerate(centres) if i != order]
    if others:
        return sum(others) / len(others) < mine
    if abs(mine - 0.5) > 0.06:
        return mine > 0.5
    return seed % 2 == 1


def place(
    shot: Mapping[str, object], cast: Mapping[str, Mapping[str, object]], width: int, height: int
) -> list[Placed]:
    """Every character of the shot with its stand, ordered from the back to the front."""
    return arranged(shot, bound(shot, cast), width, height)


def arranged(
    shot: Mapping[str, object],
    people: Sequence[tuple[Look, Box, Mapping[str, object]]],
    width: int,
    height: int,
) -> list[Placed]:
    """What `place` does, for looks that are given."""
    if not people:
        return []
    framing = framing_of(shot)
    units = [_unit(box, framing, len(people), width, height) for _, box, _ in people]
    middle = median(units)
    centres = [box[0] + box[2] / 2 for _, box, _ in people]
    lines = shot.get("lines")
    speakers = (
        {line.get("speaker") for line in lines if isinstance(line, Mapping)}
        if isinstance(lines, Sequence)
        else set()
    )
    placed = []
    doing = acts(shot, [entry for _, _, entry in people], [look.accessory for look, _, _ in people])
    hugging = len(doing) == 2 and doing[0].pose == "embrace"
    for order, (look, box, entry) in enumerate(people):
        unit = min(max(units[order], middle * 0.82), middle * 1.2)
        pose, mood = doing[order].pose, entry.get("expression")
        if pose == "lie" and framing.whole:
            unit = min(unit, 0.98 * width / 7.8)
        if pose == "ride" and framing.whole:
            # A horse is nine heads long; the rider sits behind its middle.
            unit = min(unit, width / 9.4, 1.5 * width / (9.4 * max(1, len(people) - 0.5)))
            if len(people) == 1:
                centres[order] += (
                    (0.8 if _faces_left(0, centres, look.seed) else -0.8) * unit / width
                )
        if hugging:  # the two step up to each other
            centre = sum(centres) / 2
            centres[order] = centre + (centres[order] - centre) * min(
                1.0, 1.35 * unit / width / max(0.01, abs(centres[1 - order] - centres[order]))
            )
        lying = pose == "lie" and framing.whole
        half = 3.75 * unit if lying else 0.0
        stand = Stand(
            x=min(max(centres[order] * width, half), width - half)
            if lying
            else centres[order] * width,
            ground=0.0,
            unit=unit,
            left=_faces_left(order, centres, look.seed),
            pose=pose,
            expression=mood if isinstance(mood, str) else "neutral",
            speaking=look.id in speakers and len(speakers) <= 2,
            lying=lying,
            close=len(people) > 1 and unit * 2.6 > width / len(people),
            thing=doing[order].thing,
        )
        placed.append(Placed(look, box, stand))
    grounded = _whole(placed, height) if framing.whole else _cropped(placed, framing, width, height)
    return sorted(grounded, key=lambda p: (p.stand.ground if framing.whole else 0.0, p.stand.unit))


def _whole(placed: list[Placed], height: int) -> list[Placed]:
    """Feet stand on the lower edge of the box, inside of the frame."""
    result = []
    for one in placed:
        lowest = 0.9 if one.stand.unit < height * 0.045 else 0.955
        foot = min((one.box[1] + one.box[3]) * height, height * lowest)
        result.append(replace(one, stand=replace(one.stand, ground=foot)))
    return result


def _crown(one: Placed) -> float:
    """Height of the crown above the ground in figure space."""
    bones = skeleton_of(one.look, one.stand)
    return -(bones.head[1] - one.look.head * 0.5)


def _cropped(placed: list[Placed], framing: Framing, width: int, height: int) -> list[Placed]:
    """Crowns hang from the upper edge of the box; smaller people stand lower beside taller ones."""
    tallest = max(_crown(one) for one in placed)
    result = []
    for one in placed:
        unit, crown = one.stand.unit, _crown(one)
        head = one.look.head * unit
        top = one.box[1] * height + 0.3 * unit + (tallest - crown) * unit * 0.55
        if framing.visible < 1.5:
            top = min(top, height * 0.5 - head * 0.62)
        top = min(
            max(top, height * 0.03 + 0.22 * unit if framing.visible > 1.5 else -0.2 * head),
            height * 0.8 - head,
        )
        result.append(replace(one, stand=replace(one.stand, ground=top + crown * unit)))
    return result
