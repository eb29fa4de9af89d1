import itertools
import math

import numpy as np
import pytest

from insights.statistics import (
    StatisticsError,
    accumulation_curve,
    expected_new,
    expected_new_by_group,
    poisson_score,
    saturation,
    saturation_bootstrap,
)


def interviews_with_new(base: int, *new: int) -> list[set[str]]:
    """Four interviews with ``base`` codes in all, then one for each count of new codes."""
    codes = [f"痛点{index}" for index in range(base + sum(new))]
    half = base // 2
    interviews = [set(codes[:half]), set(codes[:3]), set(codes[half:base]), set(codes[1:5])]
    start = base
    for count in new:
        interviews.append({codes[0], *codes[start : start + count]})
        start += count
    return interviews


def test_guest_namey_and_chens_example_gives_19_11_and_3_percent() -> None:
    # Base of 37 themes, runs of two interviews with 7, 4 and 1 new ones.
    result = saturation(interviews_with_new(37, 4, 3, 1, 0))
    assert result.base_codes == 37
    assert result.new_codes == (7, 4, 1)
    assert [round(ratio, 2) for ratio in result.ratios] == [0.19, 0.11, 0.03]


def test_guests_example_is_saturated_at_6_plus_2() -> None:
    result = saturation(interviews_with_new(37, 4, 3, 1, 0))
    assert result.reached_at(0.05) == 6
    assert result.label(0.05) == "6+2"
    assert result.reached_at(0.0) is None
    assert result.label(0.0) is None


def test_another_base_and_run_length() -> None:
    result = saturation(interviews_with_new(37, 4, 3, 1, 0), base=5, run=3)
    assert result.base_codes == 41
    assert result.new_codes == (4,)


def test_too_few_interviews_have_no_ratio() -> None:
    assert saturation([{"a"}] * 5).ratios == ()
    assert saturation([]).reached_at() is None


def test_a_base_without_codes_never_saturates() -> None:
    result = saturation([set()] * 8)
    assert all(math.isnan(ratio) for ratio in result.ratios)
    assert result.reached_at(0.05) is None


def test_the_order_bootstrap_equals_all_orders_counted_by_hand() -> None:
    interviews = [{"a", "b"}, {"a"}, {"b", "c"}, {"a", "c"}, {"d", "a"}, {"a", "b"}]
    reached = [
        saturation([interviews[i] for i in order], base=2, run=2).reached_at(0.0)
        for order in itertools.permutations(range(6))
    ]
    exact = sum(r is not None for r in reached) / len(reached)
    result = saturation_bootstrap(interviews, base=2, run=2, threshold=0.0, draws=4000, seed=1)
    assert result.share == pytest.approx(exact, abs=0.03)
    ordered = sorted(math.inf if r is None else r for r in reached)
    median = ordered[len(ordered) // 2 - 1]
    assert result.median == (None if math.isinf(median) else median)


def test_interviews_that_repeat_each_other_saturate_in_every_order_at_the_base() -> None:
    result = saturation_bootstrap([{"a", "b"}] * 9, draws=50)
    assert (result.share, result.median, result.low, result.high) == (1.0, 4, 4, 4)


def test_interviews_that_share_nothing_never_saturate() -> None:
    result = saturation_bootstrap([{index} for index in range(12)], draws=50)
    assert (result.share, result.median) == (0.0, None)


def test_no_or_few_interviews_are_saturated_in_no_order() -> None:
    assert saturation_bootstrap([], draws=10).share == 0.0
    assert saturation_bootstrap([{"a"}] * 5, draws=10).share == 0.0


def test_the_accumulation_curve_is_the_mean_over_all_orders() -> None:
    interviews = [{"a", "b"}, {"a"}, {"b", "c"}, set(), {"d"}]
    curve = accumulation_curve(interviews)
    for drawn in range(1, 6):
        sizes = [len(set().union(*chosen)) for chosen in itertools.combinations(interviews, drawn)]
        assert curve[drawn - 1] == pytest.approx(np.mean(sizes))


@pytest.mark.parametrize(("shape", "interviews"), [(0.5, 6), (0.5, 20), (2.0, 12)])
def test_expected_new_codes_are_right_on_average(shape: float, interviews: int) -> None:
    generator = np.random.default_rng(37)
    expected, truth = [], []
    for _ in range(400):
        chance = generator.beta(shape, 5, size=40)
        said = generator.random((interviews, 40)) < chance
        result = expected_new([set(np.flatnonzero(row).tolist()) for row in said])
        assert result.expected is not None
        expected.append(result.expected)
        truth.append(chance[~said.any(axis=0)].sum())
    assert np.mean(expected) == pytest.approx(np.mean(truth), rel=0.1)


def test_expected_new_by_hand() -> None:
    # a in all three, b in two, c and d in one: Q1 = 2, Q2 = 1, Q0 = 2/3 · 4/2 = 4/3.
    result = expected_new([{"a", "b", "c"}, {"a", "b"}, {"a", "d"}])
    assert (result.singletons, result.doubletons) == (2, 1)
    assert result.unseen == pytest.approx(4 / 3)
    assert result.expected == pytest.approx((4 / 3) * 2 / (3 * (4 / 3) + 2))
    # Chao and others' coverage: 1 − Q1/U · ((m−1)Q1 / ((m−1)Q1 + 2Q2)) with U = 7 mentions.
    assert result.coverage == pytest.approx(1 - 2 / 7 * (2 * 2 / (2 * 2 + 2)))


def test_expected_new_at_the_ends() -> None:
    assert expected_new([]).expected is None
    assert expected_new([{"a", "b"}]).expected == 2.0
    assert expected_new([{"a"}, {"a"}, {"a"}]).expected == 0.0
    assert expected_new([set(), set()]).coverage is None


def test_bases_and_thresholds_that_mean_nothing_are_refused() -> None:
    with pytest.raises(StatisticsError, match="base"):
        saturation([{"a"}], base=0)
    with pytest.raises(StatisticsError, match="run"):
        saturation([{"a"}], run=0)
    with pytest.raises(StatisticsError, match="threshold"):
        saturation([{"a"}]).reached_at(5)


def test_the_next_interview_counts_what_is_new_to_the_group_and_to_everybody() -> None:
    found = expected_new_by_group(
        {"head": [{"a", "b"}, {"a", "c"}], "mid": [{"a", "b"}], "entry": []}
    )

    assert found["head"].of_all.value == pytest.approx(0.5)  # only c is heard nowhere else
    assert found["mid"].of_all.value == 0.0
    assert found["entry"].of_all.value is None
    assert found["head"].of_group == expected_new([{"a", "b"}, {"a", "c"}])


def test_new_to_everybody_is_right_on_average_and_its_interval_holds_it() -> None:
    generator = np.random.default_rng(31)
    rates = {"head": generator.beta(0.4, 4, size=60), "entry": generator.beta(0.4, 9, size=60)}
    sizes = {"head": 9, "entry": 15}
    claimed: dict[str, list[float]] = {"head": [], "entry": []}
    came: dict[str, list[int]] = {"head": [], "entry": []}
    held = []
    truth = {
        tier: float(sum(
            rates[tier][code]
            * np.prod([(1 - rates[other][code]) ** (sizes[other] - (other == tier)) for other in rates])
            for code in range(60)
        ))
        for tier in rates
    }  # fmt: skip
    for _ in range(700):
        groups = {
            tier: [set(np.flatnonzero(generator.random(60) < rates[tier])) for _ in range(size)]
            for tier, size in sizes.items()
        }
        known = set().union(*(codes for interviews in groups.values() for codes in interviews))
        for tier, result in expected_new_by_group(groups).items():
            claimed[tier].append(result.of_all.value or 0.0)
            more = set(np.flatnonzero(generator.random(60) < rates[tier]))
            came[tier].append(len(more - known))
            held.append(result.of_all.holds(truth[tier]))
    for tier in rates:
        # One interview fewer was held when it was left out, so a little more than one more brings.
        assert np.mean(came[tier]) <= np.mean(claimed[tier]) <= np.mean(came[tier]) * 1.2 + 0.05
    assert 0.93 <= np.mean(held) <= 0.97


def test_where_nothing_was_heard_new_codes_still_have_an_upper_limit() -> None:
    found = expected_new_by_group({"head": [set(), set()]})["head"].of_all

    assert (found.value, found.low) == (0.0, 0.0)
    assert found.high == pytest.approx(poisson_score(0, 2)[1])


def test_the_score_interval_of_a_rate_solves_its_equation() -> None:
    for events in (0, 1, 7):
        for limit in poisson_score(events, 1):
            assert (events - limit) ** 2 == pytest.approx(1.959964**2 * limit, rel=1e-4)
