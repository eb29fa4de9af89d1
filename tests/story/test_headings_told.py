"""A heading is on its chapter's card: no shot says it, no shot is of it alone, nothing of the text is lost."""

from __future__ import annotations

import json
from functools import partial

import pytest

from generation.story import Chapter, as_text, chapters, map_chapter, storyboard, validate
from generation.story.chat import direct_chapter
from generation.story.headings import told_from
from tests.story.director import Asked

STORY = (
    "《雪夜》\n\n第一章　风雪夜归人\n\n　　沈砚推开门，雪落了一地。“你回来了。”苏青说。\n"
    "沈砚没有说话，把伞放在门边，看着炉火。\n\n第二章　沈砚的剑\n\n　　天亮了。苏青走进院子，抬头看天。\n"
)
ENGLISH = (
    "CHAPTER I.\n\n“You are late,” said Anna. She closed the book.\n\n"
    "CHAPTER II. The Letter\n\nAnna opened the letter. Thomas waited at the gate.\n"
)


def told_of(text: str, title: str, *, start: int = 0) -> str:
    chapter = Chapter(0, title, start, len(text))
    return text[told_from(text, chapter) :]


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("第一章 雪\n雪落了。", "第一章 雪"),
        ("第二卷 风起\n\n第三章 山雨\n\n雪落了。", "第三章 山雨"),
        ("【第一章 雪】\n雪落了。", "第一章 雪"),
        ("  # 第一章 雪 #\n\n\u3000\u3000雪落了。", "第一章 雪"),
        ("第一章 雪 雪落了。", "第一章 雪"),
        ("上部\n雪夜\n雪落了。", "上部 雪夜"),
        ("第一章 雪\n雪落了。", "归来"),
        ("CHAPTER I.\n\n雪落了。", "The Return"),
    ],
)
def test_the_story_begins_behind_the_heading_however_it_is_written(text: str, title: str) -> None:
    assert told_of(text, title) == "雪落了。"


@pytest.mark.parametrize(
    ("text", "title"),
    [
        ("雪落了。", ""),
        ("雪落了。\n风停了。", "归来"),
        ("第一章 雪\n", "第一章 雪"),
        ("从前有一个人，他走了很远。\n第一章 雪\n雪落了。", "第一章 雪"),
    ],
)
def test_what_is_no_heading_at_the_beginning_is_told(text: str, title: str) -> None:
    assert told_of(text, title) == text


@pytest.mark.parametrize("density", [3.0, 20.0, 90.0])
@pytest.mark.parametrize("text", [STORY, ENGLISH])
def test_no_shot_says_a_heading_and_every_shot_says_something(text: str, density: float) -> None:
    book = as_text(text)
    board = storyboard(book, density=density)
    assert validate(board.to_dict(), book.text) == []
    said = "".join("".join(shot["narration"] for shot in board.shots).split())
    rest = book.text
    for chapter in chapters(book):
        rest = rest.replace(chapter.title, "")
        if chapter.title:
            assert "".join(chapter.title.split()) not in said
    assert said == "".join(rest.split())
    assert all(any(char.isalnum() for char in shot["narration"]) for shot in board.shots)


def test_nobody_is_seen_for_being_named_in_a_heading() -> None:
    shot = next(s for s in storyboard(STORY).shots if "天亮了" in s["narration"])
    names = {p["id"]: p["name"] for p in storyboard(STORY).cast}
    assert "沈砚" not in {names[entry["id"]] for entry in shot["cast"]}
    assert "沈砚的剑" not in shot["action"]


def test_a_model_that_films_the_heading_films_what_follows_it() -> None:
    def write(_request: object) -> str:
        return json.dumps(
            {
                "scenes": [{"at": 1, "place": "门前"}, {"at": 2, "place": "书房", "type": "study"}],
                "shots": [
                    {"r": [1, 1], "f": "long", "a": "片名"},
                    {"r": [2, 3], "f": "close_up", "a": "推开门"},
                ],
            },
            ensure_ascii=False,
        )

    text = "第一章 雪\n\n沈砚推开门，雪落了一地。沈砚看着炉火。沈砚叹了一口气。\n"
    mapper = partial(direct_chapter, complete=Asked(write), title="雪")
    board = storyboard(text, mapper=mapper)
    assert "雪落了一地" in board.shots[0]["narration"]
    assert (board.shots[0]["framing"], board.shots[0]["action"]) == ("close_up", "推开门")
    assert board.scenes[0]["place"] == "书房"
    assert validate(board.to_dict(), text) == []


def test_a_draft_of_before_is_told_with_its_heading() -> None:
    text = "第一章 雪\n雪落了。"
    (chapter,) = chapters(text + "\n第二章 风\n风停了。")[:1]
    draft = map_chapter(text, Chapter(0, chapter.title, 0, len(text)))
    assert draft["told"] == 6
