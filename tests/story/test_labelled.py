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
from tests.story.labelled import NOVELS, labels_of, scores, without_known_works

BOOKS = ("西游记.txt", "三国演义.txt", "老残游记.gb18030.txt", "alice.txt")
CAST = json.loads((Path(__file__).parent / "labels" / "cast.json").read_text(encoding="utf-8"))


@cache
def _board(file: str) -> tuple[Text, Storyboard]:
    text = read((NOVELS / file).read_bytes(), file)
    return text, storyboard(text)


@cache
def _board_of_a_stranger(file: str) -> tuple[Text, Storyboard]:
    with without_known_works():
        return _board.__wrapped__(file)


def board_of(file: str, *, known: bool = True) -> tuple[Text, Storyboard]:
    """`known`: with the lexicon of well-known novels, else as a book that nobody has heard of."""
    if not (NOVELS / file).exists():
        pytest.skip(f"{file} lies in ../shared/data/novels, which is not here")
    return _board(file) if known or file == "alice.txt" else _board_of_a_stranger(file)


def test_the_sample_has_three_hundred_quotes_and_holds_a_hundred_out() -> None:
    kept = [labels_of(board_of(file)[0], file) for file in BOOKS]
    assert sum(map(len, kept)) >= 400
    assert sum(label.held_out for labels in kept for label in labels) >= 100


@pytest.mark.parametrize("held_out", [True, False])
@pytest.mark.parametrize("known", [True, False], ids=["known works", "unheard of"])
def test_speakers_of_the_labelled_quotes_are_right(known: bool, held_out: bool) -> None:
    explicit, every = [0, 0], [0, 0]
    for file in BOOKS:
        text, board = board_of(file, known=known)
        labels = labels_of(text, file)
        for sums, only in ((explicit, True), (every, None)):
            score = scores(board, labels, explicit=only, held_out=held_out)
            sums[0] += score.right
            sums[1] += score.total
    assert explicit[0] >= 0.95 * explicit[1], explicit
    assert every[0] >= 0.8 * every[1], every


def test_the_hero_of_a_book_that_nobody_has_heard_of_is_one_person() -> None:
    owners = _owners(board_of("西游记.txt", known=False)[1])
    names = ("悟空", "孙悟空", "行者", "孙行者", "大圣", "孙大圣", "齐天大圣")
    assert len({owners[name][0]["id"] for name in names}) == 1
    owners = _owners(board_of("三国演义.txt", known=False)[1])
    for names in (
        ("刘备", "玄德", "刘玄德"),
        ("诸葛亮", "孔明", "诸葛孔明"),
        ("曹操", "孟德", "曹孟德"),
        ("关羽", "云长", "关云长", "关公"),
        ("张飞", "翼德", "张翼德"),
        ("赵云", "子龙", "赵子龙"),
        ("周瑜", "公瑾", "周公瑾"),
        ("司马懿", "仲达", "司马仲达"),
    ):
        assert len({owners[name][0]["id"] for name in names}) == 1, names


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
