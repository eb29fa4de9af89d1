"""Who was interviewed, what they were asked about and what they raised: one read for every page.

The unit is the interview; people are reckoned from it, with the tier of that day. A pain point that
was merged counts for what it was merged into.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from crm.models import Interview, Tier
from insights.findings.selection import Selection
from insights.models import Asked, Evidence, PainPoint
from insights.selectors import ALL, RaisedAsked, current

TIERS = (*[tier.value for tier in Tier], ALL)


@dataclass(frozen=True)
class Held:
    """An interview; `tier` is the creator's on that day."""

    id: int
    creator: int
    tier: str
    at: datetime


@dataclass(frozen=True)
class Corpus:
    """`raised` and `asked`: interview → pain points; whoever raised one counts as asked.

    `pains` are the open ones, by title.
    """

    pains: tuple[PainPoint, ...]
    interviews: tuple[Held, ...]
    raised: dict[int, frozenset[int]]
    asked: dict[int, frozenset[int]]

    @cached_property
    def facts(self) -> dict[int, RaisedAsked]:
        """Each open pain point → creators by tier who raised it, and who were asked."""
        raised: dict[int, dict[str, set[int]]] = {
            pain.pk: {tier: set() for tier in TIERS} for pain in self.pains
        }
        asked: dict[int, dict[str, set[int]]] = {
            pain.pk: {tier: set() for tier in TIERS} for pain in self.pains
        }
        for held in self.interviews:
            for rows, found in ((raised, self.raised), (asked, self.asked)):
                for pain in found.get(held.id, ()):
                    if pain in rows:
                        rows[pain][held.tier].add(held.creator)
                        rows[pain][ALL].add(held.creator)
        return {
            pain.pk: RaisedAsked(
                raised={tier: frozenset(ids) for tier, ids in raised[pain.pk].items()},
                asked={tier: frozenset(ids) for tier, ids in asked[pain.pk].items()},
            )
            for pain in self.pains
        }

    def coded(self, tier: str) -> list[Held]:
        """Interviews of a tier that somebody coded, in the order they were held."""
        return [
            held
            for held in self.interviews
            if (tier in (ALL, held.tier)) and self.asked.get(held.id)
        ]

    def codes(self, held: Collection[Held]) -> list[frozenset[int]]:
        """What each interview raised: the sets that saturation is reckoned from."""
        return [self.raised.get(item.id, frozenset()) for item in held]


def corpus(selection: Selection) -> Corpus:
    """Read the selection in five queries, however much there is."""
    pains = tuple(PainPoint.objects.open().select_related("step").order_by("title_zh", "pk"))
    held = tuple(
        Held(*row)
        for row in Interview.objects.filter(selection.within("at", "study"), usable=True)
        .order_by("at", "pk")
        .values_list("pk", "creator_id", "tier_then", "at")
    )
    # One condition on the keys reads faster than joining every coding to its study.
    narrow = {item.id for item in held} if selection.params else None
    said = (
        Evidence.objects.filter(stance=Evidence.Stance.FOR)
        .usable()
        .order_by()
        .values_list("interview_id", "pain_id")
        .distinct()
    )
    came_to = (
        Asked.objects.filter(interview__usable=True)
        .order_by()
        .values_list("interview_id", "pain_id")
    )
    raised, asked = list(said), list(came_to)
    now = current({pain for _interview, pain in [*raised, *asked]})
    return Corpus(
        pains, held, _by_interview(raised, now, narrow), _by_interview(raised + asked, now, narrow)
    )


def _by_interview(
    pairs: list[tuple[int, int]], now: dict[int, int], narrow: set[int] | None
) -> dict[int, frozenset[int]]:
    found: dict[int, set[int]] = defaultdict(set)
    for interview, pain in pairs:
        if narrow is None or interview in narrow:
            found[interview].add(now[pain])
    return {interview: frozenset(pains) for interview, pains in found.items()}
