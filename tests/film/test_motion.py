from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from PIL import Image

from generation.film import stage
from generation.film.motion import Box, Path, focus, plan
from generation.film.planes import Negative, Planes
from tests.film.samples import draw_picture

MOVEMENTS = ("static", "push_in", "pull_out", "pan", "tilt", "track")
SIZES = ((1080, 1920), (1920, 1080), (1024, 1024), (300, 2000))


@given(
    st.sampled_from(MOVEMENTS),
    st.sampled_from(SIZES),
    st.sampled_from(SIZES),
    st.tuples(st.floats(0, 1), st.floats(0, 1)),
    st.floats(0.2, 60),
    st.floats(0, 1),
)
def test_every_view_lies_in_the_picture_and_has_the_films_aspect(
    movement: str,
    picture: tuple[int, int],
    film: tuple[int, int],
    at: tuple[float, float],
    seconds: float,
    progress: float,
) -> None:
    box = plan(movement, picture, film, at, seconds).at(progress)
    assert box.x >= -1e-9
    assert box.y >= -1e-9
    assert box.x + box.width <= 1 + 1e-9
    assert box.y + box.height <= 1 + 1e-9
    aspect = box.width * picture[0] / (box.height * picture[1])
    assert aspect == pytest.approx(film[0] / film[1])


def test_each_movement_moves_as_its_name_says() -> None:
    paths = {name: plan(name, (1080, 1920), (1080, 1920)) for name in MOVEMENTS}
    assert not paths["static"].moves
    assert paths["static"].start == Box(0, 0, 1, 1)
    assert paths["push_in"].end.width < paths["push_in"].start.width
    assert paths["pull_out"].end.width > paths["pull_out"].start.width
    pan, tilt, track = paths["pan"], paths["tilt"], paths["track"]
    assert pan.start.x != pan.end.x
    assert (pan.start.y, pan.start.width) == (pan.end.y, pan.end.width)
    assert tilt.start.y != tilt.end.y
    assert (tilt.start.x, tilt.start.width) == (tilt.end.x, tilt.end.width)
    assert track.start.x != track.end.x
    assert track.start.width > track.end.width


def test_a_push_goes_towards_those_who_are_seen() -> None:
    shot = {"cast": [{"box": [0.7, 0.1, 0.2, 0.5]}, {"box": [0.8, 0.1, 0.2, 0.5]}]}
    assert focus(shot) == (pytest.approx(0.85), pytest.approx(0.25))
    end = plan("push_in", (1920, 1080), (1080, 1920), focus(shot)).end
    assert end.x + end.width / 2 > 0.6


def test_a_wide_picture_is_panned_over_further_than_a_fitting_one() -> None:
    wide = plan("pan", (1920, 1080), (1080, 1920), seconds=6)
    fitting = plan("pan", (1080, 1920), (1080, 1920), seconds=6)

    def views(path: Path) -> float:
        return abs(path.end.x - path.start.x) / path.start.width

    assert views(wide) > views(fitting) * 2


def blob(width: int, height: int) -> Planes:
    """A soft bright spot: its centroid tells its place to a hundredth of a pixel."""
    across, down = np.arange(width) + 0.5, np.arange(height)[:, None] + 0.5
    far = ((across - width * 0.55) ** 2 + (down - height * 0.45) ** 2) / (2 * 9.0**2)
    luma = np.round(16 + 200 * np.exp(-far)).astype(np.uint8)
    grey = np.full((height // 2, width // 2), 128, np.uint8)
    return Planes(luma, grey, grey)


@pytest.mark.parametrize("movement", ["pan", "tilt", "push_in", "pull_out", "track"])
def test_movement_jitters_by_less_than_a_tenth_of_a_pixel(movement: str) -> None:
    film = (360, 640)
    picture = (460, 818)
    negative = Negative(blob(*picture))
    path = plan(movement, picture, film, (0.5, 0.45), seconds=3)
    seen, due = [], []
    for step in range(60):
        box = path.at(step / 59)
        pixels = (
            box.x * picture[0],
            box.y * picture[1],
            box.width * picture[0],
            box.height * picture[1],
        )
        light = negative.view(pixels, film).y.astype(float) - 16
        total = light.sum()
        seen.append(
            (
                (light.sum(0) * (np.arange(film[0]) + 0.5)).sum() / total,
                (light.sum(1) * (np.arange(film[1]) + 0.5)).sum() / total,
            )
        )
        due.append(
            (
                (0.55 - box.x) / box.width * film[0],
                (0.45 - box.y) / box.height * film[1],
            )
        )
    errors = np.array(seen) - np.array(due)
    assert np.abs(errors).max() < 0.1
    assert np.diff(np.array(seen), 2, axis=0).std(axis=0).max() < 0.1
    assert np.diff(errors, axis=0).std(axis=0).max() < 0.05


def test_a_strip_is_cut_to_what_is_shown_and_moves_as_the_whole_would() -> None:
    film, strip = (90, 160), draw_picture((120, 1800), 3)
    path = plan("tilt", strip.size, film, (0.5, 0.3), 3)
    part, moved = stage._shown(strip, path)
    assert part.height < 500

    def views(picture: Image.Image, of: Path) -> list[np.ndarray]:
        plate = stage.MovingPlate(Negative(Planes.from_image(stage._scaled(picture, of, 90))), of)
        return [plate.view(at, film).y.astype(int) for at in (0.0, 0.37, 1.0)]

    for cut, whole in zip(views(part, moved), views(strip, path), strict=True):
        assert np.abs(cut - whole).mean() < 2
    assert stage._pixels(Image.new("L", (8, 4000)), plan("pan", (8, 4000), (1080, 1920)), 1080) > (
        stage._MOST_PIXELS
    )


def test_a_view_of_the_whole_picture_is_the_picture() -> None:
    dice = np.random.default_rng(1)
    planes = Planes(
        dice.integers(0, 255, (96, 64), np.uint8),
        dice.integers(0, 255, (48, 32), np.uint8),
        dice.integers(0, 255, (48, 32), np.uint8),
    )
    view = Negative(planes).view((0.0, 0.0, 64.0, 96.0), (64, 96))
    for got, expected in zip((view.y, view.u, view.v), (planes.y, planes.u, planes.v), strict=True):
        np.testing.assert_array_equal(got, expected)


def test_blending_goes_from_one_picture_to_the_other() -> None:
    dark = Planes(*(np.full(shape, 20, np.uint8) for shape in ((8, 8), (4, 4), (4, 4))))
    light = Planes(*(np.full(shape, 220, np.uint8) for shape in ((8, 8), (4, 4), (4, 4))))
    levels = [int(dark.blend(light, part).y[0, 0]) for part in (0.0, 0.25, 0.5, 1.0)]
    assert levels == [20, 70, 120, 220]
