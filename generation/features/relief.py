"""Whether a pain went away: before and after of the same creators, by tier, with interval."""

from collections import defaultdict
from dataclasses import dataclass

from crm.models import Tier
from crm.selectors import tiers_then
from generation.models import Feature, Relief
from insights.selectors import ALL, tier_label
from insights.statistics import Estimate, mean_interval, paired_difference_interval


@dataclass(frozen=True)
class ReliefPart:
    """Means on the scale 0–10; `difference` is after less before, paired: below 0 is relief."""

    before: Estimate
    after: Estimate
    difference: Estimate


@dataclass(frozen=True)
class TierRelief:
    tier: str
    label: str
    part: ReliefPart


def relief_by_tier(feature: Feature) -> tuple[TierRelief, ...]:
    """Head, mid, entry and all, by the creator's tier at the time of the answer; three queries."""
    rows = list(
        Relief.objects.filter(feature=feature)
        .order_by("pk")
        .values_list("pk", "creator_id", "before", "after", "at")
    )
    tier_then = tiers_then({row[1] for row in rows})
    found: dict[str, list[tuple[int, int, int]]] = defaultdict(list)
    for pk, creator, before, after, at in rows:
        for tier in (tier_then(creator, at), ALL):
            found[tier].append((pk, before, after))
    return tuple(
        TierRelief(tier, tier_label(tier), _part(found[tier]))
        for tier in (*[tier.value for tier in Tier], ALL)
    )


def _part(rows: list[tuple[int, int, int]]) -> ReliefPart:
    ids = [row[0] for row in rows]
    before, after = [row[1] for row in rows], [row[2] for row in rows]
    return ReliefPart(
        before=mean_interval(before, rows=ids),
        after=mean_interval(after, rows=ids),
        difference=paired_difference_interval(before, after, rows=ids),
    )
