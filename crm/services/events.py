"""Signed notices in: verified, kept as received, booked once, answered as the provider expects."""

import logging
from collections.abc import Mapping
from datetime import datetime

from django.db import IntegrityError, OperationalError, connection, transaction
from django.utils import timezone

from crm import audit
from crm.exceptions import DomainError
from crm.models import PaymentOrder, ProviderEvent
from crm.services.ledger import Door, facts_book
from crm.webhooks import PROVIDERS, Answer, Event, Provider, Refusal

logger = logging.getLogger(__name__)

# A provider waits one second (we promise) to five (WeChat) and then asks again; a bill that is
# being booked meanwhile may hold what we need for longer than that.
LOCK_TIMEOUT_MS = 700
Outcome = ProviderEvent.Outcome


def event_receive(
    *, provider: str, headers: Mapping[str, str], body: bytes, now: datetime | None = None
) -> Answer:
    """Whatever comes in, an answer goes out: 200 booked, known or no payment; 401 not genuine or
    not of now; 400 not readable; 422 genuine, but not ours or not as ordered; 404 not set up;
    503 busy, try again. Never raises for what a sender can cause."""
    module = PROVIDERS.get(provider)
    if module is None or not module.configured():
        return Answer(404, "", "text/plain")
    lowered = {name.lower(): value for name, value in headers.items()}
    try:
        event = module.verify(lowered, body, now or timezone.now())
    except Refusal as refusal:
        return _refused(module, refusal, lowered, body)
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        logger.warning("%s notice unreadable: %s", provider, type(error).__name__)
        return module.answer(400, "malformed")
    try:
        outcome, reason = _keep_and_book(module, event, lowered, body)
    except OperationalError as error:
        logger.warning("%s notice %s put off: %s", provider, event.event_id, type(error).__name__)
        return module.answer(503, "busy")
    if outcome == Outcome.REFUSED:
        logger.warning("%s notice %s refused: %s", provider, event.event_id, reason)
        return module.answer(422, reason)
    return module.answer(200, outcome)


def _refused(module: Provider, refusal: Refusal, headers: Mapping[str, str], body: bytes) -> Answer:
    logger.warning("%s notice refused: %s", module.NAME, refusal.code)
    if refusal.event is not None:
        with transaction.atomic():
            kept, _new = _keep(module, refusal.event, headers, body)
            _settle(kept, Outcome.REFUSED, refusal.code)
    return module.answer(refusal.status, refusal.code)


@transaction.atomic
def _keep_and_book(
    module: Provider, event: Event, headers: Mapping[str, str], body: bytes
) -> tuple[str, str]:
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout = '{LOCK_TIMEOUT_MS}ms'")
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
        kept = ProviderEvent.objects.select_for_update().get(
            provider=module.NAME, event_id=event.event_id
        )
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
