"""The camera: from framing and boxes to where each figure stands, and where the horizon lies."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from statistics import median

from generation.frames.errors import BadShotError, UnknownCharacterError
from generation.frames.sketch.acting import acts
from generation.frames.sketch.figure import Stand
from generation.frames.sketch.framings import ROWS_SPAN, Box, Framing, Placed, framing_of, in_rows
from generation.frames.sketch.grounding import grounded
from generation.frames.sketch.look import Look, look_of
from generation.frames.sketch.stage import setting_of


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
    # People side by side need room for their shoulders, or they hide each other; in two rows less.
    slot = max(box[2], 0.94 / count)
    across = 1.75 if framing.whole else framing.span
    if in_rows(framing, count, width, height):
        across = min(across, ROWS_SPAN)
    return max(min(unit, slot * width / across), nominal * 0.3)


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
    shot: Mapping[str, object],
    cast: Mapping[str, Mapping[str, object]],
    width: int,
    height: int,
    scene: Mapping[str, object] | None = None,
) -> list[Placed]:
    """Every character of the shot with its stand, ordered from the back to the front.

    `scene` tells whether they are in a room and when it plays: what is ridden follows from it.
    """
    return arranged(shot, bound(shot, cast), width, height, scene)


def arranged(
    shot: Mapping[str, object],
    people: Sequence[tuple[Look, Box, Mapping[str, object]]],
    width: int,
    height: int,
    scene: Mapping[str, object] | None = None,
) -> list[Placed]:
    """What `place` does, for looks that are given."""
    if not people:
        return []
    framing, setting = framing_of(shot), setting_of(scene or {})
    units = [_unit(box, framing, len(people), width, height) for _, box, _ in people]
    middle, speakers = median(units), _speakers(shot)
    doing = acts(
        shot,
        [entry for _, _, entry in people],
        [look.accessory for look, _, _ in people],
        setting,
    )
    riders = sum(act.mount is not None for act in doing)
    centres = [box[0] + box[2] / 2 for _, box, _ in people]
    if len(doing) == 2 and doing[0].pose == "embrace":
        centres = _together(centres, 1.35 * middle / width)
    placed = []
    for order, (look, box, entry) in enumerate(people):
        act, mood = doing[order], entry.get("expression")
        left = _faces_left(order, centres, look.seed)
        unit = min(max(units[order], middle * 0.82), middle * 1.2)
        lying = act.pose == "lie" and framing.whole
        x = centres[order] * width
        if lying:
            unit = min(unit, 0.98 * width / 7.8)
            x = min(max(x, 3.75 * unit), width - 3.75 * unit)
        elif act.mount is not None and framing.whole:
            # A horse is nine heads long; the rider sits behind its middle.
            unit = min(unit, width / 9.4, 2.0 * width / (9.4 * riders))
            if len(people) == 1:
                x += (0.8 if left else -0.8) * unit
        stand = Stand(
            x=x,
            ground=0.0,
            unit=unit,
            left=left,
            pose=act.pose,
            expression=mood if isinstance(mood, str) else "neutral",
            speaking=look.id in speakers and len(speakers) <= 2,
            lying=lying,
            close=_room(order, centres, left, width) < 2.2 * unit,
            thing=act.thing,
            mount=act.mount,
            short=riders > 1,
            indoors=setting.interior,
        )
        placed.append(Placed(look, box, stand))
    return grounded(placed, framing, width, height)


def _speakers(shot: Mapping[str, object]) -> set[object]:
    lines = shot.get("lines")
    if not isinstance(lines, Sequence):
        return set()
    return {line.get("speaker") for line in lines if isinstance(line, Mapping)}


def _together(centres: Sequence[float], gap: float) -> list[float]:
    """Two step up to each other, as near as `gap` (shares of the frame)."""
    middle, apart = sum(centres) / 2, abs(centres[1] - centres[0])
    nearer = min(1.0, gap / max(0.01, apart))
    return [middle + (x - middle) * nearer for x in centres]


def _room(order: int, centres: Sequence[float], left: bool, width: int) -> float:
    """Px that an arm can reach forward before it is over a neighbour or out of the frame."""
    mine = centres[order]
    ahead = [abs(c - mine) for c in centres if (c < mine if left else c > mine)]
    # A neighbour's own half is about a third of the way between the two.
    return (min(ahead) * 0.68 if ahead else (mine if left else 1.0 - mine)) * width
