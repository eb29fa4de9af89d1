"""Likeness over pictures by ViStoryBench's formulas (arXiv 2505.24862, `cids_evaluator.py`).

Features are vectors of whatever encoder was used; they are normalised here and compared by cosine.
The evaluator's name belongs beside every score, because scores of two encoders do not compare.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import exp

import numpy as np
from numpy.typing import NDArray

Features = NDArray[np.float64]
EPSILON = 1e-6
TEMPERATURE = 0.01


def normalised(features: object) -> Features:
    """Rows of length 1; a row of zeros stays as it is."""
    rows = np.atleast_2d(np.asarray(features, dtype=np.float64))
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    return np.divide(rows, length, out=np.zeros_like(rows), where=length > 0)


def matched(crops: object, references: Mapping[str, object]) -> dict[str, int]:
    """Which crop is which character: cost −max cosine over a character's references, Hungarian.

    Returns character → index of its crop; with fewer crops than characters some are missing.
    """
    names = list(references)
    mine = normalised(crops) if np.size(np.asarray(crops)) else np.zeros((0, 1))
    if not len(mine) or not names:
        return {}
    cost = np.empty((len(names), len(mine)))
    for row, name in enumerate(names):
        cost[row] = -(mine @ normalised(references[name]).T).max(axis=1)
    return {names[row]: column for row, column in assignment(cost)}


def assignment(cost: NDArray[np.float64]) -> list[tuple[int, int]]:
    """The cheapest assignment of rows to columns (Kuhn–Munkres with potentials, O(n²m))."""
    if cost.shape[0] > cost.shape[1]:
        return sorted((row, column) for column, row in assignment(cost.T))
    rows, columns = cost.shape
    u, v = np.zeros(rows + 1), np.zeros(columns + 1)
    match = np.zeros(columns + 1, dtype=int)
    for row in range(1, rows + 1):
        match[0], at = row, 0
        least = np.full(columns + 1, np.inf)
        used = np.zeros(columns + 1, dtype=bool)
        way = np.zeros(columns + 1, dtype=int)
        while True:
            used[at] = True
            here = match[at]
            free = ~used
            free[0] = False
            reduced = cost[here - 1] - u[here] - v[1:]
            better = free[1:] & (reduced < least[1:])
            least[1:][better] = reduced[better]
            way[1:][better] = at
            following = int(np.where(free, least, np.inf).argmin())
            step = least[following]
            u[match[used]] += step
            v[used] -= step
            least[~used] -= step
            at = following
            if match[at] == 0:
                break
        while at:
            match[at] = match[way[at]]
            at = int(way[at])
    return sorted((int(match[c]) - 1, c - 1) for c in range(1, columns + 1) if match[c])


def cids_cross(crops: object, references: object) -> float:
    """Mean cosine of a character's crops and its references; 0 for one that was never found."""
    if not np.size(np.asarray(crops)):
        return 0.0
    return float((normalised(crops) @ normalised(references).T).mean())


def cids_self(crops: object) -> float:
    """Mean cosine over all pairs of a character's crops; 1 for a single one, 0 for none."""
    if not np.size(np.asarray(crops)):
        return 0.0
    rows = normalised(crops)
    pairs = [float(rows[a] @ rows[b]) for a, b in combinations(range(len(rows)), 2)]
    return sum(pairs) / len(pairs) if pairs else 1.0


def occm(counts: Sequence[tuple[int, int]]) -> float | None:
    """Onstage character count matching, 0..100: mean over shots of 100·exp(−|D−E|/(ε+E)).

    `counts` are (expected, detected); shots without an expected character are left out. None
    where none is left.
    """
    told = [
        100 * exp(-abs(detected - expected) / (EPSILON + expected))
        for expected, detected in counts
        if expected
    ]
    return sum(told) / len(told) if told else None


def copy_paste(crops: object, original: object, other: object) -> float:
    """How much crops are the reference itself: mean softmax of the cosines with it and another one.

    0.5 where both are alike near; towards 1 where the reference was pasted.
    """
    mine = normalised(crops)
    near = mine @ normalised(original)[0]
    far = mine @ normalised(other)[0]
    share = 1 / (1 + np.exp(-(near - far) / TEMPERATURE))
    return float(share.mean())


@dataclass(frozen=True, slots=True)
class Likeness:
    """Scores of a set of shots by one evaluator. `n` crops of `characters` were compared."""

    evaluator: str
    cross: float
    self_: float
    occm: float | None
    n: int
    characters: int


def likeness(
    evaluator: str,
    crops: Mapping[str, object],
    references: Mapping[str, object],
    counts: Sequence[tuple[int, int]],
) -> Likeness | None:
    """The story's scores: means over the characters that are expected, one never found being 0."""
    if not references:
        return None
    empty: list[list[float]] = []
    found = {who: crops.get(who, empty) for who in references}
    cross = [cids_cross(found[who], references[who]) for who in references]
    own = [cids_self(found[who]) for who in references]
    return Likeness(
        evaluator,
        sum(cross) / len(cross),
        sum(own) / len(own),
        occm(counts),
        sum(len(normalised(rows)) for rows in found.values() if np.size(np.asarray(rows))),
        len(references),
    )
