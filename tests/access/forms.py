"""The forms of a page as a browser would send them, read from its markup."""

from __future__ import annotations

from dataclasses import dataclass, field
from html.parser import HTMLParser

Attributes = dict[str, str | None]
UNSENT = {"file", "submit", "button", "image", "reset"}
TICKED = {"checkbox", "radio"}


@dataclass
class Form:
    """`fields`: as the page has them; what is neither ticked nor chosen is there with its value."""

    action: str
    method: str
    fields: dict[str, str] = field(default_factory=dict)
    multipart: bool = False


class Forms(HTMLParser):
    """Collects the forms; a field outside that names its form by `form=` belongs to it."""

    def __init__(self, page: str, url: str) -> None:
        super().__init__()
        self.url = url
        self.found: list[Form] = []
        self.named: dict[str, Form] = {}
        self.strays: list[tuple[str, str, str]] = []
        self.open: Form | None = None
        self.select = self.area = ""
        self.feed(page)
        for form, name, value in self.strays:
            if form in self.named:
                self.named[form].fields.setdefault(name, value)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        said = dict(attrs)
        if tag == "form":
            self.open = Form(
                (said.get("action") or self.url).partition("#")[0],
                (said.get("method") or "get").upper(),
                multipart="multipart" in (said.get("enctype") or ""),
            )
            self.found.append(self.open)
            if name := said.get("id"):
                self.named[name] = self.open
        elif tag in ("input", "button"):
            self._input(tag, said)
        elif tag == "select":
            self.select = said.get("name") or ""
            self._keep(said, "")
        elif tag == "option" and self.select and self.open is not None:
            if "selected" in said or not self.open.fields.get(self.select):
                self.open.fields[self.select] = said.get("value") or ""
        elif tag == "textarea":
            self.area = said.get("name") or ""
            self._keep(said, "")

    def _input(self, tag: str, said: Attributes) -> None:
        kind = said.get("type") or ("submit" if tag == "button" else "text")
        if kind == "file" or (tag == "input" and kind in UNSENT):
            return
        name, value = said.get("name") or "", said.get("value") or ""
        form = self.open
        if kind in TICKED and "checked" in said and form is not None:
            form.fields[name] = "on" if said.get("value") is None else value
        else:
            self._keep(said, value)

    def _keep(self, said: Attributes, value: str) -> None:
        name, other = said.get("name") or "", said.get("form") or ""
        if not name:
            return
        if other:
            self.strays.append((other, name, value))
        elif self.open is not None:
            self.open.fields.setdefault(name, value)

    def handle_data(self, data: str) -> None:
        if self.area and self.open is not None:
            self.open.fields[self.area] = self.open.fields.get(self.area, "") + data

    def handle_endtag(self, tag: str) -> None:
        if tag == "form":
            self.open = None
        elif tag == "select":
            self.select = ""
        elif tag == "textarea":
            self.area = ""
