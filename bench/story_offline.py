"""Benchmark: a whole novel offline, beside segmenting the same text once; and how it grows.

Other: jieba, pure Python, its dictionary loaded beforehand, cutting the text once in the same process.
Ours is from the file's bytes to the board's JSON-able document, cold: the first board of its process
but for a page of another text that loads the dictionaries. Three processes, the middle ratio counts.
Growth: the exponent b of seconds = a · length^b over the same text told again and again, up to ten
million characters, and over one line without any break.
"""

from __future__ import annotations

import json
import math
import resource
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from generation.story import chapters, read, storyboard

NOVELS = Path(__file__).resolve().parents[2] / "shared" / "data" / "novels"
NOVEL = NOVELS / "三国演义.txt"
AIM_SECONDS = 60.0
AIM_MEGABYTES = 1024
# Code points of the lengths that are compared, and shots per 1,000 of them: few, so that a run of
# ten million characters fits into memory beside the others.
LENGTHS = (1_250_000, 2_500_000, 5_000_000, 10_000_000)
LINES = (600_000, 1_200_000, 2_400_000)
THIN = 1.0
MOST_EXPONENT = 1.15


def rows() -> Iterator[dict[str, Any]]:
    """Rows of work, ours, other, ratio, aim, met; those of the novel only where it is."""
    if NOVEL.exists():
        yield from _novel()
        yield from _growth("a novel told again", _told_again, LENGTHS)
    yield from _growth("one line without a break", _one_line, LINES)


_COLD = """
import json, logging, resource, sys, time
from pathlib import Path
import jieba
from generation.story import read, storyboard
jieba.setLogLevel(logging.ERROR)
jieba.initialize()
storyboard("张三道：“走罢。”李四笑道：“好。”" * 40)
path = Path(sys.argv[1])
began = time.process_time()
board = storyboard(read(path.read_bytes(), path.name)).to_dict()
ours = time.process_time() - began
peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
text = read(path.read_bytes(), path.name).text
began = time.process_time()
for _word in jieba.cut(text):
    pass
json.dump([ours, time.process_time() - began, peak, len(board["shots"])], sys.stdout)
"""


def _novel() -> Iterator[dict[str, Any]]:
    runs = []
    for _ in range(3):
        made = subprocess.run(
            [sys.executable, "-c", _COLD, str(NOVEL)], capture_output=True, check=True, text=True
        )
        runs.append(json.loads(made.stdout))
    best, other, peak, shots = sorted(runs, key=lambda run: run[1] / run[0])[1]
    work = f"三国演义 read and storyboarded on one core, {shots} shots"
    yield _row(f"{work}, s, against the limit", best, AIM_SECONDS, "≤ 60 s", best <= AIM_SECONDS)
    limit = float(AIM_MEGABYTES)
    yield _row(f"{work}, peak MB", peak, limit, "≤ 1024 MB", peak <= limit)
    yield _row(f"{work}, s, beside jieba cutting it once", best, other, "≤ 1×", best <= other)


def _told_again(length: int) -> str:
    text = read(NOVEL.read_bytes(), NOVEL.name).text
    return (text * (length // len(text) + 1))[:length]


def _one_line(length: int) -> str:
    piece = "他走在路上，看见一座山，山下有人说：“到了。”又走了十里"
    return (piece * (length // len(piece) + 1))[:length]


def _growth(work: str, text_of: Any, lengths: tuple[int, ...]) -> Iterator[dict[str, Any]]:
    points = []
    for length in lengths:
        text = text_of(length)
        began = time.perf_counter()
        board = storyboard(text, chapters=chapters(text), density=THIN)
        points.append((length, time.perf_counter() - began))
        del board
    exponent = _slope([(math.log(n), math.log(seconds)) for n, seconds in points])
    longest, seconds = points[-1]
    megabytes = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    yield _row(
        f"{work}: growth exponent up to {longest:,} characters, which take {seconds:.1f} s "
        f"(peak of this process {megabytes:.0f} MB)",
        exponent,
        1.0,
        f"≤ {MOST_EXPONENT}",
        exponent <= MOST_EXPONENT,
    )


def _slope(points: list[tuple[float, float]]) -> float:
    n = len(points)
    mean_x, mean_y = sum(x for x, _ in points) / n, sum(y for _, y in points) / n
    above = sum((x - mean_x) * (y - mean_y) for x, y in points)
    return above / sum((x - mean_x) ** 2 for x, _ in points)


def _row(work: str, ours: float, other: float, aim: str, met: bool) -> dict[str, Any]:
    return {
        "work": work,
        "ours": round(ours, 2),
        "other": round(other, 2),
        "ratio": round(other / ours, 2) if ours else None,
        "aim": aim,
        "met": met,
    }


if __name__ == "__main__":
    json.dump({"rows": list(rows())}, sys.stdout, ensure_ascii=False, indent=1)
