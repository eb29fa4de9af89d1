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

# A number that Python will not read, which is also a long text; a digit that is no number; and a
# character that PostgreSQL keeps in no text.
HOSTILE = ("9" * 5000, "²", "a\0b")
OURS = (Audience.PUBLIC, Audience.CREATOR, Audience.KNOWN)


def forms(world: World) -> Iterator[Form]:
    """Every form of the pages outside the admin once, by where it is sent and what it holds."""
    seen = set()
    for got in got_by_owners(world, TABLE).values():
        if got.page is None or got.row.audience not in OURS:
            continue
        for form in Forms(got.page.decode(), got.url.partition("?")[0]).found:
            view = resolve(form.action.partition("?")[0]).view_name
            mark = (view, form.method, re.sub(r"\d+", "0", " ".join(form.fields)))
            if mark not in seen:
                seen.add(mark)
                yield form


def answered(world: World, form: Form, field: str, value: str) -> str:
    """What is wrong with the answer to the form with this value in the field; empty where nothing."""
    sent = {**form.fields, field: value}
    query = form.method == "GET"
    url = f"{form.action}?{field}={value}" if query else form.action
    answer = visit(world.alice.client, form.method, url, None if query else sent)
    return f"{url[:80]} {field}={value[:3]!r}: {answer.error}" if answer.status >= 500 else ""


def test_no_value_of_any_field_brings_a_page_down(world: World) -> None:
    found = list(forms(world))
    fields = [(form, field) for form in found for field in form.fields]

    faults = [answered(world, form, field, value) for form, field in fields for value in HOSTILE]

    assert len(found) > 40
    assert len(fields) > 150
    assert [fault for fault in faults if fault] == []


def test_a_page_that_reads_any_digits_as_a_number_is_reported(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("generation.views.voice.whole_number", lambda text, *_: int(text))
    form = next(form for form in forms(world) if form.action.endswith("/voice/rate/"))

    assert "ValueError" in answered(world, form, "pain", HOSTILE[0])
    assert "ValueError" in answered(world, form, "pain", HOSTILE[1])
