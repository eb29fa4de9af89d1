"""A feature is built only through the gate, by whatever route; criteria are fixed before the data."""

from datetime import date, timedelta
from itertools import count

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone, translation

from crm.exceptions import DomainError
from crm.models import Tier
from generation.features.calibration import Scored, calibration, outcome_of
from generation.features.criteria import CriterionPart
from generation.features.dossier import dossier
from generation.models import Criterion, Feature, GatePass, GatePolicy, Justification, Verdict
from generation.services.features import feature_set_status, gate_judgement, verdict_give
from tests.conftest import Person
from tests.factories.crm import CreatorFactory, PaymentFactory, UserFactory, transcript_of
from tests.factories.generation import FeatureFactory
from tests.factories.insights import PainPointFactory, tag


@pytest.fixture
def idea(db: None) -> Feature:
    return FeatureFactory(key="fixed")


@pytest.fixture
def proven(idea: Feature) -> Feature:
    """Six mid creators raised it, one of them pays, and a criterion has its day."""
    pain = PainPointFactory()
    for _ in range(6):
        creator = CreatorFactory(tier=Tier.MID)
        tag(pain, transcript=transcript_of([("墨", "脸会变")], creator=creator), quote="脸会变")
    PaymentFactory(creator=creator)
    Justification.objects.create(feature=idea, claim_zh="脸会变", pain=pain)
    criterion(idea)
    return idea


def criterion(feature: Feature, **fields: object) -> Criterion:
    wanted = {"metric": "payers", "threshold": "1", "minimum_n": 1, "due": date(2030, 1, 1)}
    return Criterion.objects.create(feature=feature, text_zh="有人付", **(wanted | fields))


def build(feature: Feature, staff: Person | None = None, reason: str = "") -> None:
    feature_set_status(
        feature=feature,
        status="building",
        actor=staff.user if staff else None,
        override_reason=reason,
    )


def test_a_feature_that_meets_the_policy_passes_and_its_criteria_are_locked(
    proven: Feature,
) -> None:
    build(proven)

    assert Feature.objects.get().status == "building"
    given = GatePass.objects.get()
    assert (given.kind, given.numbers["tier"]) == ("policy", "mid")
    assert Criterion.objects.get().locked_at is not None
    with pytest.raises(DatabaseError), transaction.atomic():
        Criterion.objects.update(threshold="0")


def test_the_refusal_names_each_missed_bar_and_by_how_much(proven: Feature) -> None:
    GatePolicy.objects.create(pk=1, n_mid=8, low="0.9", payers=3, criteria=2)

    with translation.override("en"), pytest.raises(DomainError) as refused:
        build(proven)

    told = str(refused.value)
    assert "6 of 8, 2 short" in told
    assert "payers among those who raised it: 1 of 3, 2 short" in told
    assert "criteria with a date: 1 of 2, 1 short" in told
    low = dossier(proven).pain_parts[0].line("mid").prevalence.estimate.low
    assert low is not None
    assert f"{low:.3f} of 0.900, {0.9 - low:.3f} short" in told
    assert Feature.objects.get().status == "idea"


def test_unread_counter_evidence_and_no_pain_at_all_are_bars_too(proven: Feature, db: None) -> None:
    tag(proven.justifications.get().pain, quote="我倒不觉得", stance="against")
    bare = FeatureFactory()

    codes = [bar.code for bar in gate_judgement(proven).bars if not bar.met]

    assert "against_read" in codes
    assert "pain" in [bar.code for bar in gate_judgement(bare).bars if not bar.met]


def test_an_override_needs_a_name_and_a_reason_and_is_kept(idea: Feature, staff: Person) -> None:
    with pytest.raises(DomainError):
        build(idea, reason="就想做")
    with pytest.raises(DomainError):
        build(idea, staff, reason="  ")

    build(idea, staff, reason="先做两周看看")

    given = GatePass.objects.get()
    assert (given.kind, given.by, given.reason) == ("override", staff.user, "先做两周看看")
    with pytest.raises(DatabaseError), transaction.atomic():
        GatePass.objects.update(reason="")


@pytest.mark.parametrize("route", ["update", "save", "insert", "sql", "old pass"])
@pytest.mark.django_db(transaction=True)
def test_the_database_lets_nothing_be_built_past_the_gate(route: str) -> None:
    feature = FeatureFactory()
    if route == "old pass":  # given in another transaction: it has had its effect
        GatePass.objects.create(
            feature=feature, kind="override", reason="上次", by=UserFactory(is_staff=True)
        )

    def past() -> None:
        if route == "save":
            feature.status = "building"
            feature.save()
        elif route == "insert":
            FeatureFactory(status="building")
        elif route == "sql":
            with connection.cursor() as cursor:
                cursor.execute("UPDATE generation_feature SET status = 'building'")
        else:
            Feature.objects.update(status="building")

    with pytest.raises(DatabaseError), transaction.atomic():
        past()
    assert set(Feature.objects.values_list("status", flat=True)) == {"idea"}


def test_only_what_is_being_built_goes_live(idea: Feature, staff: Person) -> None:
    with pytest.raises(DomainError):
        feature_set_status(feature=idea, status="live", actor=staff.user)

    build(idea, staff, reason="试")
    feature_set_status(feature=idea, status="live", actor=staff.user)

    assert Feature.objects.get().status == "live"


def form(feature: Feature, **fields: str) -> dict[str, str]:
    empty = {
        f"{name}-{part}": "0"
        for name in ("justifications", "criteria", "verdicts")
        for part in ("TOTAL_FORMS", "INITIAL_FORMS")
    }
    return {
        "title_zh": feature.title_zh, "key": feature.key, "step": feature.step,
        "status": feature.status, **empty, **fields,
    }  # fmt: skip


def test_the_admins_form_says_at_the_status_which_bar_is_missed(
    idea: Feature, staff: Person
) -> None:
    url = f"/admin/generation/feature/{idea.pk}/change/"
    refused = staff.client.post(url, form(idea, status="building"))
    assert refused.status_code == 200
    assert refused.context["adminform"].form.errors["status"]
    assert Feature.objects.get().status == "idea"

    staff.client.post(url, form(idea, status="building", override_reason="先做两周"))

    assert Feature.objects.get().status == "building"
    assert GatePass.objects.get().by == staff.user


def test_the_admins_action_and_page_go_through_the_gate(idea: Feature, staff: Person) -> None:
    staff.client.post(
        "/admin/generation/feature/",
        {"action": "start_building", "_selected_action": [idea.pk]},
    )
    assert Feature.objects.get().status == "idea"
    answer = staff.client.post("/admin/generation/feature/fixed/gate/", {"reason": ""})
    assert answer.status_code == 422

    staff.client.post("/admin/generation/feature/fixed/gate/", {"reason": "先做两周"})

    assert Feature.objects.get().status == "building"


TODAY = timezone.localdate()
PAST, FUTURE = TODAY - timedelta(days=1), TODAY + timedelta(days=1)


@pytest.mark.parametrize(
    ("decides", "bar", "due", "state"),
    [
        ("build", "1", FUTURE, "met"),
        ("build", "2", FUTURE, "open"),
        ("build", "2", PAST, "missed"),
        ("kill", "1", FUTURE, "missed"),
        ("kill", "2", FUTURE, "open"),
        ("kill", "2", PAST, "met"),
    ],
)
def test_code_judges_a_criterion(
    proven: Feature, decides: str, bar: str, due: date, state: str
) -> None:
    Criterion.objects.all().delete()
    criterion(proven, decides=decides, threshold=bar, due=due)

    assert [part.state for part in dossier(proven).criteria] == [state]


def test_with_too_few_people_a_criterion_says_nothing(proven: Feature) -> None:
    Criterion.objects.all().delete()
    criterion(proven, minimum_n=50)

    assert dossier(proven).criteria[0].state == "not_enough_data"


def test_a_bar_written_after_the_work_began_is_marked(proven: Feature) -> None:
    build(proven)
    criterion(proven, created_at=timezone.now() + timedelta(hours=1))

    assert [part.late for part in dossier(proven).criteria] == [False, True]


def test_a_verdict_keeps_the_numbers_and_the_evidence_of_its_moment(
    proven: Feature, staff: Person
) -> None:
    staff.client.post(
        "/admin/generation/feature/fixed/verdict/",
        {"decision": "build", "confidence": "0.8", "why": "人人都说"},
    )

    verdict = Verdict.objects.get()
    assert verdict.numbers["raised"] == 6
    assert verdict.numbers["payers"] == 1
    assert len(verdict.grounds.items) == 6
    with pytest.raises(DomainError):
        verdict_give(feature=proven, decision="build", why=" ", actor=staff.user)


NUMBERS = count(1)


def scored(decision: str, confidence: str | None, outcome: int | None) -> Scored:
    verdict = Verdict(pk=next(NUMBERS), decision=decision, confidence=confidence)
    return Scored(verdict, outcome)


def test_the_brier_score_is_the_mean_square_of_word_less_outcome() -> None:
    """Brier (1950): two forecasts of 0.8 and 0.4, of which the first came true."""
    found = calibration([scored("build", "0.8", 1), scored("build", "0.4", 0),
                         scored("build", None, 1), scored("wait", "0.9", None)])  # fmt: skip

    assert found.brier.n == 2
    assert found.brier.value == pytest.approx((0.2**2 + 0.4**2) / 2)
    assert found.right.n == 3
    assert [item.came_true.n for item in found.bins] == [1, 0, 1, 0]


def test_a_kill_was_right_where_a_bar_was_missed() -> None:
    assert scored("kill", "0.2", 0).right is True
    assert scored("kill", "0.2", 1).right is False
    assert scored("keep", "0.2", None).right is None


def part(state: str, *, due: date | None = FUTURE, late: bool = False) -> CriterionPart:
    return CriterionPart(Criterion(due=due), state, None, 0, late)


@pytest.mark.parametrize(
    ("parts", "outcome"),
    [
        ([part("met")], 1),
        ([part("met"), part("open")], None),
        ([part("met"), part("missed")], 0),
        ([part("not_enough_data", due=PAST)], 0),
        ([part("not_enough_data")], None),
        ([part("met"), part("missed", late=True)], 1),
        ([], None),
    ],
)
def test_what_became_of_the_criteria(parts: list[CriterionPart], outcome: int | None) -> None:
    assert outcome_of(parts, TODAY) == outcome
