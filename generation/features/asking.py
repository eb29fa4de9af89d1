"""The one question about relief that a creator may be asked after a run, if any."""

from dataclasses import dataclass
from datetime import timedelta

from django.utils import timezone

from crm.models import Creator
from generation.models import Justification, Relief, ReliefDismissal, Run

QUIET = timedelta(days=7)  # after an answer, or after "not now", nothing is asked for a week


@dataclass(frozen=True)
class Question:
    feature: int
    feature_title: str
    pain: int
    pain_title: str


def relief_question(creator: Creator, run: Run) -> Question | None:
    """What the run used, for a pain that it is meant to take away, and not asked before.

    Each feature and pain is asked about once in a creator's life: an answer and "not now" both end
    it. Four queries.
    """
    if run.state != Run.State.DONE:
        return None
    since = timezone.now() - QUIET
    asked = set()
    for rows in (
        Relief.objects.filter(creator=creator), ReliefDismissal.objects.filter(creator=creator)
    ):  # fmt: skip
        for feature, pain, at in rows.values_list("feature_id", "pain_id", "at"):
            if at >= since:
                return None
            asked.add((feature, pain))
    reasons = (
        Justification.objects.filter(feature__uses__run=run, pain__status="open")
        .select_related("feature", "pain")
        .order_by("feature__step", "pk")
    )
    for reason in reasons:
        if reason.pain is not None and (reason.feature_id, reason.pain_id) not in asked:
            return Question(
                reason.feature_id, reason.feature.title, reason.pain.pk, reason.pain.title
            )
    return None
