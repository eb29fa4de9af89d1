"""The page "Exchange": what would come in is seen first, a study goes out within the consents."""

from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import override_settings

from crm.models import Consent
from crm.services.consents import WITHDRAWALS, consent_withdraw
from crm.services.redactions import redaction_execute
from insights.models import Evidence, QdaImport
from insights.services.evidence_tables import evidence_export
from tests.conftest import Person
from tests.exchange.files import CODES, TALK, USERS, passage, qdpx, talk
from tests.factories.crm import CreatorFactory, StudyFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag

URL = "/admin/insights/qdaimport/exchange/"


def upload(person: Person, data: bytes, name: str = "talks.qdpx") -> str:
    file = SimpleUploadedFile(name, data)
    answer = person.client.post(f"{URL}upload/", {"file": file, "tier": "mid"})
    assert answer.status_code == 302, answer.content.decode()
    return str(answer.headers["Location"])


def project() -> bytes:
    lost = f'<TextSource guid="{TALK[:-1]}9" name="Gone" plainTextPath="internal://gone.txt"/>'
    text = b"Lin: the faces swap.\nAna: ok"
    inside = USERS + CODES + talk(passage(5, 20), more=lost)
    return qdpx(inside, {f"sources/{TALK}.txt": text})


def test_an_upload_is_shown_before_it_is_imported_and_twice_is_once(staff: Person) -> None:
    page = upload(staff, project())
    shown = staff.client.get(page).content.decode()
    assert "gone.txt" in shown
    assert not Evidence.objects.exists()

    for _time in range(2):
        assert staff.client.post(f"{page}book/").status_code == 302

    assert Evidence.objects.count() == 1
    assert QdaImport.objects.get().state == "booked"
    assert "gone.txt" in staff.client.get(page).content.decode()


def test_a_file_that_is_no_project_is_refused_where_it_was_chosen(staff: Person) -> None:
    file = SimpleUploadedFile("x.qdpx", b"<html/>")

    answer = staff.client.post(f"{URL}upload/", {"file": file, "tier": "mid"})

    assert answer.status_code == 422
    assert "x.qdpx" in answer.content.decode()
    assert not QdaImport.objects.exists()


def test_every_format_of_a_study_can_be_taken(staff: Person) -> None:
    study = StudyFactory(key="flow")
    tag(PainPointFactory(), transcript=transcript_of([("墨", "分镜要画三天")], study=study))

    for format in ("qdpx", "qdc", "csv", "xlsx", "md", "html"):
        answer = staff.client.get(f"{URL}flow.{format}")
        assert answer.status_code == 200
        assert "attachment" in answer.headers["Content-Disposition"]
    assert staff.client.get(f"{URL}flow.exe").status_code == 400
    assert staff.client.get(f"{URL}nothing.csv").status_code == 404


@override_settings(LANGUAGE_CODE="en")
def test_a_table_leaves_out_what_may_not_be_quoted_and_hides_who_was_not_to_be_named(
    staff: Person,
) -> None:
    study, pain = StudyFactory(key="flow"), PainPointFactory()
    for name, purpose, given in (("甲", "quote_named", False), ("乙", "quote_anonymous", True)):
        creator = CreatorFactory(name=f"{name}某某")
        transcript = transcript_of([("", f"{name}的话")], study=study, creator=creator)
        tag(pain, transcript=transcript, quote=f"{name}的话")
        Consent.objects.create(creator=creator, purpose=purpose, given=given, channel="staff")

    done = evidence_export(study=study, format="csv")
    text = done.data.decode()

    assert done.rows == 1
    assert "乙的话" in text
    assert "甲" not in text
    assert "乙某某" not in text
    assert len(done.remarks) == 2


def test_a_waiting_file_with_the_words_of_who_withdraws_is_forgotten(staff: Person) -> None:
    study = StudyFactory(key="flow")
    said = [("研究员", "怎么样？"), ("墨", "分镜要画三天"), ("墨", "真的很慢")]
    transcript = transcript_of(said, study=study)
    other = transcript_of([("", "另一场"), ("", "别的话")], study=StudyFactory(key="other"))
    ours = staff.client.get(f"{URL}flow.qdpx").content
    theirs = staff.client.get(f"{URL}other.qdpx").content
    same_words = qdpx(
        USERS + CODES + talk(passage(0, 2)),
        {f"sources/{TALK}.txt": "研究员: 怎么样？\n墨: 分镜要画三天\n墨: 真的很慢".encode()},
    )
    for data, name in ((ours, "ours.qdpx"), (theirs, "theirs.qdpx"), (same_words, "same.qdpx")):
        upload(staff, data, name)
    assert other.interview.creator_id != transcript.interview.creator_id

    redaction = consent_withdraw(
        creator=transcript.interview.creator, purposes=WITHDRAWALS["record"]
    )
    redaction_execute(redaction.pk)

    redaction.refresh_from_db()
    assert redaction.receipt["files"] == 2
    assert {row.name: (row.state, bool(row.data)) for row in QdaImport.objects.all()} == {
        "ours.qdpx": ("discarded", False),
        "theirs.qdpx": ("waiting", True),
        "same.qdpx": ("discarded", False),
    }
