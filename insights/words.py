"""What was quoted from a creator and how it was read, for the creator: without coders and counts."""

from dataclasses import dataclass
from datetime import datetime

from django.db.models import Exists, OuterRef, Prefetch, QuerySet

from crm.models import Creator, Quoting, TranscriptVersion
from crm.querysets import may_quote
from insights.models import Evidence, Highlight, MemberCheck, QuoteLevel, QuoteLimit
from insights.querysets import EvidenceQuerySet
from insights.selectors import limits_in


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


@dataclass(frozen=True)
class OwnLimit:
    """A passage that nobody quotes now and that its speaker limited (`held`, a `QuoteLevel`)."""

    highlight: int
    interview: int
    at: datetime
    text: str
    held: int


def own_limits(creator: Creator) -> list[OwnLimit]:
    """Passages that a limit of this creator stands on by itself: their coding was taken back, or
    their words replaced the limited ones. In the newest transcripts; two queries."""
    held = limits_in(QuoteLimit.objects.filter(creator=creator))
    rows = (
        passages_visible_to(creator)
        .filter(pk__in=held, evidence__isnull=True)
        .select_related("transcript__interview")
        .defer("transcript__text")
        .order_by("-transcript__interview__at", "start")
    )
    return [
        OwnLimit(
            highlight=row.pk,
            interview=row.transcript.interview_id,
            at=row.transcript.interview.at,
            text=row.text,
            held=held[row.pk],
        )
        for row in rows
    ]


def passages_visible_to(creator: Creator) -> QuerySet[Highlight]:
    """Passages of the newest transcripts of what this creator said, where it may still be quoted."""
    newer = TranscriptVersion.objects.filter(
        interview=OuterRef("transcript__interview"), version__gt=OuterRef("transcript__version")
    )
    return Highlight.objects.filter(
        ~Exists(newer), may_quote("transcript__interview"), transcript__interview__creator=creator
    )


def evidence_visible_to(creator: Creator) -> EvidenceQuerySet:
    return Evidence.objects.visible_to(creator).limitable()


def quote_levels() -> list[tuple[int, str]]:
    """How far a quote may be let go: value and label, the widest first."""
    return [(level.value, str(level.label)) for level in QuoteLevel]
