"""Invented readers who pay without ever having been interviewed, so that curves have people in them.

Drawn with a fixed seed and booked like any export by column names; nobody here exists.
"""

import csv
import io
import random
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from django.utils import timezone

from crm.checkout import practice
from crm.exceptions import DomainError
from crm.models import Creator, ExchangeRate, PayerName, Plan, Tier, User
from crm.services.events import event_receive
from crm.services.orders import plan_order
from crm.services.paying import paying_refresh
from crm.services.payments import bill_import
from crm.services.practice import body_of, practice_pay
from crm.webhooks.practice import sign

SEED = 20261123
END = date(2026, 11, 3)
FIRST = ("青瓷", "野渡", "晚舟", "竹里", "听潮", "半夏", "云归", "拾穗", "小寒", "南浦")
SECOND = ("写字", "画事", "故事屋", "说书人", "漫游", "夜读")
PAID_ABROAD = 6
FORM = "sample-form"
COLUMNS = {
    "order": "object_id", "id": "event_id", "paid at": "occurred_at", "amount": "amount",
    "currency": "currency", "kind": "kind", "payer": "payer", "for": "subject",
    "refund of": "refund_of",
}  # fmt: skip

PLANS = (
    ("free", "免费版", "Free", "每月够试一篇短篇", "Enough to try a short story every month",
     0, "month", 30, 1_500, 300_000),
    ("creator-month", "创作者会员·月", "Creator, monthly", "连载作者的日常用量",
     "For a serial that appears every week", 5900, "month", 300, 15_000, 3_000_000),
    ("creator-quarter", "创作者会员·季", "Creator, quarterly", "按季付，每月省六元",
     "Paid by the quarter, ¥6 a month less", 15900, "quarter", 300, 15_000, 3_000_000),
    ("studio-month", "专业版·月", "Studio, monthly", "工作室与长篇，不限字数",
     "For studios and long novels, without a limit of characters", 19900, "month", 3_000, 150_000,
     None),
)  # fmt: skip


Charge = tuple[datetime, tuple[str, int, int]]


@dataclass(frozen=True)
class Habit:
    """How a tier pays: how likely at all, at which prices, how likely to stop each month."""

    creators: int
    pays: float
    prices: tuple[tuple[str, int, int], ...]
    stops: float


MONTHLY, QUARTERLY, STUDIO = (
    ("创作者会员·月", 5900, 1),
    ("创作者会员·季", 15900, 3),
    ("专业版·月", 19900, 1),
)
HABITS = {
    Tier.HEAD: Habit(10, 0.8, (STUDIO,), 0.05),
    Tier.MID: Habit(20, 0.6, (MONTHLY, MONTHLY, QUARTERLY, STUDIO), 0.11),
    Tier.ENTRY: Habit(30, 0.4, (MONTHLY, MONTHLY, QUARTERLY), 0.22),
}


def plans() -> None:
    for position, row in enumerate(PLANS):
        key, zh, en, words_zh, words_en, minor, period, runs, frames, characters = row
        Plan.objects.create(
            key=key, title_zh=zh, title_en=en, words_zh=words_zh, words_en=words_en, minor=minor,
            period=period, runs=runs, frames=frames, characters=characters, position=position,
            is_sample=True,
        )  # fmt: skip


def member(creator: Creator) -> None:
    """The sample login has the largest plan: ordered, and paid with the test provider's notice."""
    plan = Plan.objects.get(key="studio-month")
    order, _new = plan_order(
        creator=creator, plan=plan, provider=practice.NAME, token=FORM, actor=creator.user
    )  # fmt: skip
    notice = practice_pay(order=order, base_url="http://127.0.0.1", actor=creator.user)
    body = body_of(notice)
    answer = event_receive(
        provider=practice.NAME, headers=sign(body, timezone.now()), body=body
    )  # fmt: skip
    if answer.status != 200:
        raise DomainError(f"the sample's payment was not booked: {answer.body}")
    notice.taken_at = timezone.now()
    notice.save(update_fields=["taken_at"])


def payers(owner: User) -> None:
    """Sixty creators with their charges of a year, one export, and a rate for those who pay in USD."""
    chance = random.Random(SEED)  # noqa: S311  invented data
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(COLUMNS)
    names = [f"{first}{second}" for second in SECOND for first in FIRST]
    creators: list[Creator] = []
    rows: list[tuple[Creator, list[Charge], bool]] = []
    for tier, habit in HABITS.items():
        for _ in range(habit.creators):
            joined = date(2025, 9, 1) + timedelta(days=chance.randrange(380))
            creators.append(
                Creator(
                    name=names[len(creators)], tier=tier, platform="小红书", owner=owner,
                    joined_on=joined, is_sample=True,
                )
            )  # fmt: skip
            if chance.random() < habit.pays:
                abroad = len(rows) < PAID_ABROAD
                rows.append((creators[-1], _charges(joined, habit, chance), abroad))
    Creator.objects.bulk_create(creators)
    PayerName.objects.bulk_create(
        [PayerName(creator=creator, name=creator.name) for creator, _charges_, _abroad in rows]
    )
    for creator, charges, abroad in rows:
        for number, (moment, (subject, minor, _months)) in enumerate(charges):
            amount = Decimal(minor).scaleb(-2) / (7 if abroad else 1)
            order = f"S{creator.pk:05}{number:03}"
            line = [order, f"{order}-1", f"{moment:%Y-%m-%d %H:%M:%S}", f"{amount:.2f}",
                    "USD" if abroad else "CNY", "charge", creator.name, subject, ""]  # fmt: skip
            writer.writerow(line)
            if chance.random() < 0.03:
                later = f"{moment + timedelta(days=2):%Y-%m-%d %H:%M:%S}"
                writer.writerow([f"R{order}", f"{order}-2", later, line[3], line[4], "refund",
                                 creator.name, subject, order])  # fmt: skip
    bill_import(
        data=out.getvalue().encode(), name="会员订单导出.csv", format="csv", mapping=COLUMNS,
        actor=owner, sample=True,
    )  # fmt: skip
    ExchangeRate.objects.create(
        currency="USD",
        rate="7.11",
        on=date(2026, 10, 30),
        source="示例汇率（虚构）",
        is_sample=True,
    )
    paying_refresh()


def _charges(joined: date, habit: Habit, chance: random.Random) -> list[Charge]:
    price = chance.choice(habit.prices)
    day = joined + timedelta(days=chance.randrange(1, 40))
    found = []
    while day < END:
        moment = datetime.combine(day, time(9 + chance.randrange(12), chance.randrange(60)))
        found.append((moment, price))
        if any(chance.random() < habit.stops for _ in range(price[2])):
            break
        day += timedelta(days=30 * price[2] + chance.randrange(-1, 5))
    return found
