"""What a scene's report notices, and what it leaves alone."""

from __future__ import annotations

from generation.frames import FrameFact, continuity
from tests.frames.people import shot_of

SHOTS = [shot_of("medium", ("a", "b"), index=n) for n in range(3)]
FRAMES = {n: FrameFact(n, "sketch", "s", 7, looks={"a": "red"}) for n in range(3)}


def codes(shots: list, frames: dict, **now: object) -> list[tuple[int, str]]:
    return [(found.shot, found.code) for found in continuity(shots, frames, **now)]  # type: ignore[arg-type]


def test_a_scene_that_fits_together_is_left_alone() -> None:
    now = {"stamps": dict.fromkeys(range(3), "s"), "looks": {"a": "red"}}
    assert codes(SHOTS, FRAMES, **now) == []


def test_crossed_sides_are_noticed() -> None:
    shots = [*SHOTS[:2], shot_of("medium", ("b", "a"), index=2)]
    assert codes(shots, FRAMES) == [(2, "sides_crossed")]


def test_people_who_hide_each_other_are_noticed() -> None:
    crowded = shot_of("medium", ("a", "b"), index=0)
    crowded["cast"][1]["box"] = crowded["cast"][0]["box"]  # type: ignore[index]
    assert (0, "overlap") in codes([crowded], {0: FRAMES[0]})


def test_missing_edited_other_and_unseen_are_noticed() -> None:
    frames = {
        0: FRAMES[0],
        1: FrameFact(1, "comfy", "old", 7, looks={"a": "blue"}, missing=("b",)),
    }
    now = {"stamps": dict.fromkeys(range(3), "s"), "looks": {"a": "red"}}
    assert codes(SHOTS, frames, **now) == [
        (1, "not_seen"), (1, "edited_since"), (1, "look_changed"), (1, "other_engine"),
        (2, "no_picture"),
    ]  # fmt: skip
