"""AI in a step of work: how far it has come, and where the accepted quality falls."""

import numpy as np
import pytest

from insights.statistics import (
    StatisticsError,
    boundary,
    penetration,
    superiority,
    wilson,
)


def test_superiority_is_the_mann_whitney_statistic_over_all_pairs() -> None:
    estimate = superiority([5, 4, 4], [3, 4])

    # 5>3, 5>4, 4>3 twice, 4=4 twice: (4 + 2·½) / 6
    assert estimate.value == pytest.approx(5 / 6)
    assert estimate.n == 2


def test_superiority_of_swapped_groups_is_mirrored() -> None:
    one, other = superiority([5, 3, 4, 4], [2, 3, 5]), superiority([2, 3, 5], [5, 3, 4, 4])

    assert one.value == pytest.approx(1 - other.value)
    assert one.low == pytest.approx(1 - other.high)


def test_superiority_limits_solve_newcombes_equation_where_no_ratings_tie() -> None:
    estimate = superiority([5, 3], [4, 2])
    theta, m = 0.75, 2

    for limit in (estimate.low, estimate.high):
        spread = 1 + (m - 1) * ((1 - limit) / (2 - limit) + limit / (1 + limit))
        variance = limit * (1 - limit) * spread / (m * m)
        assert (theta - limit) ** 2 == pytest.approx(1.959964**2 * variance, rel=1e-5)


def test_penetration_counts_people_with_wilsons_intervals() -> None:
    levels = dict(enumerate(["none"] * 4 + ["assist"] * 5 + ["automatic"] * 3))

    found = penetration(levels)

    assert (found.some.value, found.some.n) == (pytest.approx(8 / 12), 12)
    assert (found.some.low, found.some.high) == (
        pytest.approx(0.391, abs=5e-4), pytest.approx(0.862, abs=5e-4),
    )  # fmt: skip
    assert found.full.value == pytest.approx(0.25)
    assert tuple(wilson(3, 12)) == (found.full.low, found.full.high)
    assert found.full.rows == (9, 10, 11)


def test_penetration_of_nobody_asked_is_no_number() -> None:
    assert penetration({}).some.value is None


def test_an_unknown_level_is_refused() -> None:
    with pytest.raises(StatisticsError, match="levels"):
        penetration({1: "half"})


def test_the_boundary_is_where_the_accepted_quality_falls() -> None:
    found = boundary({"none": [4] * 12 + [5] * 8, "assist": [4] * 11 + [5] * 9,
                      "automatic": [2] * 8 + [3] * 4})  # fmt: skip

    assert (found.last, found.falls_at) == ("assist", "automatic")
    assert [rung.verdict for rung in found.rungs] == ["holds", "falls"]


def test_too_few_people_make_no_boundary() -> None:
    found = boundary({"none": [5] * 4, "assist": [1] * 4, "automatic": []})

    assert (found.last, found.falls_at) == (None, None)
    assert {rung.verdict for rung in found.rungs} == {"unclear"}


def test_where_quality_does_not_differ_a_fall_is_rarely_called() -> None:
    generator = np.random.default_rng(5)
    falls = []
    for _ in range(1500):
        ratings = {level: generator.choice([2, 3, 4, 5], size=15).tolist()
                   for level in ("none", "assist", "automatic")}  # fmt: skip
        falls.append(boundary(ratings).falls_at is not None)
    # Two one-sided looks at 2.5 % each.
    assert np.mean(falls) <= 0.06


def test_a_large_fall_is_called_with_thirty_people() -> None:
    generator = np.random.default_rng(6)
    found = []
    for _ in range(300):
        good, bad = ([0.05, 0.15, 0.4, 0.4], [0.4, 0.35, 0.2, 0.05])
        ratings = {
            "none": generator.choice([2, 3, 4, 5], size=10, p=good).tolist(),
            "assist": generator.choice([2, 3, 4, 5], size=10, p=good).tolist(),
            "automatic": generator.choice([2, 3, 4, 5], size=10, p=bad).tolist(),
        }
        found.append(boundary(ratings).falls_at == "automatic")
    assert np.mean(found) >= 0.8
