"""A case: a bet that stays as it was made, forecasts that are kept, scores, and its page."""

from datetime import UTC, date, datetime

import pytest
from django.db import DatabaseError, transaction
from django.urls import reverse

from crm.exceptions import DomainError
from crm.models import AiTool, AuditEntry, StepEffort, ToolUse, WorkflowStep
from generation.features.cases.reading import (
    brier,
    edge_text,
    efforts,
    measured,
    quality_by_level,
    reach_by_tier,
    rivals,
    scores,
)
from generation.models import FeatureUse, Forecast, ProjectCase
from generation.services.cases import case_save, forecast_add
from tests.conftest import Person
from tests.factories.crm import CreatorFactory
from tests.factories.generation import FeatureFactory, RunFactory


@pytest.fixture
def case(db: None) -> ProjectCase:
    step = WorkflowStep.objects.create(key="drawing", title_zh="画图", title_en="Drawing")
    made = ProjectCase(
        title_zh="多角色同框",
        step=step,
        ceiling_zh="三人同框不串脸",
        ceiling_by=date(2027, 11, 30),
        build_minor=6_000_000,
    )
    return case_save(case=made, actor=None, changed=["title_zh"])


def effort(
    case: ProjectCase, minutes: int, ai: str, quality: int | None, tier: str = "mid"
) -> None:
    StepEffort.objects.create(
        creator=CreatorFactory(tier=tier, income_minor=1_600_000), step=case.step,
        minutes=minutes, money_minor=1000, ai=ai, quality=quality,
    )  # fmt: skip


def test_the_bet_cannot_be_changed_after_it_was_made(case: ProjectCase) -> None:
    for change in ({"ceiling_zh": "两人也行"}, {"ceiling_by": date(2029, 1, 1)}):
        with pytest.raises(DatabaseError), transaction.atomic():
            ProjectCase.objects.filter(pk=case.pk).update(**change)
    ProjectCase.objects.filter(pk=case.pk).update(status="tried")


def test_changing_ones_mind_is_a_new_forecast_and_hindsight_is_none(
    case: ProjectCase, bob: Person
) -> None:
    forecast_add(case=case, percent=55, why="两人可以", actor=bob.user)
    forecast_add(case=case, percent=70, why="新模型", actor=bob.user)
    with pytest.raises(DatabaseError), transaction.atomic():
        Forecast.objects.update(percent=99)
    case.came_true, case.resolved_on = True, date(2027, 5, 1)
    case_save(case=case, actor=bob.user, changed=["came_true"])

    with pytest.raises(DomainError) as error:
        forecast_add(case=case, percent=99, why="早知道", actor=bob.user)

    assert error.value.code == "decided"
    assert [f.percent for f in case.forecasts.all()] == [70, 55]
    assert AuditEntry.objects.filter(action="case.forecast").count() == 2


@pytest.mark.parametrize(("percent", "why"), [(0, "x"), (100, "x"), (50, " ")])
def test_a_forecast_without_doubt_or_reason_is_refused(
    case: ProjectCase, bob: Person, percent: int, why: str
) -> None:
    with pytest.raises(DomainError):
        forecast_add(case=case, percent=percent, why=why, actor=bob.user)

    assert not Forecast.objects.exists()


def test_briers_score_is_of_the_last_forecast_before_the_decision(
    case: ProjectCase, bob: Person
) -> None:
    for day, percent in ((1, 40), (10, 80), (25, 5)):
        moment = datetime(2026, 6, day, tzinfo=UTC)
        forecast_add(case=case, percent=percent, why="看", actor=bob.user, at=moment)
    case.came_true, case.resolved_on = True, date(2026, 6, 20)
    case_save(case=case, actor=None, changed=["came_true"])

    found, mean = scores()

    assert [(item.percent, item.score) for item in found] == [(80, pytest.approx(0.04))]
    assert (mean.value, mean.n) == (pytest.approx(0.04), 1)
    assert (brier(50, True), brier(99, False)) == (0.25, pytest.approx(0.9801))


def test_penetration_and_boundary_count_each_creators_latest_word(case: ProjectCase) -> None:
    for minutes, ai, quality in (
        (300, "none", 5), (280, "none", 4), (320, "none", 4), (100, "automatic", 4),
        (90, "automatic", 2), (110, "automatic", 2), (200, "assist", None),
    ):  # fmt: skip
        effort(case, minutes, ai, quality)
    someone = StepEffort.objects.filter(ai="none").first()
    assert someone is not None
    StepEffort.objects.create(
        creator=someone.creator, step=case.step, minutes=150, ai="assist", quality=3,
        at=datetime(2027, 1, 1, tzinfo=UTC),
    )  # fmt: skip
    rows = efforts(case.step)

    mid = next(row for row in reach_by_tier(rows) if row.tier == "mid")
    automatic = quality_by_level(rows)[2]

    assert (mid.ai.some.n, len(mid.ai.some.rows), len(mid.ai.full.rows)) == (7, 5, 3)
    assert "人" in edge_text(rows)  # fewer than five on a side: open
    assert (automatic.accepted.n, automatic.accepted.value) == (3, pytest.approx(1 / 3))


def test_the_calculator_starts_from_what_was_measured_and_marks_the_rest(
    case: ProjectCase, bob: Person
) -> None:
    for minutes, ai in ((300, "none"),) * 3 + ((100, "automatic"),) * 3:
        effort(case, minutes, ai, 4)
    case.feature = FeatureFactory()
    case.save()
    for kept in (True, True, True, False):
        run = RunFactory()
        FeatureUse.objects.create(
            run=run, feature=case.feature, creator=run.novel.creator, accepted=kept,
            cost_minor=250, at=datetime(2026, 6, 1, tzinfo=UTC),
        )  # fmt: skip

    found = measured(case, efforts(case.step))

    assert found.defaults.saved == pytest.approx(2 / 3)
    assert (found.defaults.accepted, found.defaults.judged) == (0.75, 4)
    assert found.defaults.run_minor == 250
    assert found.defaults.hour_minor == 10_000
    assert found.assumed == {"pieces", "check", "price"}


def test_rivals_are_what_creators_pay_for_and_not_our_own_tool(db: None) -> None:
    ours, theirs = AiTool.objects.create(name="凭据"), AiTool.objects.create(name="即梦")
    for spend in (6900, 8900, 0):
        creator = CreatorFactory()
        level = "paying" if spend else "tried"
        ToolUse.objects.create(creator=creator, tool=theirs, level=level, spend_minor=spend, satisfaction=3)  # fmt: skip
        ToolUse.objects.create(creator=creator, tool=ours, level="paying", spend_minor=5900)

    (found,) = rivals(ours.pk)

    assert (found.name, found.n, found.tried, len(found.payers)) == ("即梦", 3, 3, 2)
    assert (found.spend.value, found.spend.n) == (7900, 2)


def test_the_page_computes_with_what_it_is_asked_and_says_what_is_wrong_with_it(
    case: ProjectCase, staff: Person
) -> None:
    for _ in range(6):
        effort(case, 300, "assist", 4)
    address = reverse("admin:generation_case", args=[case.pk])

    plain = staff.client.get(address).content.decode()
    asked = staff.client.get(address, {"price": "100000", "build": "1"}).content.decode()
    wrong = staff.client.get(address, {"saved": "-3", "price": "x"})

    assert "三人同框不串脸" in plain
    assert "立项故事" in plain
    assert "不会" in asked  # at that price nobody gains
    assert wrong.status_code == 200
    assert 'role="alert"' in wrong.content.decode()


def test_a_case_without_efforts_says_what_to_record(case: ProjectCase, staff: Person) -> None:
    page = staff.client.get(reverse("admin:generation_case", args=[case.pk])).content.decode()

    assert "还没有人说过这一步要花多少" in page


def test_a_forecast_is_added_on_the_page_by_who_may_change_the_case(
    case: ProjectCase, staff: Person, bob: Person
) -> None:
    address = reverse("admin:generation_case_forecast", args=[case.pk])

    assert bob.client.post(address, {"percent": "60", "why": "试过"}).status_code == 403
    staff.client.post(address, {"percent": "60", "why": "试过"})

    assert [f.percent for f in Forecast.objects.all()] == [60]
    assert "60%" in staff.client.get(reverse("admin:generation_case", args=[case.pk])).content.decode()  # fmt: skip
