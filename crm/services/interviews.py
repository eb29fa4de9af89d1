"""Transcripts in: one file becomes interviews, whole or not at all, and never twice."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from django.db import connection, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit, transcripts
from crm.exceptions import DomainError
from crm.models import Creator, Interview, Study, Tier, TranscriptVersion, User
from crm.selectors import may_record, was_paying
from crm.services.guides import guide_freeze
from crm.services.tiers import tier_at
from crm.services.versions import Speech, version_store
from crm.transcript_reasons import file_text

# Names that transcribers and researchers give to the one who asks.
INTERVIEWERS = {
    "assistant", "interviewer", "researcher", "moderator", "host", "ai",
    "研究员", "主持人", "访谈员", "采访者", "提问者", "访问者", "问",
}  # fmt: skip

_LOCK = 0x54524E0000  # and the 255 numbers after it: imports of the same words, one at a time


@dataclass
class ImportReport:
    interviews: list[Interview] = field(default_factory=list)
    duplicates: list[Interview] = field(default_factory=list)
    utterances: int = 0
    speakers: set[str] = field(default_factory=set)
    rejected: list[transcripts.Rejected] = field(default_factory=list)


def transcripts_in(data: bytes, name: str, format: str = "auto") -> list[transcripts.Transcript]:
    """The transcripts of a file. Raises `DomainError` naming file, line and remedy."""
    try:
        return transcripts.parse(data, name, format=format)
    except transcripts.TranscriptError as error:
        raise DomainError(f"{name}: {file_text(error)}", code=error.code) from error


@transaction.atomic
def interviews_import(
    *,
    data: bytes,
    name: str,
    format: str = "auto",
    creator: Creator | None = None,
    study: Study | None = None,
    tier: str = Tier.ENTRY,
    at: datetime | None = None,
    language: str = "",
    actor: User | None = None,
    sample: bool = False,
    speakers: Mapping[str, str] | None = None,
) -> ImportReport:
    """Book every transcript of a file; without `creator` the person is found or made by name.

    `speakers` renames: name in the file → name to keep; two that become one are merged.

    Raises `DomainError` naming file, place and remedy; then nothing of the file is kept.
    """
    report = ImportReport()
    found = transcripts_in(data, name, format)
    _lock(item.fingerprint for item in found if item.utterances)
    for read in found:
        transcript = transcripts.renamed(read, speakers or {})
        report.rejected.extend(transcript.rejected)
        report.speakers.update(item.speaker for item in transcript.utterances if item.speaker)
        if not transcript.utterances:
            continue
        known = Interview.objects.filter(fingerprint=transcript.fingerprint).first()
        if known is not None:
            report.duplicates.append(known)
            continue
        person = creator or _person(transcript, file=name, tier=tier, sample=sample)
        if not may_record(person):
            raise DomainError(
                _(
                    "%(file)s: %(creator)s withdrew consent to record; ask again and record it first."
                )
                % {"file": name, "creator": person},
                "withdrawn",
            )
        moment = at or transcript.recorded_at or timezone.now()
        interview = _agreed(person, study) or Interview(
            creator=person,
            study=study,
            guide=guide_freeze(study=study, actor=actor) if study else None,
            at=moment,
            tier_then=tier_at(person, moment),
            paying_then=was_paying(person, moment),
            is_sample=sample,
        )
        interview.language = language or transcript.language or "zh-hans"
        interview.fingerprint = transcript.fingerprint
        interview.save()
        version = _store(interview, transcript, source_name=name, actor=actor)
        report.interviews.append(interview)
        report.utterances += len(transcript.utterances)
        audit.record(
            "interview.imported",
            interview,
            actor=actor,
            data={"file": name, "format": transcript.format, "sha256": version.sha256},
        )
    return report


def _lock(fingerprints: Iterable[str]) -> None:
    """Of two imports of the same words at once the second waits, and finds them known. In one order,
    so that none waits for another that waits for it."""
    keys = sorted({int(item[:15], 16) for item in fingerprints})
    with connection.cursor() as cursor:
        for key in keys:
            cursor.execute("SELECT pg_advisory_xact_lock(%s)", [key])


def _agreed(person: Creator, study: Study | None) -> Interview | None:
    """The interview of the study that was held by appointment and still waits for its transcript."""
    if study is None or person.pk is None:
        return None
    held = Interview.objects.select_for_update(of=("self",)).filter(
        creator=person, study=study, fingerprint="", appointment__isnull=False,
        transcripts__isnull=True,
    )  # fmt: skip
    return held.order_by("-at").first()


def _store(
    interview: Interview,
    transcript: transcripts.Transcript,
    *,
    source_name: str,
    actor: User | None,
) -> TranscriptVersion:
    return version_store(
        interview=interview,
        speeches=[
            Speech(item.speaker, item.text, item.start_ms, item.end_ms)
            for item in transcript.utterances
        ],
        format=transcript.format,
        actor=actor,
        encoding=transcript.encoding,
        source_name=source_name,
        repairs=[
            {"offset": item.offset, "byte": item.byte_offset, "reason": item.reason}
            for item in transcript.repairs
        ],
        rejected=[
            {"line": item.line, "code": item.code, "reason": item.reason}
            for item in transcript.rejected
        ],
    )


def speaker_known(transcript: transcripts.Transcript) -> Creator | None:
    """The creator who speaks in it, by pen name: who says most, if several do. Raises `DomainError`
    where several creators are called so."""
    guests = _guests(transcript)
    called: dict[str, list[Creator]] = {}
    for one in Creator.objects.filter(name__in=guests).order_by("pk"):
        called.setdefault(one.name, []).append(one)
    for guest in guests:
        if len(called.get(guest, ())) > 1:
            raise DomainError(
                _(
                    "%(n)s creators are called %(name)s. Choose whose interview it is, or merge them "
                    "first."
                )
                % {"n": len(called[guest]), "name": guest},
                "several",
            )
        if guest in called:
            return called[guest][0]
    return None


def _guests(transcript: transcripts.Transcript) -> list[str]:
    """The speakers who do not ask, who says most first."""
    speakers: dict[str, int] = {}
    for item in transcript.utterances:
        speakers[item.speaker] = speakers.get(item.speaker, 0) + len(item.text)
    return [
        name
        for name in sorted(speakers, key=lambda key: -speakers[key])
        if name and name.casefold() not in INTERVIEWERS
    ]


def _person(transcript: transcripts.Transcript, *, file: str, tier: str, sample: bool) -> Creator:
    """The creator who speaks in it: a known pen name among the speakers, else a new one."""
    try:
        known = speaker_known(transcript)
    except DomainError as error:
        raise DomainError(f"{file}: {error}", error.code) from error
    if known is not None:
        return known
    named = [guest for guest in _guests(transcript) if not _is_number(guest)]
    name = named[0] if named else transcript.name
    return Creator.objects.create(
        name=name[:80] or "?",
        tier=tier,
        language=transcript.language or "zh-hans",
        is_sample=sample,
    )


def _is_number(speaker: str) -> bool:
    """What recorders call somebody whom they do not know: `User`, `说话人2`."""
    return speaker.casefold() in {"user", "speaker"} or speaker[-1:].isdigit()
