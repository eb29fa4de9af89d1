"""What the words of a wide shot name beside the people: a dog at the door, horses, birds, a carriage.

Extras are scenery. They stand where nobody of the cast does and never count as characters.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence

from generation.frames.sketch import colour
from generation.frames.sketch.acting import words_of
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.framings import Placed
from generation.frames.sketch.geometry import arc, placed
from generation.frames.sketch.mounts import BEASTS, beast
from generation.frames.sketch.riding import COAT_WORDS
from generation.frames.sketch.stage import Stage

MOST = 2
# name, words, only outside; the size is the height of the back in adults' heads
_NAMED: tuple[tuple[str, str, bool, float], ...] = (
    ("horse", r"骏马|战马|白马|马匹|牵马|[一匹]马[，。]|马儿|赤兔|\bhorses?\b|\bpony\b", True, 4.4),
    ("carriage", r"马车|车驾|轿|\bcarriage|\bcoach\b|\bcart\b", True, 4.6),
    ("car", r"汽车|轿车|出租车|公交|\bcars?\b|\btaxi\b|\bbus\b", True, 4.4),
    ("ox", r"黄牛|青牛|水牛|牛群|\bcows?\b|\bcattle|\boxen\b", True, 3.9),
    ("sheep", r"羊群|绵羊|山羊|\bsheep\b|\blambs?\b", True, 2.1),
    ("tiger", r"猛虎|老虎|\btiger", True, 3.0),
    ("deer", r"鹿|\bdeer\b", True, 3.0),
    ("dog", r"狗|犬|\bdogs?\b|\bpuppy|\bhounds?\b", False, 1.7),
    ("cat", r"猫|\bcats?\b|\bkitten", False, 0.95),
    ("birds", r"鸟|雁|乌鸦|喜鹊|燕子|白鹤|\bbirds?\b|\bcrows?\b|\bflock", True, 0.0),
    ("kite", r"风筝|\bkite", True, 0.0),
    ("dragon", r"[青白黑金火巨]龙|龙在|蛟龙|\bdragon", True, 0.0),
    ("ship", r"飞船|飞行器|战舰|\bspaceship|\bstarship", True, 0.0),
)  # fmt: skip
NAMED = tuple((name, re.compile(words), outside, size) for name, words, outside, size in _NAMED)


def named(shot: Mapping[str, object], interior: bool) -> list[tuple[str, str | None, float]]:
    """At most two extras that the words name: name, colour where told, size in heads."""
    words = words_of(shot)
    found: list[tuple[str, str | None, float]] = []
    for name, pattern, outside, size in NAMED:
        match = None if interior and outside else pattern.search(words)
        if match is not None:
            before = words[max(0, match.start() - 2) : match.end()]
            coat = next((paint for char, paint in COAT_WORDS.items() if char in before), None)
            found.append((name, coat, size))
    return found[:MOST]


def draw_extras(
    stage: Stage, shot: Mapping[str, object], people: Sequence[Placed], unit: float, ground: float
) -> None:
    """Draws what is named; `unit` is an adult's head in px, `ground` where feet stand, px."""
    ridden = {one.stand.mount.kind for one in people if one.stand.mount is not None}
    for order, (name, coat, size) in enumerate(named(shot, stage.setting.interior)):
        if name in ridden:
            continue
        if size == 0.0:
            ALOFT[name](stage, unit)
            continue
        # Large ones stand farther off, as far as the ground's perspective makes them smaller.
        near = 0.86 if size < 2.0 else 0.5
        high = size * unit * near
        foot = _ashore(stage, stage.horizon + (ground - unit * 0.35 - stage.horizon) * near)
        x, left = _free(people, stage.width, order, high * LONG.get(name, _long(name)))
        line = max(1.2, unit * near * 0.022)
        pen = Pen(
            stage.canvas, placed(x, foot, 0.0, high, left), line, stage.light.line(0.1),
            min(1.0, unit / 90),
        )  # fmt: skip
        if name in WHEELS:
            WHEELS[name](pen, stage.tone(coat or WHEEL_PAINT[name], 0.12))
        else:
            beast(pen, name, stage.tone(coat, 0.1) if coat else None)


LONG = {"carriage": 1.5, "car": 1.0}  # half the length, in heights


def _long(name: str) -> float:
    kind = BEASTS.get(name, BEASTS["dog"])
    return kind.long / 2 + kind.reach + kind.head * 0.5 + kind.muzzle


SHORES = {
    "sea": 0.56,
    "river": 0.46,
    "boat": 0.52,
}  # where the land begins, of what is below the horizon


def _ashore(stage: Stage, foot: float) -> float:
    """Nothing on feet or wheels stands in the water."""
    share = SHORES.get(stage.setting.place, 0.0) if not stage.setting.interior else 0.0
    return max(foot, stage.horizon + (stage.height - stage.horizon) * share)


def _free(people: Sequence[Placed], width: int, order: int, reach: float) -> tuple[float, bool]:
    """Where an extra that reaches so far (px) before its middle stands: in the widest gap between
    people, looking in, its head clear of them or the frame cutting its hind part; and whether it
    looks left."""
    if not people:
        return width * (0.24 if order == 0 else 0.76), order > 0
    edges = [0.0, *sorted(one.stand.x for one in people), float(width)]
    gaps = sorted(
        ((b - a) * (1.6 if index in (0, len(edges) - 2) else 1.0), a, b)
        for index, (a, b) in enumerate(zip(edges, edges[1:], strict=False))
    )
    _, a, b = gaps[-1 - min(order, len(gaps) - 1)]
    unit = max(one.stand.unit for one in people)
    left = b == width
    if left:
        return max(a + 1.1 * unit + reach, a + (b - a) * 0.6), True
    if a == 0.0:
        return min(b - 1.1 * unit - reach, b * 0.4), False
    return (a + b) / 2, False


def _carriage(pen: Pen, paint: str) -> None:
    pen.shape(
        [(-0.62, -0.28), (-0.66, -0.95), (-0.5, -1.12), (0.5, -1.12), (0.66, -0.95), (0.62, -0.28)],
        paint,
        1.0,
        smooth=False,
    )
    pen.shape(
        [(-0.34, -0.55), (-0.34, -0.95), (0.34, -0.95), (0.34, -0.55)], "#e9dcc0", 0.9, smooth=False
    )
    pen.shape(
        [(-0.74, -1.1), (0.0, -1.34), (0.74, -1.1)], colour.darker(paint, 0.35), 1.0, smooth=False
    )
    pen.stroke([(0.6, -0.36), (1.4, -0.4)], 2.4, "#6a4530", start=0.9, end=0.9)
    for x in (-0.42, 0.42):
        pen.disc(x, -0.2, 0.22, 0.22, "#8a6240", 1.0)
        pen.disc(x, -0.2, 0.15, 0.15, "#e0d2b6", 0.8)
        for turn in range(0, 180, 45):
            ends = arc(x, -0.2, 0.16, 0.16, turn, turn + 180, 2)
            pen.stroke(ends, 1.0, "#6a4530", start=0.9, end=0.9, smooth=False)


def _car(pen: Pen, paint: str) -> None:
    pen.shape(
        [
            (-0.95, -0.16),
            (-0.95, -0.48),
            (-0.6, -0.52),
            (-0.36, -0.86),
            (0.3, -0.86),
            (0.56, -0.54),
            (0.95, -0.46),
            (0.98, -0.16),
        ],
        paint,
        1.0,
        smooth=False,
    )
    pen.shape(
        [(-0.46, -0.54), (-0.3, -0.78), (-0.04, -0.78), (-0.04, -0.54)],
        "#cfe3ea",
        0.8,
        smooth=False,
    )
    pen.shape(
        [(0.04, -0.54), (0.04, -0.78), (0.25, -0.78), (0.42, -0.54)], "#cfe3ea", 0.8, smooth=False
    )
    pen.disc(0.92, -0.36, 0.05, 0.05, "#f6e7b0", 0.6)
    for x in (-0.55, 0.58):
        pen.disc(x, -0.16, 0.17, 0.17, "#2f3033", 0.9)
        pen.disc(x, -0.16, 0.08, 0.08, "#b5babd", 0.6)


def _birds(stage: Stage, unit: float) -> None:
    pen = stage.pen(0.5)
    size = stage.unit * 2.4
    for index in range(7):
        x = stage.width * (0.5 + 0.06 * index) + size * stage.rng.random()
        y = stage.height * (0.12 + 0.022 * abs(index - 3)) + size * stage.rng.random()
        pen.stroke(
            [
                (x - size, y - size * 0.4),
                (x - size * 0.3, y - size * 0.5),
                (x, y),
                (x + size * 0.3, y - size * 0.5),
                (x + size, y - size * 0.4),
            ],
            2.2,
            start=0.4,
            end=0.4,
        )


def _kite(stage: Stage, unit: float) -> None:
    x, y, size = stage.width * 0.72, stage.height * 0.14, stage.unit * 7
    pen = stage.pen(0.15)
    pen.shape(
        [(x, y - size), (x + size * 0.7, y), (x, y + size), (x - size * 0.7, y)],
        "#d0453a",
        1.2,
        smooth=False,
    )
    pen.stroke([(x, y - size), (x, y + size)], 1.2)
    pen.stroke([(x - size * 0.7, y), (x + size * 0.7, y)], 1.2)
    pen.stroke(
        [(x, y + size), (x - size * 0.4, y + size * 1.8), (x + size * 0.2, y + size * 2.4)],
        2.4,
        "#e0b23c",
    )
    pen.stroke([(x, y), (stage.width * 0.58, stage.height * 0.5)], 0.7, start=0.8, end=0.8)


def _dragon(stage: Stage, unit: float) -> None:
    """A long dragon winding through the sky."""
    w, u = stage.width, stage.unit
    y = stage.height * 0.16
    spine = [
        (w * 0.08, y + u * 8),
        (w * 0.26, y - u * 4),
        (w * 0.44, y + u * 7),
        (w * 0.62, y - u * 5),
        (w * 0.78, y + u * 1),
    ]
    pen = stage.pen(0.3)
    pen.stroke(spine, 30.0, pen.ink, start=0.15, end=0.8)
    pen.stroke(spine, 26.0, stage.tone("#6f9a86", 0.2), start=0.15, end=0.82)
    local = Pen(stage.canvas, placed(w * 0.8, y + u * 1.5, 10, u * 9), pen.line, pen.ink, 0.6)
    local.shape(
        [(-0.5, -0.4), (0.1, -0.6), (0.9, -0.1), (0.85, 0.25), (0.1, 0.45), (-0.5, 0.35)],
        stage.tone("#7fa895", 0.15),
        1.2,
    )
    for lean in (0.0, 0.25):
        local.stroke(
            [(-0.2 + lean, -0.5), (-0.5 + lean, -1.1), (-0.3 + lean, -1.3)],
            2.4,
            stage.tone("#cda85a"),
        )
    local.disc(0.2, -0.16, 0.09, 0.09, "#f3d26a", 0.8)
    local.stroke([(0.7, 0.1), (1.2, 0.0), (1.4, 0.5)], 1.8, stage.tone("#cda85a"))


def _ship(stage: Stage, unit: float) -> None:
    x, y, u = stage.width * 0.66, stage.height * 0.16, stage.unit * 14
    pen = stage.pen(0.25)
    hull = stage.tone("#9fb0bd", 0.2)
    pen.shape(
        [
            (x - u, y + u * 0.1),
            (x - u * 0.6, y - u * 0.12),
            (x + u * 0.3, y - u * 0.26),
            (x + u * 1.1, y + u * 0.02),
            (x + u * 0.3, y + u * 0.2),
            (x - u * 0.6, y + u * 0.26),
        ],
        hull,
        1.2,
    )
    pen.shape(
        [(x - u * 0.8, y), (x - u * 1.1, y - u * 0.34), (x - u * 0.5, y - u * 0.08)],
        colour.darker(hull, 0.2),
        1.0,
        smooth=False,
    )
    pen.disc(x + u * 0.5, y - u * 0.02, u * 0.16, u * 0.08, "#8fe3e6", 0.9)
    pen.stroke([(x - u, y + u * 0.1), (x - u * 1.7, y + u * 0.14)], 6.0, "#8fe3e6", opacity=0.7)


WHEELS: dict[str, Callable[[Pen, str], None]] = {"carriage": _carriage, "car": _car}
WHEEL_PAINT = {"carriage": "#8f3b31", "car": "#3f7f9a"}
ALOFT: dict[str, Callable[[Stage, float], None]] = {
    "birds": _birds, "kite": _kite, "dragon": _dragon, "ship": _ship,
}  # fmt: skip
