"""What the text says of somebody's looks, and where: words to the trait vocabulary of the frames."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generation.story.mentions import Mentions

__all__ = ["Seen", "observe"]

# How far before the words the person may be named.
_REACH = 45
_NAMED_WITHIN = 160
_NUMERALS = frozenset("一二三四五六七八九十百")
_SOMEBODY_ELSE = re.compile(r"其人|此人|那人|一人|一将|来者|为首|那将|有个|一个|一位|[看见]")

# Words of the text that tell a trait; the first group of each is what counts as the source.
_ZH: tuple[tuple[str, str, str], ...] = (
    ("hair_colour", "white", r"白发|鬓发皆白|须发皆白|鹤发|银发|满头白发|白须|白髯|皓首"),
    ("hair_colour", "grey", r"头发花白|花白头发|两鬓斑白|灰白"),
    ("hair_colour", "red", r"红发|赤发"),
    ("hair_colour", "blond", r"金发"),
    ("hair_colour", "brown", r"棕发|棕色的?头发|褐发"),
    ("hair", "long", r"长发|披发|披头散发|秀发"),
    ("hair", "short", r"短发|平头|寸头"),
    ("hair", "bald", r"光头|秃头|秃顶|剃发|光着头"),
    (
        "hair",
        "ponytail",
        r"扎着马尾|马尾辫|高马尾|扎着一个马尾|扎着个马尾|梳着马尾|扎起马尾|扎了马尾|单马尾|扎着高马尾",
    ),
    ("hair", "braid", r"辫子|长辫|麻花辫"),
    ("hair", "twin_buns", r"双丫髻|丫髻|总角|双髻"),
    ("hair", "topknot", r"束发|挽髻|道髻"),
    ("hair", "bun", r"发髻|云髻|云鬓|高髻"),
    ("hair", "curly", r"卷发"),
    ("beard", "long", r"髯长|长髯|美髯|长须|五绺|三绺|长胡子|虬髯|须长|白须|白髯"),
    ("beard", "short", r"燕颔虎须|虎须|短须|络腮|胡茬|虬须|满脸胡"),
    ("beard", "moustache", r"八字胡|小胡子|八字须"),
    ("beard", "none", r"面白无须|没有胡子"),
    ("skin", "red", r"面如重枣|面如赤|赤面|红脸|面如血|满面红光"),
    ("skin", "dark", r"黑脸|面如锅底|面黑|面色黝黑|皮肤黝黑|黝黑|面如黑漆"),
    ("skin", "pale", r"面如冠玉|面如傅粉|面色苍白|脸色苍白|面如满月|皮肤白皙|白皙|苍白的脸"),
    ("skin", "tan", r"古铜色|麦色|小麦色"),
    (
        "build",
        "strong",
        r"虎背熊腰|膀阔腰圆|彪形|身材魁梧|魁梧|身长八尺|身长九尺|身高八尺|高大健壮|健硕|豹头环眼",
    ),
    ("build", "slim", r"身材苗条|苗条|瘦削|清瘦|身材修长|修长|纤细|瘦高|身形单薄"),
    ("build", "stout", r"肥胖|大腹便便|胖胖的|身材发福|肚大|矮胖"),
    ("build", "small", r"身材矮小|矮小|瘦小|个子小|娇小|五短身材"),
    ("headgear", "helmet", r"头盔|头戴[^，。]{0,4}盔|金盔|银盔"),
    ("headgear", "crown", r"紫金冠|金冠|头戴[^，。]{0,5}冠|凤冠|王冠|平天冠"),
    ("headgear", "official_cap", r"乌纱|纱帽|官帽"),
    ("headgear", "straw_hat", r"斗笠|草帽|箬笠|毡笠"),
    ("headgear", "headband", r"纶巾|头巾|抹额|紧箍|金箍儿|发带"),
    ("headgear", "hat", r"戴着?[^，。]{0,5}帽|毗卢帽|礼帽|毡帽"),
    ("headgear", "hood", r"兜帽|风帽"),
    ("accessory", "fan", r"羽扇|折扇|摇着?扇|执扇|鹅毛扇|芭蕉扇"),
    (
        "accessory",
        "sword",
        r"佩剑|仗剑|提剑|按剑|双股剑|手[执持提]宝剑|掣剑|拔剑|手持长剑|背着剑|腰悬",
    ),
    ("accessory", "spear", r"丈八[蛇矛点钢]|挺枪|绰枪|长枪|方天画戟|画戟|青龙刀|偃月刀|挺矛|蛇矛"),
    ("accessory", "staff", r"金箍棒|铁棒|九齿钉钯|钉钯|禅杖|锡杖|宝杖|拄杖|拄着拐|拐杖"),
    ("accessory", "glasses", r"眼镜"),
    ("accessory", "scarf", r"围巾|披帛"),
    ("accessory", "bow", r"弯弓|张弓|拈弓|挽弓"),
    ("accessory", "gourd", r"葫芦"),
    ("accessory", "umbrella", r"打着伞|打伞|撑着伞|撑伞|雨伞"),
    ("accessory", "bag", r"背包|书包|手提包|挎包|公文包"),
    ("accessory", "book", r"捧着?书|手里拿着书"),
    ("clothes", "armour", r"铠甲|披甲|金甲|银甲|披挂|锁子甲|甲胄|连环甲|身披[^，。]{0,5}甲"),
    ("clothes", "monk_robe", r"袈裟|僧衣|直裰|僧袍"),
    ("clothes", "rags", r"衣衫褴褛|破衣|褴褛|补丁"),
    ("clothes", "suit", r"西装|西服"),
    ("clothes", "jacket", r"夹克|羽绒服|外套"),
    ("clothes", "coat", r"风衣|大衣|白大褂"),
    ("clothes", "shirt", r"衬衫|T恤|衬衣"),
    ("clothes", "dress", r"连衣裙|长裙|裙子|罗裙|旗袍"),
    ("clothes", "uniform", r"制服|军装|校服|警服"),
    ("clothes", "hanfu", r"汉服|襦裙|霓裳"),
    ("clothes", "robe", r"鹤氅|道袍|锦袍|战袍|白袍|红袍|绿袍|青袍|长袍|袍子|长衫|布衫|青衫"),
    (
        "age",
        "elder",
        r"年过六旬|年逾古稀|七十[余多]?岁|六十[余多]?岁|八十[余多]?岁|年近七旬|老态龙钟|老迈",
    ),
    ("age", "middle_aged", r"四十[来余多]?岁|五十[来余多]?岁|人到中年|年近五旬|四十开外"),
    (
        "age",
        "youth",
        r"十[五六七八九][来余多]?岁|二十[来余多]?岁|年方[二十一][^，。]{0,3}|弱冠|少年英俊",
    ),
    ("age", "child", r"七岁|八岁|九岁|十岁的|十一岁的|十二岁的"),
)
_EN: tuple[tuple[str, str, str], ...] = (
    ("hair_colour", "white", r"white(?:-| )hair(?:ed)?"),
    ("hair_colour", "grey", r"gr[ea]y(?:-| )hair(?:ed)?"),
    ("hair_colour", "red", r"red(?:-| )hair(?:ed)?"),
    ("hair_colour", "blond", r"(?:blond|blonde|golden|fair|yellow)(?:-| )hair(?:ed)?"),
    ("hair_colour", "brown", r"brown(?:-| )hair(?:ed)?"),
    ("hair", "long", r"long hair"), ("hair", "short", r"short hair"),
    ("hair", "bald", r"\bbald\b"), ("hair", "curly", r"curly hair|ringlets|curls"),
    ("beard", "long", r"long beard|white beard"), ("beard", "short", r"short beard"),
    ("beard", "moustache", r"m(?:o)?ustache"),
    ("build", "stout", r"\b(?:stout|fat|portly)\b"), ("build", "slim", r"\b(?:slender|thin|slim)\b"),
    ("build", "strong", r"\b(?:burly|muscular|brawny)\b"),
    ("headgear", "crown", r"\bcrown\b"), ("headgear", "hood", r"\bhood\b"),
    ("headgear", "hat", r"\b(?:top-)?hat\b"), ("accessory", "fan", r"\bfan\b"),
    ("accessory", "glasses", r"\b(?:spectacles|glasses)\b"), ("accessory", "sword", r"\bsword\b"),
    ("accessory", "umbrella", r"\bumbrella\b"), ("clothes", "coat", r"\b(?:overcoat|frock-coat)\b"),
    ("clothes", "suit", r"\bwaistcoat\b"), ("clothes", "dress", r"\b(?:gown|frock|dress)\b"),
    ("clothes", "uniform", r"\b(?:uniform|livery)\b"), ("skin", "pale", r"\bpale\b"),
    ("age", "elder", r"\baged\b|old (?:man|woman)"), ("age", "child", r"little (?:girl|boy)"),
)  # fmt: skip
_COLOURED = re.compile(
    r"(?P<colour>红|朱|绯|绛|青|绿|翠|蓝|白|素|黑|玄|皂|紫|黄|杏黄|粉|灰|褐)(?:色的?|锦|罗|布|绸|缎)?"
    r"(?P<thing>袍|衣|衫|裙|氅|袄|裳|甲|西装|衬衫|大衣|外套|连衣裙|旗袍)"
)
_COLOUR_VALUES = {
    "红": "#b3202a", "朱": "#b3202a", "绯": "#b3202a", "绛": "#6d1b2f", "青": "#1c8c95",
    "绿": "#2e7d4f", "翠": "#2e7d4f", "蓝": "#1f4e9e", "白": "#e8e4d8", "素": "#e8e4d8",
    "黑": "#2b2d33", "玄": "#2b2d33", "皂": "#2b2d33", "紫": "#6b3fa0", "黄": "#e0a526",
    "杏黄": "#e0a526", "粉": "#e9a6b4", "灰": "#7a8791", "褐": "#5a3a22",
}  # fmt: skip
_WOUND = re.compile(
    r"中箭|身负重伤|负伤|受了?重伤|受伤|断了?[一左右]?臂|断了一?条?腿|瞎了|被刺伤|额头流血|was wounded|was injured"
)


_META = re.compile(r"[\[(?.*+{\\]")


class _Cue(NamedTuple):
    trait: str
    value: str
    prefix: str
    rest: re.Pattern[str] | None


def _alternatives(table: Sequence[tuple[str, str, str]]) -> list[_Cue]:
    """Each alternative with the literal words that it begins with: those are found fast."""
    cues = []
    for trait, value, pattern in table:
        for alternative in pattern.split("|"):
            special = _META.search(alternative)
            prefix = alternative[: special.start()] if special else alternative
            if special and alternative[special.start()] == "?":
                prefix = prefix[:-1]
            cues.append(_Cue(trait, value, prefix, re.compile(alternative) if special else None))
    return cues


_CUES_ZH = _alternatives(_ZH)
_CUES_EN = [(trait, value, re.compile(pattern, re.IGNORECASE)) for trait, value, pattern in _EN]


@dataclass(frozen=True, slots=True)
class Seen:
    """The text says at [start, end) that a person has `value` as `trait`."""

    start: int
    end: int
    who: int
    trait: str
    value: str


def observe(
    folded: str, spans: Sequence[tuple[int, int]], mentions: Mentions, *, english: bool
) -> list[Seen]:
    """Every trait that the text tells of somebody who is named shortly before, in order."""
    found: list[Seen] = []
    for start, end in spans:
        for trait, value, a, b in _hits(folded, start, end, english):
            who = _owner(folded, start, end, a, b, mentions)
            if who is not None:
                found.append(Seen(a, b, who, trait, value))
    return sorted(found, key=lambda seen: (seen.start, seen.trait, seen.value))


def _no_age(folded: str, at: int) -> bool:
    """The end of a longer number (五十八岁), or the age at which somebody died."""
    before = folded[max(0, at - 3) : at]
    return before[-1:] in _NUMERALS or any(word in before for word in ("亡", "寿", "年止", "时年"))


def _owner(folded: str, start: int, end: int, a: int, b: int, mentions: Mentions) -> int | None:
    """Who is described at [a, b): the last one named before it within the same paragraph.

    玄德看其人，面如重枣 describes somebody who gives his name afterwards: the next one named.
    """
    for mention in mentions.before(a, _REACH):
        between = folded[mention.end : a]
        if mention.start < start or "\n" in between:
            return None
        if not _SOMEBODY_ELSE.search(between):
            return mention.who
        for following in mentions.within(b, min(end, b + _NAMED_WITHIN)):
            if following.who != mention.who:
                return following.who
        return None
    return None


def _hits(folded: str, start: int, end: int, english: bool) -> list[tuple[str, str, int, int]]:
    hits: list[tuple[str, str, int, int]] = []
    if english:
        for trait, value, pattern in _CUES_EN:
            hits += [(trait, value, *m.span()) for m in pattern.finditer(folded, start, end)]
        return hits
    for cue in _CUES_ZH:
        at = folded.find(cue.prefix, start, end)
        while at >= 0:
            match = cue.rest.match(folded, at, end) if cue.rest else None
            if (match or not cue.rest) and not (cue.trait == "age" and _no_age(folded, at)):
                stop = match.end() if match else at + len(cue.prefix)
                hits.append((cue.trait, cue.value, at, stop))
            at = folded.find(cue.prefix, at + 1, end)
    for match in _COLOURED.finditer(folded, start, end):
        hits.append(("colours", _COLOUR_VALUES[match["colour"]], *match.span()))
    for match in _WOUND.finditer(folded, start, end):
        hits.append(("wound", match[0], *match.span()))
    return hits
