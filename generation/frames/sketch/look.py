"""The fixed look: drawing parameters of a character from its traits, the rest from its seed."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from generation.frames.sketch import colour

VOCABULARY: dict[str, tuple[str, ...]] = {
    "gender": ("male", "female", "unknown"),
    "age": ("child", "youth", "adult", "middle_aged", "elder"),
    "species": ("human", "monkey", "pig", "fox", "rabbit", "dragon", "demon", "spirit"),
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
}

HAIR = {
    "black": "#2a2527",
    "grey": "#8f8d8a",
    "white": "#eceae4",
    "brown": "#6a4630",
    "red": "#a2432a",
    "blond": "#d8b56a",
}
SKIN = {
    "light": "#f6dcc4",
    "tan": "#dfb48d",
    "dark": "#9a6a48",
    "red": "#cf7a5c",
    "pale": "#f5ebe2",
}
FUR = {"monkey": "#a9713c", "pig": "#e6b2a6", "fox": "#d2793a", "rabbit": "#efe9e2"}
HIDE = {"dragon": "#6f9a86", "demon": "#8fa07a", "spirit": "#dfe8ee"}

# Pairs of main and second colour for characters whose text names none: far apart from each other
# and from the muted backgrounds.
PALETTE: tuple[tuple[str, str], ...] = (
    ("#b23a35", "#f0c75e"), ("#2f5d8a", "#e7e2d3"), ("#3f7f5f", "#e9d8a6"), ("#7a4a8c", "#e3c9e8"),
    ("#d98a2b", "#5a3a22"), ("#2f8f94", "#f3e3c3"), ("#c25b7c", "#fbe3ea"), ("#5b6b3a", "#d9c98f"),
    ("#39406b", "#c9a24a"), ("#a4622f", "#efe0c8"), ("#6c7f99", "#26364d"), ("#d3b13c", "#7d3b2c"),
    ("#4f9bc4", "#f6f0df"), ("#8c2f4f", "#d8b9a0"), ("#557a3c", "#b24a3a"), ("#8a6fb0", "#f1d27a"),
)  # fmt: skip


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
    face: int  # 0..11: which of the face proportions
    seed: int

    @property
    def female(self) -> bool:
        """Whether the figure is drawn with a woman's proportions."""
        return self.gender == "female"

    @property
    def height(self) -> float:
        """Stature as a share of an adult man's."""
        stature = {"child": 0.66, "youth": 0.94, "elder": 0.95}.get(self.age, 1.0)
        stature *= {"small": 0.88, "strong": 1.05}.get(self.build, 1.0)
        return stature * (0.94 if self.female and self.age != "child" else 1.0)

    @property
    def head(self) -> float:
        """Head height as a share of an adult's."""
        return {"child": 0.86, "youth": 0.97}.get(self.age, 1.0)

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


def _chosen(traits: Mapping[str, object], key: str, fallback: str) -> str:
    value = traits.get(key)
    known = isinstance(value, str) and value in VOCABULARY[key]
    return str(value) if known else fallback


def _pick(seed: int, key: str, options: Sequence[str]) -> str:
    return options[_draw(seed, key, len(options))]


def _hair(seed: int, gender: str, species: str, clothes: str) -> str:
    if species in ("monkey", "pig", "fox", "rabbit", "dragon") or clothes == "monk_robe":
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


def _skin_paint(species: str, skin: str, hair_paint: str, given_hair: bool) -> str:
    if species in FUR:
        return SKIN[skin] if species == "monkey" else FUR[species]
    if species in HIDE:
        return SKIN[skin] if skin in ("red", "dark", "tan") else HIDE[species]
    return SKIN[skin]


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
    species = _chosen(traits, "species", "human")
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
    hair_given = "hair_colour" in traits
    hair_paint = HAIR[hair_colour]
    if species in FUR and not hair_given:
        hair_paint = FUR[species]
    return Look(
        id=str(person.get("id", "")),
        name=str(person.get("name", "")),
        gender=gender,
        age=age,
        species=species,
        hair=_chosen(traits, "hair", _hair(seed, gender, species, clothes)),
        hair_colour=hair_colour,
        beard=_chosen(traits, "beard", beard),
        build=_chosen(traits, "build", "average"),
        clothes=clothes,
        primary=primary,
        secondary=secondary,
        headgear=_chosen(traits, "headgear", "none"),
        accessory=_chosen(traits, "accessory", "none"),
        skin=skin,
        skin_colour=_skin_paint(species, skin, hair_paint, hair_given),
        hair_paint=hair_paint,
        face=_draw(seed, "face", 12),
        seed=seed,
    )
