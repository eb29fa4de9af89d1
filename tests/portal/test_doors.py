"""The front door, signing in, the language, the pages for when something is wrong."""

import re

import pytest
from django.test import Client
from django.urls import reverse

from tests.conftest import Person
from tests.factories.crm import PaymentFactory, StudyFactory, transcript_of

LANGUAGES = ("zh-hans", "en")


def test_the_front_page_has_two_doors_and_no_logins_outside_the_sample(db: None) -> None:
    page = Client().get(reverse("home")).content.decode()

    assert f'href="{reverse("portal:novel_list")}"' in page
    assert f'href="{reverse("admin:index")}"' in page
    assert "pingju-sample" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_wrong_password_is_told_in_the_chosen_language(alice: Person, language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language

    answer = client.post(
        reverse("account_login"), {"login": alice.user.username, "password": "wrong"}
    )

    text = str(answer.context["form"].non_field_errors())
    assert answer.context["form"].non_field_errors()
    assert bool(re.search("[\u4e00-\u9fff]", text)) == (language == "zh-hans")
    assert text in answer.content.decode() or "alert" in answer.content.decode()


def test_a_creator_lands_in_the_studio_and_the_team_in_the_admin(
    alice: Person, bob: Person
) -> None:
    for who, target in ((alice, "portal:novel_list"), (bob, "admin:index")):
        answer = Client().post(
            reverse("account_login"), {"login": who.user.username, "password": "right horse"}
        )
        assert answer.url == reverse("door")
        assert who.client.get(reverse("door")).url == reverse(target)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(
    "name",
    ["home", "account_login", "account_signup", "account_reset_password",
     "account_reset_password_done"],
)  # fmt: skip
def test_pages_say_their_language_and_obey_the_policy(db: None, name: str, language: str) -> None:
    client = Client()
    client.cookies["django_language"] = language

    answer = client.get(reverse(name))

    page = answer.content.decode()
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in page
    assert not re.search(r"\sstyle=|\son[a-z]+=|<style", page)
    assert not re.search(r'<script(?![^>]*(?:\bsrc=|type="application/json"))', page)


def test_signing_out_takes_a_post(alice: Person) -> None:
    assert alice.client.get(reverse("account_logout")).status_code == 200
    assert alice.client.get(reverse("portal:novel_list")).status_code == 200

    alice.client.post(reverse("account_logout"))

    assert alice.client.get(reverse("portal:novel_list")).status_code == 302


def test_the_language_switch_goes_back_to_where_it_was_used(alice: Person) -> None:
    address = reverse("portal:me")

    answer = alice.client.post(reverse("set_language"), {"language": "en", "next": address})

    assert answer.url == address
    assert 'lang="en"' in alice.client.get(address).content.decode()


def test_a_page_that_is_not_there_is_told_in_our_own_look(alice: Person) -> None:
    answer = alice.client.get("/studio/novels/999999/")

    assert answer.status_code == 404
    assert "404.html" in [template.name for template in answer.templates]


def test_a_failure_is_told_without_asking_the_database(
    rf: object, django_assert_num_queries: object
) -> None:
    from django.test import RequestFactory

    from config.views import failed

    answer = failed(RequestFactory().get("/"))

    assert answer.status_code == 500
    assert "pingju/app.css" in answer.content.decode()


def test_my_page_shows_my_payments_in_yuan_and_my_interviews(
    alice: Person, charlie: Person
) -> None:
    PaymentFactory(creator=alice.creator, minor=123_456, subject="创作者年卡")
    PaymentFactory(creator=alice.creator, minor=3_456, kind="refund", subject="退款")
    PaymentFactory(creator=charlie.creator, minor=777, subject="别人的")
    study = StudyFactory(title_zh="分镜怎么做")
    said = transcript_of(
        [("访谈员", "怎么画？"), ("我", "画三天。")], creator=alice.creator, study=study
    )
    alice.client.cookies["django_language"] = "en"

    page = alice.client.get(reverse("portal:me")).content.decode()
    words = alice.client.get(reverse("portal:interview", args=[said.interview_id]))

    assert "¥1,234.56" in page
    assert "−¥34.56" in page
    assert "¥1,200.00" in page
    assert "别人的" not in page
    assert "画三天。" in words.content.decode()
    assert (
        charlie.client.get(reverse("portal:interview", args=[said.interview_id])).status_code == 404
    )
