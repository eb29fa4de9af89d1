"""A book's title that stands in front of its text is on the first card, and in no shot of the film."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

from generation.film import pieces_of, timeline
from tests.film.samples import SMALL, make_board


def titled(tmp_path: Path) -> dict[str, Any]:
    board = make_board(tmp_path, 3)
    board["shots"][0]["narration"] = f"《{board['novel']['title']}》"
    return board


def test_a_shot_of_nothing_but_the_title_is_neither_shown_nor_said_where_the_card_has_it(
    tmp_path: Path,
) -> None:
    board = titled(tmp_path)
    assert [clip.shot for clip in timeline(board, spec=SMALL).clips if clip.kind == "shot"] == [
        1,
        2,
    ]
    assert {piece.shot for piece in pieces_of(board, "", cards=True)} == {1, 2}


def test_without_cards_it_is_a_shot_like_others(tmp_path: Path) -> None:
    board = titled(tmp_path)
    plan = timeline(board, spec=replace(SMALL, title_card=False))
    assert [clip.shot for clip in plan.clips if clip.kind == "shot"] == [0, 1, 2]
    assert {piece.shot for piece in pieces_of(board, "")} == {0, 1, 2}


def test_a_story_of_one_shot_is_shown_whatever_it_says(tmp_path: Path) -> None:
    board = make_board(tmp_path, 1)
    board["shots"][0]["narration"] = board["novel"]["title"]
    assert [clip.kind for clip in timeline(board, spec=SMALL).clips].count("shot") == 1
