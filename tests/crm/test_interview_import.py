"""Transcripts in: whole or not at all, never twice, with the tier and payments of their day."""

import threading
from datetime import timedelta
from typing import Any

import pytest
from django.db import DatabaseError, IntegrityError, connection, transaction

from crm import audit
from crm.exceptions import DomainError
from crm.models import AuditEntry, Creator, Interview, Tier, TranscriptVersion, Utterance
from crm.services import interviews as service
from crm.services.interviews import interviews_import
from crm.services.tiers import creator_set_tier, tier_at
from tests.conftest import Person
from tests.factories.crm import (
    MOMENT,
    CreatorFactory,
    PaymentFactory,
    StudyFactory,
    TranscriptFactory,
)

TEXT = """研究员：最费时间的是什么？
林小满：分镜要画三天😀，𠮷野家那张重画了五次。
研究员：后来呢？
林小满：后来就放弃了。
"""


def load(text: str = TEXT, **how: object) -> service.ImportReport:
    return interviews_import(data=text.encode(), name="访谈.txt", **how)  # type: ignore[arg-type]


def test_a_transcript_becomes_an_interview_with_its_turns(db: None) -> None:
    report = load(at=MOMENT)

    (interview,) = report.interviews
    version = interview.transcripts.get()
    turns = list(version.utterances.order_by("index"))
    assert interview.creator.name == "林小满"
    assert (report.utterances, len(turns)) == (4, 4)
    assert [version.text[turn.start : turn.end] for turn in turns] == [turn.text for turn in turns]
    assert turns[1].text == "分镜要画三天😀，𠮷野家那张重画了五次。"
    assert AuditEntry.objects.filter(action="interview.imported").count() == 1


def test_the_same_words_again_are_a_duplicate_even_under_another_name(db: None) -> None:
    first = load(at=MOMENT)

    again = [
        interviews_import(data=TEXT.encode(encoding), name="副本.txt")
        for encoding in ("utf-8-sig", "gb18030", "utf-16")
    ]

    assert [report.duplicates for report in again] == [first.interviews] * 3
    assert Interview.objects.count() == 1


def test_a_known_pen_name_is_found_and_not_made_again(db: None) -> None:
    known = CreatorFactory(name="林小满", tier=Tier.HEAD)

    (interview,) = load().interviews

    assert interview.creator == known
    assert Creator.objects.count() == 1


@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("locked", [True, False])
def test_the_same_file_sent_twice_at_once_is_one_interview(
    monkeypatch: pytest.MonkeyPatch, locked: bool
) -> None:
    """Of two clicks on one button the second finds the words known."""
    if not locked:  # the control: then the database refuses the second
        monkeypatch.setattr(service, "_lock", lambda fingerprints: list(fingerprints))
    both, found = threading.Barrier(2, timeout=10), service.guide_freeze
    ended: list[object] = []
    study = StudyFactory()

    def slowly(**more: Any) -> Any:
        if not locked:
            both.wait()
        return found(**more)

    monkeypatch.setattr(service, "guide_freeze", slowly)

    def once() -> None:
        try:
            ended.append(len(load(study=study).duplicates))
        except IntegrityError:
            ended.append("refused")
        finally:
            connection.close()

    workers = [threading.Thread(target=once) for _number in range(2)]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join(20)

    assert sorted(map(str, ended)) == (["0", "1"] if locked else ["0", "refused"])
    assert Interview.objects.count() == 1


def test_a_time_that_no_recording_has_is_named_and_not_a_fault(db: None) -> None:
    srt = "1\n00:00:01,000 --> 00:00:02,000\n甲：好\n\n2\n999:00:00,000 --> 999:00:01,000\n乙：啊\n"

    report = interviews_import(data=srt.encode(), name="a.srt")

    assert [(item.line, item.code) for item in report.rejected] == [(6, "bad_time")]
    assert load("0001年1月1日\n\n" + TEXT).interviews[0].at.year > 2000


def test_of_two_with_one_pen_name_none_is_guessed(db: None) -> None:
    """Else one's words would stand under the other's consents."""
    data = "研究员: 你好\n墨白: 你好你好\n雪: 嗯".encode()
    quiet, first = CreatorFactory(name="雪"), CreatorFactory(name="墨白")
    second = CreatorFactory(name="墨白")
    with pytest.raises(DomainError, match="墨白") as refused:
        interviews_import(data=data, name="稿.txt")
    assert refused.value.code == "several"
    assert not Interview.objects.exists()

    report = interviews_import(data=data, name="稿.txt", creator=second)
    assert report.interviews[0].creator == second
    # The control: one of that name is found, whoever else speaks less.
    first.delete()
    report = interviews_import(data="墨白: 后来呢后来呢\n雪: 嗯".encode(), name="二.txt")
    assert report.interviews[0].creator == second != quiet


def test_the_interview_keeps_the_tier_of_its_day(db: None) -> None:
    creator = CreatorFactory(name="林小满", tier=Tier.ENTRY)
    for days, tier in ((400, Tier.ENTRY), (100, Tier.MID)):
        creator_set_tier(creator=creator, tier=tier, at=MOMENT - timedelta(days=days))
    (interview,) = load(at=MOMENT - timedelta(days=200)).interviews

    creator_set_tier(creator=creator, tier=Tier.HEAD, at=MOMENT)

    interview.refresh_from_db()
    assert interview.tier_then == Tier.ENTRY
    assert tier_at(creator, MOMENT - timedelta(days=50)) == Tier.MID
    assert tier_at(creator, MOMENT) == Tier.HEAD


def test_the_tier_is_that_of_the_newest_change_whatever_the_order_they_are_told_in(
    db: None,
) -> None:
    creator = CreatorFactory(tier=Tier.ENTRY)
    creator_set_tier(creator=creator, tier=Tier.HEAD, at=MOMENT)

    creator_set_tier(creator=creator, tier=Tier.MID, at=MOMENT - timedelta(days=90))

    creator.refresh_from_db()
    assert creator.tier == Tier.HEAD


@pytest.mark.parametrize(("days", "paying"), [(-10, True), (-60, False), (5, False)])
def test_whether_the_creator_paid_then_is_kept(db: None, days: int, paying: bool) -> None:
    creator = CreatorFactory(name="林小满")
    PaymentFactory(creator=creator, occurred_at=MOMENT + timedelta(days=days))

    (interview,) = load(at=MOMENT).interviews

    assert interview.paying_then is paying


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"", "empty"),
        (b"%PDF-1.7\n\x00\x01\x02\x03", "binary"),
        (b"\x89PNG\r\n\x1a\n\0\0", "binary"),
    ],
)
def test_a_file_that_is_no_transcript_is_named_and_leaves_nothing(
    db: None, data: bytes, code: str
) -> None:
    with pytest.raises(DomainError, match=r"坏的\.txt") as caught:
        interviews_import(data=data, name="坏的.txt")

    assert caught.value.code == code
    assert not Interview.objects.exists()
    assert not Creator.objects.exists()


def test_a_failure_half_way_keeps_nothing_of_the_file(
    db: None, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*args: object, **kwargs: object) -> None:
        raise DatabaseError("the disk is full")

    monkeypatch.setattr(audit, "record", broken)

    with pytest.raises(DatabaseError):
        load()

    assert not Interview.objects.exists()
    assert not Utterance.objects.exists()
    assert not Creator.objects.exists()


def test_without_the_fingerprint_rule_in_python_the_database_still_refuses_a_copy(
    alice: Person,
) -> None:
    (first,) = load().interviews

    with pytest.raises(DatabaseError, match="interview_text_once"), transaction.atomic():
        Interview.objects.create(
            creator=alice.as_creator, tier_then=Tier.MID, fingerprint=first.fingerprint
        )


def test_what_was_said_cannot_be_changed_afterwards(db: None) -> None:
    version = TranscriptFactory()

    with pytest.raises(DatabaseError, match="text_is_fixed"), transaction.atomic():
        TranscriptVersion.objects.filter(pk=version.pk).update(text="另一句话")

    assert TranscriptVersion.objects.filter(pk=version.pk).update(source_name="新名.txt") == 1
