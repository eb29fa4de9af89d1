"""Orders of plans: written once a form, paid elsewhere, granted by nothing but the ledger."""

import secrets
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.checkout import Ask, CheckoutError, Handoff
from crm.checkout.providers import CHECKOUTS, providers_for
from crm.exceptions import DomainError
from crm.models import Creator, PaymentOrder, Plan, PlanOrder, SubscriptionEvent, User
from crm.plan_reads import HasPlan, order_ledger, plan_of, terms_of
from crm.subscribing import Term, credit

OPEN_FOR = timedelta(minutes=30)


@transaction.atomic
def plan_order(
    *,
    creator: Creator,
    plan: Plan,
    provider: str,
    token: str,
    actor: User | None,
    now: datetime | None = None,
) -> tuple[PlanOrder, bool]:
    """Write the order of a form (`token`); the same form again gives the order of the first time.

    A dearer plan (by the month) begins when it is paid, and what is unused of the present one is
    taken off its price; any other begins when what is paid up ends. An order that was still open is
    given up for the new one. Raises `DomainError`.
    """
    moment = now or timezone.now()
    Creator.objects.select_for_update().get(pk=creator.pk)  # one order of a creator at a time
    known = PlanOrder.objects.filter(creator=creator, token=token).first()
    if known is not None:
        return known, False
    if plan.is_free or not plan.on_sale:
        raise DomainError(_("This plan cannot be bought."), "not_for_sale")
    if provider not in {item.NAME for item in providers_for(plan.currency)}:
        raise DomainError(_("Choose one of the ways to pay."), "unknown_provider")
    begins_now, taken_off = change_of(plan_of(creator, moment), terms_of(creator), plan, moment)
    PlanOrder.objects.filter(creator=creator, closed_at__isnull=True).update(closed_at=moment)
    payment = PaymentOrder.objects.create(
        number=_number(moment),
        provider=provider,
        creator=creator,
        minor=plan.minor - taken_off,
        currency=plan.currency,
        subject=plan.title_zh,
    )
    order = PlanOrder.objects.create(
        payment=payment,
        creator=creator,
        plan=plan,
        token=token,
        begins_now=begins_now,
        credit_minor=taken_off,
        expires_at=moment + OPEN_FOR,
    )
    audit.record(
        "plan.ordered",
        order,
        actor=actor,
        data={"plan": plan.key, "minor": payment.minor, "credit": taken_off, "provider": provider},
    )
    return order, True


def change_of(has: HasPlan, held: Sequence[Term], plan: Plan, at: datetime) -> tuple[bool, int]:
    """What ordering a plan means for who has one: whether it ends that one, and what is taken off.

    Only a dearer plan (by the month, in the same currency) begins at once.
    """
    if not has.is_paid or has.plan is None or has.plan.currency != plan.currency:
        return False, 0
    if plan.minor * has.plan.months <= has.plan.minor * plan.months:
        return False, 0
    taken_off = credit(held, at)
    return (True, taken_off) if taken_off < plan.minor else (False, 0)


def _number(at: datetime) -> str:
    """Ours, not to be guessed: the day and 12 random letters and digits without look-alikes."""
    letters = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
    tail = "".join(secrets.choice(letters) for _ in range(12))
    return f"P{timezone.localtime(at):%Y%m%d}{tail}"


def order_begin(*, order: PlanOrder, base_url: str) -> Handoff:
    """Ask the provider where to pay; asked again it gives the same place. No transaction is open.

    Raises `DomainError` where the order cannot be paid any more or the provider does not answer.
    """
    if not order.is_open():
        raise DomainError(_("This order can no longer be paid; order again."), "order_closed")
    if order.pay_url:
        return Handoff("qr" if order.pay_url.startswith("weixin://") else "redirect", order.pay_url)
    payment = order.payment
    ask = Ask(
        number=payment.number,
        minor=payment.minor,
        currency=payment.currency,
        subject=payment.subject,
        return_url=base_url + reverse("portal:plan_order", args=[payment.number]),
        notify_url=f"{base_url}/webhooks/{payment.provider}/",
        expires_at=order.expires_at,
    )
    try:
        handoff = CHECKOUTS[payment.provider].begin(ask)
    except CheckoutError as error:
        raise DomainError(
            _("The payment provider did not answer as it should; nothing was charged. Try again."),
            "provider_failed",
        ) from error
    PlanOrder.objects.filter(pk=order.pk).update(pay_url=handoff.url)
    return handoff


@transaction.atomic
def order_close(*, order: PlanOrder, actor: User | None) -> bool:
    """Give an order up; False where it was paid, or given up before."""
    if order_ledger(order) is not None:
        return False
    closed = PlanOrder.objects.filter(pk=order.pk, closed_at__isnull=True).update(
        closed_at=timezone.now()
    )
    if closed:
        audit.record("plan.order_given_up", order, actor=actor)
    return bool(closed)


@transaction.atomic
def subscription_say(
    *, creator: Creator, stops: bool, reason: str = "", actor: User | None
) -> SubscriptionEvent:
    """They will not go on when what is paid up ends, or will after all. Raises `DomainError`."""
    has = plan_of(creator)
    if not has.is_paid:
        raise DomainError(_("There is no paid plan to cancel."), "no_plan")
    kind = SubscriptionEvent.Kind.CANCELLED if stops else SubscriptionEvent.Kind.KEPT
    event = SubscriptionEvent.objects.create(
        creator=creator, kind=kind, reason=reason.strip()[:300], by=actor
    )
    audit.record(f"plan.{kind}", creator, actor=actor, data={"reason": event.reason})
    return event


def site() -> str:
    return str(settings.SITE_URL).rstrip("/")


def issuer() -> str:
    """Who stands on receipts: as the installation is set up, else the house's own name."""
    return str(settings.RECEIPT_ISSUER) or _("Pingju")
