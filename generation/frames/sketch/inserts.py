"""Inserts: close shots without anybody show the thing that the words of the shot name."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from generation.frames.sketch import colour
from generation.frames.sketch.canvas import Pen
from generation.frames.sketch.geometry import arc, placed
from generation.frames.sketch.stage import Stage

WOOD, STEEL, GOLD, PAPER = "#8a5a3c", "#b9c2c6", "#d0a23a", "#f3ead2"
CLOSE = frozenset({"medium_close_up", "close_up", "extreme_close_up"})


def words_of(shot: Mapping[str, object]) -> str:
    """The words of a shot that may name a thing, lower case."""
    prompt = shot.get("prompt")
    parts = [shot.get("action"), shot.get("narration")]
    if isinstance(prompt, Mapping):
        parts.append(prompt.get("positive"))
    return " ".join(part for part in parts if isinstance(part, str)).lower()


def insert_of(shot: Mapping[str, object]) -> str | None:
    """The thing that a close shot shows, or None where its words name none."""
    if shot.get("framing") not in CLOSE:
        return None
    words = words_of(shot)
    return next((thing for thing, names in NAMES if any(name in words for name in names)), None)


def draw_insert(stage: Stage, thing: str) -> None:
    """The thing on a table, large, in the middle of the frame."""
    w, h = stage.width, stage.height
    table = h * 0.6
    top = stage.tone("#8d6a4c", 0.1)
    fill = stage.canvas.linear(
        0, table, 0, h, (0.0, colour.lighter(top, 0.1), 1), (1.0, colour.darker(top, 0.35), 1)
    )
    stage.canvas.rect(0, table, w, h - table, fill)
    grain = stage.pen(0.2)
    for index in range(9):
        y = table + (h - table) * ((index + 0.4) / 9) ** 1.4
        grain.stroke(
            [(-10, y), (w * 0.4, y + stage.unit * 0.7), (w + 10, y - stage.unit * 0.5)],
            1.0,
            opacity=0.4,
        )
    size = min(w, h) * 0.4
    shadow = stage.canvas.radial(0, 0, 10, (0.0, "#1c1512", 0.5), (1.0, "#1c1512", 0.0))
    reach = size * 1.15
    at = f'transform="matrix({reach / 10:.3f} 0 0 {reach / 40:.3f} {w * 5:.0f} {h * 7.3:.0f})"'
    with stage.canvas.group(at):
        stage.canvas.rect(-10, -10, 20, 20, shadow)
    pen = Pen(
        stage.canvas, placed(w * 0.5, h * 0.72, 0, size), max(2.0, size * 0.012), "#2b2422", 1.0
    )
    THINGS[thing](pen)


def _letter(pen: Pen) -> None:
    pen.shape([(-0.8, -0.05, 0), (-0.62, -0.8, 0), (0.7, -0.92, 0), (0.86, -0.12, 0)], PAPER, 1.0)
    for column in range(6):
        x = 0.56 - column * 0.2
        pen.stroke(
            [(x, -0.8), (x + 0.04, -0.5), (x + 0.06, -0.2)], 1.6, "#3a3230", start=0.6, end=0.5
        )
    pen.shape(
        [(-0.62, -0.34), (-0.44, -0.36), (-0.41, -0.18), (-0.59, -0.16)],
        "#b8352c",
        0.8,
        smooth=False,
    )


def _sword(pen: Pen) -> None:
    local = pen.at(0.0, -0.4, 62)
    local.shape(
        [(-0.07, 0.2), (-0.06, -1.25), (0.0, -1.45, 0), (0.06, -1.25), (0.07, 0.2)], STEEL, 1.0
    )
    local.stroke([(0.0, 0.1), (0.0, -1.2)], 0.8)
    local.shape([(-0.24, 0.18), (0.24, 0.18), (0.2, 0.3), (-0.2, 0.3)], GOLD, 1.0)
    local.shape([(-0.06, 0.3), (0.06, 0.3), (0.06, 0.74), (-0.06, 0.74)], WOOD, 0.9, smooth=False)
    local.disc(0.0, 0.8, 0.1, 0.09, GOLD, 0.9)
    local.stroke([(0.0, 0.86), (0.18, 1.0), (0.14, 1.3)], 4.0, "#b8352c", start=0.6, end=0.4)


def _cup(pen: Pen) -> None:
    pen.shape(
        [
            (-0.42, -0.62, 0), (-0.36, -0.2), (-0.2, 0.0, 0), (0.2, 0.0, 0), (0.36, -0.2),
            (0.42, -0.62, 0),
        ],
        "#dfe6e2",
        1.0,
    )  # fmt: skip
    pen.disc(0.0, -0.62, 0.42, 0.1, "#f4f6f2", 1.0)
    pen.disc(0.0, -0.6, 0.35, 0.07, "#b98b4a")
    pen.stroke([(-0.34, -0.4), (0.0, -0.32), (0.34, -0.4)], 2.4, "#4a78a0", start=0.8, end=0.8)
    for x in (-0.12, 0.1):
        pen.stroke(
            [(x, -0.74), (x + 0.08, -0.92), (x - 0.04, -1.08), (x + 0.06, -1.26)],
            2.0,
            "#ffffff",
            opacity=0.6,
        )


def _book(pen: Pen) -> None:
    for side in (-1.0, 1.0):
        pen.shape(
            [
                (0.0, 0.0, 0), (side * 0.5, -0.1), (side * 1.0, -0.02, 0), (side * 0.9, -0.66, 0),
                (side * 0.45, -0.74), (0.0, -0.62, 0),
            ],
            PAPER,
            1.0,
        )  # fmt: skip
        for row in range(6):
            x = side * (0.14 + 0.13 * row)
            pen.stroke([(x, -0.6), (x + side * 0.04, -0.14)], 1.2, "#4a423c", start=0.5, end=0.5)
    pen.stroke([(0.0, 0.0), (0.0, -0.62)], 1.2)


def _fire(pen: Pen) -> None:
    pen.shape(
        [
            (-0.5, 0.0), (-0.6, -0.4), (-0.3, -0.6), (-0.34, -0.95), (0.0, -1.4, 0), (0.1, -0.95),
            (0.36, -0.8), (0.34, -0.6), (0.58, -0.4), (0.5, 0.0),
        ],
        "#e2762f",
        1.0,
    )  # fmt: skip
    pen.shape(
        [
            (-0.3, 0.0), (-0.34, -0.3), (-0.1, -0.5), (0.0, -0.9, 0), (0.16, -0.5), (0.32, -0.28),
            (0.28, 0.0),
        ],
        "#f6c453",
        0.6,
    )  # fmt: skip
    for lean in (-1.0, 1.0):
        pen.shape(
            [(-0.6 * lean, 0.1), (-0.5 * lean, -0.04), (0.6 * lean, 0.06), (0.56 * lean, 0.18)],
            WOOD,
            0.9,
        )


def _candle(pen: Pen) -> None:
    (x, y), reach = pen.to_picture([(0.0, -1.1)])[0], pen.scale * 1.4
    glow = pen.canvas.radial(x, y, reach, (0.0, "#ffe2a4", 0.7), (1.0, "#ffe2a4", 0.0))
    pen.canvas.rect(x - reach, y - reach, reach * 2, reach * 2, glow)
    pen.disc(0.0, 0.0, 0.46, 0.12, GOLD, 1.0)
    pen.shape(
        [(-0.14, -0.02), (-0.13, -0.8), (0.13, -0.8), (0.14, -0.02)], "#e6d8b4", 1.0, smooth=False
    )
    pen.stroke([(0.0, -0.8), (0.01, -0.92)], 1.2)
    pen.shape([(0.0, -0.86), (-0.12, -1.04), (0.0, -1.42, 0), (0.12, -1.04)], "#f3b548", 0.9)


def _money(pen: Pen) -> None:
    for x, y in ((-0.42, 0.0), (0.4, 0.02), (-0.02, 0.1), (-0.02, -0.3)):
        pen.shape(
            [
                (x - 0.4, y - 0.3), (x - 0.2, y - 0.2), (x, y - 0.36), (x + 0.2, y - 0.2),
                (x + 0.4, y - 0.3), (x + 0.26, y), (x - 0.26, y),
            ],
            "#c9cfd2",
            1.0,
        )  # fmt: skip


def _jade(pen: Pen) -> None:
    pen.disc(0.0, -0.5, 0.46, 0.46, "#7fae8c", 1.0)
    pen.disc(0.0, -0.5, 0.17, 0.17, "#6d5341", 0.9)
    for turn in range(0, 360, 45):
        pen.disc(*arc(0.0, -0.5, 0.31, 0.31, turn, turn + 1, 2)[0], 0.05, 0.05, None, 0.6)
    pen.stroke(
        [(0.0, -0.04), (0.06, 0.14), (0.4, 0.22), (0.7, 0.16)], 4.0, "#b8352c", start=0.8, end=0.5
    )


def _flower(pen: Pen) -> None:
    pen.stroke([(0.0, -0.3), (-0.08, -0.7), (0.05, -1.05)], 5.0, "#6d8a55", start=0.8, end=0.6)
    vase = [
        (-0.18, 0.06, 0), (-0.34, -0.2), (-0.12, -0.46), (-0.18, -0.56, 0), (0.18, -0.56, 0),
        (0.12, -0.46), (0.34, -0.2), (0.18, 0.06, 0),
    ]  # fmt: skip
    pen.shape(vase, "#9fb7b4", 1.0)
    for side in (-1.0, 1.0):
        pen.shape(
            [(-0.06, -0.62), (side * 0.34, -0.84), (side * 0.56, -0.72), (side * 0.26, -0.58)],
            "#7f9c62",
            0.9,
        )
    for turn in range(0, 360, 60):
        local = pen.at(0.05, -1.16, turn)
        local.shape(
            [(0.0, 0.0), (-0.2, -0.26), (-0.08, -0.48), (0.08, -0.48), (0.2, -0.26)], "#dd8fa2", 0.9
        )
    pen.disc(0.05, -1.16, 0.1, 0.1, "#f0c75e", 0.8)


def _fruit(pen: Pen) -> None:
    pen.shape(
        [(-0.9, -0.14), (-0.6, 0.06), (0.6, 0.06), (0.9, -0.14), (0.5, -0.2), (-0.5, -0.2)],
        "#e9e4d6",
        1.0,
    )
    for x, y in ((-0.36, -0.32), (0.36, -0.32), (0.0, -0.62)):
        pen.shape(
            [
                (x, y - 0.4, 0), (x - 0.3, y - 0.14), (x - 0.22, y + 0.2), (x + 0.22, y + 0.2),
                (x + 0.3, y - 0.14),
            ],
            "#eaa08a",
            1.0,
        )  # fmt: skip
        pen.stroke([(x, y - 0.36), (x - 0.06, y - 0.1), (x, y + 0.14)], 0.9)


def _phone(pen: Pen) -> None:
    pen.shape(
        [(-0.34, 0.0), (-0.34, -1.2), (0.34, -1.2), (0.34, 0.0)], "#2b2d33", 1.0, smooth=False
    )
    pen.shape(
        [(-0.29, -0.08), (-0.29, -1.12), (0.29, -1.12), (0.29, -0.08)], "#cfe3ea", 0.6, smooth=False
    )
    for row in range(4):
        side = -1.0 if row % 2 else 1.0
        pen.shape(
            [
                (side * 0.24, -1.0 + row * 0.22), (-side * 0.1, -1.0 + row * 0.22),
                (-side * 0.1, -0.87 + row * 0.22), (side * 0.24, -0.87 + row * 0.22),
            ],
            "#ffffff" if row % 2 else "#8fc7a0",
            0.5,
            smooth=False,
        )  # fmt: skip


THINGS: dict[str, Callable[[Pen], None]] = {
    "letter": _letter, "sword": _sword, "cup": _cup, "book": _book, "fire": _fire, "candle": _candle,
    "money": _money, "jade": _jade, "flower": _flower, "fruit": _fruit, "phone": _phone,
}  # fmt: skip

# Names in both languages; longer and rarer things first.
NAMES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("phone", ("手机", "电话", "屏幕", "phone")),
    ("letter", ("书信", "信件", "信封", "书札", "圣旨", "封信", "letter", "scroll")),
    ("sword", ("宝剑", "长剑", "佩剑", "大刀", "宝刀", "剑", "刀", "sword", "blade", "knife")),
    ("jade", ("通灵玉", "宝玉", "玉佩", "玉", "镯", "戒指", "jade", "ring")),
    ("candle", ("蜡烛", "烛", "油灯", "灯笼", "candle", "lamp")),
    ("cup", ("酒杯", "茶杯", "杯", "酒", "茶", "cup", "wine", "tea")),
    ("money", ("银子", "银两", "元宝", "铜钱", "黄金", "money", "silver", "coin")),
    ("fruit", ("蟠桃", "仙桃", "桃子", "果", "饭菜", "fruit", "peach")),
    ("book", ("书卷", "经书", "书本", "真经", "book")),
    ("flower", ("花", "flower", "blossom")),
    ("fire", ("火", "fire", "flame")),
)  # fmt: skip
