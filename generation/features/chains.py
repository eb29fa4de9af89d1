"""The chain under one piece of evidence: quote, transcript, creator, consent, payment then, features."""

import hashlib
from dataclasses import dataclass

from crm.models import Consent, Interview, Payment
from generation.models import Justification
from insights.models import Evidence, PainPoint

LATEST = 5


@dataclass(frozen=True)
class EvidenceChain:
    """Everything between a quote and the features that it justifies.

    `intact`: the words are still the slice of the transcript, and the transcript's text still has
    the SHA-256 it was stored with; None once the words were removed. `payments` are the last before
    the interview, newest first.
    """

    evidence: Evidence
    interview: Interview
    quotable: bool
    intact: bool | None
    consents: tuple[Consent, ...]
    payments: tuple[Payment, ...]
    pains: tuple[PainPoint, ...]
    justifies: tuple[Justification, ...]


def evidence_chain(pk: int) -> EvidenceChain | None:
    """The chain of one coding, whether it may still be quoted or not; None where there is none."""
    evidence = (
        Evidence.objects.select_related(
            "pain__step", "coder", "creator", "highlight__transcript__interview__study"
        )
        .filter(pk=pk)
        .first()
    )
    if evidence is None:
        return None
    transcript = evidence.highlight.transcript
    interview = transcript.interview
    pains = [evidence.pain]
    pains += list(evidence.pain.merged_from.all())  # what was merged into it rests on it too
    return EvidenceChain(
        evidence=evidence,
        interview=interview,
        quotable=interview.usable and evidence.quoting != "withdrawn",
        intact=None if interview.redacted_at else _intact(evidence),
        consents=tuple(
            Consent.objects.filter(creator_id=evidence.creator_id)
            .filter(interview__in=[interview])
            .union(Consent.objects.filter(creator_id=evidence.creator_id, interview=None))
            .order_by("-at")
        ),
        payments=tuple(
            Payment.objects.filter(
                creator_id=evidence.creator_id, occurred_at__lte=interview.at
            ).order_by("-occurred_at")[:LATEST]
        ),
        pains=tuple(pains),
        justifies=tuple(
            Justification.objects.filter(pain__in=pains).select_related("feature").order_by("pk")
        ),
    )


def _intact(evidence: Evidence) -> bool:
    highlight = evidence.highlight
    text = highlight.transcript.text
    same = text[highlight.start : highlight.end] == highlight.text
    return same and hashlib.sha256(text.encode()).hexdigest() == highlight.transcript.sha256
