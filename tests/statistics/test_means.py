import pytest

from insights.statistics import (
    StatisticsError,
    mean_interval,
    median_interval,
    paired_difference_interval,
)
from insights.statistics.distributions import student_cdf, two_sided_t, two_sided_z


@pytest.mark.parametrize(
    ("confidence", "degrees", "quantile"),
    [(0.95, 1, 12.7062), (0.95, 10, 2.2281), (0.95, 30, 2.0423), (0.99, 5, 4.0321)],
)
def test_students_quantiles_are_those_of_the_tables(
    confidence: float, degrees: int, quantile: float
) -> None:
    assert two_sided_t(confidence, degrees) == pytest.approx(quantile, abs=5e-5)


def test_students_quantile_nears_the_normal_one() -> None:
    assert two_sided_t(0.95, 1e7) == pytest.approx(two_sided_z(0.95), abs=1e-5)
    assert student_cdf(0.0, 3) == pytest.approx(0.5)


def test_a_mean_has_students_interval() -> None:
    # "Student" (1908): extra hours of sleep with the second drug, mean 2.33, s = 2.002, n = 10.
    sleep = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    estimate = mean_interval(sleep, rows=range(10))
    assert estimate.value == pytest.approx(2.33)
    assert (estimate.low, estimate.high) == pytest.approx((0.8977, 3.7623), abs=5e-5)
    assert estimate.rows == tuple(range(10))


def test_a_paired_difference_is_that_of_students_sleep_data() -> None:
    first = [0.7, -1.6, -0.2, -1.2, -0.1, 3.4, 3.7, 0.8, 0.0, 2.0]
    second = [1.9, 0.8, 1.1, 0.1, -0.1, 4.4, 5.5, 1.6, 4.6, 3.4]
    estimate = paired_difference_interval(first, second)
    assert estimate.value == pytest.approx(1.58)
    assert (estimate.low, estimate.high) == pytest.approx((0.7001, 2.4599), abs=5e-5)


def test_too_few_values_have_no_interval() -> None:
    assert mean_interval([]).value is None
    assert (mean_interval([3]).value, mean_interval([3]).low) == (3.0, None)
    assert (median_interval([1, 2, 3, 4, 5]).value, median_interval([1, 2, 3, 4, 5]).low) == (
        3,
        None,
    )
    assert median_interval([1, 2, 3, 4, 5, 6]).low is not None


def test_a_median_of_ten_interpolates_between_order_statistics() -> None:
    # Ranks 2 to 9 cover 97.85 %, 3 to 8 cover 89.06 %; Hettmansperger and Sheather's weight .6578.
    estimate = median_interval(range(1, 11))
    assert estimate.value == 5.5
    assert (estimate.low, estimate.high) == pytest.approx((2.6577, 8.3423), abs=1e-4)


def test_values_that_are_no_numbers_are_refused() -> None:
    with pytest.raises(StatisticsError, match="values: nan at 1 is not finite"):
        mean_interval([1.0, float("nan")])
    with pytest.raises(StatisticsError, match="values: None at 0 is not a number"):
        median_interval([None])  # type: ignore[list-item]
    with pytest.raises(StatisticsError, match="after: has 1 values where before has 2"):
        paired_difference_interval([1, 2], [1])
