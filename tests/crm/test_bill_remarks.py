"""Remarks of the parsers reach the team in its own language."""

import pytest
from django.utils import translation

from crm.reasons import warning_text
from crm.services.payments import bill_import
from tests.bills.samples import wechat_csv
from tests.conftest import Person


@pytest.mark.parametrize(
    ("said", "read"),
    [
        ("The file declares 43 rows for all rows and holds 27.",
         "全部行：文件自报 43 行，实有 27 行。"),
        ("row 8: The file declares 1413.51 CNY for 收入 and its rows add up to 1413.50 CNY.",
         "第 8 行：收入：文件自报 1413.51 CNY，各行合计为 1413.50 CNY。"),
        ("The summary line has no values.", "汇总行没有数值。"),
        ("something new", "something new"),
    ],
)  # fmt: skip
def test_a_remark_is_read_in_chinese(said: str, read: str) -> None:
    with translation.override("zh-hans"):
        assert warning_text(said) == read


def test_a_bill_tells_its_remarks_and_whether_it_is_in_force(staff: Person) -> None:
    source = bill_import(data=wechat_csv(), name="五月.csv")
    url = f"/admin/crm/paymentimport/{source.pk}/"
    staff.client.cookies["django_language"] = "zh-hans"

    before = staff.client.get(f"{url}change/").content.decode()
    staff.client.post(f"{url}undo/")
    after = staff.client.get(f"{url}change/").content.decode()

    assert "第 20 行：退款取自" in before
    assert "row 20" not in before
    assert "微信账单" in before
    assert "已撤销" not in before
    assert "已撤销" in after
