"""Creators say whether they were understood: the team sees it, and decisions are told."""

import pytest
from django.core import mail

from crm.exceptions import DomainError
from crm.models import AuditEntry, Consent
from crm.services.consents import consent_withdraw
from crm.services.redactions import redaction_execute
from generation.models import GroundsChange, Justification
from generation.services.grounds import grounds_check
from insights.models import Evidence, MemberCheck
from insights.services.member_checks import quote_check
from insights.words import own_quotes
from tests.conftest import Person
from tests.factories.crm import transcript_of
from tests.factories.generation import FeatureFactory
from tests.factories.insights import PainPointFactory, tag

pytestmark = pytest.mark.django_db


@pytest.fixture
def evidence(alice: Person, bob: Person) -> Evidence:
    said = transcript_of([("墨", "分镜要画三天。")], creator=alice.as_creator)
    return tag(PainPointFactory(), transcript=said, quote="分镜要画三天", coder=bob.user)


def test_a_word_goes_for_every_coding_of_the_passage_and_the_last_one_counts(
    alice: Person, staff: Person, evidence: Evidence
) -> None:
    twin = tag(
        evidence.pain, transcript=evidence.highlight.transcript, quote="分镜要画三天",
        coder=staff.user,
    )  # fmt: skip
    quote_check(creator=alice.as_creator, evidence=evidence, verdict="right")
    quote_check(
        creator=alice.as_creator, evidence=evidence, verdict="not_meant", correction="是三小时"
    )

    assert MemberCheck.objects.filter(evidence=twin).count() == 2
    (quote,) = own_quotes(alice.as_creator)
    assert (quote.verdict, quote.correction) == ("not_meant", "是三小时")
    assert AuditEntry.objects.filter(action="evidence.member_checked").count() == 4


def test_words_of_others_and_words_without_a_correction_are_refused(
    alice: Person, charlie: Person, evidence: Evidence
) -> None:
    for creator, verdict, correction, code in (
        (charlie.as_creator, "right", "", "not_yours"),
        (alice.as_creator, "not_meant", " ", "no_correction"),
        (alice.as_creator, "perhaps", "", "no_verdict"),
        (alice.as_creator, "not_meant", "x" * 1001, "too_long"),
    ):
        with pytest.raises(DomainError) as refused:
            quote_check(creator=creator, evidence=evidence, verdict=verdict, correction=correction)
        assert refused.value.code == code
    assert not MemberCheck.objects.exists()


def test_not_meant_counts_as_changed_evidence_and_is_told_to_the_owner_once(
    alice: Person, staff: Person, evidence: Evidence, django_capture_on_commit_callbacks: object
) -> None:
    feature = FeatureFactory(owner=staff.user)
    Justification.objects.create(feature=feature, claim_zh="最痛", pain=evidence.pain)
    grounds_check()  # keeps what it rests on now
    quote_check(creator=alice.as_creator, evidence=evidence, verdict="right")
    assert grounds_check() == 0  # what is confirmed has not changed

    quote_check(
        creator=alice.as_creator, evidence=evidence, verdict="not_meant", correction="不是",
        actor=alice.user,
    )  # fmt: skip
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        assert grounds_check() == 1
    with django_capture_on_commit_callbacks(execute=True):  # type: ignore[operator]
        grounds_check()

    change = GroundsChange.objects.get()
    assert (change.kind, change.row) == ("not_meant", evidence.pk)
    assert [message.to for message in mail.outbox] == [[staff.user.email]]
    quote_check(creator=alice.as_creator, evidence=evidence, verdict="right")
    assert grounds_check() == 0  # taken back, it is what it was


def test_the_team_sees_it_at_the_quote_and_at_the_evidence(
    alice: Person, staff: Person, evidence: Evidence
) -> None:
    quote_check(
        creator=alice.as_creator, evidence=evidence, verdict="not_meant", correction="是三小时"
    )

    for url in (
        f"/admin/insights/painpoint/{evidence.pain_id}/page/",
        f"/admin/insights/evidence/{evidence.pk}/change/",
    ):
        answer = staff.client.get(url, follow=True)
        assert "是三小时" in answer.content.decode(), url


def test_the_portal_shows_own_quotes_and_takes_the_word(
    alice: Person, charlie: Person, evidence: Evidence
) -> None:
    page = alice.client.get("/studio/me/words/").content.decode()
    assert "分镜要画三天" in page
    assert "分镜要画三天" not in charlie.client.get("/studio/me/words/").content.decode()
    url = f"/studio/me/words/{evidence.pk}/"

    assert charlie.client.post(url, {"verdict": "right"}).status_code == 404
    assert alice.client.post(url, {"verdict": "not_meant"}).status_code == 422
    alice.client.post(url, {"verdict": "not_meant", "correction": "是三小时"})

    assert MemberCheck.objects.get().correction == "是三小时"


def test_a_withdrawal_takes_the_correction_along(alice: Person, evidence: Evidence) -> None:
    quote_check(
        creator=alice.as_creator, evidence=evidence, verdict="not_meant", correction="是三小时"
    )

    gone = consent_withdraw(creator=alice.as_creator, purposes=[Consent.Purpose.RECORD])
    redaction_execute(gone.pk)

    assert MemberCheck.objects.get().correction == ""
    assert own_quotes(alice.as_creator) == []
