"""Who speaks where in a text, and the way between such a text and what was said alone.

The house keeps what was said, turns joined by LF, without the speakers' names; a text for people
has `name: words` on each line. A `Layout` holds both places of every turn.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from insights.exchange.model import Turn

_LABEL = re.compile(r"^[ \t　]*([^\n:：]{1,40}?)[ \t　]*[:：][ \t　]*", re.MULTILINE)
_BLOCK = re.compile(r"\n(?=[^\S\n]*\S)")
_MANY = 12  # speakers; more names than this before colons is prose


@dataclass(frozen=True)
class Layout:
    """`turns` in the shown text; said offsets count the turns' words joined by LF."""

    turns: tuple[Turn, ...]
    said: tuple[int, ...]

    @classmethod
    def of(cls, turns: Sequence[Turn]) -> Layout:
        starts, at = [], 0
        for turn in turns:
            starts.append(at)
            at += turn.end - turn.start + 1
        return cls(tuple(turns), tuple(starts))

    def words(self, shown: str) -> list[str]:
        return [shown[turn.start : turn.end] for turn in self.turns]

    def to_said(self, start: int, end: int) -> tuple[int, int] | None:
        """Shown [start, end) → said; what is not speech falls away, None where nothing is left."""
        first = bisect_right([turn.end for turn in self.turns], start)
        last = bisect_left([turn.start for turn in self.turns], end) - 1
        if first > last or last < 0 or first >= len(self.turns):
            return None
        one, other = self.turns[first], self.turns[last]
        begin = self.said[first] + max(0, start - one.start)
        until = self.said[last] + min(end, other.end) - other.start
        return (begin, until) if begin < until else None

    def to_shown(self, start: int, end: int) -> tuple[int, int]:
        """Said [start, end) → shown; names of speakers in between are inside."""
        first = max(0, bisect_right(self.said, start) - 1)
        last = max(first, bisect_left(self.said, end) - 1)
        return (
            self.turns[first].start + start - self.said[first],
            self.turns[last].start + end - self.said[last],
        )


def show(speeches: Iterable[tuple[str, str, int | None, int | None]]) -> tuple[str, Layout]:
    """(speaker, words, start ms, end ms) → the text with the speakers' names, and its layout."""
    parts, turns, at = [], [], 0
    for speaker, words, start_ms, end_ms in speeches:
        head = f"{speaker}：" if _is_chinese(speaker) else f"{speaker}: "
        head = head if speaker else ""
        start = at + len(head)
        turns.append(Turn(at, start, start + len(words), speaker, start_ms, end_ms))
        parts.append(head + words)
        at = start + len(words) + 1
    return "\n".join(parts), Layout.of(turns)


def _is_chinese(text: str) -> bool:
    return any(character >= "\u2e80" for character in text)


def to_note(turns: Iterable[Turn]) -> str:
    """A line a turn: where the name begins, its length, the words' start and end, times in ms."""
    return "\n".join(
        f"{turn.label} {len(turn.speaker)} {turn.start} {turn.end} "
        f"{_ms(turn.start_ms)} {_ms(turn.end_ms)}"
        for turn in turns
    )


def _ms(value: int | None) -> str:
    return "-" if value is None else str(value)


def from_note(note: str, text: str) -> tuple[Turn, ...]:
    """The turns that a note of ours lists; () where it does not fit the text."""
    turns: list[Turn] = []
    before = 0
    for line in note.split("\n"):
        fields = line.split()
        if len(fields) != 6 or not all(field == "-" or field.isdigit() for field in fields):
            return ()
        label, length, start, end = (int(field) for field in fields[:4])
        if not before <= label <= label + length <= start <= end <= len(text):
            return ()
        start_ms, end_ms = (None if field == "-" else int(field) for field in fields[4:])
        turns.append(Turn(label, start, end, text[label : label + length], start_ms, end_ms))
        before = end
    return tuple(turns)


def find_turns(text: str) -> tuple[Turn, ...]:
    """Turns of a stranger's text: by `name:` at the head of lines, else its paragraphs.

    Paragraphs keep the blank lines behind them, so that joined by LF they are the text again.
    """
    return _labelled(text) or _blocks(text)


def _labelled(text: str) -> tuple[Turn, ...]:
    lines = [line for line in text.split("\n") if line.strip()]
    heads = list(_LABEL.finditer(text))
    names = {head.group(1).strip() for head in heads}
    # A heading or two may precede the first turn; prose with a colon here and there is not speech.
    if len(heads) < 2 or len(heads) < 0.6 * len(lines) or len(names) > max(2, len(heads) // 2):
        return ()
    if len(names) > _MANY or text[: heads[0].start()].strip():
        return ()
    turns = []
    for head, after in zip(heads, [*heads[1:], None], strict=True):
        start = head.end()
        until = after.start() if after else len(text)
        end = start + len(text[start:until].rstrip())
        turns.append(Turn(head.start(1), start, end, head.group(1).strip()))
    return tuple(turns)


def _blocks(text: str) -> tuple[Turn, ...]:
    turns: list[Turn] = []
    start = 0
    for found in _BLOCK.finditer(text):
        if text[start : found.start()].strip():
            turns.append(Turn(start, start, found.start()))
            start = found.end()
    turns.append(Turn(start, start, len(text)))
    return tuple(turns)


def with_times(turns: Sequence[Turn], points: Iterable[tuple[int, int]]) -> tuple[Turn, ...]:
    """The turns with the times of sync points (position, ms): the first one inside each turn."""
    ordered = sorted(points)
    places = [position for position, _ms in ordered]
    timed = []
    for index, turn in enumerate(turns):
        after = turns[index + 1].label if index + 1 < len(turns) else turn.end + 1
        at = bisect_left(places, turn.label)
        inside = at < len(places) and places[at] < after
        timed.append(replace(turn, start_ms=ordered[at][1]) if inside else turn)
    return tuple(timed)
