"""What one version of a transcript says otherwise than another, turn by turn."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

from crm.transcripts.anchoring import steps

Turn = tuple[str, str]
"""Who speaks, and what."""


@dataclass(frozen=True)
class Part:
    """A stretch of a turn: `same`, `added` or `gone`."""

    kind: str
    text: str


@dataclass(frozen=True)
class ChangedTurn:
    """A turn that says something else. `index` counts from 0 in the new version, None where it is gone."""

    index: int | None
    before: str
    speaker: str
    parts: tuple[Part, ...]


@dataclass
class Comparison:
    """`turns` say something else; `renamed` counts turns by (speaker before, speaker now)."""

    turns: list[ChangedTurn] = field(default_factory=list)
    renamed: Counter[tuple[str, str]] = field(default_factory=Counter)


def compared(old: Sequence[Turn], new: Sequence[Turn]) -> Comparison:
    """The differences, in the new version's order."""
    found = Comparison()
    for before, after, index in _pairs(old, new):
        if before is not None and after is not None and before[0] != after[0]:
            found.renamed[before[0], after[0]] += 1
        said, says = before[1] if before else "", after[1] if after else ""
        if said != says or before is None or after is None:
            speaker = after[0] if after else ""
            found.turns.append(
                ChangedTurn(index, before[0] if before else "", speaker, tuple(_parts(said, says)))
            )
    return found


def _pairs(
    old: Sequence[Turn], new: Sequence[Turn]
) -> Iterator[tuple[Turn | None, Turn | None, int | None]]:
    """Turns that stand for each other: of two versions with as many turns, each its own."""
    if len(old) == len(new):
        yield from ((a, b, index) for index, (a, b) in enumerate(zip(old, new, strict=True)))
        return
    matcher = SequenceMatcher(None, [a[1] for a in old], [b[1] for b in new], autojunk=False)
    for _kind, i, j, k, n in matcher.get_opcodes():
        paired = min(j - i, n - k)
        yield from ((old[i + at], new[k + at], k + at) for at in range(paired))
        yield from ((turn, None, None) for turn in old[i + paired : j])
        yield from ((None, new[at], at) for at in range(k + paired, n))


def _parts(said: str, says: str) -> Iterator[Part]:
    for kind, since, until, into, upto in steps(said, says):
        if kind == "equal":
            yield Part("same", said[since:until])
            continue
        if since < until:
            yield Part("gone", said[since:until])
        if into < upto:
            yield Part("added", says[into:upto])
