"""The ways there are: offline always, a chat engine where one is configured. Every call is paid once."""

from collections.abc import Callable
from typing import Any

from django.conf import settings
from django.utils.translation import gettext as _

from crm.exceptions import DomainError
from engines.chat import ChatRequest
from engines.chat.registry import UnknownEngine, chat_engine, chat_settings
from engines.money import MICRO
from engines.services.paid import list_of, paid_chat
from engines.services.resolution import budget_for
from insights.assistants import Assistant
from insights.assistants.chat import Chatting
from insights.assistants.offline import Offline
from insights.assistants.semantic import encoder

OFFLINE, SEMANTIC = "offline", "offline-semantic"


def ways() -> list[tuple[str, str]]:
    """(name, what a person calls it) of every way that can be asked for."""
    offline = OFFLINE if encoder() is None else SEMANTIC
    return [(OFFLINE, way_title(offline))] + [
        (name, told.shown) for name, told in chat_settings().items()
    ]


def way_title(name: str) -> str:
    """What a person calls the way that did something, of which rows keep the name."""
    if name == OFFLINE:
        return _("Without a model, by words")
    if name == SEMANTIC:
        return _("Without a chat engine, by words and sentence vectors")
    told = chat_settings().get(name)
    return told.shown if told is not None else name


def assistant(way: str, wait: Callable[[float], None]) -> Assistant:
    """The assistant of a way. Raises `DomainError` for one that is not configured."""
    if way == OFFLINE:
        return Offline(encoder())
    try:
        engine = chat_engine(way)
    except UnknownEngine as error:
        raise DomainError(
            _("No chat engine named %(name)s is configured.") % {"name": way}, "unknown_engine"
        ) from error

    def ask(request: ChatRequest) -> dict[str, Any] | None:
        prices = list_of(engine)
        budget = budget_for(
            key=f"assistants-{prices.currency}",
            cap_micro=settings.ASSISTANTS_CAP * MICRO,
            currency=prices.currency,
        )
        bought = paid_chat(engine=engine, request=request, budget=budget, price=prices, wait=wait)
        return bought.answer.parsed

    return Chatting(way, ask)
