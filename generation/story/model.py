"""The nouns of the story room. All offsets count code points of the text, half-open."""

from __future__ import annotations

from dataclasses import dataclass, field
from hashlib import sha256
from typing import Any

from engines.decoding import Repair

__all__ = [
    "Cancelled",
    "Chapter",
    "LeftOut",
    "Person",
    "StoryError",
    "Storyboard",
    "Text",
    "sha256_of",
]


class StoryError(ValueError):
    """Bad input to the story room: `code` names the fault, `parameters` what it was about."""

    def __init__(self, code: str, message: str, **parameters: object) -> None:
        super().__init__(message)
        self.code = code
        self.parameters = parameters


class Cancelled(StoryError):
    """The caller's `cancelled()` became true; nothing half-made is returned."""

    def __init__(self, step: str) -> None:
        super().__init__("cancelled", f"The run was cancelled during {step}.", step=step)
        self.step = step


@dataclass(frozen=True, slots=True)
class LeftOut:
    """A file inside a book's archive that is not in the text.

    `code` says why: not_text, empty, unreadable, missing, outside_order.
    """

    name: str
    code: str


@dataclass(frozen=True, slots=True)
class Text:
    """A decoded novel. `sha256` is of the text in UTF-8, `language` one of zh-Hans, zh-Hant, en.

    `headings` are the lines that the book's format marks as headings, `left_out` the files inside
    an archive that are not in the text.
    """

    text: str
    encoding: str
    repairs: tuple[Repair, ...]
    sha256: str
    title: str
    language: str
    headings: tuple[tuple[int, int], ...] = ()
    left_out: tuple[LeftOut, ...] = ()


@dataclass(frozen=True, slots=True)
class Chapter:
    """[start, end) of the text; `title` is the heading as it stands, "" where there is none."""

    index: int
    title: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class Person:
    """One character. `offsets` are its mentions in text order, `mentions` their number.

    `kind` is named, narrator, or role: somebody without a name (老者, 国王), of some scenes only.
    """

    id: str
    name: str
    aliases: tuple[str, ...]
    mentions: int
    first_at: int
    offsets: tuple[tuple[int, int], ...] = ()
    main: bool = False
    kind: str = "named"
    appearance: dict[str, Any] = field(default_factory=dict)
    seed: int = 0
    reference: str | None = None

    def to_dict(self) -> dict[str, Any]:
        """The `cast` item of storyboard.schema.json (offsets stay out: they can be found again)."""
        return {
            "id": self.id,
            "name": self.name,
            "aliases": list(self.aliases),
            "mentions": self.mentions,
            "first_at": self.first_at,
            "main": self.main,
            "kind": self.kind,
            "appearance": self.appearance,
            "seed": self.seed,
            "reference": self.reference,
        }


@dataclass(frozen=True, slots=True)
class Storyboard:
    """The whole board; the lists hold dicts in the shape of storyboard.schema.json."""

    novel: dict[str, Any]
    chapters: list[dict[str, Any]]
    cast: list[dict[str, Any]]
    scenes: list[dict[str, Any]]
    shots: list[dict[str, Any]]
    usage: dict[str, Any]

    def to_dict(self) -> dict[str, Any]:
        """The document of storyboard.schema.json, version 1."""
        return {
            "version": 1,
            "novel": self.novel,
            "chapters": self.chapters,
            "cast": self.cast,
            "scenes": self.scenes,
            "shots": self.shots,
            "usage": self.usage,
        }

    @classmethod
    def from_dict(cls, board: dict[str, Any]) -> Storyboard:
        """The inverse of to_dict; StoryError `version` for any other version than 1."""
        if board.get("version") != 1:
            raise StoryError(
                "version",
                f"Storyboard version {board.get('version')!r} cannot be read, only version 1: "
                "make the storyboard again with this release.",
                version=board.get("version"),
            )
        keys = ("novel", "chapters", "cast", "scenes", "shots", "usage")
        missing = [key for key in keys if key not in board]
        if missing:
            raise StoryError(
                "incomplete",
                f"The storyboard lacks {', '.join(missing)}: it was cut short; make it again.",
                missing=missing,
            )
        return cls(**{key: board[key] for key in keys})


def sha256_of(text: str) -> str:
    """Hex digest of the text in UTF-8; unpaired surrogates count as they stand."""
    return sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
