"""What an English text says of somebody's looks, and whose they are."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence

from generation.story.english_looks import COLOURED, COLOURS_EN, CUES, WORN, WORN_AS
from generation.story.mentions import Mention, Mentions
from generation.story.world import ANIMALS

__all__ = ["english_traits"]

# (start, end, person, trait, value)
Row = tuple[int, int, int, str, str]

# How far before the words the person may be named, and after them.
_REACH = 45
_AFTER = 30

_WOUND = re.compile(r"was wounded|was injured")
_NOUN = (
    r"(?:man|woman|boy|girl|lady|gentleman|stranger|fellow|child|person|footman|soldier|servant|"
    r"maid|witch|wizard|creature)"
)
_STRANGER = re.compile(
    rf"\b(?:an?|one|another|some|the|that|this)\s+(?:[\w-]+\s+){{0,3}}?{_NOUN}\b", re.IGNORECASE
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
# A sentence's end; how far in its first words are; how far back He and She reach.
_SENTENCE = re.compile(r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)[.!?;][\"”’)]*\s+|\n\s*\n")
_OPENS, _ANTECEDENT = 24, 300
_PRONOUN = re.compile(r"\b(he|she)\b", re.IGNORECASE)
# How far back the person may be named whom the child means.
_ANAPHOR = 240
_TO_TWENTY = """one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen
sixteen seventeen eighteen nineteen twenty"""
_TENS = {
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
}
_NUMBERS = {word: number + 1 for number, word in enumerate(_TO_TWENTY.split())} | _TENS
_YEARS = re.compile(
    rf"\b(?:(?P<old>\d{{1,2}}|{'|'.join(_NUMBERS)})(?:[- ](?:and a half))?[- ]years?[- ](?:old|of age)"
    rf"|aged?(?: of)? (?:about |only )?(?P<aged>\d{{1,2}}|{'|'.join(_NUMBERS)})\b(?! (?:days|weeks|months))"
    rf"|(?:was|is) (?:about |only |just |nearly |almost |over )?(?P<was>{'|'.join(w for w, n in _NUMBERS.items() if n > 10)})(?=[,.;]| and\b)"
    rf"|\w+ of (?:about |some )?(?P<some>{'|'.join(w for w, n in _NUMBERS.items() if n > 39)})(?=[,.;]| with\b| who\b| in\b)"
    rf"|(?:girl|boy|lad|man|woman|child|lady|gentleman|youth) of (?:about |only |some )?(?P<of>\d{{1,2}}|{'|'.join(_NUMBERS)})\b(?! (?:the|[a-z]+s\b)))",
    re.IGNORECASE,
)
_BANDS = ((13, "child"), (26, "youth"), (40, "adult"), (60, "middle_aged"), (121, "elder"))
# What the last name before a word for a child or an animal is worth: so large a share of all that is
# said of somebody must agree, in a text of some length.
_LONG, _AGREED, _TIMES = 20_000, 0.007, 3
# Who is called Mr. or Dr. so often is no child.
_GROWN = 0.2
# Whoever is named beside the child of the book gets a share of what is said of the child.
_BESIDE = 0.5
_LEAST = {"age": _TIMES, "animal": 1}
_TITLED = re.compile(r"(?:Mr|Mrs|Dr|Sir|Lady|Lord|Captain|Colonel|Professor|Major)\b")
_YOUNG = re.compile(
    r"\b(?:the|this|that) (?:(?:poor|dear|unfortunate|curious|little|small) )*((?:little |small )(?:girl|boy|thing)|child)\b"
    r"|\b(?:she|he) was (?:only |but |still )?a (?:little )?(child|girl|boy)\b",
    re.IGNORECASE,
)
_YOUTH = re.compile(
    r"\b(?:the|this|that) (young (?:man|woman|lady|gentleman|fellow|girl)|youth|lad)\b",
    re.IGNORECASE,
)
_ANIMAL = "|".join(sorted((word for word in ANIMALS if word.isascii()), key=len, reverse=True))
_THE_ANIMAL = re.compile(rf",? the ({_ANIMAL})\b", re.IGNORECASE)
_ANIMAL_NAMED = re.compile(rf"\bthe (?:\w+ )?({_ANIMAL}),? $", re.IGNORECASE)
_STOP = re.compile(r"[.!?;:\n\"“”,]")


def english_traits(
    text: str,
    spans: Sequence[tuple[int, int]],
    mentions: Mentions,
    genders: Sequence[str] = (),
) -> list[tuple[int, int, int, str, str]]:
    """(start, end, person, trait, value) in text order. `genders` tell who he and she are."""
    found: list[Row] = []
    for start, end in spans:
        hits = [(*m.span(), t, v) for t, v, cue in CUES for m in cue.finditer(text, start, end)]
        hits += [(*m.span(), "wound", m[0]) for m in _WOUND.finditer(text, start, end)]
        hits += [(*m.span(), "years", _band(m)) for m in _YEARS.finditer(text, start, end)]
        hits += [(*m.span(), *WORN_AS[m["what"].lower()]) for m in WORN.finditer(text, start, end)]
        hits += [
            (*m.span(), "colours", COLOURS_EN[m["colour"].lower()])
            for m in COLOURED.finditer(text, start, end)
        ]
        for a, b, trait, value in sorted(hits):
            clause = _STOP.split(text[max(start, a - 60) : a])[-1]
            if trait != "wound" and (_DENIED.search(clause) or _LIKE.search(clause)):
                continue
            who = _owner(text, start, a, b, mentions, genders)
            if who is not None:
                found.append((a, b, who, trait, value))
    nouns = [*_animals(text, mentions), *_young(text, spans, mentions)]
    long = sum(end - start for start, end in spans) > _LONG
    return sorted(
        _agreed(text, [*found, *nouns], mentions) if long else map(_plain, [*found, *nouns])
    )


def _band(match: re.Match[str]) -> str:
    word = next(part for part in match.groups() if part).lower()
    years = int(word) if word.isdigit() else _NUMBERS[word]
    return next(age for limit, age in _BANDS if years < limit)


def _plain(row: Row) -> Row:
    """A number of years is an age."""
    return (*row[:3], "age", row[4]) if row[3] == "years" else row


def _agreed(text: str, rows: Sequence[Row], mentions: Mentions) -> list[Row]:
    """Without the ages and animals that too little of a long text says of somebody: the last name
    before the child may well be another's."""
    told = Counter(mention.who for mention in mentions.all)
    titled = Counter(m.who for m in mentions.all if _TITLED.match(text, m.start))
    weight: Counter[tuple[int, str, str]] = Counter()
    for _, _, who, trait, value in map(_plain, rows):
        grown = value in ("child", "youth") and titled[who] > _GROWN * told[who]
        if trait in _LEAST and not grown:
            weight[who, trait, value] += 1
    for _, _, who, trait, value in rows:
        if trait == "years":
            weight[who, "age", value] += _TIMES - 1
    best: dict[tuple[int, str], int] = {}
    most: dict[str, int] = {}
    for (who, trait, value), count in weight.items():
        best[who, trait] = max(count, best.get((who, trait), 0))
        most[value] = max(count, most.get(value, 0))
    return [
        row
        for row in map(_plain, rows)
        if row[3] not in _LEAST
        or max(
            _LEAST[row[3]],
            _AGREED * told[row[2]],
            best.get((row[2], row[3]), 0),
            most.get(row[4], 0) * (_BESIDE if row[3] == "age" else 0),
        )
        <= weight[row[2], row[3], row[4]]
    ]


def _animals(text: str, mentions: Mentions) -> list[Row]:
    """Bill the Lizard, the Cat."""
    found: list[Row] = []
    for mention in mentions.all:
        if after := _THE_ANIMAL.match(text, mention.end):
            found.append((*after.span(1), mention.who, "animal", after[1].lower()))
        elif before := _ANIMAL_NAMED.search(text, max(0, mention.start - 24), mention.start):
            found.append((*before.span(1), mention.who, "animal", before[1].lower()))
    return found


def _young(text: str, spans: Sequence[tuple[int, int]], mentions: Mentions) -> list[Row]:
    """What somebody is called instead of the name: the poor child, the young lady."""
    found: list[Row] = []
    for start, end in spans:
        for pattern, age in ((_YOUNG, "child"), (_YOUTH, "youth")):
            for noun in pattern.finditer(text, start, end):
                named = next(
                    (m for m in mentions.before(noun.start(), _ANAPHOR) if m.start >= start), None
                )
                if named is not None and not _TITLED.match(text, named.start):
                    found.append((*noun.span(noun.lastindex or 0), named.who, "age", age))
    return found


def _owner(
    text: str, start: int, a: int, b: int, mentions: Mentions, genders: Sequence[str]
) -> int | None:
    """Who follows the modifier; else whom the sentence's He or She means; else who was named last,
    unless the clause is a stranger's; else who is named at the sentence's beginning."""
    for mention in mentions.within(b, b + _AFTER)[:1]:
        if _MODIFIES.fullmatch(text, b, mention.start):
            return mention.who
    begun = max((m.end() for m in _SENTENCE.finditer(text, max(start, a - 400), a)), default=start)
    inside = [m for m in mentions.before(a, a - begun) if m.start >= begun]
    pronoun = _PRONOUN.search(text, begun, a)
    if pronoun and not inside and not _of_stranger(text, begun, a):
        sex = "female" if pronoun[1].lower() == "she" else "male"
        return _antecedent(text, start, begun, sex, mentions, genders)
    before = [m for m in mentions.before(a, _REACH) if m.start >= start]
    if before and "\n" not in text[before[0].end : a]:
        named = before[0]
        if _of_stranger(text, named.end, b):
            return None
        if _NOUN_AFTER.match(text, b) and not _IS.search(text, named.end, a):
            return None
        return _subject(text, named, before[1:]).who
    alone = inside and all(m.who == inside[-1].who for m in inside)
    if alone and inside[-1].start - begun <= _OPENS and not _of_stranger(text, inside[-1].end, a):
        return inside[-1].who
    return None


def _of_stranger(text: str, start: int, end: int) -> bool:
    """Whether somebody without a name comes in between, who is not said to be the one named."""
    return any(
        not _IS.search(text, start, other.start()) for other in _STRANGER.finditer(text, start, end)
    )


def _antecedent(
    text: str, start: int, begun: int, sex: str, mentions: Mentions, genders: Sequence[str]
) -> int | None:
    """Who was named last before a sentence, of this sex as far as is known, not in somebody's words."""
    for mention in mentions.before(begun, _ANTECEDENT):
        known = genders[mention.who] if mention.who < len(genders) else ""
        outside = mention.start >= start and not _quoted(text, start, mention.start)
        if outside and known in ("", sex):
            # They laid the stranger by the stove. He was young: not who was named before.
            return None if _of_stranger(text, mention.end, begun) else mention.who
    return None


def _quoted(text: str, start: int, at: int) -> bool:
    """Whether a place lies within quotation marks, counted from the beginning of its paragraph."""
    before = text[max(start, text.rfind("\n\n", start, at)) : at]
    return before.count('"') % 2 == 1 or before.count("“") > before.count("”")


def _subject(text: str, named: Mention, earlier: Sequence[Mention]) -> Mention:
    """Anne in “Anne smiled at Diana, her hat …”: not the object but who was named before it."""
    if earlier and _OBJECT.search(text, max(0, named.start - 12), named.start):
        if not re.search(r"[.!?;\n]", text[earlier[0].end : named.start]):
            return earlier[0]
    return named
