"""How far two coders agree, pain by pain, from readings that were blind and nothing else."""

from collections import defaultdict
from dataclasses import dataclass

from insights.findings.queue import finished_units
from insights.findings.selection import Selection
from insights.models import CodingRound, PainPoint, UnitCode
from insights.statistics import (
    Estimate,
    alpha_interval,
    codes_alpha_interval,
    kappa_interval,
    share,
)

NONE = "none"
DRAWS = 1000


@dataclass(frozen=True)
class PainAgreement:
    """`same`: share of passages read the same way; `units` those that both read, `apart` those
    that they read differently. A reading is for, against, or not in it."""

    pain: PainPoint
    same: Estimate
    kappa: Estimate
    alpha: Estimate
    units: tuple[int, ...]
    apart: tuple[int, ...]


@dataclass(frozen=True)
class Agreement:
    """`overall` is alpha over all pain points with chance reckoned within each."""

    pains: tuple[PainAgreement, ...]
    overall: Estimate
    rounds: int


def agreement(
    selection: Selection, *, round_id: int | None = None, draws: int = DRAWS
) -> Agreement:
    """Pain points in rounds of second coding that are read to their end, most passages first."""
    rows = finished_units().filter(
        selection.within(
            "transcript__interview__at",
            "transcript__interview__study",
            "transcript__interview__creator",
        )
    )
    if round_id is not None:
        rows = rows.filter(round=round_id)
    units = list(rows.order_by("pk").values_list("pk", "round_id"))
    codes: dict[tuple[int, str, int], str] = {}
    for unit, role, code, stance in UnitCode.objects.filter(
        reading__unit__in=[key for key, _round in units]
    ).values_list("reading__unit_id", "reading__role", "pain_id", "stance"):
        codes[unit, role, code] = stance
    offered: dict[int, set[int]] = defaultdict(set)
    for held, code in CodingRound.pains.through.objects.filter(
        codinground_id__in={held for _unit, held in units}
    ).values_list("codinground_id", "painpoint_id"):
        offered[held].add(code)
    pains = PainPoint.objects.filter(pk__in=set().union(*offered.values()))
    lines, table = [], []
    for pain in pains:
        read = {
            unit: tuple(codes.get((unit, role, pain.pk), NONE) for role in ("first", "second"))
            for unit, held in units
            if pain.pk in offered[held]
        }
        lines.append(_agreement(pain, read, draws))
        table.append(
            [[read[unit][coder] if unit in read else None for unit, _held in units]
             for coder in (0, 1)]
        )  # fmt: skip
    lines.sort(key=lambda line: (-len(line.units), line.pain.title_zh))
    return Agreement(
        tuple(lines), codes_alpha_interval(table, draws=draws), len({held for _u, held in units})
    )


def _agreement(pain: PainPoint, read: dict[int, tuple[str, ...]], draws: int) -> PainAgreement:
    first, second = ([pair[coder] for pair in read.values()] for coder in (0, 1))
    same = tuple(unit for unit, (one, other) in read.items() if one == other)
    return PainAgreement(
        pain=pain,
        same=share(len(same), len(read), rows=same),
        kappa=kappa_interval(first, second, draws=draws),
        alpha=alpha_interval([first, second], draws=draws),
        units=tuple(read),
        apart=tuple(unit for unit in read if unit not in set(same)),
    )
