"""Money back by staff: asked of the provider once, and back only when the ledger says so."""

import secrets

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.checkout import Back, CheckoutError
from crm.checkout.providers import CHECKOUTS
from crm.exceptions import DomainError
from crm.models import PlanOrder, RefundRequest, User
from crm.money import shown
from crm.plan_reads import order_ledger, refunds_pending
from crm.services.orders import site
from crm.services.practice import practice_owe_refund

MAX_TRIES = 3


@transaction.atomic
def refund_ask(
    *, order: PlanOrder, minor: int, reason: str, token: str, actor: User | None
) -> tuple[RefundRequest, bool]:
    """Write the wish for a refund; the same form again gives the first one.

    Never more than was charged less what went back and what was asked already. Raises `DomainError`.
    """
    PlanOrder.objects.select_for_update().get(pk=order.pk)
    known = RefundRequest.objects.filter(token=token).first()
    if known is not None:
        return known, False
    if not reason.strip():
        raise DomainError(_("Say why the money is given back."), "no_reason")
    state = order_ledger(order)
    if state is None:
        raise DomainError(_("Nothing has been paid for this order."), "not_paid")
    left = state.left - refunds_pending(order)
    if not 0 < minor <= left:
        raise DomainError(
            _("At most %(left)s can be given back.")
            % {"left": shown(max(0, left), state.currency)},
            "over_the_charge",
        )
    request = RefundRequest.objects.create(
        order=order,
        number=f"R{timezone.localtime():%Y%m%d}{secrets.token_hex(6).upper()}",
        token=token,
        minor=minor,
        reason=reason.strip()[:300],
        by=actor,
    )
    audit.record(
        "plan.refund_asked",
        order,
        actor=actor,
        data={"refund": request.number, "minor": minor, "reason": request.reason},
    )
    return request, True


def refund_send(request_id: int) -> str:
    """Send a refund to its provider if it waits; returns its state. May be called twice.

    The row is taken by a conditional update before the call, and providers know our number, so a
    second sending is the same refund. What they refuse for good is failed and frees the sum.
    """
    taken = RefundRequest.objects.filter(
        pk=request_id, state=RefundRequest.State.ASKED, tries__lt=MAX_TRIES
    )
    request = taken.select_related("order__payment").first()
    if request is None or not taken.filter(tries=request.tries).update(tries=request.tries + 1):
        return "not_waiting"
    state = order_ledger(request.order)
    if state is None:
        return _failed(request, "the charge is not in the ledger")
    payment = request.order.payment
    back = Back(
        number=request.number,
        order=payment.number,
        charge=state.object_id,
        minor=request.minor,
        charged_minor=state.charged,
        currency=payment.currency,
        reason=request.reason,
        notify_url=f"{site()}/webhooks/{payment.provider}/",
    )
    try:
        reference = CHECKOUTS[payment.provider].refund(back)
    except CheckoutError as error:
        if error.permanent or request.tries + 1 >= MAX_TRIES:
            return _failed(request, str(error))
        RefundRequest.objects.filter(pk=request.pk).update(error=str(error))
        return RefundRequest.State.ASKED
    with transaction.atomic():
        RefundRequest.objects.filter(pk=request.pk).update(
            state=RefundRequest.State.SENT, reference=reference[:128], error=""
        )
        if payment.provider == "test":
            practice_owe_refund(order=request.order, back=back)
    return RefundRequest.State.SENT


def _failed(request: RefundRequest, why: str) -> str:
    with transaction.atomic():
        RefundRequest.objects.filter(pk=request.pk).update(
            state=RefundRequest.State.FAILED, error=why
        )
        audit.record("plan.refund_failed", request, data={"why": why})
    return RefundRequest.State.FAILED


def refunds_sweep() -> list[int]:
    """Ids of refunds that still wait, for the worker that lost them."""
    waiting = RefundRequest.objects.filter(state=RefundRequest.State.ASKED, tries__lt=MAX_TRIES)
    return list(waiting.order_by("pk").values_list("pk", flat=True)[:100])
