"""Stretches of paying and months, made from the ledger: the same from whatever order it came in."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from crm import paying
from crm.models import (
    Creator,
    ExchangeRate,
    MonthDue,
    PayingMonth,
    PayingSpell,
    Payment,
    Plan,
    SpellDue,
    TierChange,
)
from crm.services.paying import paying_refresh
from crm.tallies import GRACE_DAYS, USUAL_DAYS
from tests.factories.crm import CreatorFactory, PaymentFactory

START = datetime(2026, 1, 1, 4, tzinfo=UTC)


def day(number: float) -> datetime:
    return START + timedelta(days=number)


def paid(creator: Creator | None, number: float, minor: int = 5900, **other: Any) -> Payment:
    return PaymentFactory(creator=creator, occurred_at=day(number), minor=minor, **other)


def taken_back(charge: Payment, number: float, minor: int | None = None) -> Payment:
    return PaymentFactory(
        creator=charge.creator,
        occurred_at=day(number),
        minor=minor or charge.minor,
        kind=Payment.Kind.REFUND,
        refund_of=charge.object_id,
    )


def stretches(creator: Creator) -> list[tuple[int, int, int]]:
    """(day of the first charge, day paid until, charges) of each stretch."""
    paying_refresh()
    return [
        ((row.started_at - START).days, (row.until - START).days, row.charges)
        for row in creator.paying_spells.order_by("currency", "number")
    ]


@pytest.fixture
def creator(db: None) -> Creator:
    return CreatorFactory()


def test_charges_a_month_apart_are_one_stretch_that_ends_a_month_after_the_last(
    creator: Creator,
) -> None:
    for number in (0, 31, 62):
        paid(creator, number)

    assert stretches(creator) == [(0, 93, 3)]


def test_a_renewal_within_the_grace_goes_on_and_a_later_one_begins_again(creator: Creator) -> None:
    for number in (0, 31 + 14, 45 + 31 + 15):
        paid(creator, number)

    assert stretches(creator) == [(0, 76, 2), (91, 122, 1)]


def test_who_pays_two_months_at_once_has_paid_for_two_months(creator: Creator) -> None:
    paid(creator, 0)
    paid(creator, 0)
    paid(creator, 62 + 10)

    assert stretches(creator) == [(0, 103, 3)]


def test_a_charge_covers_the_period_of_the_plan_with_its_price(creator: Creator) -> None:
    Plan.objects.create(key="quarter", title_zh="季", minor=15900, period="quarter")
    paid(creator, 0, 15900)
    paid(creator, 92 + 5)

    assert stretches(creator) == [(0, 97 + 31, 2)]


def test_a_charge_wholly_taken_back_paid_for_nothing_and_a_part_of_one_for_its_period(
    creator: Creator,
) -> None:
    paid(creator, 0)
    whole = paid(creator, 31)
    part = paid(creator, 100)
    taken_back(whole, 33)
    taken_back(part, 101, 1000)

    assert stretches(creator) == [(0, 31, 1), (100, 131, 1)]
    assert creator.paying_spells.get(number=2).net_minor == 4900


def test_currencies_have_stretches_of_their_own(creator: Creator) -> None:
    paid(creator, 0)
    paid(creator, 20, 900, currency="USD")

    assert stretches(creator) == [(0, 31, 1), (20, 51, 1)]


def test_the_tier_is_that_of_the_first_charge_whatever_comes_later(creator: Creator) -> None:
    TierChange.objects.create(creator=creator, tier="entry", at=day(-9))
    TierChange.objects.create(creator=creator, tier="head", at=day(10))
    paid(creator, 0)
    paid(creator, 31)
    paying_refresh()

    assert creator.paying_spells.get().tier == "entry"
    assert set(PayingMonth.objects.values_list("month", "tier")) == {
        (date(2026, 1, 1), "entry"),
        (date(2026, 2, 1), "head"),
    }


def test_a_tier_written_down_later_moves_what_was_paid_since(creator: Creator) -> None:
    paid(creator, 0)
    paying_refresh()

    TierChange.objects.create(creator=creator, tier="head", at=day(-1))
    paying_refresh()

    assert creator.paying_spells.get().tier == "head"
    assert PayingMonth.objects.get().tier == "head"


def test_what_changed_is_noted_with_the_payment_and_undone_with_it(creator: Creator) -> None:
    paying_refresh()
    with transaction.atomic():
        paid(creator, 0)
        assert SpellDue.objects.exists()
        assert MonthDue.objects.exists()
        transaction.set_rollback(True)
    assert not SpellDue.objects.exists()
    assert paying.as_of().creators_due == 0

    paid(creator, 0)

    assert (paying.as_of().creators_due, paying.as_of().months_due) == (1, 1)
    paying_refresh()
    assert paying.as_of().is_current


def test_a_payment_given_to_another_creator_leaves_the_first_one(creator: Creator) -> None:
    payment, other = paid(creator, 0), CreatorFactory()
    paying_refresh()

    Payment.objects.filter(pk=payment.pk).update(creator=other)

    assert stretches(creator) == []
    assert stretches(other) == [(0, 31, 1)]


def test_a_refund_changes_the_month_of_its_charge(creator: Creator) -> None:
    charge = paid(creator, 3)
    paid(CreatorFactory(), 3)
    paying_refresh()
    assert PayingMonth.objects.get().payers == 2

    taken_back(charge, 45)
    paying_refresh()

    (month,) = PayingMonth.objects.all()
    assert (month.payers, month.net_minor, month.net_squares) == (1, 5900, 5900**2)


# -- any order --------------------------------------------------------------------------------


@dataclass(frozen=True)
class Fact:
    number: int
    day: int
    minor: int
    back: int | None  # how much of it was taken back, if anything
    plan: bool


FACTS = st.lists(
    st.builds(
        Fact,
        number=st.integers(0, 10_000),
        day=st.integers(0, 300),
        minor=st.sampled_from([5900, 15900]),
        back=st.sampled_from([None, None, None, 100, 5900, 15900]),
        plan=st.just(True),
    ),
    max_size=9,
    unique_by=lambda fact: fact.number,
)


def plainly(facts: Iterable[Fact]) -> list[tuple[int, int, int]]:
    """The stretches by walking through the charges, as one would with a calendar."""
    found: list[tuple[int, int, int]] = []
    for fact in sorted(facts, key=lambda fact: (fact.day, f"order-{fact.number}")):
        if fact.back is not None and fact.back >= fact.minor:
            continue
        days = 92 if fact.minor == 15900 else USUAL_DAYS
        if found and fact.day <= found[-1][1] + GRACE_DAYS:
            start, until, charges = found[-1]
            found[-1] = (start, max(until, fact.day) + days, charges + 1)
        else:
            found.append((fact.day, fact.day + days, 1))
    return found


@settings(max_examples=25, deadline=None, suppress_health_check=list(HealthCheck))
@given(facts=FACTS, data=st.data())
def test_facts_in_any_order_give_the_stretches_that_a_calendar_gives(
    transactional_or_not: None, facts: list[Fact], data: st.DataObject
) -> None:
    Plan.objects.get_or_create(
        key="q", defaults={"title_zh": "季", "minor": 15900, "period": "quarter"}
    )
    creator = CreatorFactory()
    rows: list[dict[str, Any]] = []
    for fact in facts:
        order = f"{creator.pk}-order-{fact.number}"
        rows.append(
            {
                "object_id": order,
                "kind": "charge",
                "minor": fact.minor,
                "occurred_at": day(fact.day),
            }
        )
        if fact.back is not None:
            rows.append(
                {
                    "object_id": f"{order}-back",
                    "kind": "refund",
                    "minor": fact.back,
                    "refund_of": order,
                    "occurred_at": day(fact.day + 1),
                }
            )
    for row in data.draw(st.permutations(rows)):
        PaymentFactory(creator=creator, event_id=f"e-{row['object_id']}", **row)
        if data.draw(st.booleans()):
            paying_refresh()

    assert stretches(creator) == plainly(facts)
    sums = defaultdict(int)
    for fact in facts:
        if fact.back is None or fact.back < fact.minor:
            sums["net"] += fact.minor - (fact.back or 0)
    assert sum(row.net_minor for row in creator.paying_spells.all()) == sums["net"]


@pytest.fixture
def transactional_or_not(db: None) -> None:
    """The database; each example has a creator of its own."""


# -- sums of several currencies ---------------------------------------------------------------


def rate(currency: str, value: str, on: date) -> ExchangeRate:
    return ExchangeRate.objects.create(currency=currency, rate=value, on=on, source="央行中间价")


def test_currencies_are_added_only_with_a_dated_rate_that_is_named(creator: Creator) -> None:
    paid(creator, 0, 10000)
    paid(creator, 0, 500, currency="JPY")
    paid(creator, 0, 1000, currency="USD")
    sums = paying.sums_by_currency()

    alone = paying.converted(sums, "CNY", date(2026, 5, 1))
    assert (alone.minor, alone.missing) == (None, ("JPY", "USD"))

    old, new = rate("USD", "7.0", date(2026, 4, 1)), rate("USD", "7.2", date(2026, 5, 1))
    yen = rate("JPY", "0.05", date(2026, 4, 30))
    rate("USD", "9.9", date(2026, 5, 2))
    both = paying.converted(sums, "CNY", date(2026, 5, 1))

    # 100.00 + 500 yen at 0.05 + 10.00 at 7.2
    assert both.minor == 10000 + 2500 + 7200
    assert set(both.rates) == {yen, new}
    assert old not in both.rates


def test_what_was_taken_back_without_saying_of_which_charge_is_named(creator: Creator) -> None:
    paid(creator, 0)
    PaymentFactory(creator=creator, kind="refund", minor=400, occurred_at=day(3))
    paid(None, 0)
    paying_refresh()

    (line,) = paying.sums_by_currency()
    assert (line.minor, line.loose_minor, line.unmatched) == (5500, 400, 1)


def test_a_summary_made_again_from_nothing_is_the_same(creator: Creator) -> None:
    for number in (0, 31, 90):
        paid(creator, number)
    paying_refresh()
    before = list(PayingSpell.objects.values()), list(PayingMonth.objects.values())

    for table in (PayingSpell, PayingMonth):
        table.objects.all().delete()
    SpellDue.objects.create(creator=creator)
    for month in (1, 2, 4):
        MonthDue.objects.create(month=date(2026, month, 1))
    paying_refresh()

    again = list(PayingSpell.objects.values()), list(PayingMonth.objects.values())
    strip = [[{k: v for k, v in row.items() if k != "id"} for row in rows] for rows in before]
    assert [
        [{k: v for k, v in row.items() if k != "id"} for row in rows] for rows in again
    ] == strip
