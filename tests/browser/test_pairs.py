"""Blind pairs by the keyboard alone, as a rater works through them."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House
from tests.browser.test_thread import CHINESE, enter_admin, speak

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]


def token(page: Page) -> str:
    action = page.locator("[data-pair]").get_attribute("action") or ""
    return action.rstrip("/").split("/")[-2]


def test_pairs_are_judged_and_taken_back_by_keys(page: Page, house: House) -> None:
    speak(page, house, CHINESE)
    enter_admin(page, house)
    page.goto("/admin/generation/evaluation/pairs/1/")
    first = token(page)
    state = page.locator(".pair-state").inner_text()

    page.keyboard.press("1")
    expect(page.locator("[data-pair]")).not_to_have_attribute("action", f"/{first}/")
    page.wait_for_function(
        "told => document.querySelector('.pair-state').innerText !== told", arg=state
    )
    second = token(page)
    assert second != first

    page.keyboard.press("u")
    page.wait_for_function(
        "told => document.querySelector('.pair-state').innerText === told", arg=state
    )
    assert token(page) == first

    page.keyboard.press("x")  # no key of ours: nothing happens
    page.keyboard.press("Control+1")
    assert token(page) == first
