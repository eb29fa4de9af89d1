"""How a program counted its offsets, and the way from there to code points.

The specification counts Unicode code points from 0. What programs write differs in three things:
whether CR LF is one character or two, whether characters beyond U+FFFF are one or two (UTF-16),
and whether the end is the last character or the one after it. Where passages carry their own words
as a name, the words decide; otherwise the program's name does; otherwise the specification, with
exclusive ends as every program that we could read writes them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

_SPACE = re.compile(r"\s+")
_ENOUGH = 5  # passages before cut words say anything


@dataclass(frozen=True)
class Counting:
    """`one_newline`: CR LF counts one; `utf16`: two beyond U+FFFF; `inclusive`: end is the last."""

    one_newline: bool = False
    utf16: bool = False
    inclusive: bool = False


@dataclass(frozen=True)
class Sample:
    """A passage as the file has it: positions in the file's own counting, its name if it has one."""

    raw: str
    start: int
    end: int
    name: str = ""


class Ruler:
    """Positions of one text in one counting → code points of the text with LF line ends."""

    def __init__(self, raw: str, counting: Counting, *, keep_newlines: bool = False) -> None:
        self.inclusive = counting.inclusive
        self.text = raw if keep_newlines else unix(raw)
        plain = (keep_newlines or "\r" not in raw) and not (
            counting.utf16 and any(character > "\uffff" for character in raw)
        )
        self._places = None if plain else list(_places(raw, counting, keep_newlines))

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """Code points [start, end), or None where they are outside of the text or empty."""
        end += self.inclusive
        limit = len(self.text) if self._places is None else len(self._places) - 1
        if end == limit + 1:
            end = limit
        if not 0 <= start < end <= limit:
            return None
        if self._places is None:
            return start, end
        first, last = self._places[start], self._places[end]
        return (first, last) if first < last else None


def unix(text: str) -> str:
    return text.replace("\r\n", "\n").replace("\r", "\n")


def _places(raw: str, counting: Counting, keep_newlines: bool) -> Iterable[int]:
    """For each position of the counting the code point where it lies; one more for the end."""
    index = 0
    position = 0
    length = len(raw)
    while position < length:
        pair = raw[position] == "\r" and raw[position + 1 : position + 2] == "\n"
        if pair and not keep_newlines:
            yield index
            if not counting.one_newline:
                yield index
            position += 2
        else:
            yield index
            if counting.utf16 and raw[position] > "\uffff":
                yield index
            position += 1
        index += 1
    yield index


def counting_of(samples: Sequence[Sample], origin: str) -> Counting:
    """The counting under which most passages say what their names say."""
    usual = Counting(one_newline="atlas" in origin.casefold())
    named = [sample for sample in samples if sample.name.strip()]
    ways = _ways(samples, usual)
    if named and len(ways) > 1:
        scored = [(_agreeing(named, way), way) for way in ways]
        best = max(score for score, _way in scored)
        if best:
            return next(way for score, way in scored if score == best)
    return Counting(usual.one_newline, usual.utf16, _ends_inside_words(samples, usual))


def _ways(samples: Sequence[Sample], usual: Counting) -> list[Counting]:
    """Every counting that could make a difference here, the usual one first."""
    newline = [usual.one_newline]
    if any("\r\n" in sample.raw for sample in samples):
        newline.append(not usual.one_newline)
    utf16 = [False]
    if any(character > "\uffff" for sample in samples for character in sample.raw):
        utf16.append(True)
    return [Counting(*way) for way in itertools.product(newline, utf16, [False, True])]


def _rulers(samples: Iterable[Sample], way: Counting) -> Iterator[tuple[Sample, Ruler]]:
    """Each passage with the ruler of its text; a text is measured once for all its passages."""
    made: dict[str, Ruler] = {}
    for sample in samples:
        if sample.raw not in made:
            made[sample.raw] = Ruler(sample.raw, way)
        yield sample, made[sample.raw]


def _agreeing(named: Sequence[Sample], way: Counting) -> int:
    return sum(_agrees(sample, ruler) for sample, ruler in _rulers(named, way))


def _agrees(sample: Sample, ruler: Ruler) -> int:
    """2 where the passage says what its name says, 1 where the name is its beginning."""
    found = ruler.place(sample.start, sample.end)
    if found is None:
        return 0
    said = _SPACE.sub(" ", ruler.text[slice(*found)]).strip()
    name = _SPACE.sub(" ", sample.name).strip()
    if said == name:
        return 2
    beginning = name.rstrip(".… ")
    return int(len(beginning) >= 3 and said.startswith(beginning))


def _ends_inside_words(samples: Sequence[Sample], usual: Counting) -> bool:
    """Whether ends read as exclusive cut Latin words that they do not cut read as inclusive."""
    cut = whole = judged = 0
    for sample, ruler in _rulers(samples, usual):
        found, text = ruler.place(sample.start, sample.end), ruler.text
        if found is None or found[1] >= len(text) or not text[found[1] - 1].isascii():
            continue
        end = found[1]
        judged += 1
        # Han characters are letters too, and stand beside Latin words without a blank.
        cut += text[end - 1].isalnum() and text[end].isascii() and text[end].isalnum()
        whole += not (text[end].isalnum() and text[end + 1 : end + 2].isalnum())
    return judged >= _ENOUGH and cut >= 0.6 * judged and whole >= 0.9 * judged
