"""What somebody sees when something is in the way: no connection, too large, nothing there."""

import pytest
from django.core.exceptions import RequestDataTooBig, SuspiciousOperation
from django.http import StreamingHttpResponse
from django.test import Client, RequestFactory
from django.urls import reverse

from config.middleware import PagesCompressedMiddleware
from config.views import refused
from tests.conftest import Person


@pytest.mark.parametrize(("language", "word"), [("zh-hans", "没有网络"), ("en", "no connection")])
def test_the_page_without_a_connection_is_in_the_language_asked_for(
    db: None, language: str, word: str
) -> None:
    other = Client(headers={"Cookie": "django_language=en"})
    html = other.get("/offline/", {"language": language}).content.decode()

    assert word in html
    assert "csrfmiddlewaretoken" not in html, "it is kept in the browser, so it holds nobody's"


def test_the_service_worker_keeps_nothing_but_that_page(db: None) -> None:
    answer = Client().get("/sw.js")

    assert answer.headers["Content-Type"].startswith("text/javascript")
    script = answer.content.decode()
    assert "/offline/?language=" in script
    assert "cache.put" not in script


def test_pages_travel_compressed_and_files_do_not(alice: Person, rf: RequestFactory) -> None:
    asked = {"Accept-Encoding": "gzip"}

    page = alice.client.get(reverse("portal:plan"), headers=asked)
    machine = alice.client.get("/api/v1/novels/", headers=asked)
    film = StreamingHttpResponse([b"x" * 1000], content_type="text/html")
    kept = PagesCompressedMiddleware(lambda request: film)(rf.get("/", headers=asked))

    assert page.headers["Content-Encoding"] == "gzip"
    assert "Content-Encoding" not in machine.headers
    assert "Content-Encoding" not in kept.headers


def test_a_damaged_request_and_one_that_is_too_large_are_told_apart(
    rf: RequestFactory, db: None
) -> None:
    assert refused(rf.get("/"), RequestDataTooBig()).status_code == 413
    assert refused(rf.get("/"), SuspiciousOperation()).status_code == 400
