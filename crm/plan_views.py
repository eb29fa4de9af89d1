"""My plan: what it holds and what is used, ordering, paying, receipts, going and staying."""

from typing import Any
from uuid import uuid4

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_htmx.http import HttpResponseClientRefresh

from crm.exceptions import DomainError
from crm.http import PortalRequest
from crm.plan_page import (
    OPEN,
    WAITING,
    OrderCard,
    day_chart,
    offers,
    order_card,
    provider_label,
    qr_code,
    used_bars,
)
from crm.plan_reads import (
    plan_of,
    plan_orders_visible_to,
    plans_on_sale,
    practice_pressed,
    used_by_day,
    used_in_month,
)
from crm.services import orders
from crm.services.practice import practice_pay
from crm.tasks import practice_deliver_start

ORDERS_SHOWN = 12


@never_cache
@require_GET
def plan(request: PortalRequest) -> HttpResponse:
    creator = request.creator
    has = plan_of(creator)
    rows = plan_orders_visible_to(creator)[:ORDERS_SHOWN]
    return render(
        request,
        "portal/plan.html",
        {
            "has": has,
            "used": used_bars(used_in_month(creator, has.plan)),
            "chart": day_chart(used_by_day(creator)),
            "offers": offers(creator, has),
            "orders": [_card(order) for order in rows],
            "token": uuid4().hex,
        },
    )


def _card(order: Any) -> OrderCard:
    return order_card(order, pressed=practice_pressed(order))


@require_POST
def plan_buy(request: PortalRequest) -> HttpResponse:
    """Write the order and go to where it is paid; the same form again leads to the same order."""
    wanted = {str(item.pk): item for item in plans_on_sale()}.get(request.POST.get("plan", ""))
    token = request.POST.get("token", "")
    if wanted is None or not 8 <= len(token) <= 64:
        messages.error(request, _("Choose a plan."))
        return redirect("portal:plan")
    try:
        order, new = orders.plan_order(
            creator=request.creator,
            plan=wanted,
            provider=request.POST.get("provider", ""),
            token=token,
            actor=request.user,
        )
        if not new:
            return redirect("portal:plan_order", order.payment.number)
        handoff = orders.order_begin(order=order, base_url=request.build_absolute_uri("/")[:-1])
    except DomainError as error:
        messages.error(request, str(error))
        return redirect("portal:plan")
    if handoff.url.startswith("/"):
        return redirect(handoff.url)
    # An address outside is a link on the order's page: our policy sends no form to strangers.
    return redirect("portal:plan_order", order.payment.number)


@never_cache
@require_GET
def plan_order(request: PortalRequest, number: str) -> HttpResponse:
    """An order: what it is, whether the provider's word is here. Coming back from paying grants nothing."""
    order = get_object_or_404(plan_orders_visible_to(request.creator), payment__number=number)
    card = _card(order)
    if request.htmx:
        if card.state != request.GET.get("state", WAITING):
            return HttpResponseClientRefresh()
        return render(request, "portal/_order_state.html", {"card": card})
    context = {
        "card": card,
        "order": order,
        "has": plan_of(request.creator),
        "provider": provider_label(order.payment.provider),
        "waits": card.state == WAITING,
        "code": qr_code(order.pay_url) if order.pay_url.startswith("weixin://") else None,
    }
    return render(request, "portal/plan_order.html", context)


@require_POST
def plan_order_close(request: PortalRequest, number: str) -> HttpResponse:
    order = get_object_or_404(plan_orders_visible_to(request.creator), payment__number=number)
    if not orders.order_close(order=order, actor=request.user):
        messages.info(request, _("This order is paid or was given up before."))
    return redirect("portal:plan")


@never_cache
@require_GET
def plan_receipt(request: PortalRequest, number: str) -> HttpResponse:
    """A receipt to print; only for what the ledger has."""
    order = get_object_or_404(plan_orders_visible_to(request.creator), payment__number=number)
    card = order_card(order)
    if not card.has_receipt:
        return redirect("portal:plan_order", number)
    context = {
        "card": card,
        "order": order,
        "provider": provider_label(order.payment.provider),
        "issuer": orders.issuer(),
        "net": card.charged - card.back,
    }
    return render(request, "portal/receipt.html", context)


@require_POST
def plan_word(request: PortalRequest) -> HttpResponse:
    """“I will not go on” or “I will after all”."""
    stops = request.POST.get("stops") == "yes"
    try:
        orders.subscription_say(
            creator=request.creator,
            stops=stops,
            reason=request.POST.get("reason", ""),
            actor=request.user,
        )
    except DomainError as error:
        messages.error(request, str(error))
    else:
        messages.success(
            request,
            _("Noted. What you have paid for stays yours until it ends; nothing more is charged.")
            if stops
            else _("Noted: you go on. Nothing is charged until you order the next period."),
        )
    return redirect("portal:plan")


@never_cache
@require_http_methods(["GET", "POST"])
def practice(request: PortalRequest, number: str) -> HttpResponse:
    """The test provider's page: POST with `pay` owes our endpoint a signed notice; without goes back."""
    order = get_object_or_404(
        plan_orders_visible_to(request.creator),
        payment__number=number,
        payment__provider="test",
    )
    if request.method == "POST":
        if "pay" not in request.POST:
            return redirect("portal:plan_order", number)
        try:
            notice = practice_pay(
                order=order,
                base_url=request.build_absolute_uri("/")[:-1],
                actor=request.user,
            )
        except DomainError as error:
            messages.error(request, str(error))
        else:
            practice_deliver_start(notice.pk)
        return redirect("portal:plan_order", number)
    if _card(order).state != OPEN:
        return redirect("portal:plan_order", number)
    return render(request, "portal/practice.html", {"order": order})
