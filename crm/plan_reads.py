"""Reads of plans: what a creator has, may use, has used and ordered."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from django.db.models import OuterRef, QuerySet, Subquery, Sum
from django.db.models.functions import TruncDate
from django.utils import timezone

from crm.ledger import OrderState, order_paid, order_states
from crm.models import (
    Creator,
    PayingSpell,
    Payment,
    Plan,
    PlanOrder,
    PracticeNotice,
    QuotaEntry,
    QuotaUse,
    RefundRequest,
    SubscriptionEvent,
)
from crm.subscribing import Bought, Standing, Term, standing, terms


def plans_on_sale() -> list[Plan]:
    return list(Plan.objects.filter(on_sale=True))


def plan_orders_visible_to(creator: Creator) -> QuerySet[PlanOrder]:
    return PlanOrder.objects.filter(creator=creator).select_related("plan", "payment")


def orders_for_team() -> QuerySet[PlanOrder]:
    return PlanOrder.objects.select_related("plan", "payment", "creator")


def bought_by(creators: Sequence[int]) -> dict[int, list[Bought]]:
    """Charges of creators that pay for a plan: an order of it, or exactly its price. Four queries."""
    rows = (
        Payment.objects.filter(
            creator_id__in=creators, kind=Payment.Kind.CHARGE, reverses=False
        )
        .order_by("pk")
        .values_list(
            "creator_id", "provider", "object_id", "merchant_order", "currency", "minor",
            "occurred_at",
        )
    )  # fmt: skip
    charges = list({(row[1], row[2]): row for row in rows}.values())  # a correction's entry is last
    left = {
        (state.provider, state.object_id): max(0, state.left)
        for state in order_states({row[2] for row in charges})
    } if charges else {}  # fmt: skip
    ordered = {
        order.payment.number: order
        for order in PlanOrder.objects.filter(
            payment__number__in={row[3] for row in charges if row[3]}
        ).select_related("plan", "payment")
    }
    priced: dict[tuple[str, int], Plan] = {}
    for plan in Plan.objects.filter(minor__gt=0).order_by("-on_sale", "position", "pk"):
        priced.setdefault((plan.currency, plan.minor), plan)
    found: dict[int, list[Bought]] = {creator: [] for creator in creators}
    for creator, provider, charge, number, currency, minor, moment in charges:
        order = ordered.get(number)
        bought = order.plan if order else priced.get((currency, minor))
        if creator is None or bought is None:
            continue
        found[creator].append(
            Bought(
                charge=f"{provider}:{charge}",
                plan=bought.pk,
                months=bought.months,
                paid_at=moment,
                left=left.get((provider, charge), 0),
                now=bool(order and order.begins_now),
                turn=order.pk if order else 0,
            )
        )
    return found


@dataclass(frozen=True)
class HasPlan:
    """`plan` runs now: a paid one, else the free tier, else None (nothing is limited)."""

    plan: Plan | None
    standing: Standing
    after: tuple[tuple[Plan, Term], ...]

    @property
    def is_paid(self) -> bool:
        return self.standing.term is not None

    @property
    def ends_at(self) -> datetime | None:
        return self.standing.until


def plan_of(creator: Creator, at: datetime | None = None) -> HasPlan:
    return plans_of([creator.pk], at)[creator.pk]


def plans_of(creators: Sequence[int], at: datetime | None = None) -> dict[int, HasPlan]:
    """What each creator has; six queries however many."""
    moment = at or timezone.now()
    words: dict[int, list[tuple[datetime, bool]]] = {}
    said = SubscriptionEvent.objects.filter(creator_id__in=creators, at__lte=moment)
    for creator, kind, spoken_at in said.values_list("creator_id", "kind", "at"):
        words.setdefault(creator, []).append((spoken_at, kind == SubscriptionEvent.Kind.CANCELLED))
    plans = Plan.objects.in_bulk()
    free = next((plan for plan in plans.values() if plan.is_free and plan.on_sale), None)
    found = {}
    for creator, bought in bought_by(creators).items():
        state = standing(bought, words.get(creator, []), moment)
        found[creator] = HasPlan(
            plans[state.term.plan] if state.term else free,
            state,
            tuple((plans[term.plan], term) for term in state.after),
        )
    return found


def terms_of(creator: Creator) -> tuple[Term, ...]:
    return terms(bought_by([creator.pk])[creator.pk])


def month_of(at: datetime | None = None) -> date:
    return timezone.localtime(at or timezone.now()).date().replace(day=1)


@dataclass(frozen=True)
class Used:
    """`used` of `limit` (None: no limit) this month."""

    key: str
    used: int
    limit: int | None

    @property
    def left(self) -> int | None:
        return None if self.limit is None else max(0, self.limit - self.used)

    @property
    def percent(self) -> int:
        return min(100, self.used * 100 // self.limit) if self.limit else 0


@dataclass(frozen=True)
class UsedDay:
    day: date
    runs: int
    frames: int
    characters: int


KINDS = ("runs", "frames", "characters")


def used_in_month(creator: Creator, plan: Plan | None, at: datetime | None = None) -> list[Used]:
    return used_of(month_use_of([creator.pk], at).get(creator.pk), plan)


def month_use_of(creators: Sequence[int], at: datetime | None = None) -> dict[int, QuotaUse]:
    rows = QuotaUse.objects.filter(creator_id__in=creators, month=month_of(at))
    return {row.creator_id: row for row in rows}


def used_of(row: QuotaUse | None, plan: Plan | None) -> list[Used]:
    """Runs, pictures and characters used, each with the plan's limit."""
    return [
        Used(kind, getattr(row, kind) if row else 0, getattr(plan, kind) if plan else None)
        for kind in KINDS
    ]


def used_by_day(creator: Creator, days: int = 30, at: datetime | None = None) -> list[UsedDay]:
    """The last days, oldest first, those without use too."""
    today = timezone.localtime(at or timezone.now()).date()
    first = today - timedelta(days=days - 1)
    rows = (
        QuotaEntry.objects.filter(creator=creator, at__date__gte=first)
        .order_by()
        .annotate(day=TruncDate("at"))
        .values("day")
        .annotate(run_sum=Sum("runs"), frame_sum=Sum("frames"), character_sum=Sum("characters"))
    )
    known = {
        row["day"]: UsedDay(
            row["day"],
            max(0, row["run_sum"]),
            max(0, row["frame_sum"]),
            max(0, row["character_sum"]),
        )
        for row in rows
    }
    every = (first + timedelta(days=number) for number in range(days))
    return [known.get(day, UsedDay(day, 0, 0, 0)) for day in every]


def order_ledger(order: PlanOrder) -> OrderState | None:
    """What came in for the order, less what went back; None while nothing did."""
    return order_paid(order.payment)


def order_paid_at(order: PlanOrder) -> datetime | None:
    return (
        Payment.objects.filter(
            merchant_order=order.payment.number,
            provider=order.payment.provider,
            kind=Payment.Kind.CHARGE,
        )
        .order_by("occurred_at")
        .values_list("occurred_at", flat=True)
        .first()
    )


def refunds_pending(order: PlanOrder) -> int:
    """Minor units that were asked back and are neither refused nor in the ledger yet."""
    waiting = RefundRequest.objects.filter(order=order).exclude(state=RefundRequest.State.FAILED)
    names = {row.pk: {row.number, row.reference} - {""} for row in waiting}
    booked = set(
        Payment.objects.filter(
            provider=order.payment.provider,
            kind=Payment.Kind.REFUND,
            object_id__in=set().union(*names.values()) if names else set(),
        ).values_list("object_id", flat=True)
    )
    return sum(row.minor for row in waiting if not names[row.pk] & booked)


def practice_pressed(order: PlanOrder) -> bool:
    """Whether “pay” was pressed on the test provider's page."""
    return (
        order.payment.provider == "test"
        and PracticeNotice.objects.filter(key=f"charge:{order.payment.number}").exists()
    )


def refundable(order: PlanOrder) -> int:
    """Minor units that can still be asked back."""
    state = order_ledger(order)
    return 0 if state is None else max(0, state.left - refunds_pending(order))


def paid_up_creators() -> QuerySet[Creator]:
    """Creators whose stretch of paying has not run out, the one that ends first first."""
    spells = PayingSpell.objects.filter(creator=OuterRef("pk"), until__gt=timezone.now())
    return (
        Creator.objects.annotate(paid_until=Subquery(spells.order_by("-until").values("until")[:1]))
        .filter(paid_until__isnull=False)
        .order_by("paid_until", "pk")
    )


def latest_words(count: int = 20) -> QuerySet[SubscriptionEvent]:
    """What creators last said of going and staying."""
    return SubscriptionEvent.objects.select_related("creator")[:count]
