"""Whole novels out of ../shared/data, which is no part of the repository."""

from __future__ import annotations

from pathlib import Path

import pytest

from generation.story import Text, chapters, read, storyboard, validate
from tests.story.test_labelled import board_of

NOVELS = Path(__file__).parents[3] / "shared" / "data" / "novels"


def _read(name: str) -> Text:
    path = NOVELS / name
    if not path.exists():
        pytest.skip(f"{name} lies in ../shared/data/novels, which is not here")
    return read(path.read_bytes(), name)


@pytest.mark.parametrize(
    ("name", "count"),
    [("三国演义.txt", 120), ("西游记.txt", 100), ("老残游记.gb18030.txt", 20), ("alice.txt", 12)],
)
def test_novels_have_the_chapters_that_they_have(name: str, count: int) -> None:
    book = _read(name)
    found = chapters(book.text)
    assert sum(bool(chapter.title) for chapter in found) == count
    assert (found[0].start, found[-1].end) == (0, len(book.text))


def test_the_people_of_journey_to_the_west_are_all_there() -> None:
    _, board = board_of("西游记.txt")
    known = {alias for p in board.cast for alias in (p["name"], *p["aliases"])}
    expected = [
        "孙悟空", "猪八戒", "沙僧", "唐僧", "观音", "如来", "玉帝", "太上老君", "李天王", "哪吒", "木叉", "二郎",
        "太白金星", "牛魔王", "铁扇公主", "红孩儿", "唐太宗", "龙王", "国王", "公主", "陈光蕊", "殷小姐", "魏征", "镇元",
        "黄袍", "阎王", "土地", "寿星", "弥勒", "王母", "刘伯钦", "白龙马",
    ]  # fmt: skip
    assert [name for name in expected if name not in known] == []


@pytest.mark.parametrize(
    ("name", "select"),
    [
        ("三国演义.txt", [1, 2]),
        ("西游记.txt", [1]),
        ("老残游记.gb18030.txt", [1]),
        ("alice.txt", [0]),
        ("狂人日記.hant.txt", None),
    ],
)
def test_boards_of_real_novels_hold(name: str, select: list[int] | None) -> None:
    book = _read(name)
    board = storyboard(book, select=select).to_dict()
    assert validate(board, book.text) == []
    assert board["cast"]
