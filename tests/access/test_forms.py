"""No value of any field brings a page down: the forms as the pages have them, one field at a time."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from django.urls import resolve

from tests.access.forms import Form, Forms
from tests.access.table import TABLE
from tests.access.walk import Audience, got_by_owners, visit
from tests.access.world import World

# A number that Python will not read, which is also a long text; a digit that is no number.
HOSTILE = ("9" * 5000, "²")
NUL = "a\0b"  # PostgreSQL keeps it in no text
OURS = (Audience.PUBLIC, Audience.CREATOR, Audience.KNOWN)


def fields(world: World) -> Iterator[tuple[Form, str]]:
    """Every field of the forms outside the admin once, by where it is sent; with its form."""
    seen = set()
    for got in got_by_owners(world, TABLE).values():
        if got.page is None or got.row.audience not in OURS:
            continue
        for form in Forms(got.page.decode(), got.url.partition("?")[0]).found:
            view = resolve(form.action.partition("?")[0]).view_name
            for field in form.fields:
                mark = (view, form.method, re.sub(r"\d+", "0", field))
                if field != "csrfmiddlewaretoken" and mark not in seen:
                    seen.add(mark)
                    yield form, field


def answered(world: World, form: Form, field: str, value: str) -> str:
    """What is wrong with the answer to the form with this value in the field; empty where nothing."""
    sent = {**form.fields, field: value}
    query = form.method == "GET"
    url = f"{form.action}?{field}={value}" if query else form.action
    answer = visit(world.alice.client, form.method, url, None if query else sent)
    return f"{url[:80]} {field}={value[:3]!r}: {answer.error}" if answer.status >= 500 else ""


def test_no_value_of_any_field_brings_a_page_down(world: World) -> None:
    found = list(fields(world))

    faults = [answered(world, form, field, value) for form, field in found for value in HOSTILE]
    # that one is refused before any view reads the form, so a field of each form tells enough
    faults += [answered(world, form, field, NUL) for form, field in by_form(found)]

    assert len(found) > 80
    assert [fault for fault in faults if fault] == []


def by_form(found: list[tuple[Form, str]]) -> list[tuple[Form, str]]:
    """The first field of each form."""
    return list({form.action: (form, field) for form, field in reversed(found)}.values())


def test_text_that_cannot_be_kept_is_refused_wherever_it_stands(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = next(form for form, _field in fields(world) if form.action.endswith("/voice/report/"))
    page = "/studio/me/notices/?unread=%00"

    assert (
        visit(world.alice.client, "POST", form.action, {**form.fields, "words": NUL}).status == 400
    )
    assert visit(world.alice.client, "GET", page).status == 400
    monkeypatch.setattr("config.middleware.KeepableTextMiddleware.process_view", lambda *_: None)
    again = world.alice.again().client
    assert visit(again, "POST", form.action, {**form.fields, "words": NUL}).status == 500


def test_a_page_that_reads_any_digits_as_a_number_is_reported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.views.voice.whole_number", lambda text, *_: int(text))
    form = next(form for form, _field in fields(world) if form.action.endswith("/voice/rate/"))

    assert "ValueError" in answered(world, form, "pain", HOSTILE[0])
    assert "ValueError" in answered(world, form, "pain", HOSTILE[1])
