"""Who stands where: sides kept over a dialogue, overlaps resolved, at most six bound by name.

Pure geometry in shares of the frame; a box is x, y, width, height in 0..1.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

Box = tuple[float, float, float, float]
MOST_BOUND = 6  # beyond it no engine keeps people apart; the rest are the crowd
NARROWEST = 0.08
GAP = 0.01
SLOTS = ("left", "centre", "right")


@dataclass(frozen=True, slots=True)
class Spot:
    """One character's place in the frame, as the shot has it."""

    id: str
    box: Box

    @property
    def middle(self) -> float:
        return self.box[0] + self.box[2] / 2


def spots_of(shot: Mapping[str, object]) -> list[Spot]:
    """The shot's characters with boxes, in the shot's order; one without a box gets its share."""
    raw = shot.get("cast")
    entries = [e for e in raw if isinstance(e, Mapping)] if isinstance(raw, Sequence) else []
    found = []
    for order, entry in enumerate(entries):
        box = entry.get("box")
        numbers = list(box) if isinstance(box, Sequence) and not isinstance(box, str) else []
        right = len(numbers) == 4 and all(
            isinstance(n, int | float) and not isinstance(n, bool) for n in numbers
        )
        share = 1 / len(entries)
        used: Box = (
            (float(numbers[0]), float(numbers[1]), float(numbers[2]), float(numbers[3]))
            if right
            else (order * share, 0.1, share, 0.9)
        )
        found.append(Spot(str(entry.get("id")), held(used)))
    return found


def held(box: Box) -> Box:
    """The box inside of the frame, never narrower or lower than can be drawn."""
    x, y, wide, high = box
    wide, high = min(max(wide, NARROWEST), 1.0), min(max(high, NARROWEST), 1.0)
    return (
        round(min(max(x, 0.0), 1.0 - wide), 4),
        round(min(max(y, 0.0), 1.0 - high), 4),
        round(wide, 4),
        round(high, 4),
    )


def slot_of(order: int, count: int, middle: float) -> str:
    """left, centre or right; of one alone by where it stands, of several by their order."""
    if count == 1:
        return "left" if middle < 0.4 else "right" if middle > 0.6 else "centre"
    position = order / (count - 1)
    return "left" if position < 0.34 else "right" if position > 0.66 else "centre"


def side_order(shots: Sequence[Mapping[str, object]]) -> list[str]:
    """Everybody of a scene from left to right, as the first shots that show them together have it.

    Later shots that put two the other way round do not change it: the camera stays on its side
    of the line between them.
    """
    order: list[str] = []
    for shot in shots:
        spots = sorted(spots_of(shot), key=lambda spot: spot.middle)
        for position, spot in enumerate(spots):
            if spot.id in order:
                continue
            known = [order.index(s.id) for s in spots[:position] if s.id in order]
            later = [order.index(s.id) for s in spots[position + 1 :] if s.id in order]
            at = max(known) + 1 if known else min(later) if later else len(order)
            order.insert(at, spot.id)
    return order


def crossed(shot: Mapping[str, object], order: Sequence[str]) -> list[tuple[str, str]]:
    """Pairs that stand the other way round than the scene has them: (left here, right here)."""
    rank = {who: place for place, who in enumerate(order)}
    spots = sorted(spots_of(shot), key=lambda spot: spot.middle)
    known = [spot.id for spot in spots if spot.id in rank]
    return [
        (first, second)
        for place, first in enumerate(known)
        for second in known[place + 1 :]
        if rank[first] > rank[second]
    ]


def resolved(boxes: Sequence[Box]) -> list[Box]:
    """The boxes without overlap from side to side, each keeping its place in the order.

    Where two overlap, both give way to the middle between them; where there is no room for all,
    the frame is shared out evenly.
    """
    if len(boxes) < 2:
        return [held(box) for box in boxes]
    ranked = sorted(range(len(boxes)), key=lambda at: boxes[at][0] + boxes[at][2] / 2)
    ordered = [held(boxes[at]) for at in ranked]
    edges = [(box[0], box[0] + box[2]) for box in ordered]
    for at in range(len(edges) - 1):
        (left, right), (next_left, next_right) = edges[at], edges[at + 1]
        if right + GAP > next_left:
            # Half of what both cover together, so that the wider one gives more.
            line = (max(left, next_left) + min(right, next_right)) / 2
            if next_left < left or right > next_right:  # one lies inside of the other
                line = (left + next_right) / 2
            edges[at], edges[at + 1] = (left, line - GAP / 2), (line + GAP / 2, next_right)
    if any(right - left < NARROWEST for left, right in edges):
        share = 1 / len(edges)
        edges = [(at * share + GAP / 2, (at + 1) * share - GAP / 2) for at in range(len(edges))]
    result: list[Box] = [(0.0, 0.0, 0.0, 0.0)] * len(boxes)
    for at, (left, right), box in zip(ranked, edges, ordered, strict=True):
        result[at] = (round(left, 4), box[1], round(right - left, 4), box[3])
    return result


def overlap(first: Box, second: Box) -> float:
    """The share of the smaller box that both cover, 0..1."""
    wide = min(first[0] + first[2], second[0] + second[2]) - max(first[0], second[0])
    high = min(first[1] + first[3], second[1] + second[3]) - max(first[1], second[1])
    if wide <= 0 or high <= 0:
        return 0.0
    return wide * high / min(first[2] * first[3], second[2] * second[3])
