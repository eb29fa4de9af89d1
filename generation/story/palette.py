"""Clothes colours: far enough apart that nobody in the main cast looks like another."""

from __future__ import annotations

import colorsys
from functools import lru_cache

__all__ = ["COLOURS", "COLOUR_WORDS", "colour_name", "free_colour"]

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
# Colours that a text may name and nobody is given without its word.
_TOLD: tuple[tuple[str, str, str], ...] = (
    ("#424c50", "鸦青色", "raven grey-blue"), ("#a8492f", "赭红色", "russet"),
    ("#a59440", "秋香色", "olive yellow"), ("#f0c239", "缃色", "pale amber"),
    ("#4f9d84", "铜绿色", "verdigris"), ("#c3272b", "茜红色", "madder red"),
    ("#9d2933", "胭脂色", "carmine"), ("#4a4266", "黛色", "dusky violet-blue"),
    ("#f3df6a", "鹅黄色", "gosling yellow"), ("#789262", "竹青色", "bamboo green"),
)  # fmt: skip
_NAMES = {value: (zh, en) for value, zh, en in (*COLOURS, *_TOLD)}
# What a text calls the colour of clothes; the hex values are screen renderings of the traditional
# colour names, those of COLOURS where it has the shade.
COLOUR_WORDS: dict[str, str] = {
    word: value
    for value, words in {
        "#b3202a": "红 朱 朱红 大红 正红 绯 绯红 猩红 鲜红 丹 赤", "#6d1b2f": "绛 绛红 酒红 暗红 深红 枣红",
        "#9c2f6f": "绛紫 紫红 玫红 玫瑰红", "#c3272b": "茜 茜红 茜素红", "#9d2933": "胭脂 胭脂红",
        "#c9487f": "桃红 洋红 海棠红", "#e9a6b4": "粉 粉红 藕粉 藕 水红 银红", "#e4572e": "橘红 石榴红",
        "#d96b1e": "橙 橘 橘黄", "#a8492f": "赭 赭红 赭石 砖红", "#8f6b1c": "赭黄 土黄",
        "#e0a526": "黄 杏黄 明黄 金黄 姜黄 杏", "#f0c239": "缃 缃黄 雌黄", "#f3df6a": "鹅黄 嫩黄 柳黄 淡黄 浅黄",
        "#f0cf8e": "米黄 米 米白 象牙", "#a59440": "秋香", "#8a9a3b": "橄榄 橄榄绿 军绿",
        "#2e7d4f": "绿 翠 翠绿 碧绿 油绿", "#a9c66c": "嫩绿 葱绿 柳绿 豆绿 葱青", "#0f5c3a": "墨绿 深绿 松绿 黛绿",
        "#4f9d84": "铜绿", "#56c2a6": "碧 水绿 湖绿", "#789262": "竹青 竹绿", "#1c8c95": "青 青碧 青绿",
        "#7ec0e0": "天青 天蓝 湖蓝 浅蓝 淡蓝 水蓝", "#1f4e9e": "蓝 宝蓝 深蓝", "#12324f": "藏青 藏蓝 海军蓝",
        "#4b4f7a": "靛 靛蓝 靛青", "#3f6f8f": "石青 青灰 蟹壳青 雾蓝", "#424c50": "鸦青 鸦黑 铁青", "#4a4266": "黛 黛蓝 青黛",
        "#6b3fa0": "紫 深紫", "#a48ad4": "藕荷 丁香 雪青 淡紫 浅紫", "#5a3a22": "褐 棕 深棕 酱 酱紫 咖啡 咖啡色 茶",
        "#c58f5a": "驼 驼黄 卡其", "#e8e4d8": "白 素 月白 雪白 素白 乳白 霜", "#2b2d33": "黑 玄 皂 墨 乌 漆黑 玄黑",
        "#7a8791": "灰 银灰 铅灰 深灰 浅灰 银",
    }.items()
    for word in words.split()
}  # fmt: skip


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


@lru_cache(maxsize=4096)
def colour_name(value: str, english: bool) -> str:
    """The nearest named colour."""
    if value not in _NAMES:
        value = min((c[0] for c in COLOURS), key=lambda known: (_distance(known, value), known))
    return _NAMES[value][1 if english else 0]


def _distance(a: str, b: str) -> int:
    return sum((int(a[i : i + 2], 16) - int(b[i : i + 2], 16)) ** 2 for i in (1, 3, 5))
