"""The last word on an interview's words, as the database keeps it on the interview."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from crm.exceptions import DomainError
from crm.models import AuditEntry, Consent, Interview, Quoting, Redaction, TranscriptVersion
from crm.services.consents import WITHDRAWALS, consent_give, consent_withdraw
from crm.services.interviews import interviews_import
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, InterviewFactory, transcript_of

NAMED, NAMELESS, RECORD = "quote_named", "quote_anonymous", "record"


def state(interview: Interview) -> tuple[bool, str]:
    interview.refresh_from_db()
    return interview.usable, interview.quoting


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        ([], (True, Quoting.UNASKED)),
        ([(NAMED, True)], (True, Quoting.NAMED)),
        ([(NAMELESS, True)], (True, Quoting.ANONYMOUS)),
        ([(NAMED, True), (NAMELESS, True)], (True, Quoting.NAMED)),
        ([(NAMED, True), (NAMELESS, True), (NAMED, False)], (True, Quoting.ANONYMOUS)),
        ([(NAMED, True), (NAMED, False)], (True, Quoting.WITHDRAWN)),
        ([(NAMED, False), (NAMED, True)], (True, Quoting.NAMED)),
        ([(NAMED, True), (RECORD, False)], (False, Quoting.WITHDRAWN)),
        ([(RECORD, False), (RECORD, True)], (True, Quoting.UNASKED)),
        ([("contact", False)], (True, Quoting.UNASKED)),
    ],
)
def test_the_last_word_on_each_purpose_counts(
    db: None, words: list[tuple[str, bool]], expected: tuple[bool, str]
) -> None:
    interview = InterviewFactory()
    for minute, (purpose, given) in enumerate(words):
        Consent.objects.create(
            creator=interview.creator,
            interview=interview,
            purpose=purpose,
            given=given,
            channel="staff",
            at=timezone.now() + timedelta(minutes=minute),
        )

    assert state(interview) == expected


def test_a_word_for_everything_reaches_every_interview_also_later_ones(db: None) -> None:
    creator = CreatorFactory()
    first, stranger = InterviewFactory(creator=creator), InterviewFactory()
    consent_give(creator=creator, purposes=[NAMED], interview=first)

    consent_withdraw(creator=creator, purposes=WITHDRAWALS["quotes"])
    later = InterviewFactory(creator=creator)

    assert state(first) == state(later) == (True, Quoting.WITHDRAWN)
    assert state(stranger) == (True, Quoting.UNASKED)


def test_a_word_on_one_interview_leaves_the_others_alone(db: None) -> None:
    creator = CreatorFactory()
    one, other = InterviewFactory(creator=creator), InterviewFactory(creator=creator)

    consent_withdraw(creator=creator, purposes=WITHDRAWALS["record"], interview=one)

    assert state(one)[0] is False
    assert state(other)[0] is True


def test_no_write_can_set_the_state_against_the_consents(db: None) -> None:
    interview = InterviewFactory()
    consent_withdraw(creator=interview.creator, purposes=[RECORD])

    Interview.objects.filter(pk=interview.pk).update(usable=True, quoting=Quoting.NAMED)

    assert state(interview) == (False, Quoting.WITHDRAWN)


def test_the_querysets_say_what_may_be_used_quoted_and_shared(db: None) -> None:
    asked, plain, nameless, silent, gone = (InterviewFactory() for _ in range(5))
    consent_give(creator=asked.creator, purposes=[NAMED])
    consent_give(creator=nameless.creator, purposes=[NAMELESS])
    consent_withdraw(creator=silent.creator, purposes=WITHDRAWALS["quotes"])
    consent_withdraw(creator=gone.creator, purposes=[RECORD])

    assert set(Interview.objects.usable()) == {asked, plain, nameless, silent}
    assert set(Interview.objects.quotable()) == {asked, plain, nameless}
    assert set(Interview.objects.shareable()) == {asked, nameless}


def test_a_withdrawal_is_audited_and_asks_for_one_redaction(db: None) -> None:
    creator = CreatorFactory()

    first = consent_withdraw(creator=creator, purposes=[NAMED])
    again = consent_withdraw(creator=creator, purposes=[NAMED])

    assert first == again
    assert Redaction.objects.get().state == Redaction.State.QUEUED
    assert Consent.objects.filter(given=False).count() == 1
    assert AuditEntry.objects.filter(action="consent.withdrawn").count() == 1


@pytest.mark.parametrize("purposes", [[], ["everything"]])
def test_an_unknown_purpose_is_refused(db: None, purposes: list[str]) -> None:
    with pytest.raises(DomainError):
        consent_withdraw(creator=CreatorFactory(), purposes=purposes)

    assert not Consent.objects.exists()


def test_somebody_elses_interview_is_refused(db: None) -> None:
    with pytest.raises(DomainError):
        consent_withdraw(creator=CreatorFactory(), purposes=[NAMED], interview=InterviewFactory())


def test_a_consent_of_tomorrow_is_refused_so_that_no_withdrawal_of_today_is_outweighed(
    staff: Person,
) -> None:
    interview = InterviewFactory()
    tomorrow = timezone.now() + timedelta(days=1)
    with pytest.raises(DomainError):
        consent_give(creator=interview.creator, purposes=[NAMED], at=tomorrow)
    form = {
        "creator": interview.creator_id, "purpose": NAMED, "given": "on", "channel": "staff",
        "form_version": "2026-11", "at_0": f"{tomorrow:%Y-%m-%d}", "at_1": "10:00:00",
    }  # fmt: skip
    assert staff.client.post("/admin/crm/consent/add/", form).status_code == 200
    other = {**form, "at_0": "2026-01-01", "interview": InterviewFactory().pk}
    assert staff.client.post("/admin/crm/consent/add/", other).status_code == 200
    assert not Consent.objects.exists()
    # The control: the same form with a day that has come, and the right interview.
    right = {**other, "interview": interview.pk}
    assert staff.client.post("/admin/crm/consent/add/", right).status_code == 302
    assert state(interview) == (True, Quoting.NAMED)


def test_who_withdrew_the_record_is_not_recorded_again(db: None) -> None:
    creator = CreatorFactory()
    consent_withdraw(creator=creator, purposes=[RECORD])

    with pytest.raises(DomainError, match=creator.name):
        interviews_import(data="研究员: 你好\n墨: 好".encode(), name="a.txt", creator=creator)
    with pytest.raises(DatabaseError), transaction.atomic():
        transcript_of([("墨", "好")], creator=creator)

    consent_give(creator=creator, purposes=[RECORD])
    report = interviews_import(data="研究员: 你好\n墨: 好".encode(), name="a.txt", creator=creator)
    assert len(report.interviews) == 1


def test_a_transcript_can_be_blackened_only_after_a_withdrawal(db: None) -> None:
    transcript = transcript_of([("墨", "好"), ("墨", "再见😀")])

    def write(text: str) -> None:
        with transaction.atomic():
            TranscriptVersion.objects.filter(pk=transcript.pk).update(text=text)

    with pytest.raises(DatabaseError):
        write("█\n███")
    consent_withdraw(creator=transcript.interview.creator, purposes=[RECORD])
    for other in ("█\n██", "不\n███", "█████"):
        with pytest.raises(DatabaseError):
            write(other)
    write("█\n███")
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("UPDATE crm_transcriptversion SET sha256 = repeat('0', 64)")
