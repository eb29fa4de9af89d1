"""Benchmark: a whole novel offline, beside segmenting the same text once.

Other: rjieba's tagger, the compiled kin of jieba that this project depends on; plain jieba (pure
Python) is some ten times slower and is measured too where it is installed.
"""

from __future__ import annotations

import importlib.util
import json
import resource
import sys
import time
from pathlib import Path
from typing import Any

import rjieba

from generation.story import read, storyboard

NOVEL = Path(__file__).resolve().parents[2] / "shared" / "data" / "novels" / "三国演义.txt"
AIM_SECONDS = 60.0
AIM_MEGABYTES = 1024


def rows() -> list[dict[str, Any]]:
    """Rows of work, ours, other, ratio, aim, met; empty where the novel is not there."""
    if not NOVEL.exists():
        return []
    data = NOVEL.read_bytes()
    rjieba.tag("热身")
    began = time.perf_counter()
    text = read(data, NOVEL.name)
    board = storyboard(text)
    ours = time.perf_counter() - began
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    began = time.perf_counter()
    rjieba.tag(text.text)
    compiled = time.perf_counter() - began
    work = f"三国演义 read and storyboarded, {len(board.shots)} shots"
    found = [
        _row(f"{work}, s, against the limit", ours, AIM_SECONDS, "≤ 60 s", ours <= AIM_SECONDS),
        _row(
            f"{work}, peak MB, against the limit",
            peak,
            float(AIM_MEGABYTES),
            "≤ 1024 MB",
            peak <= AIM_MEGABYTES,
        ),
        _row(f"{work}, s, beside rjieba tagging it once", ours, compiled, "informative", True),
    ]
    plain = _plain_jieba(text.text)
    if plain is not None:
        found.append(
            _row(f"{work}, s, beside jieba segmenting it once", ours, plain, "≤ 1", ours <= plain)
        )
    return found


def _plain_jieba(text: str) -> float | None:
    if importlib.util.find_spec("jieba") is None:
        return None
    jieba = importlib.import_module("jieba")
    jieba.initialize()
    began = time.perf_counter()
    for _ in jieba.cut(text):
        pass
    return time.perf_counter() - began


def _row(work: str, ours: float, other: float, aim: str, met: bool) -> dict[str, Any]:
    return {
        "work": work,
        "ours": round(ours, 2),
        "other": round(other, 2),
        "ratio": round(ours / other, 2) if other else None,
        "aim": aim,
        "met": met,
    }


if __name__ == "__main__":
    json.dump({"rows": rows()}, sys.stdout, ensure_ascii=False, indent=1)
