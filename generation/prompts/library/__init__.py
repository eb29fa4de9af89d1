"""The templates that are shipped, written in the files beside this one."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from types import MappingProxyType

from generation.prompts.errors import PromptError
from generation.prompts.templates import REFERENCE, Template, template_from

FILES = ("tags", "natural_zh", "natural_en", "images", "sketch", "chat")


@cache
def shipped() -> MappingProxyType[str, Template]:
    """All by key. Raises PromptError naming the file and the entry that is wrong."""
    found: dict[str, Template] = {}
    for name in FILES:
        path = Path(__file__).with_name(f"{name}.toml")
        with path.open("rb") as file:
            rows = tomllib.load(file)["template"]
        for number, row in enumerate(rows, 1):
            template = template_from(row, f"{path.name}, entry {number}")
            if template.key in found:
                raise PromptError("file", f"{path.name}: {template.key} is there twice.")
            found[template.key] = template
    return MappingProxyType(found)


def shipped_named(reference: str) -> Template | None:
    """`key` or `key@version` among the shipped ones; None where it is none of them."""
    told = REFERENCE.match(reference)
    template = shipped().get(told[1]) if told else None
    if told is None or template is None:
        return None
    return template if told[2] in (None, str(template.version)) else None
