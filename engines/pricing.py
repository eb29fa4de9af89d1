"""What a call costs: the team's own dated prices first, the public list behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from importlib.metadata import version

from django.db.models import Q
from django.utils.translation import gettext as _

from engines.chat.protocol import Usage
from engines.errors import Billed, EngineError
from engines.models import Price
from engines.money import MILLION, micro_of


class NoPrice(EngineError):
    """Nobody has said what this engine costs, so nothing is asked of it."""

    def __init__(self, engine: str, model: str) -> None:
        message = _(
            "No price is known for %(engine)s (%(model)s); enter one under Prices, 0 where it is free."
        )
        super().__init__(
            message % {"engine": engine, "model": model},
            code="no_price",
            permanent=True,
            billed=Billed.SURELY_NOT,
        )


@dataclass(frozen=True, slots=True)
class PriceList:
    """Which list says so, of which day, in which currency. `cost` is in micro-units, rounded up."""

    label: str
    day: date
    currency: str
    cost: Callable[[Usage], int]


def price_of(engine: str, model: str, at: datetime, *, public_provider: str = "") -> PriceList:
    """The prices valid at `at`. Raises `NoPrice` where neither list knows the model."""
    own = (
        Price.objects.filter(Q(model=model) | Q(model=""), engine=engine, valid_from__lte=at)
        .order_by("-model", "-valid_from")
        .first()
    )
    if own is not None:
        return _own(own)
    public = _public(model, public_provider, at) if public_provider else None
    if public is None:
        raise NoPrice(engine, model)
    return public


def _own(price: Price) -> PriceList:
    def cost(usage: Usage) -> int:
        fresh = usage.input_tokens - usage.cached_tokens
        micro = (
            fresh * price.input_micro
            + usage.cached_tokens * price.cached_micro
            + usage.output_tokens * price.output_micro
        )
        return -(-micro // MILLION) + usage.pictures * price.picture_micro

    return PriceList(f"own #{price.pk}", price.valid_from.date(), price.currency, cost)


def _public(model: str, provider: str, at: datetime) -> PriceList | None:
    """genai-prices, offline, in US dollars; some prices depend on the hour, so it gets the time."""
    from genai_prices import Usage as PublicUsage
    from genai_prices import calc_price

    def cost(usage: Usage) -> int:
        used = PublicUsage(
            input_tokens=usage.input_tokens,
            cache_read_tokens=usage.cached_tokens,
            output_tokens=usage.output_tokens,
        )
        told = calc_price(used, model, provider_id=provider, genai_request_timestamp=at)
        return micro_of(told.total_price)

    try:
        cost(Usage(1, 1))
    except LookupError:
        return None
    return PriceList(f"genai-prices {version('genai-prices')} {provider}", at.date(), "USD", cost)
