"""Plans: an order is one a form, the ledger alone grants, a limit is never passed."""

import threading
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.db import connection, transaction
from django.urls import reverse
from django.utils import timezone
from hypothesis import given, settings
from hypothesis import strategies as st

from config.checks import practice_payments_only_embedded
from crm.exceptions import DomainError
from crm.models import (
    AuditEntry,
    Creator,
    Payment,
    Plan,
    PlanOrder,
    PracticeNotice,
    QuotaEntry,
    QuotaUse,
    RefundRequest,
)
from crm.plan_reads import month_of, order_ledger, plan_of, used_in_month
from crm.services.events import event_receive
from crm.services.orders import order_begin, order_close, plan_order, subscription_say
from crm.services.practice import body_of, practice_deliver, practice_pay, practice_sweep
from crm.services.quotas import quota_settle, quota_take
from crm.services.refunds import refund_ask, refund_send
from crm.subscribing import Bought, credit, months_later, standing, terms
from crm.webhooks.practice import sign
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, PaymentFactory

NOON = datetime(2026, 1, 31, 4, tzinfo=UTC)


@pytest.fixture(autouse=True)
def test_provider(settings: Any) -> None:
    settings.PAYMENTS = {**settings.PAYMENTS, "test": {"secret": "of this machine"}}


@pytest.fixture
def plans(db: None) -> dict[str, Plan]:
    rows = {
        "free": {"minor": 0, "runs": 2, "frames": 50, "characters": 10_000},
        "month": {"minor": 5900, "runs": 20, "frames": 900},
        "studio": {"minor": 19900},
        "quarter": {"minor": 15900, "period": "quarter", "runs": 20},
    }
    return {
        key: Plan.objects.create(key=key, title_zh=key, position=place, **row)
        for place, (key, row) in enumerate(rows.items())
    }


def order(creator: Creator, plan: Plan, token: str = "", **other: Any) -> PlanOrder:
    made, _new = plan_order(
        creator=creator, plan=plan, provider="test", token=token or f"form-{timezone.now()}",
        actor=None, **other,
    )  # fmt: skip
    return made


def said(notice: PracticeNotice) -> int:
    """The notice as the endpoint gets it; the status of its answer."""
    body = body_of(notice)
    return event_receive(provider="test", headers=sign(body, timezone.now()), body=body).status


def pay(made: PlanOrder) -> None:
    assert said(practice_pay(order=made, base_url="http://127.0.0.1:1", actor=None)) == 200


# -- what somebody has ------------------------------------------------------------------------


def bought(name: str, paid_at: datetime, **other: Any) -> Bought:
    return Bought(
        name, other.pop("plan", 1), other.pop("months", 1), paid_at, **{"left": 5900} | other
    )


def test_a_month_later_is_the_same_day_or_the_last_one() -> None:
    assert timezone.localtime(months_later(NOON, 1)).day == 28
    assert timezone.localtime(months_later(NOON, 12)).year == 2027
    assert months_later(NOON, 1).hour == timezone.localtime(NOON).hour


def test_a_renewal_begins_where_the_paid_time_ends() -> None:
    first, second = terms([bought("b", NOON + timedelta(days=20)), bought("a", NOON)])

    assert (first.charge, second.charge) == ("a", "b")
    assert second.start == first.end
    assert second.end == months_later(first.end, 1)


def test_a_dearer_plan_ends_the_old_one_when_it_is_paid() -> None:
    change = NOON + timedelta(days=14)
    old, new = terms([bought("a", NOON), bought("b", change, plan=2, now=True)])

    assert (old.end, new.start) == (change, change)
    assert new.end == months_later(change, 1)
    # 28 days from 31 January to 28 February, half of them unused
    assert credit(terms([bought("a", NOON)]), change) == 5900 // 2


def test_what_was_wholly_taken_back_bought_nothing_and_gives_the_old_plan_back() -> None:
    change = NOON + timedelta(days=14)
    (only,) = terms([bought("a", NOON), bought("b", change, plan=2, now=True, left=0)])

    assert only.end == months_later(NOON, 1)


FACTS = st.lists(
    st.builds(
        Bought,
        charge=st.uuids().map(str),
        plan=st.integers(1, 3),
        months=st.sampled_from([1, 3, 12]),
        paid_at=st.integers(0, 900).map(lambda day: NOON + timedelta(days=day)),
        left=st.sampled_from([0, 100, 5900, 19900]),
        now=st.booleans(),
    ),
    max_size=8,
    unique_by=lambda item: item.charge,
)


@settings(max_examples=200, deadline=None)
@given(facts=FACTS, data=st.data())
def test_facts_in_any_order_give_the_same_terms_and_none_overlap(
    facts: list[Bought], data: st.DataObject
) -> None:
    found = terms(facts)

    assert terms(data.draw(st.permutations(facts))) == found
    assert all(one.end <= two.start for one, two in zip(found, found[1:], strict=False))
    assert all(term.start <= term.end <= term.whole_end for term in found)
    at = NOON + timedelta(days=data.draw(st.integers(-10, 1000)))
    state = standing(facts, [], at)
    assert state.term is None or state.term.start <= at < state.term.end
    assert 0 <= credit(found, at) <= sum(item.left for item in facts)


def test_going_counts_until_something_is_bought_again() -> None:
    stop = NOON + timedelta(days=3)
    assert standing([bought("a", NOON)], [(stop, True)], stop).cancelled
    both = [(stop, True), (stop + timedelta(hours=1), False)]
    assert not standing([bought("a", NOON)], both, stop).cancelled
    again = [bought("a", NOON), bought("b", stop + timedelta(days=1))]
    assert not standing(again, [(stop, True)], stop + timedelta(days=2)).cancelled


def test_without_plans_there_are_no_limits(db: None) -> None:
    creator = CreatorFactory()

    assert plan_of(creator).plan is None
    quota_take(creator=creator, key="a", runs=10**6, characters=10**9)


def test_a_charge_from_a_bill_with_a_plans_price_is_that_plan(plans: dict[str, Plan]) -> None:
    creator = CreatorFactory()
    PaymentFactory(creator=creator, minor=15900, occurred_at=timezone.now() - timedelta(days=40))

    assert plan_of(creator).plan == plans["quarter"]


# -- orders and their payment -----------------------------------------------------------------


def test_the_same_form_twice_is_one_order(plans: dict[str, Plan]) -> None:
    creator = CreatorFactory()
    first = order(creator, plans["month"], "form-1")

    again, new = plan_order(
        creator=creator, plan=plans["studio"], provider="test", token="form-1", actor=None
    )

    assert (again, new) == (first, False)
    assert PlanOrder.objects.count() == 1
    assert AuditEntry.objects.filter(action="plan.ordered").count() == 1


@pytest.mark.django_db(transaction=True)
def test_the_same_form_many_times_at_once_is_one_order(transactional_db: None) -> None:
    plan = Plan.objects.create(key="month", title_zh="月", minor=5900)
    creator = CreatorFactory()
    made: list[int] = []

    def press() -> None:
        try:
            made.append(order(creator, plan, "form-1").pk)
        finally:
            connection.close()

    together([press] * 6)

    assert len(made) == 6
    assert len(set(made)) == 1


def test_nothing_but_the_booked_notice_grants(plans: dict[str, Plan], alice: Person) -> None:
    made = order(alice.as_creator, plans["month"])
    order_begin(order=made, base_url="http://testserver")
    for name in ("plan_order", "practice"):
        alice.client.get(reverse(f"portal:{name}", args=[made.payment.number]), {"paid": "yes"})
    notice = practice_pay(order=made, base_url="http://testserver", actor=alice.user)
    assert plan_of(alice.as_creator).plan == plans["free"]

    assert said(notice) == 200

    has = plan_of(alice.as_creator)
    assert has.plan == plans["month"]
    assert has.ends_at == months_later(order_ledger(made).last_at, 1)
    assert said(notice) == 200
    assert Payment.objects.filter(merchant_order=made.payment.number).count() == 1


def test_a_notice_of_another_amount_grants_nothing(plans: dict[str, Plan]) -> None:
    made = order(CreatorFactory(), plans["studio"])
    notice = practice_pay(order=made, base_url="http://testserver", actor=None)
    notice.said["minor"] = 1

    assert said(notice) == 422
    assert plan_of(made.creator).plan == plans["free"]


def test_a_forged_notice_grants_nothing(plans: dict[str, Plan]) -> None:
    made = order(CreatorFactory(), plans["month"])
    body = body_of(practice_pay(order=made, base_url="http://testserver", actor=None))
    headers = sign(body, timezone.now()) | {"Pingju-Signature": "0" * 64}

    assert event_receive(provider="test", headers=headers, body=body).status == 401
    assert plan_of(made.creator).plan == plans["free"]


def test_an_order_is_open_for_half_an_hour_and_a_new_one_closes_it(
    plans: dict[str, Plan],
) -> None:
    creator = CreatorFactory()
    old = order(creator, plans["month"], now=timezone.now() - timedelta(minutes=31))
    with pytest.raises(DomainError, match=r"order again|重新"):
        practice_pay(order=old, base_url="http://testserver", actor=None)

    first = order(creator, plans["month"], "one")
    second = order(creator, plans["studio"], "two")
    first.refresh_from_db()

    assert not first.is_open()
    assert second.is_open()
    with pytest.raises(DomainError):
        order_begin(order=first, base_url="http://testserver")


def test_what_cannot_be_bought_is_refused(plans: dict[str, Plan]) -> None:
    creator = CreatorFactory()
    with pytest.raises(DomainError):
        order(creator, plans["free"])
    with pytest.raises(DomainError):
        plan_order(
            creator=creator, plan=plans["month"], provider="stripe", token="form-3", actor=None
        )
    assert not PlanOrder.objects.exists()


def test_a_dearer_plan_costs_less_what_is_unused_and_a_cheaper_one_waits(
    plans: dict[str, Plan],
) -> None:
    creator = CreatorFactory()
    pay(order(creator, plans["month"]))

    dearer = order(creator, plans["studio"])
    assert dearer.begins_now
    assert 5890 <= dearer.credit_minor <= 5900
    assert dearer.payment.minor == 19900 - dearer.credit_minor
    pay(dearer)
    assert plan_of(creator).plan == plans["studio"]

    cheaper = order(creator, plans["quarter"])
    assert (cheaper.begins_now, cheaper.credit_minor) == (False, 0)
    pay(cheaper)
    has = plan_of(creator)
    assert has.plan == plans["studio"]
    assert [plan for plan, _term in has.after] == [plans["quarter"]]


def test_a_paid_order_cannot_be_given_up(plans: dict[str, Plan]) -> None:
    made = order(CreatorFactory(), plans["month"])
    pay(made)

    assert not order_close(order=made, actor=None)


def test_who_cancels_keeps_the_plan_until_it_ends(plans: dict[str, Plan]) -> None:
    creator = CreatorFactory()
    with pytest.raises(DomainError):
        subscription_say(creator=creator, stops=True, actor=None)
    pay(order(creator, plans["month"]))

    subscription_say(creator=creator, stops=True, reason="太贵", actor=None)
    has = plan_of(creator)
    assert (has.plan, has.standing.cancelled) == (plans["month"], True)

    subscription_say(creator=creator, stops=False, actor=None)
    assert not plan_of(creator).standing.cancelled


# -- money back -------------------------------------------------------------------------------


def back(made: PlanOrder, minor: int, token: str) -> RefundRequest:
    asked, _new = refund_ask(order=made, minor=minor, reason="用不上", token=token, actor=None)
    return asked


def test_a_refund_is_never_more_than_the_charge_whatever_is_on_its_way(
    plans: dict[str, Plan],
) -> None:
    made = order(CreatorFactory(), plans["month"])
    with pytest.raises(DomainError):
        back(made, 100, "a")
    pay(made)

    first = back(made, 4000, "a")
    assert back(made, 4000, "a") == first
    with pytest.raises(DomainError):
        back(made, 1901, "b")
    back(made, 1900, "c")

    assert RefundRequest.objects.count() == 2


def test_a_full_refund_ends_the_plan_when_its_notice_is_booked(plans: dict[str, Plan]) -> None:
    made = order(CreatorFactory(), plans["month"])
    pay(made)
    asked = back(made, 5900, "a")
    assert plan_of(made.creator).plan == plans["month"]

    assert refund_send(asked.pk) == "sent"
    assert refund_send(asked.pk) == "not_waiting"
    assert plan_of(made.creator).plan == plans["month"]
    assert said(PracticeNotice.objects.get(key=f"refund:{asked.number}")) == 200

    assert plan_of(made.creator).plan == plans["free"]
    assert order_ledger(made).left == 0
    with pytest.raises(DomainError):
        back(made, 1, "b")


def test_a_partial_refund_leaves_the_plan(plans: dict[str, Plan]) -> None:
    made = order(CreatorFactory(), plans["month"])
    pay(made)
    refund_send(back(made, 1000, "a").pk)
    said(PracticeNotice.objects.get(key__startswith="refund:"))

    assert plan_of(made.creator).plan == plans["month"]
    assert order_ledger(made).left == 4900


# -- the test provider ------------------------------------------------------------------------


def test_a_notice_that_nobody_takes_is_sent_again(plans: dict[str, Plan]) -> None:
    made = order(CreatorFactory(), plans["month"])
    notice = practice_pay(order=made, base_url="http://127.0.0.1:9", actor=None)

    assert practice_deliver(notice.pk) == "unreachable"
    PracticeNotice.objects.update(at=timezone.now() - timedelta(minutes=1))
    assert practice_sweep() == [notice.pk]


@pytest.mark.django_db(transaction=True)
def test_the_notice_goes_over_http_to_our_own_endpoint(
    live_server: Any, settings: Any, transactional_db: None
) -> None:
    plan = Plan.objects.create(key="month", title_zh="月", minor=5900)
    made = order(CreatorFactory(), plan)
    notice = practice_pay(order=made, base_url=live_server.url, actor=None)

    assert practice_deliver(notice.pk) == "taken"
    assert practice_deliver(notice.pk) == "not_waiting"
    assert plan_of(made.creator).plan == plan


def test_where_it_is_switched_off_nobody_can_order_with_it(
    plans: dict[str, Plan], settings: Any
) -> None:
    made = order(CreatorFactory(), plans["month"])
    settings.PAYMENTS = {**settings.PAYMENTS, "test": {"secret": ""}}

    with pytest.raises(DomainError):
        order(CreatorFactory(), plans["month"])
    with pytest.raises(DomainError):
        practice_pay(order=made, base_url="http://testserver", actor=None)


def test_away_from_the_embedded_default_the_test_provider_is_an_error(settings: Any) -> None:
    settings.EMBEDDED = False
    assert [error.id for error in practice_payments_only_embedded(None)] == ["pingju.E004"]


# -- quota ------------------------------------------------------------------------------------


def together(acts: list[Any]) -> None:
    threads = [threading.Thread(target=act) for act in acts]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(60)


def test_what_does_not_fit_is_refused_whole_and_says_what_to_do(plans: dict[str, Plan]) -> None:
    creator = CreatorFactory()
    quota_take(creator=creator, key="a", runs=1, frames=40, characters=100)

    with pytest.raises(DomainError) as refused:
        quota_take(creator=creator, key="b", runs=1, frames=11, characters=100)

    assert refused.value.code == "quota_used_up"
    assert "50" in str(refused.value)
    used = {row.key: row.used for row in used_in_month(creator, plans["free"])}
    assert used == {"runs": 1, "frames": 40, "characters": 100}
    quota_take(creator=creator, key="b", runs=1, frames=10, characters=100)


@pytest.mark.django_db(transaction=True)
def test_of_starts_at_once_exactly_as_many_pass_as_the_limit_allows(
    transactional_db: None,
) -> None:
    Plan.objects.create(key="free", title_zh="免费", minor=0, runs=5)
    creator = CreatorFactory()
    passed: list[int] = []

    def start(number: int) -> None:
        try:
            with transaction.atomic():
                quota_take(creator=creator, key=f"run:{number}", runs=1)
            passed.append(number)
        except DomainError:
            return
        finally:
            connection.close()

    together([lambda number=number: start(number) for number in range(12)])

    assert len(passed) == 5
    assert QuotaUse.objects.get().runs == 5
    assert QuotaEntry.objects.count() == 5


def test_what_was_not_used_is_given_back_once(plans: dict[str, Plan]) -> None:
    creator = CreatorFactory()
    quota_take(creator=creator, key="a", runs=1, frames=40, characters=100)

    for _ in range(2):
        quota_settle(creator=creator, key="a", runs=1, frames=7, characters=100)

    assert QuotaUse.objects.get().frames == 7
    assert QuotaEntry.objects.count() == 2
    quota_settle(creator=creator, key="a", runs=0, frames=0, characters=0)
    assert QuotaUse.objects.get().runs == 0
    assert quota_settle(creator=creator, key="nobody's", runs=1, frames=1, characters=1) is None


def test_a_new_month_begins_with_a_whole_quota(plans: dict[str, Plan]) -> None:
    creator = CreatorFactory()
    end = datetime(2026, 3, 31, 15, 59, tzinfo=UTC)  # 23:59 in the house's time zone
    quota_take(creator=creator, key="a", runs=2, at=end)
    with pytest.raises(DomainError):
        quota_take(creator=creator, key="b", runs=1, at=end)

    quota_take(creator=creator, key="b", runs=1, at=end + timedelta(minutes=1))

    assert month_of(end) != month_of(end + timedelta(minutes=1))
