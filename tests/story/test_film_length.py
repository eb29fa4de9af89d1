"""A film no longer than was asked for: fewer shots, and a voice that leaves out what does not fit."""

from __future__ import annotations

import pytest

from generation.story import StoryError, as_text, density_for, storyboard, validate
from tests.story.samples import WEB_NOVEL

BOOK = as_text(WEB_NOVEL)


def _seconds(**wanted: float) -> float:
    return sum(shot["duration_ms"] for shot in storyboard(BOOK, **wanted).shots) / 1000


@pytest.mark.parametrize("share", [0.25, 0.5, 0.8])
def test_a_film_is_about_as_long_as_was_asked_for_and_shows_the_whole_text(share: float) -> None:
    seconds = share * _seconds()
    board = storyboard(BOOK, seconds=seconds)
    assert sum(shot["duration_ms"] for shot in board.shots) / 1000 == pytest.approx(
        seconds, rel=0.1
    )
    assert validate(board.to_dict(), BOOK.text) == []


def test_the_voice_of_a_shorter_film_says_words_of_its_shot_only() -> None:
    for shot in storyboard(BOOK, seconds=40).shots:
        assert shot["narration"] in BOOK.text[shot["start"] : shot["end"]]


def test_a_film_that_may_be_longer_than_the_text_is_read_whole() -> None:
    assert storyboard(BOOK, seconds=30_000).to_dict() == storyboard(BOOK).to_dict()


@pytest.mark.parametrize("seconds", [0, 4.9, -1, 1e9])
def test_a_length_that_no_film_has_is_refused(seconds: float) -> None:
    with pytest.raises(StoryError, match="5 seconds to 10 hours"):
        density_for(1_000, seconds)
