"""A run's storyboard: made once, kept as rows for the pages and as storyboard.json for the rest."""

import json
from pathlib import Path

from django.db import transaction

from generation.models import Character, Run, RunStep, Scene, Shot
from generation.services.filming import run_folder
from generation.services.jobs import run_progress
from generation.services.mapping import CallHelpers, board_of
from generation.services.template_uses import template_written


def _finished(run: Run, name: str) -> RunStep | None:
    return RunStep.objects.filter(run=run, name=name).first()


def board_made(run: Run, call_helpers: CallHelpers | None) -> dict:
    """The storyboard, made once: rows for the pages, storyboard.json for everything after."""
    path = run_folder(run) / "storyboard.json"
    if _finished(run, "board") and path.exists():
        return json.loads(path.read_text("utf-8"))

    def progress(step: str, done: int, total: int) -> None:
        run_progress(run, stage=step, done=done, total=total)

    run_progress(run, stage="chapters", done=0, total=0)
    board = template_written(run, board_of(run, progress=progress, call_helpers=call_helpers))
    board["usage"]["frame_engine"] = run.frame_engine
    told = {scene["chapter"] for scene in board["scenes"]}
    with transaction.atomic():
        _store_rows(run, board)
        RunStep.objects.update_or_create(run=run, name="board", index=0)
        run.usage = board["usage"]
        run.titles = {
            item["index"]: item["title"] for item in board["chapters"] if item["index"] in told
        }
        run.save(update_fields=["usage", "titles"])
    write_board(path, board)
    return board


def write_board(path: Path, board: dict) -> None:
    """storyboard.json, whole or not at all."""
    path.parent.mkdir(parents=True, exist_ok=True)
    draft = path.with_suffix(".json.part")
    draft.write_text(json.dumps(board, ensure_ascii=False, indent=1), "utf-8")
    draft.replace(path)


def _store_rows(run: Run, board: dict) -> None:
    run.scenes.all().delete()
    run.cast.all().delete()
    Character.objects.bulk_create(
        [
            Character(
                run=run,
                key=item["id"],
                name=item["name"][:120],
                aliases=item["aliases"],
                mentions=item["mentions"],
                first_at=item["first_at"],
                appearance=item["appearance"] | {"kind": item.get("kind", "named")},
                seed=item["seed"],
            )
            for item in board["cast"]
        ]
    )
    scenes = Scene.objects.bulk_create(
        [
            Scene(
                run=run,
                index=item["index"],
                chapter=item["chapter"],
                start=item["start"],
                end=item["end"],
                place=(item["place"] or "")[:120],
                time=(item["time"] or "")[:120],
                cast=item["cast"],
                setting=item.get("setting", {}),
            )
            for item in board["scenes"]
        ],
        batch_size=1000,
    )
    by_index = {scene.index: scene for scene in scenes}
    names = ("index", "start", "end", "framing", "movement", "cast", "action", "lines")
    Shot.objects.bulk_create(
        [
            Shot(
                run=run,
                scene=by_index[item["scene"]],
                narration=item["narration"],
                prompt=item["prompt"],
                duration_ms=item["duration_ms"],
                **{name: item[name] for name in names},
            )
            for item in board["shots"]
        ],
        batch_size=1000,
    )
