"""Checks of a board against its text that the JSON schema cannot state."""

from __future__ import annotations

from collections import defaultdict
from typing import Any

from generation.story.model import sha256_of

__all__ = ["validate"]


def validate(board: dict[str, Any], text: str) -> list[str]:
    """What is wrong with `board`, one line a fault naming the place; an empty list where nothing is.

    Three partitions: chapters cover the text, the scenes of a chapter that has any cover it, shots
    cover their scene. Then: lengths, digest, ids, offsets, narration that the source has.
    """
    faults: list[str] = []
    novel = board["novel"]
    if novel["length"] != len(text):
        faults.append(f"novel.length is {novel['length']}, the text has {len(text)} code points")
    if novel["sha256"] != sha256_of(text):
        faults.append("novel.sha256 is not that of the text")
    chapters, scenes, shots = board["chapters"], board["scenes"], board["shots"]
    faults += _partition("chapters", chapters, 0, len(text))
    by_chapter: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for scene in scenes:
        by_chapter[scene["chapter"]].append(scene)
    for index, inside in sorted(by_chapter.items()):
        if not 0 <= index < len(chapters):
            faults.append(f"scenes name chapter {index}, which is not there")
            continue
        chapter = chapters[index]
        faults += _partition(f"scenes of chapter {index}", inside, chapter["start"], chapter["end"])
    by_scene: dict[int, list[dict[str, Any]]] = defaultdict(list)
    for shot in shots:
        by_scene[shot["scene"]].append(shot)
    for scene in scenes:
        inside = by_scene.pop(scene["index"], [])
        name = f"shots of scene {scene['index']}"
        faults += _partition(name, inside, scene["start"], scene["end"])
    faults += [f"shots name scene {index}, which is not there" for index in sorted(by_scene)]
    for name, items in (("chapters", chapters), ("scenes", scenes), ("shots", shots)):
        if [item["index"] for item in items] != list(range(len(items))):
            faults.append(f"{name} are not numbered 0, 1, 2 …")
    return faults + _cast_faults(board, text) + _shot_faults(board, text)


def _partition(name: str, items: list[dict[str, Any]], start: int, end: int) -> list[str]:
    if not items:
        return [f"{name}: there are none for [{start}, {end})"]
    faults = []
    at = start
    for item in items:
        if item["start"] != at:
            faults.append(f"{name}: {item['index']} starts at {item['start']}, not at {at}")
        if item["end"] <= item["start"]:
            faults.append(f"{name}: {item['index']} is empty")
        at = item["end"]
    if at != end:
        faults.append(f"{name}: the last ends at {at}, not at {end}")
    return faults


def _cast_faults(board: dict[str, Any], text: str) -> list[str]:
    faults = []
    ids = [person["id"] for person in board["cast"]]
    if len(set(ids)) != len(ids):
        faults.append("cast: two people have one id")
    for person in board["cast"]:
        names = [person["name"], *person["aliases"]]
        at = person["first_at"]
        ahead = " ".join(text[at : at + 80].split())
        if not any(ahead.startswith(name) for name in names) and not _given(
            names, text[at : at + 1]
        ):
            faults.append(f"cast: {person['name']} is not named at {at}")
        for trait, (start, end) in person["appearance"].get("sources", {}).items():
            if not 0 <= start < end <= len(text):
                faults.append(f"cast: {person['name']}: source of {trait} is outside of the text")
    return faults


def _given(names: list[str], char: str) -> bool:
    return any(name.endswith(char) for name in names if name)


def _shot_faults(board: dict[str, Any], text: str) -> list[str]:
    faults = []
    known = {person["id"] for person in board["cast"]}
    for scene in board["scenes"]:
        for person in scene["cast"]:
            if person not in known:
                faults.append(f"scene {scene['index']}: {person} is not in the cast")
    for shot in board["shots"]:
        name = f"shot {shot['index']}"
        if shot["narration"] not in text[shot["start"] : shot["end"]]:
            faults.append(f"{name}: the narration has words that the source has not")
        for entry in shot["cast"]:
            x, y, width, height = entry["box"]
            if entry["id"] not in known:
                faults.append(f"{name}: {entry['id']} is not in the cast")
            if min(x, y, width, height) < 0 or x + width > 1.0001 or y + height > 1.0001:
                faults.append(f"{name}: the box of {entry['id']} leaves the frame")
        for line in shot["lines"]:
            if not shot["start"] <= line["start"] < line["end"] <= shot["end"]:
                faults.append(f"{name}: a line lies outside of it")
            if line["speaker"] is not None and line["speaker"] not in known:
                faults.append(f"{name}: speaker {line['speaker']} is not in the cast")
    return faults
