"""Run inside an installation: `python -m tests.faults.draw_story STEP`, JSON out.

prepare: migrate and a novel whose storyboard has 500 shots or more. start: a run with frames, queued on
the real broker. told: how far it is. work: a Celery worker that notes every drawing it begins.
"""

import json
import os
import sys
from pathlib import Path
from typing import Any

LEAST = 500
NOTES = "drawings.txt"


def prepare() -> dict[str, Any]:
    from django.core.management import call_command

    from crm.models import Creator
    from generation.services.novels import novel_upload
    from tests.faults.map_story import text

    call_command("migrate", verbosity=0)
    novel, _ = novel_upload(
        creator=Creator.objects.create(name="墨"), data=text().encode(), name="n.txt", title="书"
    )
    return {"length": len(novel.text)}


def start(density: str) -> dict[str, Any]:
    from generation.models import Novel
    from generation.services.runs import run_start
    from generation.tasks import run_execute_start

    run, _ = run_start(
        novel=Novel.objects.get(), token="draw", density=float(density), with_film=False
    )
    run_execute_start(run.pk)
    return {"run": run.pk}


def told() -> dict[str, Any]:
    from django.conf import settings

    from generation.models import Frame, Run

    run = Run.objects.get()
    frames = Frame.objects.filter(shot__run=run)
    files = [Path(settings.MEDIA_ROOT) / str(row.file) for row in frames]
    return {
        "state": run.state, "tries": run.tries, "shots": run.shots.count(), "frames": frames.count(),
        "versions": sorted(set(frames.values_list("version", flat=True))),
        "shots_with_one": frames.values("shot").distinct().count(),
        "files": sum(path.exists() for path in files), "paths": len(set(files)),
        "leftovers": [p.name for p in files[0].parent.iterdir() if p not in files] if files else [],
    }  # fmt: skip


def work(*options: str) -> None:
    """A worker like any other, but every drawing begun is a line of the notes."""
    from config.celery import app
    from generation.services import run_work

    draw = run_work.draw

    def noted(engine: str, binding: Any, *rest: Any, **named: Any) -> Any:
        notes = os.open(
            Path(os.environ["PINGJU_HOME"]) / NOTES, os.O_WRONLY | os.O_APPEND | os.O_CREAT
        )
        os.write(notes, f"{binding.shot}\n".encode())
        os.close(notes)
        return draw(engine, binding, *rest, **named)

    run_work.draw = noted
    app.worker_main(["worker", *options])


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    if sys.argv[1] == "work":
        work(*sys.argv[2:])
    else:
        steps = {"prepare": prepare, "start": start, "told": told}
        sys.stdout.write(json.dumps(steps[sys.argv[1]](*sys.argv[2:])))
