"""A target length for the film: fewer shots, and a narration that leaves out what does not fit.

The shots still cover every character of the text; only what the voice reads is shortened, to whole
sentences or clauses of the text, never to other words.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from generation.story.model import StoryError
from generation.story.shots import MINIMUM_MS, duration_ms

__all__ = ["abridge", "density_for"]

# About as long as a picture holds the eye.
SECONDS_A_SHOT = 5.0
_PIECE = re.compile(r"[^。！？!?；;，,、\n]*[。！？!?；;，,、\n]*[”’」』\"']*\s*")


def density_for(length: int, seconds: float) -> float:
    """Shots per 1,000 characters for a film of `seconds` over `length` characters.

    Raises StoryError `film_length` where the length is not usable.
    """
    if not 5 <= seconds <= 36_000 or length < 1:
        raise StoryError(
            "film_length",
            f"A film of {seconds:g} seconds cannot be made: choose 5 seconds to 10 hours.",
            seconds=seconds,
        )
    return min(60.0, max(0.1, seconds / SECONDS_A_SHOT * 1000 / length))


def abridge(shots: Sequence[dict[str, Any]], seconds: float) -> None:
    """Shorten narrations in place until all shots together take about `seconds`, or nothing where
    they are short enough. What a shot leaves of its share goes to the next one."""
    total = sum(shot["duration_ms"] for shot in shots)
    share = seconds * 1000 / max(1, total)
    if share >= 1:
        return
    spare = 0.0
    for shot in shots:
        budget = shot["duration_ms"] * share + spare
        shot["narration"] = _fitting(shot["narration"], budget)
        shot["duration_ms"] = duration_ms(shot["narration"])
        spare = budget - shot["duration_ms"]


def _fitting(words: str, budget_ms: float) -> str:
    """The pieces of `words` from its start that can be read in the time; at least the first one
    where there is time for any, else nothing."""
    if budget_ms < MINIMUM_MS:
        return ""
    kept = ""
    for piece in _PIECE.findall(words):
        if kept and duration_ms(kept + piece) > budget_ms:
            break
        kept += piece
    return kept.strip()
