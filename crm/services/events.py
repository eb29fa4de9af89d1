"""Signed notices in: verified, kept as received, booked once, answered as the provider expects."""

import logging
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from crm import audit
from crm.exceptions import DomainError
from crm.models import PaymentOrder, ProviderEvent
from crm.services.ledger import Door, facts_book
from crm.services.refusals import GENUINE, refusal_count
from crm.webhooks import PROVIDERS, Answer, Event, Provider, Refusal

logger = logging.getLogger(__name__)

# A provider waits one second (we promise) to five (WeChat) and then asks again; a bill that is
# being booked meanwhile may hold what we need for longer than that. No statement begins after
# `settings.NOTICE_SECONDS`, and none waits for a lock longer than this: together under the second.
LOCK_TIMEOUT_MS = 350
Outcome = ProviderEvent.Outcome


def event_receive(
    *,
    provider: str,
    headers: Mapping[str, str],
    body: bytes,
    now: datetime | None = None,
    sender: str = "",
) -> Answer:
    """Whatever comes in, an answer goes out: 200 booked, known or no payment; 401 not genuine or
    not of now; 400 not readable; 422 genuine, but not ours or not as ordered; 404 not set up;
    429 refused too often this minute; 503 busy, try again. Never raises for what a sender can cause.
    """
    module = PROVIDERS.get(provider)
    if module is None or not module.configured():
        return Answer(404, "", "text/plain")
    lowered = {name.lower(): value for name, value in headers.items()}
    event, status, code = _verified(module, lowered, body, now or timezone.now())
    try:
        with _in_time():
            if event is not None:
                status, code = _kept(module, event, lowered, body, (status, code))
        if status in (200, 503):
            return module.answer(status, code)
        if not refusal_count(provider=module.NAME, code=code, status=status, sender=sender):
            return module.answer(429 if status != GENUINE else status, code)
    except OperationalError as error:
        name = event.event_id if event else ""
        logger.warning("%s notice %s put off: %s", provider, name, type(error).__name__)
        return module.answer(503, "busy")
    return module.answer(status, code)


def _verified(
    module: Provider, headers: Mapping[str, str], body: bytes, now: datetime
) -> tuple[Event | None, int, str]:
    """The genuine event, or none; status and code where it is refused."""
    try:
        return module.verify(headers, body, now), 200, ""
    except Refusal as refusal:
        return refusal.event, refusal.status, refusal.code
    except (ValueError, KeyError, TypeError, AttributeError):
        return None, 400, "malformed"


def _kept(
    module: Provider,
    event: Event,
    headers: Mapping[str, str],
    body: bytes,
    refused: tuple[int, str],
) -> tuple[int, str]:
    """Keep a genuine notice, book it where it was not refused; the status and code to answer."""
    status, code = refused
    with transaction.atomic():
        if status != 200:
            kept, _new = _keep(module, event, headers, body)
            _settle(kept, Outcome.REFUSED, code)
            return status, code
        outcome, reason = _keep_and_book(module, event, headers, body)
    return (GENUINE, reason) if outcome == Outcome.REFUSED else (200, outcome)


@contextmanager
def _in_time() -> Iterator[None]:
    """Statements end in an OperationalError once the budget is spent, or a lock takes too long."""
    until = time.monotonic() + settings.NOTICE_SECONDS

    def guarded(
        execute: Callable[..., Any], sql: str, params: Any, many: bool, context: Any
    ) -> Any:
        leaving = sql.startswith(("ROLLBACK", "RELEASE"))
        if time.monotonic() > until and not leaving:
            raise OperationalError("The second is over.")
        return execute(sql, params, many, context)

    with connection.execute_wrapper(guarded):
        yield


def _keep_and_book(
    module: Provider, event: Event, headers: Mapping[str, str], body: bytes
) -> tuple[str, str]:
    kept, new = _keep(module, event, headers, body)
    if not new and kept.outcome != Outcome.REFUSED:
        return Outcome.DUPLICATE, ""
    if event.ignored:
        return _settle(kept, Outcome.IGNORED, event.ignored)
    reason = _against_order(event)
    if reason:
        return _settle(kept, Outcome.REFUSED, reason)
    try:
        with transaction.atomic():
            booked = facts_book(event.facts, Door(notice=kept, sample=module.NAME == "test"))
    except DomainError as error:
        return _settle(kept, Outcome.REFUSED, error.code)
    if booked.differing and not booked.fresh:
        return _settle(kept, Outcome.REFUSED, "differs_from_ledger")
    return _settle(kept, Outcome.BOOKED if booked.fresh else Outcome.DUPLICATE, "")


def _keep(
    module: Provider, event: Event, headers: Mapping[str, str], body: bytes
) -> tuple[ProviderEvent, bool]:
    """The notice as received; of copies that come at once, one is new and the others wait for it."""
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_MS}ms'")
    row = ProviderEvent(
        provider=module.NAME,
        event_id=event.event_id,
        kind=event.kind[:60],
        headers={name: headers[name] for name in module.HEADERS if name in headers},
        body=body,
    )
    try:
        with transaction.atomic():
            row.save(force_insert=True)
    except IntegrityError:
        copies = ProviderEvent.objects.filter(provider=module.NAME, event_id=event.event_id)
        kept = copies.get()
        if kept.outcome == Outcome.REFUSED:  # may be booked now, by one of the copies
            kept = copies.select_for_update().get()
        return kept, False
    return row, True


def _settle(kept: ProviderEvent, outcome: str, reason: str) -> tuple[str, str]:
    if kept.outcome != outcome or kept.reason != reason:
        ProviderEvent.objects.filter(pk=kept.pk).update(outcome=outcome, reason=reason[:240])
    audit.record(
        "payment.notified", kept, data={"event": kept.event_id, "outcome": outcome, "why": reason}
    )
    return outcome, reason


def _against_order(event: Event) -> str:
    """What our own order says against a charge that names it; nothing where it agrees."""
    numbers = [fact.merchant_order for fact in event.facts if fact.kind == "charge"]
    orders = {
        order.number: order
        for order in PaymentOrder.objects.filter(number__in=[n for n in numbers if n])
    }
    for fact in event.facts:
        order = orders.get(fact.merchant_order)
        if order is None or fact.kind != "charge":
            continue
        if order.provider != fact.provider:
            return "other_provider"
        if order.currency != fact.currency:
            return "wrong_currency"
        if order.minor != fact.minor:
            return "wrong_amount"
    return ""
