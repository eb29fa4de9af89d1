from __future__ import annotations

import itertools

import pytest

from generation.story import chapters
from generation.story.numerals import number_of


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


BODY = "却说那人走了很远的路，天黑时才到城里，敲开了一扇门。\n\n"
PARAGRAPH = "He walked for a long time along the river, and nobody met him there.\n\n" * 14


def test_the_last_line_of_the_contents_is_no_chapter_either() -> None:
    names = ["第一回 甲", "第二回 乙", "第三回 丙"]
    contents = "目录\n" + "\n".join(names) + "\n\n　　这是一篇总序，说了这部书的来历。\n\n"
    assert _titles(contents + "".join(f"{name}\n{BODY}" for name in names)) == ["", *names]


def test_contents_with_couplets_on_lines_of_their_own_are_told() -> None:
    numbers = ["第 一 回", "第 二 回", "第 三 回", "第 四 回"]
    contents = "".join(f"{number}\n\n山中来了客\n寺里住着僧\n\n" for number in numbers)
    text = contents + "".join(f"{number}\n{BODY}" for number in numbers)
    assert _titles(text) == ["", *numbers]


@pytest.mark.parametrize(
    "headings",
    [
        ["上卷 第一回 甲", "上卷 第二回 乙", "下卷 第三回 丙"],
        ["第一卷 风起 第1章 少年", "第一卷 风起 第2章 下山", "第二卷 云涌 第1章 入京"],
        ["雪夜行 第一章 甲", "雪夜行 第二章 乙", "雪夜行 第三章 丙"],
        ["第一則 介之推", "第二則 范少伯", "第三則 朝奉郎"],
        ["五十一 邱家失伞", "五十二 柳家还珠", "五十三 王家认亲", "五十四 李家断案", "五十五 赵家"],
        ["1. 雨夜", "2. 来客", "3. 真相"],
        ["第十—回 甲", "第十二回 乙"],
    ],
)
def test_headings_are_known_behind_volumes_and_in_other_units(headings: list[str]) -> None:
    body = "　　他在雨里走了很久，才看见那盏灯。\n" * 30
    assert _titles("".join(f"{heading}\n{body}" for heading in headings)) == headings


def test_a_song_inside_a_chapter_is_no_epilogue() -> None:
    text = f"第一回 甲\n{BODY}尾声：但愿和亲保太平\n{BODY}第二回 乙\n{BODY}尾声\n{BODY}"
    assert _titles(text) == ["第一回 甲", "第二回 乙", "尾声"]


def test_a_heading_that_its_text_follows_on_the_line_is_found_by_its_missing_number() -> None:
    text = (
        f"第一回 甲\n{BODY}　　第二回　麒麟村小英雄结义沥泉洞老蛇怪献枪话说那人走上前来，作个揖，便说道。\n"
        f"{BODY}第三回 丙\n{BODY}　　第四回书中不见了。\n第四回文王夜梦飞熊\n{BODY}第五回 戊\n{BODY}"
    )
    assert _titles(text) == [
        "第一回 甲",
        "第二回　麒麟村小英雄结义沥泉洞老蛇怪献枪",
        "第三回 丙",
        "第四回文王夜梦飞熊",
        "第五回 戊",
    ]


def test_a_text_without_line_breaks_and_spaces_still_has_its_chapters() -> None:
    text = (
        "书名书名第一回女魁星北斗垂景象老王母西池赐芳筵话说从前有座山，到第二回再说。且看下回分解。"
        "第二回发正言花仙顺时令定罚约月姊助风狂却说那人下山。且看下回分解。"
        "第三回说酸话酒保咬文讲迂谈腐儒嚼字且说三人来至关前。且看下回分解。"
        "第一回有错字不要紧话说大家都好。"
    )
    assert _titles(text) == [
        "",
        "第一回女魁星北斗垂景象老王母西池赐芳筵",
        "第二回发正言花仙顺时令定罚约月姊助风狂",
        "第三回说酸话酒保咬文讲迂谈腐儒嚼字",
        "第一回有错字不要紧",
    ]


@pytest.mark.parametrize(
    ("headings", "titles"),
    [
        (["PART ONE\n\n1\n\nThe Old Dog", "2\n\nThe Chest", "PART TWO\n\n3\n\nBristol"], ["1", "2", "3"]),
        (["BOOK I\n\nI", "II", "BOOK II\n\nI", "II"], ["I", "II", "I", "II"]),
        (["I. THE PRISON DOOR", "II. THE MARKET", "III.  THE RECOGNITION"], None),
        (["ADVENTURE I. A SCANDAL\n\nI.", "ADVENTURE II. THE LEAGUE", "III. A CASE"], None),
        (["I  The Old Family", "II  The Window", "III  The Customer"], None),
        (["_One_", "_Two_", "_Three_"], None),
        (["[ 1 ]", "[ 2 ]", "[ 3 ]"], None),
        (["CHAP. I.", "CHAP. II.", "CHAP. III."], None),
        (["_Chapter I_", "_Chapter II_", "_Chapter III_"], None),
        (["\nTHE SISTERS", "\nARABY", "\nEVELINE", "\nCLAY", "\nGRACE"], ["THE SISTERS", "ARABY", "EVELINE", "CLAY", "GRACE"]),
    ],
)  # fmt: skip
def test_english_numbers_and_titles_alone_on_their_line_open_chapters(
    headings: list[str], titles: list[str] | None
) -> None:
    text = "".join(f"{heading}\n\n{PARAGRAPH * 3}" for heading in headings)
    assert _titles(text) == (titles or [heading.split("\n")[0] for heading in headings])


def test_a_paragraph_that_begins_like_an_english_heading_is_none() -> None:
    run_on = (
        "BOOK I. (Folio), CHAPTER I. (Sperm Whale).--This whale,\n"
        + "among the English of old.\n" * 14
        + "\n"
    )
    text = f"CHAPTER 1\n\n{PARAGRAPH}{run_on}{PARAGRAPH}CHAPTER 2\n\n{PARAGRAPH}"
    assert _titles(text) == ["CHAPTER 1", "CHAPTER 2"]


def test_the_licence_of_a_free_edition_is_no_part_of_the_last_chapter() -> None:
    end = "*** END OF THE PROJECT GUTENBERG EBOOK ***\n\nThe license.\n"
    assert _titles(f"Chapter 1\n\n{PARAGRAPH}Chapter 2\n\n{PARAGRAPH}{end}") == [
        "Chapter 1",
        "Chapter 2",
        "",
    ]
