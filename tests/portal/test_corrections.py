"""A creator corrects chapters and cast; the rest follows and nothing of the text is lost."""

import io
import zipfile
from itertools import pairwise
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from crm.exceptions import DomainError
from crm.models import AuditEntry
from generation.models import CastCorrection, Chapter, Character, Novel, Run
from generation.services import corrections as service
from generation.services.run_work import run_execute
from generation.services.runs import run_start
from tests.conftest import Person
from tests.factories.generation import NovelFactory, RunFactory, finished_run

TEXT = "序\n第一章\n雪落。\n林清来了。\n门开了。\n第二章\n苏婉走了。苏婉笑道：“走吧。”\n"


@pytest.fixture
def novel(alice: Person) -> Novel:
    row = NovelFactory(creator=alice.creator, text=TEXT)
    service.chapters_reset(novel=row)
    return row


def division(novel: Novel) -> list[tuple[str, str]]:
    """(title, words) of each chapter, after the chapters are seen to be a partition."""
    rows = list(Chapter.objects.filter(novel=novel).order_by("index"))
    assert [row.index for row in rows] == list(range(len(rows)))
    assert (rows[0].start, rows[-1].end) == (0, len(novel.text))
    assert all(a.end == b.start for a, b in pairwise(rows))
    return [(row.title, novel.text[row.start : row.end]) for row in rows]


def post(person: Person, name: str, /, *args: Any, **data: Any) -> Any:
    return person.client.post(reverse(f"portal:{name}", args=args), data, follow=True)


def said(answer: Any) -> list[str]:
    return [str(message) for message in answer.context["messages"]]


def test_the_chapters_are_those_of_the_file(novel: Novel) -> None:
    assert [title for title, _ in division(novel)] == ["序", "第一章", "第二章"]


def test_a_chapter_is_split_where_the_reader_says_and_joined_again(
    alice: Person, novel: Novel
) -> None:
    before = division(novel)

    post(alice, "chapter", novel.pk, 1, at=str(TEXT.index("门开了")))
    split = division(novel)
    post(alice, "novel_chapters", novel.pk, what="join", index="2")

    assert [title for title, _ in split] == ["序", "第一章", "门开了。", "第二章"]
    assert division(novel) == before


def test_a_chapter_is_called_as_the_creator_wishes(alice: Person, novel: Novel) -> None:
    post(alice, "novel_chapters", novel.pk, what="rename", index="1", title="雪落之夜")

    assert division(novel)[1][0] == "雪落之夜"
    assert AuditEntry.objects.filter(action="novel.chapter_renamed").count() == 1


def test_dividing_again_brings_back_what_the_file_had(alice: Person, novel: Novel) -> None:
    before = division(novel)
    for _ in range(2):
        post(alice, "novel_chapters", novel.pk, what="join", index="1")

    assert len(division(novel)) == 1
    post(alice, "novel_chapters", novel.pk, what="reset")
    assert division(novel) == before


def test_the_chapters_that_a_books_format_marks_come_back_too(alice: Person) -> None:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("1-雪落.txt", "林清来了。")
        archive.writestr("2-灯灭.txt", "她走了。")
    post(alice, "novel_upload", file=SimpleUploadedFile("书.zip", buffer.getvalue()))
    novel = Novel.objects.get()
    before = division(novel)

    post(alice, "novel_chapters", novel.pk, what="join", index="1")
    post(alice, "novel_chapters", novel.pk, what="reset")

    assert [title for title, _ in before] == ["雪落", "灯灭"]
    assert division(novel) == before


@pytest.mark.parametrize(("index", "at"), [(1, 0), (1, 2), (1, 9999), (0, 2)])
def test_a_place_outside_the_chapter_splits_nothing(
    alice: Person, novel: Novel, index: int, at: int
) -> None:
    before = division(novel)

    answer = post(alice, "chapter", novel.pk, index, at=str(at))

    assert len(said(answer)) == 1
    assert division(novel) == before


@pytest.mark.parametrize("state", [Run.State.QUEUED, Run.State.RUNNING])
def test_nothing_is_moved_under_a_run_at_work(alice: Person, novel: Novel, state: str) -> None:
    RunFactory(novel=novel, state=state)
    before = division(novel)

    answer = post(alice, "novel_chapters", novel.pk, what="join", index="1")

    assert len(said(answer)) == 1
    assert division(novel) == before


def test_a_finished_run_keeps_the_titles_it_was_made_with(alice: Person, novel: Novel) -> None:
    run, _ = run_start(novel=novel, token="t", chapters=[1], with_frames=False, with_film=False)
    run_execute(run.pk)
    service.chapter_rename(novel=novel, index=1, title="改了名")

    page = alice.client.get(reverse("portal:run", args=[run.pk])).content.decode()

    assert "第一章" in page
    assert "改了名" not in page


@pytest.mark.parametrize(
    "data",
    [
        {"kind": "merge", "name": "林清"},
        {"kind": "merge", "name": "林清", "other": "林清"},
        {"kind": "add", "name": "  "},
        {"kind": "add", "name": "名" * 121},
        {"kind": "nonsense", "name": "林清"},
    ],
)
def test_a_correction_that_says_nothing_is_refused_with_a_reason(
    alice: Person, novel: Novel, data: dict[str, str]
) -> None:
    answer = post(alice, "novel_cast", novel.pk, **data)

    assert len(said(answer)) == 1
    assert not CastCorrection.objects.exists()


def test_the_same_correction_twice_is_one(alice: Person, novel: Novel) -> None:
    for _ in range(2):
        post(alice, "novel_cast", novel.pk, kind="merge", name="林清", other="苏婉")

    assert CastCorrection.objects.count() == 1


def test_the_last_new_name_counts(alice: Person, novel: Novel) -> None:
    for other in ("阿清", "清儿"):
        post(alice, "novel_cast", novel.pk, kind="rename", name="林清", other=other)

    assert CastCorrection.objects.get().other == "清儿"


def test_corrections_are_kept_over_runs_and_can_be_taken_back(
    alice: Person, novel: Novel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.views.corrections.run_execute_start", run_execute)

    def cast_after(token: str) -> set[str]:
        post(alice, "run_again", first.pk, token=token)
        newest = Run.objects.order_by("-pk")[0]
        assert newest.state == Run.State.DONE
        return set(newest.cast.values_list("name", flat=True))

    first, _ = run_start(novel=novel, token="t", with_frames=False, with_film=False)
    run_execute(first.pk)
    assert "苏婉" in set(first.cast.values_list("name", flat=True))
    post(alice, "novel_cast", novel.pk, kind="rename", name="苏婉", other="婉儿")
    assert {"婉儿"} <= cast_after("a")
    post(alice, "correction_undo", CastCorrection.objects.get().pk)
    assert {"苏婉"} <= cast_after("b")


def test_the_cast_page_shows_what_the_next_storyboard_will_have(
    alice: Person, novel: Novel
) -> None:
    run = finished_run(novel)
    name = run.cast.get().name
    post(alice, "novel_cast", novel.pk, kind="rename", name=name, other="新名字")

    page = alice.client.get(reverse("portal:novel_cast", args=[novel.pk]))

    assert [person.name for person in page.context["people"]] == ["新名字"]
    assert page.context["is_behind"]


def test_without_a_storyboard_the_cast_page_says_what_to_do(alice: Person, novel: Novel) -> None:
    page = alice.client.get(reverse("portal:novel_cast", args=[novel.pk]))

    assert reverse("portal:novel", args=[novel.pk]) in page.content.decode()
    assert page.context["people"] == []


def test_a_long_cast_has_pages_and_somebody_is_found_by_any_name(
    alice: Person, novel: Novel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.views.corrections.PEOPLE_A_PAGE", 2)
    run = finished_run(novel)
    run.cast.all().delete()
    for number, name in enumerate(("孙悟空", "唐僧", "猪八戒", "沙僧", "牛魔王")):
        Character.objects.create(
            run=run, key=f"c{number}", name=name, mentions=9 - number, first_at=number, seed=1,
            aliases=["悟能"] if name == "猪八戒" else [],
        )  # fmt: skip
    address = reverse("portal:novel_cast", args=[novel.pk])

    def shown(query: str) -> list[str]:
        return [person.name for person in alice.client.get(address + query).context["people"]]

    assert [shown(f"?page={number}") for number in (1, 2, 3)] == [
        ["孙悟空", "唐僧"], ["猪八戒", "沙僧"], ["牛魔王"],
    ]  # fmt: skip
    assert shown("?q=悟") == ["孙悟空", "猪八戒"]
    nobody = alice.client.get(f"{address}?q=白骨精").content.decode()
    assert "白骨精" in nobody
    assert "?page=" not in nobody
    answer = alice.client.post(f"{address}?page=2", {"kind": "remove", "name": "沙僧"})
    assert answer["Location"] == f"{address}?page=2"


def test_a_novel_keeps_a_bounded_number_of_corrections(
    novel: Novel, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(service, "MOST_CORRECTIONS", 1)
    service.cast_correct(novel=novel, kind="add", name="甲")

    with pytest.raises(DomainError, match=r"1"):
        service.cast_correct(novel=novel, kind="add", name="乙")
