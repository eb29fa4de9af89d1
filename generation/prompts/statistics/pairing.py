"""Which two templates to show next, so that few votes settle which ones are the best."""

from collections.abc import Hashable, Sequence
from typing import TypeVar

import numpy as np

from generation.prompts.statistics.preference import Vote, fit, wins_of
from insights.statistics import StatisticsError
from insights.statistics.arguments import count, positive
from insights.statistics.resampling import Floats

Item = TypeVar("Item", bound=Hashable)
_PRIOR = 1.0
"""Precision of the strengths before any vote: a standard deviation of one logit."""
_TRIES = 64


def next_pairs(
    items: Sequence[Item],
    votes: Sequence[Vote],
    pairs: int,
    seed: int = 0,
    top: int = 3,
) -> list[tuple[Item, Item]]:
    """Pairs (left, right) to vote on next: those on which membership of the best ``top`` hangs.

    Top-two Thompson sampling (Russo 2020, Operations Research 68:1625–1647): strengths are drawn
    from their approximate posterior, then again until another set of best items comes out; an item
    of one set meets one of the other. Sides are random. Without votes pairs are near to random.
    Ask for a batch no larger than raters can answer before the next fit. Raises StatisticsError
    for fewer than two items, items named twice, or votes about others.
    """
    names = list(items)
    if len(names) < 2 or len(set(names)) < len(names):
        raise StatisticsError("items", "are fewer than two or repeat", "pass distinct items")
    best = min(positive("top", top), len(names) - 1)
    generator = np.random.default_rng(seed)
    wins = wins_of(votes, names)
    centre = fit(wins[None], ridge=_PRIOR)[0]
    root = np.linalg.cholesky(np.linalg.inv(_information(wins, centre)))
    result: list[tuple[Item, Item]] = []
    for _ in range(count("pairs", pairs)):
        draws = centre + generator.standard_normal((_TRIES, len(names))) @ root.T
        order = np.argsort(-draws, axis=1)
        chosen = set(order[0, :best].tolist())
        inside, outside = int(order[0, best - 1]), int(order[0, best])
        for other in order[1:, :best]:
            rivals = set(other.tolist())
            if rivals != chosen:
                inside = int(generator.choice(sorted(chosen - rivals)))
                outside = int(generator.choice(sorted(rivals - chosen)))
                break
        left, right = (inside, outside) if generator.random() < 0.5 else (outside, inside)
        result.append((names[left], names[right]))
    return result


def _information(wins: Floats, strength: Floats) -> Floats:
    """Negative second derivative of the log-posterior at ``strength``."""
    pairs = wins + wins.T
    chance = 1.0 / (1.0 + np.exp(strength[None, :] - strength[:, None]))
    each = pairs * chance * (1.0 - chance)
    return np.diag(each.sum(axis=1) + _PRIOR) - each
