"""The dossier: why a feature exists, from one set of reads; every number with its n and interval.

The pages, the command line and the API all show this one dataclass; `to_document` writes it as
`dossier.schema.json` says. The population is the creators asked about the feature's pain points.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import Count, Q, Sum
from django.utils import timezone

from crm.money import decimal_text
from generation.features.payers import Paying, paying
from generation.features.signals import Signal, signals
from generation.models import Criterion, Feature, FeatureUse, Justification, Relief, Verdict
from insights.models import Evidence, PainPoint
from insights.ranking import TierRank, ranks_by_tier
from insights.selectors import (
    ALL,
    TierPrevalence,
    opportunities,
    prevalence_by_tier,
    raised_and_asked,
)
from insights.statistics import Estimate, mean_interval, paired_difference_interval, prevalence


@dataclass(frozen=True)
class Quote:
    evidence: int
    interview: int
    start: int
    end: int
    text: str
    tier: str
    tier_label: str
    severity: int | None
    creator: str
    creator_id: int
    at: datetime
    paying_then: bool | None
    consent: str
    coder: str
    stance: str


@dataclass(frozen=True)
class TierLine:
    prevalence: TierPrevalence
    opportunity: Estimate
    rank: TierRank | None


@dataclass(frozen=True)
class PainPart:
    pain: PainPoint
    tiers: tuple[TierLine, ...]
    quotes: tuple[Quote, ...]
    against: tuple[Quote, ...]


@dataclass(frozen=True)
class Usage:
    runs: int
    creators: int
    tokens: int
    cost: tuple[tuple[str, int], ...]
    paying_creators: int
    accepted: Estimate


@dataclass(frozen=True)
class ReliefPart:
    before: Estimate
    after: Estimate
    difference: Estimate


@dataclass(frozen=True)
class CriterionPart:
    criterion: Criterion
    state: str
    value: float | None
    n: int


@dataclass(frozen=True)
class Dossier:
    feature: Feature
    as_of: datetime
    justifications: tuple[Justification, ...]
    pain_parts: tuple[PainPart, ...]
    raised: frozenset[int]
    asked: frozenset[int]
    paying: Paying
    usage: Usage
    relief: ReliefPart
    criteria: tuple[CriterionPart, ...]
    verdicts: tuple[Verdict, ...]
    signals: tuple[Signal, ...]


def dossier(feature: Feature, *, at: datetime | None = None) -> Dossier:
    """Gather the dossier in a number of queries that does not grow with the data."""
    justifications = tuple(
        feature.justifications.select_related("pain__step", "payment__creator").order_by("pk")
    )
    pains = [item.pain for item in justifications if item.pain is not None]
    facts = raised_and_asked([pain.pk for pain in pains])
    quotes, withheld = _quotes([pain.pk for pain in pains])
    ranks = ranks_by_tier()
    scores = opportunities([pain.pk for pain in pains])
    parts = tuple(
        PainPart(
            pain=pain,
            tiers=tuple(
                TierLine(row, scores[pain.pk][row.tier], ranks.get((pain.pk, row.tier)))
                for row in prevalence_by_tier(facts[pain.pk])
            ),
            quotes=tuple(q for q in quotes.get(pain.pk, ()) if q.stance == Evidence.Stance.FOR),
            against=tuple(
                q for q in quotes.get(pain.pk, ()) if q.stance == Evidence.Stance.AGAINST
            ),
        )
        for pain in pains
    )
    raised = frozenset().union(*(facts[pain.pk].raised[ALL] for pain in pains))
    asked = frozenset().union(*(facts[pain.pk].asked[ALL] for pain in pains))
    money = paying(raised, asked)
    usage = _usage(feature, money.payers)
    relief = _relief(feature)
    criteria = _criteria(feature, parts, money, usage, relief)
    return Dossier(
        feature=feature,
        as_of=at or timezone.now(),
        justifications=justifications,
        pain_parts=parts,
        raised=raised,
        asked=asked,
        paying=money,
        usage=usage,
        relief=relief,
        criteria=criteria,
        verdicts=tuple(feature.verdicts.select_related("by")),
        signals=tuple(signals(parts, money, usage, criteria, withheld=withheld)),
    )


def _quotes(pains: Sequence[int]) -> tuple[dict[int, list[Quote]], int]:
    """Quotes by pain point, and how many were left out because their consent was withdrawn."""
    rows = (
        Evidence.objects.filter(pain_id__in=pains)
        .select_related("creator", "coder", "highlight__transcript__interview")
        .order_by("tier", "-highlight__transcript__interview__at", "pk")
    )
    found: dict[int, list[Quote]] = {}
    for item in rows.quotable():
        found.setdefault(item.pain_id, []).append(_quote(item))
    shown = sum(len(quotes) for quotes in found.values())
    return found, rows.count() - shown


def _quote(item: Evidence) -> Quote:
    highlight = item.highlight
    interview = highlight.transcript.interview
    return Quote(
        evidence=item.pk,
        interview=interview.pk,
        start=highlight.start,
        end=highlight.end,
        text=highlight.text,
        tier=item.tier,
        tier_label=item.get_tier_display(),
        severity=item.severity,
        creator=item.creator.name,
        creator_id=item.creator_id,
        at=interview.at,
        paying_then=interview.paying_then,
        consent=interview.quoting,
        coder=item.coder.first_name or item.coder.username,
        stance=item.stance,
    )


def _usage(feature: Feature, payers: frozenset[int]) -> Usage:
    uses = FeatureUse.objects.filter(feature=feature).order_by()
    sums = uses.aggregate(
        runs=Count("run", distinct=True),
        creators=Count("creator", distinct=True),
        tokens=Sum("tokens"),
        judged=Count("pk", filter=Q(accepted__isnull=False)),
        kept=Count("pk", filter=Q(accepted=True)),
    )
    costs = uses.values("currency").annotate(minor=Sum("cost_minor")).order_by("currency")
    users = set(uses.values_list("creator_id", flat=True).distinct())
    judged = range(sums["judged"])
    return Usage(
        runs=sums["runs"],
        creators=sums["creators"],
        tokens=sums["tokens"] or 0,
        cost=tuple((row["currency"], row["minor"]) for row in costs),
        paying_creators=len(users & payers),
        accepted=prevalence(judged[: sums["kept"]], judged),
    )


def _relief(feature: Feature) -> ReliefPart:
    rows = list(
        Relief.objects.filter(feature=feature).order_by("pk").values_list("before", "after")
    )
    before, after = [row[0] for row in rows], [row[1] for row in rows]
    return ReliefPart(
        before=mean_interval(before),
        after=mean_interval(after),
        difference=paired_difference_interval(before, after),
    )


def _criteria(
    feature: Feature,
    parts: Sequence[PainPart],
    money: Paying,
    usage: Usage,
    relief: ReliefPart,
) -> tuple[CriterionPart, ...]:
    return tuple(
        _evaluated(criterion, parts, money, usage, relief) for criterion in feature.criteria.all()
    )


def _evaluated(
    criterion: Criterion,
    parts: Sequence[PainPart],
    money: Paying,
    usage: Usage,
    relief: ReliefPart,
) -> CriterionPart:
    """Code says whether the bar is met; with fewer than the smallest n it says nothing yet."""
    metric, tier = criterion.metric, criterion.tier or ALL
    value: float | None
    if metric == Criterion.Metric.PREVALENCE_LOW:
        lines = [
            line.prevalence.estimate
            for part in parts
            for line in part.tiers
            if line.prevalence.tier == tier
        ]
        best = max(lines, key=lambda item: item.low or 0.0, default=None)
        value, n = (best.low, best.n) if best else (None, 0)
    elif metric == Criterion.Metric.PAYERS:
        value, n = float(len(money.payers)), money.raised.n
    elif metric == Criterion.Metric.ACCEPTED_RATE:
        value, n = usage.accepted.value, usage.accepted.n
    elif metric == Criterion.Metric.RUNS:
        value, n = float(usage.runs), usage.runs
    else:
        value, n = relief.difference.value, relief.difference.n
    if value is None or n < criterion.minimum_n:
        return CriterionPart(criterion, "not_enough_data", value, n)
    bar = float(criterion.threshold)
    met = value >= bar if criterion.operator == Criterion.Operator.AT_LEAST else value <= bar
    late = criterion.due is not None and criterion.due < timezone.localdate()
    return CriterionPart(criterion, "met" if met else "missed" if late else "open", value, n)


def _estimate(item: Estimate) -> dict[str, Any]:
    return {
        "value": item.value, "n": item.n, "low": item.low, "high": item.high, "method": item.method,
    }  # fmt: skip


def _money(currency: str, minor: int) -> dict[str, str]:
    return {"amount": decimal_text(minor, currency), "currency": currency}


def to_document(item: Dossier) -> dict[str, Any]:
    """The dossier as `dossier.schema.json`."""
    return {
        "feature": {
            "key": item.feature.key,
            "title": item.feature.title,
            "status": item.feature.status,
            "step": item.feature.step,
            "hypothesis": item.feature.hypothesis,
        },
        "as_of": item.as_of.isoformat(),
        "pain_points": [_pain_document(part) for part in item.pain_parts],
        "payments": _payments_document(item),
        "usage": _usage_document(item.usage),
        "relief": {
            "before": _estimate(item.relief.before),
            "after": _estimate(item.relief.after),
            "difference": _estimate(item.relief.difference),
        },
        "criteria": [
            {
                "text": part.criterion.text,
                "locked_at": part.criterion.locked_at and part.criterion.locked_at.isoformat(),
                "due": part.criterion.due and part.criterion.due.isoformat(),
                "state": part.state,
            }
            for part in item.criteria
        ],
        "verdicts": [
            {
                "decision": verdict.decision,
                "at": verdict.at.isoformat(),
                "by": (verdict.by.first_name or verdict.by.username) if verdict.by else "",
                "why": verdict.why,
                "numbers": verdict.numbers,
            }
            for verdict in item.verdicts
        ],
        "signals": [{"code": signal.code, "text": str(signal.text)} for signal in item.signals],
    }


def _pain_document(part: PainPart) -> dict[str, Any]:
    return {
        "id": part.pain.pk,
        "title": part.pain.title,
        "tiers": [
            {
                "tier": line.prevalence.tier,
                "prevalence": _estimate(line.prevalence.estimate),
                "opportunity": _estimate(line.opportunity),
                "rank": line.rank.rank if line.rank else None,
                "first_probability": line.rank.first_probability if line.rank else None,
            }
            for line in part.tiers
        ],
        "quotes": [_quote_document(quote) for quote in part.quotes],
        "against": [_quote_document(quote) for quote in part.against],
    }


def _quote_document(quote: Quote) -> dict[str, Any]:
    names = (
        "evidence", "interview", "start", "end", "text", "tier", "severity", "paying_then",
        "consent",
    )  # fmt: skip
    return {name: getattr(quote, name) for name in names}


def _payments_document(item: Dossier) -> dict[str, Any]:
    money = item.paying
    return {
        "revenue": [_money(row.currency, row.minor) for row in money.revenue],
        "payers": len(money.payers),
        "paying_rate_raised": _estimate(money.raised),
        "paying_rate_not_raised": _estimate(money.not_raised),
        "difference": _estimate(money.difference),
        "largest_payer_share": money.largest_payer_share,
    }


def _usage_document(usage: Usage) -> dict[str, Any]:
    return {
        "runs": usage.runs,
        "creators": usage.creators,
        "tokens": usage.tokens,
        "cost": [_money(currency, minor) for currency, minor in usage.cost],
        "cost_per_paying_creator": [
            _money(currency, -(-minor // usage.paying_creators)) for currency, minor in usage.cost
        ]
        if usage.paying_creators
        else [],
        "accepted_rate": _estimate(usage.accepted),
    }
