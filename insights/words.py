"""What was quoted from a creator and how it was read, for the creator: without coders and counts."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Prefetch

from crm.models import Creator, Quoting
from insights.models import Evidence, MemberCheck, QuoteLevel
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
    quoting: str
    quoting_label: str
    held: int


def checked(rows: EvidenceQuerySet) -> EvidenceQuerySet:
    """`words`: what the creator said of each, the last first."""
    return rows.prefetch_related(
        Prefetch("checks", MemberCheck.objects.order_by("-pk"), to_attr="words")
    )


def own_quotes(creator: Creator) -> list[OwnQuote]:
    """Everything that was quoted of this creator, newest interview first; three queries."""
    rows = Evidence.objects.visible_to(creator).limitable().select_related(
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
            quoting=row.quoting,
            quoting_label=str(Quoting(row.quoting).label),
            held=row.held,
        )
    return list(found.values())


def evidence_visible_to(creator: Creator) -> EvidenceQuerySet:
    return Evidence.objects.visible_to(creator).limitable()


def quote_levels() -> list[tuple[int, str]]:
    """How far a quote may be let go: value and label, the widest first."""
    return [(level.value, str(level.label)) for level in QuoteLevel]
