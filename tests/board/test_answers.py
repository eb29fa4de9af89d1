"""You said, we did: told once to everybody whose words led there, seen by each beside own words only."""

import pytest
from django.core import mail
from django.db import DatabaseError, transaction
from django.urls import reverse
from pytest_django import DjangoAssertNumQueries

from crm.exceptions import DomainError
from crm.models import AuditEntry, Consent
from generation.features.said_and_done import answer_cards, unseen_answers, voices, wants_mail
from generation.models import AnswerNotice, Feature, FeatureAnswer, Justification
from generation.services.answers import (
    answer_mail_choose,
    answer_notice_deliver,
    answer_notices_due,
    feature_answer,
)
from insights.models import PainPoint
from tests.conftest import Person
from tests.factories.crm import InterviewFactory, PaymentFactory, transcript_of
from tests.factories.generation import FeatureFactory
from tests.factories.insights import PainPointFactory, tag

ALICE, CHARLIE = "每次同框都串脸，alice说的", "我的两个主角长一张脸，charlie说的"


@pytest.fixture
def pain(db: None) -> PainPoint:
    return PainPointFactory()


@pytest.fixture
def feature(pain: PainPoint, alice: Person, charlie: Person) -> Feature:
    """An idea that rests on what alice and charlie said."""
    feature: Feature = FeatureFactory(key="same_frame", title_zh="多角色同框")
    Justification.objects.create(feature=feature, claim_zh="串脸", pain=pain)
    for person, words in ((alice, ALICE), (charlie, CHARLIE)):
        interview = InterviewFactory(creator=person.as_creator)
        tag(pain, transcript=transcript_of([("", words)], interview=interview), quote=words)
    return feature


def declined(feature: Feature, staff: Person) -> FeatureAnswer:
    return feature_answer(
        feature=feature,
        kind="declined",
        text_zh="暂不做，因为三个人以上还做不稳。",
        actor=staff.user,
    )


def test_a_declined_one_is_answered_to_everybody_whose_words_led_there(
    feature: Feature, alice: Person, charlie: Person, staff: Person
) -> None:
    declined(feature, staff)

    told = set(AnswerNotice.objects.values_list("creator", flat=True))
    assert told == {alice.as_creator.pk, charlie.as_creator.pk}
    assert AuditEntry.objects.get(action="feature.answered").data["told"] == 2


def test_a_creator_reads_own_words_and_never_another_creators(
    feature: Feature, alice: Person, charlie: Person, staff: Person
) -> None:
    declined(feature, staff)

    page = alice.client.get(reverse("portal:answers")).content.decode()

    assert ALICE in page
    assert "暂不做，因为三个人以上还做不稳。" in page
    assert CHARLIE not in page
    assert str(charlie.as_creator) not in page


def test_whose_words_led_nowhere_here_sees_nothing(
    feature: Feature, staff: Person, bob: Person, alice: Person
) -> None:
    other = FeatureFactory()
    feature_answer(feature=other, kind="declined", text_zh="别的事", actor=staff.user)

    assert "别的事" not in alice.client.get(reverse("portal:answers")).content.decode()
    assert voices(other) == []


def test_a_payment_that_a_feature_rests_on_is_a_voice_too(alice: Person) -> None:
    feature: Feature = FeatureFactory()
    payment = PaymentFactory(creator=alice.as_creator)
    Justification.objects.create(feature=feature, claim_zh="付了钱", payment=payment)

    assert voices(feature) == [alice.as_creator.pk]


def test_what_is_not_live_has_not_shipped(feature: Feature, staff: Person) -> None:
    with pytest.raises(DomainError) as error:
        feature_answer(feature=feature, kind="shipped", text_zh="做好了", actor=staff.user)

    assert error.value.code == "not_live"
    assert not FeatureAnswer.objects.exists()


def test_the_number_in_the_navigation_goes_once_it_was_read(
    feature: Feature, alice: Person, staff: Person
) -> None:
    declined(feature, staff)
    assert "1 条新的" in alice.client.get(reverse("portal:novel_list")).content.decode()

    alice.client.get(reverse("portal:answers"))

    assert unseen_answers(alice.as_creator) == 0
    assert "条新的" not in alice.client.get(reverse("portal:novel_list")).content.decode()


def test_each_is_mailed_once_in_their_language_and_those_who_want_none_are_not(
    feature: Feature, alice: Person, charlie: Person, staff: Person
) -> None:
    alice.as_creator.language = "en"
    alice.as_creator.save()
    answer_mail_choose(creator=charlie.as_creator, wanted=False)
    declined(feature, staff)

    due = answer_notices_due()
    states = [answer_notice_deliver(pk) for pk in [*due, *due]]

    assert states == ["done", "done", "not waiting", "not waiting"]
    assert [message.to for message in mail.outbox] == [[alice.user.email]]
    assert mail.outbox[0].subject.startswith("You told us")
    assert CHARLIE not in mail.outbox[0].body
    charlies = AnswerNotice.objects.get(creator=charlie.as_creator)
    assert charlies.error_code == "portal_only"


def test_who_withdrew_being_contacted_is_not_written_to(
    feature: Feature, alice: Person, staff: Person
) -> None:
    Consent.objects.create(
        creator=alice.as_creator, purpose="contact", given=False, channel="staff"
    )
    declined(feature, staff)
    for pk in answer_notices_due():
        answer_notice_deliver(pk)

    assert [alice.user.email] not in [message.to for message in mail.outbox]


def test_words_whose_recording_was_withdrawn_are_not_shown_again(
    feature: Feature, alice: Person, staff: Person
) -> None:
    declined(feature, staff)
    Consent.objects.create(creator=alice.as_creator, purpose="record", given=False, channel="staff")

    page = alice.client.get(reverse("portal:answers")).content.decode()

    assert ALICE not in page
    assert "暂不做" in page


def test_the_choice_of_no_mail_is_the_creators_own(alice: Person, charlie: Person) -> None:
    address = reverse("portal:answers_mail")

    assert alice.client.post(address, {"wanted": "no"}).status_code == 302
    assert [wants_mail(one.as_creator) for one in (alice, charlie)] == [False, True]
    alice.client.post(address, {"wanted": "yes"})
    assert "不要发邮件" in alice.client.get(reverse("portal:answers")).content.decode()


def test_an_answer_is_not_taken_back(feature: Feature, staff: Person) -> None:
    declined(feature, staff)
    for act in (
        lambda: FeatureAnswer.objects.update(text_zh="没说过"),
        lambda: FeatureAnswer.objects.all().delete(),
    ):
        with pytest.raises(DatabaseError), transaction.atomic():
            act()


def test_the_team_writes_it_on_a_page_that_says_how_many_read_it(
    feature: Feature, staff: Person, alice: Person
) -> None:
    address = reverse("admin:generation_answer", args=[feature.key])
    assert "有 2 位创作者" in staff.client.get(address).content.decode()

    refused = staff.client.post(address, {"kind": "shipped", "text_zh": "好了"})
    sent = staff.client.post(address, {"kind": "declined", "text_zh": "暂不做，因为人手"})

    assert "还没上线" in refused.content.decode()
    assert sent.status_code == 302
    assert answer_cards(alice.as_creator)[0].answers[0].text_zh == "暂不做，因为人手"


def test_the_reads_of_the_page_do_not_grow(
    feature: Feature,
    alice: Person,
    staff: Person,
    django_assert_num_queries: DjangoAssertNumQueries,
) -> None:
    for _ in range(4):
        declined(feature, staff)

    with django_assert_num_queries(3):
        answer_cards(alice.as_creator)
