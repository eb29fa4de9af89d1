"""What axe finds on a page, quickly: only violations, no selectors, no style sheets fetched again."""

from pathlib import Path
from typing import Any

import axe_playwright_python
from playwright.sync_api import Page

AXE = (Path(axe_playwright_python.__file__).parent / "axe.min.js").read_text("utf-8")
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
FAST = {"resultTypes": ["violations"], "selectors": False, "preload": False}
ALL: dict[str, Any] = {**FAST, "runOnly": {"type": "tag", "values": RULES}}
CONTRAST: dict[str, Any] = {**FAST, "runOnly": {"type": "rule", "values": ["color-contrast"]}}


def violations(page: Page, options: dict[str, Any] = ALL) -> list[str]:
    """Rule, impact and first place of what axe finds on the page as it stands."""
    if not page.evaluate("() => 'axe' in window"):
        page.evaluate(AXE)
    found: list[list[str]] = page.evaluate(
        "options => axe.run(document, options).then((told) => told.violations.map("
        "(one) => [one.id, one.impact, one.nodes[0].html, one.nodes[0].any[0]?.message ?? '']))",
        options,
    )
    return [f"{rule} ({impact}): {html[:160]} {why[:200]}" for rule, impact, html, why in found]
