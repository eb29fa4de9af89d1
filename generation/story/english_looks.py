"""Words of an English text that tell a look: to the trait vocabulary of the frames."""

from __future__ import annotations

import re

__all__ = ["COLOURED", "COLOURS_EN", "CUES", "WORN", "WORN_AS"]

_EN: tuple[tuple[str, str, str], ...] = (
    ("hair_colour", "white", r"\bwhite(?:-| )hair(?:ed)?"),
    ("hair_colour", "grey", r"\bgr[ea]y(?:-| )hair(?:ed)?"),
    ("hair_colour", "red", r"\b(?:red|ginger|auburn)(?:-| )hair(?:ed)?"),
    ("hair_colour", "black", r"\b(?:jet-?)?(?:black|dark|raven)(?:-| )hair(?:ed)?"),
    ("hair_colour", "blond", r"\b(?:blond|blonde|golden|fair|yellow)(?:-| )hair(?:ed)?"),
    ("hair_colour", "brown", r"\bbrown(?:-| )hair(?:ed)?"),
    ("hair", "long", r"long (?:\w+ )?hair|hair (?:fell|hung) (?:down|loose|to)"),
    ("hair", "short", r"short (?:\w+ )?hair|close-cropped|hair (?:was )?(?:cut|cropped) short"),
    ("hair", "bald", r"\bbald\b"), ("hair", "curly", r"curly (?:\w+ )?hair|ringlets|curls\b"),
    ("hair", "ponytail", r"\bpony-?tail\b"), ("hair", "braid", r"\bbraid(?:s|ed)?\b|\bplait(?:s|ed)?\b"),
    ("hair", "bun", r"hair (?:\w+ ){0,3}in a (?:\w+ )?(?:bun|knot)|hair (?:was )?pinned up"),
    ("beard", "long", r"long (?:\w+ )?beard|white beard|beard (?:fell|hung|reached)"),
    ("beard", "short", r"(?:short|trimmed|clipped|neat|black|brown|red|gr[ea]y) (?:\w+ )?beard|\bbearded\b|\bstubble\b"),
    ("beard", "moustache", r"\bmo?ustaches?\b"), ("beard", "none", r"\bclean-?shaven\b"),
    ("build", "stout", r"\b(?:stout|fat|portly)\b"), ("build", "slim", r"\b(?:slender|thin|slim)\b"),
    ("build", "strong", r"\b(?:burly|muscular|brawny)\b"),
    ("headgear", "crown", r"\bcrown (?:up)?on (?:his|her) head"),
    ("headgear", "hood", r"\b(?:his|her|their|a|with) hood\b(?! of\b)|\bhooded\b"),
    ("headgear", "hat", r"\b(?:top-|straw |felt )?(?:hat|bonnet)\b(?! stand| rack)|\b(?:his|her) cap\b"),
    ("accessory", "fan", r"\b(?:his|her) fan\b|\bfann(?:ed|ing) (?:him|her)self"),
    ("accessory", "glasses", r"\b(?:spectacles|eyeglasses)\b|\b(?:his|her|wore|wearing|rimmed|reading|thick|round|steel|gold) (?:\w+ )?glasses\b(?! of\b)"),
    ("accessory", "sword", r"\b(?:his|her|a|the) (?:[\w-]+ ){0,2}sword\b"),
    ("accessory", "staff", r"\b(?:his|her) (?:\w+ )?(?:staff|walking[- ]stick|cane)\b(?! of\b)"),
    ("accessory", "scarf", r"\b(?:his|her|a) (?:[\w-]+ ){0,2}scarf\b"),
    ("accessory", "bag", r"\b(?:his|her|a) (?:[\w-]+ ){0,2}(?:satchel|backpack|rucksack|briefcase|handbag|bag)\b(?! of\b)"),
    ("accessory", "umbrella", r"\bumbrella\b"),
    ("clothes", "coat", r"\b(?:overcoat|frock-coat|raincoat|greatcoat|trench coat)\b"),
    ("clothes", "suit", r"\bwaistcoat\b"),
    ("clothes", "dress", r"\b(?:gown|frock)\b"),
    ("clothes", "armour", r"\b(?:suit of |in (?:\w+ )?|his |her )armou?r\b|\bbreastplate\b|\bchain ?mail\b"),
    ("clothes", "rags", r"\bin rags\b|\bragged clothes\b"),
    ("clothes", "uniform", r"\b(?:uniform|livery)\b"), ("skin", "pale", r"(?<!turned )(?<!turning )(?<!grew )(?<!went )(?<!quite )\bpale\b"),
    ("age", "elder", r"\baged\b|old (?:man|woman)"), ("age", "child", r"little (?:girl|boy)"),
)  # fmt: skip
CUES = [(trait, value, re.compile(pattern, re.IGNORECASE)) for trait, value, pattern in _EN]

# Worn, and not only named: in a green coat, wore a black suit, his long coat.
WORN_AS: dict[str, tuple[str, str]] = {
    "crown": ("headgear", "crown"), "helmet": ("headgear", "helmet"), "helm": ("headgear", "helmet"),
    "headband": ("headgear", "headband"), "coat": ("clothes", "coat"), "suit": ("clothes", "suit"),
    "tuxedo": ("clothes", "suit"), "dress": ("clothes", "dress"), "jacket": ("clothes", "jacket"),
    "blazer": ("clothes", "jacket"), "shirt": ("clothes", "shirt"), "blouse": ("clothes", "shirt"),
    "sweater": ("clothes", "shirt"), "jumper": ("clothes", "shirt"), "cardigan": ("clothes", "shirt"),
    "robe": ("clothes", "robe"), "robes": ("clothes", "robe"), "cassock": ("clothes", "robe"),
}  # fmt: skip
WORN = re.compile(
    r"\b(?:in|wore|wears?|wearing|with|put on|pulled on|had on|his|her|dressed in)\s+"
    r"(?:(?:an?|the|his|her)\s+)?(?:[\w-]+\s+){0,3}?"
    rf"(?<!half a )(?P<what>{'|'.join(sorted(WORN_AS, key=len, reverse=True))})\b(?!\s+of\b)",
    re.IGNORECASE,
)

# What a text calls the colour of clothes; the hex values are those of the palette.
COLOURS_EN: dict[str, str] = {
    word: value
    for value, words in {
        "#b3202a": "red scarlet crimson", "#6d1b2f": "burgundy maroon", "#1f4e9e": "blue", "#12324f": "navy",
        "#2e7d4f": "green", "#0f5c3a": "dark-green", "#8a9a3b": "olive", "#e0a526": "yellow golden", "#d96b1e": "orange",
        "#6b3fa0": "purple violet", "#a48ad4": "lavender lilac mauve", "#1c8c95": "teal turquoise", "#c9487f": "pink",
        "#5a3a22": "brown", "#c58f5a": "tan khaki", "#f0cf8e": "cream beige", "#e8e4d8": "white ivory",
        "#2b2d33": "black", "#7a8791": "grey gray silver",
    }.items()
    for word in words.split()
}  # fmt: skip
COLOURED = re.compile(
    rf"\b(?P<colour>{'|'.join(sorted(COLOURS_EN, key=len, reverse=True))})(?:[\s-]\w+){{0,2}}?[\s-]"
    r"(?:(?:over|rain|great|frock-)?coat|suit|dress|gown|frock|jacket|blazer|shirt|blouse|sweater|jumper|"
    r"cardigan|robes?|cloak|cape|tunic|uniform)\b(?!\s+of\b)",
    re.IGNORECASE,
)
