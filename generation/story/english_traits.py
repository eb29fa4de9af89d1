"""What an English text says of somebody's looks, and whose they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from generation.story.mentions import Mention, Mentions
from generation.story.world import ANIMALS

__all__ = ["english_traits"]

# How far before the words the person may be named, and after them.
_REACH = 45
_AFTER = 30

_EN: tuple[tuple[str, str, str], ...] = (
    ("hair_colour", "white", r"\bwhite(?:-| )hair(?:ed)?"),
    ("hair_colour", "grey", r"\bgr[ea]y(?:-| )hair(?:ed)?"),
    ("hair_colour", "red", r"\bred(?:-| )hair(?:ed)?"),
    ("hair_colour", "blond", r"\b(?:blond|blonde|golden|fair|yellow)(?:-| )hair(?:ed)?"),
    ("hair_colour", "brown", r"\bbrown(?:-| )hair(?:ed)?"),
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
    ("clothes", "uniform", r"\b(?:uniform|livery)\b"), ("skin", "pale", r"(?<!turned )(?<!turning )(?<!grew )(?<!went )(?<!quite )\bpale\b"),
    ("age", "elder", r"\baged\b|old (?:man|woman)"), ("age", "child", r"little (?:girl|boy)"),
)  # fmt: skip
_CUES = [(trait, value, re.compile(pattern, re.IGNORECASE)) for trait, value, pattern in _EN]
_WOUND = re.compile(r"was wounded|was injured")
_NOUN = (
    r"(?:man|woman|boy|girl|lady|gentleman|stranger|fellow|child|person|footman|soldier|servant|"
    r"maid|witch|wizard|creature)"
)
_STRANGER = re.compile(
    rf"\b(?:an?|another|some|the|that|this)\s+(?:[\w-]+\s+){{0,3}}?{_NOUN}\b", re.IGNORECASE
)
_NOUN_AFTER = re.compile(rf"\s*(?:[\w-]+\s+){{0,1}}?{_NOUN}\b", re.IGNORECASE)
_IS = re.compile(r"\b(?:was|is|were|am|are|became|be|been)\b[^,.;:!?]{0,16}$", re.IGNORECASE)
_MODIFIES = re.compile(
    rf"[\s-]*(?:(?:old|young|little|tall|small|fair|dear|poor)\s+)*(?:{_NOUN},?\s+)?"
    r"(?:(?:named|called)\s+)?",
    re.IGNORECASE,
)
_DENIED = re.compile(r"(?:\b(?:no|not|never|without|neither|nor)\b|n['’]t\b)[\w\s-]{0,20}$", re.I)
_LIKE = re.compile(r"\b(?:like|as if|as though|as \w+ as)\b[^,.;:!?]*$", re.IGNORECASE)
_OBJECT = re.compile(
    r"\b(?:at|to|with|for|from|upon|on|of|by|beside|saw|met|told|asked|watched|after|behind|near)"
    r"\s+$",
    re.IGNORECASE,
)
# How far back the person may be named whom the child means.
_ANAPHOR = 240
_YOUNG = re.compile(
    r"\b(?:the|this|that) (?:(?:poor|dear|unfortunate|curious|little|small) )*((?:little |small )(?:girl|boy|thing)|child)\b"
    r"|\b(?:she|he) was (?:only |but |still )?a (?:little )?(child|girl|boy)\b",
    re.IGNORECASE,
)
_ANIMAL = "|".join(sorted((word for word in ANIMALS if word.isascii()), key=len, reverse=True))
_THE_ANIMAL = re.compile(rf",? the ({_ANIMAL})\b", re.IGNORECASE)
_ANIMAL_NAMED = re.compile(rf"\bthe (?:\w+ )?({_ANIMAL}),? $", re.IGNORECASE)
_STOP = re.compile(r"[.!?;:\n\"“”,]")


def english_traits(
    text: str, spans: Sequence[tuple[int, int]], mentions: Mentions
) -> list[tuple[int, int, int, str, str]]:
    """(start, end, person, trait, value) in text order."""
    found = _nouns_of(text, spans, mentions)
    for start, end in spans:
        hits = [(*m.span(), t, v) for t, v, cue in _CUES for m in cue.finditer(text, start, end)]
        hits += [(*m.span(), "wound", m[0]) for m in _WOUND.finditer(text, start, end)]
        for a, b, trait, value in sorted(hits):
            clause = _STOP.split(text[max(start, a - 60) : a])[-1]
            if trait != "wound" and (_DENIED.search(clause) or _LIKE.search(clause)):
                continue
            who = _owner(text, start, a, b, mentions)
            if who is not None:
                found.append((a, b, who, trait, value))
    return found


def _nouns_of(
    text: str, spans: Sequence[tuple[int, int]], mentions: Mentions
) -> list[tuple[int, int, int, str, str]]:
    """What somebody is called instead of the name: the poor child, Bill the Lizard."""
    found: list[tuple[int, int, int, str, str]] = []
    children: list[tuple[int, int, int, str, str]] = []
    for mention in mentions.all:
        if after := _THE_ANIMAL.match(text, mention.end):
            found.append((*after.span(1), mention.who, "animal", after[1].lower()))
        elif before := _ANIMAL_NAMED.search(text, max(0, mention.start - 24), mention.start):
            found.append((*before.span(1), mention.who, "animal", before[1].lower()))
    for start, end in spans:
        for noun in _YOUNG.finditer(text, start, end):
            named = next(
                (m for m in mentions.before(noun.start(), _ANAPHOR) if m.start >= start), None
            )
            if named is not None:
                children.append((*noun.span(1 if noun[1] else 2), named.who, "age", "child"))
    # The last name before the child may well be another's: in a whole book it must come thrice.
    times = Counter(row[2] for row in children)
    enough = 3 if sum(end - start for start, end in spans) > 20_000 else 1
    return sorted(found + [row for row in children if times[row[2]] >= enough])


def _owner(text: str, start: int, a: int, b: int, mentions: Mentions) -> int | None:
    """Who follows the modifier; else who was named last, unless the clause is a stranger's."""
    for mention in mentions.within(b, b + _AFTER)[:1]:
        if _MODIFIES.fullmatch(text, b, mention.start):
            return mention.who
    before = [m for m in mentions.before(a, _REACH) if m.start >= start]
    if not before or "\n" in text[before[0].end : a]:
        return None
    named = before[0]
    for stranger in _STRANGER.finditer(text, named.end, b):
        if not _IS.search(text, named.end, stranger.start()):
            return None
    if _NOUN_AFTER.match(text, b) and not _IS.search(text, named.end, a):
        return None
    return _subject(text, named, before[1:]).who


def _subject(text: str, named: Mention, earlier: Sequence[Mention]) -> Mention:
    """Anne in “Anne smiled at Diana, her hat …”: not the object but who was named before it."""
    if earlier and _OBJECT.search(text, max(0, named.start - 12), named.start):
        if not re.search(r"[.!?;\n]", text[earlier[0].end : named.start]):
            return earlier[0]
    return named
