"""A chat call that is paid at most once: reserve → call → settle, and the answer is kept."""

from __future__ import annotations

import time
from functools import partial

from django.utils import timezone

from engines.chat.protocol import Chat, ChatAnswer, ChatRequest, PaidAnswer, Usage
from engines.chat.registry import chat_settings
from engines.models import Budget
from engines.pricing import PriceList, price_of
from engines.scopes import HOUSE, scoped
from engines.services.buying import Purchase, Wait, buy


def list_of(engine: Chat) -> PriceList:
    """Today's prices of an engine. Raises `engines.pricing.NoPrice`."""
    told = chat_settings().get(engine.name)
    provider = told.prices_of if told else ""
    return price_of(engine.name, engine.model, timezone.now(), public_provider=provider)


def key_of(engine: Chat, request: ChatRequest, scope: str = HOUSE) -> str:
    return scoped(request.content_key(engine.name, engine.model, engine.version), scope)


def paid_chat(
    *,
    engine: Chat,
    request: ChatRequest,
    budget: Budget,
    price: PriceList | None = None,
    wait: Wait = time.sleep,
    scope: str = HOUSE,
) -> PaidAnswer:
    """The answer to `request`, bought if it is not bought in this scope yet: see `buying.buy`."""
    wanted = Purchase(
        engine=engine.name,
        model=engine.model,
        key=key_of(engine, request, scope),
        purpose=request.purpose,
        most=Usage(request.input_tokens_at_most(), request.max_tokens),
        timeout=request.timeout,
        ask=partial(engine.complete, request),
        read=ChatAnswer.from_dict,
        scope=scope,
    )
    got = buy(wanted, budget=budget, price=lambda: price or list_of(engine), wait=wait)
    return PaidAnswer(got.answer, got.cost_micro, got.currency, kept=got.kept, own=got.own)
