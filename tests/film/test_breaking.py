from __future__ import annotations

import re
import string
from itertools import accumulate

import pytest
from hypothesis import given
from hypothesis import strategies as st

from generation.film.breaking import CLOSING, OPENING, break_lines, clusters, units

WORDS = (
    "今天",
    "的",
    "天气",
    "我们",
    "公园",
    "散步",
    "楚晚宁",
    "风雪",
    "don't",
    "well-known",
    "3.14",
)
MARKS = ("，", "。", "？”", "……", "——", "（", "“", "》", "、", " ", "\n", "👨‍👩‍👧", "𠮷", "é")


def ems(text: str) -> float:
    """Width in ems as a CJK font has it: half for Latin letters."""
    return sum(0.5 if ord(character) < 0x2E80 else 1.0 for character in text)


texts = st.lists(st.sampled_from(WORDS + MARKS), max_size=60).map("".join)


@given(texts)
def test_breaking_loses_and_adds_nothing_but_white_space(text: str) -> None:
    lines = break_lines(text, 12, ems, ["楚晚宁"])
    assert "".join("".join(line.text.split()) for line in lines) == "".join(text.split())


@given(st.lists(st.sampled_from(WORDS), min_size=1, max_size=40), st.data())
def test_no_line_begins_with_closing_or_ends_with_opening_punctuation(
    words: list[str], data: st.DataObject
) -> None:
    closers = st.sampled_from(["", "，", "。", "！”", "……", "）", "》、"])
    openers = st.sampled_from(["", "“", "（", "《"])
    text = "".join(data.draw(openers) + word + data.draw(closers) for word in words)
    for line in break_lines(text, 12, ems):
        assert line.text[0] not in CLOSING - set("'\"-"), line
        assert line.text[-1] not in OPENING, line


@pytest.mark.parametrize("mark", sorted(CLOSING - set("'\"-/")))
def test_no_closing_mark_begins_a_line_wherever_the_line_would_end(mark: str) -> None:
    for lead in range(1, 7):
        text = "雪" * lead + f"落山门{mark}" * 8
        for line in break_lines(text, 6, ems):
            assert line.text[0] != mark, (mark, line)


@pytest.mark.parametrize("mark", sorted(OPENING))
def test_no_opening_mark_ends_a_line_wherever_the_line_would_end(mark: str) -> None:
    for lead in range(1, 7):
        text = "雪" * lead + f"{mark}落山门" * 8
        for line in break_lines(text, 6, ems):
            assert line.text[-1] != mark, (mark, line)


@given(texts)
def test_units_put_together_are_the_text(text: str) -> None:
    assert "".join(units(text, ["楚晚宁"])) == text


@given(st.lists(st.sampled_from((*WORDS[:8], "，", "。")), min_size=1, max_size=60))
def test_no_line_is_wider_than_it_may_be(parts: list[str]) -> None:
    text = "".join(parts).lstrip("，。")
    runs_of_marks = any(mark * 4 in text for mark in ("，", "。"))
    for line in break_lines(text, 12, ems):
        assert ems(line.text) <= 12 or runs_of_marks


def test_a_name_that_the_dictionary_does_not_know_stays_whole() -> None:
    text = "楚晚宁" * 9
    lines = [line.text for line in break_lines(text, 7, ems, ["楚晚宁"])]
    assert all(len(line) % 3 == 0 for line in lines)
    assert len(lines) == 5


def test_the_title_of_a_book_stays_whole() -> None:
    lines = [line.text for line in break_lines("你急什么要去《沧浪书院》赶考么", 9, ems)]
    assert any("《沧浪书院》" in line for line in lines), lines


def test_a_break_goes_after_a_clause_rather_than_within_it() -> None:
    lines = break_lines("今天的天气非常非常好，我们一起去公园里散步吧。", 14, ems)
    assert [line.text for line in lines] == ["今天的天气非常非常好，", "我们一起去公园里散步吧。"]
    assert [line.ends for line in lines] == ["clause", "sentence"]


def test_english_words_and_contractions_stay_whole() -> None:
    text = "Hello, it's a well-known fact; isn't it? \"Quoted words,\" said Mr Smith."
    words = set(text.split())
    for line in break_lines(text, 12, ems):
        assert set(line.text.split()) <= words


AMOUNTS = (
    "12.5公里",
    "¥1,280",
    "1,280元",
    "30%",
    "300张",
    "0.5秒",
    "-3度",
    "10:30",
    "2026年",
    "3,000,000人",
    "50块钱",
    "18岁",
)


@given(
    st.lists(st.tuples(st.sampled_from(WORDS), st.sampled_from(AMOUNTS)), min_size=1, max_size=20)
)
def test_a_number_stays_with_its_parts_and_what_it_counts(parts: list[tuple[str, str]]) -> None:
    text = "，".join(word + amount for word, amount in parts if not word[-1].isascii())
    lines = [line.text for line in break_lines(text, 9, ems)]
    assert "".join(lines) == text
    places = list(accumulate(map(len, lines)))
    for amount in AMOUNTS:
        for found in re.finditer(re.escape(amount), text):
            assert not any(found.start() < place < found.end() for place in places[:-1]), amount


def test_an_address_is_divided_at_its_joints() -> None:
    lines = [
        line.text for line in break_lines("https://example.com/very/long/path?with=query", 8, ems)
    ]
    assert all(line[-1] in "/.?=" for line in lines[:-1]), lines


def test_an_opening_ascii_quote_goes_with_the_word_after_it() -> None:
    lines = [line.text for line in break_lines('He said "never again" twice', 6, ems)]
    assert not any(line.endswith(' "') or line.startswith('" ') for line in lines)
    assert any(line.startswith('"never') or ' "never' in line for line in lines)


@pytest.mark.parametrize(
    "cluster", ["👨\u200d👩\u200d👧", "🇨🇳", "👍🏽", "e\u0301", "❤\ufe0f", "𠮷"]
)
def test_a_grapheme_cluster_is_one_piece(cluster: str) -> None:
    assert clusters(cluster * 3) == [cluster] * 3
    for line in break_lines(cluster * 40, 8, ems):
        assert line.text.replace(cluster, "") == ""


def test_a_word_longer_than_the_line_is_divided_but_complete() -> None:
    text = "x" * 100 + "。"
    lines = break_lines(text, 10, ems)
    assert "".join(line.text for line in lines) == text
    assert all(ems(line.text) <= 10 for line in lines)
    assert not any(line.text.startswith("。") for line in lines)


def test_line_feeds_break_and_empty_text_gives_no_line() -> None:
    assert [line.text for line in break_lines("一\n\n 二 \n", 9, ems)] == ["一", "二"]
    assert break_lines(" \n ", 9, ems) == []


@given(st.text(alphabet=string.ascii_letters + "中文，。“”！ \n-'\"", max_size=200))
def test_any_text_is_broken_without_loss(text: str) -> None:
    lines = break_lines(text, 9, ems)
    assert "".join("".join(line.text.split()) for line in lines) == "".join(text.split())


@pytest.mark.parametrize(
    ("text", "torn"),
    [
        ("On the night of the storm she stood in the lamp room", "the"),
        ("Far out there Nora kept the lighthouse at Gull Point", "Gull"),
        ("They rowed to the ship and came back with one man", "with"),
    ],
)
def test_english_lines_do_not_end_on_a_word_that_leans_on_the_next(text: str, torn: str) -> None:
    for width in range(18, 40):
        lines = [line.text for line in break_lines(text, width, len)]
        assert " ".join(lines) == text
        ends = {line.split()[-1] for line in lines[:-1]}
        # A word is torn off only where nothing else fits.
        assert torn not in ends or width < 22
