"""What the text says of somebody's looks, and where: words to the trait vocabulary of the frames."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

from generation.story.english_traits import english_traits
from generation.story.mentions import Mentions
from generation.story.nouns import age_and_gender, noun_before
from generation.story.owners import Owners, is_denied
from generation.story.palette import COLOUR_WORDS

__all__ = ["Seen", "observe"]

# Words of the text that tell a trait; the first group of each is what counts as the source.
_ZH: tuple[tuple[str, str, str], ...] = (
    ("hair_colour", "white", r"白发|鬓发皆白|须发皆白|鹤发|银发|满头白发|白须|白髯|皓首"),
    (
        "hair_colour",
        "grey",
        r"头发花白|花白的?头发|灰白的?[头鬓须]|两鬓[^，。]{0,4}[灰斑花]白|鬓发[^，。]{0,2}[灰斑花]白|头发[^，。]{0,4}灰白",
    ),
    ("hair_colour", "red", r"红发|赤发|头发是红|红色的?头发"),
    ("hair_colour", "black", r"乌发|黑发|青丝|乌黑的?[长短]?发|乌黑的?头发|头发乌黑|黑色的?头发"),
    ("hair_colour", "blond", r"金发"),
    ("hair_colour", "brown", r"棕发|棕色的?头发|褐发|褐色的?头发|头发[^，。]{0,4}铜的?颜?色"),
    ("hair", "long", r"长发|披发|披头散发|秀发"),
    ("hair", "short", r"短发|平头|寸头|头发[剪修留]得?[很极挺]?短"),
    ("hair", "bald", r"光头|秃头|秃顶|剃发|光着头"),
    (
        "hair",
        "ponytail",
        r"扎着马尾|马尾辫|高马尾|扎着一个马尾|扎着个马尾|梳着马尾|扎起马尾|扎了马尾|单马尾|扎着高马尾",
    ),
    ("hair", "braid", r"辫子|长辫|麻花辫"),
    ("hair", "twin_buns", r"双丫髻|丫髻|总角|双髻|两只发髻|两个发髻"),
    ("hair", "topknot", r"乌发束|长发束|束发|挽髻|道髻"),
    ("hair", "bun", r"发髻|云髻|云鬓|高髻"),
    ("hair", "curly", r"卷发"),
    ("beard", "long", r"髯长|长髯|美髯|长须|五绺|三绺|长胡子|虬髯|须长|白须|白髯"),
    ("beard", "short", r"燕颔虎须|虎须|短须|络腮|胡茬|虬须|满脸胡"),
    ("beard", "moustache", r"八字胡|小胡子|八字须"),
    ("beard", "none", r"面白无须"),
    ("skin", "red", r"面如重枣|面如赤|赤面|红脸|面如血|满面红光"),
    ("skin", "dark", r"黑脸|面如锅底|面黑|面色黝黑|皮肤黝黑|黝黑|面如黑漆"),
    ("skin", "pale", r"面如冠玉|面如傅粉|面色苍白|脸色苍白|面如满月|皮肤白皙|白皙|苍白的脸"),
    ("skin", "tan", r"古铜色|麦色|小麦色|皮肤晒得[^，。]{0,3}古铜"),
    (
        "build",
        "strong",
        r"虎背熊腰|膀阔腰圆|彪形|身材魁梧|魁梧|身长八尺|身长九尺|身高八尺|高大健壮|健硕|豹头环眼",
    ),
    ("build", "slim", r"身材苗条|苗条|瘦削|清瘦|身材修长|修长|纤细|瘦高|高瘦|身形单薄"),
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
        r"佩剑|仗剑|提剑|按剑|双股剑|手执宝剑|手持宝剑|手提宝剑|掣剑|拔剑|手持长剑|背着剑|腰悬|腰刀|佩刀",
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
    ("clothes", "rags", r"衣衫褴褛|破衣|褴褛|打满补丁|满是补丁"),
    ("clothes", "suit", r"西装|西服"),
    ("clothes", "jacket", r"夹克|羽绒服|外套"),
    ("clothes", "coat", r"风衣|大衣|白大褂"),
    ("clothes", "shirt", r"衬衫|T恤|衬衣"),
    ("clothes", "dress", r"连衣裙|长裙|裙子|罗裙|旗袍"),
    ("clothes", "uniform", r"制服|军装|校服|警服"),
    ("clothes", "hanfu", r"汉服|襦裙|霓裳|短袄|小袄|夹袄|袄裙|小褂|短褂|短打|劲装"),
    (
        "clothes",
        "robe",
        r"鹤氅|道袍|锦袍|战袍|白袍|红袍|绿袍|青袍|长袍|官袍|紫袍|黑袍|灰袍|蓝袍|布袍|袍子|长衫|布衫|青衫|麻衣|青衣",
    ),
    (
        "age",
        "elder",
        r"年过六旬|年逾古稀|年近七旬|老态龙钟|老迈",
    ),
    ("age", "middle_aged", r"人到中年|年近五旬|四十开外"),
    ("age", "youth", r"年方[二十一][^，。]{0,3}|弱冠|少年英俊"),
    ("without", "beard", r"胡子|胡须"),
)
_CLOTH = r"[锦罗布绸缎麻绫绢呢绒纱丝葛棉皮]|官|小|短|长|大|中|单|夹|战|道|对襟|窄袖|箭袖|粗|团花|云纹|风|雨|冲锋|羽绒|牛仔|针织"
_COLOURED = re.compile(
    rf"(?P<colour>{'|'.join(sorted(COLOUR_WORDS, key=lambda word: (-len(word), word)))})"
    rf"(?:色的?|的)?(?:{_CLOTH})*"
    r"(?:[袍氅袄裳褂裙]子?|衣裳|衣裙|衣(?![领襟角袖])|衫子?|甲|西装|卫衣|毛衣|短打|劲装|披风|斗篷|夹克|T恤|外套|旗袍)"
)
# Worn or carried, but not in the vocabulary; only where the clause says that somebody wears it.
_ORNAMENT = re.compile(
    r"[系戴佩挂悬套罩垂数捻转][^，。！？\n]{0,12}?[着上条根枚串颗只块的副对]"
    r"(?P<thing>[^，。！？\n着上条根枚串颗只块的副对]{0,4}?"
    r"(?P<kind>坠子?|念珠|佛珠|眼罩|指套|扳指|耳环|玉佩|玉坠|香囊|荷包|手镯|项链|项圈|长命锁|红绳|戒指|面具|面纱))"
)
_AGE = re.compile(
    r"(?P<number>[0-9]{1,3}|[一二三四五六七八九十]{1,4})[来余多几]?岁(?P<after>[^，。]{0,3})"
)
_OTHER_AGE = re.compile(
    r"(?:亡|寿|年止|时年|[一二三四五六七八九十百千0-9]|[大长小差过多少活][了他她我你它]?)$"
)
_OTHER_TIME = re.compile(r"那年|那时|时|的时候|起|上(?!下)|便?[亡卒丧]|前|以前")
_WOUND = re.compile(
    r"中箭|身负重伤|负伤|受了?重伤|受了?伤|血从[^，。]{0,8}[流渗涌]|捂着[^，。]{0,6}(?:伤口|流血)|[刀枪箭]伤|断了?[一左右]?臂|断了一?条?腿|瞎了|被刺伤|额头流血"
)
# Of these the vocabulary has the value none.
_MAY_LACK = frozenset(["beard", "headgear", "accessory"])
_META = re.compile(r"[\[(?.*+{\\]")


@dataclass(frozen=True, slots=True)
class Seen:
    """The text says at [start, end) that a person has `value` as `trait`."""

    start: int
    end: int
    who: int
    trait: str
    value: str


class _Cue(NamedTuple):
    trait: str
    value: str
    rest: re.Pattern[str] | None


def _alternatives(table: Sequence[tuple[str, str, str]]) -> dict[str, list[_Cue]]:
    """The alternatives by the literal words that they begin with: those are found fast."""
    cues: dict[str, list[_Cue]] = defaultdict(list)
    for trait, value, pattern in table:
        for alternative in pattern.split("|"):
            special = _META.search(alternative)
            prefix = alternative[: special.start()] if special else alternative
            if special and alternative[special.start()] == "?":
                prefix = prefix[:-1]
            rest = re.compile(alternative) if special else None
            cues[prefix].append(_Cue(trait, value, rest))
    return dict(cues)


_CUES_ZH = _alternatives(_ZH)


def observe(
    folded: str,
    spans: Sequence[tuple[int, int]],
    mentions: Mentions,
    *,
    english: bool,
    genders: Sequence[str] = (),
) -> list[Seen]:
    """Every trait that the text tells of a person with a name, in order.

    `genders` are those of the people ("" where unknown), by their place; they tell who 他 and 她 are.
    Besides the vocabulary of the frames there are the traits "wound", "ornament" (its words) and
    "without" (the trait that is denied).
    """
    if english:
        return [Seen(*row) for row in english_traits(folded, spans, mentions, genders)]
    found: set[Seen] = set()
    owners = Owners(folded, mentions, genders)
    for start, end in spans:
        for trait, value, a, b in sorted(_hits(folded, start, end), key=lambda hit: hit[2:]):
            denied = is_denied(folded, start, a, b)
            if denied == "like" or (trait == "without") != (denied == "denied"):
                if denied != "denied" or trait not in _MAY_LACK:
                    continue
                trait, value = "without", trait
            owner = owners.of(start, end, a, b)
            if owner is None:
                continue
            found.add(Seen(a, b, owner.who, trait, value))
            if owner.noun:
                found |= _told_by_noun(folded, *owner.noun, owner.who)
        for mention in mentions.within(start, end):
            if noun := noun_before(folded, start, mention.start):
                if not is_denied(folded, start, *noun):
                    found |= _told_by_noun(folded, *noun, mention.who)
    return sorted(found, key=lambda seen: (seen.start, seen.trait, seen.value, seen.who))


def _told_by_noun(folded: str, a: int, b: int, who: int) -> set[Seen]:
    told = zip(("age", "gender"), age_and_gender(folded[a:b]), strict=True)
    return {Seen(a, b, who, trait, value) for trait, value in told if value}


def _age_of(match: re.Match[str]) -> str:
    """The age that 二十二岁, 七八岁 or 19岁 tells, "" where it is that of another time."""
    before = match.string[max(0, match.start() - 4) : match.start()]
    if _OTHER_AGE.search(before) or _OTHER_TIME.match(match["after"]):
        return ""
    words = match["number"]
    if words.isdecimal() and words.isascii():
        years = int(words)
    else:
        tens, ten, units = words.partition("十")
        digits = "零一二三四五六七八九"
        # Of 七八 and 三十五六 the first digit counts.
        years = 10 * (digits.index(tens[-1]) if tens else 1) if ten else digits.index(words[0])
        years += digits.index(units[0]) if ten and units and units[0] in digits else 0
    ages = ((13, "child"), (26, "youth"), (40, "adult"), (60, "middle_aged"), (121, "elder"))
    return next((age for limit, age in ages if years < limit), "")


def _hits(folded: str, start: int, end: int) -> list[tuple[str, str, int, int]]:
    hits: list[tuple[str, str, int, int]] = []
    there = set(folded[start:end])
    for prefix, cues in _CUES_ZH.items():
        if not there.issuperset(prefix):
            continue
        at = folded.find(prefix, start, end)
        while at >= 0:
            for cue in cues:
                match = cue.rest.match(folded, at, end) if cue.rest else None
                if match or not cue.rest:
                    stop = match.end() if match else at + len(prefix)
                    hits.append((cue.trait, cue.value, at, stop))
            at = folded.find(prefix, at + 1, end)
    for match in _AGE.finditer(folded, start, end):
        if age := _age_of(match):
            hits.append(("age", age, match.start(), match.start("after")))
    for match in _COLOURED.finditer(folded, start, end):
        hits.append(("colours", COLOUR_WORDS[match["colour"]], *match.span()))
    for match in _ORNAMENT.finditer(folded, start, end):
        hits.append(("ornament", match["thing"], *match.span("thing")))
    for match in _WOUND.finditer(folded, start, end):
        hits.append(("wound", match[0], *match.span()))
    return hits
