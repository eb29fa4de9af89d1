"""How people are staged: what they ride, in two rows, hands off their neighbours, feet on the ground."""

from __future__ import annotations

from itertools import combinations, pairwise, product
from math import dist

import pytest

from generation.frames import check, draw
from generation.frames.reading import read_back
from generation.frames.sketch.camera import place
from generation.frames.sketch.canvas import Canvas
from generation.frames.sketch.extras import SHORES, _ashore
from generation.frames.sketch.figure import skeleton_of
from generation.frames.sketch.framings import Placed
from generation.frames.sketch.garments import kneels
from generation.frames.sketch.lettering import said, wrap
from generation.frames.sketch.pose import Skeleton
from generation.frames.sketch.riding import mount_of
from generation.frames.sketch.stage import setting_of, stage_for
from tests.frames.people import CAST, person, shot_of

TALL, WIDE = (1080, 1920), (1920, 1080)


def scene(kind: str = "exterior", period: str = "classical", place: str = "street") -> dict:
    return {"setting": {"kind": kind, "period": period, "place_type": place}}


@pytest.mark.parametrize(
    ("words", "period", "kind"),
    [
        ("他骑上摩托车，追了出去", "modern", "motorcycle"),
        ("她骑着自行车去上学", "modern", "bicycle"),
        ("他骑马走过草原", "modern", "horse"),
        ("骑车下山", "modern", "bicycle"),
        ("魔尊骑着黑龙，出现在云端", "fantasy", "dragon"),
        ("牧童骑着一头黄牛", "classical", "ox"),
        ("张果老骑驴而来", "classical", "donkey"),
        ("关羽上马提刀", "classical", "horse"),
        ("he rode his motorcycle home", "modern", "motorcycle"),
        ("she rode the dragon north", "fantasy", "dragon"),
        ("他骑了上去", "scifi", "hover"),
    ],
)
def test_the_mount_is_what_the_words_and_the_time_say(words: str, period: str, kind: str) -> None:
    found = mount_of(words, setting_of(scene(period=period)))
    assert found is not None
    assert found.kind == kind


def test_nobody_rides_in_a_room() -> None:
    shot = {**shot_of("full", ("wukong",), pose="ride"), "action": "骑马来到门前"}
    outside, inside = (
        place(shot, CAST, *TALL, scene(kind))[0].stand for kind in ("exterior", "interior")
    )
    assert (outside.pose, outside.mount and outside.mount.kind) == ("ride", "horse")
    assert (inside.pose, inside.mount) == ("stand", None)
    for where in (scene(), scene("interior", place="hall")):
        data = draw(shot, cast=CAST, scene=where, size=TALL).to_png()
        assert check(data, shot, CAST, where).readings[0].attributes["skin"]


def test_an_umbrella_is_open_outside_and_closed_in_a_room() -> None:
    cast = {"x": person("x", 12, gender="female", clothes="dress", accessory="umbrella")}
    shot = shot_of("full", ("x",))
    arms = []
    for kind in ("exterior", "interior"):
        one = place(shot, cast, *TALL, scene(kind))[0]
        arms.append(skeleton_of(one.look, one.stand).pose.near_arm[1])
        png = draw(shot, cast=cast, scene=scene(kind), size=(540, 960)).to_png()
        assert read_back(png, shot, cast, ("accessory",), scene(kind))[0].right
    assert arms[0] > 150 > arms[1]


def bones_of(one: Placed) -> Skeleton:
    return skeleton_of(one.look, one.stand)


def across(one: Placed, x: float) -> float:
    return one.stand.x + (-x if one.stand.left else x) * one.stand.unit


def spot(one: Placed, joint: tuple[float, float]) -> tuple[float, float]:
    return across(one, joint[0]), one.stand.ground + joint[1] * one.stand.unit


@pytest.mark.parametrize("framing", ["medium", "medium_close_up", "close_up"])
def test_a_speakers_hand_stays_off_the_neighbours_face_and_chest(framing: str) -> None:
    shot = shot_of(framing, ("wukong", "daiyu"), pose="talk")
    for one, other in combinations(place(shot, CAST, *TALL), 2):
        for mine, yours in ((one, other), (other, one)):
            theirs = [spot(yours, bones_of(yours).head), spot(yours, bones_of(yours).neck)]
            hands = [spot(mine, j) for j in (bones_of(mine).near_wrist, bones_of(mine).far_wrist)]
            for hand, part in product(hands, theirs):
                assert dist(hand, part) > 0.9 * yours.stand.unit


def test_a_speaker_in_a_wide_frame_may_reach_out() -> None:
    wide, narrow = (
        place(shot_of("medium", ("wukong", "daiyu"), pose="talk"), CAST, *size)[0].stand.close
        for size in (WIDE, TALL)
    )
    assert (wide, narrow) == (False, True)


@pytest.mark.parametrize("framing", ["full", "medium", "medium_close_up"])
@pytest.mark.parametrize("size", [TALL, WIDE])
def test_no_six_people_float_and_every_face_is_seen(framing: str, size: tuple[int, int]) -> None:
    ids = tuple(CAST)[:6]
    placed = place(shot_of(framing, ids), CAST, *size)
    lowest = max(one.stand.ground for one in placed)
    assert lowest >= size[1] * 0.9  # feet on the ground near the frame's edge, or below it
    for order, one in enumerate(placed):
        face = across(one, bones_of(one).head[0])
        height = one.stand.ground + bones_of(one).head[1] * one.stand.unit
        for before in placed[order + 1 :]:  # whoever is drawn over it
            shoulders = before.stand.ground + bones_of(before).neck[1] * before.stand.unit
            beside = abs(before.stand.x - face) > 0.75 * before.stand.unit
            assert beside or height < shoulders, (one.look.name, before.look.name)


def test_six_people_in_a_tall_frame_stand_larger_in_two_rows() -> None:
    placed = place(shot_of("full", tuple(CAST)[:6]), CAST, *TALL)
    rows = sorted({round(one.stand.ground) for one in placed})
    assert rows[-1] - rows[0] > 0.5 * placed[0].stand.unit
    assert placed[0].stand.unit > TALL[0] / 6 / 1.5
    drawn_first = [round(one.stand.ground) for one in placed]
    assert drawn_first == sorted(drawn_first)


def test_who_lies_among_others_lies_before_their_feet() -> None:
    shot = shot_of("full", ("tang", "bajie"))
    shot["cast"][0]["pose"] = "lie"  # type: ignore[index]
    first, last = place(shot, CAST, *TALL)
    assert (first.stand.lying, last.stand.lying) == (False, True)
    assert first.stand.ground < last.stand.ground - 0.5 * first.stand.unit


def test_whoever_runs_in_a_robe_has_legs() -> None:
    for pose, hidden in (("run", False), ("kneel", True)):
        one = place(shot_of("full", ("daiyu",), pose=pose), CAST, *TALL)[0]
        assert kneels(bones_of(one)) is hidden


@pytest.mark.parametrize("place_type", sorted(SHORES))
def test_a_carriage_stands_on_the_shore_and_not_in_the_water(place_type: str) -> None:
    stage = stage_for(Canvas(*TALL), setting_of(scene(place=place_type)), 900.0)
    inland = stage_for(Canvas(*TALL), setting_of(scene(place="field")), 900.0)
    assert _ashore(inland, 950.0) == 950.0
    assert _ashore(stage, 950.0) > 1300.0


@pytest.mark.parametrize("place_type", ["gate", "boat", "camp", "battlefield", "church"])
def test_a_place_outside_is_of_its_own_time(place_type: str) -> None:
    drawn = [
        draw(
            shot_of("long", ()),
            cast={},
            scene=scene(period=period, place=place_type),
            size=(180, 320),
        ).svg
        for period in ("classical", "modern")
    ]
    assert (drawn[0] != drawn[1]) is (place_type != "church")


def test_a_balloon_says_the_words_without_their_marks() -> None:
    assert said("“你迟到了。”") == "你迟到了。"
    assert said("「来！」") == "来！"
    assert said("‘As if it wasn’t trouble,’") == "As if it wasn't trouble,"
    lines = wrap('There is no uncle here, child!"', 30, 400)
    assert all(not line.startswith('"') for line in lines)


def test_balloons_are_read_from_the_top_in_the_order_of_speaking() -> None:
    shot = shot_of("full", ("wukong", "daiyu"))
    for order in (("wukong", "daiyu"), ("daiyu", "wukong")):
        svg = draw(
            shot, cast=CAST, scene={}, size=TALL, text=dict.fromkeys(order, "走吧走吧走吧")
        ).svg
        tops = [part.split(" ", 2) for part in svg.split('fill="#fffdf7"')[:-1]]
        heights = [float(one[-1].rsplit('d="M', 1)[1].split()[1]) for one in tops]
        columns = [float(one[-1].rsplit('d="M', 1)[1].split()[0]) for one in tops]
        assert heights[0] < heights[1]
        assert (columns[0] < columns[1]) is (order[0] == "wukong")


def test_boxes_keep_their_order_from_left_to_right() -> None:
    ids = tuple(CAST)[:5]
    placed = {one.look.id: one.stand.x for one in place(shot_of("medium", ids), CAST, *TALL)}
    assert all(placed[a] < placed[b] for a, b in pairwise(ids))
