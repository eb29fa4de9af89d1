"""A choice as it was taken, at today's prices, and what production says of it since."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q
from django.utils import timezone

from generation.evaluations.documents import prices_of
from generation.models import Frame, TemplateDecision, TemplateUse
from generation.prompts.tables import repriced, table_of
from insights.statistics import Estimate, share, share_difference

LATELY = timedelta(days=28)
ENOUGH = 20
"""Runs with the creator's word in each of the two spans; with fewer no drift is called."""


@dataclass(frozen=True)
class Production:
    """Runs that used the chosen version: kept before and lately, pictures drawn again, and drift."""

    runs: int
    before: Estimate
    lately: Estimate
    redone: int
    shots: int
    change: Estimate | None

    @property
    def drifts(self) -> bool:
        """Whether the change of the share kept is surely not nothing."""
        change = self.change
        return change is not None and change.low is not None and not change.holds(0.0)


@dataclass(frozen=True)
class ArmThen:
    name: str
    engine: str
    chosen: bool
    baseline: bool
    numbers: Mapping[str, Any]
    now: Mapping[str, Any] | None


@dataclass(frozen=True)
class DecisionPage:
    arms: list[ArmThen]
    table: Mapping[str, Any]
    repriced: Mapping[str, Any] | None
    prices_then: Mapping[str, Mapping[str, Any]]
    prices_now: Mapping[str, Mapping[str, Any]]
    production: Production
    trials: int
    votes: int


def decision_page(row: TemplateDecision) -> DecisionPage:
    """The table that was kept; where prices have changed since, the same trials at today's."""
    document = row.document
    table = document["table"]
    then = document["prices"]
    now = prices_of(then)
    later = None
    if table["unit"] == "micro" and now and now != then:
        later = table_of(repriced(document, now))
    by_id = {item["id"]: item for item in (later or table)["arms"]}
    names = {arm["id"]: arm for arm in document["arms"]}
    arms = [
        ArmThen(
            name=names[item["id"]]["template"],
            engine=names[item["id"]]["engine"],
            chosen=item["id"] == document["chosen"],
            baseline=names[item["id"]]["baseline"],
            numbers=item,
            now=by_id[item["id"]] if later else None,
        )
        for item in table["arms"]
    ]
    arms.sort(key=lambda arm: -(arm.numbers["score"]["value"] or 0.0))
    return DecisionPage(
        arms=arms,
        table=table,
        repriced=later,
        prices_then=then,
        prices_now=now,
        production=production_of(row),
        trials=len(document["trials"]),
        votes=len(document["votes"]),
    )


def production_of(row: TemplateDecision) -> Production:
    """What creators made of the chosen version's runs, before and within the last four weeks."""
    since = timezone.now() - LATELY
    uses = TemplateUse.objects.filter(version_id=row.arm.version_id)
    counts = uses.aggregate(
        runs=Count("pk"),
        before=Count("pk", filter=Q(at__lt=since, accepted__isnull=False)),
        before_kept=Count("pk", filter=Q(at__lt=since, accepted=True)),
        lately=Count("pk", filter=Q(at__gte=since, accepted__isnull=False)),
        lately_kept=Count("pk", filter=Q(at__gte=since, accepted=True)),
    )
    totals = list(uses.values_list("shots", "redone"))
    again = Frame.objects.filter(
        shot__run__template_uses__version_id=row.arm.version_id, version__gt=1
    ).count()
    enough = min(counts["before"], counts["lately"]) >= ENOUGH
    return Production(
        runs=counts["runs"],
        before=share(counts["before_kept"], counts["before"]),
        lately=share(counts["lately_kept"], counts["lately"]),
        redone=again + sum(redone for _shots, redone in totals),
        shots=sum(shots for shots, _redone in totals),
        change=share_difference(
            counts["lately_kept"], counts["lately"], counts["before_kept"], counts["before"]
        )
        if enough
        else None,
    )


@dataclass(frozen=True)
class DecisionRow:
    row: TemplateDecision
    production: Production


def decisions_now() -> list[DecisionRow]:
    """Every choice with what production says of it, the newest first."""
    rows = (
        TemplateDecision.objects.select_related("arm__version__template", "by", "evaluation")
        .defer("document", "evaluation__results")
        .order_by("-at", "-pk")[:100]
    )
    return [DecisionRow(row, production_of(row)) for row in rows]
