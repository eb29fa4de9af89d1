"""Nouns for people without a name (老者, 道姑, 一人): their age and gender, and where they stand."""

from __future__ import annotations

import re

from generation.story.lexicon import roles

__all__ = ["CROWD", "NOUN", "NOUN_AFTER", "STRANGER", "age_and_gender", "noun_before"]

# noun: (age, gender), "" where the word does not tell. No kinship: in 告诉妹妹沈砚来了 the sister
# is not 沈砚.
_TOLD: dict[str, tuple[str, str]] = {
    "老者": ("elder", "male"), "老汉": ("elder", "male"), "老翁": ("elder", "male"), "老叟": ("elder", "male"),
    "老头": ("elder", "male"), "老头子": ("elder", "male"), "老头儿": ("elder", "male"), "老丈": ("elder", "male"),
    "老人": ("elder", ""), "老人家": ("elder", ""), "老道": ("elder", "male"), "老僧": ("elder", "male"),
    "老和尚": ("elder", "male"), "老妇": ("elder", "female"), "老妇人": ("elder", "female"),
    "老妪": ("elder", "female"), "老婆婆": ("elder", "female"), "老太太": ("elder", "female"),
    "老太婆": ("elder", "female"), "老尼": ("elder", "female"),
    "中年人": ("middle_aged", ""), "中年男人": ("middle_aged", "male"), "中年男子": ("middle_aged", "male"),
    "中年女人": ("middle_aged", "female"), "中年妇人": ("middle_aged", "female"),
    "妇人": ("adult", "female"), "少妇": ("adult", "female"), "妇女": ("adult", "female"),
    "女人": ("", "female"), "女子": ("", "female"), "道姑": ("", "female"), "尼姑": ("", "female"),
    "男人": ("", "male"), "男子": ("", "male"), "汉子": ("adult", "male"), "大汉": ("adult", "male"),
    "壮汉": ("adult", "male"), "壮士": ("adult", "male"), "道人": ("", "male"), "道士": ("", "male"),
    "和尚": ("", "male"), "书生": ("youth", "male"), "秀才": ("", "male"), "公子": ("youth", "male"),
    "少年": ("youth", "male"), "少年郎": ("youth", "male"), "后生": ("youth", "male"), "小伙子": ("youth", "male"),
    "青年": ("youth", ""), "年轻人": ("youth", ""), "少女": ("youth", "female"), "姑娘": ("youth", "female"),
    "小姑娘": ("child", "female"), "丫鬟": ("youth", "female"), "丫头": ("youth", "female"),
    "侍女": ("youth", "female"), "女郎": ("youth", "female"), "女孩": ("", "female"), "小女孩": ("child", "female"),
    "女童": ("child", "female"), "男孩": ("child", "male"), "小男孩": ("child", "male"), "男童": ("child", "male"),
    "孩童": ("child", ""), "小童": ("child", ""), "童子": ("child", "male"), "道童": ("child", "male"),
}  # fmt: skip
_LAST = frozenset(word[-1] for word in _TOLD)
_OTHERS = (
    "船家", "船夫", "艄公", "车夫", "更夫", "店家", "客商", "客官", "侍卫", "护卫", "差役", "衙役",
    "公差", "捕快", "士卒", "士兵", "军士", "小校", "将士", "守卫", "官员", "师爷", "员外", "仆人",
    "家丁", "伙计", "徒弟", "弟子", "师父", "师傅", "先生", "太太", "大婶", "大娘", "大叔", "大爷",
    "大嫂", "妖怪", "妖精", "女妖", "怪物", "神将", "天将", "女将", "小将", "老将", "武将", "大将",
    "老兵", "男生", "女生", "学生", "老师", "警察", "司机", "医生", "护士", "乞丐", "匠人", "铜匠",
    "猎户", "猎人", "渔夫", "樵夫", "庄主", "店主", "寨主", "城主", "帮主", "洞主", "园主", "院主",
    "家主", "主人", "掌门", "苍头", "老苍头", "家人", "管事", "门公", "近侍", "内侍", "左右", "太守", "县令", "知府", "知县",
)  # fmt: skip
_KNOWN = sorted(
    {*_TOLD, *_OTHERS, *roles()} - {"人", "孩子们"}, key=lambda word: (-len(word), word)
)
_BODY = "|".join(map(re.escape, _KNOWN))
NOUN = re.compile(_BODY)
# Somebody in the text before a description: 其人, 一将, 那老者.
STRANGER = re.compile(
    rf"其人|此人|[那这]人|一人|来人|来者|为首的?|[一那这]员?(?:大|小|女|老)?将(?![军来要])|[那这]厮|有个|"
    rf"[一两几]个人|[一那这]位|[前后]面[的那]一?个|另一个|一个(?=[约著着穿戴年])|{_BODY}"
)
# More than one, or nobody in particular: a name that follows is not theirs.
CROWD = re.compile(
    r"众|人们|大家|有人|别人|旁人|两人|[二三四五六七八九十百千余]人|[二两三四五六七八九十几]个(?=[^，。]{0,4}人)|孩子们|他们|她们"
)
# What may stand between a described thing and the noun it belongs to: 白发[苍苍的]老者, 黑衣[人].
NOUN_AFTER = re.compile(
    rf"(?:[^，。！？；：、着了过]{{0,4}}的)?[高瘦胖老小大年轻矮青中白黑]{{0,3}}(?:{_BODY}|人(?![家们们群]))"
)


def age_and_gender(noun: str) -> tuple[str, str]:
    """The age and gender that `noun` tells, "" where it tells none."""
    return _TOLD.get(noun, ("", ""))


def noun_before(folded: str, start: int, end: int) -> tuple[int, int] | None:
    """[start, end) of the longest noun with an age or gender that stands directly before `end`."""
    if folded[end - 1 : end] not in _LAST:
        return None
    for size in (4, 3, 2):
        if end - size >= start and folded[end - size : end] in _TOLD:
            return end - size, end
    return None
