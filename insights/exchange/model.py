"""A REFI-QDA project as plain rows. GUIDs are lower-case UUID texts without braces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field

from insights.exchange.errors import Remark

ORIGIN = "Pingju"
# Notes that carry what the format has no place for; other tools show them as memos.
READING_NOTE = "pingju:reading"
TURNS_NOTE = "pingju:turns"


@dataclass(frozen=True)
class User:
    guid: str
    name: str


@dataclass(frozen=True)
class Code:
    guid: str
    name: str
    colour: str = ""
    description: str = ""
    codable: bool = True
    children: tuple[Code, ...] = ()


@dataclass(frozen=True)
class Variable:
    """`kind` is the schema's typeOfVariable: Text, Boolean, Integer, Float, Date or DateTime."""

    guid: str
    name: str
    kind: str = "Text"
    description: str = ""


@dataclass(frozen=True)
class Case:
    """A person or unit; `name` is empty where the file only hangs variables on a source."""

    guid: str
    name: str = ""
    description: str = ""
    values: Mapping[str, str] = field(default_factory=dict)
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Coding:
    """One user's coding; `reading` holds what `READING_NOTE` says: stance, severity and so on."""

    guid: str
    code: str
    user: str = ""
    at: str = ""
    reading: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Selection:
    """Code points [start, end) of its source's text."""

    guid: str
    start: int
    end: int
    name: str = ""
    user: str = ""
    at: str = ""
    codings: tuple[Coding, ...] = ()


@dataclass(frozen=True)
class Turn:
    """Who speaks from `start` to `end` of the source's text; `label` is where the name begins."""

    label: int
    start: int
    end: int
    speaker: str = ""
    start_ms: int | None = None
    end_ms: int | None = None


@dataclass(frozen=True)
class Source:
    """A text: `codings` are of the whole text, `turns` are its stretches of speech."""

    guid: str
    name: str
    text: str
    selections: tuple[Selection, ...] = ()
    codings: tuple[Coding, ...] = ()
    values: Mapping[str, str] = field(default_factory=dict)
    turns: tuple[Turn, ...] = ()
    user: str = ""
    at: str = ""


@dataclass(frozen=True)
class Missing:
    """A source whose text could not be had. `reason`: absent, outside, unreadable, no_text."""

    name: str
    path: str
    reason: str


@dataclass(frozen=True)
class Note:
    guid: str
    name: str
    text: str


@dataclass(frozen=True)
class CodeSet:
    guid: str
    name: str
    description: str = ""
    codes: tuple[str, ...] = ()


@dataclass(frozen=True)
class Project:
    """`codebook_only` tells a .qdc from a project without sources."""

    name: str
    origin: str = ORIGIN
    description: str = ""
    user: str = ""
    at: str = ""
    users: tuple[User, ...] = ()
    codes: tuple[Code, ...] = ()
    variables: tuple[Variable, ...] = ()
    cases: tuple[Case, ...] = ()
    sources: tuple[Source, ...] = ()
    sets: tuple[CodeSet, ...] = ()
    missing: tuple[Missing, ...] = ()
    remarks: tuple[Remark, ...] = ()
    codebook_only: bool = False

    @property
    def is_ours(self) -> bool:
        return self.origin.startswith(ORIGIN)


def walk_codes(
    codes: Iterable[Code], parent: Code | None = None
) -> Iterator[tuple[Code, Code | None]]:
    """Every code with its parent, parents first, without recursion: trees may be deep."""
    waiting = [(code, parent) for code in codes][::-1]
    while waiting:
        code, above = waiting.pop()
        yield code, above
        waiting.extend((child, code) for child in reversed(code.children))


def coding_count(project: Project) -> int:
    """Codings of passages; codings of whole sources are counted elsewhere."""
    return sum(len(item.codings) for source in project.sources for item in source.selections)
