"""The one place where an evaluation draws: the prompt compiled as everywhere, by whichever engine.

Frames of creators' runs are not touched: what is drawn here is a trial's own.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Protocol

from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from engines.chat.protocol import Usage
from engines.errors import EngineError
from engines.images import PictureRequest
from engines.images.registry import BadImageSettings, image_settings
from engines.models import Budget
from engines.scopes import HOUSE
from engines.services.pictures import key_of, most_usage, paid_picture, picture_engine, price_list
from generation import frames
from generation.frames.binding import Binding
from generation.library import tokens_a_shot
from generation.prompts import sketching
from generation.prompts.compiling import Prompt, compile_shot
from generation.prompts.templates import Template
from generation.services.drawing import binding_of, judged, refuse, request_of

SKETCH = "sketch"


@dataclass(frozen=True)
class PictureQuote:
    """What one picture takes; cost in micro-units."""

    input_tokens: int
    cost_micro: int
    most_micro: int
    currency: str
    price_list: str


@dataclass(frozen=True)
class Drawn:
    """A picture with what it took, failed and repeated calls included."""

    png: bytes
    calls: int = 1
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micro: int = 0


def picture_engines() -> list[tuple[str, str]]:
    """Engines that draw, by name: our own, and those that are configured."""
    try:
        configured = [(name, told.shown) for name, told in sorted(image_settings().items())]
    except BadImageSettings:
        configured = []  # a system check says why
    return [(SKETCH, _("Sketch, our own")), *configured]


def is_picture_engine(name: str) -> bool:
    return name in dict(picture_engines())


def picture_quote(template: Template, engine: str) -> PictureQuote:
    """Raises `DomainError` for an engine that is not there or has no price."""
    if not is_picture_engine(engine):
        raise DomainError(
            _("There is no engine %(engine)s for this.") % {"engine": engine}, "unknown_engine"
        )
    entering, _leaving = tokens_a_shot(template)
    if engine == SKETCH:
        return PictureQuote(entering, 0, 0, "CNY", "")
    try:
        drawing = picture_engine(engine)
        prices = price_list(drawing)
    except EngineError as error:
        raise DomainError(str(error), error.code) from error
    request = PictureRequest(prompt="x" * 4 * entering)
    return PictureQuote(
        entering,
        prices.cost(Usage(entering, 0, pictures=1)),
        prices.cost(most_usage(drawing, request)),
        prices.currency,
        f"{prices.label} {prices.day:%Y-%m-%d}",
    )


def prompt_of(template: Template, content: Mapping[str, Any]) -> Prompt:
    return compile_shot(template, content["shot"], cast=content["cast"], scene=content["scene"])


class Drawer(Protocol):
    """Draws trials of one engine. `key` is of all that decides the picture."""

    def key(self, work: Work) -> str: ...

    def draw(self, work: Work) -> Drawn:
        """Raises generation.frames' errors, `EngineError`, and `DomainError` where the gate refuses."""

    def attributes(self, png: bytes, work: Work) -> float | None:
        """An exact check of fixed looks, None where there is none for this engine."""


@dataclass(frozen=True)
class Work:
    """One picture to be made. `size` in px; `scope`: whose shot it is."""

    template: Template
    prompt: Prompt
    content: Mapping[str, Any]
    seed: int
    size: tuple[int, int]
    scope: str = HOUSE

    @property
    def shot(self) -> tuple[Mapping[str, Any], Mapping[str, Any], Mapping[str, Any]]:
        """Shot, cast and scene."""
        return self.content["shot"], self.content["cast"], self.content["scene"]


class SketchDrawer:
    """Our own engine, as a reader of the prompt. It takes no seed and costs nothing."""

    def key(self, work: Work) -> str:
        return sketching.drawing_key(work.template, work.prompt, *work.shot, work.size)

    def draw(self, work: Work) -> Drawn:
        png = sketching.draw_said(work.template, work.prompt, *work.shot, work.size)
        return Drawn(png, input_tokens=work.prompt.tokens)

    def attributes(self, png: bytes, work: Work) -> float | None:
        shot, cast, scene = work.shot
        report = frames.check(png, shot, cast, scene)
        return report.bound / report.expected if report.expected else 1.0


class PaidDrawer:
    """A configured engine; every picture goes through the ledger, from the evaluation's budget."""

    def __init__(self, name: str, budget: Budget) -> None:
        self._engine = picture_engine(name)
        self._budget = budget

    def _asked(self, work: Work) -> tuple[Binding, PictureRequest]:
        """The same binding and request as in the studio, without reference pictures; the trial's own
        seed, so that differences are paired."""
        shot, cast, scene = work.shot
        binding = binding_of(
            shot, scene, cast, book="", english=work.template.english, template=work.template
        )
        binding = replace(binding, seed=work.seed)
        return binding, request_of(
            binding, self._engine, size=work.size, purpose="evaluation",
            parameters=work.template.parameters,
        )  # fmt: skip

    def key(self, work: Work) -> str:
        return key_of(self._engine, self._asked(work)[1], work.scope)

    def draw(self, work: Work) -> Drawn:
        binding, request = self._asked(work)
        refuse(judged(binding, request))
        got = paid_picture(
            engine=self._engine, request=request, budget=self._budget, scope=work.scope
        )
        answer = got.answer
        return Drawn(
            answer.png,
            input_tokens=answer.input_tokens or work.prompt.tokens,
            output_tokens=answer.output_tokens,
            cost_micro=got.cost_micro,
        )

    def attributes(self, png: bytes, work: Work) -> float | None:
        return None


def drawer_of(engine: str, budget: Budget | None) -> Drawer:
    """Raises `LookupError` for an engine that is no longer configured."""
    if engine == SKETCH or budget is None:
        return SketchDrawer()
    return PaidDrawer(engine, budget)
