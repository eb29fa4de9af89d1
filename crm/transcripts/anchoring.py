"""Where a passage of one text is in a corrected one, and two corrections of one text joined."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

# A passage of which less is left was not corrected but replaced.
KEPT = 0.5
# Letters in a row that are no accident: in two sentences of a language single ones always agree.
SOLID = 4
# Above this many comparisons only whole lines are compared.
_FINE = 16_000_000

Step = tuple[str, int, int, int, int]


@dataclass(frozen=True, slots=True)
class Anchor:
    """Code points [start, end) of the new text; `same` where every character of it is unchanged."""

    start: int
    end: int
    same: bool


class Anchors:
    """The way from `old` to `new`; made once, asked for many passages."""

    def __init__(self, old: str, new: str) -> None:
        self.old, self.new = old, new
        self.steps = steps(old, new)
        self._begins = [step[1] for step in self.steps if step[1] < step[2]]
        self._real = [step for step in self.steps if step[1] < step[2]]

    def of(self, start: int, end: int) -> Anchor | None:
        """The passage [start, end) of the old text in the new one; None where it was replaced.

        What was put in the place of its beginning or end belongs to it, what was put beside it
        does not.
        """
        if not 0 <= start < end <= len(self.old):
            return None
        first, last = self._at(start), self._at(end - 1)
        kind, old_from, _old_to, new_from, _new_to = self._real[first]
        begin = new_from + (start - old_from if kind == "equal" else 0)
        kind, old_from, _old_to, new_from, new_to = self._real[last]
        finish = new_from + (end - old_from) if kind == "equal" else new_to
        kept = sum(
            min(end, until) - max(start, since)
            for kind, since, until, _from, _to in self._real[first : last + 1]
            if kind == "equal"
        )
        if finish <= begin or kept < KEPT * (end - start):
            return None
        return Anchor(begin, finish, self.new[begin:finish] == self.old[start:end])

    def place(self, start: int, end: int) -> tuple[int, int] | None:
        """[begin, finish) of what stands where [start, end) of the old text stood, whatever it says.

        From the last stretch that surely stayed before it to the first after it; None where nothing
        is left there.
        """
        begin, finish = 0, len(self.new)
        for kind, since, until, into, upto in self.steps:
            if kind != "equal" or until - since < SOLID:
                continue
            if since <= start:
                begin = into + min(start, until) - since
            if until >= end:
                finish = upto - (until - max(end, since))
                break
        return (begin, finish) if begin < finish else None

    def _at(self, place: int) -> int:
        return bisect_right(self._begins, place) - 1


def steps(old: str, new: str) -> list[Step]:
    """What turns `old` into `new`, as difflib's opcodes: by characters, by lines where it is much."""
    head = _shared(old, new)
    tail = _shared(old[head:][::-1], new[head:][::-1])
    a, b = old[head : len(old) - tail], new[head : len(new) - tail]
    found: list[Step] = [("equal", 0, head, 0, head)] if head else []
    if len(a) * len(b) <= _FINE:
        inner: list[Step] = list(SequenceMatcher(None, a, b, autojunk=False).get_opcodes())
    else:
        inner = _by_lines(a, b)
    found += [(kind, i + head, j + head, k + head, n + head) for kind, i, j, k, n in inner]
    if tail:
        found.append(("equal", len(old) - tail, len(old), len(new) - tail, len(new)))
    return found


def _shared(a: str, b: str) -> int:
    """Length of the common beginning, by halving."""
    low, high = 0, min(len(a), len(b))
    while low < high:
        middle = (low + high + 1) // 2
        if a[low:middle] == b[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _by_lines(a: str, b: str) -> list[Step]:
    ours, theirs = a.splitlines(keepends=True), b.splitlines(keepends=True)
    from_a, from_b = _places(ours), _places(theirs)
    return [
        (kind, from_a[i], from_a[j], from_b[k], from_b[n])
        for kind, i, j, k, n in SequenceMatcher(None, ours, theirs, autojunk=False).get_opcodes()
    ]


def _places(lines: Sequence[str]) -> list[int]:
    places = [0]
    for line in lines:
        places.append(places[-1] + len(line))
    return places


def joined(base: str, mine: str, theirs: str) -> str | None:
    """Both corrections of `base` in one text; None where they touch the same place."""
    changes = [
        (since, until, text[into:upto])
        for text in (mine, theirs)
        for kind, since, until, into, upto in steps(base, text)
        if kind != "equal"
    ]
    changes.sort(key=lambda change: change[:2])
    pieces, at = [], 0
    before: tuple[int, int, str] | None = None
    for change in changes:
        since, until, put = change
        if change == before:  # both made the same correction
            continue
        if before is not None and since <= before[1]:
            return None
        pieces += [base[at:since], put]
        at, before = until, change
    return "".join([*pieces, base[at:]])
