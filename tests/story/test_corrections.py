"""What a reader corrects of the cast holds in every board made after it."""

from __future__ import annotations

from typing import Any

import pytest

from generation.story import Correction, Look, Storyboard, storyboard

TEXT = (
    "第一章 雪夜\n"
    + "林清推开门。林清说：“你回来了。”苏婉笑道：“我回来了。”" * 6
    + "老周说：“走吧。”老周点点头。周伯说：“再等等。”周伯道：“雪大。”" * 6
    + "\n第二章 灯\n"
    + "小林说：“好。”小林走了。林清说：“等我。”苏婉说：“快些。”" * 6
)


def board(*corrections: Correction) -> Storyboard:
    return storyboard(TEXT, title="雪夜", corrections=corrections)


def cast(*corrections: Correction) -> dict[str, dict[str, Any]]:
    return {person["name"]: person for person in board(*corrections).to_dict()["cast"]}


def test_the_sample_has_the_people_that_are_corrected_below() -> None:
    assert {"林清", "苏婉", "老周", "周伯"} <= set(cast())


def test_merged_people_are_one_with_both_names_and_all_mentions() -> None:
    before, after = cast(), cast(Correction("merge", "周伯", "老周"))

    assert "周伯" not in after
    assert "周伯" in after["老周"]["aliases"]
    assert after["老周"]["mentions"] == before["老周"]["mentions"] + before["周伯"]["mentions"]


def test_an_alias_that_is_split_off_is_somebody_with_a_look_of_his_own() -> None:
    merged = Correction("merge", "周伯", "老周")
    after = cast(merged, Correction("split", "周伯", "老周"))

    assert "周伯" not in after["老周"]["aliases"]
    assert after["周伯"]["id"] != after["老周"]["id"]


def test_a_renamed_person_keeps_id_seed_and_look() -> None:
    before, after = cast(), cast(Correction("rename", "苏婉", "婉儿"))

    kept = ("id", "seed", "appearance", "mentions")
    assert {key: after["婉儿"][key] for key in kept} == {key: before["苏婉"][key] for key in kept}
    assert "苏婉" in after["婉儿"]["aliases"]


def test_who_is_nobody_is_in_no_shot() -> None:
    gone = cast()["老周"]["id"]
    made = board(Correction("remove", "老周")).to_dict()

    assert gone not in {person["id"] for person in made["cast"]}
    assert gone not in {seen["id"] for shot in made["shots"] for seen in shot["cast"]}


def test_a_name_that_was_missed_can_be_added() -> None:
    assert "灯" not in cast()
    assert cast(Correction("add", "推开门"))["推开门"]["mentions"] == 6


def test_lines_follow_the_correction() -> None:
    made = board(Correction("merge", "周伯", "老周")).to_dict()
    one = next(person["id"] for person in made["cast"] if person["name"] == "老周")
    spoken = [line for shot in made["shots"] for line in shot["lines"]]

    assert sum(line["speaker"] == one for line in spoken) == 18


def test_names_are_matched_across_scripts() -> None:
    assert "老周" in cast(Correction("merge", "周伯", "老周"))
    assert "周伯" not in cast(Correction("merge", "周伯", "老周".replace("周", "週")))


@pytest.mark.parametrize(
    "correction",
    [
        Correction("merge", "无此人", "老周"),
        Correction("merge", "老周", "老周"),
        Correction("split", "老周", "老周"),
        Correction("rename", "无此人", "某"),
        Correction("remove", "无此人"),
    ],
)
def test_a_correction_about_nobody_there_changes_nothing(correction: Correction) -> None:
    assert board(correction).to_dict() == board().to_dict()


def test_later_corrections_build_on_earlier_ones() -> None:
    after = cast(Correction("rename", "老周", "周掌柜"), Correction("merge", "周伯", "周掌柜"))

    assert {"周伯", "老周"} <= set(after["周掌柜"]["aliases"])


def test_a_chosen_look_is_worn_under_every_name_of_its_person() -> None:
    traits = {
        **cast()["林清"]["appearance"]["traits"], "clothes": "armour", "colours": ["#1f4e9e", "#f2efe6"],
    }  # fmt: skip
    merged = Correction("merge", "周伯", "老周")
    looks = {"林清": Look(traits, "左脸有疤"), "周伯": Look({**traits, "clothes": "rags"})}
    told = storyboard(TEXT, title="雪夜", corrections=[merged], looks=looks).to_dict()
    people = {person["name"]: person["appearance"] for person in told["cast"]}
    assert people["林清"]["summary"].endswith("，左脸有疤")
    assert people["老周"]["traits"]["clothes"] == "rags"  # chosen for 周伯, who is he
    assert people["苏婉"] == cast()["苏婉"]["appearance"]
    ids = {person["name"]: person["id"] for person in told["cast"]}
    for shot in told["shots"]:
        if ids["林清"] in [entry["id"] for entry in shot["cast"]]:
            assert people["林清"]["summary"] in shot["prompt"]["positive"]
