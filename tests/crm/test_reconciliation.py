"""A provider's list against the ledger: exactly what does not agree is reported."""

from datetime import timedelta

import pytest

from crm.exceptions import DomainError
from crm.models import Payment, Reconciliation
from crm.services.corrections import payment_correct
from crm.services.payments import bill_import
from crm.services.reconciliation import reconcile
from tests.conftest import Person
from tests.factories.crm import MOMENT, PaymentFactory

N = 10_000
HEAD = "balance_transaction_id,created_utc,currency,gross,reporting_category,source_id,charge_id\n"


def line(number: int, amount: str = "59.00", *, charge: str = "") -> str:
    kind, sign, name = ("dispute", "-", "dp") if charge else ("charge", "", "ch")
    at = (MOMENT + timedelta(seconds=number)).strftime("%Y-%m-%d %H:%M:%S")
    return (
        f"txn_{name}{number},{at},cny,{sign}{amount},{kind},{name}_{number},"
        f"{charge or f'ch_{number}'}\n"
    )


def fill(numbers: range) -> None:
    Payment.objects.bulk_create(
        (
            PaymentFactory.build(
                provider="stripe", event_id=f"charge:ch_{number}", object_id=f"ch_{number}",
                minor=5900, occurred_at=MOMENT + timedelta(seconds=number),
            )
            for number in numbers
        ),
        batch_size=2000,
    )  # fmt: skip


def found(made: Reconciliation) -> list[tuple[str, str, str]]:
    return sorted((row.bucket, row.object_id, row.note) for row in made.lines.all())


def test_of_ten_thousand_payments_exactly_the_four_planted_faults_are_reported(db: None) -> None:
    fill(range(N))
    lost = Payment.objects.get(object_id="ch_17")
    payment_correct(payment=lost, why="通知丢了", actor=None)  # a notice that never came
    rows = [line(number) for number in range(N)]
    rows[4711] = line(4711, "58.00")  # another amount
    rows.append(line(815))  # a line twice
    rows.append(line(4, charge="ch_4"))  # a dispute that we do not know

    made = reconcile(data=(HEAD + "".join(rows)).encode(), name="balance.csv")

    assert found(made) == [
        ("differing", "ch_4711", ""),
        ("only_there", "ch_17", ""),
        ("only_there", "dp_4", ""),
        ("only_there", "—", "listed_twice"),
    ]
    assert (made.theirs, made.agreeing) == (N + 1, N - 2)
    assert made.totals["CNY"]["charge"] == [(N - 1) * 5900, N * 5900 - 100]


def test_two_that_agree_report_nothing(db: None) -> None:
    data = (HEAD + "".join(line(number) for number in range(30))).encode()
    bill_import(data=data, name="balance.csv")

    made = reconcile(data=data, name="balance.csv")

    assert (found(made), made.agreeing) == ([], 30)


def test_what_only_the_ledger_has_in_these_days_is_reported(db: None) -> None:
    fill(range(3))
    PaymentFactory(provider="stripe", object_id="ch_other_month",
                   occurred_at=MOMENT - timedelta(days=40))  # fmt: skip
    PaymentFactory(provider="alipay")

    made = reconcile(data=(HEAD + line(0) + line(2)).encode(), name="balance.csv")

    assert found(made) == [("only_here", "ch_1", "")]


def test_a_list_without_payments_is_refused(db: None) -> None:
    nothing = HEAD + "txn_1,2026-05-20 09:30:00,cny,-5.00,payout,po_1,\n"

    with pytest.raises(DomainError) as caught:
        reconcile(data=nothing.encode(), name="balance.csv")
    assert caught.value.code == "nothing_to_compare"
    assert not Reconciliation.objects.exists()


def test_the_report_is_read_filtered_and_taken_away(staff: Person) -> None:
    fill(range(3))
    PaymentFactory(provider="stripe", object_id="=cmd()")
    made = reconcile(data=(HEAD + line(0) + line(5)).encode(), name="balance.csv")
    url = f"/admin/crm/reconciliation/{made.pk}/report"

    page = staff.client.get(f"{url}/").content.decode()
    assert "ch_1" in page
    assert "ch_5" in page
    only = staff.client.get(f"{url}/?bucket=only_there").content.decode()
    assert "ch_1<" not in only
    sheet = staff.client.get(f"{url}.csv").content.decode("utf-8-sig")
    assert "only_there,3,ch_5,charge" in sheet
    assert "'=cmd()" in sheet
