"""Reading a panel back: the check must see what is missing, not only what is there."""

from __future__ import annotations

import pytest

from generation.frames import UnknownCharacterError, UnreadablePictureError, check, draw
from tests.frames.people import CAST, person, shot_of

SIZE = (540, 960)


def test_a_right_picture_passes() -> None:
    shot = shot_of("medium", ("wukong", "daiyu"))
    report = check(draw(shot, cast=CAST, scene={}, size=SIZE).to_png(), shot, CAST)
    assert (report.expected, report.bound, report.passed, report.missing) == (2, 2, True, ())


def test_a_picture_without_one_of_the_characters_is_refused() -> None:
    asked = shot_of("medium", ("wukong", "daiyu"))
    drawn = draw(shot_of("medium", ("wukong",)), cast=CAST, scene={}, size=SIZE).to_png()
    report = check(drawn, asked, CAST)
    assert not report.passed
    assert report.missing == ("daiyu",)


def test_a_character_in_other_clothes_is_refused() -> None:
    shot = shot_of("medium", ("x",))
    before = {"x": person("x", 1, gender="male", clothes="robe", colours=["#2f5d8a", "#f0c75e"])}
    after = {"x": person("x", 1, gender="male", clothes="robe", colours=["#3f7f5f", "#f0c75e"])}
    reading = check(draw(shot, cast=after, scene={}, size=SIZE).to_png(), shot, before).readings[0]
    assert not reading.primary_found
    assert reading.secondary_found


def test_two_characters_who_changed_places_are_refused() -> None:
    drawn = draw(
        shot_of("full", ("tang", "child", "daiyu")), cast=CAST, scene={}, size=(1920, 1080)
    ).to_png()
    report = check(drawn, shot_of("full", ("daiyu", "child", "tang")), CAST)
    assert set(report.missing) == {"tang", "daiyu"}


def test_an_empty_shot_expects_nobody() -> None:
    shot = shot_of("long", ())
    report = check(draw(shot, cast=CAST, scene={}, size=SIZE).to_png(), shot, CAST)
    assert (report.expected, report.bound, report.passed) == (0, 0, True)


def test_bytes_that_are_no_picture_are_refused() -> None:
    with pytest.raises(UnreadablePictureError):
        check(b"<html>502 Bad Gateway</html>", shot_of("long", ()), CAST)


def test_a_shot_with_a_stranger_is_refused_before_any_pixel_is_read() -> None:
    with pytest.raises(UnknownCharacterError):
        check(
            draw(shot_of("long", ()), cast=CAST, scene={}, size=SIZE).to_png(),
            shot_of("full", ("nobody",)),
            CAST,
        )
