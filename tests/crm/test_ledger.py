"""Facts in any order, through any door, any number of times: one ledger."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
import time_machine
from django.db import DatabaseError, transaction
from django.db.models import Sum
from hypothesis import HealthCheck, Phase, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from pytest_django import Settings

from crm.bills import Fact
from crm.exceptions import DomainError
from crm.ledger import State, order_paid, order_state, order_states
from crm.models import AuditEntry, PayerBalance, PayerName, Payment
from crm.selectors import payer_ids, payments_visible_to, revenue, was_paying
from crm.services.corrections import import_undo, payment_correct
from crm.services.ledger_check import ledger_check
from crm.services.payments import bill_import, event_receive, fact_book, payment_order_open
from crm.services.refund_totals import Told as Sum_
from crm.services.refund_totals import refund_amounts
from tests.bills.samples import ALIPAY_MERCHANT, merchant_bill, merchant_row, wechat_csv
from tests.conftest import Person
from tests.crm.notices import NOW, SHANGHAI, Told, accounts, signed, yuan
from tests.factories.crm import MOMENT, PaymentFactory


@pytest.fixture(autouse=True)
def keys(settings: Settings) -> None:
    settings.PAYMENTS = accounts()


def told(kind: str, object: str, minor: int, days: int = 0, **more: object) -> Told:
    return Told(kind, object, minor, at=MOMENT + timedelta(days=days), **more)


# Charges, partial refunds of one charge, a refund of the whole, a refund whose charge nobody tells.
WECHAT = [
    told("charge", "4200001", 5900),
    told("refund", "5030001", 900, 1, charge="4200001"),
    told("refund", "5030002", 1900, 2, charge="4200001"),
    told("charge", "4200002", 300),
    told("refund", "5030003", 300, 3, charge="4200002"),
    told("refund", "5030004", 40, 3, charge="4299999"),
]
ALIPAY = [
    told("charge", "2026001", 5900),
    told("refund", "2026001:R1", 1000, 1, charge="2026001", total=1000),
    told("refund", "2026001:R2", 1500, 2, charge="2026001", total=2500),
    told("refund", "2026001:R3", 500, 3, charge="2026001", total=3000),
]
STRIPE = [
    told("charge", "ch_1", 2000),
    told("refund", "re_1", 500, 1, charge="ch_1"),
    told("refund", "re_2", 250, 2, charge="ch_1"),
    told("charge", "ch_2", 700, 2),
    told("dispute", "dp_1", 700, 4, charge="ch_2"),
]
EVENTS = [(name, fact) for name, facts in (
    ("wechat", WECHAT), ("alipay", ALIPAY), ("stripe", STRIPE),
) for fact in facts]  # fmt: skip


def as_bill(provider: str, fact: Told) -> bytes:
    """The same fact as a line of the provider's bill."""
    wall = fact.at.astimezone(SHANGHAI).strftime("%Y-%m-%d %H:%M:%S")
    if provider == "wechat":
        refund = fact.kind == "refund"
        row = merchant_row(
            fact.charge or fact.object, "REFUND" if refund else "SUCCESS", yuan(fact.minor),
            用户标识="oPayer", 交易时间=wall, **({"微信退款单号": fact.object} if refund else {}),
        )  # fmt: skip
        amount = yuan(fact.minor)
        sums = ["0.00", amount] if refund else [amount, "0.00"]
        return merchant_bill([row], ["1", sums[0], sums[1], "0.00", "0.00", *sums])
    if provider == "alipay":
        header = next(line for line in ALIPAY_MERCHANT.splitlines() if "业务类型" in line)
        cells = dict.fromkeys(header.split(","), "")
        kind, sign = ("退款", "-") if fact.kind == "refund" else ("交易", "")
        trade, _colon, request = fact.object.partition(":")
        cells |= {"支付宝交易号": trade, "商户订单号": "SUB-1", "业务类型": kind, "完成时间": wall,
                  "对方账户": "*北(138****0001)", "订单金额（元）": f"{sign}{yuan(fact.minor)}",
                  "商家实收（元）": f"{sign}{yuan(fact.minor)}", "退款批次号/请求号": request}  # fmt: skip
        return f"#支付宝业务明细查询\n{header}\n{','.join(cells.values())}\n".encode("gb18030")
    sign = "" if fact.kind == "charge" else "-"
    utc = fact.at.strftime("%Y-%m-%d %H:%M:%S")
    return (
        "balance_transaction_id,created_utc,currency,gross,reporting_category,source_id,charge_id,"
        f"description,customer_email\ntxn_{fact.object},{utc},cny,{sign}{yuan(fact.minor)},"
        f"{fact.kind},{fact.object},{fact.charge or fact.object},x,a@example.com\n"
    ).encode()


def tell(provider: str, fact: Told, *, by_file: bool) -> None:
    if by_file:
        done = bill_import(data=as_bill(provider, fact), name="bill.csv")
        assert (done.rejected, done.booked + done.duplicates) == ([], 1), done.rejected
        return
    notice = signed(provider, fact)
    answer = event_receive(provider=provider, headers=notice.headers, body=notice.body, now=NOW)
    assert answer.status == 200, answer.body


def ledger() -> dict[str, object]:
    """What the books say, whatever the way there: nets, states, whose, sums."""
    nets = (
        Payment.objects.order_by()
        .values_list("provider", "object_id", "kind", "refund_of", "creator_id")
        .annotate(net=Sum("minor"))
    )
    return {
        "nets": sorted(nets, key=str),
        "states": [(row.provider, row.object_id, row.state, row.left) for row in order_states()],
        "balances": sorted(
            PayerBalance.objects.values_list(
                "creator_id", "currency", "charged", "refunded", "disputed", "count"
            ),
            key=str,
        ),
    }


def told_in(order: Sequence[tuple[tuple[str, Told], bool]]) -> dict[str, object]:
    with transaction.atomic():
        for (provider, fact), by_file in order:
            tell(provider, fact, by_file=by_file)
        assert ledger_check().ok
        found = ledger()
        transaction.set_rollback(True)
    return found


@pytest.fixture
def rules(alice: Person) -> None:
    for name, account in [("oPayer", False), ("*北(138****0001)", True), ("a@example.com", True)]:
        PayerName.objects.create(creator=alice.as_creator, name=name, by_account=account)


@pytest.mark.parametrize("by_file", [True, False])
def test_the_ledger_is_what_was_told(rules: None, alice: Person, by_file: bool) -> None:
    found = told_in([(event, by_file) for event in EVENTS])

    assert found["states"] == [
        ("alipay", "2026001", State.PARTLY_REFUNDED, 2900),
        ("stripe", "ch_1", State.PARTLY_REFUNDED, 1250),
        ("stripe", "ch_2", State.DISPUTED, 0),
        ("wechat", "4200001", State.PARTLY_REFUNDED, 3100),
        ("wechat", "4200002", State.REFUNDED, 0),
        ("wechat", "4299999", State.WAITING, 0),
    ]
    mine = [row for row in found["balances"] if row[0] == alice.as_creator.pk]
    assert mine[0][2] == 5900 + 300 + 5900 + 2000 + 700


@pytest.fixture
def expected(rules: None) -> dict[str, object]:
    return told_in([(event, True) for event in EVENTS])


@hypothesis_settings(
    max_examples=16, deadline=None, phases=[Phase.generate],
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)  # fmt: skip
@given(data=st.data())
def test_any_order_with_repeats_through_either_door_gives_the_same_ledger(
    expected: dict[str, object], data: st.DataObject
) -> None:
    doors = st.booleans()
    first = [(event, data.draw(doors)) for event in EVENTS]
    again = data.draw(st.lists(st.tuples(st.sampled_from(EVENTS), doors), max_size=10))
    order = data.draw(st.permutations([*first, *again]))

    assert told_in(order) == expected


def test_without_the_names_a_repeat_would_be_booked_twice(rules: None) -> None:
    """The control: it is the two names of a fact that make a second telling the same fact."""
    once = told_in([(event, False) for event in EVENTS])
    renamed = [(name, replace(fact, object=f"{fact.object}x")) for name, fact in EVENTS[:1]]

    assert told_in([(event, False) for event in [*EVENTS, *renamed]]) != once


def test_partial_refunds_told_as_running_totals_are_worked_out_in_any_order() -> None:
    days = [MOMENT + timedelta(days=day) for day in range(4)]
    totals = [Sum_("a", days[0], 1000, True), Sum_("b", days[1], 2500, True),
              Sum_("c", days[2], 3000, True)]  # fmt: skip

    assert refund_amounts(totals) == {"a": 1000, "b": 1500, "c": 500}
    assert refund_amounts(reversed(totals)) == {"a": 1000, "b": 1500, "c": 500}
    exact = [Sum_("b", days[1], 1500, False), totals[2], totals[0]]
    assert refund_amounts(exact) == {"a": 1000, "b": 1500, "c": 500}
    assert refund_amounts([totals[1]]) == {"b": 2500}


def test_a_total_below_the_refunds_before_it_is_refused(db: None) -> None:
    tell("alipay", ALIPAY[0], by_file=False)
    tell("alipay", ALIPAY[2], by_file=True)
    wrong = signed("alipay", replace(ALIPAY[3], total=1400))

    answer = event_receive(provider="alipay", headers={}, body=wrong.body, now=NOW)

    assert answer.status == 422
    assert Payment.objects.filter(kind="refund").count() == 1


def test_a_refund_waits_for_its_charge_and_takes_its_creator(alice: Person) -> None:
    PayerName.objects.create(creator=alice.as_creator, name="oPayer")
    refund = WECHAT[1]
    tell("wechat", refund, by_file=False)
    waiting = Payment.objects.get()
    state = order_state(waiting)
    assert state is not None
    assert (waiting.creator, state.state) == (None, State.WAITING)

    tell("wechat", WECHAT[0], by_file=False)

    waiting.refresh_from_db()
    state = order_state(waiting)
    assert state is not None
    assert (waiting.creator, state.state) == (alice.creator, State.PARTLY_REFUNDED)


def test_a_correction_takes_an_entry_out_of_force_and_edits_nothing(
    alice: Person, staff: Person
) -> None:
    wrong = PaymentFactory(creator=alice.as_creator, minor=5900)
    before = Payment.objects.filter(pk=wrong.pk).values().get()

    made = payment_correct(payment=wrong, why="双重入账", actor=staff.user)

    assert Payment.objects.filter(pk=wrong.pk).values().get() == before
    assert (made.corrects, made.minor, made.occurred_at) == (wrong, -5900, wrong.occurred_at)
    assert (payer_ids(), was_paying(alice.as_creator, MOMENT)) == (set(), False)
    assert [(row.minor, row.payments) for row in revenue()] == [(0, 0)]
    assert not payments_visible_to(alice.as_creator).exists()
    state = order_state(wrong)
    assert state is not None
    assert state.state == State.VOID
    entry = AuditEntry.objects.get(action="payment.corrected")
    assert (entry.actor, entry.data["why"]) == (staff.user, "双重入账")
    for again in (wrong, made):
        with pytest.raises(DomainError) as caught:
            payment_correct(payment=again, why="再来", actor=None)
        assert caught.value.code == "not_in_force"
    with pytest.raises(DomainError, match=r"Say why|说明"):
        payment_correct(payment=PaymentFactory(), why=" ", actor=None)


def test_a_bill_taken_back_and_imported_again_is_in_force_again(db: None) -> None:
    source = bill_import(data=wechat_csv(), name="五月.csv")
    sums = ledger()["balances"]

    assert import_undo(source=source, actor=None) == source.booked
    assert not Payment.objects.in_force().exists()
    assert all(row[2:] == (0, 0, 0, 0) for row in ledger()["balances"])
    with pytest.raises(DomainError):
        import_undo(source=source, actor=None)

    again = bill_import(data=wechat_csv(), name="五月.csv")
    assert (again.booked, again.duplicates) == (source.booked, 0)
    assert ledger()["balances"] == sums
    assert ledger_check().ok
    assert import_undo(source=again, actor=None) == source.booked


def test_a_refunds_charge_may_be_said_once_and_never_changed(db: None) -> None:
    refund = PaymentFactory(kind="refund", refund_of="")
    Payment.objects.filter(pk=refund.pk).update(refund_of="order-1")

    with pytest.raises(DatabaseError, match="charge_said_once"), transaction.atomic():
        Payment.objects.filter(pk=refund.pk).update(refund_of="order-2")


@pytest.mark.parametrize("wrong", [{"minor": -5}, {"minor": 5, "reverses": True}])
def test_only_a_correction_that_names_its_entry_is_negative(
    db: None, wrong: dict[str, object]
) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentFactory(**wrong)


def test_a_dispute_won_gives_the_money_back(db: None) -> None:
    for fact in STRIPE[3:]:
        tell("stripe", fact, by_file=False)
    won = replace(STRIPE[4], kind="charge.dispute.funds_reinstated", event="evt_won")

    tell("stripe", replace(won, changes={"object": "dispute"}), by_file=False)

    (state,) = order_states()
    assert (state.state, state.disputed, state.left) == (State.PAID, 0, 700)


def test_a_fact_of_the_house_is_booked_once(alice: Person) -> None:
    fact = Fact(
        row=0, kind="refund", provider="test", event_id="refund:r1", object_id="r1", minor=100,
        currency="CNY", occurred_at=MOMENT, payer="", payer_account="", subject="", method="",
        refund_of="c1", raw={},
    )  # fmt: skip
    first = fact_book(fact=fact, creator=alice.as_creator)

    assert fact_book(fact=fact) == first
    with pytest.raises(DomainError) as caught:
        fact_book(fact=replace(fact, minor=200))
    assert caught.value.code == "differs_from_ledger"
    assert AuditEntry.objects.filter(action="payment.booked").count() == 1


def test_an_order_is_paid_when_the_ledger_says_so(alice: Person) -> None:
    order = payment_order_open(
        creator=alice.as_creator, provider="wechat", minor=5900, currency="CNY"
    )
    assert order_paid(order) is None

    tell("wechat", replace(WECHAT[0], order=order.number), by_file=False)
    tell("wechat", WECHAT[1], by_file=True)

    state = order_paid(order)
    assert state is not None
    assert (state.state, state.left) == (State.PARTLY_REFUNDED, 5000)
    with pytest.raises(DomainError):
        payment_order_open(creator=alice.as_creator, provider="test", minor=0, currency="CNY")


@time_machine.travel(NOW)
def test_the_books_say_the_same_after_a_notice_came_twice_under_two_names(db: None) -> None:
    tell("wechat", WECHAT[0], by_file=False)
    tell("wechat", replace(WECHAT[0], event="EV-again"), by_file=False)

    assert Payment.objects.count() == 1
