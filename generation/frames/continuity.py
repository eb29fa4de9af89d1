"""What does not fit together over the shots of one scene: sides, looks, light, engines, age."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from generation.frames.blocking import crossed, overlap, side_order, spots_of

CROWDED = 0.35  # two boxes that share more than this hide each other


@dataclass(frozen=True, slots=True)
class FrameFact:
    """What is known of a shot's current picture: `stamp` is of the binding that it was drawn from,
    `look` of each character's fixed look then, `missing` whom the picture does not show."""

    shot: int
    engine: str
    stamp: str
    seed: int
    policy: str = ""
    looks: Mapping[str, str] | None = None
    missing: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Finding:
    """`code`, the shot, and whom or what it is about. `redo` where drawing again mends it."""

    shot: int
    code: str
    who: tuple[str, ...] = ()
    detail: str = ""
    redo: bool = False


def continuity(
    shots: Sequence[Mapping[str, Any]],
    frames: Mapping[int, FrameFact],
    *,
    stamps: Mapping[int, str] | None = None,
    looks: Mapping[str, str] | None = None,
) -> list[Finding]:
    """Everything found in one scene, by shot. `stamps` are the shots' bindings as they are now,
    `looks` the characters' fixed looks as they are now, so that what was edited after drawing is
    noticed."""
    found: list[Finding] = []
    order = side_order(shots)
    usual = Counter(frame.engine for frame in frames.values()).most_common(1)
    for shot in shots:
        index = int(shot["index"])
        for pair in crossed(shot, order):
            found.append(Finding(index, "sides_crossed", pair))
        found += _hidden(shot)
        frame = frames.get(index)
        if frame is None:
            found.append(Finding(index, "no_picture", redo=True))
            continue
        if frame.missing:
            found.append(Finding(index, "not_seen", frame.missing, redo=True))
        if stamps is not None and stamps.get(index, frame.stamp) != frame.stamp:
            found.append(Finding(index, "edited_since", redo=True))
        changed = tuple(
            who
            for who, look in (frame.looks or {}).items()
            if looks is not None and looks.get(who, look) != look
        )
        if changed:
            found.append(Finding(index, "look_changed", changed, redo=True))
        if usual and frame.engine != usual[0][0]:
            found.append(Finding(index, "other_engine", detail=frame.engine))
    return found


def _hidden(shot: Mapping[str, Any]) -> list[Finding]:
    spots = spots_of(shot)
    return [
        Finding(int(shot["index"]), "overlap", (first.id, second.id))
        for at, first in enumerate(spots)
        for second in spots[at + 1 :]
        if overlap(first.box, second.box) > CROWDED
    ]
