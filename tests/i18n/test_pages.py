"""Pages speak one language: no English word in Chinese ones, no Chinese in English ones."""

from __future__ import annotations

import re

import pytest
from django.test import Client
from django.urls import reverse
from lxml import html

from insights.models import PainPoint
from tests.conftest import Person

# Names of things, not words: the language switch, the login, formats and units of the trade.
NAMES = {"en", "EN", "English", "zh-hans", "AI", "token", "esc", "MB", "JavaScript"}
NAMES |= {"UTF-8", "UTF-16", "GB18030", "GBK", "Big5"}
NAMES |= {"txt", "md", "html", "epub", "docx", "zip"}
OWN = {"staff", "staff@example.org", "alice"}
CHINESE_NAMES = {"中", "中文", "简体中文"}
SILENT = {"script", "style", "noscript", "template", "code"}
SPOKEN = ("title", "placeholder", "aria-label", "alt")


@pytest.fixture
def pain(db: None) -> PainPoint:
    return PainPoint.objects.create(title_zh="画面前后不一", title_en="Frames differ")


def _said(page: str) -> list[str]:
    """Every text and every attribute that is read to a person; icons are drawn from ligatures."""
    said = []
    for node in html.document_fromstring(page).iter():
        if not isinstance(node.tag, str):
            continue
        hidden = node.tag in SILENT or "material-symbols" in (node.get("class") or "")
        said += [node.text or ""] if not hidden else []
        said += [node.tail or "", *(node.get(name) or "" for name in SPOKEN)]
    return [" ".join(text.split()) for text in said if text.strip()]


def _page(client: Client, address: str, language: str) -> list[str]:
    client.cookies["django_language"] = language
    answer = client.get(address)
    assert answer.status_code == 200
    return _said(answer.content.decode())


def _english(said: list[str]) -> set[str]:
    return (
        {word for text in said for word in re.findall(r"[A-Za-z][\w@.-]+", text, re.A)}
        - NAMES
        - OWN
    )


def _chinese(said: list[str]) -> set[str]:
    return {run for text in said for run in re.findall("[\u3400-\u9fff]+", text)} - CHINESE_NAMES


def test_the_front_page_speaks_one_language(db: None) -> None:
    assert _english(_page(Client(), reverse("home"), "zh-hans")) == set()
    assert _chinese(_page(Client(), reverse("home"), "en")) == set()


def test_the_desk_of_the_team_speaks_one_language(staff: Person, pain: PainPoint) -> None:
    address = reverse("admin:index")
    assert _english(_page(staff.client, address, "zh-hans")) == set()
    assert _chinese(_page(staff.client, address, "en")) == set()


def test_the_page_of_a_pain_point_speaks_one_language(staff: Person, pain: PainPoint) -> None:
    address = reverse("admin:insights_pain_page", args=[pain.pk])
    said = _page(staff.client, address, "zh-hans")
    assert "画面前后不一" in " ".join(said)
    assert _english(said) - {"Wilson", "CSV", "PNG", "SVG"} == set()
    assert _chinese(_page(staff.client, address, "en")) == set()


def test_the_studio_speaks_one_language(alice: Person) -> None:
    address = reverse("portal:novel_list")
    assert _english(_page(alice.client, address, "zh-hans")) == set()
    assert _chinese(_page(alice.client, address, "en")) - {"的笔名"} == set()


def test_the_sign_in_page_speaks_one_language(db: None) -> None:
    assert _english(_page(Client(), reverse("account_login"), "zh-hans")) == set()
    assert _chinese(_page(Client(), reverse("account_login"), "en")) == set()


def test_the_admins_scripts_speak_chinese(staff: Person) -> None:
    staff.client.cookies["django_language"] = "zh-hans"
    catalogue = staff.client.get(reverse("admin:jsi18n")).content.decode()
    assert "\\u9009\\u62e9\\u5168\\u90e8%s" in catalogue or "选择全部%s" in catalogue
