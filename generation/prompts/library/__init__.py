"""The templates that are shipped, written in the files beside this one."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path
from types import MappingProxyType
from typing import Any

from generation.prompts.errors import PromptError
from generation.prompts.templates import REFERENCE, Template, template_from

FILES = ("usual", "tags", "natural_zh", "natural_en", "images", "sketch", "chat")
USUAL = {"zh": "usual-zh", "en": "usual-en"}
"""What new runs use in a workspace that has chosen nothing, by the novel's language."""


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


@dataclass(frozen=True, slots=True)
class Edition:
    """A shipped version with what is new in it, "" for the first."""

    template: Template
    note: str = ""


@cache
def editions() -> MappingProxyType[str, tuple[Edition, ...]]:
    """All versions that were ever shipped, by key, the first one first. Raises PromptError."""
    with Path(__file__).with_name("earlier.toml").open("rb") as file:
        rows = tomllib.load(file)["earlier"]
    found: dict[str, tuple[Edition, ...]] = {}
    for key, current in shipped().items():
        before = sorted((row for row in rows if row["key"] == key), key=lambda row: row["version"])
        if [row["version"] for row in before] != list(range(1, current.version)):
            raise PromptError(
                "file", f"earlier.toml: {key} needs versions 1 to {current.version - 1}."
            )
        notes = ["", *(str(row["next"]) for row in before)]
        made = [*(_before(current, row) for row in before), current]
        found[key] = tuple(Edition(*pair) for pair in zip(made, notes, strict=True))
    strange = sorted({row["key"] for row in rows} - set(found))
    if strange:
        raise PromptError("file", f"earlier.toml: {strange[0]} is no template.")
    return MappingProxyType(found)


def _before(current: Template, row: Mapping[str, Any]) -> Template:
    facts = {name: row[name] for name in ("version", "body", "negative", "settings") if name in row}
    return replace(current, **facts)


def shipped_named(reference: str) -> Template | None:
    """`key` or `key@version` among the shipped ones; None where it is none of them."""
    told = REFERENCE.match(reference)
    if told is None or told[1] not in shipped():
        return None
    if told[2] is None:
        return shipped()[told[1]]
    made = (edition.template for edition in editions()[told[1]])
    return next((template for template in made if str(template.version) == told[2]), None)
