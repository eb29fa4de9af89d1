"""Quotes of real novels labelled by hand, and how many of them a board gives to the right speaker.

`labels/quotes.json` holds, for each book (by file name and sha256 of its decoded text), rows of
[passage, start, end, explicit or implicit, speakers]. They were labelled by reading the passages,
before the rules were measured on them. Explicit: the clause with the verb of saying names the
speaker. Speakers are separated by |: any of the names is right, "?" means that nobody may be named.
Passages from HELD_OUT on were labelled after the rules had been made on the others, and are held out.
"""

from __future__ import annotations

import json
from bisect import bisect_left
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from generation.story import Storyboard, Text, people
from generation.story.script import fold

__all__ = ["HELD_OUT", "NOVELS", "Label", "Score", "labels_of", "scores", "without_known_works"]

NOVELS = Path(__file__).resolve().parents[3] / "shared" / "data" / "novels"
HELD_OUT = 100
_LABELS = Path(__file__).parent / "labels"


@contextmanager
def without_known_works() -> Iterator[None]:
    """Every book is one that the lexicon of well-known novels has never heard of."""
    there = people.known_people
    people.known_people = lambda: ()
    try:
        yield
    finally:
        people.known_people = there


@dataclass(frozen=True, slots=True)
class Label:
    """One quote, [start, end) with its marks."""

    passage: int
    start: int
    end: int
    explicit: bool
    speakers: tuple[str, ...]

    @property
    def held_out(self) -> bool:
        return self.passage >= HELD_OUT


@dataclass(frozen=True, slots=True)
class Score:
    """Right ones of `total`; `wrong` are the labels that were missed, with what was said instead."""

    right: int
    total: int
    wrong: tuple[tuple[Label, str], ...] = ()


def labels_of(text: Text, file: str) -> list[Label]:
    """The labels of a book; none where its text is not the one that was labelled."""
    for book in json.loads((_LABELS / "quotes.json").read_text(encoding="utf-8")):
        if book["file"] == file and book["sha256"] == text.sha256:
            return [
                Label(passage, start, end, kind == "explicit", tuple(speakers.split("|")))
                for passage, start, end, kind, speakers in book["quotes"]
            ]
    return []


def scores(
    board: Storyboard, labels: list[Label], *, explicit: bool | None = None, held_out: bool = True
) -> Score:
    """How many of the quotes have their speaker; `explicit` chooses among them, None all."""
    names = {p["id"]: {fold(name) for name in (p["name"], *p["aliases"])} for p in board.cast}
    lines = sorted(
        {(line["start"], line["speaker"]) for shot in board.shots for line in shot["lines"]},
        key=lambda line: line[0],
    )
    starts = [start for start, _ in lines]
    wrong = []
    chosen = [
        label
        for label in labels
        if explicit in (None, label.explicit) and label.held_out == held_out
    ]
    for label in chosen:
        place = bisect_left(starts, label.start - 1)
        if place == len(lines) or starts[place] >= label.end:
            wrong.append((label, "no line"))
            continue
        speaker = lines[place][1]
        said = {"?"} if speaker is None else names[speaker]
        if not said & {fold(name) for name in label.speakers}:
            wrong.append((label, min(said, key=len)))
    return Score(len(chosen) - len(wrong), len(chosen), tuple(wrong))
