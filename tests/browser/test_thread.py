"""The thread through the whole house, walked by mouse and keyboard in both languages.

With PINGJU_PICTURES set to a folder, the pages that the README shows are kept there.
"""

import os
import re
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, choose, sign_in

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

BILL = Path(__file__).resolve().parents[2] / "config/sample/data/bill_wechat.csv"


class Words(NamedTuple):
    language: str
    first: str
    against: str
    creators: str
    why: str
    done: str


CHINESE = Words("zh-hans", "无凭据", "反证", "创作者", "为什么", "成片")
ENGLISH = Words("en", "No evidence", "Counter-evidence", "Creators", "Why it exists", "Film")


def keep(page: Page, name: str, words: Words) -> None:
    folder = os.environ.get("PINGJU_PICTURES")
    if folder:
        page.wait_for_load_state("load")
        page.screenshot(path=str(Path(folder) / f"{name}-{words.language[:2]}.png"))


def speak(page: Page, house: House, words: Words) -> None:
    choose(page, house, words.language)


def enter_admin(page: Page, house: House) -> None:
    sign_in(page, house, "pm")
    page.goto("/admin/")


def select_with_mouse(page: Page, utterance: int) -> str:
    """Drag over the beginning of an utterance; returns what the form shows as selected."""
    said = page.locator(f"#u{utterance} .pj-said")
    said.scroll_into_view_if_needed()
    box = said.bounding_box()
    assert box is not None
    page.mouse.move(box["x"] + 2, box["y"] + 12)
    page.mouse.down()
    page.mouse.move(box["x"] + 120, box["y"] + 12, steps=8)
    page.mouse.up()
    expect(page.locator("#tag-form")).to_be_visible()
    return page.locator("#tag-quote").inner_text()


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_the_first_page_has_two_doors_and_the_sample_logins(
    page: Page, house: House, words: Words
) -> None:
    speak(page, house, words)

    page.goto("/")

    expect(page.locator("h1")).to_contain_text(words.first)
    expect(page.locator("a[href='/studio/']").first).to_be_visible()
    expect(page.locator("a[href='/admin/']").first).to_be_visible()
    expect(page.locator("code", has_text="pingju-sample").first).to_be_visible()
    keep(page, "home", words)


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_a_product_manager_tags_what_was_said_and_sees_it_counted(
    page: Page, house: House, words: Words
) -> None:
    speak(page, house, words)
    enter_admin(page, house)
    keep(page, "overview", words)

    page.goto("/admin/crm/creator/?tier__exact=mid")
    expect(page.locator("#result_list, .result-list, table").first).to_be_visible()
    keep(page, "creators", words)
    page.goto("/admin/crm/interview/")
    page.locator("a[href*='/workspace/']").first.click()
    quote = select_with_mouse(page, 1)
    assert quote
    title = f"浏览器里标的痛点 {words.language}"
    page.locator("#tag-form [name=title]").fill(title)
    page.locator("#tag-form button.pj-button").click()
    chip = page.locator(".pj-chip", has_text=title)
    expect(chip).to_be_visible()
    expect(page.locator(".pj-quote", has=chip).locator("blockquote")).to_have_text(quote)
    keep(page, "workspace", words)

    page.goto("/admin/insights/painpoint/?q=" + title.replace(" ", "+"))
    page.locator("a[href$='/page/']").first.click()
    expect(page.locator("#quotes blockquote")).to_have_text(quote)
    row = page.locator("#prevalence tbody tr").last
    expect(row.locator("td").nth(0)).to_have_text("1")
    expect(row.locator("td").nth(1)).to_have_text("1")


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_a_pain_point_shows_its_quotes_and_shares_with_n_and_interval(
    page: Page, house: House, words: Words
) -> None:
    speak(page, house, words)
    enter_admin(page, house)

    page.goto("/admin/insights/painpoint/?q=多角色同框串脸")
    page.locator("a[href$='/page/']").first.click()

    everyone = page.locator("#prevalence tbody tr").last.locator("td")
    expect(everyone.nth(1)).to_have_text("14")
    expect(everyone.nth(3)).to_contain_text("–")
    expect(page.locator("#prevalence svg .bar")).not_to_have_count(0)
    expect(page.locator("#against h2")).to_contain_text(words.against)
    keep(page, "pain", words)


def with_a_new_row(bill: str, mark: str) -> str:
    """The bill with its first income once more, under another transaction and order number."""
    lines = bill.splitlines(keepends=True)
    at, row = next((i, line) for i, line in enumerate(lines) if ",收入," in line)
    fresh = re.sub(r"\d{20,}", lambda found: f"{found[0][:-2]}9{len(mark)}", row)
    assert fresh != row
    return "".join([*lines[:at], fresh, *lines[at:]])


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_the_alarm_and_the_ranking_say_what_they_rest_on(
    page: Page, house: House, words: Words
) -> None:
    speak(page, house, words)
    enter_admin(page, house)
    page.locator("a[href$='/alarmchange/now/']").last.click()
    expect(page.locator("table tbody tr")).not_to_have_count(0)
    keep(page, "alarm", words)

    page.goto("/admin/insights/painpoint/statistics/ranking/")
    expect(page.locator("svg").first).to_be_visible()
    keep(page, "ranking", words)
    page.goto("/admin/insights/need/money/rates/")
    expect(page.locator("svg").first).to_be_visible()
    keep(page, "money", words)
    page.goto("/admin/insights/evidence/search/?q=串脸")
    expect(page.locator("mark").first).to_have_text("串脸")
    keep(page, "search", words)


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_a_bill_is_booked_once_and_stands_behind_a_dossier(
    page: Page, house: House, words: Words, tmp_path: Path
) -> None:
    speak(page, house, words)
    enter_admin(page, house)
    bill = tmp_path / "微信支付账单.csv"
    bill.write_bytes(BILL.read_bytes())

    page.goto("/admin/crm/payment/import/")
    page.set_input_files("[type=file]", str(bill))
    page.locator("button.pj-button").click()
    expect(page.locator("a.pj-becomes-duplicate")).to_contain_text("45")
    expect(page.locator("button[name=book]")).to_have_count(0)  # it was all there already
    page.locator("button[name=discard]").click()

    bill.write_text(with_a_new_row(BILL.read_text("utf-8"), words.language), "utf-8")
    page.goto("/admin/crm/payment/import/")
    page.set_input_files("[type=file]", str(bill))
    page.locator("button.pj-button").click()
    expect(page.locator("a.pj-becomes-new")).to_contain_text("1")
    keep(page, "bill", words)
    page.locator("button[name=book]").click()
    page.wait_for_url("**/paymentimport/**")
    facts = page.locator("#content").inner_text()
    assert re.search(r"\b45\b", facts), facts  # every other charge and refund is a duplicate
    page.goto("/admin/generation/feature/fixed_characters/dossier/")
    expect(page.get_by_role("heading", name=re.compile(words.why))).to_be_visible()
    expect(page.locator(".pj-quote")).not_to_have_count(0)
    expect(page.locator("#payments tbody tr").first.locator("td").nth(1)).to_have_text("8")
    keep(page, "dossier", words)


@pytest.mark.parametrize("words", [CHINESE, ENGLISH], ids=["zh", "en"])
def test_a_wrong_password_and_a_wrong_file_get_a_clear_word(
    page: Page, house: House, words: Words, tmp_path: Path
) -> None:
    speak(page, house, words)
    page.goto("/studio/")
    page.fill("[name=login]", "creator")
    page.fill("[name=password]", "not-the-password")
    page.press("[name=password]", "Enter")
    expect(page.locator("[role=alert], .errorlist").first).to_be_visible()

    page.fill("[name=login]", "creator")
    page.fill("[name=password]", "pingju-sample")
    page.press("[name=password]", "Enter")
    page.wait_for_url("**/studio/**")
    page.goto("/studio/upload/")
    pdf = tmp_path / "小说.txt"
    pdf.write_bytes(b"%PDF-1.7\n" + bytes(range(256)) * 20)
    page.set_input_files("[type=file]", str(pdf))
    page.locator("#upload-form button[type=submit]").click()
    expect(page.locator("#upload-form [role=alert]", has_text="PDF").first).to_be_visible()
