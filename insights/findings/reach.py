"""How far AI has come in each step of the work, by tier, and where accepted quality falls."""

from collections import defaultdict
from dataclasses import dataclass

from crm.models import StepEffort, WorkflowStep
from crm.selectors import tiers_then
from insights.findings.corpus import TIERS
from insights.findings.selection import Selection
from insights.selectors import ALL
from insights.statistics import Boundary, Penetration, boundary, penetration


@dataclass(frozen=True)
class StepReach:
    """A workflow step in a tier; `people` are the creators who described the step."""

    people: tuple[int, ...]
    penetration: Penetration
    boundary: Boundary
    quality: dict[str, tuple[int, ...]]


@dataclass(frozen=True)
class StepLine:
    step: WorkflowStep
    tiers: dict[str, StepReach]


def reach(selection: Selection) -> list[StepLine]:
    """Every workflow step in its order, from each creator's latest description of it.

    The tier is the creator's when the step was described. In four queries.
    """
    rows = StepEffort.objects.filter(selection.within("at"))
    if selection.study:
        rows = rows.filter(creator__interviews__study__key=selection.study)
    efforts = list(
        rows.order_by("creator_id", "step_id", "-at", "-pk").distinct("creator_id", "step_id")
    )
    tier_at = tiers_then({effort.creator_id for effort in efforts})
    found: dict[tuple[int, str], list[StepEffort]] = defaultdict(list)
    for effort in efforts:
        for tier in (tier_at(effort.creator_id, effort.at), ALL):
            found[effort.step_id, tier].append(effort)
    return [
        StepLine(step, {tier: _reach(found[step.pk, tier]) for tier in TIERS})
        for step in WorkflowStep.objects.all()
    ]


def _reach(efforts: list[StepEffort]) -> StepReach:
    quality: dict[str, list[int]] = {"none": [], "assist": [], "automatic": []}
    for effort in efforts:
        if effort.quality is not None:
            quality[effort.ai].append(effort.quality)
    return StepReach(
        tuple(effort.creator_id for effort in efforts),
        penetration({effort.creator_id: effort.ai for effort in efforts}),
        boundary(quality),
        {level: tuple(ratings) for level, ratings in quality.items()},
    )
