"""What is open to a vote: for a creator their own points, for the team the sums by tier."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, Sum

from crm.models import Creator, Tier
from generation.models import Feature, FeatureVote


@dataclass(frozen=True)
class Ballot:
    pk: int
    title: str
    words: str
    points: int


@dataclass(frozen=True)
class VoteLine:
    """Points and voters of one feature; `tiers`: label → (points, voters), the tier of the vote."""

    feature: Feature
    points: int
    voters: int
    tiers: tuple[tuple[str, int, int], ...]


def ballots(creator: Creator) -> list[Ballot]:
    """The features that this creator may put points on; nobody else's points are shown to them."""
    own = dict(FeatureVote.objects.filter(creator=creator).values_list("feature_id", "points"))
    return [
        Ballot(row.pk, row.title, row.hypothesis, own.get(row.pk, 0))
        for row in Feature.objects.filter(open_to_votes=True).order_by("step", "key")
    ]


def vote_lines() -> list[VoteLine]:
    """Every feature with points, most first; one person's points stand beside n voters."""
    sums: dict[int, dict[str, tuple[int, int]]] = defaultdict(dict)
    rows = FeatureVote.objects.values("feature_id", "tier").annotate(
        points=Sum("points"), voters=Count("creator", distinct=True)
    )
    for row in rows.order_by():
        sums[row["feature_id"]][row["tier"]] = (row["points"], row["voters"])
    lines = [
        VoteLine(
            feature=feature,
            points=sum(points for points, _voters in by.values()),
            voters=sum(voters for _points, voters in by.values()),
            tiers=tuple((str(tier.label), *by.get(tier.value, (0, 0))) for tier in Tier),
        )
        for feature, by in (
            (feature, sums[feature.pk]) for feature in Feature.objects.filter(pk__in=list(sums))
        )
    ]
    return sorted(lines, key=lambda line: (-line.points, line.feature.key))
