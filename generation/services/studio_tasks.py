"""Work on a run's pictures that draws none: a contact sheet, likeness measured, looks read back."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from crm.services.job_rows import (
    JobStopped,
    job_cancel,
    job_claim,
    job_end,
    job_progress,
    jobs_sweep,
)
from engines.errors import EngineError
from engines.likeness import EncoderMissing
from generation.frames import FrameError
from generation.frames.reading import ATTRIBUTES, read_back
from generation.models import Frame, Run, StudioTask
from generation.services.drawing import (
    SKETCHES,
    cast_documents,
    scene_document,
    shot_document,
    write_picture,
)
from generation.services.filming import run_folder
from generation.services.jobs import run_at_work
from generation.services.likeness import Tell, evenly, likeness_of

READ_SHOTS = 24  # each takes about a second a character


@transaction.atomic
def studio_task_start(
    *, run: Run, kind: str, token: str, first: int = 1, actor: User | None = None
) -> tuple[StudioTask, bool]:
    """Write the wish; the same form (`token`) again gives the task of the first time."""
    if kind not in StudioTask.Kind.values:
        raise DomainError(_("There is no such task."), "kind")
    if not Frame.objects.filter(shot__run=run, current=True).exists():
        raise DomainError(_("There is no picture yet."), "no_picture")
    task, made = StudioTask.objects.get_or_create(
        run=run,
        token=token,
        defaults={"kind": kind, "first": max(1, first), "language": translation.get_language()},
    )
    if made:
        audit.record("studio.task_wanted", task, actor=actor, data={"run": run.pk, "kind": kind})
    return task, made


def studio_task_cancel(*, task: StudioTask) -> bool:
    """Stop a task that waits or works; False where it had ended."""
    return bool(job_cancel(StudioTask, task.pk))


def studio_tasks_sweep() -> list[int]:
    """Tasks that lost their worker or their message; the ids to start."""
    return jobs_sweep(StudioTask)


ContactSheet = Callable[[Run, int, Tell], bytes]


def studio_task_execute(task_id: int, *, contact_sheet: ContactSheet) -> str:
    """Do a task's work if it waits; returns the state it left it in. May be called twice.

    `contact_sheet` makes the PDF; it belongs to the pages' files, above the services.
    """
    if run_at_work(StudioTask, task_id):
        return "run_at_work"  # the sweeper comes again
    task = job_claim(StudioTask, task_id)
    if task is None:
        return "not_waiting"
    try:
        with translation.override(task.language):
            facts = (
                _contact(task, contact_sheet)
                if task.kind == StudioTask.Kind.CONTACT
                else WORK[task.kind](task)
            )
    except JobStopped as stop:
        if not stop.cancelled:
            return "lost"
        return _ended(task, StudioTask.State.CANCELLED)
    except (DomainError, EngineError, FrameError, EncoderMissing, OSError, ValueError) as error:
        code = str(getattr(error, "code", type(error).__name__))[:60]
        return _ended(task, StudioTask.State.FAILED, code=code, error=str(error))
    return _ended(task, StudioTask.State.DONE, **facts)


def _ended(task: StudioTask, state: str, **facts: Any) -> str:
    return state if job_end(task, state, **facts) else "lost"


def _contact(task: StudioTask, contact_sheet: ContactSheet) -> dict[str, Any]:
    data = contact_sheet(
        task.run, task.first, lambda done, total: job_progress(task, done=done, total=total)
    )
    if not data:
        raise DomainError(_("There is no picture from this shot on."), "no_picture")
    path = run_folder(task.run) / "contact" / f"{task.pk}.pdf"
    return {"file": write_picture(path, data)}


def _likeness(task: StudioTask) -> dict[str, Any]:
    report = likeness_of(task.run, lambda done, total: job_progress(task, done=done, total=total))
    return {"report": report}


def _reading(task: StudioTask) -> dict[str, Any]:
    """Attributes of the looks in sketched pictures, spread over the run."""
    cast = cast_documents(task.run)
    rows = Frame.objects.filter(shot__run=task.run, current=True, engine__in=SKETCHES)
    frames = evenly(
        [
            row
            for row in rows.select_related("shot__scene").order_by("shot__index")
            if row.shot.cast
        ],
        READ_SHOTS,
    )
    counts = {name: [0, 0, 0] for name in ATTRIBUTES}  # right, shown, all
    wrong = []
    for order, frame in enumerate(frames):
        job_progress(task, done=order, total=len(frames))
        data = (Path(settings.MEDIA_ROOT) / str(frame.file)).read_bytes()
        for read in read_back(
            data, shot_document(frame.shot), cast, scene=scene_document(frame.shot.scene)
        ):
            told = counts[read.attribute]
            told[2] += 1
            told[1] += read.value is not None
            told[0] += bool(read.right)
            if read.right is False:
                wrong.append({
                    "shot": frame.shot.index, "name": str(cast[read.id]["name"]),
                    "attribute": read.attribute, "expected": read.expected, "value": read.value,
                })  # fmt: skip
    job_progress(task, done=len(frames), total=len(frames))
    return {
        "report": {
            "evaluator": "reading@1", "shots": len(frames), "counts": counts, "wrong": wrong[:60],
            "right": sum(row[0] for row in counts.values()),
            "shown": sum(row[1] for row in counts.values()),
        }
    }  # fmt: skip


WORK: dict[str, Callable[[StudioTask], dict[str, Any]]] = {
    StudioTask.Kind.LIKENESS: _likeness,
    StudioTask.Kind.READING: _reading,
}
