"""A film says what has changed since it was made, and is made again with one click."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from django.urls import reverse

from generation.film_changes import film_changes
from generation.models import Film, FilmJob, Frame, Run, Shot
from generation.services import filming
from generation.services.film_jobs import film_execute, film_settings_save, film_start
from generation.services.filming import Wish, run_folder
from generation.services.frame_versions import board_follow, frame_choose
from generation.services.studio import Edit, shot_edit
from tests.conftest import Person
from tests.factories.generation import NovelFactory, finished_run
from tests.film.samples import draw_picture

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def run(alice: Person, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Run:
    monkeypatch.setattr(filming, "SIZES", dict.fromkeys(filming.SIZES, (108, 192)))
    settings.SPEECH_ENGINES = {"tones": {"kind": "rehearsal", "free": True, "title": "Tones"}}
    settings.SPEECH_VOICES, settings.MEDIA_ROOT = str(tmp_path / "voices"), tmp_path / "media"
    row = finished_run(NovelFactory(creator=alice.creator))
    film_settings_save(novel=row.novel, wish=wish())
    job, _new = film_start(run=row, token="first")
    assert film_execute(job.pk) == "done"
    return Run.objects.get(pk=row.pk)


def wish(**fields: Any) -> Wish:
    return Wish(**{"shape": "vertical", "cards": False, "speech_engine": "tones", **fields})


def told(run: Run) -> tuple[tuple[int, ...], list[str]]:
    found = film_changes(Film.objects.get(run=run))
    return found.shots, [str(word) for word in found.settings]


def another_picture(run: Run) -> Frame:
    shot = run.shots.get()
    path = run_folder(run) / "frames/other.png"
    draw_picture((108, 192), 5).save(path)
    return Frame.objects.create(
        shot=shot, version=2, current=False, engine="sketch", seed=1, width=108, height=192,
        file=f"runs/{run.pk}/frames/other.png",
    )  # fmt: skip


def test_a_film_that_was_just_made_is_up_to_date(run: Run) -> None:
    assert told(run) == ((), [])


def test_another_picture_in_use_is_a_changed_shot_until_the_film_is_made_again(run: Run) -> None:
    frame_choose(frame=another_picture(run))
    assert told(run) == ((1,), [])
    frame_choose(frame=Frame.objects.get(version=1))
    assert told(run) == ((), [])
    frame_choose(frame=Frame.objects.get(version=2))
    job, _new = film_start(run=run, token="again")
    assert film_execute(job.pk) == "done"
    assert told(run) == ((), [])


def test_words_that_were_rewritten_are_a_changed_shot(run: Run) -> None:
    shot = run.shots.select_related("scene", "run__novel").get()
    cast = [{**person, "pose": "stand"} for person in shot.cast]
    edit = Edit(
        framing=shot.framing, movement=shot.movement, action=shot.action,
        narration="雪停了。", cast=cast,
    )  # fmt: skip
    assert "narration" in shot_edit(shot=shot, edit=edit)
    assert told(run) == ((1,), [])
    board_follow(run, [0], texts=True)
    job, _new = film_start(run=run, token="again")
    assert film_execute(job.pk) == "done"
    assert told(run) == ((), [])


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"captions": "box"}, ["字幕"]),
        ({"shape": "square", "cards": True}, ["画面比例", "片头与章节卡"]),
        ({"speed": 1.2}, ["语速"]),
        ({"lexicon": "雪=血"}, ["读音词表"]),
        ({"voices": {"": "high"}}, ["旁白的声音"]),
        ({"speech_engine": ""}, ["配音引擎"]),
    ],
)
def test_changed_settings_are_named(run: Run, fields: dict[str, Any], words: list[str]) -> None:
    film_settings_save(novel=run.novel, wish=wish(**fields))
    assert told(run) == ((), words)


def test_the_voice_that_a_character_had_anyway_is_no_change(run: Run) -> None:
    voices = Film.objects.get(run=run).made_of["voices"]
    film_settings_save(novel=run.novel, wish=wish(voices=voices))
    assert told(run) == ((), [])


def test_a_film_of_before_says_nothing(run: Run) -> None:
    Film.objects.update(made_of={})
    Shot.objects.update(narration="别的")
    assert told(run) == ((), [])


def test_one_click_makes_it_again_and_two_clicks_make_one_film(run: Run, alice: Person) -> None:
    alice.client.force_login(alice.user)
    page = reverse("portal:film_settings", args=[run.pk])
    assert "已过时" not in alice.client.get(page).content.decode()
    frame_choose(frame=another_picture(run))
    for address in (page, reverse("portal:run", args=[run.pk])):
        shown = alice.client.get(address).content.decode()
        assert "已过时" in shown
        assert "1 个镜头改过" in shown
    token = film_changes(Film.objects.get(run=run)).token
    again = reverse("portal:film_again", args=[run.pk])
    for _ in range(2):
        assert alice.client.post(again, {"token": token}).status_code == 302
    job = FilmJob.objects.exclude(token="first").get()
    assert film_execute(job.pk) == "done"
    assert "已过时" not in alice.client.get(page).content.decode()
    notes = json.loads((run_folder(run) / "film.json").read_text("utf-8"))
    assert notes["wish"]["captions"] == "stroke"
