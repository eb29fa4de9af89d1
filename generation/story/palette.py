"""Clothes colours: far enough apart that nobody in the main cast looks like another."""

from __future__ import annotations

import colorsys

__all__ = ["COLOURS", "colour_name", "free_colour"]

# (hex, Chinese, English); the first 28 are told apart at a glance, also by their names.
COLOURS: tuple[tuple[str, str, str], ...] = (
    ("#b3202a", "朱红色", "vermilion"), ("#1f4e9e", "宝蓝色", "royal blue"),
    ("#2e7d4f", "翠绿色", "emerald green"), ("#e0a526", "杏黄色", "golden yellow"),
    ("#6b3fa0", "紫色", "purple"), ("#d96b1e", "橙色", "orange"),
    ("#1c8c95", "青色", "teal"), ("#c9487f", "桃红色", "rose pink"),
    ("#5a3a22", "褐色", "dark brown"), ("#e8e4d8", "月白色", "off-white"),
    ("#2b2d33", "玄黑色", "black"), ("#7a8791", "银灰色", "silver grey"),
    ("#8a9a3b", "橄榄绿", "olive green"), ("#7ec0e0", "天蓝色", "sky blue"),
    ("#e9a6b4", "藕粉色", "pale pink"), ("#6d1b2f", "酒红色", "wine red"),
    ("#12324f", "藏青色", "navy blue"), ("#a9c66c", "嫩绿色", "light green"),
    ("#c58f5a", "驼色", "camel"), ("#a48ad4", "藕荷色", "lavender"),
    ("#0f5c3a", "墨绿色", "dark green"), ("#f0cf8e", "米黄色", "cream"),
    ("#e4572e", "橘红色", "red orange"), ("#3f6f8f", "石青色", "slate blue"),
    ("#9c2f6f", "绛紫色", "magenta"), ("#56c2a6", "碧色", "mint green"),
    ("#8f6b1c", "赭黄色", "ochre"), ("#4b4f7a", "靛色", "indigo"),
)  # fmt: skip
_NAMES = {value: (zh, en) for value, zh, en in COLOURS}


def free_colour(choice: int, taken: set[str]) -> str:
    """The colour at `choice`, or the next one that nobody has taken; "#rrggbb"."""
    count = len(COLOURS)
    for step in range(count):
        value = COLOURS[(choice + step) % count][0]
        if value not in taken:
            return value
    for step in range(360):
        hue = ((choice + step) * 0.618033988749895) % 1.0
        red, green, blue = colorsys.hls_to_rgb(
            hue, 0.3 + 0.08 * (step % 6), 0.45 + 0.1 * (step % 4)
        )
        value = f"#{round(red * 255):02x}{round(green * 255):02x}{round(blue * 255):02x}"
        if value not in taken:
            return value
    return COLOURS[choice % count][0]


def colour_name(value: str, english: bool) -> str:
    """The nearest named colour."""
    if value not in _NAMES:
        value = min(_NAMES, key=lambda known: (_distance(known, value), known))
    return _NAMES[value][1 if english else 0]


def _distance(a: str, b: str) -> int:
    return sum((int(a[i : i + 2], 16) - int(b[i : i + 2], 16)) ** 2 for i in (1, 3, 5))
