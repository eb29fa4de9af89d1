import math

import numpy as np
import pytest

from insights.statistics import (
    StatisticsError,
    concentration,
    gini_of_sums,
    mean_interval,
    mean_of_sums,
    opportunity,
    opportunity_bootstrap,
    top_two_box,
    van_westendorp,
    van_westendorp_intervals,
    wilson,
)


def test_opportunity_counts_the_top_two_boxes_and_not_means() -> None:
    # 8 of 10 important, 3 of 10 satisfied: 8 + (8 − 3) = 13, whatever the exact ratings.
    importance = [5, 5, 4, 4, 4, 4, 4, 4, 1, 3]
    satisfaction = [1, 2, 3, 3, 3, 1, 1, 5, 4, 4]
    assert opportunity(importance, satisfaction) == pytest.approx(13.0)


def test_opportunity_of_what_is_served_is_its_importance_alone() -> None:
    assert opportunity([4, 1, 1, 1], [5, 5, 5, 5]) == pytest.approx(2.5)


def test_opportunity_reaches_from_0_to_20() -> None:
    assert opportunity([1, 2], [5, 5]) == 0.0
    assert opportunity([5, 4], [1, 3]) == 20.0


def test_who_rated_one_of_the_two_is_left_out_of_both() -> None:
    assert opportunity([5, None, 5, 1], [1, 5, None, 1]) == opportunity([5, 1], [1, 1])
    assert opportunity_bootstrap([5, None, 5, 1], [1, 5, None, 1], draws=50).n == 2


def test_opportunity_of_nobody_is_undefined() -> None:
    assert math.isnan(opportunity([], []))
    assert opportunity_bootstrap([], []).value is None


def test_ten_people_who_all_say_the_same_do_not_give_a_point() -> None:
    estimate = opportunity_bootstrap([5] * 10, [1] * 10)
    assert estimate.high == estimate.value == 20.0
    assert not estimate.holds(10.0)
    assert estimate.holds(15.0)


def test_the_top_two_box_is_a_share_with_wilsons_interval() -> None:
    estimate = top_two_box([5, 4, 3, None, 1])
    assert (estimate.value, estimate.n) == (0.5, 4)
    assert (estimate.low, estimate.high) == tuple(wilson(2, 4))


@pytest.mark.parametrize("ratings", [[6], [0], [3.5], ["5a"]])
def test_ratings_outside_the_scale_are_refused(ratings: list[int]) -> None:
    with pytest.raises(StatisticsError) as caught:
        opportunity(ratings, [1])
    assert caught.value.argument == "importance"
    with pytest.raises(StatisticsError, match="satisfaction"):
        opportunity([1, 2], [1])


def test_van_westendorp_by_hand() -> None:
    # Too cheap falls 1, ⅓, 0 at 1, 2, 3 and expensive rises 0, ⅓, ⅔ at 2, 3, 4: they meet at 2.5.
    points = van_westendorp([(1, 2, 3, 4), (2, 3, 4, 5), (1, 3, 5, 7)])
    assert points.pmc == pytest.approx(2.5)
    assert points.pme == pytest.approx(11 / 3)
    assert points.opp == pytest.approx(3.0)  # both curves are 0 at 3: the middle of the stretch
    assert points.idp == pytest.approx(10 / 3)
    assert [curve.price for curve in points.curves] == [1, 2, 3, 4, 5, 7]


def test_van_westendorp_takes_named_prices_and_lists_contradictory_rows() -> None:
    row = {"too_cheap": 1, "cheap": 2, "expensive": 3, "too_expensive": 4}
    points = van_westendorp([row, (4, 3, 2, 1), row])
    assert (points.n, points.excluded) == (2, (1,))
    assert points.pmc == pytest.approx(2.0, abs=1.0)


def test_van_westendorp_of_nobody_has_no_points() -> None:
    assert van_westendorp([]).opp is None
    assert van_westendorp([(4, 3, 2, 1)]).excluded == (0,)
    assert van_westendorp_intervals([])["opp"].n == 0
    one = van_westendorp_intervals([(1, 2, 3, 4)])["idp"]
    assert (one.n, one.low) == (1, None)


def test_van_westendorp_scales_with_the_currency_unit() -> None:
    rows = np.sort(np.random.default_rng(1).integers(5, 90, size=(25, 4)), axis=1)
    yuan, fen = van_westendorp(rows.tolist()), van_westendorp((rows * 100).tolist())
    for point in ("pmc", "pme", "opp", "idp"):
        assert getattr(fen, point) == pytest.approx(100 * getattr(yuan, point))


def test_acceptable_prices_lie_between_marginal_cheapness_and_expensiveness() -> None:
    rows = np.sort(np.random.default_rng(2).lognormal(3, 0.6, size=(40, 4)), axis=1).tolist()
    points = van_westendorp(rows)
    found = [points.pmc, points.opp, points.idp, points.pme]
    cheap, optimal, indifferent, dear = [price for price in found if price is not None]
    assert cheap < optimal < dear
    assert cheap < indifferent < dear


def _prices(generator: np.random.Generator, people: int) -> np.ndarray:
    wallet = generator.lognormal(4, 0.5, size=people)
    answers = generator.normal([-0.8, -0.3, 0.3, 0.8], 0.2, size=(people, 4))
    return np.sort(wallet[:, None] * np.exp(answers), axis=1)


def _round(prices: np.ndarray) -> np.ndarray:
    step = np.where(prices < 20, 5, np.where(prices < 100, 10, 50))
    return np.maximum(np.round(prices / step) * step, 5)


def test_van_westendorp_intervals_hold_their_point_and_want_five_people() -> None:
    generator = np.random.default_rng(8)
    for people in (5, 9, 30):
        for rows in (_prices(generator, people), _round(_prices(generator, people))):
            for estimate in van_westendorp_intervals(rows.tolist()).values():
                assert estimate.value is not None
                assert estimate.holds(estimate.value)
    four = van_westendorp_intervals(_prices(generator, 4).tolist())
    assert {estimate.low for estimate in four.values()} == {None}


def test_prices_that_cannot_be_are_refused() -> None:
    with pytest.raises(StatisticsError, match=r"rows: -1 at row 0 is negative"):
        van_westendorp([(-1, 2, 3, 4)])
    with pytest.raises(StatisticsError, match=r"rows: row 1 has 3 prices"):
        van_westendorp([(1, 2, 3, 4), (1, 2, 3)])
    with pytest.raises(StatisticsError, match=r"rows: row 0 has no cheap"):
        van_westendorp([{"too_cheap": 1}])


def test_concentration_of_equal_payers_and_of_one_whale() -> None:
    equal, whale = concentration([500] * 4), concentration([0, 0, 0, 900])
    assert (equal.largest_share, equal.gini) == (0.25, 0.0)
    assert (whale.largest_share, whale.gini, whale.largest) == (1.0, 0.75, 3)


def test_gini_is_the_mean_difference_over_twice_the_mean() -> None:
    amounts = [100, 250, 300, 1900, 20]
    pairs = [abs(a - b) for a in amounts for b in amounts]
    expected = np.mean(pairs) / (2 * np.mean(amounts))
    assert concentration(amounts).gini == pytest.approx(expected)


def test_no_money_has_no_concentration() -> None:
    assert concentration([]).gini is None
    assert concentration([0, 0]).largest_share is None


def test_negative_and_fractional_money_is_refused() -> None:
    for amounts in ([100, -5], [9.5]):
        with pytest.raises(StatisticsError, match="amounts"):
            concentration(amounts)  # type: ignore[arg-type]


def test_a_mean_of_sums_is_the_mean_of_the_values() -> None:
    values = [5900, 5900, 19900, 0, 15900, 100]
    given = mean_of_sums(len(values), sum(values), sum(value * value for value in values))
    whole = mean_interval(values)

    assert given.value == pytest.approx(whole.value)
    assert (given.low, given.high) == pytest.approx((whole.low, whole.high))
    assert mean_of_sums(0, 0, 0).value is None
    assert mean_of_sums(1, 700, 490000).low is None
    with pytest.raises(StatisticsError, match="squares"):
        mean_of_sums(2, 100, 10)


def test_gini_from_a_databases_sums_is_the_same() -> None:
    amounts = sorted([100, 250, 300, 1900, 20])
    weighted = sum(place * amount for place, amount in enumerate(amounts, start=1))

    assert gini_of_sums(5, sum(amounts), weighted) == concentration(amounts).gini
    assert gini_of_sums(0, 0, 0) is None
