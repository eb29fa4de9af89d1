"""What a plan would find: the smallest difference with its power, by formula and by simulation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

import numpy as np

from generation.prompts.statistics import minimum_detectable_effect, paired_difference

# Before anything was measured: spread of paired differences of scores 0 to 1, and how much of it
# lies between stories. Measured values of an earlier evaluation take their place.
SPREAD, CORRELATION = 0.25, 0.2


@dataclass(frozen=True, slots=True)
class Power:
    """`effect` is the smallest true difference found with probability 0.8 by one comparison;
    `simulated` the share of simulated evaluations that found it, `false_alarms` of those without any
    difference that raised one. None where fewer than two stories give no interval.
    """

    effect: float | None
    simulated: float | None
    false_alarms: float | None
    stories: int
    shots: int
    spread: float
    correlation: float


@cache
def power_of(
    stories: int,
    shots: int,
    repetitions: int,
    spread: float = SPREAD,
    correlation: float = CORRELATION,
    tries: int = 200,
) -> Power:
    """`shots` a story. Simulated with normal noise, the test being the one that the table uses."""
    if stories < 2:
        return Power(None, None, None, stories, shots, spread, correlation)
    effect = minimum_detectable_effect(spread, correlation, stories, shots, repetitions)
    found = _share_found(effect, stories, shots * repetitions, spread, correlation, tries, seed=1)
    alarms = _share_found(0.0, stories, shots * repetitions, spread, correlation, tries, seed=2)
    return Power(effect, found, alarms, stories, shots, spread, correlation)


def _share_found(
    effect: float,
    stories: int,
    size: int,
    spread: float,
    correlation: float,
    tries: int,
    seed: int,
) -> float:
    generator = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(stories), size).tolist()
    nothing = [0.0] * len(clusters)
    hits = 0
    for _ in range(tries):
        between = generator.normal(0.0, spread * np.sqrt(correlation), stories).repeat(size)
        within = generator.normal(0.0, spread * np.sqrt(1 - correlation), stories * size)
        seen = paired_difference((effect + between + within).tolist(), nothing, clusters, draws=1)
        hits += seen.low is not None and not seen.holds(0.0)
    return hits / tries
