"""A call that is paid at most once, whatever it buys: reserve → call → settle, the answer is kept.

`paid.paid_chat` and `speaking.paid_speech` say what is bought; the rules about money are here.
"""

from __future__ import annotations

import random
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.utils.translation import gettext as _

from engines.chat.protocol import Usage
from engines.errors import Billed, EngineError
from engines.models import Budget, PaidCall
from engines.pricing import PriceList
from engines.scopes import HOUSE
from engines.services import health, ledger

MOST_TRIES = 4
FIRST_PAUSE = 1.0
LONGEST_WAIT = 180.0
_POLL = 0.2

Wait = Callable[[float], None]
A = TypeVar("A", bound=ledger.Answer)


@dataclass(frozen=True, slots=True)
class Purchase(Generic[A]):
    """What is to be bought. `most` bounds the usage and so the price; `timeout` is in seconds.

    `key` holds the scope already (`engines.scopes.scoped`). `ask` makes the call, `read` makes an answer of what was kept beside the receipt of an earlier
    one. `read` raises `EngineError` where the kept answer is of no use any more.
    """

    engine: str
    model: str
    key: str
    purpose: str
    most: Usage
    timeout: float
    ask: Callable[[], A]
    read: Callable[[Mapping[str, Any]], A]
    scope: str = HOUSE


@dataclass(frozen=True, slots=True)
class Bought(Generic[A]):
    """`kept` is True where nothing was asked: the answer was paid for before, `own` where it was
    paid for from the same budget. Cost in micro-units."""

    answer: A
    cost_micro: int
    currency: str
    kept: bool
    own: bool = False


def buy(
    wanted: Purchase[A],
    *,
    budget: Budget,
    price: Callable[[], PriceList],
    wait: Wait = time.sleep,
) -> Bought[A]:
    """The answer, bought if nobody has bought it yet.

    Must not run inside a transaction. Raises `EngineError`: `in_doubt` where the outcome of this
    very call is unknown to everybody, `budget_spent`, `no_price`, `resting`, or the engine's own.
    `wait` is given the seconds of each pause; it may raise to give up.
    """
    kept = PaidCall.objects.filter(key=wanted.key, state=PaidCall.State.SETTLED).first()
    if kept is not None:
        return _kept(wanted, kept, budget)
    prices = price()
    held = _claimed(
        ledger.Wanted(
            key=wanted.key,
            purpose=wanted.purpose,
            engine=wanted.engine,
            model=wanted.model,
            budget_id=budget.pk,
            most_micro=prices.cost(wanted.most),
            price=prices,
            timeout=wanted.timeout,
            scope=wanted.scope,
        ),
        wait,
    )
    if isinstance(held, PaidCall):
        return _kept(wanted, held, budget)
    try:
        return _bought(wanted, held, prices, wait)
    except ledger.LostCall as error:
        raise _in_doubt() from error


def _claimed(wanted: ledger.Wanted, wait: Wait) -> ledger.Claim | PaidCall:
    """The claim, or the settled row; waits while another process is asking the very same."""
    # Leave is asked only by who may really call: else the one probe of an engine that rests would
    # go to a question that is answered, or in doubt, already, and the rest would never get past it.
    known = ledger.ended(wanted.key)
    if known and known.state == PaidCall.State.SETTLED:
        return known
    if known:
        raise _in_doubt()
    health.ask_leave(wanted.engine)
    until = time.monotonic() + wanted.timeout + ledger.LEASE_MARGIN + LONGEST_WAIT
    while True:
        found = ledger.claim(wanted)
        if isinstance(found, ledger.Claim) or found.state == PaidCall.State.SETTLED:
            return found
        if found.state == PaidCall.State.IN_DOUBT:
            raise _in_doubt()
        if time.monotonic() > until:
            raise EngineError(
                "Another process asks the same and does not end.",
                code="in_flight",
                permanent=False,
                billed=Billed.SURELY_NOT,
            )
        wait(_POLL)
        ledger.sweep()


def _kept(wanted: Purchase[A], row: PaidCall, budget: Budget) -> Bought[A]:
    if row.answer is None:
        raise EngineError(
            _("This was paid for before and brought no answer; it is not bought again."),
            code="paid_without_answer",
            permanent=True,
            billed=Billed.SURELY,
        )
    answer = wanted.read(row.answer)
    own = row.budget_id == budget.pk
    return Bought(answer, row.cost_micro, row.currency, kept=True, own=own)


def _in_doubt() -> EngineError:
    return EngineError(
        _("Whether this call was billed is unknown; a person has to say before it is made again."),
        code="in_doubt",
        permanent=True,
        billed=Billed.UNKNOWN,
    )


def _bought(wanted: Purchase[A], held: ledger.Claim, prices: PriceList, wait: Wait) -> Bought[A]:
    for tries in range(1, MOST_TRIES + 1):
        try:
            answer = _asked(wanted, held, prices)
        except EngineError as error:
            if not error.may_retry or tries == MOST_TRIES:
                _end(held, error)
                raise
            pause = _pause(error, tries)
            ledger.pause(held, pause)
            _rest(held, pause, wait)
            continue
        except BaseException:
            # Interrupted (a time limit, Ctrl-C) with the request on its way.
            ledger.doubt(held, "interrupted")
            raise
        health.went_well(wanted.engine)
        cost = prices.cost(answer.usage)
        ledger.settle(held, cost_micro=cost, usage=answer.usage, answer=answer)
        return Bought(answer, cost, prices.currency, kept=False)
    raise AssertionError("the last try returns or raises")


def _asked(wanted: Purchase[A], held: ledger.Claim, prices: PriceList) -> A:
    ledger.begin(held)
    try:
        return wanted.ask()
    except EngineError as error:
        if not error.permanent:
            health.went_wrong(wanted.engine, error.code)
        if error.billed is Billed.SURELY:
            usage = error.usage if isinstance(error.usage, Usage) else Usage(reported=False)
            cost = prices.cost(usage)
            ledger.settle(held, cost_micro=cost, usage=usage, answer=None, error=error.code)
        raise


def _end(held: ledger.Claim, error: EngineError) -> None:
    if error.billed is Billed.UNKNOWN:
        ledger.doubt(held, error.code)
    elif error.billed is Billed.SURELY_NOT:
        ledger.fail(held, error.code)


def _pause(error: EngineError, tries: int) -> float:
    """What the engine asked for, else twice as long each time, never all at the same moment."""
    if error.retry_after is not None:
        return error.retry_after + random.uniform(0, 0.5)  # noqa: S311  jitter, no secret
    return FIRST_PAUSE * 2 ** (tries - 1) * random.uniform(0.8, 1.2)  # noqa: S311


def _rest(held: ledger.Claim, pause: float, wait: Wait) -> None:
    try:
        wait(pause)
    except BaseException:
        ledger.fail(held, "given_up")
        raise
