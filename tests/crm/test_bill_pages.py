"""A bill in the admin: previewed before it is booked, mapped once, taken back as a whole."""

from urllib.parse import urlsplit

import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client

from crm import bills
from crm.exceptions import DomainError
from crm.models import BillMapping, PayerName, Payment, PaymentImport
from crm.services.bill_drafts import FOLDER
from crm.services.bill_mappings import mapping_save
from crm.services.bill_preview import bill_preview
from crm.services.payments import bill_import, parse_bill
from tests.bills.samples import WECHAT_ROWS, wechat_csv
from tests.conftest import Person
from tests.factories.crm import CreatorFactory

TABLE = (
    "下单时间,实付金额,买家昵称,订单编号,备注\n"
    "2026-05-01 10:00:00,59.00,墨女士,A-1,x\n2026-05-02 10:00:00,-9.00,墨女士,A-2,退\n"
).encode()
COLUMNS = {"下单时间": "occurred_at", "实付金额": "amount", "买家昵称": "payer",
           "订单编号": "object_id"}  # fmt: skip


def upload(client: Client, data: bytes, name: str = "账单.csv", format: str = "auto") -> str:
    file = SimpleUploadedFile(name, data)
    answer = client.post("/admin/crm/payment/import/", {"file": file, "format": format})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer["Location"]


def test_nothing_is_booked_before_the_preview_is_confirmed(staff: Person) -> None:
    CreatorFactory(name="x")
    known = CreatorFactory(name="阿南本人")
    PayerName.objects.create(creator=known, name="阿南")
    preview = upload(staff.client, wechat_csv())

    page = staff.client.get(preview).content.decode()

    assert not Payment.objects.exists()
    assert "阿南本人" in page
    staff.client.post(preview, {"book": "1"})
    source = PaymentImport.objects.get()
    assert source.booked == Payment.objects.count() > 0
    assert default_storage.listdir(FOLDER)[1] == []


def test_a_bill_turned_down_leaves_nothing(staff: Person) -> None:
    preview = upload(staff.client, wechat_csv())

    staff.client.post(preview, {"discard": "1"})

    assert not PaymentImport.objects.exists()
    assert default_storage.listdir(FOLDER)[1] == []
    assert staff.client.get(preview).status_code == 302  # the draft is gone


def test_a_draft_is_its_uploaders(staff: Person, bob: Person) -> None:
    preview = upload(staff.client, wechat_csv())
    bob.user.is_superuser = True
    bob.user.save()

    assert bob.client.get(preview).status_code == 302
    assert bob.client.post(preview, {"book": "1"}).status_code == 302
    assert not Payment.objects.exists()
    forged = preview.replace("draft=", "draft=x")
    assert staff.client.get(forged).status_code == 302


def test_the_preview_says_of_every_row_what_it_would_become(db: None) -> None:
    bill_import(data=wechat_csv(WECHAT_ROWS[:1]), name="a.csv")
    changed = [list(row) for row in WECHAT_ROWS]
    preview = bill_preview(parse_bill(wechat_csv(changed), "b.csv"))

    by_row = {row.row for row in preview.rows}
    assert len(by_row) == len(WECHAT_ROWS)
    assert preview.counts["duplicate"] == 1
    assert sum(preview.counts.values()) == len(preview.rows)
    done = bill_import(data=wechat_csv(changed), name="b.csv")
    assert done.booked == preview.counts["new"]
    assert preview.totals["CNY"]["charge"] == done.totals["CNY"]["charge"] - 3000


def test_a_file_whose_totals_differ_says_so_before_it_is_booked(staff: Person) -> None:
    preview = upload(staff.client, wechat_csv(declared={"in_sum": "9999.00"}))

    page = staff.client.get(preview).content.decode()

    assert "收入：文件自报 9999.00 CNY，各行合计为 1413.50 CNY。" in page


def test_an_unknown_table_is_mapped_once_and_known_from_then_on(staff: Person) -> None:
    columns = upload(staff.client, TABLE)
    assert urlsplit(columns).path.endswith("/columns/")
    page = staff.client.get(columns).content.decode()
    assert "实付金额" in page

    table = bills.table(TABLE)
    said = {f"column-{place}": COLUMNS.get(name, "") for place, name in enumerate(table.names)}
    wrong = staff.client.post(columns, {"name": "小店", "currency": "CNY"})
    assert wrong.status_code == 422
    answer = staff.client.post(columns, {"name": "小店", "currency": "CNY", **said})

    assert "preview" in answer["Location"]
    saved = BillMapping.objects.get()
    assert (saved.name, saved.columns) == ("小店", COLUMNS)
    staff.client.post(answer["Location"], {"book": "1"})
    assert {(p.kind, p.minor) for p in Payment.objects.all()} == {("charge", 5900), ("refund", 900)}

    longer = TABLE + "2026-05-03 10:00:00,30.00,阿南,A-3,\n".encode()
    again = upload(staff.client, longer, "六月.csv")
    assert urlsplit(again).path.endswith("/preview/")
    done = bill_import(data=longer, name="六月.csv")
    assert (done.booked, done.duplicates) == (1, 2)


def test_what_columns_are_called_is_a_first_guess() -> None:
    assert bills.table(TABLE).guess == {
        "下单时间": "occurred_at", "实付金额": "amount", "买家昵称": "payer",
        "订单编号": "object_id", "备注": "subject",
    }  # fmt: skip
    shuffled = "备注,订单编号,买家昵称,实付金额,下单时间\nx,A-1,m,1,2026-05-01\n".encode()
    assert bills.table(shuffled).signature == bills.table(TABLE).signature


def test_a_mapping_that_does_not_read_the_file_is_not_saved(db: None) -> None:
    for columns, code in [({"实付金额": "amount"}, "field_missing"), (COLUMNS, "missing_currency")]:
        with pytest.raises(DomainError) as caught:
            mapping_save(data=TABLE, name="小店", columns=columns)
        assert caught.value.code == code
    assert not BillMapping.objects.exists()


def test_a_whole_bill_is_taken_back_from_its_page(staff: Person) -> None:
    source = bill_import(data=wechat_csv(), name="五月.csv")
    url = f"/admin/crm/paymentimport/{source.pk}/undo/"
    assert staff.client.get(url).status_code == 200
    assert Payment.objects.in_force().exists()

    staff.client.post(url)

    assert not Payment.objects.in_force().exists()
    page = staff.client.get(f"/admin/crm/payment/{Payment.objects.first().pk}/change/")
    assert page.status_code == 200
