"""Lines that say by a word or a number that they are headings: 第三回 …, 楔子, CHAPTER IV."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass

from generation.story.numerals import ENGLISH_NUMBER, NUMERAL, number_of

__all__ = [
    "CHAPTER",
    "LOWER",
    "RUNS_ON",
    "UPPER",
    "Heading",
    "Lines",
    "heading_at",
    "line_headings",
]

# Upper levels hold chapters, lower ones lie inside them.
UPPER, CHAPTER, LOWER = 0, 1, 2
_LEVELS = dict.fromkeys("卷部篇集辑", UPPER) | dict.fromkeys("回章折幕话", CHAPTER) | {"节": LOWER}

_OPENING = r"[ \t\u3000]*(?:[#*=＝\-—【〖《「\[（(＊★☆◆■]+[ \t\u3000]*)?(?:正文[ \t\u3000:：]*)?"
# What may stand before the number on its line: 上卷 第一回, 书名 第一回, 第二卷 风起 第三章.
_ABOVE = r"(?:(?P<above>[^\s，。！？：；“”「」、]{1,14}(?:[ \t\u3000]+[^\s，。！？：；“”「」、]{1,14})?)[ \t\u3000]+)??"
_NUMBERED = re.compile(
    rf"^{_OPENING}(?:{_ABOVE}第[ \t\u3000]*(?P<number>{NUMERAL})[ \t\u3000]*(?P<unit>[回章节卷部篇集辑折幕话])"
    rf"|(?P<unit2>[卷章回])(?:之|第)?[ \t\u3000]*(?P<number2>{NUMERAL})(?=[ \t\u3000:：、.]|$))"
    r"(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
# The chapter on the same line as its volume: 第二卷 风起 第三章 山雨.
_INNER = re.compile(
    rf"(?<=[ \t\u3000:：·])第[ \t\u3000]*({NUMERAL})[ \t\u3000]*([回章])(?P<rest>[^\n]*)$"
)
_VOLUME = re.compile(
    rf"(?:第?{NUMERAL}[卷部集篇册]|[上中下前后正续][卷部集篇册]|[卷部](?:{NUMERAL}|[上中下]))"
)
# Units that number a story's parts only where no others do, and then in a row.
_OTHER = re.compile(
    rf"^{_OPENING}第[ \t\u3000]*(?P<number>{NUMERAL})[ \t\u3000]*(?P<unit>[则传出齣讲段案课场夜])"
    r"(?P<rest>(?=[ \t\u3000:：、.]|$|[^\s，。：；！？]{4,30}$)[^\n]*)$",
    re.MULTILINE,
)
_HALVES = re.compile(
    rf"^{_OPENING}[^\s，。！？：；“”、]{{0,8}}(?:[卷捲][上中下]|[上中下][卷篇部集])[ \t\u3000]*$",
    re.MULTILINE,
)
_NAMED = re.compile(
    rf"^{_OPENING}(?P<name>楔子|引子|引首|缘起|序[章言幕曲]?|自序|前言|前记|引言|尾声|终章|后记|跋|番外|"
    r"外传|终曲|大结局|附录|结语)"
    r"(?P<rest>(?:[篇之一二三四五六七八九十0-9０-９]{0,4}(?:[ \t\u3000:：·.、—\-（(][^\n]{0,40})?))"
    r"[】》〗\])）*=＝ \t\u3000]*$",
    re.MULTILINE,
)
_OPENERS = ("楔子", "引子", "引首", "缘起", "序", "自序", "前言", "前记", "引言")
_CLOSERS = ("尾声", "终章", "后记", "跋", "终曲", "大结局", "结语")
_ENGLISH = re.compile(
    r"^[ \t]*[#*=_\-—]*[ \t]*(?P<word>chapter|chap\.?|part|book|volume|letter|canto|act|stave|"
    r"prologue|epilogue|preface|introduction|interlude|afterword|etymology|extracts|foreword)(?![A-Za-z])"
    r"(?P<rest>[^\n]{0,160})$",
    re.MULTILINE | re.IGNORECASE,
)
_ALONE = frozenset(
    "prologue epilogue preface introduction interlude afterword etymology extracts foreword".split()  # noqa: SIM905
)
_ENGLISH_NUMBER = re.compile(
    rf"^[ \t_]*(?:the[ \t]+)?{ENGLISH_NUMBER}(?![A-Za-z0-9'’])", re.IGNORECASE
)
# A word that goes on with a sentence ("第四回中…", "第三回的"), no title; and one that mostly does so.
RUNS_ON = re.compile(r"(?:[中内的者末时]|[里上下]面|曾|虽|出现|开头|结尾|标题|目录|开始|结束)")
MAY_RUN_ON = re.compile(r"[里上下说是我他她它在讲写也就才又便还都已即则书文有到与和跟把被将之]")
_SENTENCE_END = "。！？!?；;…”」』"
_TITLE_LIMIT, _PARAGRAPH = 60, 300
# A line before the number that so many headings have is part of all of them.
_OFTEN = 3


@dataclass(frozen=True, slots=True)
class Heading:
    """[start, end) of the text; `key` is equal for a chapter and its line in the contents."""

    start: int
    end: int
    level: int
    key: str
    title: str
    named: bool = False


class Lines:
    """The lines of a text, and whether its paragraphs are parted by blank ones."""

    def __init__(self, text: str) -> None:
        self.text = text
        blank = text.count("\n\n")
        self.parted = blank >= 20 and blank * 40 > text.count("\n")

    def stands_alone(self, start: int, end: int) -> bool:
        """Whether the line [start, end) begins a paragraph that is short enough for a heading."""
        if not self.parted:
            return True
        if self.text[max(0, start - 400) : start].rpartition("\n")[0].rpartition("\n")[2].strip():
            return False
        stop = self.text.find("\n\n", end, end + _PARAGRAPH)
        return stop >= 0 or end + _PARAGRAPH >= len(self.text)


def heading_at(
    text: str, match: re.Match[str], level: int, key: str, *, named: bool = False
) -> Heading:
    """The heading that the whole line of `match` is."""
    title = text[match.start() : match.end()].strip()
    return Heading(match.start(), match.end(), level, key, title, named)


def line_headings(text: str, folded: str, lines: Lines) -> list[Heading]:
    """All of them in text order, whatever their level; contents are not told from chapters yet."""
    found: list[Heading] = []
    if "第" in folded or "卷" in folded or "章" in folded or "回" in folded:
        found += _numbered(text, folded)
    found += [
        heading_at(text, match, CHAPTER, match["name"] + match["rest"].strip(), named=True)
        for match in _NAMED.finditer(folded)
    ]
    if not any(heading.level == CHAPTER and not heading.named for heading in found):
        found += _in_other_units(text, folded)
        halves = [
            heading_at(text, match, UPPER, match[0].strip()) for match in _HALVES.finditer(folded)
        ]
        found += halves if len(halves) > 1 else []
    found += _english(text, lines)
    return _in_place(sorted(found, key=lambda heading: heading.start))


def _numbered(text: str, folded: str) -> list[Heading]:
    above: list[str] = []
    found: list[Heading] = []
    for match in _NUMBERED.finditer(folded):
        unit, number, rest = (
            match["unit"] or match["unit2"],
            match["number"] or match["number2"],
            match["rest"],
        )
        key = ""
        if _LEVELS[unit] == UPPER and (inner := _INNER.search(rest)):
            key = f"{unit}{number_of(number)}"
            number, unit, rest = inner[1], inner[2], inner["rest"]
        if not _is_title(rest):
            continue
        level = _LEVELS[unit]
        found.append(heading_at(text, match, level, f"{key}{unit}{number_of(number)}"))
        above.append(match["above"] or "")
    often = Counter(above)
    return [
        heading
        for heading, before in zip(found, above, strict=True)
        if not before or often[before] >= _OFTEN or _VOLUME.search(before) or before[0] in "《【"
    ]


def _in_other_units(text: str, folded: str) -> list[Heading]:
    found = []
    for match in _OTHER.finditer(folded):
        if _is_title(match["rest"]):
            found.append(
                heading_at(text, match, CHAPTER, f"{match['unit']}{number_of(match['number'])}")
            )
    rising = sum(
        int(b.key[1:]) == int(a.key[1:]) + 1 for a, b in zip(found, found[1:], strict=False)
    )
    return found if rising >= 2 and rising * 2 >= len(found) - 1 else []


def _is_title(rest: str) -> bool:
    """Whether what follows 第X回 on its line is a title and not the rest of a sentence."""
    title = rest.strip(" \t\u3000】》〗])）*=＝#")
    if not title:
        return True
    if len(title) > _TITLE_LIMIT or "。" in title[:-1]:
        return False
    separated = rest[0] in " \t\u3000:：、.．·—-–_《「【（(】》]）)*"
    if separated:
        return not (title[-1] in "。；;，," and len(title) > 16)
    if RUNS_ON.match(title) or MAY_RUN_ON.match(title):
        return False
    return title[-1] not in _SENTENCE_END + "，,：:" and len(title) <= 30


def _english(text: str, lines: Lines) -> list[Heading]:
    found: list[Heading] = []
    for match in _ENGLISH.finditer(text):
        word = match["word"].lower().rstrip(".")
        if not _is_english_title(word, match["rest"]) or not lines.stands_alone(
            match.start(), match.end()
        ):
            continue
        level = UPPER if word in ("part", "book", "volume") else CHAPTER
        key = f"{word} {match['rest'].strip(' .:_*').lower()[:12]}"
        found.append(heading_at(text, match, level, key, named=word in _ALONE))
    return found


def _is_english_title(word: str, rest: str) -> bool:
    if len(rest) > 140:
        return False
    if word in _ALONE:
        return not rest.strip(" .:*_=-") or rest.lstrip()[:1] in (":", ".", "-", "—")
    number = _ENGLISH_NUMBER.match(rest)
    if not number:
        return False
    after = rest[number.end() :]
    title = after.strip(" .:*_=—-\t")
    if not title:
        return True
    # "Chapter four was dull, he thought." is a sentence.
    separated = after[:1] in ".:—-" or after.startswith(("  ", "\t"))
    return separated or (title[:1].isupper() and not title.endswith((".", ",", ";")))


def _in_place(found: list[Heading]) -> list[Heading]:
    """Without a 尾声 or 引子 amid chapters whose numbers go on: it is the last part of a song."""
    kept = []
    for at, heading in enumerate(found):
        if heading.named and heading.key.startswith((*_OPENERS, *_CLOSERS)):
            before = next((h for h in reversed(found[:at]) if not h.named), None)
            after = next((h for h in found[at + 1 :] if not h.named), None)
            if (
                before
                and after
                and before.level == after.level == CHAPTER
                and _goes_on(before, after)
            ):
                continue
        kept.append(heading)
    return kept


def _goes_on(before: Heading, after: Heading) -> bool:
    return number_in(after) == number_in(before) + 1 > 1


def number_in(heading: Heading) -> int:
    """The chapter's number: 12 of 第十二回, also below its volume; 0 where it has none."""
    match = re.search(r"[回章折幕话](\d+)$", heading.key)
    return int(match[1]) if match else 0
