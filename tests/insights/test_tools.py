"""Matrices of tools and steps by tier: each creator once, with the last word, in the tier of that day."""

from datetime import timedelta

import pytest
from django.urls import reverse

from crm.models import AiTool, Creator, StepEffort, ToolUse, WorkflowStep
from crm.services.tiers import creator_set_tier
from insights.figures.book import figure_of
from insights.findings.selection import Selection
from insights.findings.tools import step_costs, tool_reach
from insights.statistics import wilson
from tests.conftest import Person
from tests.factories.crm import MOMENT, CreatorFactory, InterviewFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def tool() -> AiTool:
    return AiTool.objects.create(name="可灵")


def said(
    tool: AiTool, level: str, *, day: int = 0, creator: Creator | None = None, **more: int
) -> Creator:
    creator = creator or CreatorFactory(tier="mid")
    at = MOMENT + timedelta(days=day)
    ToolUse.objects.create(creator=creator, tool=tool, level=level, at=at, **more)
    return creator


def test_each_rung_holds_those_above_it_with_wilsons_interval(tool: AiTool) -> None:
    for level in ("unaware", "aware", "tried", "regular", "regular", "paying"):
        said(tool, level)

    (line,) = tool_reach(Selection())

    mid = line.tiers["mid"]
    assert mid.n == 6
    counts = {rung: len(found.rows) for rung, found in mid.rungs.items()}
    assert counts == {"aware": 5, "tried": 4, "regular": 3, "paying": 1}
    limits = wilson(3, 6)
    assert (mid.rungs["regular"].low, mid.rungs["regular"].high) == (limits.low, limits.high)


def test_the_last_word_counts_in_the_tier_of_its_day(tool: AiTool) -> None:
    creator = said(tool, "aware", creator=CreatorFactory(tier="entry"))
    creator_set_tier(creator=creator, tier="entry", at=MOMENT - timedelta(days=9))
    said(tool, "regular", day=5, creator=creator)
    creator_set_tier(creator=creator, tier="head", at=MOMENT + timedelta(days=9))

    (line,) = tool_reach(Selection())

    assert (line.tiers["entry"].n, line.tiers["head"].n) == (1, 0)
    assert line.tiers["entry"].rungs["regular"].rows == (creator.pk,)


def test_satisfaction_and_spend_leave_out_who_said_none(tool: AiTool) -> None:
    said(tool, "paying", satisfaction=5, spend_minor=20_000)
    said(tool, "regular", satisfaction=3)
    said(tool, "aware")

    found = tool_reach(Selection())[0].tiers["all"]

    assert (found.satisfaction.value, found.satisfaction.n) == (4.0, 2)
    assert (found.spend.value, found.spend.n) == (20_000, 1)


def test_steps_have_medians_shares_and_quality(tool: AiTool) -> None:
    step = WorkflowStep.objects.create(key="drawing", title_zh="画图", title_en="Drawing")
    for minutes, ai, quality in ((10, "none", 5), (30, "assist", 3), (600, "automatic", None)):
        StepEffort.objects.create(
            creator=CreatorFactory(tier="head"), step=step, minutes=minutes, money_minor=minutes,
            ai=ai, quality=quality, at=MOMENT,
        )  # fmt: skip

    found = step_costs(Selection())[0].tiers["head"]

    assert (found.minutes.value, found.money.value, found.n) == (30, 30, 3)
    assert (found.quality.value, found.quality.n) == (4.0, 2)
    assert len(found.with_ai.rows) == 2


@pytest.mark.parametrize("key", ["tools", "steps"])
def test_the_pages_open_the_rows_behind_each_number_and_come_as_files(
    staff: Person, tool: AiTool, key: str
) -> None:
    empty = staff.client.get(reverse(f"admin:insights_{key}"))
    assert empty.status_code == 200
    assert "pj-empty" in empty.content.decode()
    step = WorkflowStep.objects.create(key="drawing", title_zh="画图", title_en="Drawing")
    people = [said(tool, "regular") for _ in range(5)]
    for one in people:
        StepEffort.objects.create(
            creator=one, step=step, minutes=9, ai="assist", quality=4, at=MOMENT
        )

    page = staff.client.get(reverse(f"admin:insights_{key}")).content.decode()

    ids = ",".join(str(one.pk) for one in people)
    assert f"id__in={ids}" in page
    assert staff.client.get(f"/admin/crm/creator/?id__in={ids}").status_code == 200
    for kind in ("csv", "svg", "png"):
        answer = staff.client.get(reverse("admin:insights_figure_file", args=[key, kind]))
        assert answer.status_code == 200


def test_shares_below_five_are_counts(tool: AiTool) -> None:
    said(tool, "regular")

    cells = [cell.text for cell in figure_of("tools", {}).rows[0]]

    assert not any("%" in text for text in cells)


@pytest.mark.parametrize(
    ("spend", "fen"), [("68", 6800), ("１９.９", 1990), ("nan", None), ("-3", None), ("1e99", None)]
)
def test_what_a_tool_costs_is_taken_to_the_fen_or_refused(
    tool: AiTool, staff: Person, spend: str, fen: int | None
) -> None:
    interview = InterviewFactory()
    form = {"kind": "tool", "tool": tool.name, "level": "paying", "spend": spend}

    answer = staff.client.post(
        f"/admin/insights/evidence/workspace/{interview.pk}/card/",
        form,
        headers={"Accept": "application/json"},
    )

    assert answer.status_code == (422 if fen is None else 200)
    assert [use.spend_minor for use in ToolUse.objects.all()] == ([] if fen is None else [fen])
