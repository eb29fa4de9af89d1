"""When what is heard: the voice of a shot against its text."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate
from typing import Any


@dataclass(frozen=True)
class Mark:
    """The characters [start, end) of a shot's narration are heard from start_ms to end_ms, counted
    from the shot's beginning."""

    start: int
    end: int
    start_ms: int
    end_ms: int


@dataclass(frozen=True)
class Spoken:
    """The voice of one shot: how long it is, pauses around it included, and what is known of when
    its text is heard. `marks` are in order and do not overlap; empty where nothing is known."""

    duration_ms: int
    marks: tuple[Mark, ...] = ()

    def to_dict(self) -> dict[str, Any]:
        marks = [[mark.start, mark.end, mark.start_ms, mark.end_ms] for mark in self.marks]
        return {"duration_ms": self.duration_ms, "marks": marks}

    @classmethod
    def from_dict(cls, told: Mapping[str, Any]) -> Spoken:
        return cls(int(told["duration_ms"]), tuple(Mark(*mark) for mark in told["marks"]))


class TextClock:
    """From a place in a shot's text to the moment in the shot when it is heard.

    Within a mark, and everywhere where there is none, time goes by what there is to say.
    """

    def __init__(self, text: str, spoken: Spoken | None, length_ms: int) -> None:
        marks = spoken.marks if spoken else ()
        whole = marks or (Mark(0, len(text), 0, length_ms),)
        self._points = _points(text, whole)
        self._places = [place for place, _ms in self._points]
        self.length_ms = length_ms

    def at(self, place: int) -> int:
        """Milliseconds from the shot's beginning at which the character at `place` begins."""
        index = max(0, bisect_right(self._places, place) - 1)
        return min(self.length_ms, round(self._points[index][1]))

    def character(self, moment_ms: int) -> int:
        """The last place in the text that has begun at this moment."""
        found = 0
        for place, begun in self._points:
            if round(begun) <= moment_ms:
                found = place
        return found


def _points(text: str, marks: Sequence[Mark]) -> list[tuple[int, float]]:
    points: list[tuple[int, float]] = []
    for mark in marks:
        # What stands between two marks (a quotation mark, a space) is shown with what follows.
        if points and points[-1][0] + 1 < mark.start:
            points.append((points[-1][0] + 1, mark.start_ms))
        weights = [spoken_weight(character) for character in text[mark.start : mark.end]]
        total = sum(weights) or 1.0
        length = mark.end_ms - mark.start_ms
        sums = accumulate(weights[:-1], initial=0.0)
        points += [
            (mark.start + offset, mark.start_ms + length * part / total)
            for offset, part in enumerate(sums)
        ]
    return points


def spoken_weight(text: str) -> float:
    """Relative time that reading `text` aloud takes; one ideograph is 1.

    A Latin letter or digit is about a third of a syllable; punctuation is a short pause.
    """
    weight = 0.05
    for character in text:
        if character.isspace():
            continue
        if not character.isalnum():
            weight += 0.5
        elif ord(character) < 0x2E80:
            weight += 0.35
        else:
            weight += 1.0
    return weight
