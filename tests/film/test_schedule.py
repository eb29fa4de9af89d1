from __future__ import annotations

from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest

from generation.film import FilmError, FilmSpec, Spoken, timeline
from tests.film.samples import SMALL, make_board


def test_clips_cover_the_film_without_gap_or_overlap(board: dict[str, Any]) -> None:
    plan = timeline(board, spec=SMALL)
    assert plan.clips[0].start_ms == 0
    assert all(a.end_ms == b.start_ms for a, b in pairwise(plan.clips))
    assert [clip.kind for clip in plan.clips] == [
        "title",
        "chapter",
        *["shot"] * 4,
        "credits",
    ]
    assert [clip.shot for clip in plan.clips if clip.kind == "shot"] == [0, 1, 2, 3]


def test_frame_spans_cover_every_frame_once(board: dict[str, Any]) -> None:
    for shot in board["shots"]:
        shot["duration_ms"] = 777
    plan = timeline(board, spec=FilmSpec(fps=24))
    spans = [plan.frames(clip) for clip in plan.clips]
    assert spans[0][0] == 0
    assert spans[-1][1] == plan.frame_count
    assert all(a[1] == b[0] for a, b in pairwise(spans))


def test_fades_lead_into_new_scenes_and_cards_but_not_into_shots_of_one_scene(
    board: dict[str, Any],
) -> None:
    plan = timeline(board, spec=SMALL)
    assert [clip.scene_change for clip in plan.clips] == [
        False,
        True,
        True,
        False,
        True,
        False,
        True,
    ]


def test_without_cards_only_the_shots_are_left(board: dict[str, Any]) -> None:
    plan = timeline(board, spec=FilmSpec(title_card=False, credits=False))
    assert [clip.kind for clip in plan.clips] == ["shot"] * 4
    assert plan.duration_ms == 4000


def test_each_chapter_opens_with_its_card(tmp_path: Path) -> None:
    board = make_board(tmp_path, 4)
    cut = board["scenes"][1]["start"]
    length = board["novel"]["length"]
    board["chapters"] = [
        {"index": 0, "title": "", "start": 0, "end": cut},
        {"index": 1, "title": "第二章 夜", "start": cut, "end": length},
    ]
    board["scenes"][1]["chapter"] = 1
    cards = [clip for clip in timeline(board, spec=SMALL).clips if clip.kind == "chapter"]
    assert [card.chapter for card in cards] == [1]


def test_captions_say_the_narration_within_their_shot(board: dict[str, Any]) -> None:
    for clip in timeline(board, spec=SMALL).clips:
        if clip.shot is None:
            assert clip.cues == ()
            continue
        said = "".join(line for cue in clip.cues for line in cue.lines)
        assert said == board["shots"][clip.shot]["narration"]
        assert clip.cues[0].start_ms == clip.start_ms
        assert clip.cues[-1].end_ms == clip.end_ms
        assert all(a.end_ms == b.start_ms for a, b in pairwise(clip.cues))


def test_longer_captions_stay_longer(tmp_path: Path) -> None:
    board = make_board(tmp_path, 1, duration_ms=6000)
    board["shots"][0]["narration"] = "走。\n他在雪地里站了整整一夜。"
    short, long = timeline(board, spec=FilmSpec()).cues
    assert short.end_ms - short.start_ms < (long.end_ms - long.start_ms) / 3


def test_captions_hold_at_most_two_lines(tmp_path: Path) -> None:
    board = make_board(tmp_path, 1, duration_ms=20_000)
    board["shots"][0]["narration"] = "山川湖海日月星辰风花雪月春夏秋冬" * 12
    cues = timeline(board, spec=FilmSpec()).cues
    assert {len(cue.lines) for cue in cues} <= {1, 2}
    assert "".join("".join(cue.lines) for cue in cues) == board["shots"][0]["narration"]


def test_a_shot_without_narration_has_no_caption(board: dict[str, Any]) -> None:
    board["shots"][1]["narration"] = ""
    assert {cue.shot for cue in timeline(board, spec=SMALL).cues} == {0, 2, 3}


def test_voices_set_the_length_of_their_shots(board: dict[str, Any]) -> None:
    plan = timeline(board, spec=SMALL, spoken=[Spoken(1500), None, Spoken(2345), None])
    lengths = [clip.duration_ms for clip in plan.clips if clip.shot is not None]
    # whole frames of 100 ms, never shorter than the voice
    assert lengths == [1500, 1000, 2400, 1000]


def test_a_board_without_shots_is_refused(board: dict[str, Any]) -> None:
    board["shots"] = []
    with pytest.raises(FilmError, match="no shots") as caught:
        timeline(board, spec=SMALL)
    assert caught.value.code == "board"


def test_a_shot_of_an_unknown_scene_is_named(board: dict[str, Any]) -> None:
    board["shots"][2]["scene"] = 99
    with pytest.raises(FilmError, match="shot 2 belongs to scene 99"):
        timeline(board, spec=SMALL)


def test_the_number_of_voices_must_fit(board: dict[str, Any]) -> None:
    with pytest.raises(FilmError, match="3 voices were given for 4 shots"):
        timeline(board, spec=SMALL, spoken=[None] * 3)


@pytest.mark.parametrize(
    ("field", "value"),
    [("size", (1081, 1920)), ("size", (10, 10)), ("fps", 0), ("crossfade_ms", -1)],
)
def test_a_spec_out_of_range_is_refused(field: str, value: Any) -> None:
    with pytest.raises(FilmError) as caught:
        FilmSpec(**{field: value})
    assert caught.value.code == "spec"
