"""Whether interviews of a tier still bring new pain points."""

from collections import defaultdict

from crm.changes import DataState, remembered
from insights.models import Asked, Evidence
from insights.statistics import saturation

VOICES = ("evidence", "asked", "interview", "pain")
THRESHOLD = 0.05
BASE, RUN = 4, 2


def saturated_tiers(state: DataState) -> dict[str, bool]:
    """Tier → whether a run of two interviews brought at most 5 % new pain points (Guest et al.).

    Interviews in the order they were held; a tier with fewer than six says no. A tier in which
    nobody was interviewed is left out.
    """
    return remembered("saturated", VOICES, _saturated, state=state)


def _saturated() -> dict[str, bool]:
    raised: dict[int, set[int]] = defaultdict(set)
    path = "highlight__transcript__interview_id"
    said = Evidence.objects.filter(stance=Evidence.Stance.FOR).usable().order_by()
    for interview, pain in said.values_list(path, "pain_id").distinct():
        raised[interview].add(pain)
    held = (
        Asked.objects.filter(interview__usable=True)
        .order_by("interview__at", "interview_id")
        .values_list("interview_id", "interview__tier_then", "interview__at")
        .distinct()
    )
    by_tier: dict[str, list[set[int]]] = defaultdict(list)
    for interview, tier, _at in held:
        by_tier[tier].append(raised[interview])
    return {
        tier: len(codes) >= BASE + RUN
        and saturation(codes, base=BASE, run=RUN).reached_at(THRESHOLD) is not None
        for tier, codes in by_tier.items()
    }
