"""A creator's voice: pains in own words, ratings, a first three, points on features."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection
from django.urls import reverse

from crm.exceptions import DomainError
from crm.services.consents import WITHDRAWALS, consent_withdraw
from crm.services.redactions import redaction_execute
from crm.services.tiers import creator_set_tier
from generation.features.votes import ballots, vote_lines
from generation.models import FeatureVote
from generation.services.votes import votes_cast
from insights.models import Evidence, Need, PainReport, TopPain
from insights.services.voice import pain_report, report_join
from insights.voices import pain_lines, pains_like
from tests.conftest import Person
from tests.factories.crm import CreatorFactory
from tests.factories.generation import FeatureFactory
from tests.factories.insights import PainPointFactory

WORDS = "两个角色同框的时候，衣服老是互换"
FORM = {"words": WORDS, "importance": "5", "satisfaction": "2", "token": "form-1"}


def tell(person: Person, **data: str) -> Any:
    return person.client.post(reverse("portal:voice_report"), {**FORM, **data})


def text(answer: Any) -> str:
    return str(answer.content.decode())


def test_a_pain_in_own_words_waits_for_an_answer_and_is_no_evidence(alice: Person) -> None:
    assert tell(alice).status_code == 302

    report = PainReport.objects.get()
    assert (report.state, report.importance, report.tier) == ("new", 5, alice.as_creator.tier)
    assert WORDS in text(alice.client.get(reverse("portal:voice")))
    assert Evidence.objects.count() == Need.objects.count() == 0


def test_the_same_form_sent_twice_is_one_report(alice: Person) -> None:
    tell(alice)
    tell(alice)

    assert PainReport.objects.count() == 1


@pytest.mark.parametrize(
    ("data", "said"),
    [
        ({"words": "  "}, "请用你自己的话写下"),
        ({"importance": ""}, "有多重要"),
        ({"importance": "9"}, "有多重要"),
        ({"satisfaction": "7"}, "解决得怎样"),
        ({"words": "痛" * 2001}, "2000"),
    ],
)
def test_a_bad_report_keeps_what_was_typed_and_says_what_is_wrong(
    alice: Person, data: dict[str, str], said: str
) -> None:
    answer = tell(alice, **data)

    assert answer.status_code == 422
    assert said in text(answer)
    assert PainReport.objects.count() == 0
    assert data.get("words", WORDS).strip()[:40] in text(answer)


def test_known_pains_that_resemble_it_are_offered_once(alice: Person) -> None:
    like = PainPointFactory(title_zh="多角色同框互换衣服", description_zh="同框时角色特征互换")
    PainPointFactory(title_zh="配音没有感情")

    offered = tell(alice)

    assert offered.status_code == 200
    assert "多角色同框互换衣服" in text(offered)
    assert PainReport.objects.count() == 0
    tell(alice, pain=str(like.pk))
    report = PainReport.objects.get()
    assert (report.state, report.pain) == ("known", like)
    need = Need.objects.get()
    assert (need.importance, need.satisfaction, need.at) == (5, 2, report.at)


def test_who_says_it_is_something_else_is_believed(alice: Person) -> None:
    PainPointFactory(title_zh="多角色同框互换衣服")

    assert tell(alice, pain="none").status_code == 302
    assert PainReport.objects.get().pain is None


def test_suggestions_rest_on_the_codebook_and_not_on_other_creators_quotes(db: None) -> None:
    for title in ("画面闪烁", "分镜太慢", "配音没有感情", "角色换了一张脸"):
        PainPointFactory(title_zh=title)

    assert pains_like("合成之后一直闪烁") != []
    assert pains_like("想看海") == []
    assert pains_like("") == []


def test_the_team_joins_a_report_and_the_creator_reads_the_answer(
    alice: Person, staff: Person
) -> None:
    tell(alice)
    report, pain = PainReport.objects.get(), PainPointFactory(title_zh="同框串脸")
    page = reverse("admin:insights_painreport_change", args=[report.pk])

    assert WORDS in text(staff.client.get(page))
    staff.client.post(page, {"pain": pain.pk, "answer": "已并入，谢谢"})

    report.refresh_from_db()
    assert (report.state, report.pain, report.answered_by) == ("known", pain, staff.user)
    assert Need.objects.get().pain == pain
    assert "已并入，谢谢" in text(alice.client.get(reverse("portal:voice")))


def test_declining_needs_a_reason(alice: Person, staff: Person) -> None:
    tell(alice)
    report = PainReport.objects.get()
    page = reverse("admin:insights_painreport_change", args=[report.pk])

    refused = staff.client.post(page, {"pain": "", "answer": ""})
    assert refused.status_code == 200
    staff.client.post(page, {"pain": "", "answer": "只有一位提到，先放一放"})

    report.refresh_from_db()
    assert (report.state, Need.objects.count()) == ("declined", 0)


def test_what_is_answered_is_not_answered_again(alice: Person, staff: Person) -> None:
    tell(alice)
    report, pain = PainReport.objects.get(), PainPointFactory()
    report_join(report=report, pain=pain, answer="", actor=staff.user)

    with pytest.raises(DomainError) as caught:
        report_join(report=report, pain=PainPointFactory(), answer="", actor=staff.user)
    assert caught.value.code == "answered"


def test_a_report_can_be_taken_back_until_it_is_answered(alice: Person) -> None:
    tell(alice)
    report = PainReport.objects.get()

    alice.client.post(reverse("portal:voice_take_back", args=[report.pk]))

    report.refresh_from_db()
    assert (report.state, report.words) == ("taken_back", "—")
    assert WORDS not in text(alice.client.get(reverse("portal:voice")))


def test_withdrawing_everything_said_removes_the_words_told_in_the_portal(alice: Person) -> None:
    tell(alice)
    pain_report(
        creator=alice.as_creator, words="第二句", importance=3, satisfaction=None,
        pain=PainPointFactory(), token="2",
    )  # fmt: skip

    redaction = consent_withdraw(creator=alice.as_creator, purposes=WITHDRAWALS["record"])
    redaction_execute(redaction.pk)

    assert set(PainReport.objects.values_list("words", flat=True)) == {"—"}
    redaction.refresh_from_db()
    assert redaction.receipt["reports"] == 2


def test_two_taps_are_a_need_with_the_tier_of_that_day(alice: Person) -> None:
    pain = PainPointFactory()
    creator_set_tier(creator=alice.as_creator, tier="head")

    alice.client.post(
        reverse("portal:voice_rate"), {"pain": pain.pk, "importance": "4", "satisfaction": "1"}
    )

    need = Need.objects.get()
    assert (need.importance, need.satisfaction, need.tier) == (4, 1, "head")
    line = next(line for line in pain_lines(alice.as_creator) if line.pk == pain.pk)
    assert (line.importance, line.satisfaction) == (4, 1)


def test_with_htmx_only_the_row_comes_back(alice: Person) -> None:
    pain = PainPointFactory(title_zh="同框串脸")

    answer = alice.client.post(
        reverse("portal:voice_rate"),
        {"pain": pain.pk, "importance": "4"},
        headers={"HX-Request": "true"},
    )

    assert text(answer).strip().startswith("<li")
    assert "同框串脸" in text(answer)


def test_the_first_three_are_in_order_and_replaced_whole(alice: Person) -> None:
    one, two, three = (PainPointFactory() for _ in range(3))
    url = reverse("portal:voice_top")

    alice.client.post(url, {"place1": two.pk, "place2": "", "place3": one.pk})
    assert list(TopPain.objects.values_list("place", "pain_id")) == [(1, two.pk), (2, one.pk)]
    alice.client.post(url, {"place1": three.pk})
    assert list(TopPain.objects.values_list("place", "pain_id")) == [(1, three.pk)]
    twice = alice.client.post(url, {"place1": one.pk, "place2": one.pk})
    assert (twice.status_code, TopPain.objects.get().pain_id) == (422, three.pk)


def test_points_are_a_budget_and_only_for_open_features(alice: Person) -> None:
    opened, other = FeatureFactory(open_to_votes=True), FeatureFactory(open_to_votes=True)
    closed = FeatureFactory()
    creator = alice.as_creator

    votes_cast(creator=creator, points={opened.pk: 6, other.pk: 4})
    for points in ({opened.pk: 8, other.pk: 3}, {closed.pk: 1}, {opened.pk: 11}):
        with pytest.raises(DomainError):
            votes_cast(creator=creator, points=points)
    assert {ballot.pk: ballot.points for ballot in ballots(creator)} == {opened.pk: 6, other.pk: 4}

    votes_cast(creator=creator, points={other.pk: 1})
    assert list(FeatureVote.objects.values_list("feature_id", "points")) == [(other.pk, 1)]


def test_points_on_a_closed_feature_come_back_to_spend(alice: Person) -> None:
    feature, other = FeatureFactory(open_to_votes=True), FeatureFactory(open_to_votes=True)
    votes_cast(creator=alice.as_creator, points={feature.pk: 10})
    feature.open_to_votes = False
    feature.save()

    votes_cast(creator=alice.as_creator, points={other.pk: 10})

    assert FeatureVote.objects.count() == 2


@pytest.mark.django_db(transaction=True)
def test_two_tabs_cannot_spend_the_budget_twice() -> None:
    creator = CreatorFactory()
    features = [FeatureFactory(open_to_votes=True) for _ in range(4)]

    def cast(number: int) -> None:
        try:
            votes_cast(creator=creator, points={features[number].pk: 10})
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(cast, range(4)))

    assert sum(FeatureVote.objects.values_list("points", flat=True)) == 10


def test_the_team_reads_sums_by_tier_with_n(alice: Person, charlie: Person, staff: Person) -> None:
    feature = FeatureFactory(open_to_votes=True, title_zh="长篇连贯")
    creator_set_tier(creator=alice.as_creator, tier="head")
    creator_set_tier(creator=charlie.as_creator, tier="mid")
    votes_cast(creator=alice.as_creator, points={feature.pk: 7})
    votes_cast(creator=charlie.as_creator, points={feature.pk: 2})

    line = vote_lines()[0]

    assert (line.points, line.voters) == (9, 2)
    assert [(points, n) for _tier, points, n in line.tiers] == [(7, 1), (2, 1), (0, 0)]
    assert "长篇连贯" in text(staff.client.get(reverse("admin:generation_votes")))


def test_the_vote_through_the_page(alice: Person) -> None:
    feature = FeatureFactory(open_to_votes=True)
    url = reverse("portal:voice_votes")

    assert alice.client.post(url, {f"points{feature.pk}": "4"}).status_code == 302
    over = alice.client.post(url, {f"points{feature.pk}": "11"})

    assert over.status_code == 422
    assert FeatureVote.objects.get().points == 4
