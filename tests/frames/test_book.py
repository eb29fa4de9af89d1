"""Shots of a real book: everybody who is bound is drawn and read back from the pixels."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from engines.decoding import decode
from generation import story
from generation.frames import bind, check, draw, judge

NOVEL = Path(__file__).resolve().parents[3] / "shared" / "data" / "novels" / "西游记.txt"
SHOTS = 80  # bench/frames_read_back.py reads 200 of each of three books
OPENING = 40_000  # code points


def test_shots_of_a_book_bind_everyone_and_read_back() -> None:
    if not NOVEL.exists():
        pytest.skip(f"the novel {NOVEL.name} is not beside this repository")
    board = story.storyboard(decode(NOVEL.read_bytes()).text[:OPENING])
    cast = {person["id"]: person for person in board.cast}
    scenes = {scene["index"]: scene for scene in board.scenes}
    shots = random.Random(3).sample(board.shots, SHOTS)
    attributes = right = 0
    for shot in shots:
        scene = scenes[shot["scene"]]
        panel = draw(shot, cast=cast, scene=scene, size=(270, 480))
        assert sorted(panel.drawn) == sorted(entry["id"] for entry in shot["cast"])
        for reading in check(panel.to_png(), shot, cast, scene).readings:
            attributes += len(reading.attributes)
            right += sum(reading.attributes.values())
        bound = bind(shot, cast=cast, scene=scene)
        assert judge(bound).passes
        assert len(bound.people) + len(bound.crowd) == len(shot["cast"])
    assert attributes > 3 * SHOTS
    assert right / attributes >= 0.99
