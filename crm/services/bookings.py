"""Interviews that come in already divided into turns, as other programs' projects have them."""

from collections.abc import Sequence
from datetime import datetime

from django.db import transaction

from crm import audit
from crm.models import Creator, Interview, Study, TranscriptVersion, User
from crm.services.versions import Speech, version_store
from crm.transcripts.transcript import Utterance as Said
from crm.transcripts.transcript import fingerprint

__all__ = ["Speech", "fingerprint_of", "interview_book"]


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
    version = version_store(
        interview=interview,
        speeches=speeches,
        format=format,
        actor=actor,
        source_name=source_name[:255],
    )
    audit.record(
        "interview.imported",
        interview,
        actor=actor,
        data={"file": source_name, "format": format, "sha256": version.sha256},
    )
    return version
