"""Text engines as a run uses them: which there are, what they would cost, and how they are paid."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from decimal import ROUND_CEILING, Decimal
from functools import partial

from django.conf import settings
from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from engines.chat import ChatRequest, Complete, PaidAnswer, Usage
from engines.chat.registry import (
    BadEngineSettings,
    ChatSettings,
    UnknownEngine,
    chat_engine,
    chat_settings,
    settings_of,
)
from engines.errors import EngineError
from engines.models import Budget
from engines.money import micro_of
from engines.scopes import HOUSE
from engines.services.paid import list_of, paid_chat
from generation import story
from generation.story.chat import Limits, Quotation, direct_chapter, quote

__all__ = [
    "OFFLINE",
    "TextQuote",
    "complete_with",
    "engine_choices",
    "is_text_engine",
    "limits_of",
    "mapper_for",
    "most_a_run_may_cost",
    "text_quote",
]

OFFLINE = "offline"


@dataclass(frozen=True, slots=True)
class TextQuote:
    """What an engine would take. Cost in micro-units, `most_micro` what a careful cap allows for."""

    engine: str
    title: str
    calls: int
    input_tokens: int
    output_tokens: int
    seconds: int
    cost_micro: int
    most_micro: int
    currency: str
    per_thousand: int

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens


def engine_choices() -> list[tuple[str, str]]:
    """Configured engines, by name; none where the setting cannot be read (a check says why)."""
    try:
        return [(name, engine.shown) for name, engine in sorted(chat_settings().items())]
    except BadEngineSettings:
        return []


def is_text_engine(name: str) -> bool:
    return name == OFFLINE or name in dict(engine_choices())


def limits_of(engine: ChatSettings) -> Limits:
    """As much at once as the engine's context holds, half of it for the question."""
    window = min(Limits().window, max(120, engine.context // 4))
    return Limits(max_output=engine.max_output, window=window, timeout=engine.timeout)


def most_a_run_may_cost() -> int:
    """The house's own limit for one run, in micro-units of the price's currency."""
    return micro_of(Decimal(settings.ENGINE_RUN_CAP))


def text_quote(
    engine: str, lengths: Sequence[int], *, density: float, english: bool
) -> TextQuote | None:
    """The quote for chapters of these lengths; None for the rules, which cost nothing.

    Raises DomainError where the engine is unknown or has no price.
    """
    if engine == OFFLINE:
        return None
    try:
        told = settings_of(engine)
        prices = list_of(chat_engine(engine))
    except (UnknownEngine, BadEngineSettings) as error:
        raise DomainError(
            _("There is no text engine %(engine)s.") % {"engine": engine}, "unknown_engine"
        ) from error
    except EngineError as error:
        raise DomainError(str(error), error.code) from error
    limits = limits_of(told)
    found: Quotation = quote(lengths, density=density, english=english, limits=limits)
    cost = prices.cost(Usage(found.input_tokens, found.output_tokens))
    # A reservation is a bound: one call must fit beside all that the run is likely to cost.
    one_call = prices.cost(Usage(4 * limits.window + 8_000, limits.max_output))
    return TextQuote(
        engine=engine,
        title=told.shown,
        calls=found.calls,
        input_tokens=found.input_tokens,
        output_tokens=found.output_tokens,
        seconds=found.seconds,
        cost_micro=cost,
        most_micro=_rounded_up(2 * cost + one_call),
        currency=prices.currency,
        per_thousand=found.per_thousand(sum(lengths)),
    )


def _rounded_up(micro: int) -> int:
    """To the next tenth of the main unit, so that a cap is a figure to remember."""
    tenths = (Decimal(micro) / 100_000).to_integral_value(ROUND_CEILING)
    return int(tenths) * 100_000


def complete_with(
    engine: str,
    budget: Budget,
    *,
    wait: Callable[[float], None] = time.sleep,
    scope: str = HOUSE,
) -> Complete:
    """How the story room asks: every call through the ledger, from this budget, in this scope."""
    chat = chat_engine(engine)
    prices = list_of(chat)

    def complete(request: ChatRequest) -> PaidAnswer:
        return paid_chat(
            engine=chat, request=request, budget=budget, price=prices, wait=wait, scope=scope
        )

    return complete


def mapper_for(
    engine: str,
    *,
    title: str,
    complete: Complete | None,
    cancelled: Callable[[], bool] | None = None,
) -> story.Mapper:
    """What makes the draft of a chapter: the rules, or a model that `complete` asks."""
    if complete is None:
        return story.map_chapter
    limits = limits_of(settings_of(engine))
    return partial(
        direct_chapter, complete=complete, title=title, limits=limits, cancelled=cancelled
    )
