"""Pictures of every page for the docs: ``python -m tests.browser.pictures [URL]`` (`make pictures`).

The house at URL has to run with its sample workspace. Each page is taken at a desk in Chinese and
in English, and on a phone in the dark in Chinese; `docs/pages.md` shows them beside each other.
"""

import io
import sys
from collections.abc import Iterable
from pathlib import Path

from PIL import Image
from playwright.sync_api import Browser, Page, sync_playwright

from tests.browser.conftest import CHROMIUM, DESKTOP, PHONE, QUIET, House, choose, sign_in
from tests.browser.pages import places

DOCS = Path(__file__).resolve().parents[2] / "docs"
FOLDER = DOCS / "pictures" / "pages"
TALLEST = 2400
"""Pixels; what lies below is more of the same."""
WAYS = (("zh", "zh-hans", False), ("en", "en", False), ("phone", "zh-hans", True))
HEAD = """# Pages · 页面

Every page that a creator or a visitor meets, as it looks with the sample workspace: at a desk in
Chinese and in English, on a phone in the dark. Made by `make pictures` against a house that runs.

创作者和访客能看到的每个页面，取自示例工作区：桌面中文、桌面英文、手机深色。
"""


# A picture of the whole page: nothing waits to be scrolled to, nothing floats over the middle.
STILL = """() => Promise.all(Array.from(document.images, (one) => {
  one.loading = "eager";
  return one.decode().catch(() => null);
})).then(() => {
  for (const one of document.querySelectorAll("body *")) {
    if (["sticky", "fixed"].includes(getComputedStyle(one).position)) one.style.position = "static";
  }
})"""


def keep(page: Page, name: str) -> None:
    page.evaluate(STILL)
    page.evaluate("() => document.fonts.ready.then(() => true)")
    with Image.open(io.BytesIO(page.screenshot(full_page=True))) as taken:
        part = taken.convert("RGB").crop((0, 0, taken.width, min(taken.height, TALLEST)))
        if part.width > 1000:
            part = part.resize((1000, part.height * 1000 // part.width), Image.Resampling.LANCZOS)
        part.save(FOLDER / f"{name}.webp", quality=62, method=6)


def walk(browser: Browser, house: House, way: str, language: str, phone: bool) -> list[str]:
    names = []
    for own in (False, True):
        context = browser.new_context(
            viewport=PHONE if phone else DESKTOP,  # type: ignore[arg-type]
            base_url=house.url,
            color_scheme="dark" if phone else "light",
            reduced_motion="reduce",
        )
        page = context.new_page()
        choose(page, house, language)
        if own:
            sign_in(page, house, "creator")
        for place in places(page, own=own):
            page.goto(place.path, wait_until="load")
            keep(page, f"{place.name}-{way}")
            names.append(place.name)
        context.close()
    return names


def index(names: Iterable[str]) -> str:
    parts = [HEAD]
    for name in names:
        cells = " | ".join(
            f"![{name}, {way}](pictures/pages/{name}-{way}.webp)" for way, *_ in WAYS
        )
        parts.append(
            f"## {name}\n\n| 中文 | English | 手机 · phone |\n| --- | --- | --- |\n| {cells} |\n"
        )
    return "\n".join(parts)


def main(url: str) -> None:
    FOLDER.mkdir(parents=True, exist_ok=True)
    house = House(url, "")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        names = {name: None for way in WAYS for name in walk(browser, house, *way)}
        browser.close()
    (DOCS / "pages.md").write_text(index(names), "utf-8")
    kept = list(FOLDER.glob("*.webp"))
    size = sum(path.stat().st_size for path in kept)
    print(f"{len(kept)} pictures, {size / 1_000_000:.1f} MB")  # noqa: T201


if __name__ == "__main__":
    main(sys.argv[1] if len(sys.argv) > 1 else "http://127.0.0.1:8000")
