"""The sample's pages on a phone: under axe in light and dark, and how each page feels.

At a desk, in Chinese, every page of the table of routes is under axe in tests/access/test_pages.py;
here, in a running house with a sample that is full, what a browser's own audit asks for as well.
"""

import gzip

import pytest
from playwright.sync_api import Page, Response, expect

from tests.browser.axe import CONTRAST, violations
from tests.browser.conftest import House, Visitor
from tests.browser.pages import places

pytestmark = [pytest.mark.browser, pytest.mark.timeout(600)]

# What no rule of axe sees: asked of the page as it stands, each answer a fault in words.
AUDIT = """() => {
  const faults = [];
  const ask = (ok, what) => { if (!ok) faults.push(what); };
  ask(document.documentElement.lang === LANG, `lang is ${document.documentElement.lang}`);
  ask(document.querySelector("meta[name=viewport]"), "no viewport");
  ask((document.querySelector("meta[name=description]")?.content ?? "").length > 20, "no description");
  ask(document.querySelectorAll("h1").length === 1, `${document.querySelectorAll("h1").length} h1`);
  ask(document.documentElement.scrollWidth <= innerWidth, "wider than the screen");
  for (const script of document.querySelectorAll("head script[src]")) {
    ask(script.defer || script.async || script.type === "module", `blocking ${script.src}`);
  }
  for (const image of document.images) {
    if (!image.checkVisibility()) continue;
    const sized = image.width && image.hasAttribute("width") && image.hasAttribute("height");
    const fixed = getComputedStyle(image).aspectRatio !== "auto" || (image.style.height && image.style.width);
    ask(sized || fixed, `unsized ${image.getAttribute("src")}`);
  }
  for (const face of document.fonts) ask(face.display !== "block", `font-display ${face.family}`);
  const sum = window.pjShifts.reduce((total, one) => total + one.value, 0);
  ask(sum < 0.02, `layout shift ${sum.toFixed(3)}: ${window.pjShifts.map((one) => one.what).join(", ")}`);
  return faults;
}"""
WATCH = """() => {
  window.pjShifts = [];
  window.pjLargest = "";
  new PerformanceObserver((list) => {
    for (const one of list.getEntries()) {
      if (one.hadRecentInput) continue;
      const node = one.sources?.[0]?.node;
      window.pjShifts.push({ value: one.value, what: node?.className || node?.nodeName || "?" });
    }
  }).observe({ type: "layout-shift", buffered: true });
  new PerformanceObserver((list) => {
    const last = list.getEntries().at(-1);
    window.pjLargest = last.element ? `${last.element.nodeName} ${last.element.className}`.trim() : last.url;
  }).observe({ type: "largest-contentful-paint", buffered: true });
}"""


def reach(page: Page, path: str) -> None:
    page.goto(path, wait_until="load")
    page.evaluate("() => document.fonts.ready.then(() => true)")


@pytest.mark.parametrize("own", [False, True], ids=["public", "own"])
def test_every_page_feels_right_on_a_phone(visitor: Visitor, house: House, own: bool) -> None:
    page = visitor(language="en", phone=True, login="creator" if own else "")
    page.add_init_script(f"({WATCH})()")
    said: list[str] = []
    page.on("console", lambda line: said.append(line.text) if line.type == "error" else None)
    told: dict[str, list[str]] = {}
    for name, path in places(page, own=own):
        said.clear()
        page.emulate_media(color_scheme="light", reduced_motion="reduce")
        reach(page, path)
        told[name] = [
            *page.evaluate(AUDIT.replace("LANG", "'en'")),
            *(line for line in said if "status of 4" not in line),  # the page of a 404 is one
            *violations(page),
        ]
        page.emulate_media(color_scheme="dark", reduced_motion="reduce")
        told[f"{name}, dark"] = violations(page, CONTRAST)

    assert {name: found for name, found in told.items() if found} == {}


def test_axe_finds_what_is_wrong(page: Page, house: House) -> None:
    page.goto("/")
    page.evaluate("document.body.insertAdjacentHTML('beforeend', '<main><img src=x></main>')")

    assert any("image-alt" in line for line in violations(page))


def test_the_first_page_weighs_little_and_shows_its_headline_first(
    visitor: Visitor, house: House
) -> None:
    """What a visitor has to fetch before anything shows and moves, compressed as it travels: pages
    by the house itself, css and scripts as the files beside them that `collectstatic` makes."""
    page = visitor(language="en")
    page.add_init_script(f"({WATCH})()")
    fetched: list[Response] = []
    page.on("response", lambda answer: fetched.append(answer))
    page.goto("/", wait_until="load")
    page.wait_for_function("() => window.pjLargest")

    # Bodies are asked for once the page stands: inside the listener the answer may not be there yet.
    kinds = {"document", "stylesheet", "script", "image", "font"}
    parts = [answer for answer in fetched if answer.request.resource_type in kinds]
    document = next(part for part in parts if part.request.resource_type == "document")
    assert document.headers.get("content-encoding") == "gzip"
    weight = sum(_travels(part) for part in parts if not part.url.startswith("blob:"))
    assert 10_000 < weight < 100_000
    assert page.evaluate("() => window.pjLargest").split()[0] in {"H1", "P", "VIDEO"}


def _travels(part: Response) -> int:
    body = part.body()
    packed = part.request.resource_type in {"document", "stylesheet", "script"}
    return len(gzip.compress(body)) if packed else len(body)


def test_without_a_connection_the_house_still_answers(visitor: Visitor, house: House) -> None:
    page = visitor(language="en", login="creator")
    page.goto("/studio/upload/")
    page.evaluate("() => navigator.serviceWorker.ready.then(() => true)")
    page.fill("textarea[name=text]", "Fog lay over the river.")
    page.context.set_offline(True)

    expect(page.locator("[data-offline]")).to_be_visible()
    page.goto("/studio/me/plan/")
    expect(page.locator("h1")).to_have_text("There is no connection")
    page.context.set_offline(False)
    page.locator("main a.button").first.click()  # try again
    expect(page.locator("section[aria-labelledby=mine]")).to_be_visible()
    page.goto("/studio/upload/")
    expect(page.locator("textarea[name=text]")).to_have_value("Fog lay over the river.")
