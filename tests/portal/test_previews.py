"""A run shown to somebody without a login, by a link that ends."""

from datetime import timedelta

import pytest
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.exceptions import DomainError
from generation.models import Novel, PreviewLink, Run
from generation.services.own_data import novel_delete
from generation.services.previews import preview_make, preview_of, preview_token
from tests.conftest import Person
from tests.factories.generation import NovelFactory, RunFactory, finished_run


@pytest.fixture
def run(alice: Person) -> Run:
    novel: Novel = NovelFactory(
        creator=alice.as_creator, title="风雪夜", text="第一章\n秘密原文。\n"
    )
    return finished_run(novel)


def look(link: PreviewLink, token: str = "") -> tuple[int, str]:
    answer = Client().get(reverse("preview", args=[token or preview_token(link)]))
    return answer.status_code, answer.content.decode()


def test_whoever_has_the_link_sees_film_and_pictures_and_no_text_or_name(
    alice: Person, run: Run
) -> None:
    link = preview_make(run=run, note="编辑", days=7)

    status, page = look(link)

    assert status == 200
    assert "风雪夜" in page
    for hidden in ("秘密原文", alice.as_creator.name, "编辑", "prompt"):
        assert hidden not in page
    link.refresh_from_db()
    assert link.opened == 1
    token, frame = preview_token(link), run.shots.get().frames.get()
    assert Client().get(reverse("preview_frame", args=[token, frame.pk])).status_code == 200
    for kind in ("mp4", "vtt"):
        assert Client().get(reverse("preview_film", args=[token, kind])).status_code == 200


def test_a_link_shows_the_pictures_of_its_own_run_only(alice: Person, run: Run) -> None:
    other = finished_run(NovelFactory(creator=alice.as_creator))
    token = preview_token(preview_make(run=run, note="", days=7))
    frame = other.shots.get().frames.get()

    assert Client().get(reverse("preview_frame", args=[token, frame.pk])).status_code == 404


@pytest.mark.parametrize("how", ["expired", "revoked", "deleted", "forged"])
def test_a_preview_that_has_ended_shows_nothing(alice: Person, run: Run, how: str) -> None:
    link = preview_make(run=run, note="", days=7)
    token = preview_token(link)
    if how == "expired":
        PreviewLink.objects.update(expires_at=timezone.now() - timedelta(seconds=1))
    elif how == "revoked":
        alice.client.post(reverse("portal:preview_revoke", args=[link.pk]))
    elif how == "deleted":
        novel_delete(novel=run.novel)
    else:
        token += "x"

    assert look(link, token)[0] == 410
    assert preview_of(token) is None
    assert Client().get(reverse("preview_film", args=[token, "mp4"])).status_code == 404


def test_the_page_of_the_run_makes_links_and_lists_them(alice: Person, run: Run) -> None:
    alice.client.post(
        reverse("portal:preview_make", args=[run.pk]), {"note": "给编辑", "days": "5"}
    )

    link = PreviewLink.objects.get()
    page = alice.client.get(reverse("portal:run", args=[run.pk])).content.decode()
    assert preview_token(link) in page
    assert "给编辑" in page


@pytest.mark.parametrize("days", [0, 91])
def test_a_link_lives_between_a_day_and_three_months(run: Run, days: int) -> None:
    with pytest.raises(DomainError) as caught:
        preview_make(run=run, note="", days=days)
    assert caught.value.code == "bad_days"


def test_a_run_without_a_storyboard_has_nothing_to_show(alice: Person) -> None:
    with pytest.raises(DomainError):
        preview_make(run=RunFactory(novel__creator=alice.as_creator), note="", days=1)
