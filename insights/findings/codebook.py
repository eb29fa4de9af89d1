"""The codebook as a tree by workflow step, with who raised what, how often and read by whom."""

from collections import defaultdict
from dataclasses import dataclass

from django.db.models import Count, QuerySet

from crm.models import WorkflowStep
from insights.findings.corpus import TIERS
from insights.models import Asked, Evidence, Need, PainChange, PainPoint
from insights.selectors import ALL, unread_against

DEEPEST = 7


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
    def indent(self) -> int:
        """How far in it stands on a page, which has no room for every depth."""
        return min(self.depth, DEEPEST)

    @property
    def everybody(self) -> frozenset[int]:
        return self.whole[ALL]


@dataclass(frozen=True)
class Branch:
    step: WorkflowStep | None
    lines: tuple[BookLine, ...]


def codebook() -> list[Branch]:
    """Open pain points below their workflow steps, parts below what they are a part of.

    In six queries. What is a part of something closed stands at the top of its step.
    """
    pains = list(PainPoint.objects.open().select_related("step").order_by("title_zh", "pk"))
    own: dict[int, dict[str, set[int]]] = defaultdict(lambda: {tier: set() for tier in TIERS})
    quotes: dict[int, int] = defaultdict(int)
    said = (
        Evidence.objects.usable()
        .order_by()
        .values_list("pain_id", "tier", "creator_id", "stance")
        .annotate(codings=Count("pk"))
    )
    for key, tier, creator, stance, codings in said:
        quotes[key] += codings
        if stance == Evidence.Stance.FOR:
            own[key][tier].add(creator)
            own[key][ALL].add(creator)
    coders: dict[int, int] = defaultdict(int)
    for key, _coder in (
        Evidence.objects.usable().order_by().values_list("pain_id", "coder_id").distinct()
    ):
        coders[key] += 1
    unread = unread_against(pain.pk for pain in pains)
    below: dict[int | None, list[PainPoint]] = defaultdict(list)
    there = {pain.pk for pain in pains}
    for pain in pains:
        below[pain.parent_id if pain.parent_id in there else None].append(pain)
    tree = _Tree(below, own, quotes, coders, unread)
    branches: dict[int | None, list[BookLine]] = defaultdict(list)
    for top in below[None]:
        branches[top.step_id] += tree.lines(top, 0)
    found = [Branch(step, tuple(branches.get(step.pk, ()))) for step in WorkflowStep.objects.all()]
    return [*found, Branch(None, tuple(branches[None]))] if branches[None] else found


@dataclass(frozen=True)
class _Tree:
    below: dict[int | None, list[PainPoint]]
    own: dict[int, dict[str, set[int]]]
    quotes: dict[int, int]
    coders: dict[int, int]
    unread: dict[int, int]

    def lines(self, pain: PainPoint, depth: int) -> list[BookLine]:
        parts = [line for part in self.below[pain.pk] for line in self.lines(part, depth + 1)]
        raised = {tier: frozenset(ids) for tier, ids in self.own[pain.pk].items()}
        direct = [line for line in parts if line.depth == depth + 1]
        whole = {tier: raised[tier].union(*(line.whole[tier] for line in direct)) for tier in TIERS}
        line = BookLine(
            pain, depth, self.quotes[pain.pk], self.coders[pain.pk], self.unread[pain.pk],
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


@dataclass(frozen=True)
class PastChange:
    """A change of the codebook; of a move, the titles of where it was and where it came to, empty
    for no step at all."""

    change: PainChange
    before: str = ""
    after: str = ""


def changes(limit: int) -> list[PastChange]:
    """Moves, merges and splits, newest first. In three queries."""
    rows = list(PainChange.objects.select_related("source", "target", "by", "undone_by")[:limit])
    moves = [row for row in rows if row.kind == PainChange.Kind.MOVE]
    places = [row.moved[side] for row in moves for side in ("before", "after")]
    pains = PainPoint.objects.in_bulk({place["parent"] for place in places} - {None})
    steps = WorkflowStep.objects.in_bulk({place["step"] for place in places} - {None})

    def title(place: dict[str, int | None]) -> str:
        row = pains.get(place["parent"] or 0) or steps.get(place["step"] or 0)
        return row.title if row is not None else ""

    return [
        PastChange(row, title(row.moved["before"]), title(row.moved["after"]))
        if row.kind == PainChange.Kind.MOVE
        else PastChange(row)
        for row in rows
    ]


def closed() -> QuerySet[PainPoint]:
    """Retired pain points; merged ones are in the history."""
    return PainPoint.objects.filter(status=PainPoint.Status.RETIRED).order_by("title_zh")
