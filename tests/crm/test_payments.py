"""Bills in: booked once, every row accounted for; who paid is said once and holds for the rest."""

import threading

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import AuditEntry, PayerName, Payment, PaymentImport
from crm.selectors import payer_ids, revenue, was_paying
from crm.services.payments import bill_import, payment_match
from tests.bills.samples import WECHAT_ROWS, wechat_csv
from tests.conftest import Person
from tests.factories.crm import MOMENT, CreatorFactory, PaymentFactory

NAME = "微信支付账单.csv"


def test_every_row_of_a_bill_is_booked_ignored_or_rejected(db: None) -> None:
    source = bill_import(data=wechat_csv(), name=NAME)

    assert source.booked == Payment.objects.count() > 0
    assert source.duplicates == 0
    booked_rows = set(source.payments.values_list("row", flat=True))
    left_out = {item["row"] for item in (*source.ignored, *source.rejected)}
    assert len(booked_rows | left_out) == len(WECHAT_ROWS)
    assert all(item["reason"] for item in (*source.ignored, *source.rejected))


def test_the_ledgers_sum_is_the_bills_sum_in_minor_units(db: None) -> None:
    source = bill_import(data=wechat_csv(), name=NAME)

    for currency, kinds in source.totals.items():
        for kind, minor in kinds.items():
            rows = Payment.objects.filter(currency=currency, kind=kind)
            assert sum(row.minor for row in rows) == minor
    (line,) = revenue()
    # 30 + 1288.50 + (20 less 7.50) + (30 less 30), in fen
    assert (line.currency, line.minor) == ("CNY", 3000 + 128850 + 2000 - 750)


def test_the_same_bill_twice_is_all_duplicates(db: None) -> None:
    first = bill_import(data=wechat_csv(), name=NAME)
    before = list(Payment.objects.order_by("pk").values())

    second = bill_import(data=wechat_csv(), name="又下载了一次.csv")

    assert (second.booked, second.duplicates) == (0, first.booked)
    assert list(Payment.objects.order_by("pk").values()) == before
    assert AuditEntry.objects.filter(action="payments.imported").count() == 2


def test_a_longer_bill_books_only_what_is_new(db: None) -> None:
    bill_import(data=wechat_csv(WECHAT_ROWS[:2]), name="五月上.csv")

    longer = bill_import(data=wechat_csv(), name="五月.csv")

    assert longer.duplicates == 2
    assert longer.booked == Payment.objects.count() - 2


def test_an_unreadable_bill_leaves_no_import_behind(db: None) -> None:
    with pytest.raises(DomainError, match="账单"):
        bill_import(data=b"\x00\x01\x02", name="账单.csv")

    assert not PaymentImport.objects.exists()


@pytest.mark.django_db(transaction=True)
def test_two_people_importing_the_same_bill_at_once_book_it_once() -> None:
    results: list[PaymentImport] = []

    def load() -> None:
        try:
            results.append(bill_import(data=wechat_csv(), name=NAME))
        finally:
            connection.close()

    people = [threading.Thread(target=load) for _ in range(3)]
    for person in people:
        person.start()
    for person in people:
        person.join()

    assert len(results) == 3
    assert sorted(result.booked for result in results)[:2] == [0, 0]
    assert sum(result.booked for result in results) == Payment.objects.count()


def test_payers_whom_nobody_knows_wait_in_the_queue(db: None) -> None:
    known = CreatorFactory()
    PayerName.objects.create(creator=known, name="阿南")

    bill_import(data=wechat_csv(), name=NAME)

    assert {row.payer for row in Payment.objects.filter(creator=known)} == {"阿南"}
    assert not Payment.objects.unmatched().filter(payer="阿南").exists()
    assert Payment.objects.unmatched().filter(payer="画师小北").exists()


def test_saying_who_paid_once_matches_the_rest_and_the_next_bill(
    alice: Person, bob: Person
) -> None:
    first = PaymentFactory(payer="墨女士")
    PaymentFactory(payer="墨女士")
    other = PaymentFactory(payer="别人")

    count = payment_match(payment=first, creator=alice.creator, actor=bob.user)

    assert count == 2
    assert Payment.objects.filter(creator=alice.creator).count() == 2
    other.refresh_from_db()
    assert other.creator is None
    entry = AuditEntry.objects.get(action="payment.matched")
    assert (entry.actor, entry.data["payments"]) == (bob.user, 2)


def test_a_payers_name_stands_for_one_creator_only(alice: Person, charlie: Person) -> None:
    first, second = PaymentFactory(payer="墨女士"), PaymentFactory(payer="墨女士")
    payment_match(payment=first, creator=alice.creator, actor=None)

    with pytest.raises(DomainError) as caught:
        payment_match(payment=second, creator=charlie.creator, actor=None)

    assert caught.value.code == "payer_taken"
    second.refresh_from_db()
    assert second.creator == alice.creator


def test_a_match_taken_back_leaves_the_fact_alone(alice: Person) -> None:
    payment = PaymentFactory(payer="墨女士", creator=alice.creator)

    payment_match(payment=payment, creator=None, actor=None)

    payment.refresh_from_db()
    assert (payment.creator, payment.minor) == (None, 5900)


@pytest.mark.parametrize(
    "change", [{"minor": 1}, {"currency": "USD"}, {"payer": "x"}, {"kind": "refund"}]
)
def test_the_database_refuses_to_change_a_fact_of_the_ledger(
    db: None, change: dict[str, object]
) -> None:
    payment = PaymentFactory()

    with pytest.raises(DatabaseError, match="facts_are_fixed"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).update(**change)


def test_the_database_refuses_to_delete_a_payment(db: None) -> None:
    payment = PaymentFactory()

    with pytest.raises(DatabaseError, match="never_deleted"), transaction.atomic():
        Payment.objects.filter(pk=payment.pk).delete()


def test_without_the_triggers_the_ledger_could_be_changed(db: None) -> None:
    """The control: it is these triggers that refuse, and nothing else does."""
    payment = PaymentFactory()
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE crm_payment DISABLE TRIGGER USER")

    assert Payment.objects.filter(pk=payment.pk).update(minor=1) == 1
    assert Payment.objects.filter(pk=payment.pk).delete()[0] == 1


@pytest.mark.parametrize(
    "wrong", [{"minor": 0}, {"minor": -5}, {"currency": "rmb"}, {"currency": "元"}]
)
def test_an_amount_that_cannot_be_is_refused(db: None, wrong: dict[str, object]) -> None:
    with pytest.raises(DatabaseError), transaction.atomic():
        PaymentFactory(**wrong)


def test_refunds_come_off_and_currencies_stay_apart(alice: Person) -> None:
    PaymentFactory(creator=alice.creator, minor=5900)
    PaymentFactory(creator=alice.creator, minor=900, kind="refund")
    PaymentFactory(creator=alice.creator, minor=1200, currency="USD")

    lines = [(line.currency, line.minor, line.payments) for line in revenue()]

    assert lines == [("CNY", 5000, 1), ("USD", 1200, 1)]


def test_who_got_everything_back_is_no_payer(alice: Person, charlie: Person) -> None:
    PaymentFactory(creator=alice.creator, minor=5900)
    PaymentFactory(creator=charlie.creator, minor=5900)
    PaymentFactory(creator=charlie.creator, minor=5900, kind="refund")

    assert payer_ids() == {alice.as_creator.pk}
    assert was_paying(alice.as_creator, MOMENT)
    assert not was_paying(alice.as_creator, MOMENT.replace(year=2025))


def test_a_payment_is_chosen_by_who_when_and_how_much(staff: Person) -> None:
    creator = CreatorFactory(name="山鬼")
    PaymentFactory(payer="墨女士", minor=123_400, occurred_at=MOMENT, creator=creator)
    PaymentFactory(
        payer="别人", kind="refund", minor=500, currency="JPY", occurred_at=MOMENT, creator=None
    )
    box = {"app_label": "generation", "model_name": "justification", "field_name": "payment"}

    def offered(term: str) -> list[str]:
        answer = staff.client.get("/admin/autocomplete/", {**box, "term": term})
        return [item["text"] for item in answer.json()["results"]]

    day = f"{timezone.localtime(MOMENT):%Y-%m-%d}"
    assert offered("山鬼") == [f"墨女士 · {day} · 1,234.00 CNY"]
    assert offered("别人") == [f"别人 · {day} · -500 JPY"]
