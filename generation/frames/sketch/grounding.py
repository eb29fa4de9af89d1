"""Onto the ground: feet, crowns under the frame's upper edge, two rows where many stand."""

from __future__ import annotations

from dataclasses import replace

from generation.frames.sketch.figure import skeleton_of
from generation.frames.sketch.framings import ROW_BACK, Framing, Placed, in_rows


def grounded(placed: list[Placed], framing: Framing, width: int, height: int) -> list[Placed]:
    """Everybody on the ground, ordered from the back to the front."""
    whole = framing.whole
    found = _whole(placed, height) if whole else _cropped(placed, framing, height)
    if in_rows(framing, len(placed), width, height):
        return _two_rows(found)
    return sorted(found, key=lambda p: (p.stand.ground if whole else 0.0, p.stand.unit))


def _two_rows(placed: list[Placed]) -> list[Placed]:
    """Every second from the left stands a row back, so that no face is behind a shoulder."""
    ranked = sorted(range(len(placed)), key=lambda at: placed[at].stand.x)
    speaking = [sum(placed[at].stand.speaking for at in ranked[row::2]) for row in (0, 1)]
    back = set(ranked[1::2] if speaking[0] >= speaking[1] else ranked[0::2])
    result = []
    for at, one in enumerate(placed):
        stand = one.stand
        if at in back and not stand.lying:
            stand = replace(stand, ground=stand.ground - ROW_BACK * stand.unit)
        result.append(replace(one, stand=stand))
    # The back row first, whoever is the larger; who lies, lies before all.
    order = sorted(ranked, key=lambda at: (placed[at].stand.lying, at not in back))
    return [result[at] for at in order]


def _whole(placed: list[Placed], height: int) -> list[Placed]:
    """Feet stand on the lower edge of the box, inside of the frame; who lies, lies before them."""
    result = []
    lies = any(one.stand.lying for one in placed)
    for one in placed:
        stand = one.stand
        lowest = 0.9 if stand.unit < height * 0.045 else 0.955
        foot = min((one.box[1] + one.box[3]) * height, height * lowest)
        if lies and not stand.lying:
            foot -= 0.9 * stand.unit
        result.append(replace(one, stand=replace(stand, ground=foot)))
    return result


def _crown(one: Placed) -> float:
    """Height of the crown above the ground in figure space."""
    bones = skeleton_of(one.look, one.stand)
    return -(bones.head[1] - one.look.head * 0.5)


def _cropped(placed: list[Placed], framing: Framing, height: int) -> list[Placed]:
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
    lowest = max(one.stand.ground for one in result)
    if lowest < height:  # so many that even their feet are seen: they stand on the ground
        drop = height * 0.955 - lowest
        return [replace(p, stand=replace(p.stand, ground=p.stand.ground + drop)) for p in result]
    return result
