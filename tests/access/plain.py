"""What of a page would be dead without scripts, read from its markup."""

from __future__ import annotations

from html.parser import HTMLParser
from urllib.parse import urlsplit

VOID = {"input", "img", "meta", "link", "br", "hr", "source", "track", "col", "wbr", "area", "base"}
Attributes = dict[str, str | None]


class Plain(HTMLParser):
    """Collects `dead`: a line for every control that does nothing without a script."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.open: list[tuple[str, Attributes]] = []
        self.ids: set[str] = set()
        self.anchors: list[str] = []
        self.dead: list[str] = []
        self.quiet = "<noscript" in page  # it says so itself, or reloads by itself
        self.feed(page)
        self.dead += [f"link to #{name}" for name in self.anchors if name not in self.ids]

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if name := said.get("id"):
            self.ids.add(name)
        if tag == "a":
            self._link(said)
        elif tag == "button" and not self._pressed(said):
            self.dead.append(f"button {said}")
        elif tag == "form" and said.get("method", "get") not in ("get", "post", "dialog"):
            self.dead.append(f"form {said}")
        if any(name.startswith(("hx-get", "hx-post")) for name in said):
            self._asked(tag, said)
        if tag not in VOID:
            self.open.append((tag, said))

    def handle_endtag(self, tag: str) -> None:
        for place in range(len(self.open) - 1, -1, -1):
            if self.open[place][0] == tag:
                del self.open[place:]
                return

    def _inside(self, *tags: str) -> bool:
        return any(tag in tags for tag, _said in self.open)

    def _link(self, said: Attributes) -> None:
        target = said.get("href") or ""
        if urlsplit(target).scheme == "javascript":
            self.dead.append(f"link {said}")
        elif target.startswith("#"):
            self.anchors.append(target[1:])

    def _pressed(self, said: Attributes) -> bool:
        """Whether it sends a form, or is kept away from who has no scripts."""
        if said.get("type") == "button":
            return "hidden" in said or "scripted" in (said.get("class") or "") or self.quiet
        return self._inside("form") or "form" in said

    def _asked(self, tag: str, said: Attributes) -> None:
        """A part that is fetched: a comfort where a form, a link or a reload does the same."""
        polls = "every" in (said.get("hx-trigger") or "")
        if not (tag in ("form", "a") or self._inside("form") or polls):
            self.dead.append(f"part {said}")
