"""One fixed look for each character: what the text says with its place, the rest by stable choice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from generation.story.look_words import describe, phrase
from generation.story.palette import COLOURS, free_colour
from generation.story.traits import Seen
from generation.story.world import ANIMALS, Style, World, style_of

__all__ = ["MAIN_CAST", "appearances", "chosen_look", "describe", "stable_number"]

MAIN_CAST = 28
# What a summary has room for.
MOST_ORNAMENTS = 2
# More changes than these are not of the look but of the scene.
MOST_STATES = 12

_BEASTS = frozenset(["monkey", "pig", "fox", "rabbit", "dragon"])
# What somebody is all along: the value that the text tells most often counts, not the first.
_LASTING = ("age", "gender", "species", "skin", "build", "beard", "hair_colour")
# So often must the text tell another age than a title or role does.
_SURE = 3
# Of whom the text tells less than this, once is enough.
_OFTEN = 12

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


def chosen_look(
    appearance: Mapping[str, Any], traits: Mapping[str, Any], further: str, *, english: bool
) -> dict[str, Any]:
    """An `appearance` with the traits that somebody chose for it, and words that come after what they
    say; its dated changes stay. What was chosen is neither invented nor read out of the text."""
    old = appearance.get("traits") or {}
    new = dict(traits)
    if old.get("animal") and new.get("species") == old.get("species"):
        new["animal"] = old["animal"]
    said = describe(new, english)
    joint = ", " if english else "，"
    changed = {name for name, value in new.items() if value != old.get(name)}
    return {
        **appearance,
        "traits": new,
        "summary": f"{said}{joint}{further}" if further else said,
        "invented": [name for name in appearance.get("invented", ()) if name not in changed],
        "from_lexicon": [
            name for name in appearance.get("from_lexicon", ()) if name not in changed
        ],
        "sources": {
            name: span
            for name, span in (appearance.get("sources") or {}).items()
            if name not in changed
        },
    }


def appearances(
    people: Sequence[tuple[str, dict[str, str]]],
    seen: Sequence[Seen],
    *,
    sha: str,
    world: World,
    english: bool,
    main: Collection[int],
) -> list[dict[str, Any]]:
    """The `appearance` of each person, given (name, lexicon traits) in order of importance.

    `sources` says where the text tells a trait, `invented` lists what it does not tell; of those,
    `from_lexicon` are what a reader of a well-known work expects. No two people whose places are
    in `main` share their primary colour.
    """
    looks = [_Look() for _ in people]
    for item in _agreed(people, seen):
        # Of a person whom every reader knows, the text counts where it says what is known. A
        # gender of somebody without known species is a guess from pronouns and name.
        known = people[item.who][1]
        guessed = item.trait == "gender" and "species" not in known
        expected = item.value if guessed else known.get(item.trait, item.value)
        if expected == item.value or item.trait in looks[item.who].sources:
            _tell(looks[item.who], item, english)
    taken: set[str] = set()
    # What the text says somebody wears is not given to another because it says nothing of him.
    told = {
        look.traits["colours"][0]
        for rank, look in enumerate(looks)
        if rank in main and "colours" in look.traits
    }
    result = []
    for rank, ((name, known), look) in enumerate(zip(people, looks, strict=True)):
        invented, lexical = _fill(look, name, known, sha, world)
        _colour(look, name, sha, rank in main, taken, told, invented)
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


def _agreed(people: Sequence[tuple[str, dict[str, str]]], seen: Sequence[Seen]) -> list[Seen]:
    """`seen` without what most of the other places contradict."""
    votes: Counter[tuple[int, str, str]] = Counter(
        (item.who, item.trait, item.value) for item in seen if item.trait in _LASTING
    )
    best: dict[tuple[int, str], tuple[int, str]] = {}
    for item in seen:
        if item.trait in _LASTING:
            count = votes[item.who, item.trait, item.value]
            if count > best.get((item.who, item.trait), (0, ""))[0]:
                best[item.who, item.trait] = (count, item.value)
    told_of = Counter(item.who for item in seen)
    for (who, trait), (count, value) in list(best.items()):
        told = people[who][1].get(trait, value)
        narrator = people[who][0] in ("我", "I")
        # White hair comes with age, or is told more than once.
        white = trait == "hair_colour" and value == "white" and people[who][1].get("age") != "elder"
        rash = (told != value and trait == "age") or white
        if (rash and count < _SURE and told_of[who] > _OFTEN) or (narrator and count < 2):
            del best[who, trait]
    return [
        item
        for item in seen
        if item.trait not in _LASTING or best.get((item.who, item.trait), (0, ""))[1] == item.value
    ]


def _tell(look: _Look, item: Seen, english: bool) -> None:
    if item.trait == "wound":
        if len(look.states) < MOST_STATES:
            words = "wounded" if english else "身上带伤"
            look.states.append({"from": item.start, "summary": words, "traits": {"wound": True}})
        return
    if item.trait == "animal":
        if look.traits.get("species", "human") == "human":
            look.traits |= {"species": ANIMALS[item.value], "animal": item.value}
            look.sources["species"] = [item.start, item.end]
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
        summary = phrase(item.trait, item.value, english)
        look.states.append(
            {"from": item.start, "summary": summary, "traits": {item.trait: item.value}}
        )


def _fill(
    look: _Look, name: str, known: dict[str, str], sha: str, world: World
) -> tuple[set[str], set[str]]:
    invented: set[str] = set()
    lexical: set[str] = set()
    traits = look.traits
    for trait, value in known.items():
        if trait not in traits and trait != "colours":
            traits[trait] = value
            lexical.add(trait)
            invented.add(trait)
    young = ("youth",) if world.modern else ()
    defaults = {
        "gender": ("unknown",),
        "species": ("human",),
        "age": (*young, "adult", "adult"),
        "build": _builds(traits),
        "skin": ("light", "light", "light")
        if world.culture == "west"
        else ("light", "light", "tan"),
    }
    for trait, options in defaults.items():
        if trait not in traits:
            traits[trait] = _choose(options, sha, name, trait)
            invented.add(trait)
    style = style_of(world)
    for trait in ("hair", "hair_colour", "beard", "clothes", "headgear", "accessory"):
        if trait not in traits:
            lacks = trait in look.without
            traits[trait] = "none" if lacks else _invent(trait, traits, style, sha, name)
            invented.add(trait)
    order = (
        "gender", "age", "species", "animal", "hair", "hair_colour", "beard", "build", "clothes", "headgear",
        "accessory", "skin",
    )  # fmt: skip
    colours = traits.get("colours")
    look.traits = {trait: traits[trait] for trait in order if trait in traits}
    if colours:
        look.traits["colours"] = colours
    return invented, lexical


def _builds(traits: dict[str, Any]) -> tuple[str, ...]:
    """What may be invented of a body: nobody is a strong child, and few women are drawn as strong."""
    grown_man = traits.get("gender") == "male" and traits.get("age") not in ("child", "elder")
    return ("average", "average", "slim", *(("strong",) if grown_man else ()))


def _invent(trait: str, traits: dict[str, Any], style: Style, sha: str, name: str) -> str:
    female = traits["gender"] == "female"
    young = traits["age"] in ("child", "youth")
    # An animal has its fur: no beard, no hairdress, nothing on its nose.
    beast = traits["species"] in _BEASTS or "animal" in traits
    if trait == "hair":
        if beast:
            return "short"
        if traits["age"] == "child":
            return style.child_hair[female]
    if trait == "hair_colour" and traits["age"] == "elder":
        return "white"
    if trait == "hair_colour" and young and not beast:
        options = (style.women if female else style.men)[trait]
        return _choose([colour for colour in options if colour != "grey"], sha, name, trait)
    if trait == "beard":
        old = traits["age"] == "elder" and not (female or beast)
        return "long" if old and style.bearded else "none"
    if trait in ("headgear", "accessory"):
        return "none"
    if (
        trait == "clothes"
        and traits["age"] == "child"
        and not female
        and "coat" in style.men[trait]
    ):
        return "shirt"
    return _choose((style.women if female else style.men)[trait], sha, name, trait)


def _choose(options: Sequence[str], sha: str, name: str, trait: str) -> str:
    return options[stable_number(sha, name, trait) % len(options)]


def _colour(
    look: _Look,
    name: str,
    sha: str,
    main: bool,
    taken: set[str],
    reserved: set[str],
    invented: set[str],
) -> None:
    told = look.traits.get("colours")
    choice = stable_number(sha, name, "colours")
    if told and not (main and told[0] in taken):
        primary = told[0]
    else:
        # A colour that somebody more important wears already would make two people look alike.
        look.sources.pop("colours", None)
        invented.add("colours")
        primary = free_colour(choice % len(COLOURS), taken | reserved if main else set())
    if main:
        taken.add(primary)
    look.traits["colours"] = [primary, _NEUTRAL[choice // 31 % len(_NEUTRAL)]]
