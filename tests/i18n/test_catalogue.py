"""The Chinese catalogue is whole, and its command extracts what templates and code say."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po
from django.conf import settings

from config.management.commands import messages

BASE = Path(settings.BASE_DIR)
# Messages that are the same in both languages: none so far has to be.
SAME: set[str] = set()


def _catalogue(text: str) -> Catalog:
    return read_po(io.BytesIO(text.encode()), locale=messages.LANGUAGE)


def _codes(po: str) -> list[str]:
    catalog = _catalogue(po)
    return [problem.code for problem in messages.problems_of(list(catalog), catalog)]


@pytest.fixture
def room(tmp_path: Path) -> Path:
    (tmp_path / "templates").mkdir()
    return tmp_path


def _ids(base: Path) -> set[tuple[str | None, object]]:
    return {
        (message.context, message.id)
        for message in messages.extracted(base)
        if message.id and not any(place.startswith("[") for place, _line in message.locations)
    }


@pytest.mark.parametrize("domain", messages.DOMAINS)
def test_every_message_is_said_in_chinese(domain: str) -> None:
    known = messages.read(messages.catalogue_path(BASE, domain))
    problems = messages.problems_of(messages.wanted(BASE, domain), known)
    assert [str(problem) for problem in problems] == []


@pytest.mark.parametrize("domain", messages.DOMAINS)
def test_no_message_is_left_in_english(domain: str) -> None:
    for message in messages.read(messages.catalogue_path(BASE, domain)):
        for text in [message.string] if isinstance(message.string, str) else message.string:
            english = message.id if isinstance(message.id, str) else message.id[0]
            words = re.sub(r"%%|%\(\w+\)\w", "", text)
            if english and english not in SAME and re.search(r"\w", words):
                assert text != english
                assert re.search(r"[\u3400-\u9fff]", text) or english in SAME, english


def test_chinese_punctuation_is_full_width() -> None:
    half = re.compile(r"[\u3400-\u9fff] ?[,;:!?]|[,;!?][\u3400-\u9fff]|[ ][，。；：！？]")
    for message in messages.read(messages.catalogue_path(BASE)):
        if message.id:
            texts = [message.string] if isinstance(message.string, str) else message.string
            assert [text for text in texts if half.search(text)] == []


def test_a_template_gives_its_plain_counted_trimmed_and_contextual_messages(room: Path) -> None:
    (room / "templates" / "page.html").write_text(
        '{% load i18n %}\n    {% translate "One" %}\n  {% if a %}\n{% translate "50%" %}{% endif %}'
        '{% translate "Open" context "verb" %}{{ _("Three") }}'
        "{% blocktranslate count n=n trimmed %}\n   {{ n }} film\n{% plural %}\n  {{ n }} films\n"
        "{% endblocktranslate %}",
        "utf-8",
    )
    assert _ids(room) >= {
        (None, "One"),
        (None, "50%%"),
        ("verb", "Open"),
        (None, "Three"),
        (None, ("%(n)s film", "%(n)s films")),
    }


def test_code_gives_lazy_joined_and_counted_messages(room: Path) -> None:
    (room / "crm").mkdir()
    (room / "crm" / "words.py").write_text(
        '_("one "\n  "two")\nngettext("%(n)s a", "%(n)s b", 2)\npgettext_lazy("verb", "Run")\n'
        'npgettext_lazy("unit", "a", "b", 1)\n',
        "utf-8",
    )
    assert _ids(room) == {
        (None, "one two"),
        (None, ("%(n)s a", "%(n)s b")),
        ("verb", "Run"),
        ("unit", ("a", "b")),
    }


def test_a_message_without_chinese_is_a_problem() -> None:
    assert _codes('msgid "Film"\nmsgstr ""\n') == ["missing"]
    assert _codes('msgid "a"\nmsgid_plural "b"\nmsgstr[0] ""\n') == ["missing"]


def test_a_doubtful_message_is_a_problem() -> None:
    assert _codes('#, fuzzy\nmsgid "Film"\nmsgstr "成片"\n') == ["doubtful"]


@pytest.mark.parametrize(
    ("english", "chinese"),
    [
        ("%(n)s films", "部成片"),
        ("%(n)s films", "%(m)s 部成片"),
        ("%(n)s films", "%(n)d 部成片"),
        ("%(n)s%% done", "完成 %(n)s%"),
        ("%s of %d", "%d / %s"),
    ],
)
def test_other_placeholders_than_the_english_are_a_problem(english: str, chinese: str) -> None:
    po = f'#, python-format\nmsgid "{english}"\nmsgstr "{chinese}"\n'
    assert _codes(po) == ["placeholders"]


def test_placeholders_in_another_order_are_no_problem() -> None:
    po = '#, python-format\nmsgid "%(a)s of %(b)s"\nmsgstr "%(b)s 的 %(a)s"\n'
    assert _codes(po) == []


def test_the_catalogue_is_the_same_file_whenever_it_is_written(tmp_path: Path) -> None:
    path = messages.catalogue_path(BASE)
    copy = tmp_path / "django.po"
    messages.write(messages.read(path), copy)
    assert copy.read_text("utf-8") == path.read_text("utf-8")
    assert "Date" not in copy.read_text("utf-8").split("\n\n")[0]
