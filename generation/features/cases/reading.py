"""What is measured of a workflow step: minutes, money, share of AI, quality; and what tools are paid for."""

from collections import defaultdict
from dataclasses import dataclass, replace

import numpy as np
from django.db.models import Count, Q, Sum
from django.utils.translation import gettext as _

from crm.models import Creator, StepEffort, Tier, ToolUse, WorkflowStep
from crm.selectors import payer_ids
from generation.features.cases.roi import Assumptions
from generation.models import Feature, FeatureUse, Forecast, ProjectCase
from insights.selectors import ALL, tier_label
from insights.statistics import (
    Estimate,
    Penetration,
    boundary,
    mean_interval,
    median_interval,
    penetration,
    share,
)
from insights.statistics.resampling import Floats

HOURS_A_MONTH = 160
HOUR_MINOR, SAVED, ACCEPTED, CHECK, PIECES, PRICE_MINOR = 5000, 0.5, 0.6, 5.0, 4.0, 5900
"""Where nothing is measured: 50 yuan an hour, half of the step saved, 6 of 10 results kept, 5 minutes
to look at a rejected one, 4 pieces a month, 59 yuan a month. The page marks them as assumed."""


@dataclass(frozen=True)
class Effort:
    """The latest word of one creator on the step."""

    pk: int
    creator: int
    tier: str
    minutes: int
    money_minor: int
    ai: str
    quality: int | None


def efforts(step: WorkflowStep) -> list[Effort]:
    rows = (
        StepEffort.objects.filter(step=step)
        .select_related("creator")
        .order_by("creator_id", "-at", "-pk")
        .distinct("creator_id")
    )
    return [
        Effort(
            row.pk, row.creator_id, row.creator.tier, row.minutes, row.money_minor, row.ai,
            row.quality,
        )
        for row in rows
    ]  # fmt: skip


@dataclass(frozen=True)
class TierReach:
    """One tier: how many let AI help or do the step, and what the step takes them."""

    tier: str
    label: str
    ai: Penetration
    minutes: Estimate
    money: Estimate


@dataclass(frozen=True)
class LevelQuality:
    """The creators at one level of AI: who of them accepts the quality (4 or 5), minutes a piece."""

    label: str
    accepted: Estimate
    minutes: Estimate


def reach_by_tier(rows: list[Effort]) -> list[TierReach]:
    found = []
    for tier in (*[tier.value for tier in Tier], ALL):
        mine = [row for row in rows if tier in (ALL, row.tier)]
        ids = [row.creator for row in mine]
        found.append(
            TierReach(
                tier=tier,
                label=tier_label(tier),
                ai=penetration({row.creator: row.ai for row in mine}),
                minutes=median_interval([row.minutes for row in mine], rows=ids),
                money=median_interval([row.money_minor for row in mine], rows=ids),
            )
        )
    return found


def quality_by_level(rows: list[Effort]) -> list[LevelQuality]:
    found = []
    for ai in StepEffort.AiShare:
        mine = [row for row in rows if row.ai == ai]
        rated = [row for row in mine if row.quality is not None]
        good = [row for row in rated if (row.quality or 0) >= 4]
        found.append(
            LevelQuality(
                label=str(ai.label),
                accepted=share(len(good), len(rated), rows=[row.creator for row in rated]),
                minutes=median_interval([row.minutes for row in mine]),
            )
        )
    return found


def edge_text(rows: list[Effort]) -> str:
    """Where accepted quality falls as AI does more of the step, in words."""
    quality: dict[str, list[int]] = defaultdict(list)
    for row in rows:
        if row.quality is not None:
            quality[row.ai].append(row.quality)
    edge = boundary(quality)
    label = dict(StepEffort.AiShare.choices)
    if edge.falls_at is not None:
        return _("falls at “%(level)s”") % {"level": label[edge.falls_at]}
    if edge.last is not None:
        return _("holds up to “%(level)s”") % {"level": label[edge.last]}
    return _("open: too few to tell")


@dataclass(frozen=True)
class Rival:
    """A tool that creators know: how many of `n` asked tried it, use it, pay for it, and what."""

    name: str
    n: int
    tried: int
    regular: int
    payers: tuple[int, ...]
    spend: Estimate
    satisfaction: Estimate


def rivals(own_tool: int | None, limit: int = 15) -> list[Rival]:
    """Tools by how many creators pay for them today; the latest word of each creator counts."""
    rows = (
        ToolUse.objects.exclude(tool_id=own_tool)
        .select_related("tool")
        .order_by("creator_id", "tool_id", "-at", "-pk")
        .distinct("creator_id", "tool_id")
    )
    by_tool: dict[str, list[ToolUse]] = defaultdict(list)
    for row in rows:
        by_tool[row.tool.name].append(row)
    levels = ToolUse.Level
    found = []
    for name, uses in by_tool.items():
        paying = [use for use in uses if use.level == levels.PAYING]
        rated = [use.satisfaction for use in uses if use.satisfaction is not None]
        found.append(
            Rival(
                name=name,
                n=len(uses),
                tried=sum(u.level in (levels.TRIED, levels.REGULAR, levels.PAYING) for u in uses),
                regular=sum(u.level in (levels.REGULAR, levels.PAYING) for u in uses),
                payers=tuple(sorted(use.creator_id for use in paying)),
                spend=median_interval([use.spend_minor for use in paying if use.spend_minor]),
                satisfaction=mean_interval(rated),
            )
        )
    return sorted(found, key=lambda rival: (-len(rival.payers), -rival.regular, rival.name))[:limit]


@dataclass(frozen=True)
class Measured:
    """The calculator's measured inputs; `assumed` names those that nothing was measured for."""

    minutes: Floats
    money: Floats
    defaults: Assumptions
    assumed: frozenset[str]


def measured(case: ProjectCase, rows: list[Effort]) -> Measured:
    assumed = {"pieces", "check", "price"}
    incomes = [
        income
        for income in Creator.objects.filter(pk__in=[row.creator for row in rows]).values_list(
            "income_minor", flat=True
        )
        if income
    ]
    hour = float(np.median(incomes)) / HOURS_A_MONTH if incomes else float(HOUR_MINOR)
    saved, accepted, judged, run = SAVED, ACCEPTED, 0, 0.0
    by_hand = [row.minutes for row in rows if row.ai == StepEffort.AiShare.NONE]
    with_ai = [row.minutes for row in rows if row.ai == StepEffort.AiShare.AUTOMATIC]
    if min(len(by_hand), len(with_ai)) >= 3 and np.median(by_hand) > np.median(with_ai):
        saved = 1.0 - float(np.median(with_ai)) / float(np.median(by_hand))
    else:
        assumed.add("saved")
    if not incomes:
        assumed.add("hour")
    use = _use(case.feature)
    if use["judged"]:
        accepted, judged = use["kept"] / use["judged"], use["judged"]
    else:
        assumed.add("accepted")
    if use["runs"]:
        run = (use["cost"] or 0) / use["runs"]
    else:
        assumed.add("run")
    known = Creator.objects.exclude(status=Creator.Status.LEFT).count()
    return Measured(
        minutes=np.array([row.minutes for row in rows], dtype=float),
        money=np.array([row.money_minor for row in rows], dtype=float),
        defaults=Assumptions(
            pieces=PIECES, hour_minor=hour, saved=saved, accepted=accepted, judged=judged,
            check=CHECK, run_minor=run, price_minor=PRICE_MINOR, reach=max(known, 1),
            build_minor=case.build_minor,
        ),
        assumed=frozenset(assumed),
    )  # fmt: skip


def _use(feature: Feature | None) -> dict[str, int]:
    found: dict[str, int] = FeatureUse.objects.filter(feature=feature).aggregate(
        runs=Count("run", distinct=True),
        cost=Sum("cost_minor", filter=Q(currency="CNY")),
        judged=Count("pk", filter=Q(accepted__isnull=False)),
        kept=Count("pk", filter=Q(accepted=True)),
    )
    return found


@dataclass(frozen=True)
class Scored:
    """A decided case with the last forecast made before the decision, and its Brier score (0 best)."""

    case: ProjectCase
    percent: int
    score: float


def brier(percent: int, came_true: bool) -> float:
    """Brier (1950), Monthly Weather Review 78:1–3: (confidence − outcome)², 0 to 1; 0.25 is a coin's."""
    return (percent / 100 - float(came_true)) ** 2


def scores() -> tuple[list[Scored], Estimate]:
    """Decided cases with their scores, and the mean score with its interval."""
    cases = ProjectCase.objects.filter(came_true__isnull=False).order_by("-resolved_on", "pk")
    last: dict[int, Forecast] = {}
    rows = Forecast.objects.filter(case__in=cases).select_related("case").order_by("at", "pk")
    for row in rows:
        decided = row.case.resolved_on
        if decided is None or row.at.date() <= decided:
            last[row.case_id] = row
    found = [
        Scored(case, last[case.pk].percent, brier(last[case.pk].percent, bool(case.came_true)))
        for case in cases
        if case.pk in last
    ]
    mean = mean_interval([item.score for item in found])
    low = None if mean.low is None else max(0.0, mean.low)  # a square is never below 0
    return found, replace(mean, low=low)


def payers_among(rows: list[Effort]) -> int:
    """How many of the creators with this step pay us."""
    return len({row.creator for row in rows} & payer_ids())
