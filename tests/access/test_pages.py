"""Every page of the house under axe, in light and in dark: by the table of routes, none forgotten.

The pages are rendered in the world of the access walk and shown to a browser from memory, with the
policy they are sent with; how the sample's pages feel in a running house is tests/browser/test_axe.py.
"""

import io
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest
from django.conf import settings
from django.contrib.staticfiles import finders
from PIL import Image
from playwright.sync_api import Page, Route, sync_playwright

from tests.access.pages import Shown, not_walked, pages
from tests.access.plain import Plain
from tests.access.table import TABLE
from tests.access.walk import got_by_owners
from tests.access.world import World
from tests.browser.axe import CONTRAST, violations
from tests.browser.conftest import CHROMIUM, DESKTOP, QUIET

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

HOUSE = "http://pingju.example"
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
    ours = [one for one in shown if not one.url.startswith("/admin/")]

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


def serve(page: Page, shown: list[Shown]) -> None:
    """Pages by their place in the list, styles and scripts from the sources, pictures as a dot."""
    dot = io.BytesIO()
    Image.new("RGB", (8, 8), (90, 120, 160)).save(dot, "PNG")

    def answer(route: Route) -> None:
        parts = urlsplit(route.request.url)
        if parts.query.startswith("place="):
            one = shown[int(parts.query.removeprefix("place="))]
            headers = {"Content-Type": "text/html; charset=utf-8"}
            route.fulfill(body=one.body, headers=headers | _policy(one))
        elif parts.path.startswith(settings.STATIC_URL):
            found = finders.find(unquote(parts.path.removeprefix(settings.STATIC_URL)))
            route.fulfill(path=str(found)) if found else route.fulfill(status=404)
        elif route.request.resource_type == "image":
            route.fulfill(body=dot.getvalue(), content_type="image/png")
        else:
            route.fulfill(status=404)

    page.route("**/*", answer)


def _policy(one: Shown) -> dict[str, str]:
    return {"Content-Security-Policy": one.policy} if one.policy else {}


def test_no_page_breaks_a_rule_of_axe_in_light_or_dark(shown: list[Shown]) -> None:
    if not CHROMIUM:
        pytest.skip("no Chromium here: install it, or name it in PINGJU_CHROMIUM")
    told: dict[str, list[str]] = {}
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        page = browser.new_page(viewport=DESKTOP, reduced_motion="reduce")  # type: ignore[arg-type]
        serve(page, shown)
        for place, one in enumerate(shown):
            page.emulate_media(color_scheme="light")
            page.goto(f"{HOUSE}{urlsplit(one.url).path}?place={place}", wait_until="load")
            told[one.name] = violations(page)
            page.emulate_media(color_scheme="dark")
            told[f"{one.name}, dark"] = violations(page, CONTRAST)
        browser.close()

    assert {name: found for name, found in told.items() if found} == {}
