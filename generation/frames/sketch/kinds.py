"""The kinds of beings that can be drawn: which animal a word means, its coat, size and tail."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Kind:
    """One kind of being. `coat` is the colour of fur, feathers or hide where nothing else is told;
    `stature` a share of a human's height; `tail` how it looks: "" (none), thin, tuft, brush,
    short, thick."""

    coat: str
    stature: float = 1.0
    tail: str = ""
    hairless: bool = True  # wears no human hair
    nose: bool = False  # has a human nose
    mouth: bool = True  # has lips that the expression moves


KINDS: dict[str, Kind] = {
    "monkey": Kind("#a9713c", tail="thin"),
    "pig": Kind("#e6b2a6", tail="short"),
    "fox": Kind("#d2793a", 0.94, "brush"),
    "rabbit": Kind("#efe9e2", 0.88, "short"),
    "mouse": Kind("#b3a79b", 0.74, "thin"),
    "cat": Kind("#d99a52", 0.86, "thin"),
    "dog": Kind("#c79a62", 0.92, "thin"),
    "wolf": Kind("#8d9097", 1.0, "brush"),
    "tiger": Kind("#e0953f", 1.06, "thin"),
    "lion": Kind("#d6a552", 1.06, "tuft"),
    "bear": Kind("#6f4d36", 1.1, "short"),
    "ox": Kind("#7d5a42", 1.08, "tuft"),
    "horse": Kind("#9a6a44", 1.08, "brush"),
    "sheep": Kind("#ece4d4", 0.94, "short"),
    "deer": Kind("#c08a56", 1.0, "short"),
    "bird": Kind("#7d9cb8", 0.88, "thick", mouth=False),
    "owl": Kind("#9b7a55", 0.86, "thick", mouth=False),
    "duck": Kind("#f0e6cf", 0.86, "thick", mouth=False),
    "eagle": Kind("#80593b", 1.02, "thick", mouth=False),
    "frog": Kind("#7fa657", 0.8),
    "turtle": Kind("#8fa36b", 0.9),
    "fish": Kind("#7fb0bd", 0.92),
    "snake": Kind("#7d9a58", 1.0, "thick"),
    "insect": Kind("#a8bf5a", 0.8),
    "dragon": Kind("#6f9a86", 1.06, "thick"),
    "gryphon": Kind("#c08a4a", 1.06, "tuft", mouth=False),
    "robot": Kind("#b8c2c9", 1.0),
    "alien": Kind("#8fbf8a", 0.96),
    "demon": Kind("#8fa07a", 1.06, hairless=False, nose=True),
    "spirit": Kind("#dfe8ee", hairless=False, nose=True),
    "ghost": Kind("#dbe6ea", hairless=False, nose=True),
}
HUMAN = Kind("", hairless=False, nose=True)

_WORDS: dict[str, str] = {
    "monkey": "monkey ape gorilla chimpanzee baboon 猴 猿 猕",
    "pig": "pig boar hog sow piglet 猪 豕",
    "fox": "fox 狐",
    "rabbit": "rabbit hare bunny 兔",
    "mouse": "mouse rat dormouse squirrel hedgehog hamster mole weasel 鼠 鼬 貂",
    "cat": "cat kitten kitty 猫",
    "dog": "dog puppy hound 狗 犬",
    "wolf": "wolf 狼 豺",
    "tiger": "tiger panther leopard 虎 豹 彪",
    "lion": "lion 狮",
    "bear": "bear badger panda 熊 獐 罴",
    "ox": "cow ox bull buffalo 牛 犀",
    "horse": "horse mare donkey mule pony 马 驴 骡",
    "sheep": "sheep lamb goat ram 羊",
    "deer": "deer stag doe 鹿",
    "bird": "bird crow raven pigeon dove parrot lory magpie canary sparrow swallow crane 鸟 雀 鸦 鹤 鹊 燕 鸽",
    "owl": "owl 枭 鸮",
    "duck": "duck goose swan dodo flamingo hen cock rooster 鸭 鹅 鸡",
    "eagle": "eagle eaglet hawk falcon phoenix 鹰 雕 鹏 凤",
    "frog": "frog toad 蛙 蟾 蛤",
    "turtle": "turtle tortoise 龟 鼋 鼍 鳖",
    "fish": "fish carp whale lobster crab 鱼 虾 蟹 鲤",
    "snake": "snake serpent lizard crocodile alligator 蛇 蟒 鳄",
    "insect": "caterpillar worm insect bee spider ant 虫 蜂 蛛 蝎 蜈",
    "dragon": "dragon 龙 蛟 虬",
    "gryphon": "gryphon griffin",
    "robot": "robot android droid machine 机",
    "alien": "alien martian",
    "ghost": "ghost phantom 鬼",
    "demon": "demon devil goblin troll ogre",
    "spirit": "spirit fairy angel",
}
OF_WORD: dict[str, str] = {word: kind for kind, words in _WORDS.items() for word in words.split()}


def kind_of(species: str) -> Kind:
    """What is known of a species; a human being's kind for unknown ones."""
    return KINDS.get(species, HUMAN)
