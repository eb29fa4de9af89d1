"""An assistant's work as jobs and rows: proposed by machines, decided by people."""

import json
from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction
from pytest_django import Settings

from crm.exceptions import DomainError
from crm.models import AuditEntry, Consent, TranscriptVersion
from crm.services.consents import WITHDRAWALS, consent_withdraw
from crm.services.redactions import redaction_execute
from engines.chat.rehearsal import RehearsalChat
from engines.models import PaidCall
from engines.pricing import PriceList
from insights.assisting import (
    answer_lines,
    decided_by_way,
    passages_for,
    profiles,
    said_in,
    third_coders,
)  # fmt: skip
from insights.models import AssistantJob, Evidence, MachineReading, PainPoint, Suggestion
from insights.services.assistants import (
    answer_start,
    coding_start,
    job_cancel,
    job_execute,
    suggest_start,
    suggestion_accept,
    suggestion_reject,
    ways,
)  # fmt: skip
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, InterviewFactory, transcript_of
from tests.factories.insights import PainPointFactory, tag

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def words_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same with and without the optional model."""
    monkeypatch.setattr(ways, "encoder", lambda: None)


@pytest.fixture
def pain() -> PainPoint:
    return PainPointFactory(title_zh="串脸", description_zh="两个人同框就长成一张脸")


@pytest.fixture
def transcript(pain: PainPoint) -> TranscriptVersion:
    """Two interviews; in the other one a person tagged a passage like one of this one's."""
    other = transcript_of([("乙", "同框的时候两个人串脸，怎么改都是一张脸。")])
    tag(pain, transcript=other, quote="两个人串脸，怎么改都是一张脸")
    return transcript_of(
        [
            ("研究员", "两个人同框串脸是什么情况？"),
            ("墨白", "两个人同框必定串脸，怎么改都是一张脸😀。"),
            ("墨白", "上周我去爬山了，天气真的很不错。"),
        ],
        creator=CreatorFactory(name="墨白"),
    )


def suggest(transcript: TranscriptVersion, person: Person, way: str = "offline") -> AssistantJob:
    job = suggest_start(transcript=transcript, way=way, actor=person.user)
    job_execute(job.pk)
    job.refresh_from_db()
    return job


def test_suggestions_are_rows_and_no_evidence(
    transcript: TranscriptVersion, pain: PainPoint, bob: Person
) -> None:
    before = Evidence.objects.count()
    job = suggest(transcript, bob)

    row = Suggestion.objects.get()
    assert (job.state, job.found, job.way_used) == ("done", 1, "offline")
    assert (row.pain, row.state) == (pain, "proposed")
    assert transcript.text[row.start : row.end] == row.text
    assert row.like is not None
    assert Evidence.objects.count() == before


def test_a_yes_makes_evidence_of_whoever_says_it_once(
    transcript: TranscriptVersion, pain: PainPoint, bob: Person
) -> None:
    suggest(transcript, bob)
    row = Suggestion.objects.get()

    for _time in range(2):
        suggestion_accept(pk=row.pk, actor=bob.user)

    evidence = Evidence.objects.get(highlight__transcript=transcript)
    row.refresh_from_db()
    assert (evidence.coder, evidence.pain, row.evidence) == (bob.user, pain, evidence)
    assert (row.state, row.decided_by) == ("accepted", bob.user)
    assert AuditEntry.objects.filter(action="suggestion.accepted").count() == 1
    share = decided_by_way()[0]
    assert (share.accepted, share.share.n) == (1, 1)


def test_a_no_is_remembered_and_not_offered_again(
    transcript: TranscriptVersion, bob: Person
) -> None:
    suggest(transcript, bob)
    row = Suggestion.objects.get()
    suggestion_reject(pk=row.pk, actor=bob.user)

    suggest(transcript, bob)

    assert Suggestion.objects.get().state == "rejected"
    with pytest.raises(DomainError):
        suggestion_accept(pk=row.pk, actor=bob.user)


def test_what_people_tagged_is_not_suggested(
    transcript: TranscriptVersion, pain: PainPoint, bob: Person
) -> None:
    tag(pain, transcript=transcript, quote="两个人同框必定串脸", coder=bob.user)

    suggest(transcript, bob)

    assert not Suggestion.objects.exists()


def test_the_database_refuses_a_suggestion_that_was_not_said(
    transcript: TranscriptVersion, pain: PainPoint
) -> None:
    row = Suggestion(
        transcript=transcript, start=0, end=3, text="编造的", pain=pain, stance="for", way="x"
    )

    with pytest.raises(DatabaseError, match="differs from its transcript"), transaction.atomic():
        row.save()


def test_nothing_is_decided_by_nobody(transcript: TranscriptVersion, bob: Person) -> None:
    suggest(transcript, bob)

    with pytest.raises(DatabaseError), transaction.atomic():
        Suggestion.objects.update(state="accepted")


def test_an_interview_is_never_measured_on_its_own_quotes(
    transcript: TranscriptVersion, pain: PainPoint, bob: Person
) -> None:
    tag(pain, transcript=transcript, quote="天气真的很不错", coder=bob.user)

    mine = [item.text for item in profiles(without=transcript.interview_id)[0].examples]

    assert "天气真的很不错" in [item.text for item in profiles()[0].examples]
    assert "天气真的很不错" not in mine


def test_who_asks_is_known_and_their_words_are_no_evidence(transcript: TranscriptVersion) -> None:
    assert [item.asks for item in said_in(transcript, ["研究员"])] == [True, False, False]


def ask(
    person: Person, question: str = "两个人同框会串脸吗？", way: str = "offline"
) -> AssistantJob:
    job = answer_start(question=question, way=way, actor=person.user)
    job_execute(job.pk)
    job.refresh_from_db()
    return job


def test_an_answer_cites_utterances_and_keeps_no_words_of_its_own(
    transcript: TranscriptVersion, bob: Person
) -> None:
    job = ask(bob)

    assert job.state == "done"
    lines = answer_lines(job.answer)
    assert any("串脸" in line.text for line in lines)
    assert all(line.cited[0].quote == line.text for line in lines)
    shown = answer_lines(job.answer, ["研究员"])
    assert "两个人同框串脸是什么情况？" in {line.cited[0].replies_to for line in shown}
    assert "串脸" not in json.dumps(job.answer, ensure_ascii=False)


def test_where_nothing_supports_an_answer_there_is_none(
    transcript: TranscriptVersion, bob: Person
) -> None:
    assert ask(bob, "跨境物流清关要多久？").answer == []


def test_the_same_form_twice_is_one_job(transcript: TranscriptVersion, bob: Person) -> None:
    wish = {"question": "串脸？", "way": "offline", "actor": bob.user, "token": "t"}

    assert answer_start(**wish) == answer_start(**wish)
    job = AssistantJob.objects.get()
    assert job_execute(job.pk) == "done"
    assert job_execute(job.pk) == "not_waiting"


def test_a_waiting_job_can_be_stopped(transcript: TranscriptVersion, bob: Person) -> None:
    job = answer_start(question="串脸？", way="offline", actor=bob.user)

    job_cancel(job=job)

    assert job_execute(job.pk) == "not_waiting"
    job.refresh_from_db()
    assert job.state == "cancelled"


@pytest.mark.parametrize("question", ["", "  ", "长" * 301])
def test_a_question_that_is_none_is_refused(question: str, bob: Person) -> None:
    with pytest.raises(DomainError):
        answer_start(question=question, way="offline", actor=bob.user)


def test_an_engine_that_is_not_there_is_refused(bob: Person) -> None:
    with pytest.raises(DomainError):
        answer_start(question="x", way="gpt", actor=bob.user)


def withdraw(transcript: TranscriptVersion, what: str) -> None:
    redaction = consent_withdraw(creator=transcript.interview.creator, purposes=WITHDRAWALS[what])
    redaction_execute(redaction.pk)


def test_withdrawn_words_reach_no_assistant_and_leave_what_it_said(
    transcript: TranscriptVersion, pain: PainPoint, bob: Person
) -> None:
    suggest(transcript, bob)
    job = ask(bob)
    cited = {item.interview for line in answer_lines(job.answer) for item in line.cited}
    assert transcript.interview_id in cited

    withdraw(transcript, "record")

    assert not Suggestion.objects.exists()
    job.refresh_from_db()
    assert transcript.interview_id not in {
        item.interview for line in answer_lines(job.answer) for item in line.cited
    }
    assert not any("😀" in item.text for item in passages_for("同框串脸", ["研究员"]))
    transcript.interview.refresh_from_db()
    with pytest.raises(DomainError):
        suggest_start(transcript=transcript, way="offline", actor=bob.user)


def test_words_that_may_not_be_quoted_are_no_example_and_no_answer(
    transcript: TranscriptVersion, bob: Person
) -> None:
    for row in transcript.interview.__class__.objects.all():
        Consent.objects.create(
            creator=row.creator, purpose="quote_anonymous", given=False, channel="staff"
        )

    assert [item for profile in profiles() for item in profile.examples] == []
    assert passages_for("同框串脸", ["研究员"]) == []


def test_the_machine_is_a_third_coder_with_its_own_alpha(
    transcript: TranscriptVersion, pain: PainPoint, bob: Person, staff: Person
) -> None:
    other = PainPointFactory(title_zh="天气")
    for coder in (bob.user, staff.user):
        tag(pain, transcript=transcript, quote="两个人同框必定串脸，怎么改都是一张脸", coder=coder)
        tag(other, transcript=transcript, quote="天气真的很不错", coder=coder)
    before = Evidence.objects.count()

    job = coding_start(study=None, way="offline", actor=bob.user)
    assert job_execute(job.pk) == "done"

    row = third_coders()[0]
    assert (row.passages, row.way) == (3, "offline")
    assert row.people.value == 1.0
    assert row.together.n >= row.people.n
    assert MachineReading.objects.count() == 3
    assert Evidence.objects.count() == before


@pytest.fixture
def engine(settings: Settings, monkeypatch: pytest.MonkeyPatch) -> list[dict[str, Any]]:
    """A chat engine that says what the test puts into the list, for a price."""
    settings.CHAT_ENGINES = {"talker": {"kind": "rehearsal", "title": "Talker"}}
    said: list[dict[str, Any]] = []
    monkeypatch.setattr(
        ways,
        "chat_engine",
        lambda name: RehearsalChat(name, writer=lambda _request: json.dumps(said.pop(0))),
    )
    price = PriceList("ours", date(2026, 11, 1), "CNY", lambda _usage: 10)
    monkeypatch.setattr(ways, "list_of", lambda _engine: price)
    return said


def test_a_chat_engines_lies_are_dropped_and_counted_and_it_is_paid_once(
    transcript: TranscriptVersion, pain: PainPoint, bob: Person, engine: list[dict[str, Any]]
) -> None:
    true = {"utterance": 1, "quote": "怎么改都是一张脸😀", "pain": pain.pk, "new_pain": "",
            "stance": "for", "why": "says so"}  # fmt: skip
    lie = {**true, "quote": "我愿意付一千块"}
    fresh = {**true, "quote": "天气真的很不错", "utterance": 2, "pain": -1, "new_pain": "天气"}
    engine.append({"suggestions": [true, lie, fresh]})

    job = suggest(transcript, bob, "talker")

    assert (job.state, job.error, job.found, job.dropped) == ("done", "", 2, 1)
    assert {row.text for row in Suggestion.objects.all()} == {
        "怎么改都是一张脸😀",
        "天气真的很不错",
    }
    assert PaidCall.objects.count() == 1
    suggest(transcript, bob, "talker")
    assert PaidCall.objects.count() == 1

    row = suggestion_accept(pk=Suggestion.objects.get(pain=None).pk, actor=bob.user)
    assert row.evidence is not None
    assert row.evidence.pain.title_zh == "天气"


def test_a_chat_answer_without_proof_is_the_corpus_does_not_say(
    transcript: TranscriptVersion, bob: Person, engine: list[dict[str, Any]]
) -> None:
    engine.append({"sentences": [{"text": "大家都付费。", "citations": []}]})

    job = ask(bob, "大家付费吗？", "talker")

    assert (job.state, job.answer, job.dropped) == ("done", [], 1)


def test_pages_answer_and_decide(
    transcript: TranscriptVersion, staff: Person, pain: PainPoint
) -> None:
    suggest(transcript, staff)
    ask(staff)
    row = Suggestion.objects.get()
    base = "/admin/insights/assistantjob/assistants/"
    assert (
        "串脸"
        in staff.client.get(
            f"{base}ask/{AssistantJob.objects.get(task='answer').pk}/"
        ).content.decode()
    )
    assert staff.client.get(base).status_code == 200

    answer = staff.client.post(
        f"{base}decide/{row.pk}/", json.dumps({"accept": True}), content_type="application/json"
    ).json()

    assert answer["suggestions"] == []
    kept = answer["highlights"][0]
    assert transcript.text[kept["start"] : kept["end"]] == row.text
    assert (
        "suggestions-data"
        in staff.client.get(
            f"/admin/insights/evidence/workspace/{transcript.interview_id}/"
        ).content.decode()
    )


def test_an_interview_in_the_factory_may_be_used(db: None) -> None:
    """The control of the tests about withdrawal."""
    interview = InterviewFactory()
    interview.refresh_from_db()

    assert interview.usable
