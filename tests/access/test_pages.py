"""Every page outside the admin under axe, in light and in dark: by the table of routes, none forgotten.

The pages are rendered in the world of the access walk and shown to a browser from memory, with the
policy they are sent with; how the sample's pages feel in a running house is tests/browser/test_axe.py.
"""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.conf import settings

from tests.access.pages import Shown, not_walked, pages
from tests.access.plain import Plain
from tests.access.showing import shown_to_chromium
from tests.access.table import TABLE
from tests.access.walk import got_by_owners
from tests.access.world import World
from tests.browser.axe import CONTRAST, violations

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TEMPLATES = Path(settings.BASE_DIR) / "templates"
# Templates of pages that no moment here leads to, with the test that does.
SHOWN_ELSEWHERE = {
    "socialaccount/login.html": "tests/browser/test_entrance.py",
    "socialaccount/signup.html": "tests/browser/test_entrance.py",
    "socialaccount/connections.html": "tests/browser/test_entrance.py",
    "socialaccount/login_cancelled.html": "tests/browser/test_entrance.py",
    "socialaccount/authentication_error.html": "tests/browser/test_entrance.py",
}
_shown: list[Shown] = []


@pytest.fixture
def shown(world: World) -> list[Shown]:
    if not _shown:
        _shown.extend(pages(world))
    return _shown


def outside_admin(shown: list[Shown]) -> list[Shown]:
    """What creators and visitors meet; the admin's pages stand in a skin that is not ours."""
    return [one for one in shown if not one.url.startswith("/admin/")]


def whole_pages() -> Iterator[str]:
    """Every template that is a page by itself."""
    for path in sorted(TEMPLATES.rglob("*.html")):
        name = path.relative_to(TEMPLATES).as_posix()
        layout = path.name.startswith("_") or "layouts" in path.parts or "base" in path.name
        if not layout and re.search(r"{%\s*extends", path.read_text("utf-8")):
            yield name


def test_every_page_of_the_table_of_routes_is_walked(world: World, shown: list[Shown]) -> None:
    assert not_walked(got_by_owners(world, TABLE), shown) == set()


def test_every_template_of_a_page_is_walked(shown: list[Shown]) -> None:
    seen = {name for one in shown for name in one.templates}

    assert set(whole_pages()) - seen - set(SHOWN_ELSEWHERE) == set()
    assert set(SHOWN_ELSEWHERE) & seen == set()


def test_every_page_of_the_portal_works_without_scripts(shown: list[Shown]) -> None:
    ours = outside_admin(shown)

    dead = {one.name: Plain(one.body.decode()).dead for one in ours}

    assert {name: lines for name, lines in dead.items() if lines} == {}


@pytest.mark.parametrize(
    "markup",
    [
        "<button type='button'>Go</button>", "<button>Go</button>", "<a href='#nowhere'>Go</a>",
        "<a href='javascript:go()'>Go</a>", "<div hx-get='/x/' hx-trigger='click'></div>",
        "<form method='put'></form>",
    ],
)  # fmt: skip
def test_what_is_dead_without_scripts_is_seen(markup: str) -> None:
    assert Plain(f"<main>{markup}</main>").dead != []


def test_no_page_breaks_a_rule_of_axe_in_light_or_dark(shown: list[Shown]) -> None:
    """All rules of every page in the light; the contrast again in the dark of each page that brings
    an element, by tag and classes, which no page before it had: colours hang on nothing else."""
    told: dict[str, list[str]] = {}
    known: set[str] = set()
    ours = outside_admin(shown)
    with shown_to_chromium(ours) as (page, addresses):
        for one, address in zip(ours, addresses, strict=True):
            page.goto(address, wait_until="load")
            told[one.name] = violations(page)
            if new := set(page.evaluate(ELEMENTS)) - known:
                known |= new
                page.emulate_media(color_scheme="dark")
                told[f"{one.name}, dark"] = violations(page, CONTRAST)
                page.emulate_media(color_scheme="light")

    assert len(told) > 150
    assert {name: found for name, found in told.items() if found} == {}


ELEMENTS = """() => Array.from(document.querySelectorAll("body *"), (one) =>
  `${one.tagName} ${one.getAttribute("class") ?? ""}`)"""


def test_a_page_that_breaks_a_rule_is_found_in_light_and_in_dark() -> None:
    faint = "<style>@media (prefers-color-scheme: dark) {p {color: #222; background: #111}}</style>"
    page = (
        f"<html lang=en><title>Faint</title><main><h1>A</h1><p>faint</p>{faint}<img src=x></main>"
    )
    with shown_to_chromium([Shown("faint", "/", page.encode(), "", frozenset())]) as (tab, (at,)):
        tab.goto(at)
        light = violations(tab)
        tab.emulate_media(color_scheme="dark")
        dark = violations(tab, CONTRAST)

    assert [line.split()[0] for line in light] == ["image-alt"]
    assert [line.split()[0] for line in dark] == ["color-contrast"]
