"""Returns against values computed by hand, and their intervals by simulation."""

import numpy as np
import pytest

from generation.features.cases.roi import Assumptions, returns

GIVEN = Assumptions(
    pieces=4, hour_minor=6000, saved=0.5, accepted=0.8, judged=0, check=10, run_minor=100,
    price_minor=5900, reach=100, build_minor=1_000_000,
)  # fmt: skip


def test_gain_margin_threshold_and_break_even_by_hand() -> None:
    found = returns(np.full(10, 120.0), np.full(10, 2000.0), GIVEN)

    value = 120 / 60 * 6000 + 2000  # 140 yuan a piece
    rejected = 10 / 60 * 6000
    assert found.benefit.value == pytest.approx(4 * (0.5 * 0.8 * value - 0.2 * rejected))
    assert found.adoption.value == 1.0
    assert found.margin.value == pytest.approx(100 * (5900 - 400))
    assert found.break_even.value == pytest.approx(1_000_000 / 550_000)
    assert found.threshold == pytest.approx((5900 / 4 + rejected) / (0.5 * value + rejected))
    assert found.months[0].value == -1_000_000
    assert found.months[2].value == pytest.approx(100_000)


def test_at_the_threshold_the_gain_is_the_price() -> None:
    minutes, money = np.full(10, 120.0), np.zeros(10)
    threshold = returns(minutes, money, GIVEN).threshold
    assert threshold is not None

    at = Assumptions(**{**GIVEN.__dict__, "accepted": threshold})

    assert returns(minutes, money, at).benefit.value == pytest.approx(GIVEN.price_minor)


def test_a_price_below_the_running_cost_is_never_paid_back() -> None:
    dear = Assumptions(**{**GIVEN.__dict__, "run_minor": 2000})

    found = returns(np.full(10, 300.0), np.zeros(10), dear)

    assert found.break_even.value is None
    assert found.break_even.high is None
    assert found.chance == 0.0


def test_what_takes_no_time_reaches_no_threshold() -> None:
    found = returns(np.full(10, 1.0), np.zeros(10), GIVEN)

    assert found.threshold is None
    assert found.adoption.value == 0.0


def test_nobody_asked_gives_no_number() -> None:
    found = returns(np.zeros(0), np.zeros(0), GIVEN)

    assert (found.benefit.value, found.benefit.n, found.adoption.value) == (None, 0, None)


def test_measured_acceptance_widens_the_interval_as_it_should() -> None:
    minutes = np.linspace(60, 240, 12)
    sure = returns(minutes, np.zeros(12), GIVEN)
    few = returns(minutes, np.zeros(12), Assumptions(**{**GIVEN.__dict__, "judged": 5}))

    def width(found: object) -> float:
        return found.benefit.high - found.benefit.low  # type: ignore[attr-defined]

    assert width(few) > width(sure)


def test_the_interval_of_the_gain_covers_the_truth_nearly_as_often_as_it_says() -> None:
    generator = np.random.default_rng(3)
    covered, tries, n = 0, 200, 25
    truth = 4 * (0.5 * 0.8 * (100 * 100) - 0.2 * 1000)  # mean 100 minutes at 60 yuan an hour
    for seed in range(tries):
        minutes = generator.gamma(4, 25, n)
        found = returns(minutes, np.zeros(n), GIVEN, seed).benefit
        assert found.low is not None
        assert found.high is not None
        covered += found.low <= truth <= found.high

    assert covered / tries >= 0.88
