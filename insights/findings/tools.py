"""Who knows which AI tool, and what the steps of the work take, by tier: from each creator's last word.

The tier is the creator's when it was said. Who was not asked about a tool is not in its
denominator: not asked is not "never heard of it".
"""

from collections import defaultdict
from dataclasses import dataclass

from crm.models import AiTool, StepEffort, ToolUse, WorkflowStep
from crm.selectors import tiers_then
from insights.findings.corpus import TIERS
from insights.findings.selection import Selection
from insights.selectors import ALL
from insights.statistics import Estimate, mean_interval, median_interval, share

LEVELS = tuple(ToolUse.Level.values)
RUNGS = ("aware", "tried", "regular", "paying")
"""From the first rung up; each holds those above it: who pays for a tool has tried it."""


@dataclass(frozen=True)
class ToolReach:
    """Shares of the creators asked, `people`, who are at least so far; `rows` of each are those.

    `satisfaction` is the mean of those who rated it, `spend` the median fen a month of payers.
    """

    n: int
    people: tuple[int, ...]
    rungs: dict[str, Estimate]
    satisfaction: Estimate
    spend: Estimate


@dataclass(frozen=True)
class ToolLine:
    tool: AiTool
    tiers: dict[str, ToolReach]


def tool_reach(selection: Selection) -> list[ToolLine]:
    """Tools that anybody was asked about, those that most know first. In five queries."""
    rows = ToolUse.objects.filter(selection.within("at"))
    if selection.study:
        rows = rows.filter(creator__interviews__study__key=selection.study)
    rows = rows.order_by("creator_id", "tool_id", "-at", "-pk").distinct("creator_id", "tool_id")
    uses = list(rows)
    tier_then = tiers_then({use.creator_id for use in uses})
    found: dict[tuple[int, str], list[ToolUse]] = defaultdict(list)
    for use in uses:
        for tier in (tier_then(use.creator_id, use.at), ALL):
            found[use.tool_id, tier].append(use)
    tools = AiTool.objects.in_bulk({use.tool_id for use in uses})
    lines = [
        ToolLine(tool, {tier: _tool(found[pk, tier]) for tier in TIERS})
        for pk, tool in tools.items()
    ]
    return sorted(
        lines, key=lambda line: (-len(line.tiers[ALL].rungs["aware"].rows), line.tool.name)
    )


def _tool(uses: list[ToolUse]) -> ToolReach:
    rated = [use for use in uses if use.satisfaction is not None]
    payers = [use for use in uses if use.level == ToolUse.Level.PAYING]
    return ToolReach(
        n=len(uses),
        people=tuple(use.creator_id for use in uses),
        rungs={rung: _at_least(uses, rung) for rung in RUNGS},
        satisfaction=mean_interval(
            [use.satisfaction or 0 for use in rated], rows=[use.creator_id for use in rated]
        ),
        spend=median_interval(
            [use.spend_minor for use in payers], rows=[use.creator_id for use in payers]
        ),
    )


def _at_least(uses: list[ToolUse], rung: str) -> Estimate:
    least = LEVELS.index(rung)
    there = [use.creator_id for use in uses if LEVELS.index(use.level) >= least]
    return share(len(there), len(uses), rows=sorted(there))


@dataclass(frozen=True)
class StepCost:
    """What a step takes a piece: medians of minutes and fen, share with AI, mean quality accepted.

    `rows` of each are the creators.
    """

    n: int
    minutes: Estimate
    money: Estimate
    with_ai: Estimate
    quality: Estimate


@dataclass(frozen=True)
class StepCostLine:
    step: WorkflowStep
    tiers: dict[str, StepCost]


def step_costs(selection: Selection) -> list[StepCostLine]:
    """Every workflow step in its order, from each creator's latest description. In five queries."""
    rows = StepEffort.objects.filter(selection.within("at"))
    if selection.study:
        rows = rows.filter(creator__interviews__study__key=selection.study)
    rows = rows.order_by("creator_id", "step_id", "-at", "-pk").distinct("creator_id", "step_id")
    efforts = list(rows)
    tier_then = tiers_then({effort.creator_id for effort in efforts})
    found: dict[tuple[int, str], list[StepEffort]] = defaultdict(list)
    for effort in efforts:
        for tier in (tier_then(effort.creator_id, effort.at), ALL):
            found[effort.step_id, tier].append(effort)
    return [
        StepCostLine(step, {tier: _cost(found[step.pk, tier]) for tier in TIERS})
        for step in WorkflowStep.objects.all()
    ]


def _cost(efforts: list[StepEffort]) -> StepCost:
    people = [effort.creator_id for effort in efforts]
    helped = [effort.creator_id for effort in efforts if effort.ai != StepEffort.AiShare.NONE]
    rated = [effort for effort in efforts if effort.quality is not None]
    return StepCost(
        n=len(efforts),
        minutes=median_interval([effort.minutes for effort in efforts], rows=people),
        money=median_interval([effort.money_minor for effort in efforts], rows=people),
        with_ai=share(len(helped), len(efforts), rows=sorted(helped)),
        quality=mean_interval(
            [effort.quality or 0 for effort in rated], rows=[effort.creator_id for effort in rated]
        ),
    )
