"""A worker killed with -9 in the middle of a picture, twice: what was kept is not drawn again."""

import os
import signal
from collections import Counter
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from types import ModuleType

import pytest
from django.db import connections
from django.utils import timezone

from crm.models import Job
from generation.models import Frame, FrameJob, Run, Shot
from generation.services import frame_jobs, run_work
from generation.services.frame_jobs import frames_execute, frames_sweep
from generation.services.jobs import runs_sweep
from generation.services.run_work import run_execute
from generation.services.runs import run_start
from generation.services.studio import frames_redo
from tests.factories.generation import NovelFactory

TEXT = "第一章 山门\n" + "".join(
    f"沈砚走到第{n}级石阶前，停住脚步，望着山门。“还有多远？”他低声问道。\n" for n in "一二三"
)


@pytest.fixture
def small(settings: object, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.MEDIA_ROOT = tmp_path  # type: ignore[attr-defined]
    monkeypatch.setattr(run_work, "FRAME_SIZES", {True: (108, 192), False: (192, 108)})
    monkeypatch.setattr(frame_jobs, "FRAME_SIZES", {True: (108, 192), False: (192, 108)})
    return tmp_path / "begun.txt"


def noting(draw: Callable[..., object], notes: Path, dies_at: int | None) -> Callable[..., object]:
    """The drawing that notes each shot it begins and, at one count, is killed with -9."""
    begun = 0

    def drawn(engine: str, binding: object, *rest: object, **named: object) -> object:
        nonlocal begun
        begun += 1
        with notes.open("a") as file:
            file.write(f"{binding.shot}\n")  # type: ignore[attr-defined]
        if begun == dies_at:
            os.kill(os.getpid(), signal.SIGKILL)
        return draw(engine, binding, *rest, **named)

    return drawn


def killed(work: Callable[[], object]) -> int:
    """Does the work in a process of its own; the signal that ended it, 0 where it came to its end."""
    connections.close_all()
    child = os.fork()
    if child == 0:
        work()
        os._exit(0)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.django_db(transaction=True)
def test_a_run_and_a_batch_killed_twice_draw_each_frame_once(
    small: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    run, _ = run_start(novel=NovelFactory(text=TEXT), token="a", density=60.0, with_film=False)
    begun = _killed_twice(
        monkeypatch,
        small,
        run_work,
        lambda: run_execute(run.pk),
        lambda: _lost(Run, run.pk, runs_sweep),
    )
    shots = Shot.objects.filter(run=run).count()
    frames = Frame.objects.filter(shot__run=run)
    assert shots >= 6
    assert frames.count() == frames.values("shot").distinct().count() == shots == len(begun)
    assert sum(begun.values()) == shots + 2, "only what was in two hands is begun again"

    job, _ = frames_redo(run=run, token="b", shots=list(range(shots)), engine="sketch-line")
    begun = _killed_twice(
        monkeypatch, small, frame_jobs, lambda: frames_execute(job.pk),
        lambda: _lost(FrameJob, job.pk, frames_sweep),
    )  # fmt: skip
    made = Frame.objects.filter(job=job)
    assert made.count() == made.values("shot").distinct().count() == shots == len(begun)
    assert sum(begun.values()) == shots + 2
    assert set(made.values_list("version", flat=True)) == {2}

    # The control: a batch that forgets what it kept draws it again, and the count shows it.
    forgets, _ = frames_redo(run=run, token="c", shots=list(range(shots)), new_seed=True)

    def forgotten() -> None:
        _lost(FrameJob, forgets.pk, frames_sweep)
        Frame.objects.filter(job=forgets).delete()
        FrameJob.objects.filter(pk=forgets.pk).update(results={})

    begun = _killed_twice(
        monkeypatch, small, frame_jobs, lambda: frames_execute(forgets.pk), forgotten
    )
    assert sum(begun.values()) > shots + 2


def _killed_twice(
    monkeypatch: pytest.MonkeyPatch,
    notes: Path,
    module: ModuleType,
    work: Callable[[], str],
    meanwhile: Callable[[], None],
) -> Counter[str]:
    """Works, killed at the third picture of each of two lives; how often each shot was begun."""
    notes.unlink(missing_ok=True)
    draw = module.draw
    for _ in range(2):
        monkeypatch.setattr(module, "draw", noting(draw, notes, 3))
        assert killed(work) == -signal.SIGKILL
        meanwhile()
    monkeypatch.setattr(module, "draw", noting(draw, notes, None))
    assert work() == "done"
    monkeypatch.setattr(module, "draw", draw)
    return Counter(notes.read_text().split())


def _lost(model: type[Job], pk: int, sweep: Callable[[], list[int]]) -> None:
    """What the sweeper does once the heartbeat is old."""
    old = timezone.now() - timedelta(hours=1)
    assert model._default_manager.filter(pk=pk, state="running").update(heartbeat_at=old) == 1
    assert pk in sweep()
