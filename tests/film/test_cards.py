from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from generation.film import cards as film_cards
from generation.film import timeline, undrawable
from generation.film.cards import chapter_card, credits_card, draw_card, title_card, wording
from generation.film.fonts import drawable, face_index, load
from tests.film.samples import SMALL

SPEC = replace(SMALL, size=(540, 960))


def lettered_rows(card: Image.Image) -> np.ndarray:
    return np.nonzero((np.asarray(card.convert("L")) > 150).any(axis=1))[0]


@pytest.mark.parametrize(
    ("title", "number", "name"),
    [
        (
            "第十二回 王熙凤毒设相思局　贾天祥正照风月鉴",
            "第十二回",
            "王熙凤毒设相思局　贾天祥正照风月鉴",
        ),
        ("Chapter IV. A Visit", "Chapter IV", "A Visit"),
        ("第3章　雪夜", "第3章", "雪夜"),
    ],
)
def test_a_chapters_number_is_set_apart_from_its_name(title: str, number: str, name: str) -> None:
    found = film_cards._NUMBERED.match(title)
    assert found is not None
    assert (found["number"], found["name"]) == (number, name)


def test_a_heading_without_a_number_stays_whole() -> None:
    assert film_cards._NUMBERED.match("The Speckled Band") is None
    assert film_cards._NUMBERED.match("楔子") is None


@pytest.mark.parametrize("size", [(540, 960), (960, 540), (540, 540)])
def test_lettering_stays_on_the_card_and_below_the_label(
    board: dict[str, Any], size: tuple[int, int]
) -> None:
    board["novel"]["title"] = "一个非常非常长的书名" * 12
    board["cast"] = [{**board["cast"][0], "name": f"人物{number}"} for number in range(30)]
    spec = replace(SPEC, size=size)
    for draw in (title_card, credits_card):
        rows = lettered_rows(draw(board, None, spec))
        assert rows.min() > size[1] * 0.1
        assert rows.max() < size[1] * 0.92


def test_a_chapter_card_shows_its_heading(board: dict[str, Any]) -> None:
    full = lettered_rows(chapter_card(board, 0, None, SPEC))
    board["chapters"][0]["title"] = "楔子"
    short = lettered_rows(chapter_card(board, 0, None, SPEC))
    assert full.size > short.size > 20


def test_cards_lie_over_a_dimmed_picture_of_the_film(tmp_path: Path, board: dict[str, Any]) -> None:
    Image.new("RGB", (300, 400), (250, 0, 0)).save(tmp_path / "frames/0.png")
    plan = timeline(board, spec=SPEC)
    corner = np.asarray(draw_card(board, tmp_path, plan, plan.clips[0], SPEC))[5, 5]
    assert corner[0] > corner[1] + 20
    assert corner[0] < 120


def test_cards_speak_the_novels_language() -> None:
    assert "人工智能" in wording("zh-Hans").disclosure
    assert "人工智慧" in wording("zh-TW").disclosure
    assert "artificial intelligence" in wording("en-GB").disclosure
    assert wording("zh").engine("sketch") == "速写引擎"
    assert wording("en").engine("offline") == "House rules"
    assert wording("en").engine("comfy") == "comfy"


def test_a_rare_ideograph_leaves_its_mark_and_an_emoji_nothing() -> None:
    assert drawable("𠀀姑娘😀来了👍🏽") == "〓姑娘来了"
    assert drawable("𠮷野") == "𠮷野"


def test_what_the_font_lacks_can_be_told_before_a_film_is_made(board: dict[str, Any]) -> None:
    assert undrawable(board) == ()
    board["shots"][0]["narration"] = "𪚥𪚥说：好🎉！👍🏽"
    board["chapters"][0]["title"] = "第一章 𠀀"
    assert undrawable(board) == ("𪚥", "🎉", "👍", "𠀀")


def test_english_has_quotation_marks_of_its_own_width() -> None:
    english, chinese = (load(100, 400, tag).getlength("“I”") for tag in ("en", "zh-Hans"))
    assert english < chinese - 80


def test_the_fonts_face_follows_the_language() -> None:
    faces = {tag: face_index(tag) for tag in ("zh-Hans", "zh-Hant", "zh-HK", "ja", "en", "zh")}
    assert faces == {"zh-Hans": 2, "zh-Hant": 3, "zh-HK": 4, "ja": 0, "en": 1, "zh": 2}


def test_characters_that_the_font_lacks_are_left_out_of_pictures() -> None:
    assert drawable("𠮷野家👍好🎉 ok") == "𠮷野家好 ok"
