"""What somebody rides: by the words of the shot and the time it plays in, and how it is drawn.

Space of a mount: the ground at y = 0, the rider's seat at y = -1, it goes towards +x.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.geometry import arc
from generation.frames.sketch.mounts import beast
from generation.frames.sketch.stage import Setting

RIDE = r"骑[着上了在到]?(?:一[头匹只条辆])?[^，。！？]{0,6}?"
_WORDS: tuple[tuple[str, str], ...] = (
    ("hover", r"悬浮(?:车|摩托)|飞行摩托|反重力|\bhover(?:bike|cycle)|\bspeeder\b"),
    ("motorcycle", r"摩托|机车|电动车|电瓶车|电驴|\bmotor(?:cycle|bike)|\bscooter\b"),
    ("bicycle", r"自行车|单车|脚踏车|山地车|\bbi(?:cycle|ke)\b"),
    ("dragon", RIDE + r"[龙蛟]|乘龙|\b(?:rode|riding|back of) (?:the |a |an |his |her )?(?:\w+ )?dragon"),
    ("tiger", RIDE + r"虎"),
    ("lion", RIDE + r"狮"),
    ("ox", RIDE + r"牛"),
    ("deer", RIDE + r"鹿"),
    ("donkey", RIDE + r"[驴骡]|毛驴|\bdonkey|\bmule\b"),
    ("horse", r"马[^路虎上力桶车达克脚]|马$|\bhorse|\bpony\b|\bmare\b|\bsaddle"),
)  # fmt: skip
WORDS = tuple((kind, re.compile(words)) for kind, words in _WORDS)
WHEELED = frozenset({"bicycle", "motorcycle", "hover"})
USUAL = {"modern": "bicycle", "scifi": "hover"}
COAT_WORDS = {
    "白": "#f1ece2", "黑": "#4a4441", "黄": "#cfa15c", "红": "#a3562f", "赤": "#a3562f",
    "橘": "#d98a3f", "灰": "#9a9793", "青": "#6f9a86", "金": "#d0a23a",
}  # fmt: skip


@dataclass(frozen=True)
class Mount:
    """`coat` is the colour that the words tell, or None."""

    kind: str
    coat: str | None = None

    @property
    def pose(self) -> str:
        """How a rider sits on it."""
        return "cycle" if self.kind in WHEELED else "ride"


def mount_of(words: str, setting: Setting) -> Mount | None:
    """What is ridden; None in a room, where nobody rides."""
    if setting.interior:
        return None
    for kind, pattern in WORDS:
        match = pattern.search(words)
        if match is not None:
            told = match.group()
            return Mount(kind, next((p for char, p in COAT_WORDS.items() if char in told), None))
    return Mount(USUAL.get(setting.period, "horse"))


def draw_mount(pen: Pen, mount: Mount, seed: int) -> None:
    """The mount in its own space; everybody keeps the colour of the own one."""
    drawn = WHEELS.get(mount.kind)
    if drawn is not None:
        drawn(pen, mount.coat or PAINTS[seed % len(PAINTS)])
    elif mount.kind == "dragon":
        _dragon(pen, mount.coat or "#6f9a86")
    else:
        coat = mount.coat or (COATS[seed % len(COATS)] if mount.kind == "horse" else None)
        beast(pen, mount.kind, coat, gallop=seed % 3 != 0)
        pen.shape([(-0.36, -1.0), (0.28, -1.02), (0.34, -0.62), (-0.4, -0.6)], "#9c4336", 0.9)
        if mount.kind in ("horse", "donkey"):
            pen.stroke([(1.6, -1.3), (0.9, -1.1), (0.34, -1.06)], 1.3, DARK, start=0.8, end=0.8)


COATS = ("#9a6a44", "#f1ece2", "#4a3a32", "#a3562f", "#8d8780")
PAINTS = ("#3f7f9a", "#b8463a", "#4f7d4a", "#c99b3c", "#5d6470")
DARK, RUBBER, STEEL = "#6a4530", "#2f3033", "#c3c9cc"


def _wheel(pen: Pen, x: float, radius: float, thick: float, spokes: bool) -> None:
    pen.disc(x, -radius, radius, radius, RUBBER, 0.6)
    pen.disc(x, -radius, radius - thick, radius - thick, "#d9dcd8" if spokes else STEEL, 0.6)
    if spokes:
        for turn in range(0, 180, 30):
            ends = arc(x, -radius, radius - thick, radius - thick, turn, turn + 180, 2)
            pen.stroke(ends, 0.6, "#8b9094", start=0.9, end=0.9, smooth=False)
    pen.disc(x, -radius, thick, thick, "#8b9094", 0.6)


def _bicycle(pen: Pen, paint: str) -> None:
    radius, back, front = 0.36, -0.52, 0.66
    for x in (back, front):
        _wheel(pen, x, radius, 0.04, True)
    seat, head, crank = (-0.08, -0.94), (0.48, -0.92), (0.02, -0.36)
    for a, b in (
        (seat, crank), (seat, (back, -radius)), ((back, -radius), crank), (crank, head),
        ((-0.06, -0.8), head), (head, (front, -radius)),
    ):  # fmt: skip
        pen.stroke([a, b], 3.6, pen.ink, start=0.95, end=0.95, smooth=False)
        pen.stroke([a, b], 2.4, paint, start=0.95, end=0.95, smooth=False)
    pen.stroke([head, (0.46, -1.06), (0.6, -1.1)], 2.4, "#3a3c40", start=0.9, end=0.9)
    pen.shape([(-0.26, -1.0), (0.08, -1.0), (0.06, -0.92), (-0.2, -0.9)], "#3a2f2a", 0.9)
    pen.disc(*crank, 0.08, 0.08, STEEL, 0.8)


def _motorcycle(pen: Pen, paint: str) -> None:
    for x in (-0.7, 0.78):
        _wheel(pen, x, 0.36, 0.13, False)
    pen.stroke([(0.78, -0.36), (0.5, -1.12)], 4.0, STEEL, start=0.9, end=0.9, smooth=False)
    pen.shape(
        [(-0.7, -0.5), (-0.3, -0.36), (0.3, -0.3), (0.46, -0.66), (0.1, -0.78), (-0.5, -0.74)],
        "#4b4f55", 0.95,
    )  # fmt: skip
    pen.shape(
        [(-1.02, -0.86), (-0.5, -0.92), (-0.04, -0.9), (0.04, -0.74), (-0.5, -0.7), (-0.9, -0.74)],
        "#2f2a28", 0.95,
    )  # fmt: skip
    pen.shape([(0.0, -0.92), (0.3, -1.08), (0.54, -0.96), (0.5, -0.7), (0.04, -0.72)], paint, 1.0)
    pen.stroke([(0.5, -1.1), (0.36, -1.2)], 3.0, "#3a3c40", start=0.9, end=0.9)
    pen.disc(0.64, -0.98, 0.1, 0.12, "#f6e7b0", 0.9)
    pen.stroke([(-0.2, -0.34), (-0.9, -0.3)], 4.0, STEEL, start=0.9, end=0.9)


def _hover(pen: Pen, paint: str) -> None:
    (x, y), reach = pen.to_picture([(0.0, -0.1)])[0], pen.scale * 1.1
    glow = pen.canvas.radial(x, y, reach, (0.0, "#8fe3e6", 0.6), (1.0, "#8fe3e6", 0.0))
    pen.canvas.rect(x - reach, y - reach, reach * 2, reach * 2, glow)
    pen.shape(
        [
            (-1.2, -0.62), (-0.6, -0.92), (-0.1, -0.86), (0.3, -1.06), (0.7, -0.98), (1.4, -0.5),
            (0.8, -0.34), (-0.7, -0.32),
        ],
        paint, 1.1,
    )  # fmt: skip
    pen.shape([(0.3, -1.06), (0.5, -1.3), (0.72, -0.98)], "#cfe3ea", 0.9, smooth=False)
    pen.stroke([(-1.1, -0.56), (0.2, -0.6), (1.3, -0.5)], 1.6, colour.darker(paint, 0.4))
    for at in (-0.7, 0.7):
        pen.disc(at, -0.3, 0.26, 0.08, "#8fe3e6", 0.9)


def _dragon(pen: Pen, coat: str) -> None:
    """Its body winds under the rider; the head is lifted before."""
    thick = pen.scale * 0.46 / pen.line  # a body's width in lines
    spine = [(-2.2, -1.5), (-1.7, -0.5), (-0.9, -0.42), (0.0, -0.84), (0.8, -0.66), (1.3, -1.3)]
    pen.stroke(spine, thick + 2.0, pen.ink, start=0.1, end=0.8)
    pen.stroke(spine, thick, coat, start=0.1, end=0.82)
    belly = [(x, y + 0.12) for x, y in spine[1:-1]]
    pen.stroke(belly, thick * 0.3, colour.lighter(coat, 0.45), start=0.3, end=0.6)
    for x, y in ((-1.3, -0.62), (-0.5, -0.9), (0.5, -1.02), (1.0, -1.1)):
        pen.shape(
            [(x - 0.12, y + 0.1, 0), (x - 0.02, y - 0.16, 0), (x + 0.1, y + 0.1, 0)], "#cda85a", 0.7
        )
    local = pen.at(1.36, -1.42, 8, 0.5)
    local.shape(
        [(-0.6, -0.4), (0.1, -0.6), (0.9, -0.1), (0.85, 0.25), (0.1, 0.45), (-0.6, 0.4)], coat, 1.1
    )
    for lean in (0.0, 0.25):
        local.stroke(
            [(-0.2 + lean, -0.5), (-0.6 + lean, -1.1), (-0.4 + lean, -1.4)], 2.6, "#cda85a"
        )
    local.disc(0.2, -0.16, 0.1, 0.1, "#f3d26a", 0.9)
    local.disc(0.22, -0.16, 0.04, 0.06, "#1d1512")
    local.stroke([(0.86, 0.2), (0.4, 0.22)], 0.9)
    local.stroke([(0.7, 0.1), (1.2, 0.0), (1.4, 0.5)], 1.8, "#cda85a")
    local.shape([(-0.3, 0.36), (-0.1, 0.8, 0), (0.1, 0.42)], "#cda85a", 0.8)


WHEELS: dict[str, Callable[[Pen, str], None]] = {
    "bicycle": _bicycle, "motorcycle": _motorcycle, "hover": _hover,
}  # fmt: skip
