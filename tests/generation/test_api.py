"""The pipeline over HTTP: upload, run, storyboard, film; refusals that say what is wrong."""

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from django.conf import settings as house
from django.core.files.uploadedfile import SimpleUploadedFile
from pytest_django import Settings

from generation import tasks
from generation.models import Novel, Run
from generation.services.run_work import run_execute
from tests.conftest import Person
from tests.factories.generation import (
    FeatureFactory,
    NovelFactory,
    RunFactory,
    finished_run,
)

TEXT = (
    "第一章 叩门\n沈砚推开门，风雪扑面而来。\n“你怎么才回来？”苏青问。\n沈砚没有说话，把伞放下。\n"
    "第二章 灯\n苏青点了灯。沈砚说：“𠮷野家关门了😀。”\n"
)
CONTRACTS = Path(house.BASE_DIR).parent / "shared" / "contracts"


@pytest.fixture(autouse=True)
def queued(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """What would be sent to the broker."""
    sent: list[int] = []
    monkeypatch.setattr(tasks.run_execute_task, "delay_on_commit", sent.append)
    return sent


def post(person: Person, path: str, body: Any = None) -> Any:
    return person.client.post(f"/api/v1/{path}", body, content_type="application/json")


def contract(name: str) -> Any:
    path = CONTRACTS / name
    if not path.exists():
        pytest.skip(f"the contract {name} is not beside this repository")
    return json.loads(path.read_text("utf-8"))


def test_a_novel_is_uploaded_as_a_file_or_as_text_and_once(alice: Person) -> None:
    file = SimpleUploadedFile("雪夜.txt", TEXT.encode("gb18030", "ignore"))
    first = alice.client.post("/api/v1/novels/", {"file": file, "title": "雪夜"})
    second = post(alice, "novels/", {"text": TEXT, "title": "雪夜"})

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["title"] == "雪夜"
    assert first.json()["chapter_count"] == 2
    assert first.json()["length"] == len(TEXT)
    assert Novel.objects.get().creator == alice.creator


def test_chinese_and_emoji_are_written_as_they_are_and_not_escaped(alice: Person) -> None:
    NovelFactory(creator=alice.creator, title="𠮷野家😀的风雪")

    answer = alice.client.get("/api/v1/novels/")

    assert "𠮷野家😀的风雪".encode() in answer.content
    assert answer.headers["Content-Type"].startswith("application/json")


@pytest.mark.parametrize(
    ("body", "status", "code"),
    [
        ({}, 400, "invalid"),
        ({"text": TEXT, "title": "长" * 201}, 400, "invalid"),
        ({"text": "\x00\x01"}, 400, "invalid"),
        ({"text": ""}, 400, "invalid"),
    ],
)
def test_an_upload_without_a_usable_text_is_refused_with_its_field(
    alice: Person, body: dict[str, str], status: int, code: str
) -> None:
    answer = post(alice, "novels/", body)

    assert (answer.status_code, answer.json()["error"]["code"]) == (status, code)
    assert answer.json()["error"]["fields"]


@pytest.mark.parametrize(
    ("data", "code"),
    [(b"", "empty"), (b"%PDF-1.7\n\0\1", "binary"), (b"PK\x03\x04\0\0", "damaged_archive")],
)
def test_a_file_that_is_no_text_is_named_with_a_remedy(
    alice: Person, data: bytes, code: str
) -> None:
    answer = alice.client.post("/api/v1/novels/", {"file": SimpleUploadedFile("雪夜.txt", data)})

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, code)
    assert "雪夜.txt" in answer.json()["error"]["message"]


def test_what_is_over_the_limit_is_refused_as_a_file_and_as_json(
    alice: Person, settings: Settings
) -> None:
    settings.NOVEL_MAX_BYTES = 1000
    file = SimpleUploadedFile("大.txt", ("雪" * 2000).encode())

    as_file = alice.client.post("/api/v1/novels/", {"file": file})
    as_text = post(alice, "novels/", {"text": "雪" * 2000})
    as_ascii = post(alice, "novels/", {"text": "x" * 1500})

    assert [item.status_code for item in (as_file, as_text, as_ascii)] == [413, 413, 413]
    assert as_file.json()["error"]["code"] == "too_large"
    assert not Novel.objects.exists()


def test_the_length_of_json_is_judged_before_it_is_read(alice: Person) -> None:
    answer = alice.client.post(
        "/api/v1/runs/", "{", content_type="application/json", headers={"Content-Length": "9" * 12}
    )

    assert answer.status_code == 413


def test_a_novel_longer_than_a_form_may_be_still_goes_in_as_json(alice: Person) -> None:
    assert house.DATA_UPLOAD_MAX_MEMORY_SIZE < house.NOVEL_MAX_BYTES
    line = "雪停了，沈砚推开门。\n"
    length = house.DATA_UPLOAD_MAX_MEMORY_SIZE // len(line.encode()) + 1000

    answer = post(alice, "novels/", {"text": line * length})

    assert (answer.status_code, answer.json()["length"]) == (201, length * len(line))


@pytest.mark.parametrize(
    "body",
    ["{", "[]", '"x"', "null", '{"novel": {}}', '{"novel": NaN}', '{"novel": 1e400}', "[" * 9999],
)
def test_a_body_that_makes_no_sense_is_400_and_not_500(alice: Person, body: str) -> None:
    answer = alice.client.post("/api/v1/runs/", body, content_type="application/json")

    assert answer.status_code == 400
    assert answer.json()["error"]["message"]


def test_a_run_is_started_once_for_a_token(alice: Person, queued: list[int]) -> None:
    novel = NovelFactory(creator=alice.creator)
    wish = {"novel": novel.pk, "token": "t1", "with_frames": False, "with_film": False}

    first, second = post(alice, "runs/", wish), post(alice, "runs/", wish)

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json()["id"] == second.json()["id"]
    assert first.json()["state"] == "queued"
    assert queued == [first.json()["id"]]


def test_a_run_of_chapters_that_are_not_there_is_422_with_its_code(
    alice: Person, queued: list[int]
) -> None:
    novel = NovelFactory(creator=alice.creator)

    answer = post(alice, "runs/", {"novel": novel.pk, "token": "t", "chapters": [7]})

    assert (answer.status_code, answer.json()["error"]["code"]) == (422, "unknown_chapter")
    assert queued == []


def test_a_run_is_cancelled_and_resumed_and_both_only_once(
    alice: Person, queued: list[int]
) -> None:
    run = RunFactory(novel__creator=alice.creator)

    states = [
        post(alice, f"runs/{run.pk}/{verb}/").status_code
        for verb in ("cancel", "cancel", "resume", "resume")
    ]

    assert states == [200, 422, 200, 422]
    assert queued == [run.pk]
    assert Run.objects.get().state == Run.State.QUEUED


def test_the_storyboard_served_is_that_of_the_newest_done_run_and_keeps_the_contract(
    alice: Person,
) -> None:
    uploaded = post(alice, "novels/", {"text": TEXT, "title": "雪夜"}).json()
    path = f"/api/v1/novels/{uploaded['id']}/storyboard/"
    wish = {"novel": uploaded["id"], "with_frames": False, "with_film": False}
    assert alice.client.get(path).status_code == 404

    for token, density in (("a", 12), ("b", 40)):
        run = post(alice, "runs/", {**wish, "token": token, "density": density}).json()
        assert run_execute(run["id"]) == Run.State.DONE
    answer = alice.client.get(path)

    board = json.loads(answer.getvalue())
    assert answer.headers["Content-Type"] == "application/json"
    assert len(board["shots"]) == Run.objects.get(token="b").shots.count()
    jsonschema.validate(board, contract("storyboard.schema.json"))
    _partitions(board, len(TEXT))


def _partitions(board: dict[str, Any], length: int) -> None:
    """Chapters cover the novel, scenes their chapter, shots their scene, without gap or overlap."""

    def covers(parts: list[dict[str, Any]], start: int, end: int) -> None:
        assert [part["start"] for part in parts] == [start, *(p["end"] for p in parts[:-1])]
        assert parts[-1]["end"] == end

    covers(board["chapters"], 0, length)
    for chapter in board["chapters"]:
        mine = [scene for scene in board["scenes"] if scene["chapter"] == chapter["index"]]
        covers(mine, chapter["start"], chapter["end"])
    for scene in board["scenes"]:
        mine = [shot for shot in board["shots"] if shot["scene"] == scene["index"]]
        covers(mine, scene["start"], scene["end"])


def test_a_film_is_listed_with_a_path_that_serves_it_in_parts(alice: Person) -> None:
    run = finished_run(NovelFactory(creator=alice.creator), mark="MARK")

    (film,) = alice.client.get("/api/v1/films/").json()["results"]
    whole = alice.client.get(film["file"])
    part = alice.client.get(film["file"], headers={"Range": "bytes=-4"})

    assert film["run"] == run.pk
    assert whole.headers["Content-Type"] == "video/mp4"
    assert (part.status_code, part.getvalue()) == (206, b"MARK")


def test_runs_are_filtered_by_novel_and_state_and_come_in_pages(alice: Person) -> None:
    novel = NovelFactory(creator=alice.creator)
    for number in range(5):
        RunFactory(novel=novel, state=Run.State.DONE if number else Run.State.FAILED)
    RunFactory(novel=NovelFactory(creator=alice.creator, text="另一本。\n"))

    everything = alice.client.get(f"/api/v1/runs/?novel={novel.pk}&page_size=2").json()
    failed = alice.client.get("/api/v1/runs/?state=failed").json()

    assert (everything["count"], len(everything["results"])) == (5, 2)
    assert "page=2" in everything["next"]
    assert failed["count"] == 1


def test_the_dossier_keeps_its_contract(staff: Person) -> None:
    feature = FeatureFactory()

    answer = staff.client.get(f"/api/v1/features/{feature.key}/dossier/")

    assert answer.status_code == 200
    jsonschema.validate(answer.json(), contract("dossier.schema.json"))


def test_lists_cost_the_same_queries_for_one_row_and_for_ten(
    alice: Person, django_assert_max_num_queries: Any
) -> None:
    for _ in range(10):
        finished_run(NovelFactory(creator=alice.creator, text=f"第一章\n{_}雪。\n"))

    for path in ("novels/", "runs/", "films/"):
        with django_assert_max_num_queries(8):
            assert alice.client.get(f"/api/v1/{path}").json()["count"] == 10
