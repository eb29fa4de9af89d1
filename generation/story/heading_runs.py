"""Headings that only their order gives away: numbers that count up, on lines or in the flow."""

from __future__ import annotations

import re
import statistics
from collections.abc import Sequence

from generation.story.heading_lines import (
    CHAPTER,
    MAY_RUN_ON,
    RUNS_ON,
    Heading,
    Lines,
    heading_at,
    number_in,
)
from generation.story.numerals import NUMERAL, number_of, roman_of, word_of

__all__ = ["COUNTED", "capital_titles", "counted_lines", "inline_headings", "lost_between"]

# How the keys of counted lines begin.
COUNTED = ("han", "arabic", "roman", "word")
_LINE = re.compile(
    r"^[ \t\u3000]*(?:(?![IVXLC]+\b)(?P<word>[A-Z]{3,12})[ \t]+)?[\[({（【〖_*=—–\-]*[ \t]*"
    r"(?:(?P<han>[零〇○一二三四五六七八九十百]{1,5})|(?P<roman>[IVXLCivxlc]{1,8})|(?P<arabic>[0-9０-９]{1,4})|"
    r"(?P<name>(?:[Tt]wenty|[Tt]hirty|[Ff]orty|[Ff]ifty|TWENTY|THIRTY|FORTY|FIFTY)(?:[- ][A-Za-z]{3,5})?|"
    r"[A-Z][A-Za-z]{2,8}))"
    r"(?P<gap>[ \t\u3000]*)(?P<close>[\])}）】〗_*=—–\-]*)(?P<dot>[.．、:：,，]?)[ \t\u3000]*(?P<rest>[^\n]{0,70})$",
    re.MULTILINE,
)
_VERSES = re.compile(r"[。；，,;]$|[。！？!?].")
_CLOSED = "。！？!?…”」』"
# Headings stand so far apart, in the middle of them; what stands nearer is a list.
_APART = {"zh": 350, "en": 700}
_INLINE = re.compile(
    rf"(?:第(?P<number>{NUMERAL})(?P<unit>[回章节卷])|(?P<unit2>卷)之?(?P<number2>[一二三四五六七八九十]{{1,3}}))"
    r"(?=(?P<rest>[^\n]{0,60}))"
)
# With what the text of a chapter of an old novel begins.
_BEGINS = re.compile(
    r"(?:话说|却说|且说|再说|单说|话表|且表|却表|话分两头|诗曰|词曰|诗云|词云|古风|原来|当下|上回书?|看官|列位)"
)
_ENDED = re.compile(r"(?:分解|分晓|交代|再说|再表|下回)[。？！”」』\s]*$")
_CAPITALS = re.compile(r"^[ \t]*(?P<title>[A-Z][A-Z'’,;:.!?&\- ]{2,60})[ \t]*$", re.MULTILINE)
_MIN_CAPITALS, _STORY = 5, 2_500
_MOST_LOST, _WHOLE = 12, 30
_SENTENCE = re.compile(r"[^\n]{0,40}[。！？；]$")


def counted_lines(text: str, folded: str, lines: Lines, parts: Sequence[Heading]) -> list[Heading]:
    """Lines that hold 一, II., 3 or "IV. THE INTERVIEW", where they count up from one.

    They begin anew below each of `parts`. The longest run of one kind wins; fewer than three are
    none, except for two in a text of some length.
    """
    apart = _APART["zh" if any("\u4e00" <= c <= "\u9fff" for c in folded[:2_000]) else "en"]
    found: dict[str, list[tuple[int, Heading]]] = {}
    there = {part.start for part in parts}
    for match in _LINE.finditer(folded):
        kind, value = _value(match)
        if (
            match.start() in there
            or not value
            or not _may_head(match)
            or not lines.stands_alone(match.start(), match.end())
        ):
            continue
        heading = heading_at(text, match, CHAPTER, f"{kind}{value}")
        found.setdefault(kind, []).append((value, heading))
        found.setdefault(kind + (" titled" if match["rest"].strip() else " bare"), []).append(
            (value, heading)
        )
    breaks = [part.start for part in parts]
    best: list[Heading] = []
    for kind in sorted(found, key=lambda kind: (kind.endswith("titled"), kind), reverse=True):
        run = _counting(found[kind], breaks)
        if len(run) > len(best) and _spread(run, len(text)) >= apart:
            best = run
    enough = 3 if len(text) > 60_000 or len(text) < 2_000 else 2
    return best if len(best) >= enough else []


def _value(match: re.Match[str]) -> tuple[str, int]:
    if match["han"]:
        return "han", number_of(match["han"])
    if match["arabic"]:
        return "arabic", number_of(match["arabic"])
    if match["roman"] and (match["roman"].isupper() or not match["rest"]):
        return "roman", roman_of(match["roman"])
    return "word", word_of(match["name"] or "")


def _may_head(match: re.Match[str]) -> bool:
    """Whether what stands beside the number is nothing, or a title."""
    rest = match["rest"].strip()
    if not rest:
        return not match["word"] or bool(match["roman"] or match["arabic"])
    if (
        match["name"]
        or not (match["dot"] or match["gap"] or match["close"])
        or _VERSES.search(rest)
    ):
        return False
    if match["han"] and len(rest) > 40:
        return False
    if match["roman"] or match["arabic"]:
        return not rest[0].islower() and (
            bool(match["dot"] or match["close"]) or not rest[0].isdigit()
        )
    return True


def _counting(options: Sequence[tuple[int, Heading]], breaks: Sequence[int]) -> list[Heading]:
    """Those that count up by one, and from one on again after each of `breaks` or where two follows;
    a second volume may begin with a greater number where five follow."""
    first = options[0][0]
    start = (
        first if first > 1 and [v for v, _ in options[:5]] == list(range(first, first + 5)) else 1
    )
    run: list[Heading] = []
    last = start - 1
    for at, (value, heading) in enumerate(options):
        parted = run and any(run[-1].start < cut <= heading.start for cut in breaks)
        anew = len(run) > 1 and [v for v, _ in options[at : at + 2]] == [1, 2]
        if value == last + 1 or (value == 1 and (parted or anew)):
            run.append(heading)
            last = value
    return run


def _spread(run: Sequence[Heading], length: int) -> float:
    ends = [heading.start for heading in run[1:]] + [length]
    return (
        statistics.median(end - heading.end for heading, end in zip(run, ends, strict=True))
        if run
        else 0
    )


def inline_headings(text: str, folded: str) -> list[Heading]:
    """Headings in the flow of a text without line breaks: the rising numbers that tell the most.

    A number after the end of a sentence counts more than one amid a sentence; a wrong number is
    kept where the chapter before it takes its leave (且听下回分解).
    """
    best: list[re.Match[str]] = []
    by_unit: dict[str, list[tuple[int, int, re.Match[str]]]] = {}
    for match in _INLINE.finditer(folded):
        if not RUNS_ON.match(match["rest"]):
            unit = match["unit"] or match["unit2"]
            before = folded[max(0, match.start() - 1) : match.start()]
            closed = not before or before in _CLOSED or before.isspace()
            weight = 1 + closed + (closed and not MAY_RUN_ON.match(match["rest"]))
            by_unit.setdefault(unit, []).append(
                (number_of(match["number"] or match["number2"]), weight, match)
            )
    for unit in "回章节卷":
        run = _heaviest(by_unit.get(unit, []))
        if len(run) > len(best):
            best = _with_wrong_numbers(run, [m for _, w, m in by_unit[unit] if w > 1], folded)
    if len(best) < (3 if best and (best[0]["unit"] or "卷") == "卷" else 2):
        return []
    return [_inline_heading(text, folded, match) for match in best]


def _heaviest(options: Sequence[tuple[int, int, re.Match[str]]]) -> list[re.Match[str]]:
    """The chain of numbers rising by one (or by two, where one is lost) with the greatest weight."""
    chains: dict[int, tuple[int, int]] = {}  # number: (weight, place in `links`)
    links: list[tuple[re.Match[str], int]] = []
    for value, weight, match in options:
        before = max((chains[v] for v in (value - 1, value - 2) if v in chains), default=(0, -1))
        if before[1] < 0 and value > 1:
            continue
        if before[0] + weight > chains.get(value, (0, -1))[0]:
            links.append((match, before[1]))
            chains[value] = (before[0] + weight, len(links) - 1)
    _, at = max(chains.values(), default=(0, -1))
    run = []
    while at >= 0:
        match, at = links[at]
        run.append(match)
    return run[::-1]


def _with_wrong_numbers(
    run: list[re.Match[str]], others: Sequence[re.Match[str]], folded: str
) -> list[re.Match[str]]:
    starts = {match.start() for match in run}
    lost = [
        match
        for match in others
        if match.start() not in starts
        and _ENDED.search(folded, max(0, match.start() - 8), match.start())
    ]
    return sorted([*run, *lost], key=lambda match: match.start())


def _inline_heading(text: str, folded: str, match: re.Match[str]) -> Heading:
    body = match.start("rest")
    end = body + _title_length(match["rest"])
    key = str(number_of(match["number"] or match["number2"]))
    return Heading(match.start(), end, CHAPTER, key, text[match.start() : end].strip())


def _title_length(rest: str) -> int:
    """How much of what follows the number is the title: up to how such a chapter begins, or two
    halves of a couplet with spaces behind them."""
    begins = _BEGINS.search(rest)
    if begins and 4 <= begins.start() <= 40 and not set(rest[: begins.start()]) & set("。！？"):
        return begins.start()
    if len(rest) <= _WHOLE and not re.search("[，。！？；：]", rest):
        return len(rest)
    title = re.match(r"[ \t\u3000:：]*[^\s，。！？：；“”]{1,16}(?=[ \t\u3000])", rest)
    if not title:
        return 0
    first = title[0].strip(" \t\u3000:：")
    second = re.match(
        r"[ \t\u3000]+([^\s，。！？：；“”]{1,16})(?=[ \t\u3000])", rest[title.end() :]
    )
    # The second half of a couplet is as long as the first.
    return title.end() + (second.end() if second and len(second[1]) == len(first) else 0)


def lost_between(text: str, folded: str, headings: Sequence[Heading]) -> list[Heading]:
    """Headings whose number is missing in the row and stands, with its text behind it, at the start
    of a paragraph or after a gap in the right place: 第四回　麒麟村小英雄結義古人結交…"""
    found: list[Heading] = []
    row = [heading for heading in headings if number_in(heading)]
    for before, after in zip([None, *row], row, strict=False):
        known = number_in(before) if before else 0
        unit = after.key.rstrip("0123456789")[-1:]
        if not known < number_in(after) - 1 < known + _MOST_LOST:
            continue
        for match in _INLINE.finditer(folded, before.end if before else 0, after.start):
            value = number_of(match["number"] or "")
            opens = match.start() == 0 or folded[match.start() - 2 : match.start()].isspace()
            opens = opens or folded[match.start() - 1] == "\n"
            fits = known < value < number_in(after) and match["unit"] == unit
            if (
                fits
                and opens
                and not RUNS_ON.match(match["rest"])
                and (_BEGINS.search(match["rest"], 4) or not _SENTENCE.match(match["rest"]))
            ):
                heading = _inline_heading(text, folded, match)
                found.append(
                    Heading(heading.start, heading.end, CHAPTER, f"{unit}{value}", heading.title)
                )
                known = value
    return found


def capital_titles(text: str, lines: Lines) -> list[Heading]:
    """THE SISTERS, ARABY: titles of stories in capitals with blank lines around them."""
    if not lines.parted:
        return []
    found = []
    for match in _CAPITALS.finditer(text):
        above = text[max(0, match.start() - 3) : match.start()]
        alone = text[match.end() : match.end() + 2] == "\n\n" and (
            match.start() <= 2 or above.endswith("\n\n\n")
        )
        if (
            alone
            and sum(char.isalpha() for char in match["title"]) >= 3
            and match["title"][-1] not in ",;:"
        ):
            found.append(heading_at(text, match, CHAPTER, match["title"]))
    return found if len(found) >= _MIN_CAPITALS and _spread(found, len(text)) >= _STORY else []
