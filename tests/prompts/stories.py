"""Small stories for evaluations: invented, each with a cast that is described."""

from __future__ import annotations

from functools import cache

from generation.services.evaluations.cases import Told, shots_of_text

_NAMES = ("沈砚", "苏青", "陆离", "顾长风", "林晚", "谢无咎", "白露", "秦川", "叶知秋", "江临")
_LOOKS = (
    "身穿青色长衫，腰悬长剑，头戴斗笠", "一身红衣，手持油纸伞", "披着黑色大氅，手握长枪",
    "身着白色道袍，手摇羽扇", "穿一件紫色长裙，手捧书卷",
)  # fmt: skip
_PLACES = ("客栈", "山洞", "庭院", "江边", "城门")
_ACTS = ("推门走了进来", "坐在窗边", "拔剑迎敌", "冷冷地看着他", "骑马远去", "跪在地上")


def story_text(number: int, sentences: int = 14) -> str:
    """Two people meet; the numbers choose who, how they look, where and what they do."""
    one, two = _NAMES[number % 10], _NAMES[(number + 3) % 10]
    lines = [
        f"第一章 {_PLACES[number % 5]}",
        f"雨夜，{one}{_LOOKS[number % 5]}，走进{_PLACES[number % 5]}。",
        f"{two}{_LOOKS[(number + 2) % 5]}，正等着他。",
    ]
    for turn in range(sentences):
        who, other = (one, two) if turn % 2 else (two, one)
        lines.append(f"{who}{_ACTS[(number + turn) % 6]}。")
        lines.append(f"“你终于来了。”{other}说道。" if turn % 3 else f"{other}没有说话。")
    return "\n".join(lines) + "\n"


@cache
def _shots(number: int, shots: int) -> tuple[Told, ...]:
    text = story_text(number)
    return tuple(shots_of_text(text, name=f"house-{number}", most=shots, density=60))


def house_shots(stories: int, shots: int) -> list[Told]:
    found: list[Told] = []
    for number in range(stories):
        found += _shots(number, shots)
    return found
