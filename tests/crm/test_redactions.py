"""A withdrawal reaches everything that rests on the words, once, and gives a receipt."""

import hashlib
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.mail import EmailMessage
from django.db import DatabaseError, transaction
from django.utils import timezone

from crm import tasks
from crm.models import (
    AuditEntry,
    Interview,
    Redaction,
    TeamNotice,
    TranscriptVersion,
    Utterance,
)
from crm.services import redactions as service
from crm.services.consents import WITHDRAWALS, consent_give, consent_withdraw
from crm.services.job_rows import LOST_AFTER, job_claim
from crm.services.redactions import redaction_again, redaction_execute, redactions_sweep
from crm.services.team_notices import team_notice_deliver
from generation.models import Feature, Grounds, Justification
from generation.services.grounds import grounds_check, grounds_take
from insights.models import Evidence, Highlight, Share
from insights.selectors import ALL, quotes_of, raised_and_asked
from insights.services.evidence_tables import evidence_export
from insights.services.highlights import DomainError, passage_tag
from tests.conftest import Person
from tests.factories.crm import StudyFactory, UserFactory, transcript_of
from tests.factories.generation import FeatureFactory
from tests.factories.insights import PainPointFactory, tag

WORDS = "分镜要画三天"


def interviewed() -> tuple[TranscriptVersion, Evidence]:
    transcript = transcript_of([("研究员", "什么最费时间？"), ("墨", f"{WORDS}，😀真的。")])
    evidence = tag(PainPointFactory(), transcript=transcript, quote=WORDS)
    Evidence.objects.filter(pk=evidence.pk).update(workaround="找人代画")
    return transcript, evidence


def withdrawn(transcript: TranscriptVersion, what: str) -> Redaction:
    return consent_withdraw(creator=transcript.interview.creator, purposes=WITHDRAWALS[what])


def test_a_withdrawn_record_is_blackened_to_the_character_everywhere(db: None) -> None:
    transcript, evidence = interviewed()
    said = transcript.text
    other, _kept = interviewed()

    assert redaction_execute(withdrawn(transcript, "record").pk) == Redaction.State.DONE

    transcript.refresh_from_db()
    evidence.refresh_from_db()
    assert transcript.text == "".join(c if c == "\n" else "█" for c in said)
    assert transcript.sha256 == hashlib.sha256(said.encode()).hexdigest()
    assert [row.text for row in transcript.utterances.order_by("index")] == (
        transcript.text.split("\n")
    )
    highlight = Highlight.objects.get(pk=evidence.highlight_id)
    assert highlight.text == transcript.text[highlight.start : highlight.end] == "█" * len(WORDS)
    assert evidence.workaround == ""
    other.refresh_from_db()
    assert WORDS in other.text


def test_the_receipt_counts_what_was_reached(db: None) -> None:
    transcript, _evidence = interviewed()
    redaction = withdrawn(transcript, "record")

    redaction_execute(redaction.pk)

    redaction.refresh_from_db()
    assert redaction.receipt == {
        "interviews": 1, "transcripts": 1, "utterances": 2, "notes": 0, "highlights": 1,
        "quotes": 1, "suggestions": 0, "answers": 0, "files": 0, "reports": 0, "shares": 0, "exports": 0,
        "features": 0,
        "recordings": 0, "transcriptions": 0,
    }  # fmt: skip
    assert redaction.ended_at is not None
    assert AuditEntry.objects.get(action="consent.redacted").data == redaction.receipt


def justified(evidence: Evidence, key: str) -> Feature:
    feature: Feature = FeatureFactory(key=key)
    Justification.objects.create(feature=feature, claim_zh="最痛", pain=evidence.pain)
    grounds_take(feature=feature, reason=Grounds.Reason.JUSTIFIED)
    return feature


def test_the_receipt_counts_the_features_that_this_withdrawal_changed_and_no_other(
    db: None,
) -> None:
    """Another's withdrawal, an edit, and a withdrawal of the same creator that leaves the words."""
    transcript, evidence = interviewed()
    mine = justified(evidence, "mine")
    elsewhere, cited = interviewed()
    justified(cited, "theirs")
    second = tag(evidence.pain, quote="另一位也这么说")
    grounds_take(feature=mine, reason=Grounds.Reason.READ)
    Evidence.objects.filter(pk=evidence.pk).update(severity=1)
    redaction_execute(withdrawn(elsewhere, "record").pk)
    redaction_execute(consent_withdraw(creator=second.creator, purposes=WITHDRAWALS["quotes"]).pk)

    def receipt(what: str) -> int | None:
        redaction = withdrawn(transcript, what)
        redaction_execute(redaction.pk)
        redaction.refresh_from_db()
        return redaction.receipt.get("features")

    assert receipt("contact") is None
    assert receipt("evaluation") is None
    assert receipt("quotes") == 1
    assert receipt("quotes") == 0  # nothing of it was left to change
    assert receipt("record") == 1


def test_the_receipt_counts_what_the_check_of_the_minute_noticed_first(db: None) -> None:
    transcript, evidence = interviewed()
    justified(evidence, "mine")
    redaction = withdrawn(transcript, "quotes")
    assert grounds_check() == 1

    redaction_execute(redaction.pk)

    redaction.refresh_from_db()
    assert redaction.receipt["features"] == 1


def test_what_the_interviewer_noted_goes_with_the_record_and_stays_with_the_quotes(
    db: None,
) -> None:
    transcript, _evidence = interviewed()
    Interview.objects.update(note="说到分镜时叹气：要画三天")

    redaction_execute(withdrawn(transcript, "quotes").pk)
    assert Interview.objects.get().note
    record = withdrawn(transcript, "record")
    redaction_execute(record.pk)

    assert Interview.objects.get().note == ""
    record.refresh_from_db()
    assert record.receipt["notes"] == 1


def test_who_took_the_words_out_before_is_asked_to_delete_the_file(
    db: None, mailoutbox: list[EmailMessage]
) -> None:
    transcript, _evidence = interviewed()
    study = StudyFactory()
    Interview.objects.update(study=study)
    coder = UserFactory(email="coder@pingju.example", is_staff=True)
    evidence_export(study=study, format="csv", actor=coder)
    evidence_export(study=StudyFactory(), format="csv", actor=coder)
    Share.objects.create(
        page="pains", note="投资人", created_by=coder, expires_at=timezone.now() + timedelta(days=1)
    )
    redaction = withdrawn(transcript, "record")

    redaction_execute(redaction.pk)

    redaction.refresh_from_db()
    assert (redaction.receipt["exports"], redaction.receipt["shares"]) == (1, 1)
    assert tasks.team_notices_task() == 1
    (notice,) = TeamNotice.objects.all()
    assert (notice.user, notice.topic) == (coder, f"withdrawal:{redaction.pk}")
    team_notice_deliver(notice.pk)
    assert mailoutbox[0].to == ["coder@pingju.example"]


def test_the_creator_reads_everything_that_was_reached(alice: Person) -> None:
    redaction = consent_withdraw(creator=alice.as_creator, purposes=WITHDRAWALS["record"])
    reached = dict.fromkeys(
        ("interviews", "transcripts", "utterances", "notes", "highlights", "quotes", "suggestions",
         "answers", "files", "reports", "features", "alarms", "shares", "exports"), 71
    )  # fmt: skip
    Redaction.objects.filter(pk=redaction.pk).update(
        state=Redaction.State.DONE, ended_at=timezone.now(), receipt=reached
    )

    page = alice.client.get(f"/studio/me/withdrawals/{redaction.pk}/").content.decode()

    assert page.count("<dd>71</dd>") == len(reached)


def test_withdrawn_quoting_hides_the_quote_and_keeps_the_transcript(db: None) -> None:
    transcript, evidence = interviewed()

    redaction_execute(withdrawn(transcript, "quotes").pk)

    transcript.refresh_from_db()
    assert WORDS in transcript.text
    assert not quotes_of(evidence.pain).exists()
    assert raised_and_asked([evidence.pain_id])[evidence.pain_id].raised[ALL]


def test_a_withdrawn_record_no_longer_counts_from_the_commit_on(db: None) -> None:
    transcript, evidence = interviewed()

    withdrawn(transcript, "record")  # the job has not run yet

    facts = raised_and_asked([evidence.pain_id])[evidence.pain_id]
    assert (facts.raised[ALL], facts.asked[ALL]) == (frozenset(), frozenset())
    with pytest.raises(DomainError):
        passage_tag(
            transcript=TranscriptVersion.objects.get(pk=transcript.pk), start=0, end=2,
            pain=evidence.pain, coder=UserFactory(is_staff=True),
        )  # fmt: skip


def test_consent_given_again_does_not_bring_removed_words_back(db: None) -> None:
    transcript, _evidence = interviewed()
    redaction_execute(withdrawn(transcript, "record").pk)

    consent_give(creator=transcript.interview.creator, purposes=["record"])

    assert not Interview.objects.get(pk=transcript.interview_id).usable
    with pytest.raises(DatabaseError), transaction.atomic():
        Interview.objects.filter(pk=transcript.interview_id).update(redacted_at=None)


def test_twice_is_once(db: None) -> None:
    transcript, _evidence = interviewed()
    redaction = withdrawn(transcript, "record")

    redaction_execute(redaction.pk)

    assert redaction_execute(redaction.pk) == "not_waiting"
    assert AuditEntry.objects.filter(action="consent.redacted").count() == 1


def test_a_room_that_fails_leaves_nothing_half_done(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    transcript, _evidence = interviewed()
    redaction = withdrawn(transcript, "record")

    def broken(*_: object) -> dict[str, int]:
        raise OSError("the disk is full")

    monkeypatch.setattr(service, "REACHES", [*service.REACHES, broken])
    with pytest.raises(OSError, match="full"):
        redaction_execute(redaction.pk)

    transcript.refresh_from_db()
    redaction.refresh_from_db()
    assert WORDS in transcript.text
    assert redaction.state == Redaction.State.RUNNING
    monkeypatch.undo()
    Redaction.objects.update(
        heartbeat_at=timezone.now() - timedelta(seconds=settings.RUN_STALE_AFTER + 1)
    )
    assert redactions_sweep() == [redaction.pk]
    assert redaction_execute(redaction.pk) == Redaction.State.DONE
    assert not Utterance.objects.filter(text__contains=WORDS).exists()


def test_what_the_broker_lost_the_sweeper_starts(db: None, monkeypatch: pytest.MonkeyPatch) -> None:
    transcript, _evidence = interviewed()
    redaction = withdrawn(transcript, "quotes")
    started: list[int] = []
    monkeypatch.setattr(tasks.redaction_execute_task, "delay", started.append)

    assert tasks.redactions_sweep_task() == 0
    Redaction.objects.update(queued_at=timezone.now() - LOST_AFTER)
    assert tasks.redactions_sweep_task() == 1
    assert started == [redaction.pk]


def test_after_three_tries_it_is_given_up_and_can_be_started_again(db: None) -> None:
    transcript, _evidence = interviewed()
    redaction = withdrawn(transcript, "quotes")
    for _ in range(Redaction.MAX_TRIES):
        assert job_claim(Redaction, redaction.pk)
        Redaction.objects.update(heartbeat_at=timezone.now() - timedelta(hours=1))
        redactions_sweep()

    redaction.refresh_from_db()
    assert redaction.state == Redaction.State.DEAD
    assert redaction_again(redaction=redaction)
    assert not redaction_again(redaction=redaction)
    assert redaction_execute(redaction.pk) == Redaction.State.DONE


def test_a_creator_withdraws_in_two_clicks_and_sees_the_receipt(
    alice: Person, charlie: Person
) -> None:
    transcript = transcript_of([("墨", WORDS)], creator=alice.as_creator, fingerprint="a" * 64)
    page = alice.client.get("/studio/me/").content.decode()
    assert "/studio/me/withdraw/?what=record" in page
    choice = alice.client.get("/studio/me/withdraw/?what=record").content.decode()
    assert 'value="record" required checked' in choice

    answer = alice.client.post("/studio/me/withdraw/?what=record", {"what": "record"})

    assert answer.status_code == 302
    assert 'http-equiv="refresh"' in alice.client.get(answer["Location"]).content.decode()
    redaction_execute(Redaction.objects.get().pk)
    receipt = alice.client.get(answer["Location"]).content.decode()
    assert 'http-equiv="refresh"' not in receipt
    assert (
        WORDS
        not in alice.client.get(
            f"/studio/me/interviews/{transcript.interview_id}/"
        ).content.decode()
    )
    assert charlie.client.get(answer["Location"]).status_code == 404


def test_nothing_chosen_takes_nothing_back(alice: Person) -> None:
    assert alice.client.post("/studio/me/withdraw/", {"what": "all"}).status_code == 422
    assert not Redaction.objects.exists()


def test_the_team_records_a_withdrawal_in_the_admin(staff: Person) -> None:
    transcript, _evidence = interviewed()

    answer = staff.client.post(
        "/admin/crm/consent/add/",
        {
            "creator": transcript.interview.creator_id, "purpose": "record", "channel": "staff",
            "form_version": "2026-11", "at_0": "2026-11-20", "at_1": "10:00:00",
        },
    )  # fmt: skip

    assert answer.status_code == 302, answer.context["errors"]
    redaction = Redaction.objects.get()
    assert redaction.by == staff.user
    redaction_execute(redaction.pk)
    assert "1" in staff.client.get("/admin/crm/redaction/").content.decode()
    assert not Interview.objects.get(pk=transcript.interview_id).usable
