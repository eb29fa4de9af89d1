"""What was quoted from a creator and how it was read, for the creator: without coders and counts."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from crm.models import Creator
from insights.models import Evidence, MemberCheck
from insights.querysets import EvidenceQuerySet


@dataclass(frozen=True)
class OwnQuote:
    """One passage read for one pain point; `verdict` is empty until the creator says something.

    `evidence` stands for all codings of it.
    """

    evidence: int
    interview: int
    at: datetime
    text: str
    pain: str
    against: bool
    verdict: str
    said: str
    correction: str


def checked(rows: EvidenceQuerySet) -> EvidenceQuerySet:
    """`words`: what the creator said of each, the last first."""
    return rows.prefetch_related(
        Prefetch("checks", MemberCheck.objects.order_by("-pk"), to_attr="words")
    )


def own_quotes(creator: Creator) -> list[OwnQuote]:
    """Everything quotable of this creator, newest interview first; three queries."""
    rows = Evidence.objects.visible_to(creator).quotable().select_related(
        "highlight", "pain", "interview"
    ).order_by("-interview__at", "highlight__start", "pain", "pk")  # fmt: skip
    found: dict[tuple[int, int, str], OwnQuote] = {}
    for row in checked(rows):
        key = (row.highlight_id, row.pain_id, row.stance)
        word = row.words[0] if row.words else None  # type: ignore[attr-defined]  # prefetched
        if key in found:
            continue
        found[key] = OwnQuote(
            evidence=row.pk,
            interview=row.interview_id,
            at=row.interview.at,
            text=row.highlight.text,
            pain=row.pain.title,
            against=row.stance == Evidence.Stance.AGAINST,
            verdict=word.verdict if word else "",
            said=str(word.get_verdict_display()) if word else "",
            correction=word.correction if word else "",
        )
    return list(found.values())


def evidence_visible_to(creator: Creator) -> EvidenceQuerySet:
    return Evidence.objects.visible_to(creator).quotable()
