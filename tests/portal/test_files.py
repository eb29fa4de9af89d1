"""Files go out to their owner only, in parts where a player asks for parts."""

import io
import json
import zipfile

import pytest
from django.urls import reverse
from PIL import Image

from generation.models import Run
from tests.conftest import Person
from tests.factories.generation import NovelFactory, finished_run


@pytest.fixture
def run(alice: Person) -> Run:
    return finished_run(NovelFactory(creator=alice.creator, title="雪/夜: 归人"), mark="x" * 500)


def _addresses(run: Run) -> dict[str, str]:
    film, person = run.film.pk, run.cast.get().pk
    frame = run.shots.get().frames.get().pk
    pairs = [("film", film), ("film_poster", film), ("film_captions", film)]
    pairs += [("film_subtitles", film), ("frame", frame), ("sheet", person)]
    pairs += [("storyboard", run.pk), ("draft", run.pk)]
    return {name: reverse(f"portal:{name}", args=[pk]) for name, pk in pairs}


NAMES = (
    "film", "film_poster", "film_captions", "film_subtitles", "frame", "sheet", "storyboard",
    "draft",
)  # fmt: skip


def _bytes(response: object) -> bytes:
    streaming = getattr(response, "streaming", False)
    return b"".join(response.streaming_content) if streaming else response.content  # type: ignore[attr-defined]


@pytest.mark.parametrize("name", NAMES)
def test_a_file_is_there_for_its_owner_and_for_nobody_else(
    alice: Person, charlie: Person, staff: Person, run: Run, name: str
) -> None:
    address = _addresses(run)[name]

    mine = alice.client.get(address)
    assert mine.status_code == 200
    assert mine.headers["Cache-Control"].startswith("private")
    assert mine.headers["X-Content-Type-Options"] == "nosniff"
    assert _bytes(mine)
    for stranger in (charlie, staff):
        assert stranger.client.get(address).status_code == 404


@pytest.mark.parametrize(
    ("asked", "first", "last"),
    [("bytes=0-0", 0, 0), ("bytes=10-", 10, None), ("bytes=3-99", 3, 99), ("bytes=-7", -7, None),
     ("bytes=5-999999", 5, None), ("bytes=-999999", 0, None)],
)  # fmt: skip
def test_a_range_is_answered_with_exactly_its_slice(
    alice: Person, run: Run, asked: str, first: int, last: int | None
) -> None:
    whole = _bytes(alice.client.get(_addresses(run)["film"]))

    part = alice.client.get(_addresses(run)["film"], headers={"range": asked})

    expected = whole[first:] if last is None else whole[first : last + 1]
    start = len(whole) - len(expected) if last is None else first
    assert part.status_code == 206
    assert _bytes(part) == expected
    assert int(part.headers["Content-Length"]) == len(expected)
    assert (
        part.headers["Content-Range"] == f"bytes {start}-{start + len(expected) - 1}/{len(whole)}"
    )


@pytest.mark.parametrize("asked", ["bytes=99999-", "bytes=-0"])
def test_a_range_outside_of_the_file_is_refused_with_its_size(
    alice: Person, run: Run, asked: str
) -> None:
    whole = _bytes(alice.client.get(_addresses(run)["film"]))

    answer = alice.client.get(_addresses(run)["film"], headers={"range": asked})

    assert answer.status_code == 416
    assert answer.headers["Content-Range"] == f"bytes */{len(whole)}"


@pytest.mark.parametrize(
    "asked",
    ["bytes=9-3", "bytes=-", "bytes=a-b", "lines=0-3", "bytes=0-1,4-5", f"bytes=0-{'9' * 5000}"],
)
def test_a_range_that_is_none_or_several_gets_the_whole_file(
    alice: Person, run: Run, asked: str
) -> None:
    answer = alice.client.get(_addresses(run)["film"], headers={"range": asked})

    assert answer.status_code == 200


def test_a_range_of_another_version_gets_the_whole_file(alice: Person, run: Run) -> None:
    address = _addresses(run)["film"]
    known = alice.client.get(address)
    ranged = {"range": "bytes=2-5"}

    by_tag = alice.client.get(address, headers={**ranged, "if-range": known.headers["ETag"]})
    by_date = alice.client.get(
        address, headers={**ranged, "if-range": known.headers["Last-Modified"]}
    )
    other_tag = alice.client.get(address, headers={**ranged, "if-range": '"other"'})
    other_date = alice.client.get(
        address, headers={**ranged, "if-range": "Mon, 01 Jan 2001 00:00:00 GMT"}
    )

    answers = [by_tag, by_date, other_tag, other_date]
    assert [answer.status_code for answer in answers] == [206, 206, 200, 200]


def test_head_tells_the_size_and_sends_nothing(alice: Person, run: Run) -> None:
    address = _addresses(run)["film"]

    answer = alice.client.head(address, headers={"range": "bytes=2-5"})

    assert answer.status_code == 200
    assert int(answer.headers["Content-Length"]) == len(_bytes(alice.client.get(address)))
    assert answer.headers["Accept-Ranges"] == "bytes"
    assert _bytes(answer) == b""


def test_what_the_browser_has_already_is_not_sent_again(alice: Person, run: Run) -> None:
    address = _addresses(run)["frame"]
    known = alice.client.get(address)

    answer = alice.client.get(address, headers={"if-none-match": known.headers["ETag"]})

    assert answer.status_code == 304


def test_a_thumbnail_is_smaller_keeps_its_shape_and_is_made_once(alice: Person, run: Run) -> None:
    address = _addresses(run)["frame"]

    first = alice.client.get(address, {"w": "160"})
    again = alice.client.get(address, {"w": "160"})

    with Image.open(io.BytesIO(_bytes(first))) as picture:
        assert picture.size == (160, 284)
    assert first.headers["ETag"] == again.headers["ETag"]


@pytest.mark.parametrize("width", ["0", "99999", "-1", "x", "161"])
def test_a_thumbnail_of_any_other_width_is_not_made(alice: Person, run: Run, width: str) -> None:
    assert alice.client.get(_addresses(run)["frame"], {"w": width}).status_code == 404


def test_captions_are_webvtt_with_the_films_words(alice: Person, run: Run) -> None:
    text = alice.client.get(_addresses(run)["film_captions"]).content.decode()

    assert text.startswith("WEBVTT")
    assert "00:00:00.000 --> 00:00:03.000" in text
    assert "风雪扑面而来" in text


def test_downloads_carry_a_file_name_every_system_takes(alice: Person, run: Run) -> None:
    answer = alice.client.get(_addresses(run)["film"], {"download": ""})

    header = answer.headers["Content-Disposition"]
    assert header.startswith("attachment")
    assert "%2F" not in header
    assert "%E9%9B%AA_%E5%A4%9C_" in header


def test_the_storyboard_is_the_one_that_was_made(alice: Person, run: Run) -> None:
    board = json.loads(_bytes(alice.client.get(_addresses(run)["storyboard"])))

    assert board["version"] == 1
    assert board["novel"]["sha256"] == run.novel.sha256


def test_the_draft_is_an_archive_with_its_pictures(alice: Person, run: Run) -> None:
    archive = zipfile.ZipFile(io.BytesIO(_bytes(alice.client.get(_addresses(run)["draft"]))))

    names = archive.namelist()
    assert any(name.endswith("draft_content.json") for name in names)
    assert any(name.endswith(".png") for name in names)


def test_a_file_that_is_gone_from_the_disk_is_not_found(alice: Person, run: Run) -> None:
    run.film.file.storage.delete(run.film.file.name)

    assert alice.client.get(_addresses(run)["film"]).status_code == 404
