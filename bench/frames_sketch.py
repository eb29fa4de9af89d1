"""Speed of the offline sketch engine: a mixed run of shots at 1080x1920, PNG encoding included.

Aim: 1,000 frames in under 120 s on two cores, so 0.24 s of one core a frame. The first row is
the clock on the wall and suffers from what else the machine does; the second counts only the
processor time of the drawing itself.
"""

from __future__ import annotations

import os
import time
from concurrent.futures import ProcessPoolExecutor

from generation.frames import draw

FRAMINGS = (
    "extreme_long", "long", "full", "medium", "medium_close_up", "close_up", "extreme_close_up",
)  # fmt: skip
PLACES = (
    "hall", "street", "forest", "river", "palace", "battlefield", "inn", "courtyard", "room",
    "mountain",
)  # fmt: skip
POSES = ("stand", "talk", "walk", "sit", "point", "fight", "hold", "kneel")
MOODS = ("neutral", "happy", "angry", "sad", "surprised", "determined")
CAST: dict[str, dict[str, object]] = {
    f"c{seed}": {
        "id": f"c{seed}",
        "name": "人物",
        "seed": seed * 101,
        "appearance": {"summary": ""},
    }
    for seed in range(6)
}
AIM_SECONDS = 120.0
WHOLE_RUN = 1000
SAMPLE = 80


def _shot(index: int) -> dict[str, object]:
    count = index % 4
    cast = [
        {
            "id": f"c{(index + place) % 6}",
            "box": [place / max(1, count), 0.15, 1 / max(1, count), 0.8],
            "pose": POSES[(index + place) % len(POSES)],
            "expression": MOODS[(index * 5 + place) % len(MOODS)],
        }
        for place in range(count)
    ]
    return {"index": index, "framing": FRAMINGS[index % 7], "movement": "static", "cast": cast}


def _frame(index: int) -> float:
    """Draws one frame; returns the processor seconds it took."""
    started = time.process_time()
    daytime = ("day", "night", "dusk", "dawn")[index % 4]
    setting = {"place_type": PLACES[index % 10], "period": "classical", "daytime": daytime}
    scene = {"index": index, "place": PLACES[index % 10], "setting": setting}
    draw(_shot(index), cast=CAST, scene=scene).to_png()
    return time.process_time() - started


def rows() -> list[dict[str, object]]:
    """Seconds for 1,000 frames on the machine's cores (at most two), from a sample."""
    workers = min(2, os.cpu_count() or 1)
    with ProcessPoolExecutor(workers) as pool:
        list(pool.map(_frame, range(workers * 2)))  # imports and caches are not the work measured
        started = time.perf_counter()
        spent = list(pool.map(_frame, range(SAMPLE), chunksize=5))
        wall = (time.perf_counter() - started) / SAMPLE * WHOLE_RUN
    busy = sum(spent) / SAMPLE * WHOLE_RUN / workers
    work = f"1,000 sketched frames 1080x1920 on {workers} cores, from {SAMPLE}"
    return [_row(f"{work}, wall clock", wall), _row(f"{work}, processor time per core", busy)]


def _row(work: str, seconds: float) -> dict[str, object]:
    return {
        "work": work,
        "ours": f"{seconds:.1f} s",
        "other": "",
        "ratio": "",
        "aim": f"< {AIM_SECONDS:.0f} s",
        "met": seconds < AIM_SECONDS,
    }


if __name__ == "__main__":
    for row in rows():
        print(row)
