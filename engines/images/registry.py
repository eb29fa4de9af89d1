"""Picture engines by name, from the setting IMAGE_ENGINES. None is configured by default.

The setting is a JSON object of the environment: name → what `ImageSettings` holds. Keys never stand
in it: `key_env` names the variable that has it.
"""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from typing import Any

from engines.chat.registry import RESERVED
from engines.configured import configured_as, judge_address, judge_numbers, read_engines
from engines.images.comfyui import ComfyUIImages, ComfyUISettings
from engines.images.openai_images import SIZES, ImagesEndpoint, OpenAIImages
from engines.images.protocol import Images
from engines.images.rehearsal import RehearsalImages
from engines.images.templates import Template, parse
from engines.images.webui import WebUIImages, WebUISettings
from engines.wire import Wire

KINDS = ("webui", "comfyui", "openai", "rehearsal")
WORKFLOWS = Path(__file__).parent / "workflows"
DEFAULT_TEMPLATE = {"webui": "webui-regions", "comfyui": "comfyui-regions", "openai": "openai"}


class UnknownImageEngine(LookupError):
    """No picture engine of this name is configured; the message names those that are."""


class BadImageSettings(ValueError):
    """IMAGE_ENGINES cannot be read; the message names the place and the remedy."""


@dataclass(frozen=True, slots=True)
class ImageSettings:
    """One engine. `timeout` in seconds, `most_pixels` in px of a whole picture, `sizes` as
    "1024x1536" for endpoints that take only some."""

    name: str
    kind: str = "openai"
    title: str = ""
    base_url: str = ""
    model: str = ""
    key_env: str = ""
    login_env: str = ""
    template: str = ""
    sizes: tuple[str, ...] = ()
    most_pixels: int = 1_048_576
    edits: bool = True
    listens: bool = True
    not_billed: tuple[int, ...] = ()
    body: Mapping[str, Any] = field(default_factory=dict)
    timeout: float = 300.0

    @property
    def shown(self) -> str:
        return self.title or self.name

    @property
    def key(self) -> str:
        return os.environ.get(self.key_env, "") if self.key_env else ""

    @property
    def login(self) -> tuple[str, str] | None:
        name, colon, word = os.environ.get(self.login_env, "").partition(":")
        return (name, word) if colon else None

    @property
    def template_name(self) -> str:
        return self.template or DEFAULT_TEMPLATE.get(self.kind, "")


def image_settings() -> dict[str, ImageSettings]:
    """All configured engines by name; raises `BadImageSettings`."""
    return read_engines(
        "IMAGE_ENGINES",
        ImageSettings,
        _judge,
        BadImageSettings,
        reserved=RESERVED,
        keys="key_env (or login_env for a name and password)",
    )


def _judge(engine: ImageSettings) -> None:
    place = f"IMAGE_ENGINES: {engine.name}"
    if engine.kind not in KINDS:
        raise BadImageSettings(f"{place}: kind must be one of {', '.join(KINDS)}.")
    judge_numbers(place, engine, ("most_pixels", "timeout"), BadImageSettings)
    _sizes(engine)
    if engine.kind == "rehearsal":
        return
    judge_address(place, engine, BadImageSettings, "key_env or login_env")
    if not engine.model and engine.kind != "webui":
        raise BadImageSettings(f"{place}: model is missing.")


def _sizes(engine: ImageSettings) -> tuple[tuple[int, int], ...]:
    found = []
    for text in engine.sizes:
        wide, cross, high = str(text).partition("x")
        if not cross or not wide.isdigit() or not high.isdigit() or not int(wide) * int(high):
            raise BadImageSettings(
                f"IMAGE_ENGINES: {engine.name}: sizes are written 1024x1536, not {text}."
            )
        found.append((int(wide), int(high)))
    return tuple(found)


def settings_of(name: str) -> ImageSettings:
    """What is configured under this name; raises `UnknownImageEngine` naming those that are there."""
    return configured_as(
        name, image_settings(), "IMAGE_ENGINES", UnknownImageEngine, "picture engine"
    )


@cache
def built_in_documents() -> dict[str, str]:
    """The templates that come with the house, by name, as JSON text."""
    return {path.stem: path.read_text("utf-8") for path in sorted(WORKFLOWS.glob("*.json"))}


@cache
def built_in(name: str) -> Template:
    """One of them; raises `LookupError`."""
    if name not in built_in_documents():
        raise LookupError(f"no template is called {name}")
    return parse(json.loads(built_in_documents()[name]))


def image_engine(name: str, template: Template | None = None) -> Images:
    """The adapter of this name, with a template other than its built-in one where given.

    Raises `UnknownImageEngine` or `BadImageSettings`.
    """
    told = settings_of(name)
    if told.kind == "rehearsal":
        return RehearsalImages(name, model=told.model or "rehearsal-1")
    used = template
    if used is None:
        try:
            used = built_in(told.template_name)
        except LookupError as error:
            raise BadImageSettings(f"IMAGE_ENGINES: {name}: {error}.") from error
    if used.kind != told.kind:
        raise BadImageSettings(
            f"IMAGE_ENGINES: {name} is of kind {told.kind}, its template of kind {used.kind}."
        )
    line = Wire(told.base_url.rstrip("/"), told.key, told.login)
    if told.kind == "webui":
        return WebUIImages(WebUISettings(name, told.model, line, used, told.most_pixels))
    if told.kind == "comfyui":
        return ComfyUIImages(
            ComfyUISettings(name, told.model, line, used, told.most_pixels, listens=told.listens)
        )
    return OpenAIImages(
        ImagesEndpoint(
            name,
            told.model,
            line,
            used,
            sizes=_sizes(told) or SIZES,
            not_billed=frozenset(told.not_billed),
            edits=told.edits,
            extra=told.body,
        )
    )
