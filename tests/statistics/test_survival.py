"""Curves of who remains: published vectors, plain counting, coverage by simulation."""

import csv
from pathlib import Path

import numpy as np
import pytest

from insights.statistics import (
    StatisticsError,
    kaplan_meier,
    kaplan_meier_counts,
    log_rank,
    wilson,
)

# Weeks of remission with 6-mercaptopurine (Freireich et al. 1963); 0 is censored.
WEEKS = [6, 6, 6, 6, 7, 9, 10, 10, 11, 13, 16, 17, 19, 20, 22, 23, 25, 32, 32, 34, 35]
RELAPSED = [1, 1, 1, 0, 1, 0, 1, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0]


def test_kaplan_meier_gives_the_published_curve_and_log_log_limits() -> None:
    curve = kaplan_meier(WEEKS, [bool(event) for event in RELAPSED])
    published = [
        (6, 21, 0.8571, 0.6197, 0.9516),
        (7, 17, 0.8067, 0.5631, 0.9228),
        (10, 15, 0.7529, 0.5032, 0.8894),
        (13, 12, 0.6902, 0.4316, 0.8491),
        (16, 11, 0.6275, 0.3675, 0.8049),
        (22, 7, 0.5378, 0.2678, 0.7468),
        (23, 6, 0.4482, 0.1881, 0.6801),
    ]
    found = [(s.time, s.at_risk, s.survival, s.low, s.high) for s in curve.steps]
    for step, row in zip(found, published, strict=True):
        assert step == pytest.approx(row, abs=5e-5)
    assert curve.median == 23


def test_retention_is_read_off_the_curve_and_unknown_beyond_it() -> None:
    curve = kaplan_meier(WEEKS, [bool(event) for event in RELAPSED])
    assert curve.at(15).value == pytest.approx(0.6902, abs=5e-5)
    assert curve.at(35).value == pytest.approx(0.4482, abs=5e-5)
    assert curve.at(36).value is None
    start = curve.at(3)
    assert (start.value, start.low) == (1.0, wilson(21, 21).low)


def test_without_censoring_kaplan_meier_is_the_plain_share() -> None:
    curve = kaplan_meier([1, 2, 3, 4], [True] * 4)
    assert [step.survival for step in curve.steps] == pytest.approx([0.75, 0.5, 0.25, 0.0])
    assert curve.steps[-1].low is None
    assert curve.at(9).value == 0.0
    assert kaplan_meier([], []).at(1).value is None


def test_durations_that_cannot_be_are_refused() -> None:
    with pytest.raises(StatisticsError, match=r"durations: -1\.0 at 1 is negative"):
        kaplan_meier([1, -1], [True, True])
    with pytest.raises(StatisticsError, match="observed"):
        kaplan_meier([1, 2], [True])


# Weeks of remission in the placebo arm of the same trial; all of them relapsed.
PLACEBO = [1, 1, 2, 2, 3, 4, 4, 5, 5, 8, 8, 8, 8, 11, 11, 12, 12, 15, 17, 22, 23]


def tabled(durations: list[int], observed: list[int]) -> dict[float, tuple[int, int]]:
    table: dict[float, tuple[int, int]] = {}
    for duration, ended in zip(durations, observed, strict=True):
        left, running = table.get(duration, (0, 0))
        table[duration] = (left + ended, running + 1 - ended)
    return table


def test_a_curve_from_counts_is_the_curve_from_people() -> None:
    assert kaplan_meier_counts(tabled(WEEKS, RELAPSED)) == kaplan_meier(
        WEEKS, [bool(event) for event in RELAPSED]
    )
    with pytest.raises(StatisticsError, match="table"):
        kaplan_meier_counts({3: (-1, 0)})


def test_log_rank_gives_the_published_test_of_the_trial() -> None:
    result = log_rank(tabled(PLACEBO, [1] * 21), tabled(WEEKS, RELAPSED))

    assert result.chi_square == pytest.approx(16.79, abs=0.005)
    assert result.p == pytest.approx(4.17e-5, abs=1e-7)
    assert (result.observed, result.n) == (21, 42)
    assert result.expected == pytest.approx(10.75, abs=0.005)
    turned = log_rank(tabled(WEEKS, RELAPSED), tabled(PLACEBO, [1] * 21))
    assert turned.chi_square == pytest.approx(result.chi_square)


def test_log_rank_of_nothing_says_nothing() -> None:
    assert log_rank({}, {}).p is None
    assert log_rank({5: (0, 3)}, {5: (0, 2)}).chi_square is None


def test_log_rank_calls_equal_groups_different_one_time_in_twenty() -> None:
    generator = np.random.default_rng(8)
    alarms = 0
    for _ in range(800):
        tables = []
        for size in (40, 60):
            stays = np.ceil(generator.exponential(30.0, size=size))
            watched = np.ceil(generator.uniform(5, 90, size=size))
            ended = (stays <= watched).astype(int)
            tables.append(tabled(np.minimum(stays, watched).tolist(), ended.tolist()))
        p = log_rank(*tables).p
        alarms += p is not None and p < 0.05
    assert 0.03 <= alarms / 800 <= 0.07


SHARED = Path(__file__).resolve().parents[3] / "shared" / "data"


def test_real_subscriptions_have_the_curve_that_plain_counting_gives() -> None:
    path = next((p for p in (SHARED / "payments/subscriptions").glob("*.csv")), None)
    if path is None:
        pytest.skip("../shared/data/payments/subscriptions is not here")
    with path.open(encoding="utf-8") as file:
        rows = [
            (float(row["months_active"]), float(row["churned"])) for row in csv.DictReader(file)
        ]
    months, churned = [row[0] for row in rows], [row[1] == 1.0 for row in rows]
    curve = kaplan_meier(months, churned)

    assert (curve.n, curve.events) == (2000, 932)
    remaining = 1.0
    for step in curve.steps:
        at_risk = sum(month >= step.time for month in months)
        gone = sum(month == step.time and left for month, left in rows)
        remaining *= 1 - gone / at_risk
        assert step.survival == pytest.approx(remaining)
        assert step.low is None or step.low < step.survival < step.high
    year = curve.at(6)
    assert year.low is not None
    assert year.low < year.value < year.high
