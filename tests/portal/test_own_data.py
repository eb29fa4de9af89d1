"""A creator takes everything along, deletes a novel, leaves for good."""

import io
import json
import zipfile
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from allauth.account.models import EmailAddress
from django.apps import apps
from django.test import Client
from django.urls import reverse
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import Consent, Creator, DataExport, Leaving, Payment
from crm.own_rows import NOT_COPIED, shown, tables
from crm.services.leaving import leaving_ask, leaving_execute
from crm.services.own_data import export_ask, export_execute, exports_forget
from engines.models import Budget, PaidCall
from generation.models import Chapter, FeatureUse, Film, Frame, Novel, Run, Shot
from generation.services.novels import novel_upload
from generation.services.own_data import novel_delete, novel_purge, novels_to_purge
from insights.models import Evidence
from insights.services.voice import pain_report, top_pains_choose
from tests.conftest import Person
from tests.factories.crm import InterviewFactory, PaymentFactory, transcript_of
from tests.factories.generation import FeatureFactory, NovelFactory, finished_run
from tests.factories.insights import PainPointFactory, tag
from tests.factories.recordings import recording_of, wav

SECRET = "雪夜叩门的人"


@pytest.fixture
def novel(alice: Person, media: Path) -> Novel:
    row: Novel = NovelFactory(
        creator=alice.as_creator, title=f"风雪{SECRET}", text=f"第一章\n{SECRET}来了。\n"
    )
    run = finished_run(row)
    FeatureUse.objects.create(
        run=run, feature=FeatureFactory(), creator=alice.as_creator, tokens=7, at=timezone.now()
    )
    return row


def copy_of(creator: Creator) -> zipfile.ZipFile:
    export, _new = export_ask(creator=creator)
    assert export_execute(export.pk) == "done"
    export.refresh_from_db()
    return zipfile.ZipFile(io.BytesIO(Path(export.file.path).read_bytes()))


def test_every_table_that_points_to_a_creator_is_copied_or_says_why_not() -> None:
    labels = {model._meta.label for model, _key in tables()}

    assert set(NOT_COPIED) - labels == set()
    assert {"crm.Payment", "crm.Consent", "insights.Need", "generation.FeatureUse"} <= labels


def test_the_copy_holds_words_payments_and_files_and_nobody_elses(
    alice: Person, charlie: Person, novel: Novel
) -> None:
    interview = InterviewFactory(creator=alice.as_creator, fingerprint="f" * 64)
    transcript_of([("研究员", "难在哪？"), ("墨", "分镜要画三天")], interview=interview)
    PaymentFactory(creator=alice.as_creator, subject="会员", minor=19900)
    PaymentFactory(creator=charlie.as_creator, subject="别人的会员")

    archive = copy_of(alice.as_creator)

    names = archive.namelist()
    everything = "".join(
        archive.read(name).decode() for name in names if not name.endswith(("png", "mp4"))
    )
    assert SECRET in archive.read(f"novels/{novel.pk}/novel.txt").decode()
    assert "分镜要画三天" in everything
    payments = json.loads(archive.read("data/crm/payment.json"))
    assert [row["minor"] for row in payments] == [19900]
    assert archive.read("data/crm/payment.csv").startswith(b"\xef\xbb\xbf")
    assert "别人的会员" not in everything
    assert any(name.endswith("film.mp4") for name in names)
    assert any("/frames/" in name for name in names)
    assert "风雪" in everything


def test_the_copy_holds_ones_own_voice_and_how_one_comes_in(alice: Person, charlie: Person) -> None:
    sound, cut, foreign = (
        recording_of(InterviewFactory(creator=one.as_creator, fingerprint=mark * 64), data=wav(1.0))
        for one, mark in ((alice, "a"), (alice, "b"), (charlie, "c"))
    )
    alice.client.post(
        reverse("portal:interview_withdraw", args=[cut.interview_id]), {"what": "record"}
    )
    EmailAddress.objects.create(user=alice.user, email="alice@example.org")

    archive = copy_of(alice.as_creator)

    heard = [name for name in archive.namelist() if name.endswith(".wav")]
    assert [f"-{sound.interview_id}-{sound.pk}.wav" in name for name in heard] == [True]
    assert archive.read(heard[0]) == wav(1.0)
    login = json.loads(archive.read("data/login.json"))
    assert [row["email"] for row in login["emails"]] == ["alice@example.org"]
    assert "password" not in str(login)
    assert foreign.pk != sound.pk


def test_what_the_team_notes_about_a_creator_is_not_in_the_copy(alice: Person) -> None:
    Creator.objects.filter(pk=alice.as_creator.pk).update(note="很难约")

    archive = copy_of(alice.as_creator)

    assert all("很难约" not in archive.read(name).decode() for name in archive.namelist())


def test_a_cell_that_looks_like_a_formula_is_quoted(alice: Person) -> None:
    pain_report(
        creator=alice.as_creator, words="=HYPERLINK(1)", importance=3, satisfaction=None, pain=None,
        token="t",
    )  # fmt: skip

    table = copy_of(alice.as_creator).read("data/insights/painreport.csv").decode()

    assert ",=HYPERLINK" not in table
    assert "'=HYPERLINK(1)" in table


def test_one_copy_is_made_at_a_time(alice: Person) -> None:
    first, new = export_ask(creator=alice.as_creator)
    again, second = export_ask(creator=alice.as_creator)

    assert (first, new, second) == (again, True, False)
    assert export_execute(first.pk) == "done"
    assert export_execute(first.pk) == "not_waiting"


def test_a_copy_is_forgotten_when_its_time_is_up(alice: Person) -> None:
    copy_of(alice.as_creator)
    row = DataExport.objects.get()
    path = Path(row.file.path)
    DataExport.objects.update(expires_at=timezone.now() - timedelta(hours=1))

    assert exports_forget() == 1

    assert not path.exists()
    page = alice.client.get(reverse("portal:data_file", args=[row.pk]))
    assert page.status_code == 404


def test_the_page_asks_and_downloads_under_a_chinese_name(alice: Person) -> None:
    alice.client.post(reverse("portal:data_copy"))
    export = DataExport.objects.get()
    export_execute(export.pk)

    page = alice.client.get(reverse("portal:data"))
    file = alice.client.get(reverse("portal:data_file", args=[export.pk]))

    assert reverse("portal:data_file", args=[export.pk]) in page.content.decode()
    assert "filename*=utf-8''" in file.headers["Content-Disposition"]
    assert b"".join(file.streaming_content).startswith(b"PK")


def test_a_deleted_novel_is_out_of_sight_at_once_and_out_of_the_store_soon(
    alice: Person, novel: Novel, media: Path
) -> None:
    run = novel.runs.get()
    budget = Budget.objects.create(key=f"run:{run.pk}", cap_micro=0)
    PaidCall.objects.create(
        key="k", purpose="p", engine="e", budget=budget, state="settled", answer={"text": SECRET}
    )
    files = [Path(row.file.path) for row in (run.shots.get().frames.get(), run.film)]
    assert all(path.exists() for path in files)

    alice.client.post(reverse("portal:novel_delete", args=[novel.pk]))

    for name, key in [("novel", novel.pk), ("run", run.pk), ("film", run.film.pk)]:
        assert alice.client.get(reverse(f"portal:{name}", args=[key])).status_code == 404
    assert SECRET not in alice.client.get(reverse("portal:novel_list")).content.decode()
    assert novels_to_purge() == [novel.pk]


def test_purging_removes_words_and_files_and_keeps_what_decisions_rest_on(
    alice: Person, novel: Novel, django_capture_on_commit_callbacks: Any
) -> None:
    run = novel.runs.get()
    Run.objects.filter(pk=run.pk).update(error=f"坏在{SECRET}")
    budget = Budget.objects.create(key=f"run:{run.pk}", cap_micro=0)
    call = PaidCall.objects.create(
        key="k", purpose="p", engine="e", budget=budget, state="settled", cost_micro=5,
        answer={"text": SECRET}, scope=novel.scope,
    )  # fmt: skip
    files = [Path(row.file.path) for row in (run.shots.get().frames.get(), run.film)]
    novel_delete(novel=novel)

    with django_capture_on_commit_callbacks(execute=True):
        assert novel_purge(novel.pk) > 0
    assert novel_purge(novel.pk) == 0

    assert not any(path.exists() for path in files)
    for model in (Chapter, Shot, Frame, Film):
        assert model._default_manager.count() == 0
    novel.refresh_from_db()
    run.refresh_from_db()
    call.refresh_from_db()
    assert SECRET not in f"{novel.text}{novel.title}{novel.source_name}{run.error}{call.answer}"
    assert (FeatureUse.objects.get().tokens, call.cost_micro) == (7, 5)


def test_the_same_text_may_be_uploaded_again_before_the_old_one_is_purged(
    alice: Person, novel: Novel
) -> None:
    data = "第一章\n雪停了，天亮了。\n".encode()
    first, _new = novel_upload(creator=alice.as_creator, data=data, name="雪.txt")
    novel_delete(novel=first)

    second, new = novel_upload(creator=alice.as_creator, data=data, name="雪.txt")

    assert (new, second.pk != first.pk) == (True, True)


def test_a_novel_whose_run_still_works_waits(alice: Person, novel: Novel) -> None:
    run = novel.runs.get()
    Run.objects.filter(pk=run.pk).update(state=Run.State.RUNNING)
    novel_delete(novel=novel)

    assert novels_to_purge() == []
    run.refresh_from_db()
    assert run.cancel_requested


def test_leaving_closes_the_login_and_removes_what_goes(
    alice: Person, novel: Novel, anonymous: Client, django_capture_on_commit_callbacks: Any
) -> None:
    creator = alice.as_creator
    EmailAddress.objects.create(user=alice.user, email="alice@example.com", primary=True)
    interview = InterviewFactory(creator=creator, fingerprint="f" * 64)
    transcript = transcript_of([("墨", SECRET)], interview=interview)
    tag(PainPointFactory(), transcript=transcript, quote=SECRET)
    pain_report(
        creator=creator, words=SECRET, importance=3, satisfaction=None, pain=None, token="t"
    )
    top_pains_choose(creator=creator, pains=[PainPointFactory()])
    PaymentFactory(creator=creator, minor=19900)

    page = alice.client.post(reverse("portal:leave"), {"name": creator.name})
    assert "账号已删除" in page.content.decode()
    assert alice.client.get(reverse("portal:novel_list")).status_code == 302

    with django_capture_on_commit_callbacks(execute=True):
        assert leaving_execute(Leaving.objects.get().pk) == "done"
    assert leaving_execute(Leaving.objects.get().pk) == "not_waiting"
    novel_purge(novel.pk)

    creator.refresh_from_db()
    assert (creator.contact, creator.handle, creator.status) == ("", "", "left")
    alice.user.refresh_from_db()
    assert (alice.user.email, alice.user.is_active) == ("", False)
    assert not EmailAddress.objects.exists()
    assert Payment.objects.filter(creator=creator).count() == 1
    assert Consent.objects.filter(creator=creator, given=False).exists()
    assert Evidence.objects.usable().count() == 0
    receipt = Leaving.objects.get().receipt
    assert receipt["removed"]["novels"] == 1
    assert "payments" in receipt["stays"]
    assert _left_behind(SECRET) == []


def _left_behind(words: str) -> list[str]:
    """Tables of ours that still hold the words, read as PostgreSQL prints their rows."""
    from django.db import connection

    found = []
    with connection.cursor() as cursor:
        for model in apps.get_models():
            if model._meta.app_label in ("crm", "insights", "generation", "engines"):
                table = connection.ops.quote_name(model._meta.db_table)
                cursor.execute(
                    f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{words}%"]
                )
                if cursor.fetchone()[0]:
                    found.append(model._meta.label)
    return found


def test_a_slip_does_not_delete_an_account(alice: Person) -> None:
    answer = alice.client.post(reverse("portal:leave"), {"name": "alice"})

    assert answer.status_code == 422
    assert not Leaving.objects.exists()
    with pytest.raises(DomainError):
        leaving_ask(creator=alice.as_creator, typed="", actor=alice.user)


def test_nobody_of_the_team_is_named_in_a_copy(alice: Person, bob: Person) -> None:
    row, _new = pain_report(
        creator=alice.as_creator,
        words="配音太平",
        importance=4,
        satisfaction=2,
        pain=None,
        token="t",
    )
    row.answered_by = bob.user

    assert bob.user.username not in str(shown(row))
    assert shown(row)["words"] == "配音太平"
