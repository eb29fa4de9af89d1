from collections import Counter
from datetime import datetime
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.bills import BillError, parse
from tests.bills import samples

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _money(bill):
    return [(f.row, f.kind, f.minor) for f in bill.facts]


def _codes(items):
    return [(item.row, item.code) for item in items]


def _partition(bill):
    """The three sets of row numbers, after checking that none is in two of them."""
    parts = [{i.row for i in group} for group in (bill.facts, bill.ignored, bill.rejected)]
    assert sum(len(part) for part in parts) == len(set().union(*parts)) == bill.rows
    return parts


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-8", "gb18030"])
def test_wechat_income_is_charged_and_every_other_row_has_a_reason(encoding):
    bill = parse(samples.wechat_csv(encoding=encoding), "bill.csv")

    assert _money(bill) == [
        (18, "charge", 3_000),
        (19, "charge", 128_850),
        (20, "charge", 2_000),
        (20, "refund", 750),
        (21, "charge", 3_000),
        (22, "refund", 3_000),
    ]
    assert _codes(bill.ignored) == [(23, "money_out"), (24, "other_refund"), (25, "neutral")]
    assert bill.ignored[0].reason == "Money out, not income."
    assert bill.totals == {"CNY": {"charge": 136_850, "refund": 3_750}}
    assert (bill.format, bill.rows, bill.account) == ("wechat", 8, "墨色工作室")
    _partition(bill)


def test_a_refund_with_its_own_row_is_not_booked_again_from_the_status():
    bill = parse(samples.wechat_csv(), "bill.csv")

    charge = next(f for f in bill.facts if f.payer == "全退的人" and f.kind == "charge")
    [refund] = [f for f in bill.facts if f.payer == "全退的人" and f.kind == "refund"]
    assert refund.refund_of == charge.object_id
    assert refund.occurred_at == datetime(2024, 5, 6, 12, tzinfo=SHANGHAI)


def test_a_refund_known_only_by_its_status_is_booked_with_a_warning():
    bill = parse(samples.wechat_csv(), "bill.csv")

    charge, refund = [f for f in bill.facts if f.row == 20]
    assert refund.refund_of == charge.object_id
    assert [(w.row, w.code) for w in bill.warnings] == [(20, "refund_by_status")]


def test_the_payer_sees_expenses_as_charges():
    bill = parse(samples.wechat_csv(), "bill.csv", perspective="payer")

    assert _money(bill) == [(23, "charge", 4_500), (24, "refund", 4_500)]
    assert bill.facts[1].refund_of == bill.facts[0].object_id
    assert Counter(i.code for i in bill.ignored) == {
        "money_in": 4,
        "other_refund": 1,
        "neutral": 1,
    }
    _partition(bill)


def test_wechat_csv_and_xlsx_give_the_same_events():
    csv_bill = parse(samples.wechat_csv(), "bill.csv")
    xlsx_bill = parse(samples.wechat_xlsx(), "bill.xlsx")

    facts = [(f.event_id, f.object_id, f.minor, f.occurred_at) for f in csv_bill.facts]
    assert [(f.event_id, f.object_id, f.minor, f.occurred_at) for f in xlsx_bill.facts] == facts
    assert len({f.event_id for f in csv_bill.facts}) == len(csv_bill.facts)
    assert _codes(xlsx_bill.ignored) == _codes(csv_bill.ignored)


def test_a_later_export_with_another_status_names_the_same_charge():
    row = list(samples.WECHAT_ROWS[0])
    before = parse(samples.wechat_csv([row]), "a.csv").facts[0]
    row[7], row[10], row[2] = "已退款(￥5.00)", "改过的备注", "改名的画师"
    after = parse(samples.wechat_csv([row]), "b.csv").facts[0]

    assert (after.event_id, after.object_id) == (before.event_id, before.object_id)


def test_a_number_that_recurs_for_other_money_names_other_events():
    first = list(samples.WECHAT_ROWS[0])
    second = [*first]
    second[0] = "2024-05-02 09:00:02"
    third = [*first]
    third[5] = "¥30.01"

    bill = parse(samples.wechat_csv([first, second, third]), "a.csv")

    assert len({f.event_id for f in bill.facts}) == 3


def test_the_same_row_twice_is_booked_once():
    bill = parse(samples.wechat_csv([samples.WECHAT_ROWS[0]] * 2), "a.csv")

    assert len(bill.facts) == 1
    assert _codes(bill.ignored) == [(19, "repeated")]
    assert "row 18" in bill.ignored[0].reason


def test_wrong_totals_of_the_file_are_named():
    data = samples.wechat_csv(declared={"rows": "9", "in_sum": "1413.51"})

    warnings = [w for w in parse(data, "a.csv").warnings if w.code != "refund_by_status"]

    assert [(w.row, w.code) for w in warnings] == [(7, "count_differs"), (8, "total_differs")]
    assert "declares 9" in str(warnings[0])
    assert "1413.51" in str(warnings[1])
    assert "1413.50" in str(warnings[1])


@pytest.mark.parametrize(
    ("column", "value", "code"),
    [
        (0, "昨天", "bad_time"),
        (0, "2024-02-30 10:00:00", "bad_time"),
        (5, "¥30.005", "sub_minor"),
        (5, "三十元", "bad_amount"),
        (5, "-30.00", "negative_amount"),
        (4, "借出", "unknown_direction"),
        (8, "/", "missing_id"),
        (8, "1.60572459521072E+44", "rounded_id"),
    ],
)
def test_an_unreadable_row_is_rejected_by_number_and_the_others_kept(column, value, code):
    rows = [list(row) for row in samples.WECHAT_ROWS]
    rows[1][column] = value

    bill = parse(samples.wechat_csv(rows), "a.csv")

    assert _codes(bill.rejected) == [(19, code)]
    assert len(bill.facts) == 5
    _partition(bill)


def test_a_row_with_too_many_columns_is_rejected():
    data = samples.wechat_csv().replace("年费".encode(), "年,费".encode())

    bill = parse(data, "a.csv")

    assert _codes(bill.rejected) == [(19, "columns")]


def test_a_refund_larger_than_its_charge_is_warned_about_and_not_booked():
    row = list(samples.WECHAT_ROWS[2])
    row[7] = "已退款(￥70.50)"

    bill = parse(samples.wechat_csv([row]), "a.csv")

    assert [f.kind for f in bill.facts] == ["charge"]
    assert "refund_exceeds" in {w.code for w in bill.warnings}


def test_a_workbook_that_repeats_the_bill_on_a_second_sheet_is_read_once():
    bill = parse(samples.wechat_xlsx(sheets=2), "bill.xlsx")

    assert bill.rows == 8
    assert "sheet_repeated" in {w.code for w in bill.warnings}


def test_app_statement_of_alipay_in_gb18030():
    bill = parse(samples.ALIPAY_APP.encode("gb18030"), "alipay.csv")

    assert (bill.format, bill.variant, bill.encoding) == ("alipay", "app", "gb18030")
    assert bill.account == "studio@example.com"
    assert _money(bill) == [(17, "charge", 3_000), (18, "charge", 9_800), (19, "refund", 3_600)]
    assert bill.facts[1].subject == '年费 "限时'
    assert bill.facts[2].refund_of == bill.facts[1].object_id == "2024050322001100000002"
    assert bill.facts[0].payer_account == "bei***@example.com"
    assert _codes(bill.ignored) == [
        (20, "money_out"),
        (21, "other_refund"),
        (22, "neutral"),
        (23, "not_completed"),
    ]
    assert bill.warnings == ()
    _partition(bill)


def test_alipay_refund_that_is_not_counted_is_a_refund_for_the_payer():
    bill = parse(samples.ALIPAY_APP.encode("gb18030"), "alipay.csv", perspective="payer")

    assert _money(bill) == [(20, "charge", 3_000), (21, "refund", 1_200)]
    assert bill.facts[1].refund_of == bill.facts[0].object_id


def test_an_alipay_refund_names_its_charge_even_where_the_file_does_not_hold_it():
    lines = [line for line in samples.ALIPAY_APP.split("\n") if ",年费 " not in line]

    bill = parse("\n".join(lines).encode("gb18030"), "alipay.csv")

    [refund] = [f for f in bill.facts if f.kind == "refund"]
    assert refund.refund_of == "2024050322001100000002"
    assert {w.code for w in bill.warnings} == {"count_differs", "total_differs"}


def test_web_statement_of_alipay_with_padding_tabs_and_trailing_commas():
    bill = parse(samples.ALIPAY_WEB.replace("\n", "\r\n").encode("gb18030"), "alipay_record.csv")

    assert (bill.variant, bill.rows) == ("web", 2)
    assert _money(bill) == [(6, "charge", 3_000), (6, "refund", 1_000)]
    assert bill.facts[0].occurred_at == datetime(2024, 5, 2, 9, 0, 1, tzinfo=SHANGHAI)
    assert bill.facts[0].object_id == "2024050222001100000011"
    assert bill.facts[0].payer == "画师小北"
    assert {d.label for d in bill.declared} == {"all rows", "已收入", "已支出"}
    assert {w.code for w in bill.warnings} == {"refund_by_status"}


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"\n,,,\n", "empty"),
        (b"%PDF-1.4\n", "binary"),
        ("甲,乙\n1,2\n".encode(), "unknown_format"),
        (samples.wechat_csv([]), "no_rows"),
        (b"PK\x03\x04broken", "damaged_archive"),
    ],
)
def test_a_file_that_is_no_bill_is_refused_with_a_code(data, code):
    with pytest.raises(BillError) as caught:
        parse(data, "账单.csv")

    assert caught.value.code == code
    assert caught.value.message


_PRICES = st.integers(min_value=1, max_value=10_000_000)


@settings(deadline=None, max_examples=60)
@given(
    prices=st.lists(
        st.tuples(_PRICES, st.sampled_from(["收入", "支出", "/"])), min_size=1, max_size=20
    )
)
def test_every_row_is_accounted_for_and_sums_are_exact(prices):
    rows = [
        (f"2024-05-02 09:{n // 60:02d}:{n % 60:02d}", "转账", "甲", "乙", direction,
         f"¥{minor // 100:,}.{minor % 100:02d}", "/", "已收钱", f"9{n}", "/", "/")
        for n, (minor, direction) in enumerate(prices)
    ]  # fmt: skip

    bill = parse(samples.wechat_csv(rows), "a.csv")

    assert [f.minor for f in bill.facts] == [m for m, direction in prices if direction == "收入"]
    assert bill.rows == len(rows)
    assert not bill.rejected
    _partition(bill)


@settings(deadline=None, max_examples=60)
@given(cut=st.integers(min_value=0, max_value=2_000), junk=st.binary(max_size=40))
def test_a_damaged_bill_is_read_or_refused_and_loses_no_row(cut, junk):
    data = samples.wechat_csv()
    damaged = data[:cut] + junk + data[cut + len(junk) :]

    try:
        bill = parse(damaged, "a.csv", format="wechat")
    except BillError as error:
        outcome = error.code
    else:
        rows = sorted(set().union(*_partition(bill)))
        outcome = "read" if all(a < b for a, b in pairwise(rows)) else "rows repeat"
    assert outcome != "rows repeat"
