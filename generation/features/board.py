"""The board: every feature with what it rests on and what came of it, in a fixed number of queries."""

from collections import defaultdict
from dataclasses import dataclass, replace

from django.db.models import Count, Q
from django.utils.translation import gettext as _

from crm.models import Creator
from generation.features.alarm.reading import policy
from generation.features.coverage import RELEASED, coverages, people
from generation.features.signals import Signal
from generation.models import (
    AlarmPolicy,
    Feature,
    FeatureAnswer,
    FeatureUse,
    Justification,
    PipelineStep,
)
from insights.models import Evidence, PainPoint
from insights.selectors import ALL, RaisedAsked, raised_and_asked
from insights.statistics import PUBLISHABLE_N, Estimate, share

LOW_KEPT = 0.5


@dataclass(frozen=True)
class Card:
    """One feature: `first` is the highest probability of its pains to be first, by the last alarm."""

    feature: Feature
    pains: tuple[PainPoint, ...]
    raised: int
    asked: int
    first: float | None
    runs: int
    kept: Estimate
    covered: Estimate | None
    answer: FeatureAnswer | None
    signals: tuple[Signal, ...]


@dataclass(frozen=True)
class Column:
    status: str
    label: str
    cards: tuple[Card, ...]


def columns() -> list[Column]:
    """Features by status, those in each ordered by how likely their pain is first."""
    features = list(Feature.objects.select_related("owner").order_by("step", "key"))
    rests: dict[int, list[PainPoint]] = defaultdict(list)
    reasons: dict[int, int] = defaultdict(int)
    for row in Justification.objects.select_related("pain").order_by("pk"):
        reasons[row.feature_id] += 1
        if row.pain is not None:
            rests[row.feature_id].append(row.pain)
    pains = {pain.pk for found in rests.values() for pain in found}
    facts = raised_and_asked(pains)
    covered = coverages(sorted(pains))
    limits = policy()
    first = _first(limits)
    uses = {
        row["feature_id"]: row
        for row in FeatureUse.objects.order_by()
        .values("feature_id")
        .annotate(
            runs=Count("run", distinct=True),
            judged=Count("pk", filter=Q(accepted__isnull=False)),
            kept=Count("pk", filter=Q(accepted=True)),
        )
    }
    answers: dict[int, FeatureAnswer] = {}
    for answer in FeatureAnswer.objects.order_by("at", "pk"):
        answers[answer.feature_id] = answer
    cards: dict[str, list[Card]] = defaultdict(list)
    for feature in features:
        mine = rests[feature.pk]
        use = uses.get(feature.pk, {"runs": 0, "judged": 0, "kept": 0})
        best = max((first[pain.pk] for pain in mine if pain.pk in first), default=None)
        card = Card(
            feature=feature,
            pains=tuple(mine),
            raised=len(frozenset().union(*(facts[pain.pk].raised[ALL] for pain in mine))),
            asked=len(frozenset().union(*(facts[pain.pk].asked[ALL] for pain in mine))),
            first=best,
            runs=use["runs"],
            kept=share(use["kept"], use["judged"]),
            covered=_least([covered[pain.pk, ALL] for pain in mine]),
            answer=answers.get(feature.pk),
            signals=(),
        )
        cards[feature.status].append(_with_signals(card, reasons[feature.pk], limits))
    return [
        Column(status.value, str(status.label), tuple(
            sorted(cards[status.value], key=lambda card: -(card.first or 0.0))
        ))
        for status in Feature.Status
    ]  # fmt: skip


def _first(limits: AlarmPolicy) -> dict[int, float]:
    """Pain → probability of being first, as the alarm was last evaluated."""
    found: dict[int, float] = defaultdict(float)
    for need in limits.current.get("needs", []):
        found[need["pain"]] += need["first"]
    return dict(found)


def _least(estimates: list[Estimate]) -> Estimate | None:
    return min(estimates, key=lambda item: item.value or 0.0, default=None)


def _with_signals(card: Card, reasons: int, limits: AlarmPolicy) -> Card:
    return replace(card, signals=tuple(_signals(card, reasons, limits)))


def _signals(card: Card, reasons: int, limits: AlarmPolicy) -> list[Signal]:
    """What a reader of the board must not overlook, each once."""
    found = []
    released = card.feature.status in RELEASED
    if not reasons and card.feature.status != Feature.Status.RETIRED:
        found.append(Signal("no_evidence", _("No evidence yet")))
    if card.first is not None and card.first >= limits.rank:
        if not released:
            found.append(Signal("first_waits", _("Its pain is first, and it is not live")))
        elif card.covered and card.covered.high is not None and card.covered.high < limits.coverage:
            found.append(Signal("first_uncovered", _("Its pain is first and still uncovered")))
    if released and not card.runs:
        found.append(Signal("unused", _("Live, but nobody uses it")))
    if card.kept.n >= PUBLISHABLE_N and card.kept.high is not None and card.kept.high < LOW_KEPT:
        found.append(Signal("not_kept", _("Most results are not kept")))
    if card.feature.status == Feature.Status.RETIRED and card.answer is None and card.raised:
        found.append(Signal("unanswered", _("Retired, and its creators have no answer")))
    return found


# -- the map --------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Cell:
    """A pain met by the features of one pipeline step; `coverage` counts their evidence alone."""

    step: str
    pain: PainPoint
    features: tuple[Feature, ...]
    coverage: Estimate | None


@dataclass(frozen=True)
class MapRow:
    pain: PainPoint
    facts: RaisedAsked
    first: float | None
    cells: tuple[Cell, ...]


def pain_map() -> list[MapRow]:
    """Open pains, most raised first, × pipeline steps, with the coverage of each pair."""
    pains = {pain.pk: pain for pain in PainPoint.objects.open().select_related("step")}
    facts = raised_and_asked(pains)
    first = _first(policy())
    by_cell: dict[tuple[str, int], list[Feature]] = defaultdict(list)
    rows = Justification.objects.filter(pain_id__in=pains).select_related("feature")
    for row in rows.exclude(feature__status=Feature.Status.RETIRED).order_by("feature__key"):
        if row.pain_id is not None:
            by_cell[row.feature.step, row.pain_id].append(row.feature)
    covered: dict[tuple[str, int], Estimate] = {}
    for step in PipelineStep:
        mine = [f.pk for (of, _pain), found in by_cell.items() if of == step for f in found]
        met = sorted({pain for of, pain in by_cell if of == step})
        found = coverages(met, features=mine) if met else {}
        covered |= {(step.value, pain): found[pain, ALL] for pain in met}
    order = sorted(pains.values(), key=lambda p: (-len(facts[p.pk].raised[ALL]), p.title_zh))
    return [
        MapRow(
            pain=pain,
            facts=facts[pain.pk],
            first=first.get(pain.pk),
            cells=tuple(
                Cell(
                    step.value, pain, tuple(by_cell[step.value, pain.pk]),
                    covered.get((step.value, pain.pk)),
                )
                for step in PipelineStep
            ),
        )
        for pain in order
    ]  # fmt: skip


@dataclass(frozen=True)
class CellRow:
    """One creator behind a cell: what of the pain is gone for them, and the rows that say so."""

    creator: int
    name: str
    tier: str
    reached: bool
    relief: float | None
    uses: tuple[int, ...]
    evidence: int | None
    interview: int | None


def cell_rows(pain: PainPoint, *, tier: str, step: str = "") -> list[CellRow]:
    """The creators with the pain in a tier (or all), by the features of one step (or all)."""

    features = None
    if step:
        features = list(Feature.objects.filter(step=step).values_list("pk", flat=True))
    persons = people([pain.pk], features=features).get((pain.pk, tier), [])
    ids = [person.creator for person in persons]
    names = dict(Creator.objects.filter(pk__in=ids).values_list("pk", "name"))
    tiers = dict(Creator.objects.filter(pk__in=ids).values_list("pk", "tier"))
    said = Evidence.objects.usable().filter(
        pain=pain, creator_id__in=ids, stance=Evidence.Stance.FOR
    )
    quotes = {
        creator: (pk, interview)
        for pk, creator, interview in said.order_by("-pk").values_list(
            "pk", "creator_id", "highlight__transcript__interview_id"
        )
    }
    return [
        CellRow(
            creator=person.creator,
            name=names[person.creator],
            tier=tiers[person.creator],
            reached=person.reached,
            relief=person.relief,
            uses=person.use_rows,
            evidence=quotes.get(person.creator, (None, None))[0],
            interview=quotes.get(person.creator, (None, None))[1],
        )
        for person in persons
    ]
