"""The dossier: why a feature exists, from one set of reads; every number with its n and interval.

The pages, the command line and the API all show this one dataclass; `documents` writes it as
`dossier.schema.json` says. The population is the creators asked about the feature's pain points.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils import timezone

from crm.changes import data_state, remembered
from generation.features.criteria import CriterionPart, Measured, judged
from generation.features.pains import VOICES, PainPart, pain_facts, pain_parts
from generation.features.payers import Paying, paying
from generation.features.relief import ReliefPart, TierRelief, relief_by_tier
from generation.features.saturation import saturated_tiers
from generation.features.signals import Signal, signals
from generation.features.usage import Usage, usage
from generation.models import (
    Feature,
    GatePass,
    Grounds,
    GroundsChange,
    Justification,
    Verdict,
)
from insights.models import PainPoint
from insights.selectors import ALL

PAGE = 6  # quotes of one tier and stance on the page
WHOLE = 200  # and in JSON and Markdown


@dataclass(frozen=True)
class Dossier:
    """`changes` are those since `grounds`, the moment the evidence was last judged."""

    feature: Feature
    as_of: datetime
    justifications: tuple[Justification, ...]
    pain_parts: tuple[PainPart, ...]
    raised: frozenset[int]
    asked: frozenset[int]
    paying: Paying
    usage: Usage
    reliefs: tuple[TierRelief, ...]
    criteria: tuple[CriterionPart, ...]
    verdicts: tuple[Verdict, ...]
    passes: tuple[GatePass, ...]
    grounds: Grounds | None
    changes: tuple[GroundsChange, ...]
    signals: tuple[Signal, ...]

    @property
    def unread(self) -> int:
        """Pieces of counter-evidence on its pain points that nobody has marked as read."""
        return sum(part.unread for part in self.pain_parts)

    @property
    def relief(self) -> ReliefPart:
        return next(row.part for row in self.reliefs if row.tier == ALL)


def dossier(feature: Feature, *, most: int = PAGE, at: datetime | None = None) -> Dossier:
    """Gather the dossier in a number of queries that does not grow with the data.

    `most`: quotes of one pain, tier and stance. Numbers over all evidence or payments are
    remembered until a row that they come from changes.
    """
    now = at or timezone.now()
    state = data_state()
    justifications = tuple(
        feature.justifications.select_related("pain__step", "payment__creator").order_by("pk")
    )
    pains = _once([item.pain for item in justifications if item.pain is not None])
    facts = pain_facts([pain.pk for pain in pains], state)
    parts = pain_parts(pains, facts, most=most, state=state)
    raised = frozenset().union(*(facts[pain.pk].raised[ALL] for pain in pains))
    asked = frozenset().union(*(facts[pain.pk].asked[ALL] for pain in pains))
    key = "-".join(str(pain.pk) for pain in sorted(pains, key=lambda pain: pain.pk))
    money = remembered(
        f"paying:{key}:{now:%Y%m%d}",
        (*VOICES, "payment"),
        lambda: paying(raised, asked, now=now),
        state=state,
    )
    used = remembered(
        f"usage:{feature.pk}", ("use", "payment"), lambda: usage(feature), state=state
    )
    reliefs = remembered(
        f"relief:{feature.pk}", ("relief",), lambda: relief_by_tier(feature), state=state
    )
    criteria = judged(
        list(feature.criteria.all()),
        Measured(parts, money, used, reliefs),
        today=timezone.localdate(now),
    )
    grounds = feature.grounds.select_related("by").order_by("-pk").defer("items").first()
    changes = tuple(grounds.changes.order_by("-pk")) if grounds else ()
    return Dossier(
        feature=feature,
        as_of=now,
        justifications=justifications,
        pain_parts=parts,
        raised=raised,
        asked=asked,
        paying=money,
        usage=used,
        reliefs=reliefs,
        criteria=criteria,
        verdicts=tuple(feature.verdicts.select_related("by")),
        passes=tuple(feature.passes.select_related("by")),
        grounds=grounds,
        changes=changes,
        signals=tuple(
            signals(
                parts,
                money,
                used,
                criteria,
                changed=len(changes),
                saturated=saturated_tiers(state),
            )
        ),
    )


def _once(pains: list[PainPoint]) -> list[PainPoint]:
    return list({pain.pk: pain for pain in pains}.values())


def key_numbers(item: Dossier) -> dict[str, Any]:
    """The numbers a verdict keeps: what was known at that moment."""
    return {
        "raised": len(item.raised),
        "asked": len(item.asked),
        "payers": len(item.paying.payers),
        "runs": item.usage.runs,
        "accepted": item.usage.accepted.value,
        "relief": item.relief.difference.value,
        "criteria": {str(part.criterion.pk): part.state for part in item.criteria},
        "pains": {
            str(part.pain.pk): {
                line.prevalence.tier: {
                    "n": line.prevalence.estimate.n,
                    "low": line.prevalence.estimate.low,
                    "rank": line.rank.rank if line.rank else None,
                }
                for line in part.tiers
            }
            for part in item.pain_parts
        },
    }
