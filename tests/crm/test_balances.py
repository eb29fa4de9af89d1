"""What each creator has paid is kept by the database, in the payments' own transaction."""

import csv
import importlib
import io
import random
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import connection, transaction

from crm.models import Creator, PayerBalance, Payment
from crm.selectors import (
    counts_by_tier,
    largest_payer_share,
    payer_ids,
    revenue,
    revenue_from,
    was_paying,
)
from crm.services.ledger_check import ledger_check
from tests.conftest import Person
from tests.factories.crm import MOMENT, CreatorFactory, InterviewFactory, PaymentFactory

MIGRATION = importlib.import_module("crm.migrations.0002_ledger_balances")


def balances() -> dict[tuple[int | None, str], tuple[int, ...]]:
    return {
        (row.creator_id, row.currency): (
            row.charged, row.refunded, row.disputed, row.count, row.entries,
        )
        for row in PayerBalance.objects.all()
    }  # fmt: skip


def test_a_payment_moves_its_payers_balance_in_its_own_transaction(alice: Person) -> None:
    who = alice.as_creator
    PaymentFactory(creator=who, minor=5900)
    PaymentFactory(creator=who, minor=900, kind="refund", occurred_at=MOMENT + timedelta(days=2))
    PaymentFactory(creator=who, minor=100, kind="dispute", occurred_at=MOMENT - timedelta(days=1))
    PaymentFactory(creator=who, minor=700, currency="USD")

    assert balances() == {
        (who.pk, "CNY"): (5900, 900, 100, 1, 3),
        (who.pk, "USD"): (700, 0, 0, 1, 1),
    }
    row = PayerBalance.objects.get(currency="CNY")
    assert (row.first_at, row.last_at) == (MOMENT - timedelta(days=1), MOMENT + timedelta(days=2))

    with transaction.atomic():
        PaymentFactory(creator=who)
        transaction.set_rollback(True)
    assert balances()[who.pk, "CNY"] == (5900, 900, 100, 1, 3)


def test_a_new_match_takes_the_payment_and_its_time_along(alice: Person, charlie: Person) -> None:
    one, two = alice.as_creator, charlie.as_creator
    early = PaymentFactory(creator=None, minor=100, occurred_at=MOMENT - timedelta(days=9))
    PaymentFactory(creator=None, minor=30)

    Payment.objects.filter(pk=early.pk).update(creator=one)

    assert balances() == {(one.pk, "CNY"): (100, 0, 0, 1, 1), (None, "CNY"): (30, 0, 0, 1, 1)}
    assert PayerBalance.objects.get(creator=None).first_at == MOMENT

    Payment.objects.update(creator=two)
    row = PayerBalance.objects.get()
    assert (row.creator, row.charged, row.first_at) == (two, 130, MOMENT - timedelta(days=9))

    Payment.objects.update(creator=None)
    assert balances() == {(None, "CNY"): (130, 0, 0, 2, 2)}


def test_copy_and_bulk_writes_move_balances_too(alice: Person) -> None:
    rows = io.StringIO()
    writer = csv.writer(rows, quoting=csv.QUOTE_ALL)
    for number in range(50):
        writer.writerow(
            ["alipay", f"e{number}", f"o{number}", "charge", 100, "CNY", MOMENT.isoformat(),
             alice.as_creator.pk, "", "", "", "", "{}", MOMENT.isoformat(), "f"]
        )  # fmt: skip
    columns = (
        "provider, event_id, object_id, kind, minor, currency, occurred_at, creator_id, payer, "
        "payer_account, subject, refund_of, raw, booked_at, is_sample"
    )
    with (
        connection.cursor() as cursor,
        cursor.copy(f"COPY crm_payment ({columns}) FROM STDIN (FORMAT csv)") as copy,
    ):
        copy.write(rows.getvalue())

    assert balances() == {(alice.as_creator.pk, "CNY"): (5000, 0, 0, 50, 50)}


def _history(seed: int) -> list[Creator]:
    """Random bookings and new matches, as many as a week of mistakes."""
    random_ = random.Random(seed)
    creators = [CreatorFactory() for _ in range(4)]
    for _ in range(12):
        Payment.objects.bulk_create(
            PaymentFactory.build(
                creator=random_.choice([None, *creators]),
                kind=random_.choice(["charge", "charge", "refund", "dispute"]),
                minor=random_.randint(1, 90),
                currency=random_.choice(["CNY", "USD"]),
                occurred_at=MOMENT + timedelta(hours=random_.randint(-900, 900)),
            )
            for _ in range(random_.randint(1, 6))
        )
        some = (
            random_.sample(list(Payment.objects.values_list("pk", flat=True)), 3)
            if (Payment.objects.count() > 3)
            else []
        )
        Payment.objects.filter(pk__in=some).update(creator=random_.choice([None, *creators]))
    return creators


@pytest.mark.parametrize("seed", range(4))
def test_whatever_is_booked_and_matched_the_balances_are_the_ledger(db: None, seed: int) -> None:
    creators = _history(seed)

    assert ledger_check().ok
    moment = MOMENT + timedelta(hours=100)
    assert payer_ids() == _payers_by_hand(Payment.objects.all())
    assert payer_ids(moment) == _payers_by_hand(Payment.objects.filter(occurred_at__lte=moment))
    assert revenue() == revenue(Payment.objects.all())
    some = [creators[0].pk, creators[2].pk]
    assert revenue_from(some) == revenue(Payment.objects.filter(creator_id__in=some))


def _payers_by_hand(payments: object) -> set[int]:
    net: dict[tuple[int, str], int] = {}
    for row in payments:
        if row.creator_id:
            key = (row.creator_id, row.currency)
            net[key] = net.get(key, 0) + row.signed_minor
    return {creator for (creator, _currency), minor in net.items() if minor > 0}


def test_the_migration_fills_the_balances_of_payments_that_were_there(db: None) -> None:
    _history(5)
    with connection.cursor() as cursor:
        cursor.execute("DELETE FROM crm_payerbalance")
        cursor.execute(MIGRATION.FILL)

    assert ledger_check().ok


def test_a_balance_that_lies_is_named(alice: Person, capsys: pytest.CaptureFixture[str]) -> None:
    PaymentFactory(creator=alice.as_creator, minor=5900)
    call_command("check_ledger", "--json")
    assert '"ok": true' in capsys.readouterr().out

    PayerBalance.objects.update(charged=1)

    with pytest.raises(SystemExit) as left:
        call_command("check_ledger", "--json")
    assert left.value.code == 1
    (found,) = ledger_check().differing
    assert (found.creator, found.ledger_minor, found.balance_minor) == (
        alice.as_creator.pk, 5900, 1,
    )  # fmt: skip


def test_without_the_triggers_a_payment_would_move_no_balance(alice: Person) -> None:
    """The control: nothing but the trigger keeps them."""
    with connection.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
        cursor.execute("ALTER TABLE crm_payment DISABLE TRIGGER USER")
    PaymentFactory(creator=alice.as_creator)

    assert not ledger_check().ok


def test_creators_by_tier_are_counted_once_however_often_they_talk_and_pay(
    alice: Person, charlie: Person
) -> None:
    for _ in range(2):
        InterviewFactory(creator=alice.as_creator)
        PaymentFactory(creator=alice.as_creator)

    mid = next(row for row in counts_by_tier() if row.tier == "mid")
    assert (mid.creators, mid.interviewed, mid.paying) == (2, 1, 1)


def test_one_whale_is_seen(alice: Person, charlie: Person) -> None:
    PaymentFactory(creator=alice.as_creator, minor=900)
    PaymentFactory(creator=charlie.as_creator, minor=100)
    ids = [alice.as_creator.pk, charlie.as_creator.pk]

    assert largest_payer_share(ids) == 0.9
    assert largest_payer_share(ids[1:]) == 1.0
    assert largest_payer_share([]) is None
    assert was_paying(alice.as_creator, MOMENT)
