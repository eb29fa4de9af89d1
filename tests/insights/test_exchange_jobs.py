"""Large files in and out: shown as they go, stopped and begun again, and nothing half done."""

from typing import Any

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.utils import timezone

from crm.models import AuditEntry, Job, Study, User
from crm.services.consents import WITHDRAWALS, consent_withdraw
from crm.services.job_rows import JobStopped, jobs_sweep
from crm.services.redactions import redaction_execute
from insights.models import Evidence, ExchangeJob, QdaImport
from insights.services import exchange_jobs
from insights.services.exchange_jobs import exchange_execute
from tests.conftest import Person
from tests.factories.crm import InterviewFactory, StudyFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag
from tests.insights.test_exchange_pages import URL, project


@pytest.fixture
def large(monkeypatch: pytest.MonkeyPatch) -> None:
    for limit in ("insights.services.exchange_jobs", "insights.admin.exchange"):
        monkeypatch.setattr(f"{limit}.AT_ONCE_BYTES", 10)
    monkeypatch.setattr(exchange_jobs, "AT_ONCE_READINGS", 0)


def study() -> Study:
    found = StudyFactory(key="flow")
    tag(PainPointFactory(), transcript=transcript_of([("墨", "分镜要画三天😀")], study=found))
    return found


def make(person: Person, format: str = "csv", **wish: str) -> ExchangeJob:
    answer = person.client.post(f"{URL}flow.{format}/make/", wish)
    assert answer.status_code == 302, answer.content.decode()
    return ExchangeJob.objects.get(pk=answer.headers["Location"].rstrip("/").rsplit("/", 1)[1])


@pytest.mark.parametrize("format", ["csv", "xlsx", "md", "html", "qdpx", "qdc"])
def test_a_large_study_is_made_by_the_worker_and_fetched_by_who_asked(
    staff: Person, large: None, format: str
) -> None:
    study()
    assert staff.client.get(f"{URL}flow.{format}").status_code == 302  # not while somebody waits
    assert f"flow.{format}/make/" in staff.client.get(URL).content.decode()
    job = make(staff, format)
    page = f"{URL}job/{job.pk}/"
    assert 'http-equiv="refresh"' in staff.client.get(page).content.decode()
    assert staff.client.get(f"{page}file/").status_code == 302

    assert exchange_execute(job.pk) == Job.State.DONE
    assert exchange_execute(job.pk) == "not_waiting"

    assert f"{page}file/" in staff.client.get(page).content.decode()
    file = staff.client.get(f"{page}file/")
    assert file.headers["Content-Disposition"].endswith(f'.{format}"')
    assert file.content
    assert AuditEntry.objects.filter(action="study.exported").count() == 1
    assert AuditEntry.objects.filter(action="study.fetched").count() == 1
    ExchangeJob.objects.update(asked_by=User.objects.create(username="somebody-else"))
    assert staff.client.get(f"{page}file/").status_code == 404


def test_asking_twice_for_what_is_being_made_is_one_job(staff: Person, large: None) -> None:
    study()

    assert make(staff).pk == make(staff).pk
    assert make(staff, **{"for": "team"}).pk != make(staff).pk


def test_a_large_file_is_read_and_booked_by_the_worker(staff: Person, large: None) -> None:
    file = SimpleUploadedFile("talks.qdpx", project())
    answer = staff.client.post(f"{URL}upload/", {"file": file, "tier": "mid"})
    reading = ExchangeJob.objects.get()
    assert answer.headers["Location"] == f"{URL}job/{reading.pk}/"
    assert exchange_execute(reading.pk) == Job.State.DONE
    seen = staff.client.get(f"{URL}job/{reading.pk}/").headers["Location"]
    assert "gone.txt" in staff.client.get(seen).content.decode()
    assert not Evidence.objects.exists()

    staff.client.post(f"{seen}book/")
    booking = ExchangeJob.objects.latest("pk")
    assert not Evidence.objects.exists()
    assert exchange_execute(booking.pk) == Job.State.DONE

    assert Evidence.objects.count() == 1
    assert QdaImport.objects.get().state == "booked"


def test_a_large_file_that_is_no_project_says_so_and_is_forgotten(
    staff: Person, large: None
) -> None:
    file = SimpleUploadedFile("x.qdpx", b"<html/>" * 9)
    staff.client.post(f"{URL}upload/", {"file": file, "tier": "mid"})
    job = ExchangeJob.objects.get()

    assert exchange_execute(job.pk) == Job.State.FAILED

    assert "x.qdpx" in staff.client.get(f"{URL}job/{job.pk}/").content.decode()
    row = QdaImport.objects.get()
    assert (row.state, bytes(row.data)) == ("discarded", b"")
    staff.client.post(f"{URL}job/{job.pk}/again/")
    job.refresh_from_db()
    assert job.state == Job.State.FAILED  # there is nothing to begin again with


def test_a_booking_that_is_stopped_half_way_leaves_nothing_and_can_be_begun_again(
    staff: Person, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = SimpleUploadedFile("talks.qdpx", project())
    staff.client.post(f"{URL}upload/", {"file": file, "tier": "mid"})
    exchange_execute(ExchangeJob.objects.get().pk)
    upload = QdaImport.objects.get()
    staff.client.post(f"{URL}{upload.pk}/book/")
    job = ExchangeJob.objects.latest("pk")
    book = exchange_jobs._TASKS["book"]

    def stopped_late(row: ExchangeJob, tell: Any) -> Any:
        book(row, tell)
        assert Evidence.objects.exists()
        raise JobStopped(cancelled=True)

    monkeypatch.setitem(exchange_jobs._TASKS, "book", stopped_late)
    assert exchange_execute(job.pk) == Job.State.CANCELLED
    assert not Evidence.objects.exists()
    assert QdaImport.objects.get().state == "waiting"
    monkeypatch.setitem(exchange_jobs._TASKS, "book", book)

    staff.client.post(f"{URL}job/{job.pk}/again/")

    assert exchange_execute(job.pk) == Job.State.DONE
    assert Evidence.objects.count() == 1


def test_a_job_that_waits_is_stopped_at_once_and_an_unread_file_goes(
    staff: Person, large: None
) -> None:
    file = SimpleUploadedFile("talks.qdpx", project())
    staff.client.post(f"{URL}upload/", {"file": file, "tier": "mid"})
    job = ExchangeJob.objects.get()

    staff.client.post(f"{URL}job/{job.pk}/cancel/")

    assert exchange_execute(job.pk) == "not_waiting"
    assert QdaImport.objects.get().state == "discarded"


def test_an_export_whose_worker_died_is_begun_again_by_the_sweeper(
    staff: Person, large: None
) -> None:
    study()
    job = make(staff)
    ExchangeJob.objects.filter(pk=job.pk).update(
        state="running", tries=1, heartbeat_at=timezone.now() - exchange_jobs.KEPT
    )

    assert jobs_sweep(ExchangeJob) == [job.pk]
    assert exchange_execute(job.pk) == Job.State.DONE


def test_a_made_file_is_forgotten_when_words_in_it_are_taken_back(
    staff: Person, large: None
) -> None:
    found = study()
    job = make(staff, **{"for": "team"})
    exchange_execute(job.pk)
    creator = found.interviews.get().creator

    redaction_execute(consent_withdraw(creator=creator, purposes=WITHDRAWALS["record"]).pk)

    job.refresh_from_db()
    assert bytes(job.data) == b""
    assert staff.client.get(f"{URL}job/{job.pk}/file/").status_code == 302


def test_who_reads_blind_cannot_fetch_a_file_that_was_made_before(
    staff: Person, large: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    found = study()
    job = make(staff)
    exchange_execute(job.pk)
    blind = (found.interviews.get().pk,)
    assert InterviewFactory().pk not in blind
    monkeypatch.setattr(exchange_jobs, "blind_interviews", lambda _coder: blind)

    assert staff.client.get(f"{URL}job/{job.pk}/file/").status_code == 302
    assert staff.client.post(f"{URL}flow.csv/make/").headers["Location"] == URL
