"""The codebook restructured in a real browser: dragged, by keyboard, and taken back."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser.conftest import House
from tests.browser.test_thread import CHINESE, enter_admin, speak

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

PLACES = """() => [...document.querySelectorAll(".book-line")].map((row) => [
    row.dataset.pain, row.dataset.parent,
    row.closest("tbody").querySelector(".book-step").dataset.step])"""


def line(page: Page, pain: str) -> Locator:
    return page.locator(f"#p{pain}")


def test_pain_points_are_dragged_moved_by_keys_and_taken_back(page: Page, house: House) -> None:
    speak(page, house, CHINESE)
    enter_admin(page, house)
    page.goto("/admin/insights/painpoint/codebook/")
    before = page.evaluate(PLACES)
    tops = [(pain, step) for pain, parent, step in before if not parent]
    onto, its_step = tops[0]
    pain, home = next(top for top in reversed(tops) if top[1] != its_step)

    line(page, pain).drag_to(line(page, onto))
    expect(line(page, pain)).to_have_attribute("data-parent", onto)
    expect(line(page, pain)).to_be_focused()

    page.keyboard.press("Alt+ArrowLeft")
    expect(line(page, pain)).to_have_attribute("data-parent", "")
    assert [pain, "", its_step] in page.evaluate(PLACES)

    line(page, pain).drag_to(page.locator(f".book-step[data-step='{home}']"))
    expect(page.locator(f"tbody:has(.book-step[data-step='{home}']) #p{pain}")).to_be_focused()
    assert page.evaluate(PLACES) == before

    # A part of the one above it, and back, by the history: the newest first, each once.
    below = next(
        after[0]
        for above, after in zip(before, before[1:], strict=False)
        if above[2] == after[2] and not above[1] and not after[1]
    )
    line(page, below).focus()
    page.keyboard.press("Alt+ArrowRight")
    expect(line(page, below)).not_to_have_attribute("data-parent", "")
    for left in (3, 2, 1, 0):
        page.locator("#history form button").first.click()
        expect(page.locator("#history form button")).to_have_count(left)
    assert page.evaluate(PLACES) == before
