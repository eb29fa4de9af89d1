"""What the dictionary knows of a word: its part of speech, and whether it calls somebody by a role."""

from __future__ import annotations

from functools import cache

import rjieba

from generation.story.lexicon import roles

__all__ = [
    "KIN",
    "epithet_and_title",
    "is_common_word",
    "is_function_word",
    "is_role",
    "is_unheard_of",
    "same_role",
    "tag_of",
]

# What stands before a role word without making a name of it: 那老者, 众官, 大小姐, 第三个差人.
_PLAIN = frozenset("那这该此某一二两三四五六七八九十几众诸各多老小大少男女好真假个位名内外新旧")
# The last character of a common noun for a person.
_PERSON_END = frozenset(
    "人者官尉史叟妾臣君妖怪魔鬼神僧婆妇女童王后妃将兵卒吏差役仆婢匠医师徒客翁汉娃孩爷娘主长员夫工手家生士尼丐贼盗匪商"
)
# Words for one and the same person in a scene.
_SAME = (
    "妖精 妖怪 妖邪 怪物 妖魔 那怪 那妖 老妖 老怪 妖王 魔王 魔头 老魔 老妖精 精灵",
    "老者 老人 老头 老头子 老头儿 老翁 老丈 老儿 老汉 老叟",
    "老妇 老妇人 老婆婆 老太婆 老妪",
    "店小二 小二 酒保",
    "差人 差役 衙役",
    "军士 士兵",
    "孩子 小孩",
    "郎中 大夫 医生",
    "知府 府台",
    "知县 县令 县官",
)
# Relatives: of a narrator there is one of each.
KIN = frozenset(
    [
        "妈妈",
        "爸爸",
        "母亲",
        "父亲",
        "爷爷",
        "奶奶",
        "外婆",
        "外公",
        "哥哥",
        "弟弟",
        "姐姐",
        "妹妹",
        "大哥",
        "二哥",
        "大嫂",
        "娘",
        "爹",
        "妹子",
        "妻子",
        "丈夫",
        "老婆",
        "老公",
        "儿子",
        "女儿",
        "叔叔",
        "伯伯",
        "姑姑",
        "舅舅",
        "阿姨",
        "祖母",
        "祖父",
    ]
)
# Titles that make a name of what stands before them: 紫虚上人, 辟寒大王.
_NAMING_TITLES = frozenset(
    [
        "上人",
        "真人",
        "道人",
        "大王",
        "大仙",
        "真君",
        "天君",
        "星君",
        "帝君",
        "夫人",
        "公主",
        "娘娘",
        "菩萨",
        "长老",
        "和尚",
        "禅师",
        "法师",
        "老人",
        "先生",
        "元帅",
        "将军",
        "仙子",
        "仙姑",
        "仙翁",
        "太子",
        "魔王",
        "妖王",
        "居士",
        "散人",
        "祖师",
        "老祖",
        "天王",
        "龙王",
        "神君",
        "圣母",
        "尊者",
        "婆婆",
        "姥姥",
        "大师",
        "天尊",
    ]
)


# Parts of speech of the dictionary: numbers, adverbs, pronouns, states, conjunctions, prepositions,
# particles, directions, times.
_FUNCTION = "mdrzcpufts"
_COUNTS = frozenset("一二两三四五六七八九十几半")

_SHORT_TITLES = frozenset("公叟翁仙姑子")


@cache
def is_role(word: str) -> str:
    """The role word that `word` is or ends with (那老者 → 老者), else "".

    A common noun of the dictionary that ends like a word for a person is one too: 县官, 猎户.
    """
    known = roles()
    for size in range(min(4, len(word)), 1, -1):
        if word[-size:] in known and len(word) - size <= 2:
            return word[-size:]
    if 2 <= len(word) <= 4 and word[-1] in _PERSON_END and tag_of(word) == "n":
        return word
    return ""


def epithet_and_title(word: str) -> bool:
    """Whether `word` names somebody by an epithet and a title (紫虚上人), which 老和尚 does not."""
    if len(word) == 3 and word[-1] in _SHORT_TITLES:
        return not set(word[:2]) & _PLAIN
    head, tail = word[:-2], word[-2:]
    return 1 <= len(head) <= 2 and tail in _NAMING_TITLES and not set(head) & _PLAIN


@cache
def same_role() -> dict[str, str]:
    """For each word the one that stands for all words that mean the same person in a scene."""
    return {word: group.split()[0] for group in _SAME for word in group.split()}


def is_unheard_of(name: str) -> bool:
    """Whether `name` is no word and has none in it that a sentence is made of: 泠苞, 兀突骨."""
    tagged = rjieba.tag(name)
    return (
        2 <= len(name) <= 3
        and len(tagged) == len(name)
        and all(tag[:1] not in "vdprcmufq" for _, tag in tagged)
    )


def tag_of(name: str) -> str:
    """The dictionary's part of speech for `name`, "" where it is no single word."""
    tagged = rjieba.tag(name)
    return tagged[0][1] if len(tagged) == 1 and rjieba.has_word(name) else ""


def is_common_word(name: str) -> bool:
    """Whether the segmenter's dictionary holds `name` as something other than a person."""
    return tag_of(name)[:2] not in ("", "nr")


@cache
def is_function_word(name: str) -> bool:
    """Whether `name` is a word that no name is (一面, 自己, 悄悄, 不觉), or ends with one (范二位, 和他)."""
    tagged = rjieba.tag(name)
    last, tag = tagged[-1]
    if len(tagged) == 1:
        # 老周 is in the dictionary as a week.
        return rjieba.has_word(name) and tag[:1] in _FUNCTION and name[0] not in "阿老小"
    return tag[:1] == "r" or (tag[:1] == "m" and last[0] in _COUNTS) or last in "着著了过的"
