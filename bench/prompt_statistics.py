"""How honest the comparison of templates is: false alarms, coverage, and the top three of 24."""

from __future__ import annotations

import numpy as np

from generation.prompts.statistics import (
    bradley_terry,
    cost_ratios,
    next_pairs,
    paired_difference,
)
from generation.prompts.statistics.front import Trial

STORIES, SHOTS, ICC, TRIES = 40, 12, 0.3, 600
TEMPLATES, VOTES, RACES = 24, 1_200, 60


def alarms_and_coverage(true: float, seed: int) -> tuple[float, float]:
    """Shares of clustered evaluations with a difference of `true` whose p is below 0.05, and whose
    interval holds it.
    """
    generator = np.random.default_rng(seed)
    clusters = np.repeat(np.arange(STORIES), SHOTS).tolist()
    alarms = covered = 0
    for _ in range(TRIES):
        ease = generator.normal(0, np.sqrt(ICC), STORIES).repeat(SHOTS)
        a = true + ease + generator.normal(0, np.sqrt(1 - ICC), STORIES * SHOTS)
        found = paired_difference(a.tolist(), [0.0] * len(a), clusters, draws=400)
        alarms += (found.p or 1.0) < 0.05
        covered += found.holds(true)
    return alarms / TRIES, covered / TRIES


def top_three_found(seed: int) -> float:
    """How often 1,200 blind votes, asked where they tell most, name the true best three."""
    generator = np.random.default_rng(seed)
    hits = 0
    for race in range(RACES):
        strength = np.concatenate(
            [generator.normal(0.0, 0.5, TEMPLATES - 3), np.array([1.6, 1.8, 2.0])]
        )
        best = set(np.argsort(-strength)[:3].tolist())
        votes: list[tuple[int, int, float]] = []
        while len(votes) < VOTES:
            for left, right in next_pairs(range(TEMPLATES), votes, 40, seed=race * 97 + len(votes)):
                chance = 1 / (1 + np.exp(strength[right] - strength[left]))
                votes.append((left, right, float(generator.random() < chance)))
        hits += set(bradley_terry(votes, draws=1).items[:3]) == best
    return hits / RACES


def ratio_coverage(seed: int) -> float:
    """How often the interval of the founding number holds the true ratio."""
    generator = np.random.default_rng(seed)
    covered = 0
    tries = 200
    for turn in range(tries):
        trials = []
        for story in range(15):
            ease = generator.normal(0.0, 0.1)
            for name, rate in (("base", 0.5), ("lean", 0.8)):
                for _ in range(8):
                    kept = bool(generator.random() < np.clip(rate + ease, 0.05, 0.95))
                    trials.append(Trial(name, story, 4.0, 10.0, kept))
        step = cost_ratios(trials, "base", scores=[1.0], seed=turn, draws=300)[0]
        covered += step.ratio.holds(0.5 / 0.8)
    return covered / tries


def rows() -> list[dict[str, object]]:
    alarms, _covered = alarms_and_coverage(0.0, seed=1)
    _alarms, coverage = alarms_and_coverage(0.1, seed=2)
    found = top_three_found(seed=3)
    ratio = ratio_coverage(seed=4)
    plan = f"{STORIES} stories × {SHOTS} shots, correlation {ICC}, {TRIES} simulated"
    return [
        _row(f"false alarms of equal templates, {plan}", alarms, "3–7 %", 0.03 <= alarms <= 0.07),
        _row(f"coverage of 95 % intervals, {plan}", coverage, "93–97 %", 0.93 <= coverage <= 0.97),
        _row(
            f"the true top three of {TEMPLATES} found with {VOTES} votes, {RACES} simulated",
            found, "≥ 90 %", found >= 0.9,
        ),
        _row("coverage of the cost ratio's intervals, 200 simulated", ratio, "89–98 %",
             0.89 <= ratio <= 0.98),
    ]  # fmt: skip


def _row(work: str, value: float, aim: str, met: bool) -> dict[str, object]:
    return {
        "work": work,
        "ours": f"{value:.1%}",
        "other": "",
        "ratio": value,
        "aim": aim,
        "met": met,
    }
