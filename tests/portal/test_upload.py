"""A creator's text comes in: good, bad, too large, twice."""

from datetime import timedelta

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse
from django.utils import timezone

from generation.models import Novel
from tests.conftest import Person
from tests.factories.generation import NovelFactory, RunFactory, finished_run

TEXT = "第一章 雪夜\n沈砚推开门，风雪扑面而来。\n第二章 归人\n“你回来了？”苏青问。😀𠮷\n"


def _upload(who: Person, data: bytes, name: str = "雪夜.txt", **headers: str):  # type: ignore[no-untyped-def]
    file = SimpleUploadedFile(name, data, content_type="text/plain")
    return who.client.post(reverse("portal:novel_upload"), {"file": file}, headers=headers)


def test_a_text_file_becomes_a_novel_with_chapters(alice: Person) -> None:
    answer = _upload(alice, TEXT.encode("gb18030"))

    novel = Novel.objects.get()
    assert answer.url == reverse("portal:novel", args=[novel.pk])
    assert (novel.creator, novel.text, novel.title) == (alice.creator, TEXT, "雪夜")
    assert [row.title for row in novel.chapters.all()] == ["第一章 雪夜", "第二章 归人"]


def test_pasted_text_becomes_a_novel_with_the_given_title(alice: Person) -> None:
    answer = alice.client.post(
        reverse("portal:novel_upload"), {"text": TEXT, "title": "风雪夜归人"}
    )

    novel = Novel.objects.get()
    assert answer.status_code == 302
    assert (novel.title, novel.text) == ("风雪夜归人", TEXT)


def test_pasted_text_with_the_browsers_line_ends_is_the_same_text(alice: Person) -> None:
    alice.client.post(reverse("portal:novel_upload"), {"text": TEXT.replace("\n", "\r\n")})

    assert Novel.objects.get().text == TEXT


def test_pasted_text_without_a_title_is_called_after_its_first_line(alice: Person) -> None:
    alice.client.post(reverse("portal:novel_upload"), {"text": f"《风雪夜归人》\n{TEXT}"})
    alice.client.post(reverse("portal:novel_upload"), {"text": "雪落了。" * 9})

    titles = list(Novel.objects.order_by("pk").values_list("title", flat=True))
    assert titles[0] == "风雪夜归人"
    assert titles[1]


def test_the_same_text_again_leads_to_the_novel_that_is_there(alice: Person) -> None:
    _upload(alice, TEXT.encode())

    answer = alice.client.post(reverse("portal:novel_upload"), {"text": TEXT}, follow=True)

    assert Novel.objects.count() == 1
    assert answer.redirect_chain[-1][0] == reverse("portal:novel", args=[Novel.objects.get().pk])
    assert len(answer.context["messages"]) == 1


def test_htmx_is_sent_to_the_novel_instead_of_swapping_it_in(alice: Person) -> None:
    answer = _upload(alice, TEXT.encode(), hx_request="true")

    assert answer.status_code == 200
    assert answer.headers["HX-Redirect"] == reverse("portal:novel", args=[Novel.objects.get().pk])


@pytest.mark.parametrize(
    ("data", "name"),
    [
        (b"", "空.txt"),
        (bytes(range(256)) * 40, "混.txt"),
        (b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n1 0 obj\n<< /Type /Catalog >>\n", "书.txt"),
        (b"PK\x03\x04\x14\x00\x00\x00\x08\x00" + b"\x00" * 60, "书.txt"),
    ],
    ids=["empty", "binary", "pdf_renamed", "zip_renamed"],
)
@pytest.mark.parametrize("htmx", [False, True])
def test_what_is_no_text_is_refused_by_name_and_nothing_is_kept(
    alice: Person, data: bytes, name: str, htmx: bool
) -> None:
    answer = _upload(alice, data, name, **({"hx_request": "true"} if htmx else {}))

    assert answer.status_code == 422
    errors = answer.context["form"].errors
    assert any(name in message for messages in errors.values() for message in messages)
    assert not Novel.objects.exists()


def test_nothing_at_all_is_refused(alice: Person) -> None:
    answer = alice.client.post(reverse("portal:novel_upload"), {"text": " \n"})

    assert answer.status_code == 422
    assert "file" in answer.context["form"].errors


def test_a_file_and_text_at_once_are_refused_and_the_text_stays_in_the_form(
    alice: Person,
) -> None:
    file = SimpleUploadedFile("一.txt", TEXT.encode())

    answer = alice.client.post(reverse("portal:novel_upload"), {"file": file, "text": "另一篇"})

    assert answer.status_code == 422
    assert "另一篇" in answer.content.decode()
    assert not Novel.objects.exists()


def test_a_file_over_the_limit_is_refused_with_the_limit_in_megabytes(
    alice: Person, settings: pytest.FixtureRequest
) -> None:
    settings.NOVEL_MAX_BYTES = 2 * 1024 * 1024  # type: ignore[attr-defined]

    answer = _upload(alice, "雪".encode() * 800_000, "长.txt")

    assert answer.status_code == 422
    assert "长.txt" in str(answer.context["form"].errors["file"])
    assert "2 MB" in str(answer.context["form"].errors["file"])
    assert not Novel.objects.exists()


def test_text_too_large_for_a_form_gets_the_page_that_says_what_to_do(
    alice: Person, settings: pytest.FixtureRequest
) -> None:
    settings.DATA_UPLOAD_MAX_MEMORY_SIZE = 1000  # type: ignore[attr-defined]

    answer = alice.client.post(reverse("portal:novel_upload"), {"text": "雪" * 1000})

    assert answer.status_code == 413
    assert "413.html" in [template.name for template in answer.templates]


def test_the_list_shows_twenty_novels_a_page(alice: Person) -> None:
    for number in range(21):
        NovelFactory(creator=alice.creator, text=f"第{number}章\n雪。")

    first = alice.client.get(reverse("portal:novel_list"))
    second = alice.client.get(reverse("portal:novel_list"), {"page": 2})

    assert (len(first.context["page"]), len(second.context["page"])) == (20, 1)


def test_the_list_asks_the_database_as_often_for_many_novels_as_for_one(
    alice: Person, django_assert_num_queries: object
) -> None:
    from django.db import connection
    from django.test.utils import CaptureQueriesContext

    counts = []
    for number in range(3):
        NovelFactory(creator=alice.creator, text=f"第{number}章\n雪。")
        with CaptureQueriesContext(connection) as queries:
            alice.client.get(reverse("portal:novel_list"))
        counts.append(len(queries))

    assert len(set(counts)) == 1


def test_a_film_stays_in_reach_while_a_newer_run_works(alice: Person) -> None:
    novel = NovelFactory(creator=alice.creator)
    filmed = finished_run(novel, queued_at=timezone.now() - timedelta(days=1))
    working = RunFactory(novel=novel, state="running")

    page = alice.client.get(reverse("portal:novel_list")).content.decode()

    for run in (filmed, working):
        assert f'href="{reverse("portal:run", args=[run.pk])}"' in page


def test_a_creator_without_novels_finds_the_upload_form_in_the_list(alice: Person) -> None:
    page = alice.client.get(reverse("portal:novel_list")).content.decode()

    assert 'type="file"' in page


def test_repairs_are_listed_with_their_place(alice: Person) -> None:
    _upload(
        alice,
        "第一章 雪\n".encode() + "雪落了。".encode() * 30 + b"\xff" + "门开了。".encode() * 30,
    )

    novel = Novel.objects.get()
    page = alice.client.get(reverse("portal:novel", args=[novel.pk])).content.decode()

    assert len(novel.repairs) == 1
    assert str(novel.repairs[0]["offset"]) in page
