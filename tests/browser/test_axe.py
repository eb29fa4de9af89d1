"""Every page of the portal under axe: what a screen reader or a keyboard would stumble over."""

from pathlib import Path
from typing import Any

import axe_playwright_python
import pytest
from playwright.sync_api import Page, Response

from tests.browser.conftest import House

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
PUBLIC = ["/", "/accounts/login/", "/accounts/signup/", "/accounts/password/reset/"]
OWN = [
    "/studio/",
    "/studio/upload/",
    "/studio/welcome/",
    "/studio/voice/",
    "/studio/answers/",
    "/studio/me/",
    "/studio/me/data/",
    "/studio/me/leave/",
    "/studio/me/withdraw/",
    "/studio/me/plan/",
    "/accounts/",
    "/accounts/2fa/",
    "/accounts/sessions/",
    "/accounts/email/",
]


def violations(page: Page) -> list[str]:
    """Rule, impact and first place of what axe finds on the page as it stands."""
    page.evaluate(AXE)
    found: dict[str, Any] = page.evaluate(
        "() => axe.run(document, {runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa',"
        " 'best-practice']})"
    )
    return [
        f"{item['id']} ({item['impact']}): {item['nodes'][0]['html'][:160]}"
        for item in found["violations"]
    ]


def enter(page: Page) -> None:
    page.goto("/accounts/login/")
    page.fill("[name=login]", "creator")
    page.fill("[name=password]", "pingju-sample")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/studio/")


@pytest.mark.parametrize(("language", "dark"), [("zh-hans", False), ("en", True)])
def test_no_page_of_the_portal_breaks_a_rule_of_axe(
    page: Page, house: House, language: str, dark: bool
) -> None:
    page.context.add_cookies([{"name": "django_language", "value": language, "url": house.url}])
    page.emulate_media(color_scheme="dark" if dark else "light", reduced_motion="reduce")
    told = {}
    for path in PUBLIC:
        page.goto(path)
        told[path] = violations(page)
    enter(page)
    novel = page.locator("a[href*='/studio/novels/']").first.get_attribute("href")
    run = page.locator("a[href*='/studio/runs/']").first.get_attribute("href")
    for path in [*OWN, *(link for link in (novel, run) if link)]:
        page.goto(path)
        told[path] = violations(page)

    assert {path: found for path, found in told.items() if found} == {}


def test_axe_finds_what_is_wrong(page: Page, house: House) -> None:
    page.goto("/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<main><img src=x></main>')")

    assert any("image-alt" in line for line in violations(page))


def test_the_first_page_weighs_little(page: Page, house: House) -> None:
    """What a phone has to fetch before anything shows, pictures and the fallback font aside."""
    fetched: list[Response] = []
    page.on("response", fetched.append)
    page.goto("/", wait_until="load")

    # Bodies are asked for once the page stands: inside the listener the answer may not be there yet.
    weight = sum(
        len(response.body())
        for response in fetched
        if response.request.resource_type in ("document", "stylesheet", "script")
    )
    assert 0 < weight < 300_000, "uncompressed; a third of it travels"
