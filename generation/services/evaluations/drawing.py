"""The one place where an evaluation draws: the prompt compiled as everywhere, by whichever engine.

Frames of creators' runs are not touched: what is drawn here is a trial's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from generation import frames
from generation.library import tokens_a_shot
from generation.prompts import sketching
from generation.prompts.compiling import Prompt, compile_shot
from generation.prompts.templates import Template

SKETCH = "sketch"


@dataclass(frozen=True)
class PictureQuote:
    """What one picture takes; cost in micro-units."""

    input_tokens: int
    cost_micro: int
    currency: str
    price_list: str


@dataclass(frozen=True)
class Drawn:
    """A picture with what it took, failed and repeated calls included."""

    png: bytes
    calls: int = 1
    output_tokens: int = 0
    cost_micro: int = 0


def picture_engines() -> list[tuple[str, str]]:
    """Engines that draw, by name: our own, and those that are configured."""
    return [(SKETCH, _("Sketch, our own"))]


def is_picture_engine(name: str) -> bool:
    return name in dict(picture_engines())


def picture_quote(template: Template, engine: str) -> PictureQuote:
    """Raises `DomainError` for an engine that is not there."""
    if not is_picture_engine(engine):
        raise DomainError(
            _("There is no engine %(engine)s for this.") % {"engine": engine}, "unknown_engine"
        )
    entering, _leaving = tokens_a_shot(template)
    return PictureQuote(entering, 0, "CNY", "")


def prompt_of(template: Template, content: Mapping[str, Any]) -> Prompt:
    return compile_shot(template, content["shot"], cast=content["cast"], scene=content["scene"])


def work_key(
    template: Template, prompt: Prompt, content: Mapping[str, Any], size: tuple[int, int]
) -> str:
    """Of all that decides the sketch; equal keys, equal pictures whatever the template is called."""
    shot, cast, scene = content["shot"], content["cast"], content["scene"]
    return sketching.drawing_key(template, prompt, shot, cast, scene, size)


def draw(
    template: Template, prompt: Prompt, content: Mapping[str, Any], size: tuple[int, int]
) -> Drawn:
    """Draw what the prompt says."""
    shot, cast, scene = content["shot"], content["cast"], content["scene"]
    return Drawn(sketching.draw_said(template, prompt, shot, cast, scene, size))


def attributes_of(png: bytes, content: Mapping[str, Any]) -> float:
    """Exact check of our own engine's pictures: the share of expected people whose fixed colours show."""
    report = frames.check(png, content["shot"], content["cast"])
    return report.bound / report.expected if report.expected else 1.0
