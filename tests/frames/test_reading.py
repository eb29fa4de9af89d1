"""Reading attributes back from the pixels: right where they are right, found where they are wrong."""

from __future__ import annotations

import random

import pytest

from generation.frames import draw
from generation.frames.reading import ATTRIBUTES, read_back
from tests.frames.people import CAST, person, shot_of

SIZE = (270, 480)
WRONG = {
    "species": "fox", "build": "stout", "hair": "bald", "hair_colour": "white", "beard": "long",
    "clothes": "suit", "headgear": "crown", "accessory": "fan", "skin": "dark",
}  # fmt: skip
ASKED = {
    "species": "human", "gender": "male", "build": "average", "hair": "topknot", "hair_colour": "black",
    "beard": "none", "clothes": "robe", "headgear": "none", "accessory": "none", "skin": "light",
    "colours": ["#2f5d8a", "#f0c75e"],
}  # fmt: skip


@pytest.mark.parametrize("attribute", sorted(WRONG))
def test_one_wrongly_drawn_attribute_is_found_and_named(attribute: str) -> None:
    asked = {"x": person("x", 3, **ASKED)}
    drawn = {"x": person("x", 3, **{**ASKED, attribute: WRONG[attribute]})}
    shot = shot_of("medium", ("x",))
    right = draw(shot, cast=asked, scene={}, size=SIZE).to_png()
    wrong = draw(shot, cast=drawn, scene={}, size=SIZE).to_png()
    assert read_back(right, shot, asked, (attribute,))[0].right
    found = read_back(wrong, shot, asked, (attribute,))[0]
    assert (found.value, found.right) == (WRONG[attribute], False)


def test_two_pairs_of_colours_that_changed_owners_are_found() -> None:
    first, second = (
        person(key, seed, gender="male", clothes="robe", colours=colours)
        for key, seed, colours in (
            ("a", 1, ["#b23a35", "#f0c75e"]), ("b", 1, ["#2f5d8a", "#e7e2d3"]),
        )
    )  # fmt: skip
    swapped = {"a": {**second, "id": "a"}, "b": {**first, "id": "b"}}
    shot = shot_of("full", ("a", "b"))
    png = draw(shot, cast=swapped, scene={}, size=SIZE).to_png()
    reads = read_back(png, shot, {"a": first, "b": second}, ("primary",))
    assert [read.value for read in reads if read.id == "a"] == ["#2f5d8a"]
    assert not any(read.right for read in reads)


def test_what_the_frame_does_not_show_is_not_judged() -> None:
    hooded = {"x": person("x", 3, **{**ASKED, "headgear": "helmet", "species": "rabbit"})}
    shot = shot_of("close_up", ("x",))
    png = draw(shot, cast=hooded, scene={}, size=SIZE).to_png()
    read = read_back(png, shot, hooded, ("hair",))[0]
    assert (read.value, read.right) == (None, None)


def test_attributes_of_random_shots_are_read_back_right() -> None:
    rng = random.Random(8)
    judged = right = 0
    for index in range(4):
        ids = tuple(rng.sample(sorted(CAST), 2))
        shot = shot_of(("full", "medium", "close_up", "long")[index], ids, index=index)
        png = draw(shot, cast=CAST, scene={"place": "长街"}, size=SIZE).to_png()
        for read in read_back(png, shot, CAST, ("hair", "beard", "clothes", "accessory")):
            judged += read.value is not None
            right += bool(read.right)
    assert judged >= 24
    assert right / judged >= 0.99


def test_every_attribute_that_is_drawn_has_a_name() -> None:
    assert set(WRONG) | {"primary", "secondary"} == set(ATTRIBUTES)
