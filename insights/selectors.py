"""Reads of insight: who raised which pain, in which tier, out of how many who were asked.

The unit is the person. The denominator is the creators of that tier (at the time of the interview)
whose interview came to the pain point; not asked is not "no".
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from django.db.models import Count, F, Prefetch, Q, QuerySet
from django.utils.translation import gettext

from crm.models import Creator, Interview, Tier
from insights.models import (
    Asked,
    CodingUnit,
    Evidence,
    MemberCheck,
    Need,
    PainPoint,
    QuoteLimit,
)
from insights.querysets import EvidenceQuerySet
from insights.statistics import (
    Estimate,
    PainRank,
    opportunity_bootstrap,
    prevalence,
    prevalence_ranks_of,
)

ALL = "all"
OPPORTUNITY_DRAWS = 500  # on every page, so that each says the same


@dataclass(frozen=True)
class TierPrevalence:
    tier: str
    label: str
    raised: frozenset[int]
    asked: frozenset[int]
    estimate: Estimate


@dataclass(frozen=True)
class RaisedAsked:
    """Creators by tier who raised a pain point and who were asked, as the interviews had it."""

    raised: dict[str, frozenset[int]]
    asked: dict[str, frozenset[int]]


def current(pains: Iterable[int]) -> dict[int, int]:
    """Each pain point → the one that it was merged into, over all merges; else itself."""
    into = dict(
        PainPoint.objects.filter(merged_into__isnull=False).values_list("pk", "merged_into_id")
    )
    found = {}
    for pain in pains:
        now = pain
        while now in into:  # a merge never goes into what is merged already, so this ends
            now = into[now]
        found[pain] = now
    return found


def raised_and_asked(pains: Iterable[int]) -> dict[int, RaisedAsked]:
    """For each pain point, in three queries: tier → creators who raised it, who were asked.

    One that was merged has the facts of what it was merged into.
    """
    now = current(pains)
    facts = _facts(set(now.values()))
    return {pain: facts[follows] for pain, follows in now.items()}


def _facts(wanted: set[int]) -> dict[int, RaisedAsked]:
    raised: dict[int, dict[str, set[int]]] = {pain: defaultdict(set) for pain in wanted}
    asked: dict[int, dict[str, set[int]]] = {pain: defaultdict(set) for pain in wanted}
    said = (
        Evidence.objects.filter(pain_id__in=wanted, stance=Evidence.Stance.FOR)
        .usable()
        .order_by()
        .values_list("pain_id", "tier", "creator_id")
        .distinct()
    )
    for pain, tier, creator in said:
        raised[pain][tier].add(creator)
        asked[pain][tier].add(creator)
    came_to = (
        Asked.objects.filter(pain_id__in=wanted, interview__usable=True)
        .order_by()
        .values_list("pain_id", "interview__tier_then", "interview__creator_id")
        .distinct()
    )
    for pain, tier, creator in came_to:
        asked[pain][tier].add(creator)
    return {
        pain: RaisedAsked(
            raised={tier: frozenset(ids) for tier, ids in _with_all(raised[pain]).items()},
            asked={tier: frozenset(ids) for tier, ids in _with_all(asked[pain]).items()},
        )
        for pain in wanted
    }


def _with_all(by_tier: dict[str, set[int]]) -> dict[str, set[int]]:
    everyone: set[int] = set().union(*by_tier.values()) if by_tier else set()
    return {**{tier.value: by_tier.get(tier.value, set()) for tier in Tier}, ALL: everyone}


def ranks_of(
    facts: Mapping[int, RaisedAsked], tier: str, *, draws: int, seed: int
) -> dict[int, PainRank]:
    """Pain points of `facts` that anybody of the tier was asked about → their place in it.

    Columns and rows follow the keys, so that the same facts and seed give the same numbers on
    every page. Fewer than two people make no ranking.
    """
    known = [pain for pain in sorted(facts) if facts[pain].asked[tier]]
    people = sorted(set().union(*(facts[pain].asked[tier] for pain in known)))
    if len(people) < 2:
        return {}
    row = {person: place for place, person in enumerate(people)}
    said = np.full((len(people), len(known)), np.nan)
    for column, pain in enumerate(known):
        said[[row[person] for person in facts[pain].asked[tier]], column] = 0.0
        said[[row[person] for person in facts[pain].raised[tier]], column] = 1.0
    found = prevalence_ranks_of(said, draws=draws, seed=seed)
    return dict(zip(known, found, strict=True))


def tier_label(tier: str) -> str:
    return gettext("All tiers") if tier == ALL else str(Tier(tier).label)


def prevalence_by_tier(facts: RaisedAsked) -> list[TierPrevalence]:
    """Share of those asked who raised it, with Wilson's interval: head, mid, entry, all."""
    return [
        TierPrevalence(
            tier=tier,
            label=tier_label(tier),
            raised=facts.raised[tier],
            asked=facts.asked[tier],
            estimate=prevalence(facts.raised[tier], facts.asked[tier]),
        )
        for tier in (*[tier.value for tier in Tier], ALL)
    ]


def blind_interviews(coder: int | None) -> tuple[int, ...]:
    """Interviews of which the coder still has to read a passage blind: others' codes are not for
    their eyes until then. Nobody (None) codes nothing."""
    if coder is None:
        return ()
    waiting = CodingUnit.objects.filter(round__second_coder=coder).exclude(readings__role="second")
    return tuple(waiting.order_by().values_list("transcript__interview", flat=True).distinct())


CODING_ACTS = ("evidence.", "highlight.", "quote.", "suggestion.", "unit.", "counter_evidence.",
               "interview.asked_set")  # fmt: skip
"""Entries of the audit trail that say what somebody read in a passage, by how they begin."""


def acts_withheld(reader: int) -> Q:
    """Others' acts of coding, as long as the reader has a passage to read blind; else none.

    All of them and not those of these interviews alone: of a coding that was taken back the trail
    keeps no more than its number.
    """
    if not blind_interviews(reader):
        return Q(pk__in=[])
    acts = Q()
    for act in CODING_ACTS:
        acts |= Q(action__startswith=act)
    return acts & ~Q(actor=reader)


def limits_of(interview: int) -> dict[int, int]:
    """Passage → how far its speaker lets it go (`QuoteLevel`), where that is less than agreed."""
    return limits_in(QuoteLimit.objects.filter(interview=interview))


def limits_in(rows: QuerySet[QuoteLimit]) -> dict[int, int]:
    """As `limits_of`, by the last word of these rows on each passage."""
    last = rows.order_by("highlight", "-pk").distinct("highlight")
    return {passage: level for passage, level in last.values_list("highlight", "level") if level}


def quotes_of(pain: PainPoint) -> EvidenceQuerySet:
    """Every coding of the pain point (or of what it was merged into) that may be quoted, with
    highlight, interview, creator and coder; the transcript, which is long, is left where it is."""
    return (
        Evidence.objects.filter(pain=current([pain.pk])[pain.pk])
        .quotable()
        .select_related("coder", "creator", "highlight", "interview__creator")
        .prefetch_related(Prefetch("checks", MemberCheck.objects.order_by("-pk"), to_attr="words"))
        .order_by("stance", "tier", "-interview__at", "pk")
    )


def pains_overview() -> QuerySet[PainPoint]:
    """Open pain points with how many creators raised each, most first."""
    return (
        PainPoint.objects.open()
        .with_counts()
        .select_related("step")
        .order_by(F("raised").desc(), "title_zh")
    )


def opportunities(pains: Iterable[int]) -> dict[int, dict[str, Estimate]]:
    """Ulwick's opportunity score (0–20) by pain and tier, of each creator's latest rating."""
    now = current(pains)
    scores = _opportunities(set(now.values()))
    return {pain: scores[follows] for pain, follows in now.items()}


def _opportunities(wanted: set[int]) -> dict[int, dict[str, Estimate]]:
    ratings: dict[tuple[int, str], list[tuple[int, int, int]]] = defaultdict(list)
    rows = (
        Need.objects.filter(pain_id__in=wanted, satisfaction__isnull=False)
        .order_by("pain_id", "creator_id", "-at", "-pk")
        .distinct("pain_id", "creator_id")
    )
    for need in rows:
        if need.satisfaction is None:
            continue
        for tier in (need.tier, ALL):
            ratings[need.pain_id, tier].append((need.importance, need.satisfaction, need.pk))
    return {
        pain: {
            tier: _opportunity(ratings[pain, tier])
            for tier in (*[tier.value for tier in Tier], ALL)
        }
        for pain in wanted
    }


def _opportunity(rows: list[tuple[int, int, int]]) -> Estimate:
    return opportunity_bootstrap(
        [importance for importance, _satisfaction, _key in rows],
        [satisfaction for _importance, satisfaction, _key in rows],
        draws=OPPORTUNITY_DRAWS,
        rows=[key for _importance, _satisfaction, key in rows],
    )


def unread_against(pain_ids: Iterable[int]) -> dict[int, int]:
    """Each pain point → how many pieces of evidence against it nobody has marked as read."""
    now = current(pain_ids)
    counts = dict(
        Evidence.objects.filter(
            pain_id__in=set(now.values()), stance=Evidence.Stance.AGAINST, readings__isnull=True
        )
        .quotable()
        .order_by()
        .values_list("pain_id")
        .annotate(unread=Count("pk"))
    )
    return {pain: counts.get(follows, 0) for pain, follows in now.items()}


@dataclass(frozen=True)
class UnreadPain:
    pain_id: int
    title: str
    unread: int


def unread_pains(pain_ids: Iterable[int]) -> tuple[UnreadPain, ...]:
    """The pain points among these with unread counter-evidence, by title."""
    unread = {pain: count for pain, count in unread_against(pain_ids).items() if count}
    return tuple(
        UnreadPain(pain.pk, pain.title, unread[pain.pk])
        for pain in PainPoint.objects.filter(pk__in=unread)
    )


def interviews_of(creators: Iterable[Creator]) -> QuerySet[Interview]:
    return Interview.objects.filter(creator__in=list(creators)).select_related("creator", "study")
