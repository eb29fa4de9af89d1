"""The chain from a feature down to a quote: nothing cited is lost, and no change goes unnoticed."""

import pytest
from django.core import mail
from django.db import DatabaseError, connection, transaction
from django.utils import timezone
from pytest_django import DjangoCaptureOnCommitCallbacks

from crm.models import Redaction
from crm.services.consents import WITHDRAWALS, consent_withdraw
from crm.services.redactions import redaction_execute
from generation.features.dossier import dossier
from generation.models import AlarmChange, AlarmPolicy, Grounds, GroundsChange, Justification
from generation.services.features import justification_added
from generation.services.grounds import grounds_check, grounds_read
from insights.models import Evidence
from insights.services.highlights import evidence_remove
from tests.conftest import Person
from tests.factories.crm import PaymentFactory, UserFactory, transcript_of
from tests.factories.generation import FeatureFactory
from tests.factories.insights import PainPointFactory, tag

WORDS = "分镜要画三天"


@pytest.fixture
def cited(db: None) -> Evidence:
    """One quote under one feature, whose owner has an address."""
    pain = PainPointFactory()
    evidence = tag(pain, transcript=transcript_of([("墨", WORDS)], fingerprint="a" * 64))
    feature = FeatureFactory(key="fixed", owner=UserFactory(email="owner@example.org"))
    claim = Justification.objects.create(feature=feature, claim_zh="太慢", pain=pain)
    justification_added(justification=claim, actor=None)
    return evidence


def found() -> list[tuple[str, str]]:
    return list(GroundsChange.objects.order_by("pk").values_list("item", "kind"))


def test_nothing_changed_is_no_change_and_new_evidence_is_none(cited: Evidence) -> None:
    tag(cited.pain, quote="又一位这么说")

    assert grounds_check() == 0
    assert found() == []


def test_an_edited_reading_marks_the_dossier(cited: Evidence) -> None:
    Evidence.objects.filter(pk=cited.pk).update(severity=1)

    assert grounds_check() == 1
    assert found() == [(f"e{cited.pk}", "edited")]
    feature = Justification.objects.get().feature
    assert "evidence_changed" in [signal.code for signal in dossier(feature).signals]


def test_a_removed_coding_says_who_took_it_away(cited: Evidence) -> None:
    remover = UserFactory(first_name="王棠", is_staff=True)
    evidence_remove(evidence=cited, actor=remover)

    grounds_check()

    change = GroundsChange.objects.get()
    assert (change.kind, change.who) == ("removed", "王棠")
    assert change.happened_at is not None


def test_a_withdrawal_marks_every_feature_and_the_owner_hears_of_it_once(
    cited: Evidence, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks
) -> None:
    redaction = consent_withdraw(creator=cited.creator, purposes=WITHDRAWALS["record"])
    with django_capture_on_commit_callbacks(execute=True):
        redaction_execute(redaction.pk)
    with django_capture_on_commit_callbacks(execute=True):
        assert grounds_check() == 1

    redaction.refresh_from_db()
    assert redaction.receipt["features"] == 1
    change = GroundsChange.objects.get()
    assert (change.kind, change.who) == ("withdrawn", cited.creator.name)
    assert [message.to for message in mail.outbox] == [["owner@example.org"]]
    assert "/dossier/#changes" in mail.outbox[0].body
    assert WORDS not in mail.outbox[0].body


def test_a_withdrawal_noticed_before_its_words_are_black_is_not_told_again(
    cited: Evidence,
) -> None:
    redaction = consent_withdraw(creator=cited.creator, purposes=WITHDRAWALS["record"])
    grounds_check()
    redaction_execute(redaction.pk)

    assert GroundsChange.objects.count() == 1
    assert Redaction.objects.get().state == Redaction.State.DONE


def test_mail_that_fails_is_sent_by_the_next_check(
    cited: Evidence,
    monkeypatch: pytest.MonkeyPatch,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
) -> None:
    def down(*_: object, **__: object) -> int:
        raise OSError("no mail server")

    Evidence.objects.update(severity=1)
    with monkeypatch.context() as patch, django_capture_on_commit_callbacks(execute=True):
        patch.setattr("generation.services.grounds.send_mail", down)
        grounds_check()
    assert GroundsChange.objects.get().told_at is None

    with django_capture_on_commit_callbacks(execute=True):
        grounds_check()

    assert len(mail.outbox) == 1


def test_who_has_read_the_changes_starts_from_todays_evidence(
    cited: Evidence, staff: Person
) -> None:
    Evidence.objects.update(severity=1)
    grounds_check()
    page = staff.client.get("/admin/generation/feature/fixed/dossier/").content.decode()
    assert 'id="changes"' in page

    staff.client.post("/admin/generation/feature/fixed/read/")

    assert grounds_check() == 0
    page = staff.client.get("/admin/generation/feature/fixed/dossier/").content.decode()
    assert 'id="changes"' not in page
    assert Grounds.objects.order_by("-pk")[0].by == staff.user


def test_a_refund_changes_what_a_payment_says(db: None) -> None:
    payment = PaymentFactory()
    feature = FeatureFactory()
    Justification.objects.create(feature=feature, claim_zh="有人付", payment=payment)
    grounds_check()

    PaymentFactory(kind="refund", refund_of=payment.object_id, minor=100)

    assert grounds_check() == 1
    assert found() == [(f"p{payment.pk}", "edited")]


def test_reading_is_recorded_with_its_reader(cited: Evidence, staff: Person) -> None:
    feature = Justification.objects.get().feature

    grounds = grounds_read(feature=feature, actor=staff.user)

    assert (grounds.by, grounds.reason) == (staff.user, "read")


CITED = {
    "insights_painpoint": "id IN (SELECT pain_id FROM generation_justification)",
    "insights_highlight": "true",
    "crm_transcriptversion": "true",
    "crm_interview": "true",
    "crm_creator": "true",
    "generation_feature": "true",
}


@pytest.mark.parametrize("table", CITED)
def test_the_database_refuses_to_lose_a_cited_row(cited: Evidence, table: str) -> None:
    def delete() -> None:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute(f"DELETE FROM {table} WHERE {CITED[table]}")
            cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")

    with pytest.raises(DatabaseError):
        delete()


def test_the_database_refuses_to_lose_a_cited_payment(db: None) -> None:
    payment = PaymentFactory()
    Justification.objects.create(feature=FeatureFactory(), claim_zh="有人付", payment=payment)

    with pytest.raises(DatabaseError), transaction.atomic():
        payment.delete()


def test_each_link_is_walked_by_click_in_both_directions(cited: Evidence, staff: Person) -> None:
    payment = PaymentFactory(creator=cited.creator, occurred_at="2026-05-01T00:00:00Z")
    Justification.objects.create(
        feature=FeatureFactory(key="paid"), claim_zh="有人付", payment=payment
    )

    def page(url: str) -> str:
        return staff.client.get(url).content.decode()

    down = page("/admin/generation/feature/fixed/dossier/")
    assert f"/admin/generation/feature/chain/{cited.pk}/" in down
    assert f"/admin/insights/painpoint/{cited.pain_id}/page/" in down
    chain = page(f"/admin/generation/feature/chain/{cited.pk}/")
    for link in (
        "/admin/generation/feature/fixed/dossier/",
        f"/admin/insights/painpoint/{cited.pain_id}/page/",
        f"/admin/crm/creator/{cited.creator_id}/change/",
        f"/admin/crm/payment/{payment.pk}/change/",
        cited.highlight.transcript.sha256,
    ):
        assert link in chain
    assert "/admin/generation/feature/fixed/dossier/" in page(
        f"/admin/insights/painpoint/{cited.pain_id}/page/"
    )
    assert "/admin/generation/feature/fixed/dossier/" in page(
        f"/admin/insights/evidence/{cited.pk}/change/"
    )
    assert "/admin/generation/feature/paid/dossier/" in page(
        f"/admin/crm/payment/{payment.pk}/change/"
    )


def test_an_alarm_forgets_the_quotes_it_kept(cited: Evidence) -> None:
    other = tag(cited.pain, quote="又一位这么说")
    kept = {
        "numbers": [
            {
                "quotes": [
                    {"evidence": cited.pk, "text": WORDS},
                    {"evidence": other.pk, "text": "又"},
                ]
            }
        ]
    }
    AlarmPolicy.objects.create(pk=1, current=kept)
    AlarmChange.objects.create(
        state="fires", reason="fires", pain=cited.pain, sentence_zh="响", sentence_en="Fires",
        seed=1, at=timezone.now(), document=kept,
    )  # fmt: skip

    redaction = consent_withdraw(creator=cited.creator, purposes=WITHDRAWALS["quotes"])
    redaction_execute(redaction.pk)

    for document in (AlarmPolicy.objects.get().current, AlarmChange.objects.get().document):
        quotes = document["numbers"][0]["quotes"]
        assert [quote["evidence"] for quote in quotes] == [other.pk]
    redaction.refresh_from_db()
    assert redaction.receipt["alarms"] == 2
