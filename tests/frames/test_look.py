"""The fixed look: from the traits where they tell, from the seed where they do not."""

from __future__ import annotations

from generation.frames import look_of
from tests.frames.people import CAST, person


def test_traits_of_the_text_are_kept() -> None:
    look = look_of(CAST["wukong"])
    assert (look.species, look.clothes, look.headgear, look.accessory) == (
        "monkey",
        "armour",
        "headband",
        "staff",
    )
    assert (look.primary, look.secondary) == ("#d9a32b", "#b23a35")


def test_gaps_are_filled_from_the_seed_and_stay() -> None:
    assert look_of(person("x", 42)) == look_of(person("x", 42))
    assert len({look_of(person("x", seed)).primary for seed in range(40)}) > 8


def test_words_outside_of_the_vocabulary_count_as_missing() -> None:
    assert look_of(person("x", 42, clothes="太空服", colours=["red"])) == look_of(person("x", 42))


def test_one_given_colour_is_kept_and_the_second_differs_from_it() -> None:
    look = look_of(person("x", 3, colours=["#336699"]))
    assert look.primary == "#336699"
    assert look.secondary != look.primary


def test_a_dated_state_changes_the_look_from_its_offset_on() -> None:
    one = person("x", 3, clothes="rags", colours=["#777777", "#553311"])
    one["appearance"]["states"] = [  # type: ignore[index]
        {
            "from": 500,
            "summary": "换上官服",
            "traits": {"clothes": "robe", "colours": ["#aa2222", "#ddbb44"]},
        }
    ]
    assert look_of(one, at=499).clothes == "rags"
    assert look_of(one, at=500).clothes == "robe"
    assert look_of(one, at=500).face == look_of(one, at=0).face


def test_an_old_man_has_white_hair_and_a_beard_unless_told_otherwise() -> None:
    old = look_of(person("x", 3, gender="male", age="elder", clothes="robe"))
    assert (old.hair_colour, old.beard) == ("white", "long")
    assert look_of(person("x", 3, gender="male", age="elder", beard="none")).beard == "none"


def test_a_person_without_any_appearance_still_has_a_look() -> None:
    assert look_of({"id": "x", "name": "无名", "seed": 9}).primary.startswith("#")
