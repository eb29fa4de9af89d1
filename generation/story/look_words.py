"""A look in words: the fixed description that goes into every prompt as it stands."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from generation.story.palette import colour_name

__all__ = ["HEALS", "describe", "phrase", "worn_at"]

# Code points of the novel after which nobody speaks of a wound any more.
HEALS = 6_000

_BEASTS = frozenset(["monkey", "pig", "fox", "rabbit", "dragon"])

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


def phrase(trait: str, value: str, english: bool) -> str:
    words = _word(trait, value, english)
    if trait == "clothes":
        return f"now wears {words}" if english else f"改穿{words}"
    return f"now {words}" if english else f"改为{words}"


def describe(traits: dict[str, Any], english: bool) -> str:
    """The fixed words for a look; they go into every prompt as they are."""
    colour = colour_name(traits["colours"][0], english)
    second = colour_name(traits["colours"][1], english)
    hair = _word("hair", traits["hair"], english)
    bald = traits["hair"] == "bald"
    shade = _word("hair_colour", traits["hair_colour"], english)
    beard, headgear, accessory = traits["beard"], traits["headgear"], traits["accessory"]
    species = traits["species"]
    beast = species in _BEASTS or "animal" in traits
    if english:
        parts = [
            _kind_of_person(traits),
            _word("build", traits["build"], True),
        ]
        if not beast:
            parts.append(_word("skin", traits["skin"], True))
            parts.append(hair if bald else f"{shade} {hair}")
        parts += [_word("beard", beard, True)] if beard != "none" else []
        parts.append(f"{colour} {_word('clothes', traits['clothes'], True)} with {second} trim")
        parts += [_word("headgear", headgear, True)] if headgear != "none" else []
        parts += [_word("accessory", accessory, True)] if accessory != "none" else []
        return ", ".join(parts)
    sex = {"male": "男性", "female": "女性"}.get(traits["gender"], "人物")
    form = traits.get("animal") or _word("species", species, False) if species != "human" else ""
    kind = f"（{form}形）" if form else ""
    parts = [
        f"{_word('age', traits['age'], False)}{sex}{kind}",
        _word("build", traits["build"], False),
    ]
    if not beast or traits["hair_colour"] != "black":
        parts.append(
            hair if bald else f"{shade}{'毛发' if beast else '头发'}{'' if beast else hair}"
        )
    parts += [] if beast else [_word("skin", traits["skin"], False)]
    parts += [_word("beard", beard, False)] if beard != "none" else []
    parts.append(f"身穿{colour}{_word('clothes', traits['clothes'], False)}")
    parts += [_word("headgear", headgear, False)] if headgear != "none" else []
    parts += [_word("accessory", accessory, False)] if accessory != "none" else []
    return "，".join(parts)


def _kind_of_person(traits: dict[str, Any]) -> str:
    """young woman; boy; elderly male owl: an animal that stands and is dressed like a person."""
    age = _word("age", traits["age"], True)
    child = traits["age"] == "child"
    species = traits["species"]
    if species == "human":
        if child:
            return {"male": "boy", "female": "girl"}.get(traits["gender"], "child")
        sex = {"male": "man", "female": "woman"}.get(traits["gender"], "person")
        return sex if traits["age"] == "adult" else f"{age} {sex}"
    told = traits["gender"] if traits["gender"] != "unknown" else ""
    form = traits.get("animal") or _word("species", species, True)
    return " ".join(
        part for part in ("" if age == "adult" else age, told, form, "in human dress") if part
    )


def worn_at(states: Iterable[Any], at: int) -> list[str]:
    """What has changed of a look by code point `at`, in words: new clothes are worn until there are
    newer ones, a wound heals, and so does what names no trait. What is no dated state says nothing."""
    worn: dict[str, str] = {}
    for state in states:
        begins = state.get("from") if isinstance(state, dict) else None
        if not isinstance(begins, int):
            continue
        trait = next(iter(state.get("traits") or {}), "")
        if begins <= at and (trait not in ("", "wound") or at < begins + HEALS):
            worn[trait] = str(state.get("summary") or "")
    return [words for words in worn.values() if words]
