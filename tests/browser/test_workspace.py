"""The transcript workspace in a real browser: keyboard, corrections, two people, the player, scale."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import House
from tests.browser.test_thread import CHINESE, ENGLISH, Words, enter_admin, speak

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

TEXT = (
    "研究员：最费时间的是哪一步？\n"
    "墨白{mark}：分禁要画三天😀，𠮷野家那张重画了五次。真的很累。\n"
    "研究员：后来呢？\n"
    "墨白{mark}：后来就放弃了，找人代画。一张八十块。\n"
)


def imported(page: Page, mark: str) -> str:
    """Import a transcript by its page; the address of its workspace."""
    page.goto("/admin/crm/interview/import/")
    page.set_input_files(
        "[type=file]",
        {
            "name": f"{mark}.txt",
            "mimeType": "text/plain",
            "buffer": TEXT.format(mark=mark).encode("gb18030"),
        },
    )
    page.locator("form.pj-form button.pj-button").click()
    page.wait_for_url("**/preview/**")
    expect(page.locator("table.pj-review, table.pj-table").first).to_contain_text(f"墨白{mark}")
    page.locator("button[name=import]").click()
    page.wait_for_url("**/workspace/*/")
    return page.url


def painted(page: Page) -> list[str]:
    """What is drawn as highlighted, by the browser's own registry."""
    return page.evaluate(
        "() => [...CSS.highlights].filter(([n]) => /^pj-(for|against)/.test(n))"
        ".flatMap(([, h]) => [...h].map((r) => r.toString())).sort()"
    )


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_a_passage_is_tagged_by_keyboard_alone_and_taken_back(
    page: Page, house: House, words: Words
) -> None:
    speak(page, house, words)
    enter_admin(page, house)
    imported(page, f"键{words.language[:2]}")
    page.locator("#transcript").focus()
    for key in ("ArrowDown", "ArrowDown", "ArrowRight", "t"):
        page.keyboard.press(key)
    expect(page.locator("#tag-quote")).to_have_text("分禁要画三天😀，𠮷野家那张重画了五次。")
    title = f"键盘标的痛点{words.language}"
    page.keyboard.type(title)
    page.keyboard.press("Alt+4")
    page.keyboard.press("Alt+a")
    page.keyboard.press("Enter")

    chip = page.locator(".pj-chip", has_text=title)
    expect(chip).to_contain_text("4/5")
    expect(page.locator(".pj-quote", has=chip).locator("blockquote")).to_have_text(
        "分禁要画三天😀，𠮷野家那张重画了五次。"
    )
    expect(page.locator("#u1 .pj-bar-mark")).to_have_count(1)
    assert painted(page) == ["分禁要画三天😀，𠮷野家那张重画了五次。"]

    # A passage that overlaps it: both are drawn, on two levels.
    for key in ("ArrowRight", "Shift+ArrowLeft", "t"):
        page.keyboard.press(key)
    page.keyboard.type(title)
    page.keyboard.press("Enter")
    expect(page.locator("#u1 .pj-bar-mark")).to_have_count(2)
    page.keyboard.press("u")
    expect(page.locator("#u1 .pj-bar-mark")).to_have_count(1)
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    page.keyboard.press("Escape")
    page.reload()
    assert painted(page) == ["分禁要画三天😀，𠮷野家那张重画了五次。"]


def test_a_correction_carries_highlights_and_lists_what_it_could_not(
    page: Page, house: House
) -> None:
    speak(page, house, CHINESE)
    enter_admin(page, house)
    imported(page, "更正")
    for offset, title in ((0, "会跟着走"), (1, "会丢下")):
        page.locator("#u1 .pj-who").click()
        for _ in range(offset + 1):
            page.keyboard.press("ArrowRight")
        page.keyboard.press("t")
        page.keyboard.type(title)
        page.keyboard.press("Enter")
        expect(page.locator(".pj-chip", has_text=title)).to_be_visible()
    page.locator("#transcript").focus()
    page.keyboard.press("e")
    area = page.locator(".pj-correct textarea")
    area.fill("我说，分镜要画三天😀，𠮷野家那张重画了五次。听不清。")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#version")).to_contain_text("2")
    expect(page.locator("#u1 .pj-said")).to_have_text(
        "我说，分镜要画三天😀，𠮷野家那张重画了五次。听不清。"
    )
    assert painted(page) == ["分镜要画三天😀，𠮷野家那张重画了五次。"]
    lost = page.locator("#lost-list .pj-quote")
    expect(lost).to_contain_text("会丢下")
    # The later turns moved along: what is selected there is still what is stored.
    page.locator("#u3 .pj-who").click()
    page.keyboard.press("ArrowRight")
    page.locator("#lost-list .pj-actions button").click()
    expect(page.locator("#lost")).to_be_hidden()
    assert painted(page) == ["分镜要画三天😀，𠮷野家那张重画了五次。", "后来就放弃了，找人代画。"]
    page.reload()
    assert len(painted(page)) == 2


def test_overlapping_marks_are_drawn_without_the_highlight_api(page: Page, house: House) -> None:
    page.add_init_script("Object.defineProperty(CSS, 'highlights', { value: undefined })")
    speak(page, house, CHINESE)
    enter_admin(page, house)
    imported(page, "旧浏览器")
    for keys in (["ArrowRight"], ["ArrowRight", "Shift+ArrowRight"]):
        page.locator("#u1 .pj-who").click()
        for key in [*keys, "t"]:
            page.keyboard.press(key)
        page.keyboard.type("旧浏览器也能标")
        page.keyboard.press("Enter")
        expect(page.locator("#tag-form")).to_be_hidden()
    expect(page.locator("#u1 mark")).to_have_count(2)
    expect(page.locator("#u1 .pj-said")).to_have_text(
        "分禁要画三天😀，𠮷野家那张重画了五次。真的很累。"
    )
    # Selections over divided text still give code points.
    page.locator("#u1 .pj-who").click()
    for key in ("ArrowRight", "ArrowRight", "t"):
        page.keyboard.press(key)
    expect(page.locator("#tag-quote")).to_have_text("真的很累。")


def colleague(page: Page) -> None:
    """Another administrator, made by the admin's own pages."""
    page.goto("/admin/crm/user/add/")
    page.fill("[name=username]", "second")
    page.fill("[name=password1]", "right horse battery")
    page.fill("[name=password2]", "right horse battery")
    page.locator("button[name=_continue], input[name=_continue]").first.click()
    page.wait_for_url("**/change/")
    for name in ("is_staff", "is_superuser"):
        page.evaluate(f"() => {{ document.querySelector('[name={name}]').checked = true; }}")
    page.locator("button[name=_save], input[name=_save]").first.click()
    page.wait_for_url("**/crm/user/")


@pytest.fixture
def other(chromium: Browser, house: House) -> Iterator[Page]:
    """A second person of the team in a browser of her own."""
    context = chromium.new_context(viewport={"width": 1360, "height": 860}, base_url=house.url)
    context.set_default_timeout(60_000)
    yield context.new_page()
    context.close()


def test_two_people_on_one_transcript_do_not_overwrite_each_other(
    page: Page, other: Page, house: House
) -> None:
    speak(page, house, CHINESE)
    enter_admin(page, house)
    address = imported(page, "两人")
    colleague(page)
    page.goto(address)
    speak(other, house, CHINESE)
    other.goto("/admin/")
    other.fill("[name=login]", "second")
    other.fill("[name=password]", "right horse battery")
    other.press("[name=password]", "Enter")
    other.wait_for_url("**/admin/")
    other.goto(address)
    for tab in (page, other):
        tab.locator("#u1 .pj-who").click()
        tab.locator("#transcript").focus()
        tab.keyboard.press("e")
        expect(tab.locator(".pj-correct textarea")).to_be_visible()
    page.locator(".pj-correct textarea").fill("分镜要画三天😀，𠮷野家那张重画了五次。真的很累。")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#version")).to_contain_text("2")

    other.locator(".pj-correct textarea").fill("分禁要画三天😀，𠮷野家那张重画了五次。真的非常累。")
    other.keyboard.press("Control+Enter")

    expect(other.locator(".pj-correct [role=alert]")).to_be_visible()
    expect(other.locator(".pj-clash blockquote")).to_contain_text("分镜")
    both = "分镜要画三天😀，𠮷野家那张重画了五次。真的非常累。"
    expect(other.locator(".pj-correct textarea")).to_have_value(both)
    other.keyboard.press("Control+Enter")
    expect(other.locator("#version")).to_contain_text("3")
    # The first one sees it without doing anything, and that somebody else is here.
    expect(page.locator("#u1 .pj-said")).to_have_text(both, timeout=20_000)
    expect(page.locator("#here")).to_be_visible()


def test_a_recording_is_heard_where_it_is_clicked_and_followed(page: Page, house: House) -> None:
    speak(page, house, CHINESE)
    enter_admin(page, house)
    page.goto("/admin/crm/interview/?q=灯下拾句")
    page.locator("a[href*='/workspace/']").first.click()
    player = page.locator("#player")
    expect(player).to_be_visible()
    page.wait_for_function("() => document.getElementById('player').readyState >= 1")

    page.locator("#u2 .pj-who").click()

    page.wait_for_function("() => document.getElementById('player').currentTime > 0.2")
    expect(page.locator("#u2")).to_have_class(re.compile("pj-now"), timeout=20_000)
    page.evaluate("() => document.getElementById('player').pause()")
