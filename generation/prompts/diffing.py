"""What changed between two versions of a text, word by word."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import SequenceMatcher
from typing import Literal

Kind = Literal["same", "added", "removed"]
_WORDS = re.compile(r"\{\{\s*\w+\s*\}\}|[A-Za-z0-9]+|\s+|.", re.S)


@dataclass(frozen=True, slots=True)
class Line:
    """A stretch of text and whether it stayed, came or went."""

    kind: Kind
    text: str


def changes(old: str, new: str) -> list[Line]:
    """The stretches in order; joined they give `old` without the added and `new` without the removed.

    Chinese is compared by characters, English by words, a variable is one.
    """
    before, after = _WORDS.findall(old), _WORDS.findall(new)
    found: list[Line] = []
    matcher = SequenceMatcher(None, before, after, autojunk=False)
    for tag, a, b, c, d in matcher.get_opcodes():
        if tag == "equal":
            found.append(Line("same", "".join(before[a:b])))
            continue
        if b > a:
            found.append(Line("removed", "".join(before[a:b])))
        if d > c:
            found.append(Line("added", "".join(after[c:d])))
    return found
