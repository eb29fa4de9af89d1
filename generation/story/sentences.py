"""Places where a text may be cut: sentence ends, clause ends, and as a last resort anywhere."""

from __future__ import annotations

import re
import unicodedata
from bisect import bisect_left
from collections.abc import Sequence

__all__ = ["clause_cuts", "sentence_cuts", "split_long"]

_END = re.compile(r"[。！？!?…]+[”’」』）)】》\"']*\s*|[；;](?=\s*\n)\s*|\n\s*|[”」』]\s*\n\s*")
_ENGLISH_END = re.compile(
    r"(?<!\bMr)(?<!\bMrs)(?<!\bMs)(?<!\bDr)(?<!\bSt)(?<!\bJr)(?<!\bvs)(?<!\b[A-Z])"
    r"[.!?…]+[\"'”’)\]]*(?:\s+(?=[\"'“‘(\[A-Z0-9—*])|\s*$)|\n[ \t]*\n\s*"
)
_CLAUSE = re.compile(r"[，、；：,;:—]+[”’」』）)】》\"']*\s*")
_SPACE = re.compile(r"\s+")


def sentence_cuts(
    text: str, start: int, end: int, *, english: bool, whole: Sequence[tuple[int, int]] = ()
) -> list[int]:
    """Cut points strictly inside (start, end), rising; spans of `whole` are not cut inside."""
    pattern = _ENGLISH_END if english else _END
    cuts: list[int] = []
    spans = iter(whole)
    span = next(spans, None)
    for match in pattern.finditer(text, start, end):
        cut = match.end()
        while span and span[1] <= match.start():
            span = next(spans, None)
        if span and span[0] < cut < span[1]:
            continue
        if start < cut < end and (not cuts or cut > cuts[-1]):
            cuts.append(cut)
    return cuts


def clause_cuts(text: str, start: int, end: int) -> list[int]:
    """Cut points after commas and their like, strictly inside (start, end)."""
    return [m.end() for m in _CLAUSE.finditer(text, start, end) if start < m.end() < end]


def split_long(text: str, start: int, end: int, limit: int) -> list[int]:
    """Cuts that leave no piece of [start, end) longer than about `limit` characters.

    Clause ends near the ideal place are preferred, then spaces, then any place that does not
    part a character from what combines with it.
    """
    count = -(-(end - start) // max(1, limit))
    if count <= 1:
        return []
    options = clause_cuts(text, start, end)
    spaces = [m.end() for m in _SPACE.finditer(text, start, end) if start < m.end() < end]
    step = (end - start) / count
    cuts: list[int] = []
    for k in range(1, count):
        ideal = start + round(k * step)
        cut = _nearest(options, ideal, step / 2) or _nearest(spaces, ideal, step / 2)
        if not cut:
            cut = ideal
            while cut < end and _combines(text[cut - 1], text[cut]):
                cut += 1
        if start < cut < end and (not cuts or cut > cuts[-1]):
            cuts.append(cut)
    return cuts


def _nearest(options: list[int], ideal: int, reach: float) -> int | None:
    at = bisect_left(options, ideal)
    near = [o for o in options[max(0, at - 1) : at + 1] if abs(o - ideal) <= reach]
    return min(near, key=lambda o: (abs(o - ideal), o)) if near else None


def _combines(before: str, after: str) -> bool:
    """Whether `after` belongs to the character before it (accents, variation marks, joiners)."""
    return (
        unicodedata.combining(after) > 0
        or after in "\u200d\ufe0f\ufe0e"
        or before == "\u200d"
        or "\U0001f3fb" <= after <= "\U0001f3ff"
        or "\U000e0100" <= after <= "\U000e01ef"
    )
