"""Names of one person are joined by how the book speaks of them, with nobody's list of famous names."""

from __future__ import annotations

import pytest

from generation.story import Correction, Person, as_text, cast, chapters, storyboard


def _people(text: str) -> tuple[Person, ...]:
    return cast(text, chapters(text))


def _names(text: str, name: str) -> set[str]:
    return next({p.name, *p.aliases} for p in _people(text) if name == p.name or name in p.aliases)


def test_whoever_answers_when_a_name_is_called_bears_it() -> None:
    text = "".join(
        f"　　韩掌柜喊道：“石墩，{what}”顾老四答道：“来了。”韩掌柜又叫道：“石墩，快些！”顾老四道：“是。”\n"
        for what in ("开门。", "挑水。", "喂马。", "上灯。")
    )
    text += "　　石墩出门去了。石墩道：“走罢。”石墩又道：“天晚了。”\n"

    assert {"顾老四", "石墩"} <= _names(text, "石墩")


def test_two_who_talk_to_each_other_stay_two_though_one_answers_for_the_other() -> None:
    text = "".join(
        f"　　韩掌柜喊道：“石墩，{what}”顾老四道：“他不在。”石墩道：“我在。”顾老四道：“你才来。”"
        "石墩道：“早来了。”顾老四道：“去罢。”\n"
        for what in ("开门。", "挑水。", "喂马。", "上灯。", "扫地。")
    )

    assert "石墩" not in _names(text, "顾老四")


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            "裴朗立马桥头，裴朗喝道：“吾乃青州裴元亮也！”众皆失色。裴元亮拍马赶来。裴元亮笑曰：“走！”裴朗大笑。",
            {"裴朗", "裴元亮"},
        ),
        (
            "此人姓秦，单名一个直字，号半山。街坊都叫他老秤。老秤坐下。老秤道：“好茶。”老秤笑道：“再来。”"
            "老秤说道：“记账。”老秤又道：“走了。”秦直拱手。秦直去了。",
            {"秦直", "老秤"},
        ),
        (
            "其人姓乔，名远，字长青，后改子陵，云州人也。乔子陵大笑曰：“善。”子陵入帐。乔远曰：“诺。”",
            {"乔远", "子陵", "乔子陵"},
        ),
        (
            "太清老祖下山。老祖道：“起来。”老祖笑道：“好。”太清老祖道：“去罢。”太清老祖笑道：“是了。”老祖去了。",
            {"太清老祖", "老祖"},
        ),
    ],
)
def test_what_the_text_says_of_a_name_joins_it(text: str, names: set[str]) -> None:
    for name in names:
        assert names <= _names(text, name) | {name}, name


def test_two_full_names_of_one_family_are_two_people() -> None:
    text = (
        "张铁引兵至，大呼：“我是张铜之弟张铁！”张铜道：“兄弟来了。”张铁道：“来了。”"
        "张铜笑道：“我乃张铁之兄。”张铁张铜一同下马。"
    )

    assert "张铁" not in _names(text, "张铜")


def test_a_title_before_which_several_stand_is_nobodys() -> None:
    text = "".join(
        f"{n}真人道：“善哉。”{n}真人笑道：“好。”{n}真人去了。" for n in ("玉鼎", "赤精", "黄龙")
    )
    text += "赤精真人道：“去罢。”玉鼎真人道：“是。”"

    assert "赤精真人" not in _names(text, "玉鼎真人")


def test_a_role_word_that_speaks_more_than_anybody_is_somebody() -> None:
    text = "　　" + "".join(
        f"船家问道：“{n}里？”行者道：“{n}里。”李渔夫道：“远么？”行者笑道：“不远。”\n　　"
        for n in ("一", "二", "三", "四", "五", "六", "七", "八", "九", "十") * 4
    )
    kinds = {p.name: p.kind for p in _people(text)}

    assert kinds["行者"] == "named"
    assert kinds.get("船家", "role") == "role"


def test_what_the_reader_parts_is_not_joined_again() -> None:
    text = "裴朗立马桥头，裴朗喝道：“吾乃青州裴元亮也！”众皆失色。裴元亮拍马赶来。裴元亮笑曰：“走！”裴朗大笑。"
    board = storyboard(as_text(text), corrections=[Correction("split", "裴元亮", "裴朗")])

    assert {"裴朗", "裴元亮"} <= {person["name"] for person in board.cast}


@pytest.mark.parametrize("name", ["那孟三娘", "蒙玉侯", "望江楼", "其言善"])
def test_run_ons_and_places_are_nobody(name: str) -> None:
    text = (
        "孟三娘道：“来了。”那孟三娘笑着进来。孟三娘笑道：“坐。”那孟三娘坐下。蒙玉侯恩典。玉侯道：“起来。”"
        "玉侯笑道：“好。”玉侯说道：“去。”玉侯喝道：“走。”玉侯又道：“罢了。”三人来到望江楼，望江楼上坐满了人。操其言善。"
    )

    assert name not in {n for p in _people(text) for n in (p.name, *p.aliases)}
