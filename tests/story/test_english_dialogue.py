from __future__ import annotations

import pytest

from generation.story import Storyboard, as_text, storyboard
from tests.story.english_passages import HELD_OUT, WORKED_ON
from tests.story.samples import labelled


def _said(text: str) -> tuple[Storyboard, dict[int, str | None]]:
    board = storyboard(as_text(text, language="en"), density=20)
    found: dict[int, str | None] = {}
    for shot in board.shots:
        for line in shot["lines"]:
            found.setdefault(line["start"], line["speaker"])
    return board, found


def rate(passages: dict[str, str]) -> tuple[int, int]:
    """(right, all) of the labelled quotes."""
    right = total = 0
    for passage in passages.values():
        text, labels = labelled(passage)
        board, found = _said(text)
        names = {p["id"]: {p["name"], *p["aliases"]} for p in board.cast}
        for offset, label in labels:
            speaker = found[offset]
            said = {"?"} if speaker is None else names[speaker]
            right += bool(said & set(label.split("|")))
        total += len(labels)
    return right, total


@pytest.mark.parametrize("passages", [WORKED_ON, HELD_OUT], ids=["worked on", "held out"])
def test_speakers_of_english_classics_are_right(passages: dict[str, str]) -> None:
    right, total = rate(passages)
    assert right >= 0.85 * total, (right, total)


def _speakers(text: str) -> list[str | None]:
    board, found = _said(text)
    names = {p["id"]: p["name"] for p in board.cast}
    return [names.get(who) if who else None for _, who in sorted(found.items())]


def test_two_men_take_turns_and_he_is_the_one_who_did_not_speak_last() -> None:
    text = (
        "Mr. Harding met Mr. Crawley at the gate.\n\n“You are late,” said Mr. Harding.\n\n"
        "“I walked,” he replied.\n\n“All the way?”\n\n“All the way.”\n"
    )
    assert _speakers(text) == ["Mr. Harding", "Mr. Crawley", "Mr. Harding", "Mr. Crawley"]


def test_a_stranger_is_nobody_of_the_cast_but_takes_his_turns() -> None:
    text = (
        "Martha Green sat at the fire. Martha heard a knock. A man entered the room.\n\n"
        "“Is this the inn?” he asked.\n\n“It is,” said Martha.\n\n“Have you a bed?”\n\n“We have.”\n"
    )
    assert _speakers(text) == [None, "Martha Green", None, "Martha Green"]


def test_his_wife_is_the_lady_of_his_name() -> None:
    text = (
        "Mr. Allan and Mrs. Allan had come to Bath. Mr. Allan was tired.\n\n"
        "“We shall stay,” cried his wife. “It is settled.”\n"
    )
    assert _speakers(text) == ["Mrs. Allan", "Mrs. Allan"]


def test_nobody_speaks_where_the_text_tells_nothing() -> None:
    assert _speakers("It was night.\n\n“Who is there?”\n\n“Open the door!”\n") == [None, None]


def test_whoever_is_called_by_name_does_not_speak() -> None:
    text = (
        "Tom Pinch and John Westlock sat down. Tom smiled. John smiled.\n\n"
        "“Tom, you are a good fellow.”\n\n“Thank you, John,” said Tom.\n"
    )
    first, second = _speakers(text)
    assert str(second).startswith("Tom")
    assert not str(first).startswith("Tom")
