"""Recordings written down by an engine: a job by pieces, and a version only after somebody's yes."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Any, BinaryIO, cast

from django.conf import settings
from django.core.files.storage import default_storage
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import (
    Interview,
    Job,
    Recording,
    Transcription,
    TranscriptionPart,
    TranscriptVersion,
    User,
    WorkflowStep,
)
from crm.services.bookings import fingerprint_of
from crm.services.job_rows import JobStopped, job_alive, job_claim, job_end, job_progress
from crm.services.versions import Carried, Speech, version_add
from engines.errors import EngineError
from engines.models import Budget
from engines.money import micro_of
from engines.pricing import price_of
from engines.services.transcribing import paid_transcription, transcription_key
from engines.transcription import Transcriber, TranscriptionAnswer, TranscriptionRequest
from engines.transcription.registry import (
    BadTranscriberSettings,
    TranscriberSettings,
    UnknownTranscriber,
    settings_of,
    transcriber,
    transcriber_settings,
)
from engines.transcription.sound import Piece, SoundError, pieces

# A turn ends where the speaker changes, after a pause, or when it has grown so long.
_PAUSE_MS = 2_500
_LONG = 240


def engine_choices() -> list[tuple[str, str]]:
    """Transcribers by name; none where the setting cannot be read (a check says why)."""
    try:
        return [(name, told.shown) for name, told in sorted(transcriber_settings().items())]
    except BadTranscriberSettings:
        return []


@transaction.atomic
def transcription_start(
    *, recording: Recording, engine: str, actor: User, language: str = "", token: str = ""
) -> Transcription:
    """Want a recording written down; the same form sent twice is one job."""
    if engine not in dict(engine_choices()):
        raise DomainError(
            _("No transcription engine named %(name)s is configured.") % {"name": engine},
            "unknown_engine",
        )
    if token:
        known = Transcription.objects.filter(asked_by=actor, token=token).first()
        if known is not None:
            return known
    held = Recording.objects.select_for_update(of=("self",)).get(pk=recording.pk)
    if not Recording.objects.kept().filter(pk=held.pk).exists():
        raise DomainError(_("This recording is not here any more."), "no_recording")
    open_jobs = held.transcriptions.filter(state__in=(Job.State.QUEUED, Job.State.RUNNING))
    if open_jobs.exists():
        raise DomainError(_("This recording is being transcribed already."), "running")
    try:
        with transaction.atomic():
            job = Transcription.objects.create(
                recording=held, engine=engine, language=language[:12], token=token,
                asked_by=actor, prompt=_likely_words(held.interview), total=held.duration_ms,
            )  # fmt: skip
    except IntegrityError as error:  # another form got in between
        raise DomainError(_("This recording is being transcribed already."), "running") from error
    audit.record("transcription.asked", job, actor=actor, data={"engine": engine})
    return job


def _likely_words(interview: Interview) -> str:
    """The trade's words and the creator's name, which engines otherwise hear as others."""
    steps = [step.title_zh if interview.language.startswith("zh") else step.title_en
             for step in WorkflowStep.objects.all()[:20]]  # fmt: skip
    return ", ".join([interview.creator.name, *steps])[:400]


def transcription_cancel(*, job: Transcription) -> None:
    """Ask a job to stop; one that nobody has taken yet ends at once. What was heard is kept."""
    rows = Transcription.objects.filter(pk=job.pk)
    if not rows.filter(state=Job.State.QUEUED).update(
        state=Job.State.CANCELLED, ended_at=timezone.now()
    ):
        rows.exclude(state__in=Job.ENDED).update(cancel_requested=True)


@transaction.atomic
def transcription_resume(*, job: Transcription) -> bool:
    """Go on where it stopped; pieces that were heard are not sent again."""
    if not Recording.objects.kept().filter(pk=job.recording_id).exists():
        raise DomainError(_("This recording is not here any more."), "no_recording")
    stopped = Transcription.objects.filter(
        pk=job.pk, state__in=(Job.State.CANCELLED, Job.State.FAILED, Job.State.DEAD)
    )
    return bool(
        stopped.update(
            state=Job.State.QUEUED, tries=0, cancel_requested=False, error="", error_code="",
            queued_at=timezone.now(), ended_at=None,
        )
    )  # fmt: skip


@dataclass
class _Ears:
    """An engine with what its calls need; `cost_micro` adds up what was paid."""

    job: Transcription
    engine: Transcriber
    told: TranscriberSettings
    cost_micro: int = 0
    currency: str = ""

    def hear(self, request: TranscriptionRequest) -> TranscriptionAnswer:
        with job_alive(self.job):
            if not self.told.costs:
                return self.engine.transcribe(request)
            got = paid_transcription(
                engine=self.engine, told=self.told, request=request, budget=self._budget(),
                wait=self._wait,
            )  # fmt: skip
        if not got.kept:
            self.cost_micro += got.cost_micro
            self.currency = got.currency
        return got.answer

    def _budget(self) -> Budget:
        currency = price_of(self.engine.name, self.engine.model, timezone.now()).currency
        return Budget.objects.get_or_create(
            key=f"transcription-{currency.lower()}",
            defaults={
                "cap_micro": micro_of(Decimal(settings.TRANSCRIPTION_CAP)),
                "currency": currency,
            },
        )[0]

    def _wait(self, seconds: float) -> None:
        """A pause of the engine's, in pieces, so that a stop is heard."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            job_progress(self.job, done=self.job.done, total=self.job.total)
            time.sleep(min(left, 2.0))


def transcription_execute(pk: int) -> str:
    """Do a job if it waits; returns the state it left it in. May be called twice.

    Each piece is kept as soon as it is heard, so a job that stops goes on where it was.
    """
    job = job_claim(Transcription, pk)
    if job is None:
        return "not_waiting"
    try:
        ears = _Ears(job, transcriber(job.engine), settings_of(job.engine))
        _listen(ears)
    except JobStopped as stopped:
        if stopped.cancelled:
            job_end(job, Job.State.CANCELLED)
            return Job.State.CANCELLED
        return "lost"
    except (EngineError, SoundError) as error:
        return _failed(job, error.code, _why(error))
    except (UnknownTranscriber, BadTranscriberSettings) as error:
        return _failed(job, "unknown_engine", str(error))
    except FileNotFoundError:
        return _failed(job, "no_recording", _("This recording is not here any more."))
    job_end(job, Job.State.DONE, done=job.total)
    return Job.State.DONE


def _failed(job: Transcription, code: str, error: str) -> str:
    job_end(job, Job.State.FAILED, code=code, error=error)
    return Job.State.FAILED


def _why(error: EngineError | SoundError) -> str:
    if isinstance(error, SoundError):
        return _("The recording is damaged and cannot be read; export it again.")
    return str(error)


def _listen(ears: _Ears) -> None:
    job = ears.job
    recording = job.recording
    with default_storage.open(recording.path, "rb") as file:
        for piece in pieces(cast("BinaryIO", file), seconds=ears.told.piece):
            job_progress(job, done=min(piece.start_ms, job.total), total=job.total)
            job.done = piece.start_ms
            if not job.parts.filter(index=piece.index, cues__isnull=False).exists():
                _hear_piece(ears, piece)


def _hear_piece(ears: _Ears, piece: Piece) -> None:
    job = ears.job
    request = TranscriptionRequest(
        wav=piece.wav,
        seconds=piece.seconds,
        language=job.language,
        prompt=job.prompt,
        timeout=ears.told.timeout,
    )
    # Written before it is sent: a withdrawal finds what is kept beside the receipt.
    facts = {"start_ms": piece.start_ms, "end_ms": piece.end_ms,
             "call_key": transcription_key(ears.engine, request) if ears.told.costs else ""}  # fmt: skip
    _keep(job, piece.index, facts)
    heard = ears.hear(request).cues if piece.wav else ()
    cues = [[piece.start_ms + cue.start_ms, piece.start_ms + cue.end_ms, cue.text] for cue in heard]
    _keep(job, piece.index, {**facts, "cues": cues})
    Transcription.objects.filter(pk=job.pk).update(
        cost_micro=ears.cost_micro + job.cost_micro, currency=ears.currency or job.currency
    )


@transaction.atomic
def _keep(job: Transcription, index: int, facts: Mapping[str, Any]) -> None:
    """Only while the job is this worker's: after a withdrawal nothing is written any more."""
    mine = Transcription.objects.select_for_update(of=("self",)).filter(
        pk=job.pk, state=Job.State.RUNNING, tries=job.tries
    )
    if not mine.exists():
        raise JobStopped(cancelled=False)
    TranscriptionPart.objects.update_or_create(transcription=job, index=index, defaults=dict(facts))


@dataclass(frozen=True)
class HeardCue:
    """What an engine heard, with its place in the recording in milliseconds."""

    index: int
    start_ms: int
    end_ms: int
    text: str


def cues_of(job: Transcription) -> list[HeardCue]:
    told = [cue for part in job.parts.order_by("index") for cue in part.cues or ()]
    return [HeardCue(index, *cue) for index, cue in enumerate(told)]


def turns_of(cues: Sequence[HeardCue], speakers: Mapping[int, str], language: str) -> list[Speech]:
    """Turns from cues. `speakers`: number of the cue from which on somebody speaks → name."""
    between = "" if language.startswith(("zh", "ja")) else " "
    turns: list[Speech] = []
    who = ""
    for cue in cues:
        who = speakers.get(cue.index, who)
        last = turns[-1] if turns else None
        pause = cue.start_ms - (last.end_ms or 0) if last else 0
        if last and last.speaker == who and pause < _PAUSE_MS and len(last.text) < _LONG:
            turns[-1] = Speech(who, f"{last.text}{between}{cue.text}", last.start_ms, cue.end_ms)
        else:
            turns.append(Speech(who, cue.text, cue.start_ms, cue.end_ms))
    return turns


@transaction.atomic
def transcription_accept(
    *, job: Transcription, speakers: Mapping[int, str], actor: User
) -> tuple[TranscriptVersion, Carried]:
    """Somebody's yes: what was heard becomes the interview's newest version."""
    held = Transcription.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if held.state != Job.State.DONE or held.decision != Transcription.Decision.WAITING:
        raise DomainError(_("This transcription was decided already, or is not done."), "decided")
    interview = held.recording.interview
    turns = turns_of(cues_of(held), speakers, interview.language)
    version, carried = version_add(
        interview=interview, speeches=turns, format="speech", actor=actor,
        source_name=held.recording.name,
    )  # fmt: skip
    mark = fingerprint_of(turns)
    if not interview.fingerprint and not Interview.objects.filter(fingerprint=mark).exists():
        Interview.objects.filter(pk=interview.pk).update(fingerprint=mark)
    _decided(held, Transcription.Decision.ACCEPTED, actor, version)
    return version, carried


@transaction.atomic
def transcription_reject(*, job: Transcription, actor: User) -> None:
    """Somebody's no: what was heard is forgotten."""
    held = Transcription.objects.select_for_update(of=("self",)).get(pk=job.pk)
    if held.decision != Transcription.Decision.WAITING or not held.is_ended:
        raise DomainError(_("This transcription was decided already, or is not done."), "decided")
    _decided(held, Transcription.Decision.REJECTED, actor, None)


def _decided(
    job: Transcription, decision: str, actor: User, version: TranscriptVersion | None
) -> None:
    Transcription.objects.filter(pk=job.pk).update(
        decision=decision, decided_by=actor, version=version
    )
    audit.record(f"transcription.{decision}", job, actor=actor)
