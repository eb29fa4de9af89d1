import numpy as np
import pytest

from generation.prompts.statistics import (
    StatisticsError,
    holm,
    minimum_detectable_effect,
    paired_difference,
    variance_parts,
)
from insights.statistics import paired_difference_interval

Scores = tuple[list[float], list[float], list[int]]


def evaluation(
    generator: np.random.Generator,
    stories: int,
    shots: int,
    correlation: float,
    effect: float = 0.0,
    uneven: bool = False,
) -> Scores:
    """Scores of two templates on the same shots; differences go together within a story."""
    a: list[float] = []
    b: list[float] = []
    clusters: list[int] = []
    for story in range(stories):
        size = int(generator.integers(1, 2 * shots)) if uneven else shots
        shot = generator.normal(3.5, 1.0, size=size)
        liking = generator.normal(0.0, correlation**0.5)
        noise = generator.normal(0.0, (1 - correlation) ** 0.5, size=size)
        a += (shot + effect + liking + noise).tolist()
        b += shot.tolist()
        clusters += [story] * size
    return a, b, clusters


@pytest.mark.parametrize(
    ("stories", "correlation", "uneven"), [(8, 0.3, False), (40, 0.5, False), (20, 0.1, True)]
)
def test_equal_templates_raise_3_to_7_percent_false_alarms(
    stories: int, correlation: float, uneven: bool
) -> None:
    generator = np.random.default_rng(stories)
    by_interval, by_test = [], []
    for seed in range(1500):
        result = paired_difference(
            *evaluation(generator, stories, 12, correlation, uneven=uneven), seed=seed, draws=200
        )
        by_interval.append(not result.holds(0.0))
        assert result.p is not None
        by_test.append(result.p <= 0.05)
    assert 0.03 <= np.mean(by_interval) <= 0.07
    assert 0.03 <= np.mean(by_test) <= 0.07


def test_a_plain_test_of_the_same_equal_templates_would_raise_many() -> None:
    generator = np.random.default_rng(9)
    alarms = []
    for _ in range(300):
        a, b, _stories = evaluation(generator, 40, 12, 0.3)
        plain = paired_difference_interval(b, a)
        alarms.append(not plain.holds(0.0))
    assert np.mean(alarms) > 0.25


def test_intervals_cover_a_true_difference_93_to_97_percent() -> None:
    generator = np.random.default_rng(2)
    covered = []
    for _ in range(1000):
        result = paired_difference(*evaluation(generator, 15, 8, 0.3, effect=0.4), seed=1, draws=10)
        covered.append(result.holds(0.4))
    assert 0.93 <= np.mean(covered) <= 0.97


def test_one_shot_a_story_is_students_paired_interval() -> None:
    a, b = [3.0, 4.0, 2.5, 5.0, 4.5], [2.0, 4.5, 2.0, 3.0, 4.0]
    clustered = paired_difference(a, b, [1, 2, 3, 4, 5])
    plain = paired_difference_interval(b, a)
    assert (clustered.value, clustered.low, clustered.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )


def test_stories_of_one_size_are_students_interval_of_the_stories_means() -> None:
    generator = np.random.default_rng(3)
    a, b, stories = evaluation(generator, 6, 5, 0.4)
    clustered = paired_difference(a, b, stories)
    means_a, means_b = np.reshape(a, (6, 5)).mean(axis=1), np.reshape(b, (6, 5)).mean(axis=1)
    plain = paired_difference_interval(means_b.tolist(), means_a.tolist())
    assert (clustered.value, clustered.low, clustered.high) == pytest.approx(
        (plain.value, plain.low, plain.high)
    )


def test_the_randomisation_test_goes_through_all_flips_of_few_stories() -> None:
    # Five stories all better: 2 of the 32 flips are as extreme.
    result = paired_difference([1, 2, 3, 4, 5], [0, 0, 0, 0, 0], list("abcde"))
    assert result.p == pytest.approx(2 / 32)


def test_the_same_seed_gives_the_same_p() -> None:
    data = evaluation(np.random.default_rng(4), 30, 3, 0.2)
    assert paired_difference(*data, seed=5) == paired_difference(*data, seed=5)


def test_a_score_that_was_not_computed_leaves_its_pair_out() -> None:
    result = paired_difference([1.0, None, 3.0], [0.0, 5.0, None], ["甲", "甲", "乙"])
    assert (result.n, result.clusters, result.value) == (1, 1, 1.0)
    assert result.low is None


def test_no_pairs_give_no_number() -> None:
    result = paired_difference([], [], [])
    assert (result.value, result.n, result.p) == (None, 0, None)


def test_forty_shots_of_one_story_are_not_publishable() -> None:
    one_story = paired_difference([1.0, 2.0] * 20, [0.0] * 40, ["石头记"] * 40)
    assert (one_story.n, one_story.low, one_story.publishable) == (40, None, False)
    assert paired_difference([1, 2, 3, 4, 5], [0] * 5, range(5)).publishable


def test_equal_scores_throughout_have_no_difference_and_no_alarm() -> None:
    result = paired_difference([2.0] * 6, [2.0] * 6, [1, 1, 2, 2, 3, 3])
    assert (result.value, result.low, result.high, result.p) == (0.0, 0.0, 0.0, 1.0)


def test_bad_scores_are_refused() -> None:
    for call, argument in [
        (lambda: paired_difference([1], [1, 2], [1]), "b"),
        (lambda: paired_difference([1], [1], [1, 2]), "clusters"),
        (lambda: paired_difference([float("inf")], [1], [1]), "a"),
        (lambda: holm([0.5, 1.5]), "p_values"),
        (lambda: minimum_detectable_effect(1.0, 0.3, stories=1, shots=4), "stories"),
        (lambda: minimum_detectable_effect(1.0, 3.0, stories=4, shots=4), "correlation"),
    ]:
        with pytest.raises(StatisticsError) as caught:
            call()
        assert caught.value.argument == argument


def test_holms_adjusted_values_by_hand() -> None:
    assert holm([0.01, 0.04, 0.03, 0.005]) == pytest.approx([0.03, 0.06, 0.06, 0.02])
    assert holm([]) == []


def test_holm_keeps_the_best_of_24_equal_templates_from_a_false_alarm() -> None:
    generator = np.random.default_rng(6)
    plain, adjusted = [], []
    for _ in range(120):
        p_values = []
        for _template in range(23):
            result = paired_difference(*evaluation(generator, 10, 2, 0.3), draws=10)
            assert result.p is not None
            p_values.append(result.p)
        plain.append(min(p_values) <= 0.05)
        adjusted.append(min(holm(p_values)) <= 0.05)
    assert np.mean(plain) > 0.4
    assert np.mean(adjusted) <= 0.09


def test_a_plan_finds_its_minimum_detectable_effect_with_its_power() -> None:
    effect = minimum_detectable_effect(1.0, 0.3, stories=20, shots=6)
    generator = np.random.default_rng(8)
    found = []
    for _ in range(500):
        result = paired_difference(*evaluation(generator, 20, 6, 0.3, effect=effect), draws=10)
        found.append(not result.holds(0.0))
    assert 0.74 <= np.mean(found) <= 0.86


def test_more_stories_help_more_than_more_shots() -> None:
    stories = minimum_detectable_effect(1.0, 0.5, stories=40, shots=5)
    shots = minimum_detectable_effect(1.0, 0.5, stories=20, shots=10)
    assert stories < shots


def test_variance_parts_find_the_correlation_within_stories() -> None:
    generator = np.random.default_rng(10)
    for correlation in (0.0, 0.3, 0.8):
        parts = variance_parts(*evaluation(generator, 600, 6, correlation))
        assert parts is not None
        assert parts.correlation == pytest.approx(correlation, abs=0.06)
        assert parts.spread == pytest.approx(1.0, abs=0.06)
    assert variance_parts([1, 2], [0, 0], ["甲", "乙"]) is None
