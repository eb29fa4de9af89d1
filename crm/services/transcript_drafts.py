"""Transcripts between upload and import: kept for a day, shown as what they would become."""

from dataclasses import dataclass

from django.utils.translation import gettext as _

from crm import transcripts
from crm.exceptions import DomainError
from crm.models import Creator, Interview, User
from crm.services import drafts
from crm.services.interviews import INTERVIEWERS, speaker_known, transcripts_in
from crm.transcripts import Guess, Rejected, Transcript

FOLDER = "transcript-drafts"
_SALT = "crm.transcript-draft"


@dataclass(frozen=True)
class TranscriptDraft:
    """An uploaded transcript file; `token` is its signed name in addresses."""

    path: str
    name: str
    user: int

    @property
    def token(self) -> str:
        return drafts.token_of(_SALT, (self.path, self.name, self.user))

    def read(self) -> bytes:
        return drafts.read(self.path)


def draft_keep(*, data: bytes, name: str, actor: User) -> TranscriptDraft:
    return TranscriptDraft(drafts.put_aside(FOLDER, data), name[:255], actor.pk)


def draft_of(token: str, actor: User) -> TranscriptDraft:
    """The draft behind a token. Raises `DomainError` where it is not this user's or is gone."""
    gone = _("Upload the transcript again.")
    facts = drafts.opened(_SALT, token, gone=gone)
    if len(facts) != 3 or facts[2] != actor.pk:
        raise DomainError(gone, code="no_draft")
    return TranscriptDraft(*facts)


def draft_drop(draft: TranscriptDraft) -> None:
    drafts.drop(draft.path)


@dataclass(frozen=True)
class Speaker:
    """Who speaks in a file: how often, how much (characters), with which first words."""

    name: str
    turns: int
    length: int
    first: str
    asks: bool


@dataclass(frozen=True)
class TranscriptPreview:
    """What a file would become. `known`: fingerprint → the interview that has these words; `person`
    is whom its speakers name, where it is one interview; `unsure` says why nobody is named."""

    format: str
    guesses: list[Guess]
    transcripts: list[Transcript]
    known: dict[str, Interview]
    speakers: list[Speaker]
    rejected: list[Rejected]
    notes: list[Rejected]
    person: Creator | None
    unsure: str

    @property
    def fresh(self) -> list[Transcript]:
        return [
            item
            for item in self.transcripts
            if item.utterances and item.fingerprint not in self.known
        ]

    @property
    def turns(self) -> int:
        return sum(len(item.utterances) for item in self.transcripts)

    @property
    def until_ms(self) -> int | None:
        """The last time that the file names, in milliseconds."""
        times = [
            time
            for item in self.transcripts
            for row in item.utterances
            for time in (row.start_ms, row.end_ms)
            if time is not None
        ]
        return max(times, default=None)


def transcript_preview(*, data: bytes, name: str, format: str = "auto") -> TranscriptPreview:
    """Read a file as it would be imported, and keep nothing. Raises `DomainError`."""
    found = transcripts_in(data, name, format)
    text, _encoding, _repairs = transcripts.readable_text(data)
    person, unsure = None, ""
    try:
        person = speaker_known(found[0]) if len(found) == 1 else None
    except DomainError as error:
        unsure = str(error)
    known = Interview.objects.filter(fingerprint__in=[item.fingerprint for item in found])
    return TranscriptPreview(
        format=found[0].read_as,
        guesses=transcripts.detect(text, name),
        transcripts=found,
        known={row.fingerprint: row for row in known.select_related("creator")},
        speakers=_speakers(found),
        rejected=[line for item in found for line in item.rejected],
        notes=[line for item in found for line in item.notes],
        person=person,
        unsure=unsure,
    )


def _speakers(found: list[Transcript]) -> list[Speaker]:
    turns: dict[str, int] = {}
    length: dict[str, int] = {}
    first: dict[str, str] = {}
    for item in found:
        for row in item.utterances:
            turns[row.speaker] = turns.get(row.speaker, 0) + 1
            length[row.speaker] = length.get(row.speaker, 0) + len(row.text)
            first.setdefault(row.speaker, row.text)
    return [
        Speaker(name, turns[name], length[name], first[name], name.casefold() in INTERVIEWERS)
        for name in turns
    ]
