"""One binding of the characters: words, places and seeds that every engine is compiled from."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest

from generation.frames import (
    BadShotError,
    UnknownCharacterError,
    bind,
    crossed,
    judge,
    resolved,
    seed_of,
    side_order,
)
from generation.frames.blocking import overlap
from tests.frames.people import person, shot_of

LOOKS = {
    "a": "二十岁男子，黑色长发，青色长袍",
    "b": "十八岁女子，双环髻，红色襦裙",
    "c": "白须老者，灰色道袍",
}
NAMES = {"a": "林清", "b": "苏月", "c": "玄真"}


def cast_of(**looks: str) -> dict:
    cast = {}
    for key, look in (looks or LOOKS).items():
        one = person(key, 3, NAMES.get(key, key), gender="female" if key == "b" else "male")
        one["appearance"]["summary"] = look  # type: ignore[index]
        cast[key] = one
    return cast


CAST = cast_of()
SCENE = {"index": 0, "place": "山门", "setting": {"place_type": "gate", "daytime": "dusk"}}


def test_count_words_come_first_and_every_look_stands_verbatim() -> None:
    bound = bind(shot_of("medium", ("a", "b")), cast=CAST, scene=SCENE)
    assert bound.prompt.startswith("一名男子，一名女子；")
    for who in bound.people:
        assert who.block in bound.prompt
        assert who.block in who.words
        assert who.block not in bound.common
    assert bound.common.startswith("一名男子，一名女子；")
    assert "山门" in bound.common


def test_an_english_template_counts_as_taggers_do() -> None:
    bound = bind(shot_of("medium", ("a", "b")), cast=CAST, scene=SCENE, english=True)
    assert bound.prompt.startswith("1boy, 1girl; ")
    assert "on the left" in bound.people[0].words


def test_regions_run_from_left_to_right_as_the_boxes_do_whatever_order_they_are_named_in() -> None:
    shot = shot_of("full", ("a", "b", "c"))
    shot["cast"].reverse()  # type: ignore[attr-defined]
    bound = bind(shot, cast=CAST, scene=SCENE)
    assert [(who.id, who.slot) for who in bound.people] == [
        ("a", "left"), ("b", "centre"), ("c", "right"),
    ]  # fmt: skip


def test_beyond_six_the_speaker_and_the_largest_are_bound_and_the_rest_is_the_crowd() -> None:
    looks = {f"p{n}": f"第{n}人的样子" for n in range(9)}
    shot = shot_of("long", tuple(looks))
    shot["lines"] = [{"speaker": "p8", "start": 0, "end": 1}]
    shot["cast"][3]["box"] = [0.3, 0.1, 0.3, 0.9]  # type: ignore[index]
    bound = bind(shot, cast=cast_of(**looks), scene=SCENE)
    assert len(bound.people) == 6
    assert {"p8", "p3"} <= {who.id for who in bound.people}
    assert len(bound.crowd) == 3
    assert "背景有人群" in bound.prompt
    assert judge(bound).passes


def test_overlapping_boxes_are_parted_and_keep_their_order() -> None:
    rng = random.Random(4)
    for _ in range(300):
        boxes = [
            (rng.random(), rng.random() * 0.5, rng.random() * 0.7 + 0.05, 0.5)
            for _ in range(rng.randint(1, 6))
        ]
        parted = resolved(boxes)
        assert all(overlap(a, b) == 0 for i, a in enumerate(parted) for b in parted[i + 1 :]), boxes
        assert all(x >= 0 and x + wide <= 1.0001 and wide > 0.05 for x, _, wide, _ in parted)


def test_sides_are_those_of_the_first_shot_that_shows_two_together() -> None:
    first, alone = shot_of("medium", ("a", "b")), shot_of("close_up", ("b",))
    turned = shot_of("medium", ("b", "a"))
    order = side_order([first, alone, turned])
    assert order == ["a", "b"]
    assert crossed(first, order) == []
    assert crossed(turned, order) == [("b", "a")]


def test_the_seed_is_of_the_people_and_the_place_and_not_of_the_shot() -> None:
    seeds = [
        bind(shot_of("medium", people, index=index), cast=CAST, scene=SCENE, book="x").seed
        for index, people in ((0, ("a", "b")), (9, ("b", "a")))
    ]
    assert seeds[0] == seeds[1]
    assert seed_of("x", ["a", "b"], "山门") != seed_of("x", ["a", "b"], "山门", take=1)
    assert seed_of("x", ["a"], "山门") != seed_of("x", ["a"], "河边")
    assert seed_of("x", ["a", "b"], "山门") != seed_of("y", ["a", "b"], "山门")
    # The policy is versioned: another number here is another policy, and a new name for it.
    assert seed_of("book", ["a", "b"], "hall") == 272969365


def test_a_state_holds_from_its_place_in_the_text_and_fades() -> None:
    cast = cast_of()
    cast["a"]["appearance"]["states"] = [{"from": 100, "summary": "左臂缠着绷带"}]  # type: ignore[index]
    words = {
        at: bind({**shot_of("medium", ("a",)), "start": at}, cast=cast, scene=SCENE).people[0].words
        for at in (50, 150, 9_000)
    }
    assert ["绷带" in words[at] for at in (50, 150, 9_000)] == [False, True, False]


def test_new_clothes_are_worn_until_there_are_newer_ones_while_a_wound_heals() -> None:
    cast = cast_of()
    cast["a"]["appearance"]["states"] = [  # type: ignore[index]
        {"from": 100, "summary": "换上青衫", "traits": {"clothes": "robe"}},
        {"from": 200, "summary": "左臂受伤", "traits": {"wound": True}},
        {"from": 20_000, "summary": "换上僧衣", "traits": {"clothes": "monk"}},
    ]
    states = [
        bind({**shot_of("medium", ("a",)), "start": at}, cast=cast, scene=SCENE).people[0].state
        for at in (50, 300, 9_000, 30_000)
    ]
    assert states == ["", "换上青衫，左臂受伤", "换上青衫", "换上僧衣"]


# -- the gate ----------------------------------------------------------------------------------


def test_a_shot_whose_prompt_was_edited_and_lost_a_look_is_refused_by_name() -> None:
    shot = shot_of("medium", ("a", "b"))
    whole = bind(shot, cast=CAST, scene=SCENE)
    shot["prompt"] = {
        "positive": whole.prompt.replace(LOOKS["b"], "一名女子"), "negative": "", "edited": True,
    }  # fmt: skip
    judged = judge(bind(shot, cast=CAST, scene=SCENE))
    assert not judged.passes
    assert [(r.code, r.names) for r in judged.refusals] == [("look_not_in_prompt", ("苏月",))]
    assert (judged.expected, judged.bound) == (2, 1)
    assert 0.4 < judged.integrity < 0.6


def test_a_request_without_a_region_for_somebody_is_refused() -> None:
    bound = bind(shot_of("medium", ("a", "b")), cast=CAST, scene=SCENE)
    assert judge(bound, regions=("a", "b")).passes
    assert [r.code for r in judge(bound, regions=("a",)).refusals] == ["no_region"]
    assert [r.code for r in judge(bound, regions=("a", "b", "z")).refusals] == ["stranger"]


def test_a_character_without_a_look_and_an_old_seed_policy_are_refused() -> None:
    bare = bind(shot_of("medium", ("a",)), cast=cast_of(a=""), scene=SCENE)
    assert "no_look" in [r.code for r in judge(bare).refusals]
    old = replace(bind(shot_of("medium", ("a",)), cast=CAST, scene=SCENE), policy="people@0")
    assert [r.code for r in judge(old).refusals] == ["old_policy"]


def test_an_empty_shot_expects_nobody_and_passes() -> None:
    bound = bind(shot_of("long", ()), cast=CAST, scene=SCENE)
    assert bound.prompt.startswith("空镜，无人物")
    assert (judge(bound).passes, judge(bound).integrity) == (True, 1.0)


def test_strangers_and_doubles_are_refused_by_place() -> None:
    with pytest.raises(UnknownCharacterError):
        bind(shot_of("medium", ("nobody",)), cast=CAST, scene=SCENE)
    with pytest.raises(BadShotError) as caught:
        bind(shot_of("medium", ("a", "a")), cast=CAST, scene=SCENE)
    assert caught.value.field == "cast[1]"
