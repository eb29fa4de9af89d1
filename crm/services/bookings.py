"""Interviews that come in already divided into turns, as other programs' projects have them."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import transaction

from crm import audit
from crm.models import Creator, Interview, Study, TranscriptVersion, User, Utterance
from crm.transcripts.transcript import Utterance as Said
from crm.transcripts.transcript import fingerprint


@dataclass(frozen=True)
class Speech:
    """One turn; times in milliseconds from the start."""

    speaker: str
    text: str
    start_ms: int | None = None
    end_ms: int | None = None


def fingerprint_of(speeches: Sequence[Speech]) -> str:
    """The SHA-256 by which an interview is known whatever file it came in."""
    return fingerprint(
        Said(index, item.speaker, item.start_ms, item.end_ms, item.text, index + 1)
        for index, item in enumerate(speeches)
    )


@transaction.atomic
def interview_book(
    *,
    creator: Creator,
    at: datetime,
    tier: str,
    speeches: Sequence[Speech],
    source_name: str,
    format: str,
    study: Study | None = None,
    paying: bool | None = None,
    language: str = "zh-hans",
    minutes: int | None = None,
    status: str = Interview.Status.HELD,
    actor: User | None = None,
) -> TranscriptVersion:
    """A new interview with its first transcript: the turns joined by LF, to the character."""
    interview = Interview.objects.create(
        creator=creator,
        study=study,
        at=at,
        tier_then=tier,
        paying_then=paying,
        language=language,
        minutes=minutes,
        status=status,
        fingerprint=fingerprint_of(speeches),
    )
    text = "\n".join(item.text for item in speeches)
    version = TranscriptVersion.objects.create(
        interview=interview,
        text=text,
        sha256=hashlib.sha256(text.encode()).hexdigest(),
        format=format,
        source_name=source_name[:255],
        created_by=actor,
    )
    rows, start = [], 0
    for index, item in enumerate(speeches):
        end = start + len(item.text)
        rows.append(
            Utterance(
                transcript=version,
                index=index,
                speaker=item.speaker[:80],
                text=item.text,
                start=start,
                end=end,
                start_ms=item.start_ms,
                end_ms=item.end_ms,
            )
        )
        start = end + 1
    Utterance.objects.bulk_create(rows, batch_size=2000)
    audit.record(
        "interview.imported",
        interview,
        actor=actor,
        data={"file": source_name, "format": format, "sha256": version.sha256},
    )
    return version
