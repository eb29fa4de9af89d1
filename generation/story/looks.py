"""One fixed look for each character: what the text says with its place, the rest by stable choice."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any, NamedTuple

from generation.story.mentions import Mentions
from generation.story.palette import COLOURS, colour_name, free_colour

__all__ = ["MAIN_CAST", "Seen", "appearances", "observe", "stable_number"]

MAIN_CAST = 28
# More changes than these are not of the look but of the scene.
MOST_STATES = 12
_REACH = 45

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
    ("hair", "ponytail", r"马尾"),
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
_NEUTRAL = ("#f2efe6", "#3a3a3f", "#8c6a45", "#c8c3b5", "#5d6470", "#d8b98a")


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


@dataclass(slots=True)
class _Look:
    traits: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, list[int]] = field(default_factory=dict)
    states: list[dict[str, Any]] = field(default_factory=list)


def stable_number(*parts: str) -> int:
    """64 bits of SHA-256 over the parts: the same on every machine and in every process."""
    return int.from_bytes(sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()[:8])


def observe(
    folded: str, spans: Sequence[tuple[int, int]], mentions: Mentions, *, english: bool
) -> list[Seen]:
    """Every trait that the text tells of somebody who is named shortly before, in order."""
    found: list[Seen] = []
    for start, end in spans:
        for trait, value, a, b in _hits(folded, start, end, english):
            for mention in mentions.before(a, _REACH):
                # The last one named before it within the same paragraph, or nobody.
                if mention.start >= start and "\n" not in folded[mention.end : a]:
                    found.append(Seen(a, b, mention.who, trait, value))
                break
    return sorted(found, key=lambda seen: (seen.start, seen.trait, seen.value))


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
            if match or not cue.rest:
                stop = match.end() if match else at + len(cue.prefix)
                hits.append((cue.trait, cue.value, at, stop))
            at = folded.find(cue.prefix, at + 1, end)
    for match in _COLOURED.finditer(folded, start, end):
        hits.append(("colours", _COLOUR_VALUES[match["colour"]], *match.span()))
    for match in _WOUND.finditer(folded, start, end):
        hits.append(("wound", match[0], *match.span()))
    return hits


def appearances(
    people: Sequence[tuple[str, dict[str, str]]],
    seen: Sequence[Seen],
    *,
    sha: str,
    period: str,
    english: bool,
) -> list[dict[str, Any]]:
    """The `appearance` of each person, given (name, lexicon traits) in order of importance.

    `sources` says where the text tells a trait, `invented` lists what it does not tell; of those,
    `from_lexicon` are what a reader of a well-known work expects. No two of the first MAIN_CAST
    people share their primary colour.
    """
    looks = [_Look() for _ in people]
    for item in seen:
        if item.who < len(looks):
            _tell(looks[item.who], item, english)
    taken: set[str] = set()
    result = []
    for rank, ((name, known), look) in enumerate(zip(people, looks, strict=True)):
        invented, lexical = _fill(look, name, known, sha, period)
        _colour(look, name, sha, rank, taken, invented)
        result.append(
            {
                "summary": describe(look.traits, english),
                "traits": look.traits,
                "states": look.states,
                "sources": look.sources,
                "invented": sorted(invented),
                "from_lexicon": sorted(lexical),
            }
        )
    return result


def _tell(look: _Look, item: Seen, english: bool) -> None:
    if item.trait == "wound":
        if len(look.states) < MOST_STATES:
            words = "wounded" if english else "身上带伤"
            look.states.append({"from": item.start, "summary": words, "traits": {"wound": True}})
        return
    if item.trait not in look.sources:
        look.sources[item.trait] = [item.start, item.end]
        look.traits[item.trait] = item.value if item.trait != "colours" else [item.value]
        return
    changes = item.trait in ("clothes", "headgear", "hair_colour", "beard", "hair")
    before = look.states[-1]["traits"].get(item.trait) if look.states else None
    current = before or look.traits[item.trait]
    later = item.start - look.sources[item.trait][0] > 3_000
    if changes and later and item.value != current and len(look.states) < MOST_STATES:
        summary = _phrase(item.trait, item.value, english)
        look.states.append(
            {"from": item.start, "summary": summary, "traits": {item.trait: item.value}}
        )


_CHOICES: dict[str, dict[str, tuple[str, ...]]] = {
    "classical": {
        "hair": ("topknot", "bun", "topknot"), "clothes": ("robe", "hanfu", "robe"),
        "headgear": ("none", "none", "headband", "hat"), "accessory": ("none", "none", "none", "book", "fan"),
        "beard": ("none", "short", "moustache", "long"),
    },
    "modern": {
        "hair": ("short",), "clothes": ("shirt", "jacket", "suit", "coat"),
        "headgear": ("none",), "accessory": ("none", "none", "glasses", "bag"),
        "beard": ("none", "none", "none", "short"),
    },
}  # fmt: skip


def _fill(
    look: _Look, name: str, known: dict[str, str], sha: str, period: str
) -> tuple[set[str], set[str]]:
    invented: set[str] = set()
    lexical: set[str] = set()
    traits = look.traits
    for trait, value in known.items():
        if trait == "colours":
            continue
        if trait not in traits:
            traits[trait] = value
            lexical.add(trait)
            invented.add(trait)
    age_rules = ("child", "youth", "adult", "adult", "middle_aged")
    defaults = {
        "gender": ("unknown",),
        "species": ("human",),
        "age": age_rules[1:] if period == "modern" else age_rules[2:],
        "build": ("average", "average", "slim", "strong"),
        "skin": ("light", "light", "tan"),
    }
    for trait, options in defaults.items():
        if trait not in traits:
            traits[trait] = _choose(options, sha, name, trait)
            invented.add(trait)
    style = _CHOICES["modern" if period in ("modern", "scifi") else "classical"]
    for trait in ("hair", "hair_colour", "beard", "clothes", "headgear", "accessory"):
        if trait not in traits:
            traits[trait] = _invent(trait, traits, style, sha, name)
            invented.add(trait)
    order = (
        "gender", "age", "species", "hair", "hair_colour", "beard", "build", "clothes", "headgear",
        "accessory", "skin",
    )  # fmt: skip
    colours = traits.get("colours")
    look.traits = {trait: traits[trait] for trait in order}
    if colours:
        look.traits["colours"] = colours
    return invented, lexical


def _invent(
    trait: str, traits: dict[str, Any], style: dict[str, tuple[str, ...]], sha: str, name: str
) -> str:
    female = traits["gender"] == "female"
    young = traits["age"] in ("child", "youth")
    if trait == "hair":
        if female and "short" in style["hair"]:
            return _choose(("long", "ponytail", "short", "braid"), sha, name, trait)
        if traits["age"] == "child" and "short" not in style["hair"]:
            return "twin_buns"
        return "bun" if female else _choose(style["hair"], sha, name, trait)
    if trait == "hair_colour":
        return {"elder": "white"}.get(traits["age"], "black")
    if trait == "beard":
        if female or young or traits["species"] in ("monkey", "pig", "fox", "rabbit"):
            return "none"
        return _choose(style["beard"], sha, name, trait)
    if trait == "clothes" and female:
        return "dress" if "suit" in style["clothes"] else "hanfu"
    if trait == "headgear" and female:
        return "none"
    return _choose(style[trait], sha, name, trait)


def _choose(options: Sequence[str], sha: str, name: str, trait: str) -> str:
    return options[stable_number(sha, name, trait) % len(options)]


def _colour(
    look: _Look, name: str, sha: str, rank: int, taken: set[str], invented: set[str]
) -> None:
    told = look.traits.get("colours")
    choice = stable_number(sha, name, "colours")
    if told and not (rank < MAIN_CAST and told[0] in taken):
        primary = told[0]
    else:
        # A colour that somebody more important wears already would make two people look alike.
        look.sources.pop("colours", None)
        invented.add("colours")
        primary = free_colour(choice % len(COLOURS), taken if rank < MAIN_CAST else set())
    if rank < MAIN_CAST:
        taken.add(primary)
    look.traits["colours"] = [primary, _NEUTRAL[choice // 31 % len(_NEUTRAL)]]


_WORDS: dict[str, dict[str, tuple[str, str]]] = {
    "species": {
        "monkey": ("猴", "monkey"), "pig": ("猪", "pig"), "fox": ("狐", "fox"), "rabbit": ("兔", "rabbit"),
        "dragon": ("龙", "dragon"), "demon": ("妖", "demon"), "spirit": ("仙", "celestial"),
    },
    "age": {
        "child": ("年幼", "child"), "youth": ("年轻", "young"), "adult": ("成年", "adult"),
        "middle_aged": ("中年", "middle-aged"), "elder": ("老年", "elderly"),
    },
    "build": {
        "slim": ("身材清瘦", "slim"), "average": ("身材中等", "of average build"), "strong": ("身材魁梧", "strongly built"),
        "stout": ("身材肥胖", "stout"), "small": ("身材矮小", "small"),
    },
    "skin": {
        "light": ("肤色白净", "light skin"), "tan": ("肤色微黑", "tanned skin"), "dark": ("面色黝黑", "dark skin"),
        "red": ("面色赤红", "red face"), "pale": ("面色苍白", "pale skin"),
    },
    "hair": {
        "bun": ("梳发髻", "hair in a bun"), "topknot": ("束发", "topknot"), "long": ("长发", "long hair"),
        "ponytail": ("马尾", "ponytail"), "short": ("短发", "short hair"), "bald": ("光头", "bald head"),
        "braid": ("梳辫子", "braid"), "twin_buns": ("双丫髻", "twin buns"), "curly": ("卷发", "curly hair"),
    },
    "hair_colour": {
        "black": ("黑色", "black"), "grey": ("灰色", "grey"), "white": ("白色", "white"),
        "brown": ("棕色", "brown"), "red": ("红色", "red"), "blond": ("金色", "blond"),
    },
    "beard": {"short": ("短须", "short beard"), "long": ("长须", "long beard"), "moustache": ("八字胡", "moustache"), "none": ("无须", "no beard")},
    "clothes": {
        "robe": ("长袍", "robe"), "hanfu": ("汉服", "hanfu"), "armour": ("铠甲", "armour"), "dress": ("长裙", "dress"),
        "suit": ("西装", "suit"), "jacket": ("夹克", "jacket"), "shirt": ("衬衫", "shirt"),
        "monk_robe": ("僧袍", "monk's robe"), "rags": ("破衣", "rags"), "uniform": ("制服", "uniform"), "coat": ("大衣", "coat"),
    },
    "headgear": {
        "crown": ("头戴冠", "crown"), "helmet": ("头戴盔", "helmet"), "official_cap": ("头戴官帽", "official cap"),
        "straw_hat": ("头戴斗笠", "straw hat"), "hood": ("头戴风帽", "hood"), "headband": ("头扎巾带", "headband"), "hat": ("头戴帽", "hat"),
        "none": ("不戴帽", "bareheaded"),
    },
    "accessory": {
        "sword": ("佩剑", "sword"), "staff": ("持杖棒", "staff"), "fan": ("持扇", "fan"), "glasses": ("戴眼镜", "glasses"),
        "scarf": ("围围巾", "scarf"), "book": ("持书", "book"), "spear": ("持长兵器", "spear"), "bow": ("带弓", "bow"),
        "gourd": ("挂葫芦", "gourd"), "umbrella": ("持伞", "umbrella"), "bag": ("背包", "bag"), "none": ("空手", "nothing in hand"),
    },
}  # fmt: skip


def _word(trait: str, value: str, english: bool) -> str:
    return _WORDS[trait][value][english]


def _phrase(trait: str, value: str, english: bool) -> str:
    words = _word(trait, value, english)
    if trait == "clothes":
        return f"now wears {words}" if english else f"改穿{words}"
    return f"now {words}" if english else f"改为{words}"


def describe(traits: dict[str, Any], english: bool) -> str:
    """The fixed words for a look; they go into every prompt as they are."""
    colour = colour_name(traits["colours"][0], english)
    second = f"{traits['colours'][1]}"
    hair = _word("hair", traits["hair"], english)
    bald = traits["hair"] == "bald"
    shade = _word("hair_colour", traits["hair_colour"], english)
    beard, headgear, accessory = traits["beard"], traits["headgear"], traits["accessory"]
    species = traits["species"]
    if english:
        sex = {"male": "man", "female": "woman"}.get(traits["gender"], "person")
        if traits["age"] == "child":
            sex = {"male": "boy", "female": "girl"}.get(traits["gender"], "child")
        if species not in ("human",):
            sex = f"{_word('species', species, True)} {sex}"
        age = "" if traits["age"] == "child" else _word("age", traits["age"], True) + " "
        parts = [
            f"{age}{sex}",
            _word("build", traits["build"], True),
            _word("skin", traits["skin"], True),
        ]
        parts.append(hair if bald else f"{shade} {hair}")
        parts += [_word("beard", beard, True)] if beard != "none" else []
        parts.append(f"{colour} {_word('clothes', traits['clothes'], True)} with {second} trim")
        parts += [_word("headgear", headgear, True)] if headgear != "none" else []
        parts += [_word("accessory", accessory, True)] if accessory != "none" else []
        return ", ".join(parts)
    sex = {"male": "男性", "female": "女性"}.get(traits["gender"], "人物")
    kind = "" if species == "human" else f"（{_word('species', species, False)}形）"
    parts = [
        f"{_word('age', traits['age'], False)}{sex}{kind}",
        _word("build", traits["build"], False),
    ]
    parts += [_word("skin", traits["skin"], False), hair if bald else f"{shade}头发{hair}"]
    parts += [_word("beard", beard, False)] if beard != "none" else []
    parts.append(f"身穿{colour}{_word('clothes', traits['clothes'], False)}")
    parts += [_word("headgear", headgear, False)] if headgear != "none" else []
    parts += [_word("accessory", accessory, False)] if accessory != "none" else []
    return "，".join(parts)
