"""A chat call that is paid at most once: reserve → call → settle, and the answer is kept."""

from __future__ import annotations

import random
import time
from collections.abc import Callable

from django.utils import timezone
from django.utils.translation import gettext as _

from engines.chat.protocol import Chat, ChatAnswer, ChatRequest, PaidAnswer, Usage
from engines.chat.registry import chat_settings
from engines.errors import Billed, EngineError
from engines.models import Budget, PaidCall
from engines.pricing import PriceList, price_of
from engines.services import health, ledger

MOST_TRIES = 4
FIRST_PAUSE = 1.0
LONGEST_WAIT = 180.0
_POLL = 0.2

Wait = Callable[[float], None]


def list_of(engine: Chat) -> PriceList:
    """Today's prices of an engine. Raises `engines.pricing.NoPrice`."""
    told = chat_settings().get(engine.name)
    provider = told.prices_of if told else ""
    return price_of(engine.name, engine.model, timezone.now(), public_provider=provider)


def key_of(engine: Chat, request: ChatRequest) -> str:
    return request.content_key(engine.name, engine.model, engine.version)


def paid_chat(
    *,
    engine: Chat,
    request: ChatRequest,
    budget: Budget,
    price: PriceList | None = None,
    wait: Wait = time.sleep,
) -> PaidAnswer:
    """The answer to `request`, bought if nobody has bought it yet.

    Must not run inside a transaction. Raises `EngineError`: `in_doubt` where the outcome of this
    very call is unknown to everybody, `budget_spent`, `no_price`, `resting`, or the engine's own.
    `wait` is given the seconds of each pause; it may raise to give up.
    """
    key = key_of(engine, request)
    kept = PaidCall.objects.filter(key=key, state=PaidCall.State.SETTLED).first()
    if kept is not None:
        return _kept(kept, budget)
    prices = price or list_of(engine)
    most = Usage(request.input_tokens_at_most(), request.max_tokens)
    wanted = ledger.Wanted(
        key=key,
        purpose=request.purpose,
        engine=engine.name,
        model=engine.model,
        budget_id=budget.pk,
        most_micro=prices.cost(most),
        price=prices,
        timeout=request.timeout,
    )
    health.ask_leave(engine.name)
    held = _claimed(wanted, wait)
    if isinstance(held, PaidCall):
        return _kept(held, budget)
    try:
        return _bought(engine, request, held, prices, wait)
    except ledger.LostCall as error:
        raise _in_doubt() from error


def _claimed(wanted: ledger.Wanted, wait: Wait) -> ledger.Claim | PaidCall:
    """The claim, or the settled row; waits while another process is asking the very same."""
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


def _kept(row: PaidCall, budget: Budget) -> PaidAnswer:
    if row.answer is None:
        raise EngineError(
            _("This was paid for before and brought no answer; it is not bought again."),
            code="paid_without_answer",
            permanent=True,
            billed=Billed.SURELY,
        )
    answer = ChatAnswer.from_dict(row.answer)
    own = row.budget_id == budget.pk
    return PaidAnswer(answer, row.cost_micro, row.currency, kept=True, own=own)


def _in_doubt() -> EngineError:
    return EngineError(
        _("Whether this call was billed is unknown; a person has to say before it is made again."),
        code="in_doubt",
        permanent=True,
        billed=Billed.UNKNOWN,
    )


def _bought(
    engine: Chat, request: ChatRequest, held: ledger.Claim, prices: PriceList, wait: Wait
) -> PaidAnswer:
    for tries in range(1, MOST_TRIES + 1):
        try:
            answer = _asked(engine, request, held, prices)
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
        health.went_well(engine.name)
        cost = prices.cost(answer.usage)
        ledger.settle(held, cost_micro=cost, usage=answer.usage, answer=answer)
        return PaidAnswer(answer, cost, prices.currency, kept=False)
    raise AssertionError("the last try returns or raises")


def _asked(engine: Chat, request: ChatRequest, held: ledger.Claim, prices: PriceList) -> ChatAnswer:
    ledger.begin(held)
    try:
        return engine.complete(request)
    except EngineError as error:
        if not error.permanent:
            health.went_wrong(engine.name, error.code)
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
