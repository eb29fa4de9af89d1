"""A paid call's life, each step one short transaction of conditional updates.

claim (money reserved) → begin (about to send) → settle | fail | doubt. None of these may run inside
a caller's transaction: what was paid must stay on record whatever the caller then undoes.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from typing import Any, Protocol

from django.db import transaction
from django.db.models import DateTimeField, ExpressionWrapper, F
from django.db.models.functions import Now
from django.utils.translation import gettext as _

from engines.chat.protocol import Usage
from engines.errors import Billed, EngineError
from engines.models import Budget, PaidCall
from engines.money import decimal_of, plain
from engines.pricing import PriceList
from engines.scopes import HOUSE

State = PaidCall.State
# What a process may take beyond the engine's own time before it is taken for dead.
LEASE_MARGIN = 30.0


class BudgetSpent(EngineError):
    """The cap is reached; nothing was sent."""

    def __init__(self, budget: Budget, amount: int) -> None:
        message = _(
            "The cap of %(cap)s %(currency)s does not allow another call of up to %(amount)s."
        )
        super().__init__(
            message
            % {
                "cap": plain(decimal_of(budget.cap_micro)),
                "currency": budget.currency,
                "amount": plain(decimal_of(amount)),
            },
            code="budget_spent",
            permanent=True,
            billed=Billed.SURELY_NOT,
        )


class WrongCurrency(EngineError):
    def __init__(self, wanted: str, given: str) -> None:
        message = _(
            "The budget is in %(wanted)s, the price in %(given)s; enter a price in %(wanted)s."
        )
        super().__init__(
            message % {"wanted": wanted, "given": given},
            code="wrong_currency",
            permanent=True,
            billed=Billed.SURELY_NOT,
        )


class LostCall(Exception):
    """Another process, the sweeper or a person has this call now."""


class Answer(Protocol):
    """What is kept beside the receipt: words, a picture, a sound."""

    @property
    def usage(self) -> Usage:
        """What the engine counted."""

    @property
    def request_id(self) -> str:
        """The engine's own number of the call."""

    def to_dict(self) -> dict[str, Any]:
        """As JSON, small enough for a row."""


@dataclass(frozen=True, slots=True)
class Claim:
    """The right to make one call: its row, the fence, and the money that is held for it."""

    call_id: int
    attempt: int
    budget_id: int
    reserved_micro: int
    lease: float


@dataclass(frozen=True, slots=True)
class Wanted:
    """What a call would be: its content key, who asks whom, and what it may cost at most."""

    key: str
    purpose: str
    engine: str
    model: str
    budget_id: int
    most_micro: int
    price: PriceList
    timeout: float
    scope: str = HOUSE


def ended(key: str) -> PaidCall | None:
    """The row that has this key, where nobody will ask for it any more: answered, or in doubt."""
    over = (State.SETTLED, State.IN_DOUBT)
    return PaidCall.objects.filter(key=key, state__in=over).first()


def claim(wanted: Wanted) -> Claim | PaidCall:
    """Reserve the money and the key; or the row that has the key already, as it stands.

    Raises `BudgetSpent` or `WrongCurrency`; then nothing was written.
    """
    with transaction.atomic(durable=True):
        lease = wanted.timeout + LEASE_MARGIN
        facts = {
            "purpose": wanted.purpose[:60],
            "scope": wanted.scope,
            "engine": wanted.engine,
            "model": wanted.model,
            "budget_id": wanted.budget_id,
            "state": State.RESERVED,
            "lease_until": _after(lease),
            "reserved_micro": wanted.most_micro,
            "currency": wanted.price.currency,
            "price_list": wanted.price.label[:60],
            "price_date": wanted.price.day,
        }
        row, made = PaidCall.objects.get_or_create(key=wanted.key, defaults=facts)
        attempt = 1
        if not made:
            attempt = row.attempt + 1
            again = PaidCall.objects.filter(pk=row.pk, state=State.FAILED, attempt=row.attempt)
            if not again.update(**facts, attempt=attempt, error="", ended_at=None):
                return PaidCall.objects.get(pk=row.pk)
        _reserve(wanted)
        return Claim(row.pk, attempt, wanted.budget_id, wanted.most_micro, lease)


def _reserve(wanted: Wanted) -> None:
    budget = Budget.objects.filter(pk=wanted.budget_id)
    if budget.filter(
        currency=wanted.price.currency,
        cap_micro__gte=F("reserved_micro") + F("spent_micro") + wanted.most_micro,
    ).update(reserved_micro=F("reserved_micro") + wanted.most_micro):
        return
    found = budget.get()
    if found.currency != wanted.price.currency:
        raise WrongCurrency(found.currency, wanted.price.currency)
    raise BudgetSpent(found, wanted.most_micro)


def _after(seconds: float) -> ExpressionWrapper:
    """By the database's clock, which all workers share."""
    return ExpressionWrapper(Now() + timedelta(seconds=seconds), output_field=DateTimeField())


def begin(held: Claim) -> None:
    """From here on the call may have been made. Raises `LostCall`."""
    _move(held, State.RESERVED, state=State.CALLING, lease_until=_after(held.lease))


def pause(held: Claim, seconds: float) -> None:
    """Back to reserved for a pause of `seconds`, because the last try surely was not made."""
    _move(held, State.CALLING, state=State.RESERVED, lease_until=_after(held.lease + seconds))


def _move(held: Claim, before: str, **facts: Any) -> None:
    with transaction.atomic(durable=True):
        row = PaidCall.objects.filter(pk=held.call_id, attempt=held.attempt, state=before)
        if not row.update(**facts):
            raise LostCall


def settle(
    held: Claim,
    *,
    cost_micro: int,
    usage: Usage,
    answer: Answer | None,
    error: str = "",
) -> None:
    """Book what it cost and keep the answer. A late answer settles a call that was in doubt."""
    with transaction.atomic(durable=True):
        row = PaidCall.objects.filter(
            pk=held.call_id, attempt=held.attempt, state__in=[State.CALLING, State.IN_DOUBT]
        )
        if not row.update(
            state=State.SETTLED,
            cost_micro=cost_micro,
            input_tokens=usage.input_tokens,
            output_tokens=usage.output_tokens,
            cached_tokens=usage.cached_tokens,
            tokens_reported=usage.reported,
            request_id=answer.request_id[:120] if answer else "",
            answer=answer.to_dict() if answer else None,
            error=error[:120],
            ended_at=Now(),
        ):
            raise LostCall
        book(held.budget_id, held.reserved_micro, cost_micro)


def book(budget_id: int, reserved_micro: int, cost_micro: int) -> None:
    """Turn a reservation into spending; what was billed beyond it is kept apart."""
    Budget.objects.filter(pk=budget_id).update(
        reserved_micro=F("reserved_micro") - reserved_micro,
        spent_micro=F("spent_micro") + cost_micro,
        overrun_micro=F("overrun_micro") + max(0, cost_micro - reserved_micro),
    )


def fail(held: Claim, error: str) -> None:
    """It surely was not billed: the money is free again, the key may be asked anew."""
    with transaction.atomic(durable=True):
        row = PaidCall.objects.filter(
            pk=held.call_id, attempt=held.attempt, state__in=PaidCall.OPEN
        )
        if not row.update(state=State.FAILED, error=error[:120], ended_at=Now()):
            raise LostCall
        book(held.budget_id, held.reserved_micro, 0)


def doubt(held: Claim, error: str) -> None:
    """Nobody knows whether it was billed: the money stays held until a person says."""
    _move(held, State.CALLING, state=State.IN_DOUBT, error=error[:120], ended_at=Now())


def forget_free(row: PaidCall) -> bool:
    """A call in doubt that holds no money may be asked anew: there is nothing to pay twice."""
    with transaction.atomic(durable=True):
        free = PaidCall.objects.filter(
            pk=row.pk, attempt=row.attempt, state=State.IN_DOUBT, reserved_micro=0
        )
        return bool(free.update(state=State.FAILED, ended_at=Now()))


def sweep() -> tuple[int, int]:
    """Calls whose process is dead: freed where only reserved, in doubt where it may have asked.

    Returns how many of each. May run anywhere at any time, twice at once without harm.
    """
    dead = PaidCall.objects.filter(lease_until__lt=Now())
    doubtful = dead.filter(state=State.CALLING).update(
        state=State.IN_DOUBT, error="process_lost", ended_at=Now()
    )
    freed = 0
    rows = list(dead.filter(state=State.RESERVED)[:1000])
    for row in rows:
        with transaction.atomic():
            mine = PaidCall.objects.filter(
                pk=row.pk, attempt=row.attempt, state=State.RESERVED, lease_until__lt=Now()
            )
            if mine.update(state=State.FAILED, error="process_lost", ended_at=Now()):
                book(row.budget_id, row.reserved_micro, 0)
                freed += 1
    return freed, doubtful
