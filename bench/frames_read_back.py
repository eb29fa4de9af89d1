"""Attributes of a look read back from the pixels: 200 random shots of each of three books.

For every bound character eleven attributes (species, build, hair, its colour, beard, clothes, both
colours, headgear, accessory, skin) are read from a finished sketch by `generation.frames.reading`,
which draws what else each of them could be. The share is of those that the frame shows; how many
that are stands beside it. Aim: bound = expected in all, read right in at least 99 %.
"""

from __future__ import annotations

import os
import random
from collections.abc import Iterator, Mapping
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path
from typing import Any

from engines.decoding import decode
from generation import story
from generation.frames import bind, draw, judge
from generation.frames.reading import read_back

NOVELS = Path(__file__).resolve().parents[2] / "shared" / "data" / "novels"
BOOKS = ("西游记.txt", "三国演义.txt", "alice.txt")
OPENING = 120_000  # code points that the shots are taken from
SHOTS = 200
SIZE = (360, 640)
AIM = 0.99

Job = tuple[dict[str, Any], dict[str, Any], dict[str, Any]]


def _read(job: Job) -> tuple[bool, int, int, int]:
    """Whether all are bound; attributes read right, shown, and all there are."""
    shot, cast, scene = job
    panel = draw(shot, cast=cast, scene=scene, size=SIZE)
    reads = read_back(panel.to_png(), shot, cast, scene=scene)
    bound = bind(shot, cast=cast, scene=scene)
    whole = (
        sorted(panel.drawn) == sorted(entry["id"] for entry in shot["cast"])
        and judge(bound).passes
        and len(bound.people) + len(bound.crowd) == bound.expected == len(shot["cast"])
    )
    shown = [read for read in reads if read.value is not None]
    return whole, sum(bool(read.right) for read in shown), len(shown), len(reads)


def jobs_of(path: Path) -> list[Job]:
    """Random shots of a book's opening, each with its people and its scene."""
    board = story.storyboard(decode(path.read_bytes()).text[:OPENING])
    cast: Mapping[str, dict[str, Any]] = {person["id"]: person for person in board.cast}
    scenes = {scene["index"]: scene for scene in board.scenes}
    picked = random.Random(3).sample(board.shots, min(SHOTS, len(board.shots)))
    return [
        (shot, {entry["id"]: cast[entry["id"]] for entry in shot["cast"]}, scenes[shot["scene"]])
        for shot in picked
    ]


def rows() -> Iterator[dict[str, object]]:
    """One row a book that is beside the repository."""
    for name in BOOKS:
        path = NOVELS / name
        if not path.exists():
            continue
        with ProcessPoolExecutor(min(2, os.cpu_count() or 1)) as pool:
            done = list(pool.map(_read, jobs_of(path), chunksize=4))
        whole = sum(row[0] for row in done)
        right, shown, total = (sum(row[at] for row in done) for at in (1, 2, 3))
        yield {
            "work": f"{path.stem}: {len(done)} random shots, bound = expected in {whole}; "
            f"attributes read back right of {shown:,} shown (of {total:,})",
            "ours": f"{right / max(1, shown):.4f}",
            "other": "",
            "ratio": None,
            "aim": f"all bound, ≥ {AIM}",
            "met": whole == len(done) and right >= AIM * shown,
        }
