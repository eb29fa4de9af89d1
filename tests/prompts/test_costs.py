"""What an effect costs over the baseline: its interval covers, with equal templates and with unequal."""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import numpy as np
import pytest

from generation.prompts.statistics import Trial, cost_intervals, cost_ratios
from generation.prompts.statistics.sums import sums_of
from insights.statistics.resampling import multiplicities

Told = Sequence[tuple[float, float]]
"""Templates as (ease, cost): the latent mean of their results, and what one costs."""
_SPREAD = (0.5**2 + 0.4**2 + 1.0) ** 0.5


def evaluation(
    generator: np.random.Generator, templates: Told, stories: int, shots: int, uneven: bool
) -> list[Trial]:
    """Stories are easy or hard, each to each template's liking; a result over ½ is accepted."""
    found = []
    for story in range(stories):
        size = int(generator.integers(1, 2 * shots)) if uneven else shots
        ease = generator.normal(0.0, 0.5)
        for name, (middle, cost) in enumerate(templates):
            latent = middle + ease + generator.normal(0.0, 0.4) + generator.normal(size=size)
            score = 1.0 / (1.0 + np.exp(-latent))
            spent = cost * generator.uniform(0.9, 1.1, size=size)
            found += [
                Trial(name, story, s, c, s >= 0.5)
                for s, c in zip(score.tolist(), spent.tolist(), strict=True)
            ]
    return found


def true_cost(template: tuple[float, float]) -> float:
    return template[1] / NormalDist().cdf(template[0] / _SPREAD)


def true_ratio(templates: Told, ease: float) -> float:
    """Of the cheapest of those at least so good, over the first."""
    reach = [true_cost(one) for one in templates if one[0] >= ease]
    return min(reach) / true_cost(templates[0])


def covered(
    templates: Told, *, stories: int, shots: int, times: int, seed: int, uneven: bool = False
) -> list[bool]:
    """Whether each interval, one for each template's own score, holds the truth."""
    generator = np.random.default_rng(seed)
    eases = sorted(one[0] for one in templates)
    held = []
    for turn in range(times):
        trials = evaluation(generator, templates, stories, shots, uneven)
        steps = cost_ratios(trials, 0, seed=turn, draws=300)
        assert len(steps) == len(eases)
        for step, ease in zip(steps, eases, strict=True):
            value = step.ratio.value
            assert value is not None
            held.append(step.ratio.holds(true_ratio(templates, ease)))
            assert step.ratio.low is not None
            assert step.ratio.high is not None
            assert step.ratio.low <= value <= step.ratio.high
    return held


EQUAL = [
    ([(0.2, 1.0)] * 2, {"stories": 15, "shots": 8, "times": 400, "seed": 1}),
    ([(0.2, 1.0)] * 6, {"stories": 15, "shots": 6, "times": 300, "seed": 2}),
    ([(0.5, 1.0)] * 3, {"stories": 12, "shots": 6, "times": 300, "seed": 3, "uneven": True}),
    ([(0.2, 1.0)] * 24, {"stories": 10, "shots": 3, "times": 120, "seed": 4}),
]
UNEQUAL = [
    ([(0.2, 1.0), (0.9, 1.0)], {"stories": 8, "shots": 5, "times": 500, "seed": 5}),
    ([(0.2, 1.0), (0.9, 1.6), (1.6, 3.0)], {"stories": 15, "shots": 8, "times": 300, "seed": 6}),
    (
        [(0.0, 1.0), (0.5, 1.4), (1.0, 1.9), (1.5, 3.0), (2.0, 5.0)],
        {"stories": 20, "shots": 5, "times": 150, "seed": 7, "uneven": True},
    ),
]


@pytest.mark.parametrize(("templates", "how"), EQUAL, ids=["2", "6", "3 uneven", "24"])
def test_with_equal_templates_the_ratio_of_one_is_covered(templates: Told, how: dict) -> None:
    assert 0.93 <= np.mean(covered(templates, **how)) <= 0.97


@pytest.mark.parametrize(("templates", "how"), UNEQUAL, ids=["8 stories", "3", "5 uneven"])
def test_with_unequal_templates_the_true_ratio_is_covered(templates: Told, how: dict) -> None:
    held = np.array(covered(templates, **how)).reshape(-1, len(templates))
    # The worst is the baseline here, and nothing cheaper reaches it: that ratio is 1 and nearly sure.
    assert 0.93 <= held[:, 1:].mean() <= 0.97


def test_a_plain_bootstrap_of_the_minimum_would_not_cover() -> None:
    generator = np.random.default_rng(8)
    held = []
    for turn in range(100):
        sums = sums_of(evaluation(generator, [(0.2, 1.0)] * 6, 15, 6, uneven=False))
        (counts,) = multiplicities(15, 300, turn)
        _score, cost = sums.score_and_cost(counts)
        low, high = np.nanquantile(cost.min(axis=1) / cost[:, 0], [0.025, 0.975])
        held.append(low <= 1.0 <= high)
    assert np.mean(held) < 0.85


def test_the_cost_of_an_accepted_result_is_covered() -> None:
    generator = np.random.default_rng(9)
    held = []
    for turn in range(250):
        trials = evaluation(generator, [(0.2, 1.0), (0.9, 2.0)], 12, 6, uneven=bool(turn % 2))
        for name, found in cost_intervals(trials).items():
            held.append(found.holds(true_cost([(0.2, 1.0), (0.9, 2.0)][int(str(name))])))
    assert 0.93 <= np.mean(held) <= 0.97


def test_what_costs_nothing_is_nothing_of_the_baseline_for_sure() -> None:
    trials = [
        Trial(name, story, 1.0, cost, True)
        for story in range(6)
        for name, cost in (("paid", 40.0 + story), ("free", 0.0))
    ]
    (step,) = cost_ratios(trials, "paid", scores=[1.0])
    assert (step.template, step.ratio.value) == ("free", 0.0)
    assert (step.ratio.low, step.ratio.high) == (0.0, 0.0)
    assert cost_intervals(trials)["free"].high == 0.0


def test_what_was_accepted_in_one_story_only_has_no_interval() -> None:
    trials = [Trial("base", story, 0.5, 10.0, True) for story in range(6)]
    trials += [Trial("rare", story, 0.9, 5.0, story == 2) for story in range(6)]
    assert cost_intervals(trials)["rare"].low is None
    (step,) = cost_ratios(trials, "base", scores=[0.9])
    assert step.template == "rare"
    assert (step.ratio.value, step.ratio.low) == (3.0, None)


def test_one_story_gives_no_interval_and_nothing_reached_no_number() -> None:
    trials = [Trial("base", 1, 0.5, 10.0), Trial("lean", 1, 0.8, 5.0)]
    low, high, never = cost_ratios(trials, "base", scores=[0.5, 0.8, 0.9], draws=20)
    assert (low.ratio.value, low.ratio.low) == (0.5, None)
    assert high.template == "lean"
    assert (never.template, never.ratio.value, never.reached) == (None, None, 0.0)


def test_the_same_seed_gives_the_same_limits() -> None:
    trials = evaluation(np.random.default_rng(10), [(0.2, 1.0)] * 4, 8, 4, uneven=True)
    assert cost_ratios(trials, 0, seed=3, draws=200) == cost_ratios(trials, 0, seed=3, draws=200)
