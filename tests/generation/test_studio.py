"""The studio: shots edited, pictures drawn again once each, versions chosen, locked and kept apart."""

import json
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import AuditEntry
from engines.models import Budget, PaidCall, Price
from generation.models import Frame, FrameJob, Novel, Run, Shot
from generation.selectors import current_frames
from generation.services import frame_jobs
from generation.services.drawing import said_in
from generation.services.filming import run_folder
from generation.services.frame_jobs import frames_execute, frames_sweep
from generation.services.frame_versions import frame_choose, frame_lock
from generation.services.run_work import run_execute
from generation.services.runs import run_start
from generation.services.studio import Edit, binding_for, frames_cancel, frames_redo, shot_edit
from tests.conftest import Person
from tests.engines.comfyui_server import ComfyUIServer
from tests.factories.generation import NovelFactory

TEXT = (
    "第一章 山门\n"
    "沈砚是个二十岁的青年，穿一身青色长袍，站在山门前。\n"
    "“你怎么才回来？”苏青问。她穿着红色襦裙，神情愤怒。\n"
    "沈砚笑道：“路上雪大。”\n"
    "苏青转身走进大殿，沈砚跟了上去。\n"
)


@pytest.fixture
def run(db: None, settings: object, tmp_path: Path) -> Run:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    novel = NovelFactory(text=TEXT)
    row, _ = run_start(novel=novel, token="a", with_film=False)
    assert run_execute(row.pk) == "done"
    return Run.objects.get(pk=row.pk)


def peopled(run: Run) -> Shot:
    return max(run.shots.select_related("scene", "run__novel"), key=lambda shot: len(shot.cast))


def edit_of(shot: Shot, **changes: object) -> Edit:
    told = {
        "framing": shot.framing, "movement": shot.movement, "action": shot.action,
        "narration": shot.narration, "cast": shot.cast, **changes,
    }  # fmt: skip
    return Edit(**told)  # type: ignore[arg-type]


def board(run: Run) -> dict:
    return json.loads((run_folder(run) / "storyboard.json").read_text("utf-8"))


def again(run: Run, token: str, **wanted: object) -> FrameJob:
    job, made = frames_redo(run=run, token=token, **wanted)  # type: ignore[arg-type]
    assert made
    frames_execute(job.pk)
    job.refresh_from_db()
    return job


def test_a_run_draws_every_shot_from_a_binding_and_reads_it_back(run: Run) -> None:
    frames = current_frames(run)
    assert set(frames) == set(run.shots.values_list("index", flat=True))
    for frame in frames.values():
        assert frame.policy == "people-place@1"
        assert frame.stamp
        checks = frame.checks
        assert checks["bound"] == checks["expected"] == checks["recognised"]
        assert checks["right"] == checks["attributes"]
        assert checks["integrity"] == 1.0


def test_an_edit_writes_the_prompt_anew_and_says_what_changed(run: Run) -> None:
    shot = peopled(run)
    before = shot.prompt["positive"]
    changed = shot_edit(shot=shot, edit=edit_of(shot, framing="close_up", action="苏青拔剑"))
    assert set(changed) == {"framing", "action", "prompt"}
    assert "近景特写" in shot.prompt["positive"]
    assert "苏青拔剑" in shot.prompt["positive"]
    assert shot.prompt["positive"] != before
    assert AuditEntry.objects.filter(action="shot.edited").count() == 1
    assert shot_edit(shot=shot, edit=edit_of(shot)) == []


def test_a_prompt_of_ones_own_that_drops_a_look_is_refused_by_name(run: Run) -> None:
    shot = peopled(run)
    bound = binding_for(shot)
    gone = bound.people[0]
    with pytest.raises(DomainError) as caught:
        shot_edit(shot=shot, edit=edit_of(shot, prompt=bound.prompt.replace(gone.block, "")))
    assert caught.value.code == "look_not_in_prompt"
    assert gone.name in str(caught.value)
    shot_edit(shot=shot, edit=edit_of(shot, prompt=f"{bound.prompt}；逆光"))
    assert binding_for(shot).prompt.endswith("逆光")


@pytest.mark.parametrize(
    "changes",
    [
        {"framing": "fisheye"},
        {"movement": "fly"},
        {"action": "字" * 401},
        {"cast": [{"id": "nobody", "box": [0, 0, 1, 1]}]},
        {"cast": [{"id": "?", "box": [0, 0, 1, 1], "pose": "swim"}]},
    ],
)
def test_what_cannot_be_drawn_is_refused_and_nothing_is_written(run: Run, changes: dict) -> None:
    shot = peopled(run)
    if changes.get("cast") and changes["cast"][0]["id"] == "?":
        changes["cast"][0]["id"] = shot.cast[0]["id"]
    before = (shot.framing, shot.action, shot.cast)
    with pytest.raises(DomainError):
        shot_edit(shot=shot, edit=edit_of(shot, **changes))
    shot.refresh_from_db()
    assert (shot.framing, shot.action, shot.cast) == before


@pytest.mark.django_db(transaction=True)
def test_a_redo_after_an_edit_is_a_version_beside_the_first_and_the_board_follows(run: Run) -> None:
    shot = peopled(run)
    shot_edit(shot=shot, edit=edit_of(shot, framing="close_up"))
    assert board(run)["shots"][shot.index]["framing"] == "close_up"

    job = again(run, "one", shots=[shot.index])

    assert (job.state, job.results) == ("done", {str(shot.index): "made"})
    first, second = Frame.objects.filter(shot=shot).order_by("version")
    assert (first.current, second.current, second.parent, second.job) == (False, True, first, job)
    assert first.stamp != second.stamp
    assert board(run)["shots"][shot.index]["frame"].endswith(f"b{job.pk}-0.png")

    assert frame_choose(frame=first)
    assert current_frames(run)[shot.index] == first
    assert board(run)["shots"][shot.index]["frame"] == f"frames/{shot.index:05d}.png"


def test_the_very_same_picture_is_no_new_version(run: Run) -> None:
    shot = peopled(run)
    job = again(run, "same", shots=[shot.index], new_seed=True)
    assert job.results == {str(shot.index): "same"}
    assert Frame.objects.filter(shot=shot).count() == 1


def test_another_engine_of_the_house_draws_a_version_to_compare(run: Run) -> None:
    shot = peopled(run)
    again(run, "line", shots=[shot.index], engine="sketch-line")
    engines = set(Frame.objects.filter(shot=shot).values_list("engine", flat=True))
    assert engines == {"sketch", "sketch-line"}


def test_a_locked_picture_is_neither_drawn_again_nor_replaced(run: Run) -> None:
    shot = peopled(run)
    frame = current_frames(run)[shot.index]
    other = again(run, "line", shots=[shot.index], engine="sketch-line").frames.get()
    assert frame_lock(frame=frame, locked=True)
    assert current_frames(run)[shot.index] == frame
    with pytest.raises(DomainError):
        frame_choose(frame=other)
    with pytest.raises(DomainError):
        frames_redo(run=run, token="x", shots=[shot.index])
    everything = list(run.shots.values_list("index", flat=True))
    job = again(run, "all", shots=everything, engine="sketch-line")
    assert job.results[str(shot.index)] == "locked"
    frame_lock(frame=frame, locked=False)
    assert frame_choose(frame=other)


def test_the_same_form_twice_is_one_batch(run: Run) -> None:
    first, made = frames_redo(run=run, token="t", shots=[0])
    second, again_made = frames_redo(run=run, token="t", shots=[0])
    assert (made, again_made, first) == (True, False, second)


def test_a_batch_that_waits_or_works_can_be_stopped_and_keeps_what_is_drawn(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    waiting, _ = frames_redo(run=run, token="w", shots=[0])
    assert frames_cancel(job=waiting)
    assert frames_execute(waiting.pk) == "not_waiting"

    job, _ = frames_redo(
        run=run, token="s", shots=list(range(run.shots.count())), engine="sketch-line"
    )
    drawn = frame_jobs.draw

    def draw_and_stop(*args: object, **kwargs: object) -> object:
        frames_cancel(job=job)
        return drawn(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(frame_jobs, "draw", draw_and_stop)
    assert frames_execute(job.pk) == "cancelled"
    assert job.frames.count() == 1


def test_a_worker_that_was_taken_for_dead_writes_nothing_more(
    run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    job, _ = frames_redo(
        run=run, token="s", shots=list(range(run.shots.count())), engine="sketch-line"
    )
    drawn = frame_jobs.draw

    def successor(*args: object, **kwargs: object) -> object:
        monkeypatch.setattr(frame_jobs, "draw", drawn)
        FrameJob.objects.filter(pk=job.pk).update(state="queued")
        assert frames_execute(job.pk) == "done"
        return drawn(*args, **kwargs)  # type: ignore[arg-type]

    monkeypatch.setattr(frame_jobs, "draw", successor)
    assert frames_execute(job.pk) == "lost"
    assert job.frames.count() == run.shots.count()
    assert FrameJob.objects.get(pk=job.pk).state == "done"


def test_what_lost_its_worker_is_put_back(run: Run) -> None:
    job, _ = frames_redo(run=run, token="s", shots=[0])
    FrameJob.objects.filter(pk=job.pk).update(
        state="running", heartbeat_at=timezone.now() - timedelta(hours=1), tries=1
    )
    assert frames_sweep() == [job.pk]


# -- an engine outside -----------------------------------------------------------------------------


@pytest.fixture
def server(settings: object) -> Iterator[ComfyUIServer]:
    with ComfyUIServer() as running:
        settings.IMAGE_ENGINES = {  # type: ignore[attr-defined]
            "home": {"kind": "comfyui", "base_url": running.url, "model": "sdxl", "timeout": 20}
        }
        yield running


def price(micro: int) -> None:
    Price.objects.create(
        engine="home", input_micro=0, cached_micro=0, output_micro=0, picture_micro=micro
    )


@pytest.mark.django_db(transaction=True)
def test_an_engine_outside_gets_regions_is_paid_once_and_its_picture_fits_the_film(
    run: Run, server: ComfyUIServer
) -> None:
    price(30_000)
    shot = peopled(run)
    job = again(run, "c", shots=[shot.index], engine="home", best_of=2)

    assert job.results == {str(shot.index): "made"}
    assert (job.cost_micro, job.currency) == (60_000, "CNY")
    frames = job.frames.order_by("throw")
    assert [frame.take for frame in frames] == [0, 1]
    assert len({frame.seed for frame in frames}) == 2
    assert all((frame.width, frame.height) == (1080, 1920) for frame in frames)
    assert frames[0].checks["bound"] == frames[0].checks["expected"] == len(shot.cast)
    graph = server.requests[0][1]["prompt"]
    areas = [n for n in graph.values() if n["class_type"] == "ConditioningSetArea"]
    assert len(areas) == len(shot.cast)
    assert Budget.objects.get(key=f"frames-{job.pk}").spent_micro == 60_000
    # The same wish again is the same picture, and costs nothing more.
    same = again(run, "d", shots=[shot.index], engine="home")
    assert (same.results, same.cost_micro) == ({str(shot.index): "same"}, 0)
    assert server.drawn == 2


@pytest.mark.django_db(transaction=True)
def test_a_cap_stops_the_batch_before_it_is_passed(run: Run, server: ComfyUIServer) -> None:
    price(30_000)
    shots = list(run.shots.values_list("index", flat=True))
    job = again(run, "c", shots=shots, engine="home", cap_micro=45_000)
    assert (job.state, job.error_code) == ("failed", "budget_spent")
    assert job.frames.count() == server.drawn == 1


@pytest.mark.django_db(transaction=True)
def test_a_batch_that_is_tried_again_asks_only_for_what_is_missing(
    run: Run, server: ComfyUIServer
) -> None:
    price(0)
    shots = list(run.shots.values_list("index", flat=True))
    job, _ = frames_redo(run=run, token="c", shots=shots, engine="home")
    server.fault = "error"
    frames_execute(job.pk)
    job.refresh_from_db()
    assert all("KSampler" in told for told in job.results.values())
    server.fault = ""
    FrameJob.objects.filter(pk=job.pk).update(state="queued", results={})
    frames_execute(job.pk)
    FrameJob.objects.filter(pk=job.pk).update(state="queued", results={})
    frames_execute(job.pk)
    assert job.frames.count() == server.drawn == len(shots)
    assert not PaidCall.objects.exclude(state="settled").exists()


def test_an_engine_without_a_price_is_refused_before_anything_is_written(
    run: Run, server: ComfyUIServer
) -> None:
    with pytest.raises(DomainError) as caught:
        frames_redo(run=run, token="c", shots=[0], engine="home")
    assert caught.value.code == "no_price"
    assert not FrameJob.objects.exists()


def test_a_sketch_with_balloons_says_what_is_spoken_and_the_looks_stay_readable(run: Run) -> None:
    shot = next(s for s in run.shots.order_by("index") if any(x["speaker"] for x in s.lines))
    said = said_in(shot)
    assert set(said) == {line["speaker"] for line in shot.lines if line["speaker"]}
    assert all(run.novel.text.count(words.split(" ")[0]) for words in said.values())
    job = again(run, "say", shots=[shot.index], engine="sketch-balloons")
    frame = job.frames.get()
    silent = Frame.objects.get(shot=shot, version=1)
    assert frame.sha256 != silent.sha256
    assert frame.checks["recognised"] == frame.checks["expected"]


def test_what_the_continuity_report_suggests_is_drawn_by_one_button(
    run: Run, alice: Person
) -> None:
    Novel.objects.update(creator=alice.as_creator)
    shots = list(run.shots.order_by("index"))
    shot_edit(shot=shots[0], edit=edit_of(shots[0], framing="close_up"))
    shot_edit(shot=shots[1], edit=edit_of(shots[1], framing="close_up"))
    frame_lock(frame=Frame.objects.get(shot=shots[1], current=True), locked=True)
    where = f"/studio/runs/{run.pk}/studio/"
    page = alice.client.get(where).content.decode()
    assert f'name="suggested" value="{shots[0].index}"' in page  # not the locked one
    sent = {"token": "s", "engine": "sketch", "suggested": str(shots[0].index)}
    assert alice.client.post(f"{where}redo/", sent).status_code == 302
    assert FrameJob.objects.get(run=run).shots == [shots[0].index]
