"""Recordings: kept after a look inside, heard in ranges, written down by pieces, gone with consent."""

import subprocess
import sys
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.core.files.storage import default_storage
from django.core.files.uploadedfile import SimpleUploadedFile
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm import tasks
from crm.exceptions import DomainError
from crm.models import (
    AuditEntry,
    Interview,
    Job,
    Recording,
    Redaction,
    Transcription,
    TranscriptionPart,
    TranscriptVersion,
)
from crm.services import transcription as service
from crm.services.consents import WITHDRAWALS, consent_withdraw
from crm.services.job_rows import JobStopped, job_claim
from crm.services.recordings import (
    ARRIVES_WITHIN,
    recording_add,
    recording_remove,
    recordings_sweep,
)
from crm.services.redactions import redaction_execute
from crm.services.transcription import (
    cues_of,
    transcription_accept,
    transcription_cancel,
    transcription_execute,
    transcription_reject,
    transcription_resume,
    transcription_start,
)
from engines.models import Budget, PaidCall, Price
from tests.conftest import Person
from tests.engines.transcription_server import transcription_server
from tests.factories.crm import InterviewFactory, transcript_of
from tests.factories.recordings import recording_of, upload, wav

DRY = '{"dry": {"kind": "rehearsal", "piece": 10}}'


@pytest.fixture
def dry(settings: Any) -> None:
    settings.TRANSCRIPTION_ENGINES = DRY


def add(interview: Interview, data: bytes, name: str = "访谈.wav") -> Recording:
    return recording_add(interview=interview, upload=upload(data, name), name=name, actor=None)


def files(folder: Path) -> list[Path]:
    return [path for path in (folder / "recordings").rglob("*") if path.is_file()]


def test_a_recording_is_kept_with_what_it_is(db: None) -> None:
    interview = InterviewFactory()

    row = add(interview, wav(2, 1, 1), "周三 访谈.mp3")  # the content says wav

    assert (row.kind, row.content_type, row.duration_ms) == ("audio", "audio/wav", 4000)
    with default_storage.open(row.path) as file:
        assert file.read() == wav(2, 1, 1)
    assert row.path.endswith(".wav")
    assert AuditEntry.objects.filter(action="recording.added").count() == 1


@pytest.mark.parametrize(
    ("data", "code"), [(b"%PDF-1.7", "not_sound"), (wav(1)[:44], "no_sound"), (b"", "not_sound")]
)
def test_what_is_none_is_refused_and_leaves_nothing(
    db: None, media: Path, data: bytes, code: str
) -> None:
    with pytest.raises(DomainError) as caught:
        add(InterviewFactory(), data)

    assert caught.value.code == code
    assert not Recording.objects.exists()
    assert files(media) == []


def test_the_same_recording_is_kept_once_an_interview(db: None, media: Path) -> None:
    interview = InterviewFactory()
    add(interview, wav(1))

    with pytest.raises(DomainError) as caught:
        add(interview, wav(1), "副本.wav")

    assert caught.value.code == "duplicate"
    assert len(files(media)) == 1
    assert add(InterviewFactory(), wav(1))


def test_a_recording_over_the_limit_is_refused(db: None, settings: Any) -> None:
    settings.RECORDING_MAX_BYTES = 1000

    with pytest.raises(DomainError) as caught:
        add(InterviewFactory(), wav(1))

    assert caught.value.code == "too_large"


def test_an_upload_over_the_limit_stops_at_the_limit_and_is_told(
    staff: Person, settings: Any
) -> None:
    settings.RECORDING_MAX_BYTES = 50_000
    interview = InterviewFactory()
    address = f"/admin/crm/interview/{interview.pk}/recordings/"

    answer = staff.client.post(address, {"file": SimpleUploadedFile("a.wav", wav(4))})

    assert answer.status_code == 422
    assert "MB" in answer.content.decode()
    assert (
        staff.client.post(address, {"file": SimpleUploadedFile("a.wav", wav(1))}).status_code == 302
    )
    assert Recording.objects.get().name == "a.wav"


def test_recordings_may_be_larger_than_novels(staff: Person, settings: Any) -> None:
    settings.NOVEL_MAX_BYTES = 10_000
    address = f"/admin/crm/interview/{InterviewFactory().pk}/recordings/"

    assert (
        staff.client.post(address, {"file": SimpleUploadedFile("a.wav", wav(1))}).status_code == 302
    )


def test_an_upload_that_never_ended_is_swept(db: None, media: Path) -> None:
    row = recording_of(InterviewFactory())
    Recording.objects.update(kept_at=None)
    assert recordings_sweep() == 0

    Recording.objects.update(created_at=timezone.now() - ARRIVES_WITHIN - timedelta(minutes=1))

    assert recordings_sweep() == 1
    assert not Recording.objects.filter(pk=row.pk).exists()
    assert files(media) == []


def test_the_player_gets_the_range_it_asks_for_and_strangers_nothing(
    staff: Person, alice: Person, charlie: Person
) -> None:
    row = recording_of(InterviewFactory(creator=alice.as_creator))
    whole = wav(0.9)

    for person, address in (
        (staff, f"/admin/crm/interview/recordings/{row.pk}/file/"),
        (alice, f"/studio/me/recordings/{row.pk}/"),
    ):
        part = person.client.get(address, headers={"Range": "bytes=44-143"})
        assert part.status_code == 206
        assert b"".join(part.streaming_content) == whole[44:144]
        assert part["Content-Range"] == f"bytes 44-143/{len(whole)}"
        assert part["Content-Type"] == "audio/wav"
        assert person.client.get(address, headers={"Range": "bytes=999999-"}).status_code == 416
        assert "no-cache" in part["Cache-Control"]

    assert charlie.client.get(f"/studio/me/recordings/{row.pk}/").status_code == 404
    page = alice.client.get(f"/studio/me/interviews/{row.interview_id}/").content.decode()
    assert f'src="/studio/me/recordings/{row.pk}/"' in page


# -- transcription ----------------------------------------------------------------------------


def start(recording: Recording, person: Person, engine: str = "dry") -> Transcription:
    return transcription_start(recording=recording, engine=engine, actor=person.user)


def test_a_recording_is_written_down_by_pieces_and_becomes_a_version_after_a_yes(
    dry: None, bob: Person
) -> None:
    interview = InterviewFactory()
    job = start(add(interview, wav(9, 1, 9, 1, 5)), bob)

    assert transcription_execute(job.pk) == Job.State.DONE
    assert transcription_execute(job.pk) == "not_waiting"

    job.refresh_from_db()
    assert job.percent == 100
    parts = list(job.parts.order_by("index"))
    assert len(parts) == 3
    cues = cues_of(job)
    assert cues[0].start_ms == 0
    assert cues[-1].end_ms == 25_000
    assert not TranscriptVersion.objects.exists()  # nobody has said yes

    version, carried = transcription_accept(
        job=job, speakers={0: "研究员", 1: "墨白"}, actor=bob.user
    )

    assert (version.version, version.format, carried.lost) == (1, "speech", [])
    turns = list(version.utterances.order_by("index"))
    assert [turn.speaker for turn in turns][:2] == ["研究员", "墨白"]
    assert turns[0].start_ms == 0
    assert turns[-1].end_ms == 25_000
    assert version.text == "\n".join(turn.text for turn in turns)
    interview.refresh_from_db()
    assert len(interview.fingerprint) == 64
    with pytest.raises(DomainError):
        transcription_accept(job=job, speakers={}, actor=bob.user)


def test_a_no_makes_no_version(dry: None, bob: Person) -> None:
    job = start(add(InterviewFactory(), wav(2)), bob)
    transcription_execute(job.pk)

    transcription_reject(job=job, actor=bob.user)

    assert not TranscriptVersion.objects.exists()
    with pytest.raises(DomainError):
        transcription_accept(job=job, speakers={}, actor=bob.user)


def test_a_form_sent_twice_is_one_job_and_a_second_waits_for_the_first(
    dry: None, bob: Person
) -> None:
    row = add(InterviewFactory(), wav(2))
    wish = {"recording": row, "engine": "dry", "actor": bob.user}

    one = transcription_start(**wish, token="t")

    assert transcription_start(**wish, token="t") == one
    with pytest.raises(DomainError):
        transcription_start(**wish, token="other")
    with pytest.raises(DomainError):
        transcription_start(recording=row, engine="none", actor=bob.user)


def test_a_stopped_job_goes_on_where_it_was(
    dry: None, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start(add(InterviewFactory(), wav(9, 1, 9, 1, 9)), bob)
    sent: list[int] = []
    real = service._hear_piece

    def counting(ears: Any, piece: Any) -> None:
        sent.append(piece.index)
        real(ears, piece)
        if piece.index == 1:
            transcription_cancel(job=job)

    monkeypatch.setattr(service, "_hear_piece", counting)
    assert transcription_execute(job.pk) == Job.State.CANCELLED
    job.refresh_from_db()
    assert 0 < job.percent < 100

    assert transcription_resume(job=job)
    assert not transcription_resume(job=job)
    assert transcription_execute(job.pk) == Job.State.DONE
    assert sent == [0, 1, 2]  # none twice


def test_a_waiting_job_ends_at_once(dry: None, bob: Person) -> None:
    job = start(add(InterviewFactory(), wav(2)), bob)

    transcription_cancel(job=job)

    assert transcription_execute(job.pk) == "not_waiting"


def test_a_worker_that_was_taken_for_dead_writes_nothing_more(dry: None, bob: Person) -> None:
    job = start(add(InterviewFactory(), wav(2)), bob)
    old = job_claim(Transcription, job.pk)
    assert old is not None
    Transcription.objects.update(tries=2)

    with pytest.raises(JobStopped):
        service._keep(old, 0, {"start_ms": 0, "end_ms": 1, "cues": [[0, 1, "旧"]]})

    assert not TranscriptionPart.objects.exists()


def test_what_the_broker_lost_the_sweeper_starts(
    dry: None, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = start(add(InterviewFactory(), wav(2)), bob)
    started: list[int] = []
    monkeypatch.setattr(tasks.transcription_execute_task, "delay", started.append)
    Transcription.objects.update(queued_at=timezone.now() - timedelta(minutes=1))

    assert tasks.recordings_sweep_task() == 1
    assert started == [job.pk]


@pytest.mark.django_db(transaction=True)
def test_an_endpoint_that_refuses_ends_the_job_with_its_reason_and_pays_only_what_was_heard(
    settings: Any,
) -> None:
    from tests.factories.crm import UserFactory

    user = UserFactory(is_staff=True)
    Price.objects.create(
        engine="cloud",
        input_micro=1_000_000,
        cached_micro=0,
        output_micro=0,
        valid_from=timezone.now(),
    )
    with transcription_server() as server:
        settings.TRANSCRIPTION_ENGINES = (
            f'{{"cloud": {{"base_url": "{server.url}", "model": "whisper-1", "piece": 10}}}}'
        )
        recording = add(InterviewFactory(), wav(9, 1, 9))
        job = transcription_start(recording=recording, engine="cloud", actor=user, language="zh")
        server.plan = ["", "401"]

        assert transcription_execute(job.pk) == Job.State.FAILED
        job.refresh_from_db()
        assert job.error_code == "bad_key"
        assert job.parts.filter(cues__isnull=False).count() == 1
        assert transcription_resume(job=job)
        assert transcription_execute(job.pk) == Job.State.DONE

    assert server.bills == 2
    job.refresh_from_db()
    assert job.cost_micro == Budget.objects.get(key="transcription-cny").spent_micro > 0
    assert cues_of(job)[0].text == "分镜要画三天。"
    assert server.heard[0]["prompt"].startswith(recording.interview.creator.name)


@pytest.mark.django_db(transaction=True)
def test_a_worker_killed_between_pieces_loses_nothing_and_sends_none_twice(
    settings: Any, tmp_path: Path
) -> None:
    from tests.factories.crm import UserFactory

    user = UserFactory(is_staff=True)
    settings.TRANSCRIPTION_ENGINES = DRY
    recording = add(InterviewFactory(), wav(9, 1, 9, 1, 9))
    job = transcription_start(recording=recording, engine="dry", actor=user)
    program = (
        "import os, sys; os.environ['DJANGO_SETTINGS_MODULE'] = 'config.settings_test'\n"
        "import django; django.setup()\n"
        "from django.conf import settings; from django.db import connection\n"
        "connection.settings_dict['NAME'] = sys.argv[1]; settings.MEDIA_ROOT = sys.argv[2]\n"
        f"settings.TRANSCRIPTION_ENGINES = '{DRY}'\n"
        "from crm.services import transcription as service\n"
        "real = service._hear_piece\n"
        "def dying(ears, piece):\n"
        "    real(ears, piece)\n"
        "    if piece.index == 1: os.kill(os.getpid(), 9)\n"
        "service._hear_piece = dying\n"
        "service.transcription_execute(int(sys.argv[3]))\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, connection.settings_dict["NAME"],
         str(settings.MEDIA_ROOT), str(job.pk)],
        cwd=configured.BASE_DIR, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == -9, done.stderr.decode()[-500:]
    assert TranscriptionPart.objects.filter(cues__isnull=False).count() == 2

    Transcription.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))

    from crm.services.job_rows import jobs_sweep

    assert jobs_sweep(Transcription) == [job.pk]
    before = dict(TranscriptionPart.objects.values_list("index", "pk"))
    assert transcription_execute(job.pk) == Job.State.DONE
    assert before.items() <= dict(TranscriptionPart.objects.values_list("index", "pk")).items()


# -- withdrawal -------------------------------------------------------------------------------


def test_a_withdrawn_record_deletes_files_drafts_and_what_engines_kept(
    dry: None, bob: Person, media: Path
) -> None:
    interview = InterviewFactory()
    job = start(add(interview, wav(2)), bob)
    transcription_execute(job.pk)
    budget = Budget.objects.create(key="b", cap_micro=1)
    PaidCall.objects.create(
        key="k" * 64, purpose="transcription", engine="cloud", budget=budget,
        state="settled", answer={"cues": [[0, 1, "原话"]]},
    )  # fmt: skip
    TranscriptionPart.objects.update(call_key="k" * 64)
    other = add(InterviewFactory(), wav(3))
    assert len(files(media)) == 2

    redaction = consent_withdraw(creator=interview.creator, purposes=WITHDRAWALS["record"])
    assert not Recording.objects.kept().filter(interview=interview).exists()  # from the commit on
    redaction_execute(redaction.pk)

    redaction.refresh_from_db()
    assert redaction.state == Redaction.State.DONE
    assert (redaction.receipt["recordings"], redaction.receipt["transcriptions"]) == (1, 1)
    gone = Recording.objects.get(interview=interview)
    assert (gone.path, gone.name, bool(gone.removed_at)) == ("", "", True)
    assert [path.name for path in files(media)] == [Path(other.path).name]
    assert not TranscriptionPart.objects.filter(transcription=job).exists()
    assert PaidCall.objects.get().answer is None
    with pytest.raises(DomainError):
        add(interview, wav(1))
    with pytest.raises(DatabaseError), transaction.atomic():
        recording_of(interview)


def test_a_withdrawal_while_an_engine_listens_stops_it_before_it_writes(
    dry: None, bob: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = InterviewFactory()
    job = start(add(interview, wav(9, 1, 9)), bob)
    real = service._Ears.hear

    def withdrawing(ears: Any, request: Any) -> Any:
        answer = real(ears, request)
        redaction = consent_withdraw(creator=interview.creator, purposes=WITHDRAWALS["record"])
        redaction_execute(redaction.pk)
        return answer

    monkeypatch.setattr(service._Ears, "hear", withdrawing)

    assert transcription_execute(job.pk) == "lost"

    assert not TranscriptionPart.objects.exists()
    job.refresh_from_db()
    assert job.state == Job.State.CANCELLED


def test_withdrawn_quoting_leaves_the_recording(db: None, media: Path) -> None:
    interview = InterviewFactory()
    add(interview, wav(1))

    redaction = consent_withdraw(creator=interview.creator, purposes=WITHDRAWALS["quotes"])
    redaction_execute(redaction.pk)

    assert len(files(media)) == 1


def test_a_file_that_cannot_be_deleted_is_tried_again_and_no_receipt_is_given(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = InterviewFactory()
    add(interview, wav(1))
    redaction = consent_withdraw(creator=interview.creator, purposes=WITHDRAWALS["record"])

    def stuck(name: str) -> None:
        raise OSError("the disk does not answer")

    monkeypatch.setattr(default_storage, "delete", stuck, raising=False)
    with pytest.raises(OSError, match="disk"):
        redaction_execute(redaction.pk)
    redaction.refresh_from_db()
    assert redaction.receipt == {}
    monkeypatch.undo()
    Redaction.objects.update(state="queued")
    assert redaction_execute(redaction.pk) == Redaction.State.DONE
    assert Recording.objects.get().path == ""


def test_a_recording_is_removed_by_hand_and_the_transcript_stays(
    dry: None, bob: Person, media: Path
) -> None:
    transcript = transcript_of([("墨", "好")])
    row = add(transcript.interview, wav(1))

    recording_remove(recording=row, actor=bob.user)

    assert files(media) == []
    assert TranscriptVersion.objects.filter(pk=transcript.pk, text="好").exists()
    assert AuditEntry.objects.filter(action="recording.removed").count() == 1


# -- pages ------------------------------------------------------------------------------------


def test_the_pages_of_a_recording_lead_from_upload_to_the_workspace(
    dry: None, staff: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    interview = InterviewFactory()
    started: list[int] = []
    monkeypatch.setattr(
        tasks.transcription_execute_task, "delay_on_commit", started.append, raising=False
    )
    page = f"/admin/crm/interview/{interview.pk}/recordings/"
    staff.client.post(page, {"file": SimpleUploadedFile("a.wav", wav(2, 1, 9, 1, 4))})
    row = Recording.objects.get()
    staff.client.post(
        f"/admin/crm/interview/recordings/{row.pk}/transcribe/",
        {"engine": "dry", "language": "zh", "token": "t"},
    )
    job = Transcription.objects.get()
    assert started == [job.pk]
    state = f"/admin/crm/interview/transcriptions/{job.pk}/"
    assert staff.client.get(state).json()["ended"] is False
    transcription_execute(job.pk)
    assert staff.client.get(state).json()["state"] == "done"
    review = f"{state}review/"
    assert f"{review}" in staff.client.get(page).content.decode()
    assert "rehearsal" in staff.client.get(review).content.decode()

    answer = staff.client.post(
        review, {"name-0": "研究员", "name-1": "墨白", "cue-0": "0", "cue-1": "1"}
    )

    assert answer["Location"].endswith(f"/workspace/{interview.pk}/")
    version = interview.transcripts.get()
    assert {row.speaker for row in version.utterances.all()} == {"研究员", "墨白"}
