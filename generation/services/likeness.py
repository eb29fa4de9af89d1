"""Likeness over a run's pictures: how alike each character stays, and how like its sheet it is."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from typing import Any

from django.conf import settings
from PIL import Image, ImageOps

from engines.likeness import Encoder, encoder_in_use
from generation.frames.crops import crops_of, sheet_crops
from generation.frames.identity import cids_cross, cids_self, copy_paste, likeness
from generation.models import Character, Frame, Run
from generation.services.drawing import SKETCHES, cast_documents, scene_document, shot_document

MOST_SHOTS = 200

Tell = Callable[[int, int], None]


def evenly(rows: list[Any], most: int) -> list[Any]:
    """At most so many of the rows, spread over all of them."""
    if len(rows) <= most:
        return rows
    return [rows[order * len(rows) // most] for order in range(most)]


def likeness_of(run: Run, tell: Tell, encoder: Encoder | None = None) -> dict[str, Any]:
    """ViStoryBench's scores of the pictures in use, with the evaluator's name.

    `tell` hears how far it is. Who was recognised (for OCCM) is what the checks of each picture say;
    no detector is run here, and the report names that too. Raises EncoderMissing.
    """
    encoder = encoder or encoder_in_use()
    cast = cast_documents(run)
    frames = Frame.objects.filter(shot__run=run, current=True).select_related("shot__scene")
    rows = evenly([row for row in frames.order_by("shot__index") if row.shot.cast], MOST_SHOTS)
    crops: dict[str, list[Any]] = defaultdict(list)
    counts, expected = [], set()
    for order, frame in enumerate(rows):
        tell(order, len(rows))
        path = Path(settings.MEDIA_ROOT) / str(frame.file)
        if not path.exists():
            continue
        checks = frame.checks
        seen = int(checks.get("recognised", checks.get("bound", 0)))
        counts.append((len(frame.shot.cast), seen))
        with Image.open(path) as picture:
            found = crops_of(
                picture.convert("RGB"), shot_document(frame.shot), cast,
                sketched=frame.engine in SKETCHES, scene=scene_document(frame.shot.scene),
            )  # fmt: skip
        expected |= {entry["id"] for entry in frame.shot.cast}
        if found:
            for key, vector in zip(found, encoder.encode(list(found.values())), strict=True):
                crops[key].append(vector)
    tell(len(rows), len(rows))
    return _report(run, encoder, cast, expected, crops, counts, len(rows))


def _report(
    run: Run,
    encoder: Encoder,
    cast: dict[str, dict[str, Any]],
    expected: set[str],
    crops: dict[str, list[Any]],
    counts: list[tuple[int, int]],
    shots: int,
) -> dict[str, Any]:
    references: dict[str, Any] = {}
    rows = []
    for person in Character.objects.filter(run=run, key__in=expected).exclude(sheet=""):
        path = Path(settings.MEDIA_ROOT) / str(person.sheet)
        if not path.exists():
            continue
        with Image.open(path) as sheet:
            parts = sheet_crops(sheet.convert("RGB"), cast[person.key])
        vectors = encoder.encode([*parts, ImageOps.mirror(parts[0])])
        references[person.key] = vectors[:-1]
        mine = crops.get(person.key, [])
        rows.append({
            "key": person.key, "name": person.name, "n": len(mine),
            "cross": round(cids_cross(mine, vectors[:-1]), 4),
            "self": round(cids_self(mine), 4) if len(mine) > 1 else None,
            "copy": round(copy_paste(mine, vectors[0], vectors[-1]), 4) if mine else None,
        })  # fmt: skip
    whole = likeness(encoder.name, crops, references, counts)
    told: dict[str, Any] = {
        "evaluator": encoder.name, "identity": encoder.knows_identity, "shots": shots,
        "rows": sorted(rows, key=lambda row: (-row["n"], row["key"])),
        "unseen": len(expected - set(references)),
    }  # fmt: skip
    if whole is not None:
        told |= {
            "cross": round(whole.cross, 4), "self": round(whole.self_, 4), "n": whole.n,
            "occm": None if whole.occm is None else round(whole.occm, 2),
            "characters": whole.characters,
        }  # fmt: skip
    return told
