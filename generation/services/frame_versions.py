"""Versions of a shot's picture: a new one kept, an older one taken back, one locked."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _

from crm import audit
from crm.exceptions import DomainError
from crm.models import User
from generation.models import Character, Frame, FrameJob, Run, Shot
from generation.services.drawing import Drawing
from generation.services.filming import run_folder
from generation.services.run_boards import write_board


def frame_file(run: Run, name: str) -> Path:
    return run_folder(run) / "frames" / name


def frame_keep(
    *, shot: Shot, drawing: Drawing, facts: Mapping[str, Any], file: str, job: FrameJob, throw: int
) -> Frame | None:
    """A new version beside the others, not yet in use; inside the caller's transaction.

    None where the very picture is a version already: it is not passed off as a new one.
    """
    known = Frame.objects.filter(shot=shot, sha256=drawing.sha256)
    if known.exists():
        return None
    last = Frame.objects.filter(shot=shot).aggregate(last=Max("version"))["last"] or 0
    parent = Frame.objects.filter(shot=shot, current=True).first()
    return Frame.objects.create(
        shot=shot, version=last + 1, parent=parent, current=False, file=file, job=job,
        throw=throw, **facts,
    )  # fmt: skip


@transaction.atomic
def frame_choose(*, frame: Frame, actor: User | None = None) -> bool:
    """Use this version from now on. False where it is in use; raises where the one in use is locked."""
    Shot.objects.select_for_update().get(pk=frame.shot_id)
    before = Frame.objects.filter(shot=frame.shot_id, current=True).first()
    if before is not None and before.pk == frame.pk:
        return False
    if before is not None and before.locked:
        raise DomainError(
            _("The picture in use is locked; unlock it before you choose another."), "locked"
        )
    Frame.objects.filter(shot=frame.shot_id, current=True).update(current=False)
    Frame.objects.filter(pk=frame.pk).update(current=True)
    run = frame.shot.run
    audit.record(
        "frame.chosen",
        frame,
        actor=actor,
        data={"run": run.pk, "shot": frame.shot.index, "version": frame.version},
    )
    transaction.on_commit(lambda: board_follow(run, [frame.shot.index]))
    return True


@transaction.atomic
def frame_lock(*, frame: Frame, locked: bool, actor: User | None = None) -> bool:
    """Keep this version as it is, or let it go. Locking chooses it too."""
    if locked:
        frame_choose(frame=frame, actor=actor)
    changed = Frame.objects.filter(pk=frame.pk, locked=not locked).update(locked=locked)
    if changed:
        audit.record("frame.locked" if locked else "frame.unlocked", frame, actor=actor)
    return bool(changed)


def board_follow(
    run: Run, indices: Iterable[int] = (), *, texts: bool = False, people: Iterable[str] = ()
) -> None:
    """Bring storyboard.json after the rows: which picture is in use, with `texts` the shots' words,
    and the looks of `people`."""
    path = run_folder(run) / "storyboard.json"
    if not path.exists():
        return
    board = json.loads(path.read_text("utf-8"))
    wanted = set(indices)
    rows = Shot.objects.filter(run=run, index__in=wanted).prefetch_related("frames")
    by_index = {row.index: row for row in rows}
    for item in board["shots"]:
        row = by_index.get(item["index"])
        if row is None:
            continue
        if texts:
            item |= {
                "framing": row.framing, "movement": row.movement, "cast": row.cast,
                "action": row.action, "prompt": row.prompt, "narration": row.narration,
            }  # fmt: skip
        current = next((frame for frame in row.frames.all() if frame.current), None)
        if current is not None:
            path_of = Path(settings.MEDIA_ROOT) / str(current.file)
            item["frame"] = str(path_of.relative_to(run_folder(run)))
    changed = {row.key: row for row in Character.objects.filter(run=run, key__in=list(people))}
    for item in board["cast"]:
        person = changed.get(item["id"])
        if person is not None:
            item["appearance"] = {k: v for k, v in person.appearance.items() if k != "kind"}
            if person.sheet:
                sheet = Path(settings.MEDIA_ROOT) / str(person.sheet)
                item["reference"] = str(sheet.relative_to(run_folder(run)))
    write_board(path, board)
    # Made of the pictures that were in use; made again on the next request.
    (run_folder(run) / "draft.zip").unlink(missing_ok=True)
