from datetime import UTC, datetime
from decimal import Decimal
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from crm.bills import AmountError, BillError, detect, detect_bytes, minor_units, parse
from tests.bills import samples

SHANGHAI = ZoneInfo("Asia/Shanghai")


def _money(bill):
    return [(f.row, f.kind, f.object_id, f.minor) for f in bill.facts]


def test_wechat_merchant_rows_survive_commas_in_names():
    data = samples.merchant_bill(
        [
            samples.merchant_row("4200000001", amount="30.00"),
            samples.merchant_row("4200000002", amount="298.00", 应结订单金额="288.00"),
            samples.merchant_row("4200000001", "REFUND", "12.50", 退款状态="SUCCESS"),
            samples.merchant_row("4200000003", "REFUND", "9.00", 退款状态="PROCESSING"),
        ],
        ["4", "318.00", "21.50", "0.00", "0.36000", "328.00", "12.50"],
    )

    bill = parse(data, "1900000001All2024-05-01.csv")

    assert bill.format == "wechat-merchant"
    assert _money(bill) == [
        (2, "charge", "4200000001", 3_000),
        (3, "charge", "4200000002", 29_800),
        (4, "refund", "R4200000001", 1_250),
    ]
    assert bill.facts[2].refund_of == "4200000001"
    assert bill.facts[0].subject == "会员,月度"
    assert bill.facts[0].occurred_at == datetime(2024, 5, 1, 8, tzinfo=SHANGHAI)
    assert [(i.row, i.code) for i in bill.ignored] == [(5, "pending")]
    assert bill.warnings == ()


def test_wechat_merchant_summary_that_does_not_add_up_is_named():
    data = samples.merchant_bill(
        [samples.merchant_row("4200000001")],
        ["2", "30.00", "0.00", "0.00", "0.18000", "31.00", "0.00"],
    )

    warnings = parse(data, "a.csv").warnings

    assert [w.code for w in warnings] == ["count_differs", "total_differs"]
    assert "31.00" in str(warnings[1])
    assert "30.00" in str(warnings[1])


def test_wechat_merchant_cut_off_before_its_summary_is_noticed():
    data = samples.merchant_bill([samples.merchant_row("4200000001")], []).split(b"\xe6\x80\xbb")[0]

    assert [w.code for w in parse(data, "a.csv").warnings] == ["no_summary"]


def test_wechat_merchant_revoked_order_without_refund_number_is_its_refund():
    row = samples.merchant_row("4200000001", "REVOKED", "30.00", 微信退款单号="0")

    [fact] = parse(samples.merchant_bill([row], []), "a.csv").facts

    assert (fact.kind, fact.object_id, fact.refund_of) == (
        "refund",
        "4200000001:revoked",
        "4200000001",
    )


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"订单金额": "30.001"}, "sub_minor"),
        ({"交易时间": "x"}, "bad_time"),
        ({"微信订单号": ""}, "missing_id"),
        ({"交易状态": "USERPAYING"}, "unknown_status"),
    ],
)
def test_wechat_merchant_bad_row_is_rejected(changes, code):
    rows = [samples.merchant_row("4200000001", **changes), samples.merchant_row("4200000002")]

    bill = parse(samples.merchant_bill(rows, []), "a.csv")

    assert [(i.row, i.code) for i in bill.rejected] == [(2, code)]
    assert len(bill.facts) == 1


@pytest.mark.parametrize("encoding", ["gb18030", "utf-8"])
def test_alipay_merchant_bill(encoding):
    bill = parse(samples.ALIPAY_MERCHANT.encode(encoding), "2088_20240501_业务明细.csv")

    assert (bill.format, bill.variant, bill.account) == (
        "alipay",
        "merchant",
        "20880000000000010156",
    )
    assert _money(bill) == [
        (6, "charge", "2024050122001400000000000021", 3_000),
        (7, "charge", "2024050122001400000000000022", 29_800),
        (8, "refund", "2024050122001400000000000021:REQ-1", 1_250),
    ]
    assert bill.facts[2].refund_of == bill.facts[0].object_id
    assert (bill.facts[0].payer, bill.facts[0].payer_account) == ("*北", "*北(138****0001)")
    assert [d.minor for d in bill.declared] == [31_800, 1_250]
    assert bill.warnings == ()


def test_alipay_merchant_total_that_differs_is_named():
    data = samples.ALIPAY_MERCHANT.replace("共318.00元", "共319.00元").encode("gb18030")

    [warning] = parse(data, "a.csv").warnings

    assert warning.code == "total_differs"
    assert "319.00" in str(warning)


def test_stripe_balance_history_in_several_currencies():
    bill = parse(samples.STRIPE_BALANCE.encode(), "balance_history.csv")

    assert _money(bill) == [
        (2, "charge", "ch_1", 123_450),
        (4, "charge", "py_2", 500),
        (5, "refund", "re_1", 3_450),
    ]
    assert bill.totals == {
        "USD": {"charge": 123_450, "refund": 3_450},
        "JPY": {"charge": 500, "refund": 0},
    }
    assert bill.facts[0].occurred_at == datetime(2024, 5, 1, 8, tzinfo=UTC)
    assert [(i.row, i.code) for i in bill.ignored] == [(6, "not_a_payment"), (7, "not_a_payment")]
    assert [(i.row, i.code) for i in bill.rejected] == [(8, "sub_minor")]
    assert bill.rows == 6


def test_stripe_itemised_report_names_disputes_and_their_charge():
    bill = parse(samples.STRIPE_ITEMISED.encode(), "itemised.csv")

    assert [(f.kind, f.object_id, f.refund_of, f.minor) for f in bill.facts] == [
        ("charge", "ch_1", None, 2_000),
        ("dispute", "dp_1", "ch_1", 2_000),
        ("refund", "re_1", "ch_1", 500),
    ]
    assert bill.facts[0].payer_account == "a@example.com"
    assert bill.totals["USD"] == {"charge": 2_000, "refund": 500, "dispute": 2_000}


def test_stripe_payments_list_books_what_was_refunded():
    bill = parse(samples.STRIPE_PAYMENTS.encode(), "payments.csv")

    assert _money(bill) == [
        (2, "charge", "ch_1", 2_000),
        (2, "refund", "ch_1:refund", 500),
        (3, "charge", "ch_2", 2_000),
    ]
    assert [(i.row, i.code) for i in bill.ignored] == [(4, "not_completed")]
    assert [w.row for w in bill.warnings] == [2]


TABLE = '单号,日期,金额,币种,类型,谁\nA1,2024/5/1 08:00,"￥1,234.50",CNY,收入,北\nA2,2024-05-02,12.3,CNY,退款,南\nA3,2024-05-03,5,CNY,转账,西\n'
MAPPING = {
    "单号": "event_id",
    "日期": "occurred_at",
    "金额": "amount",
    "币种": "currency",
    "类型": "kind",
    "谁": "payer",
}


def test_any_table_is_read_by_a_mapping():
    bill = parse(TABLE.encode("gb18030"), "表.csv", mapping=MAPPING)

    assert [(f.event_id, f.kind, f.minor, f.payer) for f in bill.facts] == [
        ("A1", "charge", 123_450, "北"),
        ("A2", "refund", 1_230, "南"),
    ]
    assert bill.facts[0].occurred_at == datetime(2024, 5, 1, 8, tzinfo=SHANGHAI)
    assert [(i.row, i.code) for i in bill.ignored] == [(4, "not_a_payment")]


def test_rows_without_an_id_are_named_by_content_and_count():
    data = b"when,sum\n2024-05-01,10\n2024-05-01,10\n2024-05-02,-3\n"
    mapping = {"when": "occurred_at", "sum": "amount"}

    first = parse(data, "a.csv", mapping=mapping, currency="EUR")
    again = parse(data, "b.csv", mapping=mapping, currency="EUR")

    assert [(f.kind, f.minor, f.currency) for f in first.facts] == [
        ("charge", 1_000, "EUR"),
        ("charge", 1_000, "EUR"),
        ("refund", 300, "EUR"),
    ]
    assert len({f.event_id for f in first.facts}) == 3
    assert [f.event_id for f in first.facts] == [f.event_id for f in again.facts]


@pytest.mark.parametrize(
    ("mapping", "code"),
    [
        ({"日期": "when", "金额": "amount"}, "unknown_field"),
        ({"日期": "occurred_at"}, "field_missing"),
        ({"日期": "occurred_at", "金额": "amount", "单号": "amount"}, "field_twice"),
        ({"日期": "occurred_at", "价格": "amount"}, "missing_column"),
        ({"日期": "occurred_at", "金额": "amount"}, "missing_currency"),
    ],
)
def test_a_wrong_mapping_is_refused_by_name(mapping, code):
    with pytest.raises(BillError) as caught:
        parse(TABLE.encode(), "a.csv", mapping=mapping)

    assert caught.value.code == code


def test_a_table_without_mapping_asks_for_one():
    with pytest.raises(BillError) as caught:
        parse(TABLE.encode(), "a.csv", format="csv")

    assert caught.value.code == "mapping_missing"


@pytest.mark.parametrize(
    ("data", "format"),
    [
        (samples.wechat_csv(), "wechat"),
        (samples.wechat_xlsx(), "wechat"),
        (samples.ALIPAY_APP.encode("gb18030"), "alipay"),
        (samples.ALIPAY_WEB.encode("gb18030"), "alipay"),
        (samples.ALIPAY_MERCHANT.encode("gb18030"), "alipay"),
        (samples.merchant_bill([samples.merchant_row("1")], []), "wechat-merchant"),
        (samples.STRIPE_BALANCE.encode(), "stripe"),
        (samples.STRIPE_ITEMISED.encode(), "stripe"),
        (samples.STRIPE_PAYMENTS.encode(), "stripe"),
        (TABLE.encode(), "csv"),
    ],
)
def test_detection_names_the_format_and_its_header_row(data, format):
    guesses = detect_bytes(data)

    assert guesses[0].format == format
    assert guesses[0].sample_line


def test_detection_of_text_finds_the_header_below_the_preamble():
    assert detect(samples.ALIPAY_APP)[0].row == 16


@pytest.mark.parametrize("format", ["alipay", "wechat", "wechat-merchant", "stripe"])
def test_a_chosen_format_that_does_not_fit_is_refused(format):
    with pytest.raises(BillError) as caught:
        parse(TABLE.encode(), "a.csv", format=format)

    assert caught.value.code == "no_header"


@pytest.mark.parametrize(
    ("text", "currency", "minor"),
    [
        ("¥1,234.50", "CNY", 123_450),
        ("￥12", "CNY", 1_200),
        ("12.3", "CNY", 1_230),
        ("１２．３０元", "CNY", 1_230),
        ("-4.00", "usd", -400),
        ("+.5", "USD", 50),
        ("500", "JPY", 500),
        ("1.234", "KWD", 1_234),
        ("12.300", "CNY", 1_230),
        ("CNY 8", "CNY", 800),
    ],
)
def test_amounts_become_exact_minor_units(text, currency, minor):
    assert minor_units(text, currency) == minor


@pytest.mark.parametrize(
    ("text", "currency", "code"),
    [
        ("0.001", "CNY", "sub_minor"),
        ("1.5", "JPY", "sub_minor"),
        ("12,34", "CNY", "bad_amount"),
        ("", "CNY", "bad_amount"),
        ("NaN", "CNY", "bad_amount"),
        ("1e5", "CNY", "bad_amount"),
        ("9" * 30, "CNY", "too_large"),
    ],
)
def test_amounts_that_are_not_exact_are_refused(text, currency, code):
    with pytest.raises(AmountError) as caught:
        minor_units(text, currency)

    assert caught.value.code == code


@settings(deadline=None, max_examples=60)
@given(minor=st.integers(min_value=-(10**14), max_value=10**14))
def test_any_amount_of_fen_survives_its_spelling(minor):
    spelled = f"¥{Decimal(minor) / 100:,.2f}".replace("¥-", "-¥")

    assert minor_units(spelled, "CNY") == minor
