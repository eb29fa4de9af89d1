"""Whatever was made of a novel goes with it: the media folder is walked before and after."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest
from django.apps import apps
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import SimpleUploadedFile

from crm.models import Consent, DataExport
from crm.services.own_data import export_ask, export_execute
from engines.models import Budget, PaidCall, Price
from engines.scopes import folder_of, scope_of, scoped
from engines.services import forgetting
from generation.exports import draft_archive, thumbnail
from generation.models import (
    Arm,
    Case,
    CaseSet,
    Evaluation,
    Film,
    FilmJob,
    Frame,
    FrameJob,
    Novel,
    Run,
    TemplateVersion,
    Trial,
)
from generation.services import filming, frame_jobs, own_data, run_work
from generation.services.files import files_sweep
from generation.services.film_jobs import film_execute, film_settings_save, film_start
from generation.services.filming import Wish
from generation.services.frame_jobs import frames_execute
from generation.services.own_data import novel_delete, novel_purge, novels_to_purge
from generation.services.run_work import run_execute
from generation.services.runs import run_start
from generation.services.studio import frames_redo
from generation.services.voicing import samples_say
from tests.conftest import Person
from tests.engines.speech_server import SpeechServer, speech_server
from tests.factories.generation import NovelFactory, finished_run
from tests.film.samples import write_tone

pytestmark = pytest.mark.django_db(transaction=True)
TEXT = "第一章 山门\n沈砚站在山门前。“你怎么才回来？”苏青问。\n"


@pytest.fixture
def server() -> Iterator[SpeechServer]:
    with speech_server() as running:
        yield running


@pytest.fixture(autouse=True)
def house(
    monkeypatch: pytest.MonkeyPatch, settings: Any, tmp_path: Path, server: SpeechServer
) -> None:
    """Small films; a voice and an engine for pictures that cost."""
    monkeypatch.setattr(filming, "SIZES", dict.fromkeys(filming.SIZES, (108, 192)))
    for module in (run_work, frame_jobs):
        monkeypatch.setattr(module, "FRAME_SIZES", {True: (108, 192)})
    settings.MEDIA_ROOT = tmp_path / "media"
    settings.SPEECH_VOICES = str(tmp_path / "voices")
    settings.SPEECH_ENGINES = {
        "paid": {"base_url": server.url, "model": "tts"},
        "tones": {"kind": "rehearsal", "free": True},
    }
    settings.IMAGE_ENGINES = {"home": {"kind": "rehearsal"}}
    for name in ("paid", "home"):
        Price.objects.create(
            engine=name, input_micro=1_000_000, cached_micro=0, output_micro=0, picture_micro=10
        )


def walked(root: Path) -> set[str]:
    return {path.relative_to(root).as_posix() for path in root.rglob("*") if path.is_file()}


def everything_made_of(novel: Novel, tmp_path: Path, form: str = "a") -> Run:
    """A run, pictures bought, a film with a bought voice and music, and what pages make of them."""
    run, _new = run_start(novel=novel, token=form)
    assert run_execute(run.pk) == "done"
    job, _made = frames_redo(run=run, token=form, shots=[0], engine="home")
    assert frames_execute(job.pk) == "done"
    for number in range(2):  # music that is replaced, a film that is made again
        music = SimpleUploadedFile(
            "雪.wav", write_tone(tmp_path / "m.wav", 1.0 + number).read_bytes()
        )
        wish = Wish("vertical", cards=False, speech_engine="paid")
        film_settings_save(novel=novel, wish=wish, music=music)
        film, _fresh = film_start(run=run, token=f"{form}{number}")
        assert film_execute(film.pk) == "done"
    row = Film.objects.get(run=run)
    thumbnail(Path(row.poster.path), 160)
    thumbnail(Path(Frame.objects.filter(shot__run=run).first().file.path), 160)
    draft_archive(run)
    _trial_of(novel)
    return run


def _trial_of(novel: Novel) -> None:
    consent = Consent.objects.create(creator=novel.creator, purpose="evaluation", channel="staff")
    cases = CaseSet.objects.create(
        key=f"s{novel.pk}", kind="shot", title="自家", language="zh-Hans"
    )
    case = Case.objects.create(
        case_set=cases, index=0, story="n", novel=novel, consent=consent, digest="d", content={}
    )
    row = Evaluation.objects.create(title="一", case_set=cases, token=f"t{novel.pk}", state="done")
    arm = Arm.objects.create(
        evaluation=row, version=TemplateVersion.objects.first(), engine="home", position=0
    )
    trial = Trial(evaluation=row, arm=arm, case=case, seed=1, state="done", key="k")
    trial.picture.save(f"{folder_of(case.scope)}/trials/k.png", ContentFile(b"png"), save=False)
    trial.save()


def test_no_file_and_no_answer_outlives_its_novel(
    alice: Person, charlie: Person, settings: Any, tmp_path: Path, server: SpeechServer
) -> None:
    media = Path(settings.MEDIA_ROOT)
    other = NovelFactory(creator=charlie.creator, text=TEXT)
    everything_made_of(other, tmp_path)
    samples_say("tones", "zh-Hans")
    before, told = walked(media), list(PaidCall.objects.values("pk", "answer").order_by("pk"))
    bills = server.bills

    novel = NovelFactory(creator=alice.creator, text=TEXT)
    everything_made_of(novel, tmp_path)
    export_ask(creator=alice.creator)
    assert export_execute(DataExport.objects.get().pk) == "done"
    made = walked(media) - before
    # The very same words of two creators are two calls: neither learns of the other.
    assert server.bills == 2 * bills
    places = {path.split("/")[0] for path in made} | {
        path.split("/")[2] for path in made if path.startswith(folder_of(novel.scope))
    }
    assert places == {"runs", "kept", "own", "speech", "pictures", "music"}
    assert any(path.endswith(".webp") and "poster" in path for path in made)

    novel_delete(novel=novel)
    assert novel_purge(novel.pk) > 0

    assert walked(media) == before
    assert not PaidCall.objects.filter(scope=novel.scope).exclude(answer=None).exists()
    living = PaidCall.objects.exclude(scope=novel.scope).values("pk", "answer").order_by("pk")
    assert list(living) == told
    # What the other has bought is still his: made again, nothing is paid.
    film, _new = film_start(run=Run.objects.get(novel=other), token="again")
    assert film_execute(film.pk) == "done"
    assert server.bills == 2 * bills


def test_the_walk_would_see_what_is_forgotten(
    alice: Person, settings: Any, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The control: without the step that forgets a scope, files and answers are left, and the
    sweeper is the second line."""
    media = Path(settings.MEDIA_ROOT)
    novel = NovelFactory(creator=alice.creator, text=TEXT)
    everything_made_of(novel, tmp_path)
    monkeypatch.setattr(own_data, "scope_forget", lambda _scope: 0)
    novel_delete(novel=novel)
    novel_purge(novel.pk)

    left = walked(media)
    assert {path.split("/")[2] for path in left} == {"speech", "pictures"}
    assert PaidCall.objects.filter(scope=novel.scope).exclude(answer=None).exists()

    assert files_sweep() == []  # touched within the day
    assert files_sweep(untouched=-1) == [folder_of(novel.scope)]
    assert walked(media) == set()


def test_a_leaving_creator_leaves_no_file(alice: Person, settings: Any) -> None:
    novel = finished_run(NovelFactory(creator=alice.creator)).novel
    _aged(Path(settings.MEDIA_ROOT) / folder_of(novel.scope) / "music/music.mp3")
    own_data.end(alice.creator)
    for pk in novels_to_purge():
        novel_purge(pk)
    assert walked(Path(settings.MEDIA_ROOT)) == set()


@pytest.mark.parametrize("model", [FrameJob, FilmJob])
def test_a_novel_waits_for_its_jobs_that_may_still_write(alice: Person, model: Any) -> None:
    run = finished_run(NovelFactory(creator=alice.creator))
    job = model.objects.create(run=run, token="x", state="running")
    idle = model.objects.create(run=run, token="y", state="cancelled")
    novel_delete(novel=run.novel)
    job.refresh_from_db()
    idle.refresh_from_db()
    assert (job.cancel_requested, idle.state) == (True, "cancelled")
    assert (novels_to_purge(), novel_purge(run.novel_id)) == ([], 0)
    model.objects.filter(pk=job.pk).update(state="cancelled")
    assert novels_to_purge() == [run.novel_id]


def test_waiting_jobs_of_a_deleted_novel_never_begin(alice: Person) -> None:
    run = finished_run(NovelFactory(creator=alice.creator))
    film = FilmJob.objects.create(run=run, token="x", wish={"shape": "vertical"})
    frames = FrameJob.objects.create(run=run, token="x", shots=[0])
    novel_delete(novel=run.novel)
    assert (film_execute(film.pk), frames_execute(frames.pk)) == ("not_waiting", "not_waiting")


def _aged(path: Path, data: bytes = b"x") -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(data)
    long_ago = time.time() - 3 * 86_400
    for at in (path, path.parent):
        os.utime(at, (long_ago, long_ago))
    return path


def test_the_sweeper_takes_what_has_no_owner_and_nothing_else(alice: Person, settings: Any) -> None:
    root = Path(settings.MEDIA_ROOT)
    run = finished_run(NovelFactory(creator=alice.creator))
    Film.objects.filter(run=run).update(poster="films/9-aa.jpg")
    kept = [
        _aged(root / f"runs/{run.pk}/frames/old.png"),
        _aged(root / folder_of(run.novel.scope) / "speech/ab/ab.wav"),
        _aged(root / "kept/house/speech/ab/ab.wav"),
        _aged(root / "kept/lost+found/note.txt"),
        _aged(root / "films/9-aa.jpg"),
        _aged(root / "films/9-aa.320.webp"),
        _aged(root / "recordings/1/x.wav"),
    ]
    gone = [
        _aged(root / "runs/999999/film.mp4"),
        _aged(root / "kept/novel-999999/speech/ab/ab.wav"),
        _aged(root / "kept/cases-999999/trials/ab.png"),
        _aged(root / "films/9-bb.320.webp"),
        _aged(root / "music/novel-3.mp3"),
        _aged(root / "paid/ab/ab.png"),
    ]
    fresh = _aged(root / "runs/888888/film.mp4")
    os.utime(fresh)

    swept = files_sweep()

    assert [path for path in kept if not path.exists()] == []
    assert [path for path in gone if path.exists()] == []
    assert fresh.exists()
    assert len(swept) == len(gone)


def test_scopes_name_folders_and_keys_apart() -> None:
    assert scoped("k", "") == "k"
    assert len({scoped("k", scope) for scope in ("", "novel:1", "novel:2", "cases:1")}) == 4
    assert [scope_of(Path(folder_of(scope)).name) for scope in ("", "novel:1")] == ["", "novel:1"]
    assert scope_of("lost+found") is None
    for bad in ("novel:../1", "novel", "../x:1", "novel:1/x"):
        with pytest.raises(ValueError, match="no scope"):
            folder_of(bad)
    with pytest.raises(ValueError, match="house"):
        forgetting.scope_forget("")


def test_what_was_bought_before_scopes_is_found_again_and_not_paid_twice(
    alice: Person, settings: Any, tmp_path: Path, server: SpeechServer
) -> None:
    """The migration: rows and files as they were before, then as they are now."""
    novel = NovelFactory(creator=alice.creator, text=TEXT)
    run = everything_made_of(novel, tmp_path)
    bills, root = server.bills, Path(settings.MEDIA_ROOT)
    frame = Frame.objects.exclude(receipt="").get(shot__run=run)
    before = _as_it_was(root)
    lost = Budget.objects.create(key="film:999999", cap_micro=1)
    orphan = PaidCall.objects.create(
        key="o" * 64, purpose="film", engine="e", budget=lost, state="settled", answer={"a": "雪"}
    )

    fill: Callable[..., None] = import_module("generation.migrations.0020_film_scopes_fill").fill
    fill(apps, None)

    orphan.refresh_from_db()
    frame.refresh_from_db()
    assert orphan.answer is None
    assert PaidCall.objects.filter(key=frame.receipt, scope=novel.scope).exists()
    assert {path for path in walked(root) if path.startswith(("speech/", "paid/"))} == set()
    assert len(before) > 1
    film, _new = film_start(run=run, token="again")
    assert film_execute(film.pk) == "done"
    again, _made = frames_redo(run=run, token="again", shots=[0], engine="home")
    assert frames_execute(again.pk) == "done"
    again.refresh_from_db()
    assert (server.bills, again.cost_micro) == (bills, 0)


def _as_it_was(root: Path) -> list[str]:
    """Unscoped keys, files in speech/ and paid/."""
    keys = []
    for number, call in enumerate(PaidCall.objects.exclude(scope="")):
        key = _content_key(call, number)
        told = dict(call.answer)
        file = root / told.pop("file")
        if file.suffix == ".wav":
            old, told["sound"] = root / f"speech/{key[:2]}/{key}.wav", key
        else:
            old = root / f"paid/{key[:2]}/{key}.png"
            told["file"] = old.relative_to(root).as_posix()
        old.parent.mkdir(parents=True, exist_ok=True)
        file.replace(old)
        Frame.objects.filter(receipt=call.key).update(receipt=key)
        PaidCall.objects.filter(pk=call.pk).update(key=key, scope="", answer=told)
        keys.append(key)
    return keys


_CONTENT: dict[str, str] = {}


def _content_key(call: PaidCall, number: int) -> str:
    return _CONTENT.get(call.key, f"{number:064x}")


@pytest.fixture(autouse=True)
def content_keys(monkeypatch: pytest.MonkeyPatch) -> None:
    """Note which key of the content alone each scoped key was made of."""
    from engines.services import pictures, speaking

    def noted(key: str, scope: str) -> str:
        made = scoped(key, scope)
        _CONTENT[made] = key
        return made

    for module in (pictures, speaking):
        monkeypatch.setattr(module, "scoped", noted)
