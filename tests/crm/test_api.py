"""Creators read their own interviews and payments, with fewer fields than the team."""

import pytest

from crm.api import CourtesyThrottle
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, InterviewFactory, PaymentFactory, transcript_of


def test_a_creator_reads_less_of_an_interview_than_the_team(alice: Person, staff: Person) -> None:
    interview = InterviewFactory(creator=alice.creator, note="话很多", paying_then=True)

    own = alice.client.get(f"/api/v1/me/interviews/{interview.pk}/").json()
    theirs = staff.client.get(f"/api/v1/interviews/{interview.pk}/").json()

    assert set(own) == {"id", "study", "at", "status", "language", "minutes"}
    assert (theirs["paying_then"], theirs["tier_then"]) == (True, "mid")
    assert "note" not in own
    assert "note" not in theirs


def test_the_transcript_is_the_newest_version_turn_by_turn(alice: Person) -> None:
    interview = InterviewFactory(creator=alice.creator)
    transcript_of([("", "旧的")], interview=interview)
    transcript_of([("研究员", "新的😀"), ("墨", "𠮷")], interview=interview, version=2)

    answer = alice.client.get(f"/api/v1/me/interviews/{interview.pk}/transcript/").json()

    assert [turn["text"] for turn in answer["results"]] == ["新的😀", "𠮷"]
    assert [(turn["start"], turn["end"]) for turn in answer["results"]] == [(0, 3), (4, 5)]


def test_an_interview_without_a_transcript_answers_with_an_empty_page(alice: Person) -> None:
    interview = InterviewFactory(creator=alice.creator)

    answer = alice.client.get(f"/api/v1/me/interviews/{interview.pk}/transcript/")

    assert (answer.status_code, answer.json()["count"]) == (200, 0)


@pytest.mark.parametrize(
    ("kind", "minor", "currency", "amount"),
    [
        ("charge", 5900, "CNY", "59.00"),
        ("refund", 5901, "CNY", "-59.01"),
        ("charge", 500, "JPY", "500"),
        ("dispute", 1, "USD", "-0.01"),
    ],
)
def test_an_amount_is_a_decimal_text_with_its_sign(
    alice: Person, kind: str, minor: int, currency: str, amount: str
) -> None:
    PaymentFactory(creator=alice.creator, kind=kind, minor=minor, currency=currency)

    (row,) = alice.client.get("/api/v1/me/payments/").json()["results"]

    assert (row["amount"], row["currency"]) == (amount, currency)
    assert "payer" not in row
    assert "raw" not in row


def test_payments_are_filtered_by_kind_and_time(alice: Person) -> None:
    PaymentFactory(creator=alice.creator, kind="charge")
    PaymentFactory(creator=alice.creator, kind="refund")

    def count(query: str) -> int:
        return int(alice.client.get(f"/api/v1/me/payments/?{query}").json()["count"])

    assert count("kind=refund") == 1
    assert count("since=2026-01-01T00:00:00Z") == 2
    assert count("before=2026-01-01T00:00:00Z") == 0


def test_a_filter_that_is_no_time_is_told_so(alice: Person) -> None:
    answer = alice.client.get("/api/v1/me/payments/?since=gestern")

    assert (answer.status_code, list(answer.json()["error"]["fields"])) == (400, ["since"])


def test_the_contact_of_a_creator_never_leaves_by_the_api(staff: Person) -> None:
    creator = CreatorFactory(contact="微信 moxiaoxi", note="秘密")

    body = staff.client.get(f"/api/v1/creators/{creator.pk}/").content.decode()

    assert creator.name in body
    assert "moxiaoxi" not in body
    assert "秘密" not in body


def test_one_client_in_a_loop_is_asked_to_wait(
    alice: Person, charlie: Person, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(CourtesyThrottle, "rate", "3/min")

    codes = [alice.client.get("/api/v1/novels/").status_code for _ in range(4)]

    assert codes == [200, 200, 200, 429]
    assert charlie.client.get("/api/v1/novels/").status_code == 200
