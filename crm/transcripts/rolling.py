"""Roll-up captions shown once.

YouTube's automatic captions repeat the line above while the next one is spoken, and word-by-word
captions repeat the beginning of a line while it grows. Both are display, not speech.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise

from crm.transcripts.transcript import Turn

# A roll-up continues without a pause; a person who says "yes" twice usually leaves one.
_GAP_MS = 120
_SHARE = 0.4
_PAIRS = 4


def unroll(turns: Sequence[Turn], *, marked: bool) -> list[Turn]:
    """Drop from each cue the lines the cue before it already showed.

    `marked` says the file carries word times, as roll-up files do; without them at least
    two in five of the neighbouring pairs (and four) must overlap before anything is dropped, so
    ordinary subtitles with a repeated answer stay whole.
    """
    if not marked and not _looks_rolling(turns):
        return list(turns)
    kept: list[Turn] = []
    shown: list[str] = []
    previous: Turn | None = None
    for turn in turns:
        lines = turn.text.split("\n")
        joined = previous is not None and _continues(previous, turn)
        known = _overlap(shown, lines) if joined else 0
        fresh = lines[known:]
        if joined and not known and _grows(shown, lines):
            kept[-1] = replace(
                kept[-1],
                text=kept[-1].text[: len(kept[-1].text) - len(shown[-1])] + "\n".join(lines),
                end_ms=turn.end_ms,
            )
        elif fresh:
            kept.append(replace(turn, text="\n".join(fresh)))
        elif kept:
            kept[-1] = replace(kept[-1], end_ms=turn.end_ms)
        shown, previous = lines, turn
    return kept


def _looks_rolling(turns: Sequence[Turn]) -> bool:
    pairs = list(pairwise(turns))
    repeats = sum(
        1
        for before, after in pairs
        if _continues(before, after)
        and (
            _overlap(before.text.split("\n"), after.text.split("\n"))
            or _grows(before.text.split("\n"), after.text.split("\n"))
        )
    )
    return repeats >= _PAIRS and repeats >= _SHARE * len(pairs)


def _continues(before: Turn, after: Turn) -> bool:
    if before.speaker != after.speaker or before.end_ms is None or after.start_ms is None:
        return False
    return after.start_ms - before.end_ms <= _GAP_MS


def _overlap(shown: Sequence[str], lines: Sequence[str]) -> int:
    """How many leading lines repeat the trailing lines already on screen."""
    for count in range(min(len(shown), len(lines)), 0, -1):
        if list(shown[-count:]) == list(lines[:count]):
            return count
    return 0


def _grows(shown: Sequence[str], lines: Sequence[str]) -> bool:
    """The last line on screen is a true beginning of the next cue's first line."""
    return (
        bool(shown)
        and bool(shown[-1])
        and len(lines[0]) > len(shown[-1])
        and lines[0].startswith(shown[-1])
    )
