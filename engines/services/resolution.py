"""What only a person may say: whether a call in doubt was billed; and caps and prices."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.db import transaction
from django.db.models import F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from engines.models import Budget, PaidCall, Price
from engines.services.ledger import book
from engines.signals import budget_changed, call_resolved, price_added


class Refused(ValueError):
    """What a person asked for cannot be; the message is for them."""


@transaction.atomic
def resolve_as_billed(*, call: PaidCall, cost_micro: int, note: str, actor: Any = None) -> None:
    """The engine's bill names it: book the amount. Its answer is lost and is not bought again."""
    if cost_micro < 0:
        raise Refused(_("An amount cannot be below 0."))
    _resolve(call, PaidCall.State.SETTLED, cost_micro, note, actor)


@transaction.atomic
def resolve_as_not_billed(*, call: PaidCall, note: str, actor: Any = None) -> None:
    """The engine's bill does not name it: free the money; the next run may ask again."""
    _resolve(call, PaidCall.State.FAILED, 0, note, actor)


def _resolve(call: PaidCall, state: str, cost_micro: int, note: str, actor: Any) -> None:
    if not note.strip():
        raise Refused(_("Say how you know."))
    row = PaidCall.objects.filter(pk=call.pk, state=PaidCall.State.IN_DOUBT, attempt=call.attempt)
    if not row.update(
        state=state,
        cost_micro=cost_micro,
        attempt=F("attempt") + 1,
        resolution=note.strip()[:300],
        ended_at=Now(),
    ):
        raise Refused(_("This call is no longer in doubt."))
    book(call.budget_id, call.reserved_micro, cost_micro)
    call_resolved.send(
        PaidCall,
        call=call,
        actor=actor,
        data={"state": state, "cost_micro": cost_micro, "note": note.strip()[:300]},
    )


def budget_for(*, key: str, cap_micro: int, currency: str) -> Budget:
    """The budget of this key, made with this cap the first time; later caps are set by name."""
    budget, _made = Budget.objects.get_or_create(
        key=key, defaults={"cap_micro": cap_micro, "currency": currency}
    )
    return budget


@transaction.atomic
def budget_set_cap(*, budget: Budget, cap_micro: int, actor: Any = None) -> None:
    """A new cap, never below what is spent and reserved."""
    row = Budget.objects.filter(
        pk=budget.pk,
        reserved_micro__lte=cap_micro + F("overrun_micro") - F("spent_micro"),
    )
    if cap_micro < 0 or not row.update(cap_micro=cap_micro):
        raise Refused(_("The cap cannot be below what is spent and reserved already."))
    budget.cap_micro = cap_micro
    budget_changed.send(Budget, budget=budget, actor=actor, data={"cap_micro": cap_micro})


@transaction.atomic
def price_add(
    *,
    engine: str,
    model: str,
    input_micro: int,
    cached_micro: int,
    output_micro: int,
    currency: str,
    picture_micro: int = 0,
    valid_from: datetime,
    source: str = "",
    actor: Any = None,
) -> Price:
    """A price from a moment on; earlier rows stay, because earlier calls were priced by them."""
    price = Price.objects.create(
        engine=engine,
        model=model,
        input_micro=input_micro,
        cached_micro=cached_micro,
        output_micro=output_micro,
        picture_micro=picture_micro,
        currency=currency,
        valid_from=valid_from,
        source=source,
    )
    price_added.send(Price, price=price, actor=actor)
    return price
