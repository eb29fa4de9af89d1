"""Run inside an installation: `python -m tests.faults.map_story STEP [ENGINE]`, JSON out.

prepare: migrate, a novel of many chapters, a price. start: a run, queued on the real broker. state,
board: how far it is, what came out. alone: the board of one process by the rules.
"""

import json
import os
import sys
from typing import Any

PARTS = "一二三四五六七八九"


def text() -> str:
    from tests.story.samples import WEB_NOVEL

    numbers = [f"{a}十{b}" for a in PARTS[1:3] for b in PARTS]
    return "".join(
        WEB_NOVEL.replace("第一章", f"第{n}章").replace("第二章", f"第一百零{n}章") for n in numbers
    )


def prepare() -> dict[str, Any]:
    from django.core.management import call_command

    from crm.models import Creator
    from engines.models import Price
    from generation.services.novels import novel_upload

    call_command("migrate", verbosity=0)
    creator = Creator.objects.create(name="墨")
    Price.objects.create(engine="stub", input_micro=1, cached_micro=1, output_micro=1)
    novel, _ = novel_upload(creator=creator, data=text().encode(), name="n.txt", title="书")
    return {"chapters": novel.chapters.count()}


def start(engine: str) -> dict[str, Any]:
    from generation.models import Novel
    from generation.services.runs import run_start
    from generation.tasks import run_execute_start

    run, _ = run_start(novel=Novel.objects.get(), token=engine, with_frames=False,
                       with_film=False, text_engine=engine)  # fmt: skip
    run_execute_start(run.pk)
    return {"run": run.pk}


def board() -> dict[str, Any]:
    from generation.models import Run
    from generation.services.filming import run_folder

    run = Run.objects.order_by("-pk")[0]
    made = json.loads((run_folder(run) / "storyboard.json").read_text("utf-8"))
    return {"state": run.state, "tries": run.tries, "board": made}


def alone() -> dict[str, Any]:
    from generation import story
    from generation.models import Novel

    novel = Novel.objects.get()
    read = story.Text(novel.text, novel.encoding, (), novel.sha256, novel.title, novel.language)
    return story.storyboard(read, title=novel.title, density=20.0).to_dict()


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    import django

    django.setup()
    steps = {"prepare": prepare, "start": start, "board": board, "alone": alone}
    sys.stdout.write(json.dumps(steps[sys.argv[1]](*sys.argv[2:])))
