"""A creator's whole way through the house, at a desk in Chinese and on a phone in English.

From signing up to leaving for good, by mouse, finger and forms; nothing is put into the database
by hand. The team's part (an interview brought in, a passage marked) is walked in its own browser.
"""

import base64
import json
import re
import uuid
import zipfile
from pathlib import Path
from typing import NamedTuple

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import House, Visitor
from tests.story.books import epub, word

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

WORKED = 240_000
"""Milliseconds that a worker on a busy machine may take; nothing waits for it longer than it has to."""


class Way(NamedTuple):
    """Who walks, with a book of headings and texts; `nobody` is found in the text and is really `somebody`, to be called `called`."""

    language: str
    phone: bool
    pen: str
    novel: str
    parts: list[tuple[str, str]]
    chapter: str
    nobody: str
    somebody: str
    called: str
    pain: str
    said: str
    passage: str


DESK = Way(
    language="zh-hans",
    phone=False,
    pen="渡口听风",
    novel="渡口.epub",
    parts=[
        (
            "第一章 渡口",
            "清晨，江边起了雾。青衣少年沈砚背着竹箱站在渡口，白发老者陆九撑着伞走来。\n\n"
            "沈砚道：“这船还开吗？”\n\n陆九笑道：“雾散了就开。”\n\n船家道：“两位，上船吧。”",
        ),
        ("第二章 江上", "两人上了船。沈砚看江水向东流去。"),
    ],
    chapter="第一章 雾中渡口",
    nobody="船家",
    somebody="陆九",
    called="陆九渊",
    pain="转场时背景总是变，每次都要重画。",
    said="背景一变，整集都要返工，一集要多花三个晚上。",
    passage="整集都要返工",
)
PHONE = Way(
    language="en",
    phone=True,
    pen="Ferry Wind",
    novel="The Ferry.docx",
    parts=[
        (
            "Chapter 1: The Ferry",
            "Fog lay over the river at dawn. Mira, a young woman in a green coat, "
            "waited at the ferry with a wooden box. Old Tobias came along with an umbrella.\n\n"
            "“Does the boat still run?” Mira asked.\n\n“When the fog lifts,” said Tobias.\n\n"
            "“Come aboard, both of you,” said Harlan.",
        ),
        ("Chapter 2: On the River", "They went aboard. Tobias closed his umbrella."),
    ],
    chapter="Chapter 1: Fog at the Ferry",
    nobody="Harlan",
    somebody="Old Tobias",
    called="Tobias Grey",
    pain="The background changes between shots, so I draw everything again.",
    said="When the background changes I redo the whole episode, three evenings each time.",
    passage="I redo the whole episode",
)


def send(page: Page, form: str) -> None:
    """Press the button of the form that is sent to such an address."""
    page.locator(f"form[action$='{form}'] button[type=submit]").first.click()


def signed_up(page: Page, way: Way) -> None:
    page.goto("/")
    page.locator("a[href^='/accounts/signup/']").first.click()
    page.fill("[name=name]", way.pen)
    page.fill("[name=email]", f"{uuid.uuid4().hex}@example.org")
    page.fill("[name=password1]", "long-enough-for-us-7")
    page.locator("form[action$='/accounts/signup/'] button[type=submit]").click()
    page.wait_for_url("**/studio/welcome/")
    page.fill("[name=followers]", "120000")
    page.locator("main form button[type=submit]").first.click()
    page.wait_for_url("**/runs/*/")  # the story to play with; it makes room for ours
    send(page, "/cancel/")
    expect(page.locator("form[action$='/resume/']")).to_be_visible(timeout=WORKED)


def dropped(page: Page, way: Way) -> None:
    """The book let go over the field, as an epub out of a folder."""
    pages = {
        f"{at}.xhtml": f"<h2>{heading}</h2>"
        + "".join(f"<p>{one}</p>" for one in text.split("\n\n"))
        for at, (heading, text) in enumerate(way.parts)
    }
    book = base64.b64encode(epub(pages, title=Path(way.novel).stem)).decode()
    held = page.evaluate_handle(
        """([name, book]) => {
          const held = new DataTransfer();
          held.items.add(new File([Uint8Array.from(atob(book), (one) => one.charCodeAt(0))], name));
          return held;
        }""",
        [way.novel, book],
    )
    page.dispatch_event(".drop", "drop", {"dataTransfer": held})


def uploaded(page: Page, way: Way) -> str:
    """The novel's address, with its first chapter named as it should be."""
    page.locator("header a[href$='/studio/upload/']").click()
    if way.phone:
        kind = "application/vnd.openxmlformats-officedocument.wordprocessingml.document"
        book = {"name": way.novel, "mimeType": kind, "buffer": word(way.parts)}
        page.set_input_files("[type=file]", book)  # type: ignore[arg-type]
    else:
        dropped(page, way)
    expect(page.locator("[data-file-name]")).to_have_text(way.novel)
    page.locator("#upload-form button[type=submit]").click()
    page.wait_for_url("**/novels/*/")
    address = page.url
    page.locator("a[href$='/chapters/']").click()
    first = page.locator(".division__row").first
    first.locator("[name=title]").fill(way.chapter)
    first.locator("form.division__title button").click()
    expect(page.locator(".division__row").first.locator("[name=title]")).to_have_value(way.chapter)
    page.goto(address)
    expect(page.locator(".chapters")).to_contain_text(way.chapter)
    return address


def made(page: Page, novel: str, *, pictures: bool) -> None:
    """A storyboard of the whole novel, with or without pictures, no film yet."""
    page.goto(novel)
    page.fill("[name=film_minutes]", "0.1")
    page.locator("[name=with_film]").uncheck()
    if not pictures:
        page.locator("[name=with_frames]").uncheck()
    page.locator("form[data-chapters] .split__side button.button--wide").first.click()
    page.wait_for_url("**/runs/*/")
    expect(page.locator("#progress")).to_have_count(0, timeout=WORKED)
    expect(page.locator("#cast")).to_be_visible()


def people_corrected(page: Page, novel: str, way: Way) -> None:
    """Two of the cast are one, who gets another name."""
    page.goto(f"{novel}cast/")
    for name, kind, other in (
        (way.nobody, "merge", way.somebody),
        (way.somebody, "rename", way.called),
    ):
        card = page.locator(".who-is-who > li", has=page.locator(f"h2:text-is('{name}')"))
        card.locator("details > summary").click()
        form = card.locator("form", has=page.locator(f"[name=kind][value={kind}]"))
        form.locator("[name=other]").fill(other)
        form.locator("button").click()
        expect(page.locator("#corrections ~ ul")).to_contain_text(other)


def shot_redone(page: Page) -> None:
    run = page.url
    page.goto(f"{run.rstrip('/')}/studio/")
    page.locator("a.tile__picture").first.click()
    page.wait_for_url("**/shots/*/")
    shot = page.url
    expect(page.locator(".version")).to_have_count(1)
    others = page.locator("#framing option:not([selected])")
    page.select_option("#framing", others.first.get_attribute("value"))
    page.locator("button[name=do][value=draw]").click()
    page.wait_for_url("**/batches/*/")
    expect(page.locator("main .tag--done")).to_be_visible(timeout=WORKED)
    page.goto(shot)
    expect(page.locator(".version")).to_have_count(2)
    expect(page.locator(".version--current")).to_contain_text("v2")
    page.goto(run)


def filmed(page: Page) -> None:
    """From the run's page to its film, which plays."""
    run = page.url
    page.locator("main a[href$='/film/']").first.click()
    page.locator("#film-form .split__side button.button--wide").first.click()
    expect(page.locator("main video")).to_be_visible(timeout=WORKED)
    page.goto(run)
    played = page.evaluate(
        """async () => { const film = document.querySelector('#film video'); film.muted = true;
            await film.play();
            while (film.currentTime < 0.3 && !film.error) await new Promise((go) => requestAnimationFrame(go));
            return [film.videoWidth, film.error && film.error.message]; }"""
    )
    assert played == [1080, None]


def draft_taken(page: Page, kept: Path) -> None:
    with page.expect_download() as waiting:
        page.locator("a[href$='/draft.zip']").click()
    waiting.value.save_as(kept)
    with zipfile.ZipFile(kept) as archive:
        names = archive.namelist()
    assert any(name.endswith("draft_content.json") for name in names), names


def pain_raised(page: Page, way: Way) -> None:
    page.goto("/studio/voice/")
    page.fill("#words", way.pain)
    form = page.locator("form[action$='/voice/report/']")
    form.locator("[name=importance][value='5']").check(force=True)
    form.locator("[name=satisfaction][value='2']").check(force=True)
    tell = form.locator("button.button[type=submit]").last
    tell.click()
    told, likely = page.locator("section[aria-labelledby=told]"), page.locator("#likely fieldset")
    expect(told.or_(likely).first).to_be_visible()
    if likely.is_visible():  # it resembles a known one; it is not that one, so: once more
        tell.click()
    expect(told).to_contain_text(way.pain)
    known = page.locator(".pain-lines > li").first  # and one that is known, in two taps
    for name, value in (("importance", "4"), ("satisfaction", "2")):
        known.locator(f"[name={name}][value='{value}']").check(force=True)
    expect(known.locator(".tag--done")).to_be_visible()


def interviewed(team: Page, way: Way) -> None:
    """The team's part: what was said comes in, a passage of it is marked."""
    team.goto("/admin/crm/interview/import/")
    said = f"研究员：什么最费时间？\n{way.pen}：{way.said}\n"
    team.set_input_files(
        "[type=file]", {"name": "w.txt", "mimeType": "text/plain", "buffer": said.encode()}
    )
    team.locator("form.pj-form button.pj-button").click()
    team.wait_for_url("**/preview/**")
    team.locator("button[name=import]").click()
    team.wait_for_url("**/workspace/*/")
    team.locator("#u1 .pj-who").click()
    for key in ("ArrowRight", "t"):
        team.keyboard.press(key)
    expect(team.locator("#tag-form")).to_be_visible()
    title = f"背景不一致 {way.language}"
    team.locator("#tag-form [name=title]").fill(title)
    team.locator("#tag-form button.pj-button").click()
    expect(team.locator(".pj-chip", has_text=title)).to_be_visible()


def quote_checked(page: Page, way: Way) -> None:
    page.goto("/studio/me/")
    page.locator("a[href$='/me/words/']").first.click()
    quote = page.locator(".member").first
    expect(quote.locator("blockquote")).to_contain_text(way.passage)
    quote.locator("button[name=verdict][value=right]").click()
    expect(page.locator(".member .tag--given")).to_be_visible()


def plan_changed(page: Page) -> None:
    page.locator("header a[href$='/me/plan/']").click()
    page.locator("form[action$='/plan/buy/'] button[type=submit]").first.click()
    page.locator("button[name=pay][value=yes]").click()
    expect(page.locator("#order-state .note--success")).to_be_visible(timeout=WORKED)
    page.locator("header a[href$='/me/plan/']").click()
    expect(page.locator("section[aria-labelledby=mine] .tag--done")).to_be_visible()
    expect(page.locator("a[href$='/receipt/']")).to_be_visible()


def told(page: Page) -> list[str]:
    """Where the notices lead that the way has left in the bell."""
    page.locator("#bell").click()
    expect(page.locator(".notice--new").first).to_be_visible()
    return page.locator(".notice__title").all_inner_texts()


def everything_taken(page: Page, way: Way, kept: Path) -> None:
    page.goto("/studio/me/data/")
    send(page, "/data/copy/")
    link = page.locator("a[href*='/data/copies/']").first
    expect(link).to_be_visible(timeout=WORKED)
    with page.expect_download() as waiting:
        link.click()
    waiting.value.save_as(kept)
    with zipfile.ZipFile(kept) as archive:
        names = archive.namelist()
        reports = json.loads(archive.read("data/insights/painreport.json"))
    assert [row["words"] for row in reports] == [way.pain]
    assert any(re.fullmatch(r"novels/\d+/run-\d+/film\.mp4", name) for name in names), names
    assert any(name.startswith("interviews/") for name in names), names


def left(page: Page, way: Way) -> None:
    page.goto("/studio/me/data/")
    page.locator("a[href$='/me/leave/']").click()
    page.fill("form [name=name]", way.pen)
    page.locator("main form button.button[type=submit]").click()
    expect(page.locator("main h1")).to_be_visible()
    page.goto("/studio/")
    assert "/accounts/login/" in page.url


@pytest.mark.parametrize("way", [DESK, PHONE], ids=["desk-zh", "phone-en"])
def test_a_creator_signs_up_makes_a_film_has_a_say_and_leaves(
    visitor: Visitor, house: House, way: Way, tmp_path: Path
) -> None:
    page = visitor(phone=way.phone, language=way.language, accept_downloads=True)
    way = way._replace(pen=f"{way.pen} {uuid.uuid4().hex[:4]}")  # nobody else's

    signed_up(page, way)
    novel = uploaded(page, way)
    made(page, novel, pictures=False)
    people_corrected(page, novel, way)
    made(page, novel, pictures=True)
    names = page.locator(".person h3").all_inner_texts()
    assert way.called in names
    assert not {way.nobody, way.somebody} & set(names)
    shot_redone(page)
    filmed(page)
    draft_taken(page, tmp_path / "draft.zip")
    pain_raised(page, way)
    team = visitor(language="zh-hans", login="pm")
    interviewed(team, way)
    quote_checked(page, way)
    plan_changed(page)
    assert len(told(page)) >= 3  # two storyboards, a film, a receipt
    everything_taken(page, way, tmp_path / "all.zip")
    if not way.phone:
        team.goto("/admin/generation/feature/fixed_characters/dossier/")
        team.locator("#usage dd a").click()
        expect(team.locator("#content")).to_contain_text(Path(way.novel).stem)
    left(page, way)
