"""A batch of pictures at work: claimed, drawn one by one, each kept once, resumed after a crash."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max, Sum
from django.utils import timezone
from django.utils.translation import override

from crm.exceptions import DomainError
from crm.services.job_rows import JobStopped, job_claim, job_end, job_progress, jobs_sweep
from crm.services.quotas import quota_settle
from engines.errors import EngineError
from engines.images import Watch
from engines.models import Budget
from generation.frames import FrameError
from generation.models import Character, Frame, FrameJob, Shot
from generation.services.drawing import (
    BALLOONS,
    Drawing,
    binding_of,
    cast_documents,
    draw,
    frame_facts,
    is_paid,
    said_in,
    scene_document,
    shot_document,
    stamp_of,
    write_picture,
)
from generation.services.frame_versions import board_follow, frame_file, frame_keep
from generation.services.jobs import run_at_work
from generation.services.run_work import FRAME_SIZES
from generation.services.studio import book_of, budget_key
from generation.services.template_uses import picture_template, template_redrawn
from generation.services.work_notices import frames_tell

# Before an engine's failure in a batch's results: its code, a space, the engineer's words.
ENGINE_FAULT = "engine:"
# Errors that every further picture would meet too: the batch stops instead of asking 600 times.
ENDS_BATCH = frozenset({
    "budget_spent", "no_price", "wrong_currency", "bad_key", "no_balance", "not_found", "exhausted",
    "resting", "unreachable",
})  # fmt: skip


def frames_sweep() -> list[int]:
    """Batches that lost their worker or their message; the ids to start."""
    return jobs_sweep(FrameJob, on_dead=lambda job: frames_tell(job, FrameJob.State.DEAD))


def frames_execute(job_id: int) -> str:
    """Do a batch's work if it waits; returns the state it left it in. May be called twice."""
    if run_at_work(FrameJob, job_id):
        return "run_at_work"  # the sweeper comes again
    job = job_claim(FrameJob, job_id)
    if job is None:
        return "not_waiting"
    try:
        with override(job.run.novel.creator.language):
            _Batch(job).work()
    except JobStopped as stop:
        if not stop.cancelled:
            return "lost"
        return _ended(job, FrameJob.State.CANCELLED)
    except (DomainError, EngineError, LookupError, ValueError, OSError) as error:
        code = str(getattr(error, "code", type(error).__name__))[:60]
        return _ended(job, FrameJob.State.FAILED, code=code, error=str(error))
    return _ended(job, FrameJob.State.DONE)


@transaction.atomic
def _ended(job: FrameJob, state: str, *, code: str = "", error: str = "") -> str:
    if not job_end(job, state, code=code, error=error):
        return "lost"
    frames_tell(job, state)
    drawn = Frame.objects.filter(job=job).count()
    quota_settle(
        creator=job.run.novel.creator, key=f"frames:{job.pk}", runs=0, frames=drawn, characters=0
    )
    board_follow(job.run, job.shots)
    template_redrawn(job.run)
    return state


class _Batch:
    """One worker's hold on a batch."""

    def __init__(self, job: FrameJob) -> None:
        self.job, self.run = job, job.run
        self.cast = cast_documents(job.run)
        self.book, self.english = book_of(job.run)
        self.template = picture_template(job.run)
        self.size = FRAME_SIZES[job.run.portrait]
        self.budget = Budget.objects.filter(key=budget_key(job)).first()
        self.done = 0
        self._references: dict[str, bytes] = {}

    def work(self) -> None:
        rows = Shot.objects.filter(run=self.run, index__in=self.job.shots).order_by("index")
        for shot in rows.select_related("scene"):
            if str(shot.index) not in self.job.results:
                self._progress()
                self._shot(shot)
            self.done += 1
        self._progress()

    def _progress(self) -> None:
        job_progress(self.job, done=self.done, total=len(self.job.shots))

    def _watch(self, done: int, total: int) -> None:
        self._progress()

    def _shot(self, shot: Shot) -> None:
        try:
            told = self._drawn(shot)
        except (DomainError, EngineError, FrameError) as error:
            if getattr(error, "code", "") in ENDS_BATCH:
                raise
            told = (
                f"{ENGINE_FAULT}{error.code} {error}"[:300]
                if isinstance(error, EngineError)
                else str(error)[:300]
            )
        self._note(shot, told)

    def _drawn(self, shot: Shot) -> str:
        """Every throw that is missing, then the best of them in use."""
        document, scene = shot_document(shot), scene_document(shot.scene)
        first = self._first_take(shot)
        for throw in range(self.job.best_of):
            if Frame.objects.filter(job=self.job, shot=shot, throw=throw).exists():
                continue
            take = first + throw
            binding = binding_of(
                document, scene, self.cast, book=self.book, english=self.english, take=take,
                template=self.template,
            )  # fmt: skip
            watch: Watch | None = self._watch if is_paid(self.job.engine) else None
            drawing = draw(
                self.job.engine,
                binding,
                document,
                scene,
                self.cast,
                size=self.size,
                budget=self.budget,
                references=self._sheets([person.id for person in binding.people]),
                watch=watch,
                purpose=f"frame {self.run.pk}/{shot.index + 1}",
                parameters=self.template.parameters if self.template else None,
                scope=self.run.novel.scope,
                said=said_in(shot) if self.job.engine == BALLOONS else None,
            )
            self._keep(shot, drawing, frame_facts(
                drawing, binding, stamp_of(binding, document, scene), take
            ), throw)  # fmt: skip
        return self._choose(shot)

    def _first_take(self, shot: Shot) -> int:
        """The take in use, or with another seed the one after all that were thrown before."""
        mine = Frame.objects.filter(job=self.job, shot=shot).order_by("throw").first()
        if mine is not None:
            return mine.take - mine.throw
        rows = Frame.objects.filter(shot=shot)
        if self.job.new_seed:
            last = rows.aggregate(last=Max("take"))["last"]
            return 0 if last is None else last + 1
        current = rows.filter(current=True).first()
        return current.take if current is not None else 0

    def _sheets(self, people: list[str]) -> dict[str, bytes]:
        """Reference pictures: the character sheets of who is in the shot, read once a batch."""
        if not is_paid(self.job.engine):
            return {}
        missing = [key for key in people if key not in self._references]
        for row in Character.objects.filter(run=self.run, key__in=missing).exclude(sheet=""):
            path = Path(settings.MEDIA_ROOT) / str(row.sheet)
            if path.exists():
                self._references[row.key] = path.read_bytes()
        return {key: self._references[key] for key in people if key in self._references}

    def _keep(self, shot: Shot, drawing: Drawing, facts: dict[str, Any], throw: int) -> None:
        name = f"{shot.index:05d}-b{self.job.pk}-{throw}.png"
        file = write_picture(frame_file(self.run, name), drawing.png)
        with transaction.atomic():
            self._still_mine()
            frame_keep(
                shot=shot, drawing=drawing, facts=facts, file=file, job=self.job, throw=throw
            )

    def _still_mine(self) -> None:
        """Holds the batch's row until the transaction ends; a successor waits or has it already."""
        mine = FrameJob.objects.filter(
            pk=self.job.pk, state=FrameJob.State.RUNNING, tries=self.job.tries
        )
        if not mine.update(heartbeat_at=timezone.now()):
            raise JobStopped(cancelled=False)

    def _choose(self, shot: Shot) -> str:
        with transaction.atomic():
            self._still_mine()
            Shot.objects.select_for_update().get(pk=shot.pk)
            made = list(Frame.objects.filter(job=self.job, shot=shot))
            if not made:
                return "same"
            in_use = Frame.objects.filter(shot=shot, current=True)
            if self.job.beside and in_use.exists():
                return "made"
            if in_use.filter(locked=True).exists():
                return "locked"
            best = max(made, key=lambda frame: (score_of(frame), -frame.throw))
            Frame.objects.filter(shot=shot, current=True).update(current=False)
            Frame.objects.filter(pk=best.pk).update(current=True)
            return "made"

    def _note(self, shot: Shot, told: str) -> None:
        self.job.results[str(shot.index)] = told
        spent = Frame.objects.filter(job=self.job).aggregate(sum=Sum("cost_micro"))["sum"] or 0
        with transaction.atomic():
            self._still_mine()
            FrameJob.objects.filter(pk=self.job.pk).update(
                results=self.job.results, cost_micro=spent
            )


def score_of(frame: Frame) -> float:
    """0..1: how much of what was expected the checks found; likeness where it was measured."""
    checks = frame.checks
    if "likeness" in checks:
        return float(checks["likeness"])
    if checks.get("attributes"):
        return float(checks["right"]) / float(checks["attributes"])
    return float(checks.get("integrity", 0.0))
