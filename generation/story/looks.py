"""One fixed look for each character: what the text says with its place, the rest by stable choice."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from generation.story.palette import COLOURS, colour_name, free_colour
from generation.story.traits import Seen

__all__ = ["MAIN_CAST", "appearances", "stable_number"]

MAIN_CAST = 28
# What a summary has room for.
MOST_ORNAMENTS = 2
# More changes than these are not of the look but of the scene.
MOST_STATES = 12

_NEUTRAL = ("#f2efe6", "#3a3a3f", "#8c6a45", "#c8c3b5", "#5d6470", "#d8b98a")


@dataclass(slots=True)
class _Look:
    traits: dict[str, Any] = field(default_factory=dict)
    sources: dict[str, list[int]] = field(default_factory=dict)
    states: list[dict[str, Any]] = field(default_factory=list)
    without: set[str] = field(default_factory=set)
    ornaments: list[str] = field(default_factory=list)


def stable_number(*parts: str) -> int:
    """64 bits of SHA-256 over the parts: the same on every machine and in every process."""
    return int.from_bytes(sha256("\x1f".join(parts).encode("utf-8", "surrogatepass")).digest()[:8])


def appearances(
    people: Sequence[tuple[str, dict[str, str]]],
    seen: Sequence[Seen],
    *,
    sha: str,
    period: str,
    english: bool,
    main: Collection[int],
) -> list[dict[str, Any]]:
    """The `appearance` of each person, given (name, lexicon traits) in order of importance.

    `sources` says where the text tells a trait, `invented` lists what it does not tell; of those,
    `from_lexicon` are what a reader of a well-known work expects. No two people whose places are
    in `main` share their primary colour.
    """
    looks = [_Look() for _ in people]
    for item in seen:
        # Of a person whom every reader knows, the text counts where it says what is known. A
        # gender of somebody without known species is a guess from pronouns and name.
        known = people[item.who][1]
        guessed = item.trait == "gender" and "species" not in known
        expected = item.value if guessed else known.get(item.trait, item.value)
        if expected == item.value or item.trait in looks[item.who].sources:
            _tell(looks[item.who], item, english)
    taken: set[str] = set()
    result = []
    for rank, ((name, known), look) in enumerate(zip(people, looks, strict=True)):
        invented, lexical = _fill(look, name, known, sha, period)
        _colour(look, name, sha, rank in main, taken, invented)
        worn = "、".join(look.ornaments)
        result.append(
            {
                "summary": describe(look.traits, english) + (f"，佩{worn}" if worn else ""),
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
    if item.trait == "without":
        look.without.add(item.value)
        return
    if item.trait == "ornament":
        # Whoever wears something of his own is given nothing else to hold.
        look.without.add("accessory")
        again = any(item.value[-1] == words[-1] for words in look.ornaments)
        if not again and len(look.ornaments) < MOST_ORNAMENTS:
            look.ornaments.append(item.value)
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
        if trait not in traits and trait in look.without:
            traits[trait] = "none"
            invented.add(trait)
        elif trait not in traits:
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
    look: _Look, name: str, sha: str, main: bool, taken: set[str], invented: set[str]
) -> None:
    told = look.traits.get("colours")
    choice = stable_number(sha, name, "colours")
    if told and not (main and told[0] in taken):
        primary = told[0]
    else:
        # A colour that somebody more important wears already would make two people look alike.
        look.sources.pop("colours", None)
        invented.add("colours")
        primary = free_colour(choice % len(COLOURS), taken if main else set())
    if main:
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
