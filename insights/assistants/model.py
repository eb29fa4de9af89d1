"""What assistants are given and what they offer. Offsets are code points, half-open."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Protocol

Step = Callable[[int, int], None]
"""Told how much is done of how much; may raise to stop."""


@dataclass(frozen=True)
class Said:
    """One turn of the transcript; `start` is where its text begins, `asks` the interviewer's."""

    id: int
    text: str
    start: int
    speaker: str = ""
    asks: bool = False


@dataclass(frozen=True)
class Example:
    """A passage that a person tagged to the pain point; `id` names it to whoever gave it."""

    text: str
    stance: str = "for"
    id: int | None = None


@dataclass(frozen=True)
class Profile:
    """A pain point: what it is called and said to be, and what people tagged to it."""

    id: int
    title: str
    texts: tuple[str, ...]
    examples: tuple[Example, ...] = ()


@dataclass(frozen=True)
class Proposal:
    """A passage that may be evidence: `pain` is an open pain point, or None with a new `title`.

    `like` is the example that it resembles most, `because` an engine's reason; `score` is of its
    way alone.
    """

    start: int
    end: int
    quote: str
    pain: int | None
    title: str = ""
    stance: str = "for"
    score: float = 0.0
    because: str = ""
    like: int | None = None


@dataclass(frozen=True)
class Suggested:
    """`dropped` counts offers whose quote was not said or whose pain point does not exist."""

    proposals: tuple[Proposal, ...]
    dropped: int = 0


@dataclass(frozen=True)
class Coded:
    """For each passage the pain points read in it; None where the way gave no reading of it."""

    readings: tuple[frozenset[int] | None, ...]
    dropped: int = 0


@dataclass(frozen=True)
class Passage:
    """An utterance that an answer may cite; `replies_to` is what the interviewer had asked."""

    id: int
    text: str
    speaker: str = ""
    replies_to: str = ""


@dataclass(frozen=True)
class Citation:
    """`quote` is the passage's text from `start` to `end`."""

    passage: int
    start: int
    end: int
    quote: str


@dataclass(frozen=True)
class Sentence:
    text: str
    citations: tuple[Citation, ...]


@dataclass(frozen=True)
class Answered:
    """Without sentences the corpus does not say. `dropped` counts sentences without a proof,
    `false_quotes` citations that do not stand in their passage."""

    sentences: tuple[Sentence, ...]
    dropped: int = 0
    false_quotes: int = 0


class Assistant(Protocol):
    """One way. Every method may take long and calls `step` as it goes."""

    @property
    def name(self) -> str:
        """`offline`, `offline-semantic` or the chat engine's name."""

    def suggest(self, said: Sequence[Said], profiles: Sequence[Profile], step: Step) -> Suggested:
        """Passages of a transcript that may be evidence."""

    def code(self, passages: Sequence[str], profiles: Sequence[Profile], step: Step) -> Coded:
        """A coding of given passages, as one more coder reads them."""

    def answer(self, question: str, passages: Sequence[Passage], step: Step) -> Answered:
        """An answer made of sentences that cite."""
