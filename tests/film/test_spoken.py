from __future__ import annotations

import pytest

from generation.film import FilmError, parse_lexicon, read_aloud
from generation.film.spoken import cardinal


@pytest.mark.parametrize(
    ("written", "said"),
    [
        ("公元1998年，3月5日", "公元一九九八年，三月五日"),
        ("他等了2天，一共2个人", "他等了两天，一共两个人"),
        ("涨了3.5%", "涨了百分之三点五"),
        ("晚上8:05开始", "晚上八点零五分开始"),
        ("3-5个人", "三到五个人"),
        ("一共1,234元，付了￥20.5", "一共一千二百三十四元，付了二十点五元"),
        ("电话13800138000", "电话一三八零零一三八零零零"),
        ("房间007", "房间零零七"),
        ("１２人", "十二人"),
        ("第105章", "第一百零五章"),
    ],
)
def test_numbers_are_said_as_chinese_reads_them(written: str, said: str) -> None:
    assert read_aloud(written, {}).text == said


@pytest.mark.parametrize(
    ("value", "said"),
    [
        (0, "零"), (10, "十"), (11, "十一"), (20, "二十"), (101, "一百零一"), (110, "一百一十"),
        (1010, "一千零一十"), (10_000, "一万"), (10_500, "一万零五百"), (100_000, "十万"),
        (20_305, "二万零三百零五"), (1_000_001, "一百万零一"), (100_000_000, "一亿"),
        (120_003_000, "一亿二千万三千"), (305_000_000, "三亿零五百万"),
    ],
)  # fmt: skip
def test_cardinals(value: int, said: str) -> None:
    assert cardinal(value) == said


def test_english_numbers_are_left_to_the_engine() -> None:
    assert read_aloud("In 1998 he left.", {}, "en").text == "In 1998 he left."


def test_the_lexicon_comes_first_and_longest_first() -> None:
    lexicon = parse_lexicon("# 多音字\n单于 = 蝉于\n单于府＝蝉于府邸\n\n007=零零七号")
    assert read_aloud("单于府的007和单于", lexicon).text == "蝉于府邸的零零七号和蝉于"


def test_every_place_of_what_is_said_is_a_place_of_what_is_written() -> None:
    written = "单于等了1998年，又3天。"
    reading = read_aloud(written, {"单于": "蝉于"})
    assert reading.text == "蝉于等了一九九八年，又三天。"
    assert reading.written(reading.text.index("年")) == written.index("年")
    assert reading.written(reading.text.index("天")) == written.index("天")
    assert reading.written(len(reading.text)) == len(written)
    places = [reading.written(place) for place in range(len(reading.text) + 1)]
    assert places == sorted(places)


@pytest.mark.parametrize(
    ("text", "line"), [("单于", 1), ("a=b\n=c", 2), ("a=b\nc=", 2), ("字=" + "长" * 61, 1)]
)
def test_a_lexicon_that_cannot_be_read_names_its_line(text: str, line: int) -> None:
    with pytest.raises(FilmError, match=f"line {line} ") as caught:
        parse_lexicon(text)
    assert (caught.value.code, caught.value.parameters["line"]) == ("lexicon", line)
