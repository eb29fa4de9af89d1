"""Coverage of a pain in a tier, 0 to 1, from what happened after release: whom it reached, how much is gone.

A feature counts from the day it is live; what is merely built counts nothing. Reached is a creator
who has the pain (raised it in an interview of that tier, or says that it hurt before) and kept a
result of a released feature that rests on it, or answered about its relief. The relief is the share
of the pain that is gone by their own word: 1 − after/before, never below 0.
"""

from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import datetime

import numpy as np

from crm.selectors import tiers_then
from generation.features.alarm.judging import coverage
from generation.features.alarm.market import NOTHING_YET, Relieved
from generation.models import Feature, FeatureUse, Justification, Relief
from insights.selectors import ALL, raised_and_asked
from insights.statistics import Estimate

RELEASED = (Feature.Status.LIVE, Feature.Status.WATCHED)
DRAWS, SEED = 2000, 20261125


@dataclass(frozen=True)
class Person:
    """One creator who has the pain: `relief` is their best, None where they have not answered."""

    creator: int
    reached: bool
    relief: float | None
    relief_rows: tuple[int, ...]
    use_rows: tuple[int, ...]


Key = tuple[int, str]


def people(
    pains: Collection[int], *, features: Collection[int] | None = None
) -> dict[Key, list[Person]]:
    """(pain, tier or all) → the creators who have it, with what the released features did for them.

    `features` limits the evidence to those features. A fixed number of queries.
    """
    rests = _released(pains, features)
    used = {pk for ids in rests.values() for pk in ids}
    kept: dict[tuple[int, int], list[tuple[int, datetime]]] = defaultdict(list)
    uses = FeatureUse.objects.filter(feature_id__in=used, accepted=True).order_by("pk")
    for pk, feature, creator, at in uses.values_list("pk", "feature_id", "creator_id", "at"):
        kept[feature, creator].append((pk, at))
    answers: dict[int, list[tuple[int, int, float, datetime]]] = defaultdict(list)
    rows = Relief.objects.filter(pain_id__in=pains, feature_id__in=used).order_by("pk")
    for row in rows:
        if row.feature_id in rests[row.pain_id] and row.before:
            gone = max(0.0, 1.0 - row.after / row.before)
            answers[row.pain_id].append((row.pk, row.creator_id, gone, row.at))
    facts = raised_and_asked(pains)
    known = {creator for found in answers.values() for _pk, creator, _gone, _at in found}
    tiers = tiers_then(known)
    found: dict[Key, list[Person]] = {}
    for pain in pains:
        members: dict[str, set[int]] = {tier: set(ids) for tier, ids in facts[pain].raised.items()}
        told: dict[int, list[tuple[int, float]]] = defaultdict(list)
        for pk, creator, gone, at in answers[pain]:
            members.setdefault(tiers(creator, at), set()).add(creator)
            members[ALL].add(creator)
            told[creator].append((pk, gone))
        for tier, ids in members.items():
            found[pain, tier] = [
                _person(creator, told[creator], [kept[f, creator] for f in rests[pain]])
                for creator in sorted(ids)
            ]
    return found


def _person(
    creator: int, told: list[tuple[int, float]], uses: list[list[tuple[int, datetime]]]
) -> Person:
    used = tuple(pk for rows in uses for pk, _at in rows)
    return Person(
        creator=creator,
        reached=bool(told or used),
        relief=max((gone for _pk, gone in told), default=None),
        relief_rows=tuple(pk for pk, _gone in told),
        use_rows=used,
    )


def _released(pains: Collection[int], features: Collection[int] | None) -> dict[int, set[int]]:
    """Pain → the released features that rest on it."""
    found: dict[int, set[int]] = {pain: set() for pain in pains}
    rows = Justification.objects.filter(pain_id__in=pains, feature__status__in=RELEASED)
    if features is not None:
        rows = rows.filter(feature_id__in=features)
    for pain, feature in rows.values_list("pain_id", "feature_id"):
        if pain is not None:
            found[pain].add(feature)
    return found


def evidence_of(persons: Iterable[Person]) -> Relieved:
    """The persons as the arrays that coverage is computed from."""
    members = list(persons)
    if not members:
        return NOTHING_YET
    return Relieved(
        reached=np.array([float(person.reached) for person in members]),
        relief=np.array([person.relief for person in members if person.relief is not None]),
        rows=tuple(pk for person in members for pk in person.relief_rows),
    )


def coverages(
    pains: Collection[int], *, features: Collection[int] | None = None
) -> dict[Key, Estimate]:
    """(pain, tier or all) → coverage with its one-sided limits and the ids of its Relief rows."""
    return {
        key: coverage(evidence_of(persons), DRAWS, np.random.default_rng(SEED))
        for key, persons in people(pains, features=features).items()
    }
