"""The cast and the speakers of real novels, against labels made by reading them.

The books lie in ../shared/data, outside of the repository; the labels hold offsets, checksums and
names only.
"""

from __future__ import annotations

import json
from collections import defaultdict
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from generation.story import Storyboard, Text, read, storyboard
from generation.story.script import fold
from tests.story.labelled import NOVELS, labels_of, scores

BOOKS = ("西游记.txt", "三国演义.txt", "老残游记.gb18030.txt", "alice.txt")
CAST = json.loads((Path(__file__).parent / "labels" / "cast.json").read_text(encoding="utf-8"))


@cache
def _board(file: str) -> tuple[Text, Storyboard]:
    text = read((NOVELS / file).read_bytes(), file)
    return text, storyboard(text)


def board_of(file: str) -> tuple[Text, Storyboard]:
    if not (NOVELS / file).exists():
        pytest.skip(f"{file} lies in ../shared/data/novels, which is not here")
    return _board(file)


def test_the_sample_has_three_hundred_quotes_and_holds_a_hundred_out() -> None:
    kept = [labels_of(board_of(file)[0], file) for file in BOOKS]
    assert sum(map(len, kept)) >= 400
    assert sum(label.held_out for labels in kept for label in labels) >= 100


@pytest.mark.parametrize("held_out", [True, False])
def test_speakers_of_the_labelled_quotes_are_right(held_out: bool) -> None:
    explicit, every = [0, 0], [0, 0]
    for file in BOOKS:
        text, board = board_of(file)
        labels = labels_of(text, file)
        for sums, only in ((explicit, True), (every, None)):
            score = scores(board, labels, explicit=only, held_out=held_out)
            sums[0] += score.right
            sums[1] += score.total
    assert explicit[0] >= 0.95 * explicit[1], explicit
    assert every[0] >= 0.8 * every[1], every


def _owners(board: Storyboard) -> dict[str, list[dict[str, Any]]]:
    owners: dict[str, list[dict[str, Any]]] = defaultdict(list)
    for person in board.cast:
        for name in (person["name"], *person["aliases"]):
            owners[fold(name)].append(person)
    return owners


@pytest.mark.parametrize("book", CAST, ids=lambda book: book["file"])
def test_names_of_one_person_are_joined_and_those_of_two_are_not(book: dict[str, Any]) -> None:
    _, board = board_of(book["file"])
    owners = _owners(board)
    found: dict[str, str] = {}
    for names in book["people"]:
        ids = [{p["id"] for p in owners[fold(n)] if p["kind"] == "named"} for n in names]
        assert all(ids), [name for name, there in zip(names, ids, strict=True) if not there]
        assert len(set.union(*ids)) == 1, names
        assert found.setdefault(min(ids[0]), names[0]) == names[0]


@pytest.mark.parametrize("book", CAST, ids=lambda book: book["file"])
def test_the_main_cast_has_names_and_roles_are_of_their_scenes(book: dict[str, Any]) -> None:
    _, board = board_of(book["file"])
    owners = _owners(board)
    assert [name for name in book["main"] if not any(p["main"] for p in owners[fold(name)])] == []
    for word in book["roles"]:
        assert owners[fold(word)], word
        assert {(p["kind"], p["main"]) for p in owners[fold(word)]} == {("role", False)}, word


@pytest.mark.parametrize("book", CAST, ids=lambda book: book["file"])
def test_places_and_things_are_no_people(book: dict[str, Any]) -> None:
    owners = _owners(board_of(book["file"])[1])
    assert [word for word in book["absent"] if owners[fold(word)]] == []
