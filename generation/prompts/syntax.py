"""The little language of templates: `{{name}}` is a value, `[[ … ]]` goes where a value in it is empty.

Values are put in once and never read again, so that words of a novel cannot call on another
variable.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from generation.prompts.errors import PromptError

_MARK = re.compile(r"\{\{\s*([a-z_]+)\s*\}\}|\[\[|\]\]|\{\{|\}\}")
_TAMED = (
    ("{{", "("), ("}}", ")"), ("[[", "("), ("]]", ")"), ("<", "＜"), (">", "＞"), ("«", "‹"),
    ("»", "›"), ("「", "『"), ("」", "』"),
)  # fmt: skip
_TWICE = re.compile(r"([,;，；。、])(?:\s*[,;，；。、])+")


@dataclass(frozen=True, slots=True)
class Piece:
    """Words as they stand, or with `name` the value to put there; `group` 0 is never left out."""

    text: str
    name: str
    group: int


@lru_cache(maxsize=1024)
def parse(body: str) -> tuple[Piece, ...]:
    """The template's pieces. Raises PromptError `syntax` naming the line."""
    pieces: list[Piece] = []
    at, group, groups = 0, 0, 0
    for found in _MARK.finditer(body):
        if found.start() > at:
            pieces.append(Piece(body[at : found.start()], "", group))
        mark, line = found[0], body.count("\n", 0, found.start()) + 1
        if found[1]:
            pieces.append(Piece("", found[1], group))
        elif mark == "[[" and not group:
            groups += 1
            group = groups
        elif mark == "]]" and group:
            group = 0
        else:
            raise PromptError(
                "syntax",
                f"Line {line}: {mark} has no partner; write {{{{name}}}} and [[ … ]], not nested.",
                line=line,
                mark=mark,
            )
        at = found.end()
    if group:
        raise PromptError("syntax", "A [[ is never closed; add ]].", line=0, mark="[[")
    if at < len(body):
        pieces.append(Piece(body[at:], "", 0))
    return tuple(pieces)


def names(body: str) -> tuple[str, ...]:
    """The variables in the order of their first use."""
    return tuple(dict.fromkeys(piece.name for piece in parse(body) if piece.name))


def literal(body: str) -> str:
    """The template's own words, without variables and marks."""
    return "".join(piece.text or " " for piece in parse(body))


def render(body: str, values: Mapping[str, str]) -> str:
    """The words with the values put in; what is empty goes with its group, marks in values die.

    Raises PromptError `unknown_variable` where a value is not given.
    """
    pieces = parse(body)
    for piece in pieces:
        if piece.name and piece.name not in values:
            raise PromptError(
                "unknown_variable",
                f"{{{{{piece.name}}}}} is not known; use one of {', '.join(sorted(values))}.",
                name=piece.name,
            )
    empty = {piece.group for piece in pieces if piece.name and not values[piece.name].strip()}
    words = "".join(
        tame(values[piece.name]) if piece.name else piece.text
        for piece in pieces
        if not piece.group or piece.group not in empty
    )
    return tidy(words)


def tame(value: str) -> str:
    """A value on one line that holds no mark of this language, no tag, fence or control character."""
    flat = " ".join(value.split())
    for mark, other in _TAMED:
        flat = flat.replace(mark, other)
    return "".join(char for char in flat if char.isprintable())


def tidy(words: str) -> str:
    """Without doubled separators and stray blanks; lines stay."""
    lines = [_TWICE.sub(r"\1", " ".join(line.split())) for line in words.strip().splitlines()]
    return "\n".join(line.strip(" ,;，；、") if len(lines) == 1 else line for line in lines)
