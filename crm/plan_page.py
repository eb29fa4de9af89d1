"""The plan page as its template wants it: offers with what choosing them means, bars of use."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

import segno
from django.utils import timezone
from django.utils.translation import gettext as _

from crm.checkout.providers import providers_for
from crm.models import Creator, Plan, PlanOrder
from crm.plan_reads import (
    HasPlan,
    Used,
    UsedDay,
    month_use_of,
    order_ledger,
    order_paid_at,
    plans_of,
    plans_on_sale,
    terms_of,
    used_of,
)
from crm.services.orders import change_of

CHART_WIDTH, CHART_HEIGHT = 640, 120


@dataclass(frozen=True)
class Offer:
    """`pays` is asked for now in minor units, after `credit` for unused days was taken off."""

    plan: Plan
    is_mine: bool
    begins_now: bool
    credit: int
    pays: int
    providers: tuple[tuple[str, str], ...]

    @property
    def can_be_bought(self) -> bool:
        return not self.plan.is_free and bool(self.providers)


def provider_label(name: str) -> str:
    return {
        "test": _("Test payment (no money moves)"),
        "stripe": _("Card (Stripe)"),
        "wechat": _("WeChat Pay"),
        "alipay": _("Alipay"),
    }.get(name, name)


def offers(creator: Creator, has: HasPlan) -> list[Offer]:
    now = timezone.now()
    held = terms_of(creator)
    found = []
    for plan in plans_on_sale():
        begins_now, taken_off = change_of(has, held, plan, now)
        ways = tuple(
            (item.NAME, provider_label(item.NAME)) for item in providers_for(plan.currency)
        )
        found.append(
            Offer(
                plan=plan,
                is_mine=has.plan is not None and has.plan.pk == plan.pk,
                begins_now=begins_now or not has.is_paid,
                credit=taken_off,
                pays=plan.minor - taken_off,
                providers=ways,
            )
        )
    return found


@dataclass(frozen=True)
class UsedBar:
    """A kind of use in words; `tone` is full from 100 %, high from 80 %."""

    label: str
    used: Used

    @property
    def tone(self) -> str:
        if self.used.limit is None:
            return "free"
        return "full" if self.used.percent >= 100 else "high" if self.used.percent >= 80 else "calm"


def used_bars(rows: list[Used]) -> list[UsedBar]:
    names = {"runs": _("Runs"), "frames": _("Pictures"), "characters": _("Characters of text")}
    return [UsedBar(names[row.key], row) for row in rows]


@dataclass(frozen=True)
class DayBar:
    x: float
    y: float
    height: float
    day: UsedDay


@dataclass(frozen=True)
class DayChart:
    """Pictures by day as bars in pixels; `most` is the tallest."""

    bars: tuple[DayBar, ...]
    bar_width: float
    width: int
    height: int
    most: int

    @property
    def is_empty(self) -> bool:
        return not any(bar.day.runs or bar.day.frames or bar.day.characters for bar in self.bars)


def day_chart(days: list[UsedDay]) -> DayChart:
    most = max((day.frames for day in days), default=0)
    gap = CHART_WIDTH / max(1, len(days))
    bars = []
    for place, day in enumerate(days):
        height = (CHART_HEIGHT - 4) * day.frames / most if most else 0.0
        bars.append(
            DayBar(
                round(place * gap + 2, 1), round(CHART_HEIGHT - height, 1), round(height, 1), day
            )
        )
    return DayChart(tuple(bars), round(gap - 4, 1), CHART_WIDTH, CHART_HEIGHT, most)


@dataclass(frozen=True)
class Code:
    """A QR code as the path of an SVG `size` units wide, its quiet zone included."""

    size: int
    path: str


def qr_code(text: str) -> Code:
    made = segno.make(text, error="m", micro=False)
    quiet = 4
    rows = [
        f"M{x + quiet} {y + quiet}h1v1h-1z"
        for y, row in enumerate(made.matrix)
        for x, dark in enumerate(row)
        if dark
    ]
    return Code(len(made.matrix) + 2 * quiet, "".join(rows))


PAID, WAITING, OPEN, CLOSED, RETURNED = "paid", "waiting", "open", "closed", "returned"


@dataclass(frozen=True)
class OrderCard:
    """An order with its state, which the ledger gives and the browser cannot change."""

    order: PlanOrder
    state: str
    paid_at: datetime | None
    charged: int
    back: int

    @property
    def label(self) -> str:
        return {
            PAID: _("Paid"),
            WAITING: _("Waiting for the provider's word"),
            OPEN: _("Not paid yet"),
            CLOSED: _("Not paid, no longer open"),
            RETURNED: _("Paid and given back"),
        }[self.state]

    @property
    def has_receipt(self) -> bool:
        return self.state in (PAID, RETURNED)


def order_card(order: PlanOrder, *, pressed: bool = False) -> OrderCard:
    """`pressed`: the creator has been at the provider, whose word is not here yet."""
    ledger = order_ledger(order)
    if ledger is not None:
        back = ledger.refunded + ledger.disputed
        state = RETURNED if ledger.left == 0 else PAID
        return OrderCard(order, state, order_paid_at(order), ledger.charged, back)
    state = WAITING if pressed else OPEN if order.is_open() else CLOSED
    return OrderCard(order, state, None, 0, 0)


@dataclass(frozen=True)
class SubscriptionRow:
    creator: Creator
    plan: Plan | None
    since: datetime | None
    until: datetime | None
    cancelled: bool
    next: Plan | None
    used: list[UsedBar]


def subscriptions_of(creators: Sequence[Creator]) -> list[SubscriptionRow]:
    """The plans of some creators; a fixed number of queries for the page."""
    people = list(creators)
    ids = [creator.pk for creator in people]
    has, use = plans_of(ids), month_use_of(ids)
    return [
        SubscriptionRow(
            creator=creator,
            plan=has[creator.pk].plan,
            since=term.start if (term := has[creator.pk].standing.term) else None,
            until=has[creator.pk].ends_at,
            cancelled=has[creator.pk].standing.cancelled,
            next=has[creator.pk].after[0][0] if has[creator.pk].after else None,
            used=used_bars(used_of(use.get(creator.pk), has[creator.pk].plan)),
        )
        for creator in people
    ]
