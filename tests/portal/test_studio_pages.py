"""The studio as a creator meets it: grid, one shot, batches, and the files to take away."""

import csv
import io
import zipfile
from functools import partial
from pathlib import Path

import pytest
from django.test import Client
from django.urls import reverse
from PIL import Image
from pytest_django import DjangoAssertNumQueries

from generation.frames.reading import read_back
from generation.models import Frame, FrameJob, Run, Shot, StudioTask
from generation.picture_files import contact_sheet
from generation.services import studio_tasks
from generation.services.frame_jobs import frames_execute
from generation.services.run_work import run_execute
from generation.services.runs import run_start
from generation.services.studio_tasks import studio_task_execute
from tests.conftest import Person
from tests.factories.generation import NovelFactory
from tests.generation.test_studio import TEXT


@pytest.fixture
def run(alice: Person, settings: object, tmp_path: Path) -> Run:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    novel = NovelFactory(creator=alice.as_creator, text=TEXT, title="=山门")
    row, _ = run_start(novel=novel, token="a", with_film=False)
    assert run_execute(row.pk) == "done"
    return Run.objects.get(pk=row.pk)


def shot_of(run: Run) -> Shot:
    return max(run.shots.all(), key=lambda shot: len(shot.cast))


def form_of(shot: Shot, **changes: str) -> dict[str, str]:
    told = {
        "framing": shot.framing, "movement": shot.movement, "action": shot.action,
        "narration": shot.narration, "own": "no", "token": "t", "engine": "sketch", "best_of": "1",
    }  # fmt: skip
    for order, entry in enumerate(shot.cast):
        told[f"id-{order}"] = entry["id"]
        for name, number in zip(("x", "y", "width", "height"), entry["box"], strict=True):
            told[f"{name}-{order}"] = str(round(number * 100))
    return {**told, **changes}


def page(client: Client, name: str, pk: int, query: str = "") -> str:
    answer = client.get(reverse(f"portal:{name}", args=[pk]) + query)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_grid_shows_every_shot_by_scene_with_its_picture(alice: Person, run: Run) -> None:
    text = page(alice.client, "studio", run.pk)
    assert text.count('name="shot"') == run.shots.count()
    assert text.count("?w=320") == run.shots.count()
    assert "?show=locked" in text


def test_what_would_change_is_shown_with_a_sketch_and_nothing_is_written(
    alice: Person, run: Run
) -> None:
    shot = shot_of(run)
    sent = form_of(shot, do="look", framing="close_up", action="苏青拔剑")
    text = alice.client.post(reverse("portal:shot", args=[shot.pk]), sent).content.decode()
    assert "data:image/png;base64," in text
    assert "<ins>" in text
    assert Shot.objects.get(pk=shot.pk).framing == shot.framing


def test_a_place_that_was_dragged_is_saved_in_shares_of_the_frame(alice: Person, run: Run) -> None:
    shot = shot_of(run)
    sent = form_of(shot, **{"do": "save", "x-0": "62", "width-0": "30"})
    alice.client.post(reverse("portal:shot", args=[shot.pk]), sent)
    boxes = {entry["id"]: entry["box"] for entry in Shot.objects.get(pk=shot.pk).cast}
    assert boxes[shot.cast[0]["id"]][0] == pytest.approx(0.62)


def test_somebody_is_taken_out_and_somebody_is_added(alice: Person, run: Run) -> None:
    shot = shot_of(run)
    count = len(shot.cast)
    taken = form_of(shot, **{"do": "save", "gone-0": "1"})
    alice.client.post(reverse("portal:shot", args=[shot.pk]), taken)
    left = Shot.objects.get(pk=shot.pk)
    assert len(left.cast) == count - 1
    added = form_of(left, **{"do": "save", f"id-{len(left.cast)}": shot.cast[0]["id"]})
    alice.client.post(reverse("portal:shot", args=[shot.pk]), added)
    assert len(Shot.objects.get(pk=shot.pk).cast) == count


def test_what_cannot_be_is_said_on_the_page_and_the_rest_of_the_form_is_kept(
    alice: Person, run: Run
) -> None:
    shot = shot_of(run)
    sent = form_of(shot, **{"do": "save", "x-0": "far left", "action": "苏青拔剑"})
    answer = alice.client.post(reverse("portal:shot", args=[shot.pk]), sent)
    assert answer.status_code == 200
    assert Shot.objects.get(pk=shot.pk).action == shot.action


def test_save_and_draw_makes_a_batch_whose_page_shows_the_new_version(
    alice: Person, run: Run
) -> None:
    shot = shot_of(run)
    sent = form_of(shot, do="draw", framing="close_up")
    answer = alice.client.post(reverse("portal:shot", args=[shot.pk]), sent)
    job = FrameJob.objects.get()
    assert answer.headers["Location"] == reverse("portal:batch", args=[job.pk])
    assert "tag--queued" in page(alice.client, "batch", job.pk)
    frames_execute(job.pk)
    assert reverse("portal:shot", args=[shot.pk]) in page(alice.client, "batch", job.pk)
    text = page(alice.client, "shot", shot.pk)
    assert "v2" in text
    first = Frame.objects.get(shot=shot, version=1)
    alice.client.post(reverse("portal:frame_use", args=[first.pk]))
    alice.client.post(reverse("portal:frame_hold", args=[first.pk]), {"locked": "yes"})
    first.refresh_from_db()
    assert (first.current, first.locked) == (True, True)


def test_ticked_shots_or_a_whole_scene_are_drawn_again(alice: Person, run: Run) -> None:
    address = reverse("portal:studio_redo", args=[run.pk])
    base = {"engine": "sketch-line", "best_of": "1"}
    alice.client.post(address, {**base, "token": "one", "shot": ["0", "x"]})
    alice.client.post(address, {**base, "token": "two", "scene": "0"})
    few, whole = FrameJob.objects.order_by("pk")
    assert few.shots == [0]
    assert whole.shots == list(
        run.shots.filter(scene__index=0).order_by("index").values_list("index", flat=True)
    )
    assert alice.client.post(address, {**base, "token": "three"}).status_code == 302
    assert FrameJob.objects.count() == 2


def test_the_archive_has_every_picture_in_use_and_the_table(alice: Person, run: Run) -> None:
    answer = alice.client.get(reverse("portal:pictures_zip", args=[run.pk]))
    data = b"".join(answer.streaming_content)  # type: ignore[attr-defined]
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert archive.testzip() is None
        pictures = [name for name in archive.namelist() if name.endswith(".png")]
        assert len(pictures) == run.shots.count()
        assert Image.open(io.BytesIO(archive.read(pictures[0]))).size == (1080, 1920)
        assert "shots.csv" in archive.namelist()


def test_the_table_has_a_row_a_shot_and_no_formula(alice: Person, run: Run) -> None:
    shot = shot_of(run)
    Shot.objects.filter(pk=shot.pk).update(action='=HYPERLINK("http://x")')
    data = alice.client.get(reverse("portal:shots_csv", args=[run.pk])).content
    rows = list(csv.reader(io.StringIO(data.decode("utf-8-sig"))))
    assert len(rows) == run.shots.count() + 1
    assert all(not cell.startswith("=") for row in rows for cell in row)


def test_the_contact_sheet_is_made_by_a_task_and_taken_away_from_its_page(
    alice: Person, bob: Person, run: Run
) -> None:
    start = reverse("portal:studio_task_start", args=[run.pk])
    sent = {"kind": "contact", "token": "one", "first": "1"}
    where = alice.client.post(start, sent).headers["Location"]
    assert alice.client.post(start, sent).headers["Location"] == where, "one form, one task"
    task = StudioTask.objects.get()
    assert "tag--queued" in alice.client.get(where).content.decode()
    file = reverse("portal:contact_sheet", args=[task.pk])
    assert alice.client.get(file).status_code == 404
    assert studio_task_execute(task.pk, contact_sheet=contact_sheet) == "done"
    assert file in alice.client.get(where).content.decode()
    answer = alice.client.get(file)
    assert b"".join(answer.streaming_content).startswith(b"%PDF-")  # type: ignore[attr-defined]
    assert answer.headers["Content-Type"] == "application/pdf"
    assert bob.client.get(file).status_code == 404

    alice.client.post(start, {**sent, "token": "two", "first": "9999"})
    beyond = StudioTask.objects.get(token="two")
    assert studio_task_execute(beyond.pk, contact_sheet=contact_sheet) == "failed"
    assert alice.client.post(start, {**sent, "kind": "x", "token": "z"}).status_code == 302
    assert StudioTask.objects.count() == 2


def test_likeness_and_readings_name_their_evaluator(
    alice: Person, run: Run, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(studio_tasks, "READ_SHOTS", 1)
    monkeypatch.setattr(studio_tasks, "ATTRIBUTES", ("beard", "clothes"))
    read = partial(read_back, attributes=("beard", "clothes"))
    monkeypatch.setattr(studio_tasks, "read_back", read)
    start = reverse("portal:studio_task_start", args=[run.pk])
    pages = {}
    for kind in ("likeness", "reading"):
        where = alice.client.post(start, {"kind": kind, "token": kind}).headers["Location"]
        task = StudioTask.objects.get(token=kind)
        assert studio_task_execute(task.pk, contact_sheet=contact_sheet) == "done"
        pages[kind] = alice.client.get(where).content.decode()
    assert "colour-shape@1" in pages["likeness"]
    assert "CIDS cross" in pages["likeness"]
    assert "reading@1" in pages["reading"]
    report = StudioTask.objects.get(token="reading").report
    assert report["right"] == report["shown"] > 0
    studio = page(alice.client, "studio", run.pk)
    assert "colour-shape@1" in studio
    assert f"{report['right']}/{report['shown']}" in studio


def test_a_batch_only_to_compare_leaves_the_picture_in_use(alice: Person, run: Run) -> None:
    shot = shot_of(run)
    sent = {"engine": "sketch-line", "token": "beside", "beside": "on", "shot": [str(shot.index)]}
    alice.client.post(reverse("portal:studio_redo", args=[run.pk]), sent)
    job = FrameJob.objects.get()
    assert job.beside
    frames_execute(job.pk)
    versions = Frame.objects.filter(shot=shot).order_by("version")
    assert [(row.version, row.engine, row.current) for row in versions] == [
        (1, "sketch", True), (2, "sketch-line", False),
    ]  # fmt: skip
    text = page(alice.client, "shot", shot.pk)
    assert "compare" in text
    alice.client.post(reverse("portal:frame_use", args=[versions[1].pk]))
    assert Frame.objects.get(shot=shot, current=True).version == 2
    alice.client.post(reverse("portal:frame_use", args=[versions[0].pk]))
    assert Frame.objects.get(shot=shot, current=True).version == 1, "and back again"


def test_a_grid_of_three_thousand_shots_takes_as_many_questions_as_a_small_one(
    alice: Person, run: Run, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    scene = run.scenes.first()
    assert scene is not None
    template = shot_of(run)
    Shot.objects.bulk_create(
        [
            Shot(
                run=run, scene=scene, index=100 + number, start=0, end=1, framing="medium",
                movement="static", cast=template.cast, prompt=template.prompt, duration_ms=1000,
            )
            for number in range(3000)
        ],
        batch_size=1000,
    )  # fmt: skip
    with django_assert_max_num_queries(26):
        text = page(alice.client, "studio", run.pk, "?page=3")
    assert text.count('name="shot"') == 48
