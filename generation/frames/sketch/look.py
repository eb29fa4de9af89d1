"""The fixed look: drawing parameters of a character from its traits, the rest from its seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

from generation.frames.sketch import colour
from generation.frames.sketch.kinds import KINDS, OF_WORD, kind_of
from generation.story.look_words import HEALS

VOCABULARY: dict[str, tuple[str, ...]] = {
    "gender": ("male", "female", "unknown"),
    "age": ("child", "youth", "adult", "middle_aged", "elder"),
    "species": ("human", *KINDS),
    "hair": (
        "bun",
        "topknot",
        "long",
        "ponytail",
        "short",
        "bald",
        "braid",
        "twin_buns",
        "curly",
    ),
    "hair_colour": ("black", "grey", "white", "brown", "red", "blond"),
    "beard": ("none", "short", "long", "moustache"),
    "build": ("slim", "average", "strong", "stout", "small"),
    "clothes": (
        "robe",
        "hanfu",
        "armour",
        "dress",
        "suit",
        "jacket",
        "shirt",
        "monk_robe",
        "rags",
        "uniform",
        "coat",
    ),
    "headgear": (
        "none",
        "crown",
        "helmet",
        "official_cap",
        "straw_hat",
        "hood",
        "headband",
        "hat",
    ),
    "accessory": (
        "none",
        "sword",
        "staff",
        "fan",
        "glasses",
        "scarf",
        "book",
        "spear",
        "bow",
        "gourd",
        "umbrella",
        "bag",
    ),
    "skin": ("light", "tan", "dark", "red", "pale"),
    "wound": ("none", "bandage", "blood"),
}
# Words of a dated change that tell of a wound, which is seen until it has healed.
WOUND_WORDS = (
    ("bandage", ("绷带", "包扎", "裹伤", "bandage")),
    ("blood", ("受伤", "负伤", "流血", "血", "中箭", "刀伤", "wound", "blood", "bleed")),
)

HAIR = {
    "black": "#2a2527",
    "grey": "#8f8d8a",
    "white": "#eceae4",
    "brown": "#6a4630",
    "red": "#a2432a",
    "blond": "#d8b56a",
}
SKIN = {
    "light": "#f4d6b9",
    "tan": "#dfb48d",
    "dark": "#9a6a48",
    "red": "#cf7a5c",
    "pale": "#f3e4d9",
}
# Pairs of main and second colour for characters whose text names none: far apart from each other
# and from the muted backgrounds.
PALETTE: tuple[tuple[str, str], ...] = (
    ("#b23a35", "#f0c75e"), ("#2f5d8a", "#e7e2d3"), ("#3f7f5f", "#e9d8a6"), ("#7a4a8c", "#e3c9e8"),
    ("#d98a2b", "#5a3a22"), ("#2f8f94", "#f3e3c3"), ("#c25b7c", "#fbe3ea"), ("#5b6b3a", "#d9c98f"),
    ("#39406b", "#c9a24a"), ("#a4622f", "#efe0c8"), ("#6c7f99", "#26364d"), ("#d3b13c", "#7d3b2c"),
    ("#4f9bc4", "#f6f0df"), ("#8c2f4f", "#d8b9a0"), ("#557a3c", "#b24a3a"), ("#8a6fb0", "#f1d27a"),
)  # fmt: skip


FURRED = frozenset({
    "monkey", "fox", "rabbit", "mouse", "cat", "dog", "wolf", "bear", "horse", "ox", "sheep", "bird", "owl", "duck",
})  # fmt: skip
FURS = {
    "grey": "#9d9a95",
    "white": "#f2eee6",
    "brown": "#8f6238",
    "red": "#b5562f",
    "blond": "#dcb873",
}
EASTERN = frozenset({"robe", "hanfu", "monk_robe", "armour", "rags"})
FACES = 3600  # kinds of eyes, brows, noses, jaws and marks


@dataclass(frozen=True)
class Look:
    """Everything that fixes how a character is drawn; colours are `#rrggbb`."""

    id: str
    name: str
    gender: str
    age: str
    species: str
    hair: str
    hair_colour: str
    beard: str
    build: str
    clothes: str
    primary: str
    secondary: str
    headgear: str
    accessory: str
    skin: str
    skin_colour: str
    hair_paint: str
    face: int  # which of the FACES
    seed: int
    wound: str = "none"
    coat: str = ""  # colour of fur, feathers or hide

    @property
    def female(self) -> bool:
        """Whether the figure is drawn with a woman's proportions."""
        return self.gender == "female"

    @property
    def eastern(self) -> bool:
        """Whether hats, crowns and armour are those of old China."""
        return self.clothes in EASTERN and self.hair not in ("short", "curly")

    @property
    def height(self) -> float:
        """Stature as a share of an adult man's."""
        stature = {"child": 0.66, "youth": 0.94, "elder": 0.95}.get(self.age, 1.0)
        stature *= {"small": 0.88, "strong": 1.05}.get(self.build, 1.0)
        stature *= kind_of(self.species).stature
        return stature * (0.94 if self.female and self.age != "child" else 1.0)

    @property
    def head(self) -> float:
        """Head height as a share of an adult's; animals' heads are larger, to be told apart."""
        share = {"child": 0.86, "youth": 0.97}.get(self.age, 1.0)
        return share * (1.12 if kind_of(self.species).hairless else 1.0)

    @property
    def width(self) -> float:
        """Breadth of the body as a share of an average adult man's."""
        breadth = {"slim": 0.88, "strong": 1.16, "stout": 1.34, "small": 0.9}.get(self.build, 1.0)
        breadth *= {"child": 0.72, "youth": 0.93}.get(self.age, 1.0)
        return breadth * (0.9 if self.female and self.age != "child" else 1.0)


def _draw(seed: int, key: str, count: int) -> int:
    """A number below `count` from the seed and a key, the same on every machine."""
    digest = hashlib.blake2b(f"{seed}:{key}".encode(), digest_size=8).digest()
    return int.from_bytes(digest, "big") % count


def traits_of(person: Mapping[str, object], at: int | None = None) -> dict[str, object]:
    """The traits that hold at code point `at` of the novel.

    Dated states that carry their own `traits` override the first ones from their offset on.
    """
    appearance = person.get("appearance")
    if not isinstance(appearance, Mapping):
        return {}
    first = appearance.get("traits")
    merged = dict(first) if isinstance(first, Mapping) else {}
    states = appearance.get("states")
    if at is None or not isinstance(states, Sequence):
        return merged
    dated = [s for s in states if isinstance(s, Mapping) and isinstance(s.get("from"), int)]
    for state in sorted(dated, key=lambda s: s["from"]):
        change = state.get("traits")
        if state["from"] <= at and isinstance(change, Mapping):
            merged.update(change)
    return merged


def _wound(person: Mapping[str, object], at: int | None) -> str:
    appearance = person.get("appearance")
    states = appearance.get("states") if isinstance(appearance, Mapping) else None
    if at is None or not isinstance(states, Sequence):
        return "none"
    for state in states:
        begins = state.get("from") if isinstance(state, Mapping) else None
        if isinstance(begins, int) and begins <= at < begins + HEALS:
            summary = str(state.get("summary") or "").lower()
            for kind, words in WOUND_WORDS:
                if any(word in summary for word in words):
                    return kind
    return "none"


def _chosen(traits: Mapping[str, object], key: str, fallback: str) -> str:
    value = traits.get(key)
    known = isinstance(value, str) and value in VOCABULARY[key]
    return str(value) if known else fallback


def _pick(seed: int, key: str, options: Sequence[str]) -> str:
    return options[_draw(seed, key, len(options))]


def _hair(seed: int, gender: str, clothes: str) -> str:
    if clothes == "monk_robe":
        return "bald"
    modern = clothes in ("suit", "jacket", "shirt", "uniform", "coat")
    if gender == "female":
        return _pick(
            seed, "hair", ("long", "ponytail", "curly") if modern else ("bun", "long", "braid")
        )
    return _pick(seed, "hair", ("short", "curly") if modern else ("topknot", "bun", "ponytail"))


def _colours(traits: Mapping[str, object], seed: int) -> tuple[str, str]:
    given = traits.get("colours")
    named = (
        [str(c).lower() for c in given if colour.is_hex(c)]
        if isinstance(given, list | tuple)
        else []
    )
    if len(named) >= 2:
        return named[0], named[1]
    first, second = PALETTE[_draw(seed, "colours", len(PALETTE))]
    if not named:
        return first, second
    far = abs(colour.luminance(named[0]) - colour.luminance(second)) > 0.18
    return named[0], second if far else colour.mix(named[0], "#fff4dc", 0.72)


def _coat(species: str, hair_colour: str | None) -> str:
    """The colour of fur, feathers or hide. Black is what a text that is silent gets, so it tells
    nothing; any other colour is kept."""
    own = kind_of(species).coat
    return FURS.get(hair_colour, own) if hair_colour is not None and species in FURRED else own


def _skin_paint(species: str, skin: str, coat: str) -> str:
    kind = kind_of(species)
    if species in ("human", "monkey", "spirit") or (
        species == "demon" and skin in ("red", "dark", "tan")
    ):
        return SKIN[skin]
    return coat if kind.hairless else kind.coat


def look_of(person: Mapping[str, object], at: int | None = None) -> Look:
    """The fixed look of a character of storyboard.json's `cast`.

    Traits outside of the vocabulary count as missing; what is missing is filled from
    `person["seed"]`, so that the same person always looks the same. `at` is the code point
    of the novel that the shot starts at, for dated changes of the look.
    """
    raw_seed = person.get("seed")
    seed = raw_seed if isinstance(raw_seed, int) else 0
    traits = traits_of(person, at)
    gender = _chosen(traits, "gender", "unknown")
    if gender == "unknown":
        gender = _pick(seed, "gender", ("male", "female"))
    age = _chosen(traits, "age", "adult")
    animal = traits.get("animal")
    species = _chosen(traits, "species", "human")
    if isinstance(animal, str) and animal in OF_WORD:
        species = OF_WORD[animal]
    clothes = _chosen(traits, "clothes", "hanfu" if gender == "female" else "robe")
    old = age == "elder"
    hair_colour = _chosen(
        traits,
        "hair_colour",
        "white" if old else _pick(seed, "hair_colour", ("black",) * 5 + ("brown",)),
    )
    grown = gender == "male" and species == "human"
    beard = "long" if grown and old else "none"
    if grown and age == "middle_aged":
        beard = _pick(seed, "beard", ("short", "moustache", "none"))
    skin = _chosen(traits, "skin", "light")
    primary, secondary = _colours(traits, seed)
    kind, told = kind_of(species), traits.get("hair_colour")
    coat = _coat(species, told if isinstance(told, str) else None)
    return Look(
        id=str(person.get("id", "")),
        name=str(person.get("name", "")),
        gender=gender,
        age=age,
        species=species,
        hair="bald" if kind.hairless else _chosen(traits, "hair", _hair(seed, gender, clothes)),
        hair_colour=hair_colour,
        beard=_chosen(traits, "beard", beard),
        build=_chosen(traits, "build", "average"),
        clothes=clothes,
        primary=primary,
        secondary=secondary,
        headgear=_chosen(traits, "headgear", "none"),
        accessory=_chosen(traits, "accessory", "none"),
        skin=skin,
        skin_colour=_skin_paint(species, skin, coat),
        hair_paint=coat if kind.hairless else HAIR[hair_colour],
        face=_draw(seed, "face", FACES),
        seed=seed,
        wound=_chosen(traits, "wound", _wound(person, at)),
        coat=coat,
    )


def dressed(look: Look, name: str, value: str) -> Look | None:
    """The look with another value of one attribute, its colours with it; None where the kind of
    being cannot have it (fur has no hairdress)."""
    kind = kind_of(look.species)
    if name == "species":
        coat = _coat(value, look.hair_colour)
        other = kind_of(value)
        hair = look.hair if not other.hairless else "bald"
        return replace(
            look,
            species=value,
            coat=coat,
            hair=hair,
            skin_colour=_skin_paint(value, look.skin, coat),
            hair_paint=coat if other.hairless else HAIR[look.hair_colour],
        )
    if name in ("hair", "hair_colour") and kind.hairless:
        return None
    fields: dict[str, Any] = {name: value}
    changed = replace(look, **fields)
    if name == "hair_colour":
        return replace(changed, hair_paint=HAIR[value])
    if name == "skin":
        return replace(changed, skin_colour=_skin_paint(look.species, value, look.coat))
    return changed
