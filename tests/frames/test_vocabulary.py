"""Who and what can be told apart: animals, hats by culture, wounds, things held, places, extras."""

from __future__ import annotations

from itertools import combinations

import numpy as np
import pytest

from generation.frames import draw, look_of
from generation.frames.sketch.acting import acts
from generation.frames.sketch.extras import named
from generation.frames.sketch.kinds import KINDS, OF_WORD
from generation.frames.sketch.raster import raster
from generation.frames.sketch.stage import CULTURES, setting_of
from tests.frames.people import CAST, person, shot_of

SMALL = (180, 320)


def picture(cast: dict[str, dict[str, object]], **shot: object) -> np.ndarray:
    asked = {**shot_of(str(shot.pop("framing", "medium")), tuple(cast)), **shot}
    panel = draw(asked, cast=cast, scene={"setting": {"place_type": "plain"}}, size=SMALL)
    return np.asarray(raster(panel.svg, *SMALL), dtype=np.int16)


def test_every_kind_of_being_looks_unlike_every_other() -> None:
    drawn = {
        kind: picture({"x": person("x", 5, species=kind, gender="male", clothes="robe")})
        for kind in KINDS
    }
    for first, second in combinations(drawn, 2):
        differ = (np.abs(drawn[first] - drawn[second]) > 24).any(axis=2).mean()
        assert differ > 0.004, (first, second)


@pytest.mark.parametrize(
    ("word", "kind"),
    [("owl", "owl"), ("dormouse", "mouse"), ("gryphon", "gryphon"), ("turtle", "turtle"),
     ("鼠", "mouse"), ("狮", "lion"), ("牛", "ox"), ("caterpillar", "insect"), ("lory", "bird")],
)  # fmt: skip
def test_an_animal_is_drawn_as_its_own_word_tells_not_as_its_nearest_kin(
    word: str, kind: str
) -> None:
    look = look_of(person("x", 1, species="spirit", animal=word))
    assert (look.species, OF_WORD[word]) == (kind, kind)


def test_an_animal_wears_no_wig_and_keeps_the_fur_that_is_told() -> None:
    told = look_of(person("x", 1, species="rabbit", hair="long", hair_colour="brown"))
    silent = look_of(person("x", 1, species="rabbit", hair="long", hair_colour="black"))
    assert told.hair == silent.hair == "bald"
    assert told.coat != silent.coat == KINDS["rabbit"].coat


def test_a_mouse_is_smaller_than_a_man_and_a_child_smaller_than_its_mother() -> None:
    heights = [
        look_of(person("x", 1, **traits)).height
        for traits in (
            {"species": "mouse"}, {"age": "child"}, {"gender": "female"}, {"build": "strong"},
        )
    ]  # fmt: skip
    assert heights[0] < heights[2] < heights[3]
    assert heights[1] < heights[2]


@pytest.mark.parametrize("headgear", ["hat", "crown"])
def test_a_hat_is_of_the_world_that_the_clothes_are_of(headgear: str) -> None:
    east = picture(
        {"x": person("x", 5, gender="male", hair="bun", clothes="robe", headgear=headgear)}
    )
    west = picture(
        {"x": person("x", 5, gender="male", hair="short", clothes="coat", headgear=headgear)}
    )
    bare = picture({"x": person("x", 5, gender="male", hair="short", clothes="coat")})
    top = SMALL[1] // 3
    assert (east[:top] != west[:top]).any()
    assert (west[:top] != bare[:top]).any()


def test_a_wound_is_seen_from_its_place_in_the_story_on_and_heals() -> None:
    one = person("x", 5, gender="male", clothes="robe")
    one["appearance"]["states"] = [{"from": 1_000, "summary": "肩头中箭，流血不止"}]  # type: ignore[index]
    seen = [look_of(one, at).wound for at in (999, 1_000, 6_999, 7_000)]
    assert seen == ["none", "blood", "blood", "none"]


def test_twelve_people_of_one_age_and_dress_have_twelve_faces() -> None:
    drawn = [
        picture(
            {
                "x": person(
                    "x",
                    seed,
                    gender="male",
                    clothes="robe",
                    hair="bun",
                    colours=["#335577", "#eeeeee"],
                )
            },
            framing="close_up",
        )
        for seed in range(12)
    ]
    unlike = [(np.abs(a - b) > 24).any(axis=2).mean() for a, b in combinations(drawn, 2)]
    assert sorted(unlike)[3] > 0.002


def test_the_words_add_what_the_pose_allows_and_never_contradict_it() -> None:
    def act(pose: str, mood: str, words: str, accessory: str = "none") -> tuple[str, str]:
        shot = {"action": words}
        entry = {"id": "x", "pose": pose, "expression": mood}
        one = acts(shot, [entry], [accessory], setting_of({}))[0]
        return one.pose, one.thing

    assert act("stand", "sad", "她掩面而泣") == ("weep", "")
    assert act("stand", "neutral", "她掩面而泣") == ("stand", "")
    assert act("ride", "sad", "他在马上落泪") == ("ride", "")
    assert act("hold", "neutral", "提着灯笼") == ("carry", "lantern")
    assert act("hold", "neutral", "提着灯笼", "sword") == ("hold", "")
    assert act("sit", "neutral", "对坐饮酒") == ("sit_drink", "cup")
    assert act("walk", "neutral", "驾云而去") == ("fly", "")


def test_two_who_embrace_stand_nearer_than_two_who_talk() -> None:
    from generation.frames.sketch.camera import place

    def apart(words: str) -> float:
        shot = {**shot_of("medium", ("wukong", "daiyu"), pose="hold"), "action": words}
        first, second = place(shot, CAST, 1080, 1920)
        return abs(first.stand.x - second.stand.x)

    assert apart("两人拥抱在一起") < apart("两人说话") * 0.9


def test_animals_and_vehicles_of_a_wide_shot_are_extras_and_not_characters() -> None:
    shot = {**shot_of("full", ("wukong",)), "action": "一只黄狗跟着马车跑来"}
    assert [name for name, _, _ in named(shot, interior=False)] == ["carriage", "dog"]
    assert [name for name, _, _ in named(shot, interior=True)] == ["dog"]
    scene = {"setting": {"place_type": "street"}}
    with_them = draw(shot, cast=CAST, scene=scene, size=SMALL)
    without = draw(shot_of("full", ("wukong",)), cast=CAST, scene=scene, size=SMALL)
    assert with_them.drawn == without.drawn == ("wukong",)
    assert with_them.svg != without.svg


@pytest.mark.parametrize(
    ("place", "told", "kind"),
    [("老家的厨房", "room", "kitchen"), ("教室", "study", "classroom"), ("舰桥", "river", "bridge"),
     ("the old church", "temple", "church"), ("大观园", "courtyard", "courtyard")],
)  # fmt: skip
def test_the_name_of_a_place_tells_more_than_its_kind(place: str, told: str, kind: str) -> None:
    scene = {"place": place, "setting": {"place_type": told, "kind": "interior"}}
    assert setting_of(scene).place == kind


def test_an_english_garden_has_no_chinese_roof() -> None:
    drawn = {
        culture: draw(
            shot_of("long", ()),
            cast={},
            scene={"place": "garden", "setting": {"place_type": "courtyard", "culture": culture}},
            size=SMALL,
        ).svg
        for culture in CULTURES
    }
    assert drawn["west"] != drawn["china"] == drawn["qing"]
