"""Chapters: where a novel's headings stand, and even parts where it has none."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence
from dataclasses import dataclass

from generation.story.model import Chapter, Text
from generation.story.script import fold, language_of

__all__ = ["chapters", "number_of"]

_DIGITS = {c: i for i, c in enumerate("零一二三四五六七八九")} | {
    "〇": 0, "○": 0, "两": 2, "壹": 1, "贰": 2, "叁": 3, "肆": 4, "伍": 5, "陆": 6, "柒": 7,
    "捌": 8, "玖": 9, "廿": 20, "卅": 30,
}  # fmt: skip
_UNITS = {"十": 10, "拾": 10, "百": 100, "佰": 100, "千": 1000, "仟": 1000, "万": 10_000}
_NUMERAL = r"[零〇○一二三四五六七八九十百千万两廿卅壹贰叁肆伍陆柒捌玖拾佰仟0-9０-９]{1,9}"

# Upper levels hold chapters, lower ones lie inside them.
_UPPER, _CHAPTER, _LOWER = 0, 1, 2
_LEVELS = (
    dict.fromkeys("卷部篇集辑", _UPPER) | dict.fromkeys("回章折幕话", _CHAPTER) | {"节": _LOWER}
)

_OPENING = r"[ \t\u3000]*(?:[#*=＝\-—【〖《「\[（(＊★☆◆■]+[ \t\u3000]*)?(?:正文[ \t\u3000:：]*)?"
_NUMBERED = re.compile(
    rf"^{_OPENING}(?:第[ \t\u3000]*(?P<number>{_NUMERAL})[ \t\u3000]*(?P<unit>[回章节卷部篇集辑折幕话])"
    rf"|(?P<unit2>[卷章回])(?:之|第)?[ \t\u3000]*(?P<number2>{_NUMERAL})(?=[ \t\u3000:：、.]|$))"
    r"(?P<rest>[^\n]*)$",
    re.MULTILINE,
)
_NAMED = re.compile(
    rf"^{_OPENING}(?P<name>楔子|引子|引首|缘起|序[章言幕曲]?|自序|前言|前记|引言|尾声|终章|后记|跋|番外|"
    r"外传|终曲|大结局|附录|结语)"
    r"(?P<rest>(?:[篇之一二三四五六七八九十0-9０-９]{0,4}(?:[ \t\u3000:：·.、—\-（(][^\n]{0,40})?))"
    r"[】》〗\])）*=＝ \t\u3000]*$",
    re.MULTILINE,
)
_ENGLISH = re.compile(
    r"^[ \t]*[#*=_]*[ \t]*(?P<word>chapter|part|book|volume|letter|canto|act|stave|"
    r"prologue|epilogue|preface|introduction|interlude|afterword)\b"
    r"(?P<rest>[^\n]{0,120})$",
    re.MULTILINE | re.IGNORECASE,
)
_ENGLISH_NUMBER = re.compile(
    r"^[ \t]*(?:the[ \t]+)?(?:\d{1,4}|[ivxlcdm]{1,9}|first|second|third|fourth|fifth|sixth|seventh|"
    r"eighth|ninth|tenth|last|one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|"
    r"thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"(?:twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety)(?:[- ](?:one|two|three|four|five|"
    r"six|seven|eight|nine))?)(?![\w'’])",
    re.IGNORECASE,
)
_BARE = re.compile(
    r"^[ \t\u3000]*(?:[（(【]?(?P<han>[一二三四五六七八九十百]{1,5})[)）】、.．]?|"
    r"(?P<roman>[IVXLC]{1,8})\.?|(?P<arabic>\d{1,4})[.、]?)[ \t\u3000]*$",
    re.MULTILINE,
)
_INLINE = re.compile(
    rf"(?:(?<=[\s。！？!?…”’」』）)】.])|^)第(?P<number>{_NUMERAL})(?P<unit>[回章节])(?=(?P<rest>[^\n]{{0,60}}))"
)
# A word that goes on with a sentence ("第四回中…", "第一章里", "第三回的"), no title.
_RUNS_ON = re.compile(
    r"(?:[中里内上下的说是我他她它在讲写也就才又便还都已即则者末时书文有到与和跟把被将之]|"
    r"出现|开头|结尾|曾|虽|标题|目录|开始|结束)"
)
_SENTENCE_END = "。！？!?；;…”」』"
_TITLE_LIMIT = 60
PART_LENGTH = {"zh": 6_000, "en": 15_000}


@dataclass(frozen=True, slots=True)
class _Heading:
    start: int
    end: int
    level: int
    key: str
    title: str


def number_of(numeral: str) -> int:
    """The value of a Chinese, full-width or Arabic numeral: 一百零八, 一〇八, １０８ → 108."""
    if numeral.isdigit() and not set(numeral) & set(_DIGITS):
        return int(numeral)
    if not set(numeral) & set(_UNITS) - {"万"} and "万" not in numeral:
        digits = [_DIGITS.get(c, int(c) if c.isdigit() else 0) for c in numeral]
        if len(digits) <= 1 or max(digits) < 10:
            return int("".join(map(str, digits))) if digits else 0
        return sum(digits)
    total = section = digit = 0
    for char in numeral:
        unit = _UNITS.get(char)
        if unit == 10_000:
            total = (total + section + digit) * unit
            section = digit = 0
        elif unit:
            section += (digit or 1) * unit
            digit = 0
        else:
            value = _DIGITS.get(char, int(char) if char.isdigit() else 0)
            section, digit = (section + value, 0) if value >= 10 else (section, value)
    return total + section + digit


def chapters(text: str | Text) -> tuple[Chapter, ...]:
    """Chapters that cover [0, len(text)) exactly, in order, none empty.

    What stands before the first heading is a chapter with the title "" (front matter); a text
    without headings becomes even parts with the title "". A Text whose format marks its headings
    (epub, docx, html) is cut there where the words themselves do not number chapters. Raises
    nothing; "" has no chapters.
    """
    body, marked = (text, ()) if isinstance(text, str) else (text.text, text.headings)
    if not body:
        return ()
    headings = _by_words(body)
    if len(headings) < 2 or len(headings) * 2 < len(marked):
        headings = _marked_headings(body, marked) or headings
    return _between(body, headings) if headings else _even_parts(body)


def _by_words(text: str) -> list[_Heading]:
    """Headings that number or name themselves: on lines, in the flow, or as bare numbers."""
    folded = fold(text)
    headings = _without_contents(folded, _line_headings(text, folded))
    headings = _levels(folded, headings)
    if len(headings) < 2:
        inline = _inline_headings(text, folded)
        if len(inline) > len(headings):
            headings = inline
    return headings or _bare_numbers(text, folded)


def _marked_headings(text: str, marked: Sequence[tuple[int, int]]) -> list[_Heading]:
    """The format's own headings; those without words between them are one (title, then volume)."""
    found: list[_Heading] = []
    for start, end in marked:
        title = text[start:end].strip()
        if found and not text[found[-1].end : start].strip():
            start, title = found[-1].start, f"{found.pop().title} {title}"
        found.append(_Heading(start, end, _CHAPTER, title, title))
    return found


def _line_headings(text: str, folded: str) -> list[_Heading]:
    found: list[_Heading] = []
    if "第" in folded or "卷" in folded or "章" in folded or "回" in folded:
        for match in _NUMBERED.finditer(folded):
            if not _is_title(match["rest"]):
                continue
            unit = match["unit"] or match["unit2"]
            key = f"{unit}{number_of(match['number'] or match['number2'])}"
            found.append(_heading(text, match, _LEVELS[unit], key))
    found += [
        _heading(text, m, _CHAPTER, m["name"] + m["rest"].strip()) for m in _NAMED.finditer(folded)
    ]
    for match in _ENGLISH.finditer(text):
        word = match["word"].lower()
        if not _is_english_title(word, match["rest"]):
            continue
        level = _UPPER if word in ("part", "book", "volume") else _CHAPTER
        found.append(
            _heading(text, match, level, f"{word} {match['rest'].strip(' .:').lower()[:12]}")
        )
    return sorted(found, key=lambda heading: heading.start)


def _heading(text: str, match: re.Match[str], level: int, key: str) -> _Heading:
    return _Heading(
        match.start(), match.end(), level, key, text[match.start() : match.end()].strip()
    )


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
    if _RUNS_ON.match(title):
        return False
    return title[-1] not in _SENTENCE_END + "，,：:" and len(title) <= 30


def _is_english_title(word: str, rest: str) -> bool:
    if len(rest) > 100:
        return False
    if word in ("prologue", "epilogue", "preface", "introduction", "interlude", "afterword"):
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


def _without_contents(folded: str, found: list[_Heading]) -> list[_Heading]:
    """Drop the table of contents: headings in a row with nothing between that come again later."""
    kept: list[_Heading] = []
    later: dict[str, int] = {}
    for heading in found:
        later[heading.key] = later.get(heading.key, 0) + 1
    at = 0
    while at < len(found):
        end = at
        while end + 1 < len(found) and not _has_body(folded, found[end].end, found[end + 1].start):
            end += 1
        # The last of the row has a body unless the text ends there: it is no contents.
        run = found[at : end + 1] if end + 1 == len(found) or end == at else found[at:end]
        for heading in run:
            later[heading.key] -= 1
        again = sum(later[heading.key] > 0 for heading in run)
        if len(run) >= 3 and again * 2 >= len(run) - 1:
            kept += [heading for heading in run if not later[heading.key]]
        else:
            kept += run
        at += len(run)
    return kept


def _has_body(folded: str, start: int, end: int) -> bool:
    """Whether more than page numbers and blank lines stands between two headings."""
    return len(folded[start : min(end, start + 400)].strip(" \t\u3000\n.…·0123456789")) > 0


def _levels(folded: str, found: list[_Heading]) -> list[_Heading]:
    """One level of chapters: volumes join the chapter right below them, sections give way."""
    if any(heading.level == _CHAPTER for heading in found):
        found = [heading for heading in found if heading.level != _LOWER]
    # An appendix amid numbered chapters belongs to the chapter before it.
    numbered = max((i for i, heading in enumerate(found) if heading.key[-1:].isdigit()), default=-1)
    found = [h for i, h in enumerate(found) if i > numbered or not h.key.startswith("附录")]
    joined: list[_Heading] = []
    for heading in found:
        last = joined[-1] if joined else None
        if last and not _has_body(folded, last.end, heading.start):
            above = last.level < heading.level
            repeated = last.key == heading.key and last.title == heading.title
            if above or repeated:
                joined[-1] = _Heading(
                    last.start, heading.end, heading.level, heading.key, heading.title
                )
                continue
        joined.append(heading)
    return joined


def _inline_headings(text: str, folded: str) -> list[_Heading]:
    """Headings in the flow of a text without line breaks: a run of rising numbers."""
    found: list[tuple[int, str, re.Match[str]]] = []
    for match in _INLINE.finditer(folded):
        if not _RUNS_ON.match(match["rest"]):
            found.append((number_of(match["number"]), match["unit"], match))
    best: list[re.Match[str]] = []
    for unit in "回章节":
        run: list[re.Match[str]] = []
        number = -1
        for value, its, match in found:
            if its == unit and (value in (number + 1, number + 2) or (not run and value in (0, 1))):
                run.append(match)
                number = value
        if len(run) > len(best):
            best = run
    if len(best) < 2:
        return []
    return [_inline_heading(text, match) for match in best]


def _inline_heading(text: str, match: re.Match[str]) -> _Heading:
    end = match.start("rest")
    title = re.match(r"[ \t\u3000:：]*[^\s，。！？：；“”]{1,16}(?=[ \t\u3000])", match["rest"])
    if title:
        end = match.start("rest") + title.end()
        first = title[0].strip(" \t\u3000:：")
        second = re.match(
            r"[ \t\u3000]+([^\s，。！？：；“”]{1,16})(?=[ \t\u3000])", match["rest"][title.end() :]
        )
        # The second half of a couplet is as long as the first.
        if second and len(second[1]) == len(first):
            end += second.end()
    return _Heading(
        match.start(), end, _CHAPTER, match["number"], text[match.start() : end].strip()
    )


def _bare_numbers(text: str, folded: str) -> list[_Heading]:
    """Lines that hold only 一, II. or 3, where they count up from one."""
    for kind in ("han", "roman", "arabic"):
        run: list[_Heading] = []
        for match in _BARE.finditer(folded):
            if match[kind] and _bare_value(kind, match[kind]) == len(run) + 1:
                run.append(_heading(text, match, _CHAPTER, match[kind]))
        if len(run) >= 3 or (len(run) == 2 and len(text) > 2_000):
            return run
    return []


def _bare_value(kind: str, numeral: str) -> int:
    if kind != "roman":
        return number_of(numeral)
    values = [{"I": 1, "V": 5, "X": 10, "L": 50, "C": 100}[char] for char in numeral]
    return sum(-a if a < b else a for a, b in zip(values, [*values[1:], 0], strict=True))


def _between(text: str, headings: Sequence[_Heading]) -> tuple[Chapter, ...]:
    first = headings[0].start
    starts = [(heading.start, heading.title) for heading in headings]
    if text[:first].strip("\ufeff \t\u3000\n"):
        starts.insert(0, (0, ""))
    else:
        starts[0] = (0, starts[0][1])
    ends = [start for start, _ in starts[1:]] + [len(text)]
    return tuple(
        Chapter(index, title, start, end)
        for index, ((start, title), end) in enumerate(zip(starts, ends, strict=True))
    )


def _even_parts(text: str) -> tuple[Chapter, ...]:
    """Parts of about equal length that end with a paragraph, else with a sentence."""
    target = PART_LENGTH["en" if language_of(text) == "en" else "zh"]
    count = max(1, round(len(text) / target))
    cuts = [0]
    for k in range(1, count):
        cut = _cut_near(text, k * len(text) // count, target // 3)
        if cuts[-1] < cut < len(text):
            cuts.append(cut)
    cuts.append(len(text))
    return tuple(
        Chapter(index, "", start, end)
        for index, (start, end) in enumerate(itertools.pairwise(cuts))
    )


def _cut_near(text: str, ideal: int, reach: int) -> int:
    window_start = max(0, ideal - reach)
    window = text[window_start : ideal + reach]
    middle = ideal - window_start
    for pattern in (r"\n\s*", r"[。！？!?…][”’」』）)]*\s*|\.[\"'”’]?\s+", r"[，；,;]\s*"):
        ends = [match.end() for match in re.finditer(pattern, window)]
        if ends:
            return window_start + min(ends, key=lambda end: (abs(end - middle), end))
    return ideal
