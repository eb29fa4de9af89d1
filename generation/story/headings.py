"""Chapters: where a novel's headings stand, and even parts where it has none."""

from __future__ import annotations

import itertools
import re
from collections import Counter
from collections.abc import Sequence

from generation.story.heading_lines import CHAPTER, LOWER, UPPER, Heading, Lines, line_headings
from generation.story.heading_runs import (
    COUNTED,
    capital_titles,
    counted_lines,
    inline_headings,
    lost_between,
)
from generation.story.model import Chapter, Text
from generation.story.script import fold, language_of

__all__ = ["chapters", "told_from"]

PART_LENGTH = {"zh": 6_000, "en": 15_000}
# A line of the contents is followed by no more than its couplet's second half, or its page.
_ENTRY = {True: 60, False: 140}
_MIN_CONTENTS, _SURE = 3, 0.7
# Volume, chapter and a line of its name are the most that a heading takes.
_HEADING_LINES, _BEFORE = 3, 200
# The licence behind the text of a free edition is no part of the last chapter.
_LICENCE = re.compile(
    r"^(?:\*\*\*\s?|\s*)END OF (?:THE |THIS )?PROJECT GUTENBERG", re.MULTILINE | re.IGNORECASE
)


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


def told_from(text: str, chapter: Chapter) -> int:
    """Where a chapter's story begins, behind its heading: what stands before is on its card, is shown
    and said with that, and is told in no shot. The chapter's start where it has no heading, or where
    there is nothing but one."""
    start, end = chapter.start, chapter.end
    after = _behind_title(text, chapter) or _behind_lines(text, start, end)
    while after < end and text[after].isspace():
        after += 1
    return after if after < end else start


def _behind_title(text: str, chapter: Chapter) -> int:
    """Behind the title as it stands in the text, with what decorates its line; 0 where it is not the
    first that the chapter says (chapters that somebody has joined)."""
    words = [re.escape(word) for word in chapter.title.split()]
    found = (
        re.compile(r"\s+".join(words)).search(text, chapter.start, chapter.end) if words else None
    )
    if found is None or found.start() - chapter.start > _BEFORE:
        return 0
    if not _is_above(text[chapter.start : found.start()]):
        return 0
    line_end = text.find("\n", found.end(), chapter.end)
    rest = text[found.end() : line_end if line_end >= 0 else chapter.end]
    ornament = rest.strip() and not any(char.isalnum() for char in rest)
    return found.end() + (len(rest) if ornament else 0)


def _is_above(before: str) -> bool:
    """Whether what stands before a title belongs to it: blanks, its volume, or ornament."""
    lines = [line for line in before.splitlines() if any(char.isalnum() for char in line)]
    return (
        all(len(line.strip()) <= 40 and not re.search("[。！？；!?;]", line) for line in lines)
        and len(lines) < _HEADING_LINES
    )


def _behind_lines(text: str, start: int, end: int) -> int:
    """Behind the lines at a chapter's start that are headings by themselves: somebody gave it another
    title."""
    after = start
    for match in itertools.islice(re.finditer(r"[^\n]*\S[^\n]*", text[start : start + 600]), 3):
        line = match[0]
        if start + match.end() >= end or not line_headings(line, fold(line), Lines(line)):
            break
        after = start + match.end()
    return after


def _by_words(text: str) -> list[Heading]:
    """Headings that number or name themselves: on lines, in the flow, or as bare numbers."""
    folded = fold(text)
    lines = Lines(text)
    found = _without_contents(folded, line_headings(text, folded, lines))
    found = sorted([*found, *lost_between(text, folded, found)], key=lambda heading: heading.start)
    headings = _levels(folded, found)
    if sum(not heading.named and heading.level == CHAPTER for heading in found) >= 2:
        return headings
    parts = [heading for heading in found if heading.level == UPPER]
    counted = counted_lines(text, folded, lines, parts)
    if len(counted) > len(headings):
        counted = _without_contents(folded, counted)
        return _levels(folded, sorted([*found, *counted], key=lambda heading: heading.start))
    if len(headings) < 2:
        inline = inline_headings(text, folded)
        headings = inline if len(inline) > len(headings) else headings
    return headings if len(headings) > 1 else capital_titles(text, lines) or headings


def _marked_headings(text: str, marked: Sequence[tuple[int, int]]) -> list[Heading]:
    """The format's own headings; those without words between them are one (title, then volume)."""
    found: list[Heading] = []
    for start, end in marked:
        title = text[start:end].strip()
        if found and not text[found[-1].end : start].strip():
            start, title = found[-1].start, f"{found.pop().title} {title}"
        found.append(Heading(start, end, CHAPTER, title, title))
    return found


def _without_contents(folded: str, found: list[Heading]) -> list[Heading]:
    """Drop the table of contents: headings in a row with nothing between that come again later,
    and the volumes above them."""
    later = Counter(heading.key for heading in found)
    kept: list[Heading] = []
    at = 0
    while at < len(found):
        end = at
        while end + 1 < len(found) and _is_entry(folded, found[end].end, found[end + 1].start):
            end += 1
        run = found[at : end + 1]
        for heading in run:
            later[heading.key] -= 1
        real = _real(run, later)
        if kept and kept[-1].level == UPPER and (not real or real[0] is not run[0]):
            kept.pop()
        kept += real
        at += len(run)
    return kept


def _real(run: list[Heading], later: Counter[str]) -> list[Heading]:
    """Those of a row of headings that are no contents. The last may be the first chapter."""
    entries, last = run[:-1], run[-1]
    if len(run) < _MIN_CONTENTS:
        return run
    here = [later[heading.key] > 0 or heading.key == last.key for heading in entries]
    again = sum(here)
    if again * 2 < len(entries):
        return run
    # The contents name it once and its chapter has it again: what is here is the entry.
    is_entry = later[last.key] > 0 and all(heading.key != last.key for heading in entries)
    rest = [] if is_entry else [last]
    if again >= len(entries) * _SURE:
        return rest
    return [heading for heading, comes in zip(entries, here, strict=True) if not comes] + rest


def _is_entry(folded: str, start: int, end: int) -> bool:
    """Whether [start, end) between two headings holds no text, or as little as contents have."""
    if end - start > 400:
        return not _has_body(folded, start, end) and end - start < 2_000
    words = folded[start:end].strip(" \t\u3000\n.…·0123456789")
    if not words:
        return True
    chinese = "\u4e00" <= words[0] <= "\u9fff"
    return len(words) <= _ENTRY[chinese] and not re.search(
        "[。！？；]" if chinese else r"[!?;]", words
    )


def _has_body(folded: str, start: int, end: int) -> bool:
    """Whether more than page numbers and blank lines stands between two headings."""
    return len(folded[start : min(end, start + 400)].strip(" \t\u3000\n.…·0123456789")) > 0


def _levels(folded: str, found: list[Heading]) -> list[Heading]:
    """One level of chapters: volumes join the chapter right below them, sections give way."""
    if any(heading.level == CHAPTER for heading in found):
        found = [heading for heading in found if heading.level != LOWER]
    # An appendix amid numbered chapters belongs to the chapter before it.
    numbered = max((i for i, heading in enumerate(found) if heading.key[-1:].isdigit()), default=-1)
    found = [h for i, h in enumerate(found) if i > numbered or not h.key.startswith("附录")]
    joined: list[Heading] = []
    for heading in found:
        last = joined[-1] if joined else None
        if last and not _has_body(folded, last.end, heading.start):
            above = last.level < heading.level or (last.named and heading.key.startswith(COUNTED))
            repeated = last.key == heading.key and last.title == heading.title
            if above or repeated:
                joined[-1] = Heading(
                    last.start, heading.end, heading.level, heading.key, heading.title
                )
                continue
        joined.append(heading)
    return joined


def _between(text: str, headings: Sequence[Heading]) -> tuple[Chapter, ...]:
    first = headings[0].start
    starts = [(heading.start, heading.title) for heading in headings]
    if text[:first].strip("\ufeff \t\u3000\n"):
        starts.insert(0, (0, ""))
    else:
        starts[0] = (0, starts[0][1])
    if licence := _LICENCE.search(text, headings[-1].end):
        starts.append((licence.start(), ""))
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
