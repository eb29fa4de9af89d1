"""An assistant's work as a row: wanted, claimed, shown as it goes, ended; twice does no harm."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any

from django.db import transaction
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import Job, Quoting, Study, TranscriptVersion, User
from crm.services import job_rows
from crm.services.interviews import INTERVIEWERS
from crm.services.job_rows import JobStopped, job_claim, job_end, job_progress
from engines.errors import EngineError
from insights.assistants import Assistant, Proposal
from insights.assisting import passages_for, profiles, said_in
from insights.models import AssistantJob, Highlight, MachineReading, Suggestion
from insights.querysets import is_free
from insights.services.assistants.ways import assistant, ways

_SHOWN_EVERY = 0.5  # seconds between two writes of the progress


@transaction.atomic
def suggest_start(
    *, transcript: TranscriptVersion, way: str, actor: User, token: str = ""
) -> AssistantJob:
    """Want suggestions for a transcript; the same form sent twice is one job."""
    interview = transcript.interview
    if not interview.usable or interview.quoting == Quoting.WITHDRAWN:
        raise DomainError(_("Consent to use this interview was withdrawn."), "withdrawn")
    return _start(AssistantJob.Task.SUGGEST, way, actor, token, transcript=transcript)


@transaction.atomic
def coding_start(*, study: Study | None, way: str, actor: User, token: str = "") -> AssistantJob:
    """Want a coding, by a machine as one more coder, of all passages that people coded."""
    return _start(AssistantJob.Task.CODE, way, actor, token, study=study)


@transaction.atomic
def answer_start(
    *,
    question: str,
    way: str,
    actor: User,
    tier: str = "",
    study: Study | None = None,
    token: str = "",
) -> AssistantJob:
    """Want an answer from what was said."""
    question = " ".join(question.split())
    if not question:
        raise DomainError(_("Write a question."), "empty_question")
    if len(question) > 300:
        raise DomainError(_("Ask in at most 300 characters."), "long_question")
    return _start(
        AssistantJob.Task.ANSWER, way, actor, token, question=question, tier=tier, study=study
    )


def _start(task: str, way: str, actor: User, token: str, **wish: object) -> AssistantJob:
    if way not in dict(ways()):
        raise DomainError(
            _("No chat engine named %(name)s is configured.") % {"name": way}, "unknown_engine"
        )
    if token:
        known = AssistantJob.objects.filter(asked_by=actor, token=token).first()
        if known is not None:
            return known
    job = AssistantJob.objects.create(task=task, way=way, asked_by=actor, token=token, **wish)
    audit.record("assistant.asked", job, actor=actor, data={"task": task, "way": way})
    return job


def job_cancel(*, job: AssistantJob) -> None:
    """Ask a job to stop; one that nobody has taken yet ends at once."""
    job_rows.job_cancel(AssistantJob, job.pk)


@dataclass
class _Work:
    """A running job: `step` writes the progress now and then, and stops where it has to."""

    job: AssistantJob
    by: Assistant = field(init=False)
    _last: float = 0.0

    def step(self, done: int, total: int) -> None:
        now = time.monotonic()
        if now - self._last >= _SHOWN_EVERY or done == total:
            self._last = now
            job_progress(self.job, done=done, total=total)

    def wait(self, seconds: float) -> None:
        """A pause of the engine's, in pieces, so that a stop is heard."""
        until = time.monotonic() + seconds
        while (left := until - time.monotonic()) > 0:
            job_progress(self.job, done=self.job.done, total=self.job.total)
            time.sleep(min(left, 2.0))


def job_execute(pk: int) -> str:
    """Do a job if it waits; returns the state it left it in. May be called twice.

    What an engine refuses ends the job with its reason; nothing half is kept.
    """
    job = job_claim(AssistantJob, pk)
    if job is None:
        return "not_waiting"
    work = _Work(job)
    try:
        work.by = assistant(job.way, work.wait)
        facts = _TASKS[job.task](work)
    except JobStopped as stopped:
        if stopped.cancelled:
            job_end(job, Job.State.CANCELLED)
            return Job.State.CANCELLED
        return "lost"
    except (EngineError, DomainError) as error:
        job_end(job, Job.State.FAILED, code=error.code, error=str(error))
        return Job.State.FAILED
    job_end(job, Job.State.DONE, way_used=work.by.name, **facts)
    return Job.State.DONE


def _suggest(work: _Work) -> dict[str, Any]:
    transcript = work.job.transcript
    if transcript is None:
        raise DomainError(_("This interview has no transcript yet."), "no_transcript")
    said = said_in(transcript, INTERVIEWERS)
    offered = work.by.suggest(said, profiles(without=transcript.interview_id), work.step)
    kept, untrue = _true(offered.proposals, transcript)
    with transaction.atomic():
        Suggestion.objects.bulk_create(
            [_row(item, transcript, work.by.name) for item in _new(kept, transcript)],
            ignore_conflicts=True,
        )
    return {
        "read": len(said),
        "found": len(kept),
        "dropped": offered.dropped + untrue,
    }


def _true(offers: Iterable[Proposal], transcript: TranscriptVersion) -> tuple[list[Proposal], int]:
    """The last look before anything is stored: the quote is the transcript's slice, or it goes."""
    kept = [item for item in offers if transcript.text[item.start : item.end] == item.quote]
    return kept, sum(1 for _item in offers) - len(kept)


def _new(offers: list[Proposal], transcript: TranscriptVersion) -> list[Proposal]:
    """Without what people tagged there already for the same pain point."""
    tagged = [
        (row.start, row.end, {item.pain_id for item in row.evidence.all()})
        for row in Highlight.objects.filter(transcript=transcript).prefetch_related("evidence")
    ]
    return [
        item
        for item in offers
        if not any(
            item.pain in pains and start < item.end and item.start < end
            for start, end, pains in tagged
        )
    ]


def _row(item: Proposal, transcript: TranscriptVersion, way: str) -> Suggestion:
    return Suggestion(
        transcript=transcript,
        start=item.start,
        end=item.end,
        text=item.quote,
        pain_id=item.pain,
        title=item.title,
        stance=item.stance,
        score=item.score,
        because=item.because,
        like_id=item.like,
        way=way,
    )


def _code(work: _Work) -> dict[str, Any]:
    """Passage by passage of each interview, with the examples of all the other interviews."""
    rows = Highlight.objects.filter(
        is_free(), evidence__isnull=False, transcript__interview__usable=True
    ).exclude(transcript__interview__quoting="withdrawn")
    if work.job.study_id is not None:
        rows = rows.filter(transcript__interview__study=work.job.study_id)
    by_interview: dict[int, list[Highlight]] = {}
    for row in rows.select_related("transcript").distinct().order_by("pk"):
        by_interview.setdefault(row.transcript.interview_id, []).append(row)
    total = sum(len(found) for found in by_interview.values())
    done = dropped = read = 0
    for interview, found in by_interview.items():
        coded = work.by.code(
            [row.text for row in found], profiles(without=interview), lambda _done, _total: None
        )
        dropped += coded.dropped
        with transaction.atomic():
            for row, pains in zip(found, coded.readings, strict=True):
                if pains is not None:
                    read += 1
                    MachineReading.objects.update_or_create(
                        highlight=row, way=work.by.name, defaults={"pains": sorted(pains)}
                    )
        done += len(found)
        work.step(done, total)
    return {"read": total, "found": read, "dropped": dropped}


def _answer(work: _Work) -> dict[str, Any]:
    job = work.job
    passages = passages_for(job.question, INTERVIEWERS, tier=job.tier, study=job.study)
    told = work.by.answer(job.question, passages, work.step)
    lines = [
        {
            # Words of the transcript are read from it when they are shown, not kept twice.
            "text": "" if line.text == line.citations[0].quote else line.text,
            "citations": [
                {"utterance": item.passage, "start": item.start, "end": item.end}
                for item in line.citations
            ],
        }
        for line in told.sentences
    ]
    return {
        "read": len(passages),
        "found": len(lines),
        "dropped": told.dropped + told.false_quotes,
        "answer": lines,
    }


_TASKS: dict[str, Callable[[_Work], dict[str, Any]]] = {
    AssistantJob.Task.SUGGEST: _suggest,
    AssistantJob.Task.CODE: _code,
    AssistantJob.Task.ANSWER: _answer,
}
