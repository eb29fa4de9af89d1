"""The words of the story room's traits, for pages: what a character looks like, phrase by phrase."""

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

# In the order in which a page lists them.
TRAIT_WORDS: dict[str, dict[str, Promise]] = {
    "gender": {"male": _("male"), "female": _("female")},
    "age": {
        "child": _("child"),
        "youth": _("young"),
        "adult": _("adult"),
        "middle_aged": _("middle-aged"),
        "elder": _("elderly"),
    },
    "species": {
        "monkey": _("monkey"),
        "pig": _("pig"),
        "fox": _("fox"),
        "rabbit": _("rabbit"),
        "dragon": _("dragon"),
        "demon": _("demon"),
        "spirit": _("celestial"),
    },
    "build": {
        "slim": _("slim"),
        "average": _("average build"),
        "strong": _("strongly built"),
        "stout": _("stout"),
        "small": _("small"),
    },
    "skin": {
        "light": _("light skin"),
        "tan": _("tanned skin"),
        "dark": _("dark skin"),
        "red": _("red face"),
        "pale": _("pale skin"),
    },
    "hair": {
        "bun": _("hair in a bun"),
        "topknot": _("topknot"),
        "long": _("long hair"),
        "ponytail": _("ponytail"),
        "short": _("short hair"),
        "bald": _("bald head"),
        "braid": _("braid"),
        "twin_buns": _("twin buns"),
        "curly": _("curly hair"),
    },
    "hair_colour": {
        "black": _("black hair"),
        "grey": _("grey hair"),
        "white": _("white hair"),
        "brown": _("brown hair"),
        "red": _("red hair"),
        "blond": _("blond hair"),
    },
    "beard": {
        "short": _("short beard"),
        "long": _("long beard"),
        "moustache": _("moustache"),
        "none": _("no beard"),
    },
    "clothes": {
        "robe": _("robe"),
        "hanfu": _("hanfu"),
        "armour": _("armour"),
        "dress": _("dress"),
        "suit": _("suit"),
        "jacket": _("jacket"),
        "shirt": _("shirt"),
        "monk_robe": _("monk's robe"),
        "rags": _("rags"),
        "uniform": _("uniform"),
        "coat": _("coat"),
    },
    "headgear": {
        "crown": _("crown"),
        "helmet": _("helmet"),
        "official_cap": _("official's cap"),
        "straw_hat": _("straw hat"),
        "hood": _("hood"),
        "headband": _("headband"),
        "hat": _("hat"),
        "none": _("bareheaded"),
    },
    "accessory": {
        "sword": _("sword"),
        "staff": _("staff"),
        "fan": _("fan"),
        "glasses": _("glasses"),
        "scarf": _("scarf"),
        "book": _("book"),
        "spear": _("spear"),
        "bow": _("bow"),
        "gourd": _("gourd"),
        "umbrella": _("umbrella"),
        "bag": _("bag"),
        "none": _("empty hands"),
    },
}
# Said of nobody unless the text says it: they would only fill the page.
UNREMARKABLE = frozenset({"none", "human", "unknown"})
