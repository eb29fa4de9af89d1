"""What creators rated: importance against satisfaction, and the prices they named, by pain and tier.

Each creator counts once for a pain point, with the latest rating within the selection.
"""

from collections import defaultdict
from dataclasses import dataclass

from insights.findings.corpus import TIERS
from insights.findings.selection import Selection
from insights.models import Need, PainPoint
from insights.selectors import ALL, OPPORTUNITY_DRAWS, current
from insights.statistics import (
    Estimate,
    PricePoints,
    opportunity_bootstrap,
    top_two_box,
    van_westendorp,
    van_westendorp_intervals,
)

PRICES = ("too_cheap_minor", "cheap_minor", "expensive_minor", "too_expensive_minor")


@dataclass(frozen=True)
class Standing:
    """A pain point in a tier: shares that rated importance and satisfaction 4 or 5, and the score.

    `rows` of each estimate are the ratings.
    """

    importance: Estimate
    satisfaction: Estimate
    opportunity: Estimate


@dataclass(frozen=True)
class Landscape:
    pain: PainPoint
    tiers: dict[str, Standing]


def _latest(selection: Selection) -> dict[int, list[Need]]:
    """Open pain point → the latest rating of each creator.

    A rating belongs to no interview; a study's are those of the creators interviewed in it.
    """
    rows = Need.objects.filter(selection.within("at"))
    if selection.study:
        rows = rows.filter(creator__interviews__study__key=selection.study)
    rows = rows.order_by("creator_id", "pain_id", "-at", "-pk").distinct("creator_id", "pain_id")
    needs = list(rows)
    now = current({need.pain_id for need in needs})
    latest: dict[tuple[int, int], Need] = {}
    for need in needs:
        key = (now[need.pain_id], need.creator_id)
        if key not in latest or latest[key].at < need.at:
            latest[key] = need
    found: dict[int, list[Need]] = defaultdict(list)
    for (pain, _creator), need in latest.items():
        found[pain].append(need)
    return found


def _in_tier(needs: list[Need], tier: str) -> list[Need]:
    return needs if tier == ALL else [need for need in needs if need.tier == tier]


def landscape(selection: Selection, *, draws: int = OPPORTUNITY_DRAWS) -> list[Landscape]:
    """Open pain points that anybody rated, the highest opportunity over all tiers first."""
    found = _latest(selection)
    pains = PainPoint.objects.open().filter(pk__in=found).select_related("step")
    lines = [
        Landscape(
            pain,
            {tier: _standing(_in_tier(found[pain.pk], tier), draws) for tier in TIERS},
        )
        for pain in pains
    ]
    return sorted(
        lines, key=lambda line: (-(line.tiers[ALL].opportunity.value or 0.0), line.pain.pk)
    )


def _standing(needs: list[Need], draws: int) -> Standing:
    both = [need for need in needs if need.satisfaction is not None]
    rows = [need.pk for need in both]
    wish, state = [need.importance for need in both], [need.satisfaction for need in both]
    return Standing(
        top_two_box(wish, rows=rows),
        top_two_box(state, rows=rows),
        opportunity_bootstrap(wish, state, draws=draws, rows=rows),
    )


@dataclass(frozen=True)
class Priced:
    """Van Westendorp's points of a pain point in a tier, in fen a month, with intervals by name.

    `rows` are the ratings with all four prices; `contradictory` how many of them fell out.
    """

    tier: str
    points: PricePoints
    estimates: dict[str, Estimate]
    rows: tuple[int, ...]
    contradictory: int


@dataclass(frozen=True)
class PricedPain:
    pain: PainPoint
    tiers: dict[str, Priced]


def prices(selection: Selection, *, pain_id: int | None = None) -> list[PricedPain]:
    """Open pain points for which anybody named all four prices, most answers first.

    `pain_id` (or else the first) is reckoned for every tier, the others for all tiers together.
    """
    found = {
        pain: [need for need in needs if all(getattr(need, name) is not None for name in PRICES)]
        for pain, needs in _latest(selection).items()
    }
    found = {pain: needs for pain, needs in found.items() if needs}
    pains = sorted(
        PainPoint.objects.open().filter(pk__in=found),
        key=lambda pain: (-len(found[pain.pk]), pain.pk),
    )
    chosen = pain_id if pain_id in found else pains[0].pk if pains else None
    return [
        PricedPain(
            pain,
            {
                tier: _priced(tier, _in_tier(found[pain.pk], tier))
                for tier in (TIERS if pain.pk == chosen else (ALL,))
            },
        )
        for pain in pains
    ]


def _priced(tier: str, needs: list[Need]) -> Priced:
    answers = [[getattr(need, name) for name in PRICES] for need in needs]
    points = van_westendorp(answers)
    return Priced(
        tier=tier,
        points=points,
        estimates=van_westendorp_intervals(answers),
        rows=tuple(need.pk for need in needs),
        contradictory=len(points.excluded),
    )
