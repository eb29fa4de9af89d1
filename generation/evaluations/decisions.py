"""A choice as it was taken, at today's prices, and what production says of it since."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from generation.evaluations.documents import prices_of
from generation.models import TemplateDecision, TemplateUse
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
    return _production({row.arm.version_id})[row.arm.version_id]


def _production(versions: Collection[int]) -> dict[int, Production]:
    """By version; one query, whatever the number of runs."""
    since = timezone.now() - LATELY
    before, lately = Q(at__lt=since), Q(at__gte=since)
    rows = (
        TemplateUse.objects.filter(version__in=versions)
        .order_by()
        .values("version")
        .annotate(
            runs=Count("pk"),
            before=Count("accepted", filter=before),
            before_kept=Count("pk", filter=before & Q(accepted=True)),
            lately=Count("accepted", filter=lately),
            lately_kept=Count("pk", filter=lately & Q(accepted=True)),
            redone=Sum("redone"),
            shots=Sum("shots"),
        )
    )
    counted: dict[int, Mapping[str, int]] = {row["version"]: dict(row) for row in rows}  # type: ignore[arg-type]
    nothing: Mapping[str, int] = dict.fromkeys(
        ("runs", "before", "before_kept", "lately", "lately_kept", "redone", "shots"), 0
    )
    return {version: _flow(counted.get(version, nothing)) for version in versions}


def _flow(told: Mapping[str, int]) -> Production:
    enough = min(told["before"], told["lately"]) >= ENOUGH
    return Production(
        runs=told["runs"],
        before=share(told["before_kept"], told["before"]),
        lately=share(told["lately_kept"], told["lately"]),
        redone=told["redone"],
        shots=told["shots"],
        change=share_difference(
            told["lately_kept"], told["lately"], told["before_kept"], told["before"]
        )
        if enough
        else None,
    )


@dataclass(frozen=True)
class DecisionRow:
    row: TemplateDecision
    production: Production


def decisions_now() -> list[DecisionRow]:
    """Every choice with what production says of it, the newest first; two queries."""
    rows = list(
        TemplateDecision.objects.select_related("arm__version__template", "by", "evaluation")
        .defer("document", "evaluation__results")
        .order_by("-at", "-pk")[:100]
    )
    found = _production({row.arm.version_id for row in rows})
    return [DecisionRow(row, found[row.arm.version_id]) for row in rows]
