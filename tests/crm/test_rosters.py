"""Lists of creators: read whatever the encoding, shown row by row, booked whole or not at all, taken back."""

import io
import threading
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlsplit

import openpyxl
import pytest
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import Error, connection
from django.utils import timezone, translation

from crm import audit, rosters
from crm.audit import verify
from crm.exceptions import DomainError
from crm.models import (
    AuditEntry,
    Creator,
    CreatorImport,
    CreatorImportJob,
    PayerName,
    TierChange,
)
from crm.roster_words import rejected_text
from crm.rosters import RosterError
from crm.services import creator_imports
from crm.services.creator_imports import creators_import, creators_import_undo
from crm.services.creator_plans import columns_for, roster_plan, table_of
from crm.services.job_rows import JobStopped, jobs_sweep
from crm.services.roster_drafts import FOLDER
from crm.services.roster_jobs import roster_job_execute
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, InterviewFactory

LIST = (
    "创作者名单（2026年5月）\n"
    "笔名,平台,账号,层级,粉丝数,月收入(元),联系方式,备注\n"
    '墨白,B站,@mobai,头部,186万,8.5万,微信 mobai_88,"写古风，\n周更"\n'
    '𠮷野🎬,抖音,jiye,腰部,"52,300",12000,,\n'
    "林小满,小红书,,入门,3k,0,138-0013-8000,\n"
)


def planned(text: str | bytes) -> Any:
    data = text if isinstance(text, bytes) else text.encode()
    table = table_of(data)
    return roster_plan(table, columns_for(table))


def booked(text: str | bytes, **more: Any) -> CreatorImport:
    data = text if isinstance(text, bytes) else text.encode()
    table = table_of(data)
    return creators_import(data=data, name="名单.csv", columns=columns_for(table), **more)


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gb18030", "utf-16", "utf-16-le"])
def test_a_list_is_read_to_the_character_in_every_encoding(encoding: str) -> None:
    table = rosters.read(LIST.encode(encoding))

    people, rejected = rosters.people_of(table, rosters.guess(table.names))

    assert rejected == []
    assert table.header == 2
    assert [person.values["name"] for person in people] == ["墨白", "𠮷野🎬", "林小满"]
    assert people[0].values["followers"] == 1_860_000
    assert people[0].values["income_minor"] == 8_500_000
    assert people[0].values["note"] == "写古风，\n周更"
    assert people[1].values["followers"] == 52_300
    assert people[2].values["followers"] == 3_000
    assert [person.number for person in people] == [3, 5, 6]


def test_a_traditional_list_in_big5_is_read() -> None:
    text = "筆名,平台,粉絲\n墨白說書,YouTube,52300\n" + "\n".join(
        f"創作者的頻道第{n}號這是一個說明,臉書粉絲,{n}" for n in range(1, 30)
    )

    table = rosters.read(text.encode("big5"))

    assert table.rows[0].cells[:2] == ("墨白說書", "YouTube")


@pytest.mark.parametrize("delimiter", ["\t", ";"])
def test_a_list_is_read_with_other_delimiters(delimiter: str) -> None:
    table = rosters.read(f"name{delimiter}followers\nMo{delimiter}12\n".encode())

    assert table.rows[0].cells == ("Mo", "12")


def test_a_workbook_is_read_with_numbers_and_days_as_excel_keeps_them() -> None:
    import datetime

    book = openpyxl.Workbook()
    sheet = book.active
    assert sheet is not None
    sheet.append(["达人", "粉丝", "加入日期"])
    sheet.append(["墨白", 186000, datetime.datetime(2026, 5, 20)])  # noqa: DTZ001  as Excel has it
    stream = io.BytesIO()
    book.save(stream)

    table = rosters.read(stream.getvalue())
    (person,), _none = rosters.people_of(table, rosters.guess(table.names))

    assert person.values == {
        "name": "墨白", "followers": 186_000, "joined_on": datetime.date(2026, 5, 20),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("column", "cell", "code"),
    [
        ("粉丝", "很多", "not_a_number"),
        ("粉丝", "1,2,3", "not_a_number"),
        ("粉丝", "1.5", "not_followers"),
        ("粉丝", "-5", "not_a_number"),
        ("粉丝", "99999亿", "not_followers"),
        ("月收入", "5k-8k", "a_range"),
        ("月收入", "1.234", "not_money"),
        ("层级", "王者", "not_a_tier"),
        ("状态", "飞走了", "not_a_status"),
        ("语言", "火星文", "not_a_language"),
        ("日期", "2026-13-01", "not_a_day"),
        ("城市", "杭" * 61, "too_long"),
        ("笔名", "", "name_missing"),
    ],
)
def test_a_cell_that_is_no_value_rejects_its_row_with_a_reason_and_a_remedy(
    column: str, cell: str, code: str
) -> None:
    names = "笔名,城市" if column == "笔名" else f"笔名,{column}"
    row = f"{cell},杭州" if column == "笔名" else f'墨白,"{cell}"'
    table = rosters.read(f"{names}\n{row}\n林小满,\n".encode())

    people, (rejected,) = rosters.people_of(table, rosters.guess(table.names))

    assert (rejected.number, rejected.code) == (2, code)
    assert [person.number for person in people] == [3]
    for language in ("zh-hans", "en"):
        with translation.override(language):
            assert len(rejected_text(rejected.code, rejected.field, rejected.cell)) > 8


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.4 x", "unreadable"),
        (b"PK\x03\x04broken", "unreadable"),
        (b"1,2\n3,4\n", "no_header"),
        ("笔名,平台\n".encode(), "no_rows"),
        ('笔名,平台\n"墨白,B站\n'.encode(), "unclosed_quote"),
        (b"name\n" + b"x\n" * 10_001, "too_many_rows"),
        ("笔名,平台\n墨\x00白,B站\n".encode(), "unreadable"),
    ],
)
def test_a_file_that_is_no_list_is_refused_with_its_reason(data: bytes, code: str) -> None:
    with pytest.raises(RosterError) as refused:
        rosters.read(data)

    assert refused.value.code == code
    with pytest.raises(DomainError):
        table_of(data)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_file_that_cannot_be_read_says_where_and_in_the_readers_language(language: str) -> None:
    with translation.override(language):
        with pytest.raises(DomainError, match=r"2") as refused:
            table_of("笔名,平台\n墨\x00白,B站\n".encode())
        with pytest.raises(DomainError) as other:
            table_of(b"%PDF-1.4 x")
    assert "NUL" in str(refused.value)
    assert ("The file" in str(other.value)) == (language == "en")


def test_a_name_whose_bytes_are_broken_is_not_booked(db: None) -> None:
    data = LIST.encode("gb18030").replace("墨白".encode("gb18030"), b"\x84\xff\xb0\xd7")

    (row,) = [row for row in planned(data).rows if row.becomes == "rejected"]

    assert (row.number, row.code, row.field) == (3, "not_text", "name")


def test_columns_are_guessed_and_the_last_choice_for_such_a_list_wins(db: None) -> None:
    text = "昵称,渠道,地区\n墨白,B站,杭州\n"
    table = table_of(text.encode())
    assert columns_for(table) == {"昵称": "name", "渠道": "platform", "地区": "city"}

    creators_import(data=text.encode(), name="a", columns={"昵称": "name", "地区": "note"})

    assert columns_for(table) == {"昵称": "name", "地区": "note"}


def test_each_row_says_what_it_would_become(db: None) -> None:
    known = CreatorFactory(name="墨白", handle="@MoBai", platform="bilibili", followers=10)
    same = CreatorFactory(name="林小满", platform="小红书", tier="entry", followers=3000)
    same.income_minor = 0
    same.contact = "138-0013-8000"
    same.save()
    CreatorFactory(name="重名")
    CreatorFactory(name="重名", platform="抖音")
    CreatorFactory(name="另一个墨白2", handle="taken", platform="知乎")
    more = (
        "重名,,,,,,,\n"  # two are called so
        "墨 白,哔哩哔哩,mobai,,,,,\n"  # stands above already
        "墨白,快手,mobai2,,,,,\n"  # same name, other handle: new, resembling
        "重名,知乎,TAKEN,,,,,\n"  # the handle says who: known by it
        ",,,,,,,无名\n"
    )

    plan = planned(LIST + more)

    rows = {row.number: row for row in plan.rows}
    assert [rows[n].becomes for n in (3, 5, 6)] == ["update", "new", "duplicate"]
    assert rows[3].creator == known.pk
    assert {change.field for change in rows[3].changes} == {
        "tier", "followers", "income_minor", "contact", "note",
    }  # fmt: skip
    assert (rows[7].code, rows[7].cell) == ("several", "2")
    assert (rows[8].code, rows[8].cell) == ("same_as_row", "3")
    assert (rows[9].becomes, rows[9].alike) == ("new", "墨白")
    assert rows[10].becomes == "update"
    assert rows[11].code == "name_missing"
    assert len(plan.rows) == 8  # nothing of the file is lost


def test_an_empty_cell_erases_nothing(db: None) -> None:
    known = CreatorFactory(name="墨白", platform="B站", city="杭州", contact="x@example.org")

    booked("笔名,平台,城市,联系方式\n墨白,B站,,\n")

    known.refresh_from_db()
    assert (known.city, known.contact) == ("杭州", "x@example.org")


def test_a_booked_list_keeps_tiers_with_their_history_and_doubles_nobody(db: None) -> None:
    first = booked(LIST)
    again = booked(LIST)

    assert (first.created, again.created, again.duplicates) == (3, 0, 3)
    assert Creator.objects.count() == TierChange.objects.count() == 3
    assert Creator.objects.get(name="墨白").tier == "head"
    assert "名单.csv" in TierChange.objects.filter(creator__name="墨白").get().reason
    assert AuditEntry.objects.filter(action="creators.imported").count() == 2


def test_a_new_tier_in_a_list_goes_through_the_history(db: None) -> None:
    booked(LIST)

    booked("笔名,平台,账号,层级\n墨白,B站,@mobai,腰部\n")

    changes = TierChange.objects.filter(creator__name="墨白").order_by("at")
    assert [change.tier for change in changes] == ["head", "mid"]


def test_names_on_bills_come_along_and_anothers_is_refused(db: None) -> None:
    other = CreatorFactory(name="别人")
    PayerName.objects.create(creator=other, name="王五")

    source = booked("笔名,付款人\n墨白,墨女士\n林小满,王五\n")

    assert PayerName.objects.get(name="墨女士").creator.name == "墨白"
    assert [item["code"] for item in source.rejected] == ["payer_taken"]


def test_what_was_seen_is_what_is_booked(db: None) -> None:
    plan = planned(LIST)
    CreatorFactory(name="林小满", platform="小红书")

    with pytest.raises(DomainError) as refused:
        booked(LIST, expected=plan.digest)

    assert refused.value.code == "changed"
    assert not CreatorImport.objects.exists()


def test_a_failure_half_way_leaves_nothing_and_the_list_can_be_booked_again(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def break_down(*args: Any, **kwargs: Any) -> None:
        raise RuntimeError

    with monkeypatch.context() as broken:
        broken.setattr(creator_imports.audit, "record", break_down)
        with pytest.raises(RuntimeError):
            booked(LIST)

    assert not Creator.objects.exists()
    assert not CreatorImport.objects.exists()
    assert booked(LIST).created == 3


@pytest.mark.django_db(transaction=True)
def test_a_booking_whose_connection_is_killed_half_way_leaves_nothing(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    half_way, killed = threading.Event(), threading.Event()
    ended: list[Exception] = []
    backend: list[int] = []
    record = creator_imports.audit.record

    def waiting(*args: Any, **kwargs: Any) -> Any:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_backend_pid()")
            backend.append(cursor.fetchone()[0])
        half_way.set()
        killed.wait(20)
        return record(*args, **kwargs)

    def book() -> None:
        try:
            booked(LIST)
        except Error as error:
            ended.append(error)
        finally:
            connection.close()

    with monkeypatch.context() as stopped:
        stopped.setattr(creator_imports.audit, "record", waiting)
        worker = threading.Thread(target=book)
        worker.start()
        assert half_way.wait(20)
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_terminate_backend(%s)", [backend[0]])
        killed.set()
        worker.join(20)

    assert len(ended) == 1
    assert not Creator.objects.exists()
    assert not CreatorImport.objects.exists()
    assert booked(LIST).created == 3


def test_a_whole_list_is_taken_back_but_for_who_was_used_since(db: None) -> None:
    known = CreatorFactory(name="老朋友", platform="B站", city="杭州", tier="entry")
    source = booked(LIST + "老朋友,B站,@old,腰部,9万,,,\n")
    used, edited = Creator.objects.get(name="墨白"), Creator.objects.get(name="林小满")
    InterviewFactory(creator=used)
    edited.city = "成都"
    edited.save()
    Creator.objects.filter(pk=known.pk).update(followers=100_000)

    done = creators_import_undo(source=source, actor=None)

    assert {(item["name"], item["why"]) for item in done.kept} == {
        ("墨白", "used"), ("林小满", "edited"), ("老朋友", "edited"),
    }  # fmt: skip
    assert not Creator.objects.filter(name="𠮷野🎬").exists()
    known.refresh_from_db()
    assert (known.handle, known.tier, known.followers) == ("", "entry", 100_000)
    assert not known.tier_changes.filter(tier="mid").exists()  # the mistake never counts
    with pytest.raises(DomainError):
        creators_import_undo(source=source, actor=None)


def test_a_list_taken_back_at_once_leaves_things_as_they_were(db: None) -> None:
    source = booked(LIST)

    done = creators_import_undo(source=source, actor=None)

    assert done.kept == []
    assert not Creator.objects.exists()
    assert booked(LIST).created == 3


def test_two_lists_taken_back_in_turn_leave_nobody(db: None) -> None:
    """What a list changed and was taken back is no change since."""
    first = booked(LIST)
    second = booked(LIST.replace("腰部", "头部").replace("3k", "4k").replace("186万", "190万"))
    assert second.updated == 3

    assert creators_import_undo(source=second, actor=None).kept == []
    known = Creator.objects.get(name="𠮷野🎬")
    assert (known.tier, known.tier_changes.count()) == ("mid", 2)
    assert creators_import_undo(source=first, actor=None).kept == []
    assert not Creator.objects.exists()


def test_many_updates_take_as_many_queries_as_few(
    db: None, django_assert_max_num_queries: Any
) -> None:
    def people(tier: str) -> str:
        return "笔名,平台,层级,粉丝数\n" + "".join(
            f"甲{n},B站,{tier},{n}{len(tier)}\n" for n in range(40)
        )

    booked(people("入门"))
    with django_assert_max_num_queries(30):
        source = booked(people("头部层级"[:2]))
    assert source.updated == 40
    with django_assert_max_num_queries(40):
        creators_import_undo(source=source, actor=None)


def upload(person: Person, data: bytes) -> str:
    file = SimpleUploadedFile("名单.csv", data)
    answer = person.client.post("/admin/crm/creatorimport/new/", {"file": file})
    assert answer.status_code == 302, answer.content.decode()[:2000]
    return answer["Location"]


def test_the_page_shows_columns_and_rows_and_books_only_when_told(staff: Person) -> None:
    preview = upload(staff, LIST.encode("gb18030"))

    page = staff.client.get(preview).content.decode()

    assert "墨白" in page
    assert "¥85,000.00" in page
    assert not Creator.objects.exists()
    digest = page.split('name="digest" value="')[1].split('"')[0]
    staff.client.post(preview, {"book": "1", "digest": digest, "tier": "mid"})
    source = CreatorImport.objects.get()
    assert source.created == 3
    assert source.by == staff.user
    assert default_storage.listdir(FOLDER)[1] == []
    done = staff.client.get(f"/admin/crm/creatorimport/{source.pk}/change/").content.decode()
    assert ">墨白</a>" in done
    assert "mobai_88" not in done
    staff.client.post(f"/admin/crm/creatorimport/{source.pk}/undo/")
    assert not Creator.objects.exists()


def test_the_columns_can_be_corrected_before_booking(staff: Person) -> None:
    preview = upload(staff, "笔名,甲\n墨白,杭州\n".encode())

    answer = staff.client.post(preview, {"columns": "1", "column-0": "name", "column-1": "city"})
    assert urlsplit(answer["Location"]).path == "/admin/crm/creatorimport/preview/"
    without = staff.client.post(preview, {"columns": "1", "column-1": "city"})
    assert staff.client.get(without["Location"]).status_code == 422
    staff.client.post(answer["Location"], {"book": "1", "tier": "entry"})

    assert Creator.objects.get().city == "杭州"


def test_a_draft_of_somebody_else_is_not_opened(staff: Person, bob: Person) -> None:
    preview = upload(staff, LIST.encode())
    bob.user.is_superuser = True
    bob.user.save()

    assert bob.client.get(preview)["Location"] == "/admin/crm/creatorimport/new/"


def xlsx(*rows: list[object], merged: str = "") -> bytes:
    book = openpyxl.Workbook()
    sheet = book.active
    for row in rows:
        sheet.append(row)
    if merged:
        sheet.merge_cells(merged)
    kept = io.BytesIO()
    book.save(kept)
    return kept.getvalue()


def read_as(data: str | bytes) -> tuple[list[dict[str, object]], list[tuple[int, str]]]:
    table = rosters.read(data if isinstance(data, bytes) else data.encode())
    people, rejected = rosters.people_of(table, rosters.guess(table.names))
    return [dict(one.values) for one in people], [(item.number, item.code) for item in rejected]


def test_a_cell_merged_downwards_goes_for_all_its_rows() -> None:
    data = xlsx(
        ["达人名单", None],
        ["笔名", "平台"],
        ["甲", "B站"],
        ["乙", None],
        ["丙", "抖音"],
        merged="B3:B4",
    )

    people, _rejected = read_as(data)

    assert [one.get("platform") for one in people] == ["B站", "B站", "抖音"]


def test_formulas_without_values_and_numbers_that_excel_shortened_are_named() -> None:
    header = ["笔名", "账号", "粉丝数"]
    data = xlsx(
        header, ["甲", "jia", "=1+1"], ["乙", 123456789012345678, 5], ["丙", "bing", "#REF!"]
    )

    people, rejected = read_as(data)

    assert people == []
    assert rejected == [(2, "a_formula"), (3, "digits_lost"), (4, "a_formula")]


def test_days_are_read_from_the_numbers_that_excel_keeps_them_as() -> None:
    people, _rejected = read_as("笔名,认识日期\n甲,45356\n乙,2024年3月5日\n")

    assert {one["joined_on"] for one in people} == {date(2024, 3, 5)}


def test_a_number_with_a_bare_comma_a_sum_and_a_dash_are_not_misread() -> None:
    people, rejected = read_as("笔名,粉丝数\n甲,3,600\n乙,-\n丙,暂无\n合计,5万\n")

    assert people == [{"name": "乙"}, {"name": "丙"}]
    assert rejected == [(2, "too_many_cells"), (5, "a_total")]
    for code in ("too_many_cells", "a_total", "a_formula", "digits_lost"):
        assert rejected_text(code, "followers", "x")


def test_columns_of_one_name_are_told_apart() -> None:
    assert rosters.read("笔名,平台,平台\n甲,B站,抖音\n".encode()).names == (
        "笔名",
        "平台",
        "平台 (2)",
    )


def test_a_person_of_a_list_is_one_whether_or_not_a_row_has_the_handle(db: None) -> None:
    plan = planned("笔名,平台,账号\n墨白,B站,mobai\n墨 白,哔哩哔哩,\n墨白,抖音,\n墨白,B站,other\n")

    assert [(row.number, row.becomes, row.cell) for row in plan.rows] == [
        (2, "new", ""), (3, "rejected", "2"), (4, "new", ""), (5, "new", ""),
    ]  # fmt: skip


def test_two_rows_about_one_known_creator_do_not_both_update_them(db: None) -> None:
    CreatorFactory(name="墨白", platform="B站", handle="mobai")

    plan = planned("笔名,平台,账号,城市\n墨白,B站,mobai,南京\n墨白,,,杭州\n")

    assert [(row.becomes, row.cell) for row in plan.rows] == [("update", ""), ("rejected", "2")]


def test_a_long_list_is_booked_and_taken_back_by_a_worker(
    staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Shown as it goes, and done once however often its message comes."""
    monkeypatch.setattr("crm.admin.rosters.AT_ONCE", 2)
    preview = upload(staff, LIST.encode())
    digest = staff.client.get(preview).content.decode().split('name="digest" value="')[1][:16]
    answer = staff.client.post(preview, {"book": "1", "digest": digest, "tier": "mid"})
    job = CreatorImportJob.objects.get()
    assert answer["Location"].endswith(f"/jobs/{job.pk}/")
    assert not Creator.objects.exists()
    page = staff.client.get(answer["Location"]).content.decode()
    assert 'http-equiv="refresh"' in page
    again = staff.client.post(preview, {"book": "1", "digest": digest, "tier": "mid"})
    assert again["Location"] == answer["Location"]
    assert "名单.csv" in staff.client.get("/admin/crm/creatorimport/").content.decode()

    assert roster_job_execute(job.pk) == "done"
    assert roster_job_execute(job.pk) == "not_waiting"

    job.refresh_from_db()
    assert job.source is not None
    assert (job.done, job.total, job.source.created) == (3, 3, 3)
    assert default_storage.listdir(FOLDER)[1] == []
    done = staff.client.get(answer["Location"])
    assert done["Location"] == f"/admin/crm/creatorimport/{job.source_id}/change/"
    assert verify().ok
    undo = f"/admin/crm/creatorimport/{job.source_id}/undo/"
    assert staff.client.post(undo)["Location"] == staff.client.post(undo)["Location"]
    assert Creator.objects.count() == 3
    assert roster_job_execute(CreatorImportJob.objects.latest("pk").pk) == "done"
    assert not Creator.objects.exists()


def wanted(staff: Person, monkeypatch: pytest.MonkeyPatch) -> CreatorImportJob:
    monkeypatch.setattr("crm.admin.rosters.AT_ONCE", 2)
    staff.client.post(upload(staff, LIST.encode()), {"book": "1", "tier": "mid"})
    return CreatorImportJob.objects.latest("pk")


def test_a_long_list_that_is_stopped_keeps_nothing_and_can_begin_again(
    staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = wanted(staff, monkeypatch)
    url = f"/admin/crm/creatorimport/jobs/{job.pk}/"
    staff.client.post(f"{url}cancel/")
    assert roster_job_execute(job.pk) == "not_waiting"
    staff.client.post(f"{url}again/")

    def stopped(job: CreatorImportJob) -> Any:  # asked for while it works
        raise JobStopped(cancelled=True)

    record = creator_imports.audit.record
    with monkeypatch.context() as half_way:
        half_way.setattr(creator_imports.audit, "record", lambda *args, **more: stopped(job))
        assert roster_job_execute(job.pk) == "cancelled"

    assert not Creator.objects.exists()
    assert not CreatorImport.objects.exists()
    page = staff.client.get(url).content.decode()
    assert f"{url}again/" in page
    assert "/preview/?draft=" in page
    assert creator_imports.audit.record is record
    staff.client.post(f"{url}again/")
    assert roster_job_execute(job.pk) == "done"
    assert Creator.objects.count() == 3


def test_a_long_list_that_became_another_since_it_was_seen_says_so(
    staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = wanted(staff, monkeypatch)
    CreatorImportJob.objects.update(expected="0" * 16)

    assert roster_job_execute(job.pk) == "failed"

    page = staff.client.get(f"/admin/crm/creatorimport/jobs/{job.pk}/").content.decode()
    assert "/preview/?draft=" in page
    assert not Creator.objects.exists()
    default_storage.delete(job.path)
    page = staff.client.get(f"/admin/crm/creatorimport/jobs/{job.pk}/").content.decode()
    assert "/admin/crm/creatorimport/new/" in page
    assert "again/" not in page


def test_a_list_whose_worker_died_begins_again(
    staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = wanted(staff, monkeypatch)
    long_ago = timezone.now() - timedelta(days=1)
    CreatorImportJob.objects.update(state="running", tries=1, heartbeat_at=long_ago)

    assert jobs_sweep(CreatorImportJob) == [job.pk]
    assert roster_job_execute(job.pk) == "done"


def test_a_long_import_keeps_nobody_from_the_audit_trail_before_its_end(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All its entries are appended together, in their order."""
    CreatorFactory(name="墨白", tier="entry")
    appended: list[list[str]] = []
    append = audit._append

    def heard(entries: list[AuditEntry]) -> None:
        appended.append([entry.action for entry in entries])
        append(entries)

    monkeypatch.setattr(audit, "_append", heard)
    booked(LIST)

    assert appended == [["creator.tier_changed", "creators.imported"]]
    assert verify().ok
