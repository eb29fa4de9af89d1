"""A model's answer, taken item by item: what is right is used, what is broken is named by its place."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any

from generation.story.chat.windows import Window
from generation.story.chat.wording import (
    EXPRESSIONS,
    FRAMINGS,
    MOVEMENTS,
    PLACES,
    POSES,
    TIMES,
    WEATHERS,
)
from generation.story.direction import ShotTold
from generation.story.script import fold
from generation.story.staging import summary_words

__all__ = ["Read", "Scene", "Shot", "read_answer"]

LONGEST_NAME = {False: 8, True: 40}
LONGEST_ACTION = {False: 24, True: 90}
_NUMBER = re.compile(r"\d+")
# What models write instead of the words that they were given.
_FRAMING_WORDS = {
    "大远景": "extreme_long", "远景": "long", "全景": "full", "中景": "medium", "中近景": "medium_close_up",
    "近景": "medium_close_up", "特写": "close_up", "大特写": "extreme_close_up", "wide": "long",
    "extreme_wide": "extreme_long", "medium_close": "medium_close_up", "closeup": "close_up",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Shot:
    """Sentences first to last, counted from 1."""

    first: int
    last: int
    told: ShotTold


@dataclass(frozen=True, slots=True)
class Scene:
    at: int
    place: str
    setting: dict[str, str]


@dataclass(slots=True)
class Read:
    """What stands of an answer. `holes` are runs of sentences that no shot covers."""

    shots: list[Shot] = field(default_factory=list)
    scenes: list[Scene] = field(default_factory=list)
    said: dict[int, str] = field(default_factory=dict)
    same: list[tuple[str, str]] = field(default_factory=list)
    holes: list[tuple[int, int]] = field(default_factory=list)
    broken: int = 0
    unknown: int = 0


def read_answer(parsed: dict[str, Any] | None, text: str, window: Window) -> Read:
    """Never raises; an answer of which nothing stands is one hole."""
    read = Read()
    count = len(window.sentences)
    shots, scenes = _lists(parsed, text)
    _shots(shots, window, read)
    _scenes(scenes, window, read)
    for number, who in _pairs((parsed or {}).get("said"), ":："):
        if number.isdigit() and int(number) in window.quoted:
            _speaker(int(number), who, window, read)
    letters = {one.letter for one in window.people}
    for one, other in _pairs((parsed or {}).get("same"), "=＝"):
        if one != other and {one, other} <= letters:
            read.same.append((one, other))
    at = 1
    for shot in read.shots:
        if shot.first > at:
            read.holes.append((at, shot.first - 1))
        at = shot.last + 1
    if at <= count:
        read.holes.append((at, count))
    return read


def _lists(parsed: dict[str, Any] | None, text: str) -> tuple[list[Any], list[Any]]:
    """Shots and scenes; of an answer that was cut off or garbled, the objects that are whole."""
    if parsed is not None and isinstance(parsed.get("shots"), list):
        scenes = parsed.get("scenes")
        return parsed["shots"], scenes if isinstance(scenes, list) else []
    found = list(_whole_objects(text))
    return [item for item in found if "r" in item], [item for item in found if "at" in item]


def _whole_objects(text: str) -> Iterator[dict[str, Any]]:
    decoder = json.JSONDecoder()
    at = text.find("{")
    while at >= 0:
        try:
            item, end = decoder.raw_decode(text, at)
        except (ValueError, RecursionError):
            end = at + 1
        else:
            if isinstance(item, dict):
                yield item
        at = text.find("{", end)


def _shots(items: list[Any], window: Window, read: Read) -> None:
    ranged = []
    before: list[list[str]] | None = None
    for item in items:
        bounds = _range(item, len(window.sentences))
        if bounds is None:
            read.broken += 1
            continue
        told = _told(item, window, before, read)
        before = told.get("cast", before)
        ranged.append((*bounds, told))
    last = 0
    for first, end, told in sorted(ranged, key=lambda row: row[:2]):
        first = max(first, last + 1)
        if first > end:
            read.broken += 1
            continue
        read.shots.append(Shot(first, end, told))
        last = end


def _range(item: Any, count: int) -> tuple[int, int] | None:
    """The sentences of a shot: [3, 5], "3-5" or 4."""
    told = item.get("r") if isinstance(item, dict) else None
    if isinstance(told, str):
        told = [int(number) for number in _NUMBER.findall(told)[:2] if len(number) < 9]
    if isinstance(told, int) and not isinstance(told, bool):
        told = [told]
    if not isinstance(told, list) or not told or not all(type(n) is int for n in told):
        return None
    first, last = told[0], told[-1]
    return (first, last) if 1 <= first <= last <= count else None


def _told(
    item: dict[str, Any], window: Window, before: list[list[str]] | None, read: Read
) -> ShotTold:
    told: ShotTold = {}
    framing = str(item.get("f", "")).strip().lower().replace(" ", "_").replace("-", "_")
    framing = _FRAMING_WORDS.get(framing, framing)
    if framing in FRAMINGS:
        told["framing"] = framing
    movement = str(item.get("m", "static")).strip().lower().replace(" ", "_").replace("-", "_")
    if movement in MOVEMENTS:
        told["movement"] = movement
    if isinstance(item.get("c"), list):
        told["cast"] = _cast(item["c"], window, read)
    elif before is not None:
        told["cast"] = before
    action = item.get("a")
    if isinstance(action, str) and action.strip():
        told["action"] = summary_words(action, LONGEST_ACTION[window.english])
    return told


def _cast(rows: list[Any], window: Window, read: Read) -> list[list[str]]:
    cast = []
    for row in rows[:8]:
        parts = [part.strip() for part in re.split("[:：]", str(row))]
        who = _reference(parts[0], window)
        if who is None:
            read.unknown += 1
            continue
        said = [part.lower() for part in parts[1:]]
        # "A" alone stands and is calm; "A:walk" and "A:sad" are told by their words.
        pose = next((part for part in said if part in POSES), "stand" if not said else "")
        mood = next((part for part in said if part in EXPRESSIONS), "neutral")
        cast.append([who, pose, mood])
    return cast


def _reference(word: str, window: Window) -> str | None:
    """A letter of the window, or a name that stands in its text; None for anything else."""
    if any(word == one.letter for one in window.people):
        return word
    longest = LONGEST_NAME[window.english]
    inside = 1 < len(word) <= longest and fold(word) in fold(window.text[window.start : window.end])
    return word if inside else None


def _speaker(number: int, who: str, window: Window, read: Read) -> None:
    if who in ("?", "？", ""):
        read.said[number] = ""
        return
    reference = _reference(who, window)
    if reference is None:
        read.unknown += 1
    else:
        read.said[number] = reference


def _pairs(rows: Any, marks: str) -> Iterator[tuple[str, str]]:
    for row in rows if isinstance(rows, list) else []:
        parts = re.split(f"[{marks}]", row, maxsplit=1) if isinstance(row, str) else []
        if len(parts) == 2:
            yield parts[0].strip(), parts[1].strip()


def _scenes(items: list[Any], window: Window, read: Read) -> None:
    found: dict[int, Scene] = {}
    for item in items:
        at = item.get("at") if isinstance(item, dict) else None
        if type(at) is not int or not 1 <= at <= len(window.sentences):
            read.broken += 1
            continue
        setting = {
            name: value
            for key, name, values in (
                ("type", "place_type", PLACES),
                ("time", "daytime", TIMES),
                ("weather", "weather", WEATHERS),
            )
            if (value := str(item.get(key, "")).strip().lower()) in values
        }
        place = item.get("place")
        words = summary_words(place, 20) if isinstance(place, str) else ""
        found.setdefault(at, Scene(at, words, setting))
    read.scenes = [found[at] for at in sorted(found)]
