from __future__ import annotations

import itertools

import pytest

from generation.story import chapters
from generation.story.headings import number_of


def _titles(text: str) -> list[str]:
    found = chapters(text)
    assert found[0].start == 0
    assert found[-1].end == len(text)
    assert all(a.end == b.start for a, b in itertools.pairwise(found))
    assert all(c.start < c.end for c in found)
    assert [c.index for c in found] == list(range(len(found)))
    return [c.title for c in found]


@pytest.mark.parametrize(
    "headings",
    [
        ["第一回 山门夜雨", "第二回 古寺晨钟"],
        ["第1章 开始", "第2章 继续", "第10章 结束"],
        ["第００１章　开始", "第００２章　继续"],
        ["第一百零八章", "第一〇九章", "第一百一十章"],
        ["第一節 甲", "第二節 乙"],
        ["第一卷 风", "第二卷 云"],
        ["卷一 风", "卷二 云"],
        ["楔子", "第一章 甲", "第二章 乙", "尾声", "番外一 重逢"],
        ["序", "第一章：甲", "后记"],
        ["# 第一章 甲", "# 第二章 乙"],
        ["【第一章】甲", "【第二章】乙"],
        ["正文 第一章 甲", "正文 第二章 乙"],
        ["CHAPTER I. The Beginning", "CHAPTER II. The Middle", "CHAPTER III. The End"],
        ["Chapter One", "Chapter Two", "Epilogue"],
        ["Prologue", "Chapter 1", "Chapter 2"],
        ["第一章 他来了，我走了", "第二章 你是谁？"],
    ],
)
def test_headings_of_every_kind_open_chapters(headings: list[str]) -> None:
    text = "".join(f"{heading}\n\n这里是正文，写了几句话。\n\n" for heading in headings)
    assert _titles(text) == headings


@pytest.mark.parametrize(
    ("numeral", "value"),
    [
        ("一百零八", 108),
        ("一〇八", 108),
        ("１０８", 108),
        ("廿三", 23),
        ("十", 10),
        ("两千三百", 2300),
    ],
)
def test_numerals_of_every_form_are_read(numeral: str, value: int) -> None:
    assert number_of(numeral) == value


def test_a_sentence_that_begins_like_a_heading_is_none() -> None:
    body = (
        "第四回中，宋三郎杀了人，这是全书的转折。\n第二章里他说过这件事。\n第三次见面是在春天。\n"
    )
    assert _titles("第一章 甲\n正文。\n" + body + "第二章 乙\n正文。\n") == [
        "第一章 甲",
        "第二章 乙",
    ]


def test_a_table_of_contents_is_not_the_chapters() -> None:
    names = ["第一回　山中来客", "第二回　雨夜追踪", "第三回　真相大白"]
    contents = "书名\n\n目录\n\n" + "\n".join(names) + "\n\n"
    body = "".join(f"{n.replace('　', ' ')}\n\n正文若干。\n\n" for n in names)
    assert _titles(contents + body) == ["", *(n.replace("　", " ") for n in names)]


def test_chapters_with_empty_bodies_are_kept_where_no_body_comes_later() -> None:
    assert _titles("第一章 甲\n第二章 乙\n第三章 丙\n") == ["第一章 甲", "第二章 乙", "第三章 丙"]


def test_repeated_and_wrong_numbers_lose_nothing() -> None:
    text = "第一章 甲\n文。\n第一章 又\n文。\n第九章 乙\n文。\n第三章 丙\n文。\n"
    assert _titles(text) == ["第一章 甲", "第一章 又", "第九章 乙", "第三章 丙"]


def test_volumes_join_the_chapter_below_them_and_sections_stay_inside() -> None:
    text = "第一卷 风\n第一章 甲\n第一节 子\n文。\n第二节 丑\n文。\n第二卷 云\n第二章 乙\n文。\n"
    assert _titles(text) == ["第一章 甲", "第二章 乙"]


def test_headings_without_line_breaks_are_found_in_the_flow() -> None:
    text = (
        "第一回 山中来了远方客 寺里住着老禅师 话说从前有座山。且听下回分解。"
        "第二回 雨夜追踪三百里 真相大白一封书 却说那人下山去了。第二回中的人都老了。"
        "第三回 团圆 大家都好。"
    )
    found = _titles(text)
    assert len(found) == 3
    assert found[0] == "第一回 山中来了远方客 寺里住着老禅师"


def test_text_without_headings_becomes_even_parts_that_end_with_sentences() -> None:
    text = "他走了很远的路，终于到了城里。" * 2_000
    found = chapters(text)
    assert len(found) == 5
    assert all(text[c.end - 1] == "。" for c in found)
    lengths = [c.end - c.start for c in found]
    assert max(lengths) - min(lengths) < 100


@pytest.mark.parametrize("text", ["一", "\n", " \n \n", "\u3000", "𠀀", "😀\n", "a\n\n\n"])
def test_the_smallest_texts_are_covered(text: str) -> None:
    assert _titles(text) == [""]


def test_front_matter_has_no_title() -> None:
    assert _titles("作者：某人\n\n第一章 甲\n文。\n") == ["", "第一章 甲"]
