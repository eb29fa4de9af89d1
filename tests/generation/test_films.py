"""Films made again: settings, price, cap, cancelling, resuming, what is missing named first."""

from __future__ import annotations

import contextlib
import json
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import av
import pyJianYingDraft as jianying
import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import AuditEntry, Job
from engines.models import PaidCall, Price
from generation.exports import draft_archive
from generation.models import Film, FilmJob, FilmSettings, Run
from generation.services import film_jobs, filming
from generation.services.film_jobs import (
    film_cancel,
    film_execute,
    film_quote,
    film_resume,
    film_settings_save,
    film_start,
)
from generation.services.filming import Wish, board_of_run, run_folder, wish_of
from generation.services.run_work import run_execute
from generation.services.runs import run_start
from generation.services.voicing import samples_say, voice_sample
from tests.conftest import Person
from tests.engines.speech_server import SpeechServer, speech_server
from tests.factories.generation import NovelFactory, finished_run
from tests.film.samples import write_tone

pytestmark = pytest.mark.django_db(transaction=True)
TONES = {"tones": {"kind": "rehearsal", "free": True, "title": "Tones"}}


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path) -> None:
    sizes = {"vertical": (216, 384), "horizontal": (384, 216), "square": (216, 216)}
    monkeypatch.setattr(filming, "SIZES", sizes)
    settings.SPEECH_ENGINES, settings.SPEECH_VOICES = TONES, str(tmp_path / "voices")
    settings.MEDIA_ROOT = tmp_path / "media"


@pytest.fixture
def run(alice: Person) -> Run:
    row = finished_run(NovelFactory(creator=alice.creator))
    path = run_folder(row) / "storyboard.json"
    board = json.loads(path.read_text("utf-8"))
    text = row.novel.text
    line = text.index("“"), text.index("”") + 1
    board["shots"][0]["lines"] = [{"speaker": "c1", "start": line[0], "end": line[1]}]
    path.write_text(json.dumps(board, ensure_ascii=False), "utf-8")
    return row


def wish(**fields: Any) -> Wish:
    given = {"shape": "vertical", "cards": False, "speech_engine": "tones", "voices": {}, **fields}
    return Wish(**given)


def made(run: Run, told: Wish, form: str = "form") -> tuple[FilmJob, str]:
    film_settings_save(novel=run.novel, wish=told)
    job, _new = film_start(run=run, token=form)
    return job, film_execute(job.pk)


@contextlib.contextmanager
def refused(code: str, names: str = "") -> Iterator[None]:
    """The error has this code, and its message names the place, in whatever language."""
    with pytest.raises(DomainError) as caught:
        yield
    assert caught.value.code == code
    assert names in str(caught.value)


def seconds(film: Film) -> dict[str, float]:
    with av.open(film.file.path) as container:
        return {
            stream.type: float((stream.duration or 0) * (stream.time_base or 0))
            for stream in container.streams
        }


def test_a_film_is_made_again_with_voice_music_and_another_shape(run: Run, tmp_path: Path) -> None:
    music = SimpleUploadedFile("雪.wav", write_tone(tmp_path / "m.wav", 2.0).read_bytes())
    old = Path(run.film.file.path)
    film_settings_save(novel=run.novel, wish=wish(shape="square"), music=music)
    job, new = film_start(run=run, token="form")
    again, not_new = film_start(run=run, token="form")
    assert (new, not_new, again) == (True, False, job)
    assert film_execute(job.pk) == Job.State.DONE
    assert film_execute(job.pk) == "not_waiting"

    film = Film.objects.get(run=run)
    assert (film.width, film.height, film.voice) == (216, 216, "tones")
    length = seconds(film)
    assert length["video"] == pytest.approx(film.duration_ms / 1000, abs=0.04)
    assert length["audio"] == pytest.approx(length["video"], abs=0.06)
    # 33 syllables of 0.18 s and their pauses, not the 3 s that the storyboard reckons
    assert film.duration_ms > 8000
    assert not old.exists()
    settings_row = FilmSettings.objects.get(novel=run.novel)
    assert settings_row.music_name == "雪.wav"
    actions = set(AuditEntry.objects.values_list("action", flat=True))
    assert {"film.settings", "film.started"} <= actions


def test_a_settled_voice_stays_with_its_character_over_runs(run: Run) -> None:
    film_settings_save(novel=run.novel, wish=wish(voices={"": "high", "沈砚": "boy"}))
    later = finished_run(run.novel, token="later")
    assert wish_of(later).voices == {"": "high", "沈砚": "boy"}
    film_settings_save(novel=run.novel, wish=wish(voices={"": "low"}))
    assert wish_of(later).voices == {"": "low", "沈砚": "boy"}


def test_only_the_changed_part_is_said_again(run: Run) -> None:
    made(run, wish())
    told = wish(lexicon="沈砚 = 沈燕")
    quote = film_quote(run=run, wish=told)
    assert quote.voice is not None
    assert (quote.voice.kept, quote.voice.cost_micro) == (2, 0)
    assert 0 < quote.voice.characters < len(run.novel.text)


@pytest.mark.parametrize(
    ("break_it", "code", "names"),
    [
        (lambda run: (run_folder(run) / "frames/00000.png").unlink(), "frame_missing", "1"),
        (
            lambda run: (run_folder(run) / "frames/00000.png").write_bytes(b"no picture"),
            "frame_unreadable",
            "1",
        ),
        (
            lambda run: FilmSettings.objects.update(music="music/gone.mp3"),
            "music_missing",
            "",
        ),
        (
            lambda run: FilmSettings.objects.update(voices={"tones": {"沈砚": "gone"}}),
            "no_voice",
            "沈砚",
        ),
        (lambda run: FilmSettings.objects.update(speech_engine="gone"), "no_voice", "gone"),
        (lambda run: FilmSettings.objects.update(lexicon="单于"), "lexicon", "1"),
    ],
)
def test_what_is_missing_is_named_before_the_job_is_written(
    run: Run, break_it: Any, code: str, names: str
) -> None:
    film_settings_save(novel=run.novel, wish=wish())
    break_it(run)
    with refused(code, names):
        film_start(run=run, token="form")
    assert not FilmJob.objects.exists()


def test_a_missing_font_is_named_before_the_job_is_written(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.film.fonts.FONT_FILE", "gone.ttc")
    film_settings_save(novel=run.novel, wish=wish())
    with refused("font_missing", "gone.ttc"):
        film_start(run=run, token="form")


def test_music_that_is_no_sound_is_refused_and_not_kept(run: Run) -> None:
    file = SimpleUploadedFile("m.mp3", b"no sound at all")
    with refused("music_unreadable"):
        film_settings_save(novel=run.novel, wish=wish(), music=file)
    assert not FilmSettings.objects.exists()
    assert not list(Path(run_folder(run).parents[1] / "music").glob("*"))


def test_one_film_of_a_run_is_made_at_a_time(run: Run) -> None:
    film_settings_save(novel=run.novel, wish=wish())
    film_start(run=run, token="one")
    with refused("at_work"):
        film_start(run=run, token="two")


def test_a_waiting_film_is_cancelled_at_once_and_resumed(run: Run) -> None:
    film_settings_save(novel=run.novel, wish=wish())
    job, _new = film_start(run=run, token="one")
    assert film_cancel(job=job)
    assert film_execute(job.pk) == "not_waiting"
    assert film_resume(job=job)
    assert film_execute(job.pk) == Job.State.DONE
    assert not film_resume(job=job)


def test_a_film_at_work_stops_at_its_next_sign_of_life_and_goes_on_from_there(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    film_settings_save(novel=run.novel, wish=wish())
    job, _new = film_start(run=run, token="one")
    progress = film_jobs.job_progress

    def stopped(row: FilmJob, *, done: int, total: int) -> None:
        if done >= 60:
            film_cancel(job=row)
        progress(row, done=done, total=total)

    monkeypatch.setattr(film_jobs, "job_progress", stopped)
    assert film_execute(job.pk) == Job.State.CANCELLED
    assert Film.objects.get(run=run).sha256 == "0" * 64
    monkeypatch.setattr(film_jobs, "job_progress", progress)
    film_resume(job=job)
    assert film_execute(job.pk) == Job.State.DONE


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with speech_server() as running:
        yield running


def test_a_voice_that_costs_is_quoted_capped_and_paid_once(
    run: Run, server: SpeechServer, settings: Any
) -> None:
    settings.SPEECH_ENGINES = {"paid": {"base_url": server.url, "model": "tts"}}
    told = wish(speech_engine="paid")
    with refused("no_price", "paid"):
        film_quote(run=run, wish=told)
    Price.objects.create(
        engine="paid", input_micro=100_000_000, cached_micro=0, output_micro=0,
        valid_from=timezone.now(),
    )  # fmt: skip
    quote = film_quote(run=run, wish=told)
    assert quote.voice is not None
    assert quote.cost_micro == quote.voice.characters * 100 > 0
    film_settings_save(novel=run.novel, wish=told)
    with refused("over_cap"):
        film_start(run=run, token="cheap", cap_micro=quote.cost_micro - 1)
    assert server.bills == 0

    job, _new = film_start(run=run, token="form", cap_micro=quote.cost_micro)
    assert film_execute(job.pk) == Job.State.DONE
    paid = sum(PaidCall.objects.values_list("cost_micro", flat=True))
    assert (paid, server.bills) == (quote.cost_micro, PaidCall.objects.count())
    assert film_quote(run=run, wish=told).cost_micro == 0


def test_a_voice_in_doubt_fails_the_film_with_its_reason_and_is_not_bought_again(
    run: Run, server: SpeechServer, settings: Any
) -> None:
    settings.SPEECH_ENGINES = {"paid": {"base_url": server.url, "model": "tts"}}
    Price.objects.create(
        engine="paid", input_micro=1, cached_micro=0, output_micro=0, valid_from=timezone.now()
    )
    server.plan = ["rubbish"]
    job, state = made(run, wish(speech_engine="paid"))
    job.refresh_from_db()
    assert (state, job.error_code) == (Job.State.FAILED, "rubbish")
    film_resume(job=job)
    assert film_execute(job.pk) == Job.State.FAILED
    assert server.bills == 1


def test_a_runs_own_film_never_buys_a_voice(
    alice: Person, server: SpeechServer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings.SPEECH_ENGINES = {"paid": {"base_url": server.url, "model": "tts"}}
    novel = NovelFactory(creator=alice.creator)
    film_settings_save(novel=novel, wish=wish(speech_engine="paid"))
    run, _new = run_start(novel=novel, token="form")
    assert run_execute(run.pk) == Run.State.DONE
    assert Film.objects.get(run=run).voice == ""
    assert server.bills == 0


def test_a_runs_own_film_has_the_voice_that_costs_nothing(alice: Person) -> None:
    run, _new = run_start(novel=NovelFactory(creator=alice.creator), token="form")
    assert run_execute(run.pk) == Run.State.DONE
    film = Film.objects.get(run=run)
    assert film.voice == "tones"
    assert film.duration_ms > 6000


def test_the_draft_has_the_films_voice_and_music_and_opens_after_unzipping(
    run: Run, tmp_path: Path
) -> None:
    music = SimpleUploadedFile("m.wav", write_tone(tmp_path / "m.wav", 2.0).read_bytes())
    film_settings_save(novel=run.novel, wish=wish(), music=music)
    job, _new = film_start(run=run, token="form")
    film_execute(job.pk)
    with zipfile.ZipFile(draft_archive(run)) as archive:
        archive.extractall(tmp_path / "drafts")
    script = jianying.DraftFolder(str(tmp_path / "drafts")).load_template(f"pingju-{run.pk}")
    names = {track.name for track in script.imported_tracks}
    assert names == {"画面", "字幕", "AI 标识", "配音", "音乐"}
    folder = tmp_path / "drafts" / f"pingju-{run.pk}"
    meta = json.loads((folder / "draft_meta_info.json").read_text("utf-8"))
    listed = [item["file_Path"] for item in meta["draft_materials"][0]["value"]]
    assert listed
    assert all((folder / path).is_file() for path in listed)
    assert abs(script.duration / 1000 - Film.objects.get(run=run).duration_ms) < 1


def test_what_no_film_needs_any_more_is_let_go(run: Run) -> None:
    for number, captions in enumerate(("stroke", "box", "karaoke")):
        made(run, wish(captions=captions), str(number))
    names = {path.name for path in (run_folder(run) / "segments").iterdir()}
    # the present film's and the one before; each has one shot and the credits
    assert len(names) == 4


def test_samples_are_said_once_for_the_house() -> None:
    assert voice_sample("tones", "low", "zh") is None
    assert samples_say("tones", "zh-Hans") == 4
    assert samples_say("tones", "zh-Hant") == 0
    path = voice_sample("tones", "low", "zh")
    assert path is not None
    assert path.read_bytes().startswith(b"RIFF")


def test_the_page_shows_voices_quote_and_progress(run: Run, alice: Person) -> None:
    alice.client.force_login(alice.user)
    address = reverse("portal:film_settings", args=[run.pk])
    page = alice.client.get(address).content.decode()
    assert "沈砚" in page
    assert 'name="voice-1"' in page

    sent = {"token": "t1", "shape": "square", "captions": "karaoke", "speech_engine": "tones",
            "speed": "1.2", "voice-0": "high", "voice-1": "boy", "lexicon": "沈砚=沈燕"}  # fmt: skip
    quote = alice.client.post(address, {**sent, "quote": "1"}, headers={"HX-Request": "true"})
    assert quote.status_code == 200
    assert not FilmJob.objects.exists()
    assert alice.client.post(address, sent).status_code == 302
    job = FilmJob.objects.get()
    assert job.wish["voices"] == {"": "high", "沈砚": "boy"}
    assert job.wish["speed"] == 1.2
    shown = alice.client.get(
        reverse("portal:film_progress", args=[job.pk]), headers={"HX-Request": "true"}
    )
    assert "0%" in shown.content.decode()
    assert film_execute(job.pk) == Job.State.DONE
    bad = alice.client.post(address, {**sent, "token": "t2", "lexicon": "单于"})
    assert bad.status_code == 422
    assert board_of_run(run)["shots"]


def test_a_chapters_heading_is_said_with_its_card_and_kept_for_the_draft(
    run: Run, tmp_path: Path
) -> None:
    path = run_folder(run) / "storyboard.json"
    board = json.loads(path.read_text("utf-8"))
    board["chapters"][0]["title"] = "第九章 雪停"
    path.write_text(json.dumps(board, ensure_ascii=False), "utf-8")
    assert made(run, wish(cards=True))[1] == "done"
    notes = json.loads((run_folder(run) / "film.json").read_text("utf-8"))
    assert list(notes["headings"]) == ["0"]
    assert (run_folder(run) / notes["headings"]["0"]["file"]).is_file()
    told, voices = filming.made_with(run)
    assert told.cards
    assert set(voices.headings) == {0}
    with zipfile.ZipFile(draft_archive(run)) as draft:
        assert any("heading_0000" in name for name in draft.namelist())
    # Without cards there is no heading, on the screen or in the sound.
    assert made(run, wish(cards=False), "again")[1] == "done"
    assert json.loads((run_folder(run) / "film.json").read_text("utf-8"))["headings"] == {}
