"""Benchmark: who speaks, on quotes of four novels labelled by hand (tests/story/labels/quotes.json).

The rules were made on the development passages; the held-out ones were labelled afterwards. Other:
the aim, in percent. Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from typing import Any

from generation.story import read, storyboard
from insights.statistics import wilson
from tests.story.english_passages import HELD_OUT, WORKED_ON
from tests.story.labelled import NOVELS, Score, labels_of, scores, without_known_works
from tests.story.test_english_dialogue import rate
from tests.story.test_labelled import BOOKS

AIMS = {"explicit": 95.0, "all": 80.0}


def rows() -> Iterator[dict[str, Any]]:
    """A row for each kind of quote and half, over all books, and one for each book held out; then
    the same with the lexicon of well-known novels switched off, as for a book nobody has heard of."""
    for half, passages in (("held out", HELD_OUT), ("worked on", WORKED_ON)):
        right, total = rate(passages)
        where = f"{len(passages)} English classics, {half}"
        yield _row(where, "all", [Score(right, total)])
    yield from _rows("")
    with without_known_works():
        yield from _rows(", without the lexicon of well-known novels")


def _rows(how: str) -> Iterator[dict[str, Any]]:
    boards = {}
    for file in BOOKS:
        if (NOVELS / file).exists():
            text = read((NOVELS / file).read_bytes(), file)
            boards[file] = (storyboard(text), labels_of(text, file))
    if not boards:
        return
    for held_out in (True, False):
        for kind, only in (("explicit", True), ("all", None)):
            parts = [
                scores(board, labels, explicit=only, held_out=held_out)
                for board, labels in boards.values()
            ]
            half = "held out" if held_out else "development"
            yield _row(f"{len(boards)} novels, {half}{how}", kind, parts)
    for file, (board, labels) in boards.items():
        yield _row(f"{file}, held out{how}", "all", [scores(board, labels, held_out=True)])


def _row(where: str, kind: str, parts: list[Score]) -> dict[str, Any]:
    right, total = sum(p.right for p in parts), sum(p.total for p in parts)
    share = 100 * right / total
    interval = wilson(right, total)
    return {
        "work": f"{kind} quotes with the right speaker, %, {where}: {right} of {total} "
        f"(95 % interval {100 * interval.low:.0f}–{100 * interval.high:.0f})",
        "ours": round(share, 1),
        "other": AIMS[kind],
        "ratio": None,
        "aim": f"≥ {AIMS[kind]:.0f} %",
        "met": share >= AIMS[kind],
    }


if __name__ == "__main__":
    json.dump({"rows": list(rows())}, sys.stdout, ensure_ascii=False, indent=1)
