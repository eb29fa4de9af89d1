"""The real sample bill against the ledger its publishers expect, where the data is present."""

import json
import re
from collections import Counter
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.core.management import call_command
from django.utils import timezone

from crm.bills import parse
from crm.models import Payment, PaymentImport
from tests.conftest import Person

DATA = Path(__file__).resolve().parents[3] / "shared" / "data" / "payments" / "wechat-bill"

pytestmark = pytest.mark.skipif(not DATA.is_dir(), reason="the shared data folder is not here")

FILES = ("example-wechat-records.csv", "example-wechat-records.xlsx")


def _expected_ledger():
    """(time, number, type, direction, minor) of every entry, fees included."""
    text = (DATA / "example-wechat-output.ledger").read_text(encoding="utf-8")
    entries = []
    for block in re.split(r"\n(?=\d{4}/\d\d/\d\d \*)", text)[1:]:
        meta = dict(re.findall(r'; (\w+): "(.*)"', block))
        sums = re.findall(r"^    \S+ {6,}(\d+\.\d\d) CNY$", block, re.MULTILINE)
        minor = sum(int(Decimal(amount) * 100) for amount in sums)
        entries.append((meta["payTime"][:19], meta["orderId"], meta["txType"], meta["type"], minor))
    return entries


def _key(raw, minor):
    return (raw["交易时间"], raw["交易单号"], raw["交易类型"], raw["收/支"], minor)


@pytest.mark.parametrize("name", FILES)
@pytest.mark.parametrize(("perspective", "direction"), [("receiver", "收入"), ("payer", "支出")])
def test_facts_are_the_entries_of_the_expected_ledger(name, perspective, direction):
    bill = parse((DATA / name).read_bytes(), name, perspective=perspective)

    expected = [entry for entry in _expected_ledger() if entry[3] == direction]
    assert Counter(_key(f.raw, f.minor) for f in bill.facts) == Counter(expected)
    assert len(expected) == {"收入": 5, "支出": 11}[direction]


@pytest.mark.parametrize("name", FILES)
def test_every_entry_of_the_expected_ledger_is_a_row_of_the_bill(name):
    bill = parse((DATA / name).read_bytes(), name)

    rows = [item.raw for item in (*bill.facts, *bill.ignored)]
    assert bill.rows == len(_expected_ledger()) == 27
    assert Counter((r["交易时间"], r["交易单号"], r["交易类型"]) for r in rows) == Counter(
        entry[:3] for entry in _expected_ledger()
    )
    assert bill.rejected == ()


@pytest.mark.parametrize("perspective", ["receiver", "payer"])
def test_csv_and_xlsx_are_each_others_duplicates(perspective):
    bills = [parse((DATA / name).read_bytes(), name, perspective=perspective) for name in FILES]

    first, second = ([(f.event_id, f.object_id, f.minor) for f in b.facts] for b in bills)
    assert first == second
    assert len(set(first)) == len(first)


def test_the_sample_declares_totals_that_its_rows_do_not_hold():
    bill = parse((DATA / FILES[0]).read_bytes(), FILES[0])

    assert "declares 43 rows for all rows and holds 27" in str(bill.warnings[0])
    assert {w.code for w in bill.warnings} == {"count_differs", "total_differs"}


# -- booked ---------------------------------------------------------------------------------------


def expected_income() -> Counter[tuple[str, str, int]]:
    """(time, order, fen) of the entries of the expected ledger whose money came in."""
    return Counter((at, order, minor) for at, order, _kind, way, minor in _expected_ledger()
                   if way == "收入")  # fmt: skip


def ledger() -> Counter[tuple[str, str, int]]:
    """The same of what the database holds."""
    return Counter(
        (f"{timezone.localtime(row.occurred_at):%Y-%m-%d %H:%M:%S}", row.raw["交易单号"], row.minor)
        for row in Payment.objects.all()
    )


def book(person: Person, name: str) -> tuple[str, PaymentImport]:
    """The page before booking, and the import after it was confirmed."""
    file = SimpleUploadedFile(name, (DATA / name).read_bytes())
    sent = person.client.post("/admin/crm/payment/import/", {"file": file, "format": "auto"})
    page = person.client.get(sent["Location"]).content.decode()
    done = person.client.post(sent["Location"], {"book": "1"})
    assert done.status_code == 302
    return page, PaymentImport.objects.latest("pk")


@pytest.mark.parametrize("names", [FILES, FILES[::-1]], ids=["csv first", "xlsx first"])
def test_through_preview_and_booking_the_ledger_is_the_expected_one(
    staff: Person, names: tuple[str, str]
) -> None:
    first_page, first = book(staff, names[0])
    assert ledger() == expected_income()
    second_page, second = book(staff, names[1])

    assert ledger() == expected_income()
    assert (first.rows, first.booked, first.duplicates) == (27, 5, 0)
    assert (second.rows, second.booked, second.duplicates) == (27, 0, 5)
    for source in (first, second):
        why = Counter(item["code"] for item in source.ignored)
        assert why == {"money_out": 11, "neutral": 11}
        assert source.rejected == []
        assert source.totals["CNY"] == {"charge": 2849, "refund": 0}
        told = [said for said in source.warnings if "declares" in said]
        assert len(told) == 7  # the sample states 43 rows and holds 27; every total is off
    assert "28.49" in first_page
    assert 'name="book"' in first_page
    assert 'name="book"' not in second_page  # nothing left to book


@pytest.mark.parametrize("names", [FILES, FILES[::-1]], ids=["csv first", "xlsx first"])
def test_through_the_command_the_ledger_is_the_expected_one(
    db: None, names: tuple[str, str], capsys: Any
) -> None:
    said = []
    for name in names:
        call_command("import_payments", str(DATA / name), "--json")
        said.append(json.loads(capsys.readouterr().out))

    assert ledger() == expected_income()
    assert [(one["rows"], one["booked"], one["duplicates"], len(one["ignored"])
             if isinstance(one["ignored"], list) else one["ignored"]) for one in said] == [
        (27, 5, 0, 22), (27, 0, 5, 22),
    ]  # fmt: skip
    assert all(one["totals"] == {"CNY": {"charge": "28.49", "refund": "0.00"}} for one in said)
