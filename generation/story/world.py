"""The world that a whole book plays in: its era and culture, and what its people may be given.

What the text does not say of somebody's looks is invented, and must fit: no topknot in London, no
waistcoat in Luoyang, no beard on a mouse.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from generation.story.scenes import period_of

__all__ = ["ANIMALS", "Style", "World", "animal_of", "style_of", "world_of"]

_SAMPLE = 300_000
# Names out of another language: 汤姆·索亚. So many in 100,000 characters, and the book is not of China.
_FOREIGN = re.compile(r"[一-龥]{1,5}[·•][一-龥]{1,5}")
_MANY_FOREIGN = 8
_WEST = (
    "英镑",
    "先令",
    "便士",
    "法郎",
    "伯爵",
    "公爵",
    "爵士",
    "牧师",
    "教堂",
    "马车",
    "绅士",
    "壁炉",
)
_MANY_WEST = 25
_QING = (
    "辫子",
    "抚台",
    "道台",
    "宫保",
    "制台",
    "洋人",
    "洋鬼子",
    "大烟",
    "鸦片",
    "贝勒",
    "格格",
    "总督",
    "红缨帽",
)
_MANY_QING = 12


@dataclass(frozen=True, slots=True)
class World:
    """`period` is classical, modern, fantasy or scifi; `culture` china, qing or west."""

    period: str
    culture: str

    @property
    def modern(self) -> bool:
        return self.period in ("modern", "scifi")


@dataclass(frozen=True, slots=True)
class Style:
    """What may be invented: for each trait the choices, for men and for women. Beards, hats and things
    in hand are not among them: they are seen at once, and wrong where the text says nothing of them."""

    men: dict[str, tuple[str, ...]]
    women: dict[str, tuple[str, ...]]
    child_hair: tuple[str, str]
    # Old men of that time have a beard as a matter of course.
    bearded: bool = False


_STYLES = {
    "china": Style(
        {
            "hair": ("topknot", "bun", "topknot"), "clothes": ("robe", "hanfu", "robe"),
            "hair_colour": ("black",),
        },
        {"hair": ("bun",), "clothes": ("hanfu",), "hair_colour": ("black",)},
        ("twin_buns", "twin_buns"),
        bearded=True,
    ),
    "qing": Style(
        {
            "hair": ("braid",), "clothes": ("robe",), "hair_colour": ("black",),
        },
        {"hair": ("bun",), "clothes": ("robe", "dress"), "hair_colour": ("black",)},
        ("braid", "braid"),
        bearded=True,
    ),
    "west": Style(
        {
            "hair": ("short", "short", "curly"), "clothes": ("coat", "suit", "coat"),
            "hair_colour": ("brown", "black", "brown"),
        },
        {"hair": ("bun", "long", "curly"), "clothes": ("dress",), "hair_colour": ("brown", "black", "blond", "red")},
        ("short", "long"),
    ),
    "modern": Style(
        {
            "hair": ("short",), "clothes": ("shirt", "jacket", "suit"), "hair_colour": ("black",),
        },
        {"hair": ("long", "ponytail", "short", "braid"), "clothes": ("shirt", "dress", "jacket"), "hair_colour": ("black",)},
        ("short", "ponytail"),
    ),
}  # fmt: skip


def world_of(folded: str, language: str) -> World:
    """Era and culture by the words of the book's first 300,000 characters."""
    period = period_of(folded)
    if language == "en":
        return World(period, "west")
    sample = folded[:_SAMPLE]
    per = max(1.0, len(sample) / 100_000)
    foreign = len(_FOREIGN.findall(sample)) / per
    western = sum(sample.count(word) for word in _WEST) / per
    if foreign >= _MANY_FOREIGN or (western >= _MANY_WEST and foreign >= 1):
        return World(period, "west")
    qing = sum(sample.count(word) for word in _QING) / per
    return World(period, "qing" if qing >= _MANY_QING else "china")


def style_of(world: World) -> Style:
    """What the people of this world wear."""
    return _STYLES["modern" if world.modern else world.culture]


# For each species that the sketch engine has the animals that are drawn with its head.
_DRAWN_AS = {
    "rabbit": "rabbit hare bunny mouse rat dormouse squirrel hedgehog hamster mole 兔 鼠",
    "fox": "fox cat kitten dog puppy hound wolf lion tiger panther leopard bear weasel badger 狐 狼 狗 犬 猫 虎 狮 豹 熊 獐",
    "pig": "pig boar hog sow piglet cow ox bull buffalo 猪 豕",
    "monkey": "monkey ape gorilla chimpanzee baboon 猴 猿 猕",
    "dragon": "dragon gryphon griffin lizard serpent snake crocodile alligator turtle tortoise frog toad fish lobster crab "
    "caterpillar worm 龙 蛟 虬 蛇 蟒 鳄 龟 鼋 鼍",
    "spirit": "bird owl eagle eaglet hawk raven crow pigeon dove duck goose swan parrot lory dodo magpie canary flamingo "
    "ghost spirit fairy angel",
    "demon": "demon devil goblin troll ogre",
}  # fmt: skip
ANIMALS: dict[str, str] = {
    word: kind for kind, words in _DRAWN_AS.items() for word in words.split()
}
# In a fantasy whoever is called so is no human being: 黄狮精, 老鼋, 白骨夫人 is not decided by her name.
_CREATURE_END = frozenset("精怪妖魔")
_SPIRIT_END = (
    "菩萨",
    "真君",
    "星君",
    "天王",
    "天尊",
    "佛祖",
    "如来",
    "仙翁",
    "老君",
    "帝君",
    "金星",
    "土地",
    "山神",
)


def animal_of(name: str, world: World) -> tuple[str, str]:
    """(species as it is drawn, the animal's own word or "") that `name` tells; "" where it is human."""
    if name[:1].isascii():
        for word in re.findall(r"[a-z]+", name.lower()):
            if word in ANIMALS:
                return ANIMALS[word], word
        return "", ""
    if world.period != "fantasy":
        return "", ""
    if name[-1:] in _CREATURE_END:
        inner = next((char for char in name[:-1] if char in ANIMALS), "")
        return (ANIMALS[inner], inner) if inner else ("demon", "")
    if name.endswith(_SPIRIT_END):
        return "spirit", ""
    return (
        (ANIMALS[name[-1]], name[-1]) if name[-1:] in ANIMALS and name[-1] not in "龙" else ("", "")
    )
