"""The real sample bill against the ledger its publishers expect, where the data is present."""

import re
from collections import Counter
from decimal import Decimal
from pathlib import Path

import pytest

from crm.bills import parse

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
