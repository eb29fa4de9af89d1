"""The studio in a browser without scripts: read, upload, start, watch, say, leave."""

import pytest
from playwright.sync_api import expect

from tests.browser.conftest import House, Visitor

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def test_a_story_becomes_a_storyboard_without_scripts(visitor: Visitor, house: House) -> None:
    page = visitor(java_script_enabled=False, language="en", login="creator", phone=True)
    page.goto("/studio/upload/")
    page.fill("textarea[name=text]", "Chapter 1\n\nFog lay over the river. “Come,” said Mira.\n")
    page.fill("[name=title]", "Plain Fog")
    page.locator("#upload-form button[type=submit]").click()
    page.wait_for_url("**/novels/*/")
    novel = page.url
    expect(page.locator("[data-tick]").first).to_be_hidden()
    for name in ("with_film", "with_frames"):
        page.locator(f"[name={name}]").uncheck()
    page.locator("button[name=quote]").click()
    expect(page.locator("#make")).to_be_visible()
    assert not page.locator("[name=with_frames]").is_checked()
    page.locator("form[data-chapters] .split__side button:not([name=quote])").click()
    page.wait_for_url("**/runs/*/")
    expect(page.locator("#storyboard")).to_be_visible()  # the page looks again by itself
    page.locator(".language button[value=zh-hans]").click()
    expect(page.locator("html")).to_have_attribute("lang", "zh-hans")
    page.goto(page.url)
    page.goto("/studio/voice/")
    page.locator(".pain-lines form").first.locator("[name=importance][value='4']").check(force=True)
    page.locator(".pain-lines form button").first.click()
    expect(page.locator(".pain-lines [name=importance][value='4']").first).to_be_checked()

    page.goto(f"{novel}delete/")  # the sample's novel stays the only one of this creator
    page.locator("main form button[type=submit]").click()
    page.wait_for_url("**/studio/")
    expect(page.locator("main h2", has_text="Plain Fog")).to_have_count(0)
