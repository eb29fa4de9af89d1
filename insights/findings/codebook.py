"""The codebook as a tree by workflow step, with who raised what, how often and read by whom."""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from django.db.models import Count, Q, QuerySet

from crm.models import WorkflowStep
from insights.findings.corpus import TIERS
from insights.models import Asked, Evidence, Need, PainChange, PainPoint
from insights.selectors import ALL


@dataclass(frozen=True)
class BookLine:
    """A pain point in the tree. `creators` raised it, `whole` it or one of its parts, by tier."""

    pain: PainPoint
    depth: int
    quotes: int
    coders: int
    unread: int
    creators: dict[str, frozenset[int]]
    whole: dict[str, frozenset[int]]
    parts: int

    @property
    def tiers(self) -> list[tuple[str, frozenset[int]]]:
        return [(tier, self.whole[tier]) for tier in TIERS if tier != ALL]

    @property
    def everybody(self) -> frozenset[int]:
        return self.whole[ALL]


@dataclass(frozen=True)
class Branch:
    step: WorkflowStep | None
    lines: tuple[BookLine, ...]


def codebook() -> list[Branch]:
    """Open pain points below their workflow steps, parts below what they are a part of.

    In four queries. What is a part of something closed stands at the top of its step.
    """
    pains = list(PainPoint.objects.open().select_related("step").order_by("title_zh", "pk"))
    counts: dict[int, Mapping[str, int]] = {
        row["pain_id"]: cast("Mapping[str, int]", row)
        for row in Evidence.objects.usable()
        .order_by()
        .values("pain_id")
        .annotate(
            quotes=Count("pk", distinct=True),
            coders=Count("coder_id", distinct=True),
            unread=Count(
                "pk",
                distinct=True,
                filter=Q(stance=Evidence.Stance.AGAINST, readings__isnull=True),
            ),
        )
    }
    own: dict[int, dict[str, set[int]]] = defaultdict(lambda: {tier: set() for tier in TIERS})
    said = (
        Evidence.objects.filter(stance=Evidence.Stance.FOR)
        .usable()
        .order_by()
        .values_list("pain_id", "tier", "creator_id")
        .distinct()
    )
    for key, tier, creator in said:
        own[key][tier].add(creator)
        own[key][ALL].add(creator)
    below: dict[int | None, list[PainPoint]] = defaultdict(list)
    there = {pain.pk for pain in pains}
    for pain in pains:
        below[pain.parent_id if pain.parent_id in there else None].append(pain)
    tree = _Tree(below, own, counts)
    branches: dict[int | None, list[BookLine]] = defaultdict(list)
    for top in below[None]:
        branches[top.step_id] += tree.lines(top, 0)
    found = [Branch(step, tuple(branches.get(step.pk, ()))) for step in WorkflowStep.objects.all()]
    return [*found, Branch(None, tuple(branches[None]))] if branches[None] else found


@dataclass(frozen=True)
class _Tree:
    below: dict[int | None, list[PainPoint]]
    own: dict[int, dict[str, set[int]]]
    counts: dict[int, Mapping[str, int]]

    def lines(self, pain: PainPoint, depth: int) -> list[BookLine]:
        parts = [line for part in self.below[pain.pk] for line in self.lines(part, depth + 1)]
        raised = {tier: frozenset(ids) for tier, ids in self.own[pain.pk].items()}
        direct = [line for line in parts if line.depth == depth + 1]
        whole = {tier: raised[tier].union(*(line.whole[tier] for line in direct)) for tier in TIERS}
        row = self.counts.get(pain.pk, {})
        line = BookLine(
            pain, depth, row.get("quotes", 0), row.get("coders", 0), row.get("unread", 0),
            raised, whole, len(parts),
        )  # fmt: skip
        return [line, *parts]


@dataclass(frozen=True)
class Belongings:
    """What a merge would hand over."""

    evidence: int
    needs: int
    asked: int
    parts: int


def belongings(pain: PainPoint) -> Belongings:
    return Belongings(
        Evidence.objects.filter(pain=pain).count(),
        Need.objects.filter(pain=pain).count(),
        Asked.objects.filter(pain=pain).count(),
        pain.children.count(),
    )


def changes() -> QuerySet[PainChange]:
    """Merges and splits, newest first."""
    return PainChange.objects.select_related("source", "target", "by", "undone_by")


def closed() -> QuerySet[PainPoint]:
    """Retired pain points; merged ones are in the history."""
    return PainPoint.objects.filter(status=PainPoint.Status.RETIRED).order_by("title_zh")
