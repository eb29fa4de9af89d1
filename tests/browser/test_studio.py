"""The studio by hand: somebody moved on the picture by mouse and keys, a look changed, both drawn."""

import re

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import House, Visitor
from tests.browser.pages import follow

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def place(spot: Locator) -> dict[str, float]:
    return spot.evaluate(
        "spot => Object.fromEntries(['left', 'top', 'width', 'height'].map("
        "side => [side, Number.parseFloat(spot.style[side])]))"
    )


def with_somebody(page: Page) -> None:
    """A shot that somebody stands in; while the sample's film is made, no shot is drawn anew."""
    follow(page, "film")
    follow(page, "pictures")
    tiles = page.locator(".tile", has=page.locator(".tile__body > p.small:not(.soft)"))
    page.goto(tiles.first.locator("a.tile__picture").get_attribute("href") or "")


def test_somebody_is_moved_by_mouse_and_by_keys_and_drawn_there(
    visitor: Visitor, house: House
) -> None:
    page = visitor(language="en", login="creator")
    with_somebody(page)
    spot = page.locator(".spot").first
    before, box = place(spot), spot.bounding_box()
    stage = page.locator("[data-blocking]").bounding_box()
    assert box
    assert stage
    right = before["left"] + before["width"] < 85
    step = (0.1 if right else -0.1) * stage["width"]
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + step / 2, y, steps=4)
    page.mouse.move(x + step, y, steps=4)
    page.mouse.up()
    dragged = place(spot)
    assert abs(dragged["left"] - before["left"] - (10 if right else -10)) <= 1
    assert page.locator("[name=x-0]").input_value() == f"{dragged['left']:.0f}"

    page.mouse.move(x - step, y)  # let go: it no longer follows
    assert place(spot) == dragged
    spot.focus()
    page.keyboard.press("ArrowLeft" if right else "ArrowRight")
    assert place(spot)["left"] == dragged["left"] + (-2 if right else 2)
    page.keyboard.press("Shift+ArrowLeft")
    assert place(spot)["width"] == max(8, before["width"] - 2)

    page.locator("[name=do][value=look]").click()
    expect(page.locator("#change img")).to_be_visible()
    moved = page.locator("[name=x-0]").input_value()
    page.locator("[name=do][value=draw]").click()
    page.wait_for_url(re.compile(r"/batches/\d+/"))
    expect(page.locator(".tag--done")).to_be_visible(timeout=240_000)
    page.locator(".latest a").first.click()
    assert page.locator("[name=x-0]").input_value() == moved
    expect(page.locator(".compare figure")).to_have_count(2)
    used = page.locator(".compare figcaption").first
    new = used.inner_text()
    page.get_by_role("button", name="Use this one").first.click()
    expect(used).not_to_have_text(new)
    expect(used).to_contain_text("in use")


def test_a_look_is_changed_and_its_shots_are_ticked(visitor: Visitor, house: House) -> None:
    page = visitor(language="en", login="creator", phone=True)
    follow(page, "pictures")
    page.locator(".sheets summary").click()
    page.goto(page.locator(".sheets a[href*='/studio/cast/']").last.get_attribute("href") or "")
    page.locator("select[name=headgear]").select_option("straw_hat")
    page.locator("[name=do][value=look]").click()
    expect(page.locator("#change ins")).to_contain_text(re.compile("斗笠|straw hat"))
    page.locator("[name=do][value=save]").click()
    ticked = page.locator("input[name=shot]:checked")
    expect(page.locator("[data-ticked]")).to_have_text(re.compile(r"\(\d+\)"))
    assert ticked.count() > 0
    wide = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
    assert wide <= 0
