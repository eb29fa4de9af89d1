import numpy as np
import pytest

from insights.statistics import (
    StatisticsError,
    mean_score,
    prevalence_ranks,
    rank_bootstrap,
    rank_bootstrap_of,
)
from insights.statistics.ranking import first_shares, ranks
from insights.statistics.resampling import multiplicities


def test_ranks_are_shared_by_ties_and_missing_scores_come_last() -> None:
    scores = np.array([[0.5, 0.9, 0.5, np.nan, 0.1], [1.0, 1.0, 1.0, 1.0, 1.0]])
    assert ranks(scores).tolist() == [[2, 1, 2, 5, 4], [1, 1, 1, 1, 1]]


def test_the_first_place_is_shared_equally_by_those_who_tie_for_it() -> None:
    shares = first_shares(np.array([[2.0, 2.0, 1.0], [np.nan, np.nan, np.nan]]))
    assert shares.tolist() == [[0.5, 0.5, 0.0], [0.0, 0.0, 0.0]]


def test_not_asked_is_not_no() -> None:
    # Pain 1 was raised by both who were asked; pain 0 by three of five.
    matrix: list[list[float | None]] = [[1, 1], [1, 1], [1, None], [0, None], [0, None]]
    first, second = rank_bootstrap(matrix, draws=200)
    assert (first.score, first.n, first.rank) == (pytest.approx(0.6), 5, 2)
    assert (second.score, second.n, second.rank) == (1.0, 2, 1)


def test_probabilities_of_being_first_sum_to_1() -> None:
    generator = np.random.default_rng(1)
    matrix = generator.integers(0, 2, size=(20, 8)).tolist()
    pains = rank_bootstrap(matrix, draws=300, seed=5)
    assert sum(pain.first for pain in pains) == pytest.approx(1.0)
    for pain in pains:
        assert pain.rank is not None
        assert pain.low is not None
        assert pain.high is not None
        assert pain.low <= pain.rank <= pain.high


def test_two_equal_pains_share_the_first_place() -> None:
    pains = rank_bootstrap([[1, 1, 0], [0, 0, 0], [1, 1, 1], [0, 0, 0]], draws=400)
    assert pains[0].first == pains[1].first
    assert [pain.rank for pain in pains] == [1, 1, 3]


def test_a_pain_nobody_was_asked_about_has_no_rank() -> None:
    pains = rank_bootstrap([[1, None], [0, None]], draws=50)
    assert (pains[1].score, pains[1].rank, pains[1].first, pains[1].n) == (None, None, 0.0, 0)
    assert pains[0].first == pytest.approx(1.0)


def test_no_creators_give_no_ranks() -> None:
    assert rank_bootstrap([]) == ()
    assert rank_bootstrap_of(lambda counts: counts, 0, [0, 0])[1].rank is None


def test_the_same_seed_gives_the_same_probabilities() -> None:
    matrix = np.random.default_rng(2).integers(0, 2, size=(15, 5)).tolist()
    assert rank_bootstrap(matrix, draws=100, seed=9) == rank_bootstrap(matrix, draws=100, seed=9)
    assert rank_bootstrap(matrix, draws=100, seed=9) != rank_bootstrap(matrix, draws=100, seed=8)


def test_creators_weights_and_pains_factors_change_the_ranks() -> None:
    matrix = [[1, 0], [0, 1], [0, 1]]
    assert [pain.rank for pain in rank_bootstrap(matrix, draws=20)] == [2, 1]
    heavy = rank_bootstrap(matrix, weights=[5, 1, 1], draws=20)
    assert [pain.score for pain in heavy] == pytest.approx([5 / 7, 2 / 7])
    rich = rank_bootstrap(matrix, factors=[3, 1], draws=20)
    assert [pain.rank for pain in rich] == [1, 2]


def test_the_bootstrap_equals_ranking_each_resample_by_hand() -> None:
    generator = np.random.default_rng(4)
    values = generator.integers(0, 2, size=(12, 4)).astype(float)
    values[generator.random(values.shape) < 0.2] = np.nan
    counts = np.random.default_rng(3).multinomial(12, np.full(12, 1 / 12), size=50).astype(float)
    scores = mean_score(values)(counts)
    for row, drawn in zip(scores, counts, strict=True):
        again = np.repeat(values, drawn.astype(int), axis=0)
        asked = ~np.isnan(again)
        for pain in range(4):
            if asked[:, pain].any():
                assert row[pain] == pytest.approx(np.nanmean(again[:, pain]))
            else:
                assert np.isnan(row[pain])


def _calibration(
    prior: tuple[float, float], creators: int, markets: int, shrink: bool
) -> tuple[np.ndarray, np.ndarray]:
    """Claimed probabilities of being first, and whether that pain truly was."""
    generator = np.random.default_rng(29)
    claimed: list[float] = []
    truly: list[bool] = []
    for _ in range(markets):
        prevalence = generator.beta(*prior, size=8)
        values = (generator.random((creators, 8)) < prevalence).astype(float)
        values[generator.random(values.shape) < 0.2] = np.nan
        asked = (~np.isnan(values)).sum(axis=0).tolist()
        pains = rank_bootstrap_of(
            mean_score(values), creators, asked, draws=200, seed=1, shrink=shrink
        )
        claimed.extend(pain.first for pain in pains)
        truly.extend(index == prevalence.argmax() for index in range(8))
    return np.array(claimed), np.array(truly)


BINS = [(0.0, 0.05), (0.05, 0.25), (0.25, 0.5), (0.5, 0.75), (0.75, 1.01)]


@pytest.mark.parametrize(
    ("prior", "creators", "shrink"),
    [((1.0, 3.0), 30, False), ((2.0, 4.0), 60, False), ((20.0, 40.0), 100, True)],
)
def test_probabilities_of_being_first_are_calibrated(
    prior: tuple[float, float], creators: int, shrink: bool
) -> None:
    claimed, truly = _calibration(prior, creators, markets=400, shrink=shrink)
    checked = 0
    for low, high in BINS:
        inside = (claimed >= low) & (claimed < high)
        if inside.sum() < 50:
            continue
        checked += 1
        expected = claimed[inside].mean()
        noise = np.sqrt(max(expected * (1 - expected), 0.01) / inside.sum())
        assert truly[inside].mean() == pytest.approx(expected, abs=0.04 + 2 * noise)
    assert checked >= 4


def test_shrinking_takes_the_certainty_out_of_pains_that_are_all_equal() -> None:
    generator = np.random.default_rng(31)
    plain, shrunk = [], []
    for seed in range(60):
        matrix = (generator.random((30, 20)) < 0.3).astype(int).tolist()
        plain.append(max(pain.first for pain in rank_bootstrap(matrix, draws=200, seed=seed)))
        shrunk.append(
            max(pain.first for pain in rank_bootstrap(matrix, draws=200, seed=seed, shrink=True))
        )
    assert np.mean(shrunk) < 0.6 * np.mean(plain)


def test_bad_matrices_are_refused() -> None:
    for call, argument in [
        (lambda: rank_bootstrap([[1, 0], [1]]), "matrix"),
        (lambda: rank_bootstrap([[1, float("inf")]]), "matrix"),
        (lambda: rank_bootstrap([[1, 0]], weights=[1, 2]), "weights"),
        (lambda: rank_bootstrap([[1, 0]], factors=[1, -2]), "factors"),
        (lambda: rank_bootstrap([[1, 0]], draws=0), "draws"),
    ]:
        with pytest.raises(StatisticsError) as caught:
            call()
        assert caught.value.argument == argument


def test_resamples_are_multinomial_and_do_not_depend_on_the_block_size() -> None:
    whole = np.concatenate(list(multiplicities(7, 3000, seed=3)))
    parts = np.concatenate(list(multiplicities(7, 3000, seed=3, width=4_000_000 // 17)))
    assert (whole == parts).all()
    assert (whole.sum(axis=1) == 7).all()
    assert whole.mean(axis=0) == pytest.approx(np.ones(7), abs=0.08)
    # The variance of a multinomial count with chance 1/7 of 7 draws.
    assert whole.var(axis=0) == pytest.approx(np.full(7, 6 / 7), abs=0.1)


def test_two_of_two_do_not_beat_thirty_of_forty() -> None:
    few = [[1.0] + [None] * 3] * 2
    many = [[None, float(n < 30), float(n % 2), float(n % 3 > 0)] for n in range(40)]

    found = prevalence_ranks(few + many, seed=1)

    assert found[1].rank == 1
    assert found[1].first > found[0].first
    assert sum(pain.first for pain in found) == pytest.approx(1.0)
    assert rank_bootstrap(few + many, seed=1)[0].first > 0.7  # which is what this is for


@pytest.mark.parametrize("prior", [(1.0, 3.0), (2.0, 4.0), (20.0, 40.0)])
def test_ranks_of_prevalence_are_calibrated_where_some_pains_were_asked_of_few(
    prior: tuple[float, float],
) -> None:
    generator = np.random.default_rng(37)
    claimed, truly, held = [], [], []
    for _ in range(400):
        prevalence = generator.beta(*prior, size=8)
        asking = generator.choice([0.08, 0.3, 0.9], size=8)
        values = (generator.random((40, 8)) < prevalence).astype(float)
        values[generator.random(values.shape) > asking] = np.nan
        found = prevalence_ranks(values.tolist(), draws=300, seed=1)
        if any(pain.rank is None for pain in found):
            continue
        true_ranks = ranks(prevalence[None, :])[0]
        for index, pain in enumerate(found):
            claimed.append(pain.first)
            truly.append(index == prevalence.argmax())
            held.append(pain.low <= true_ranks[index] <= pain.high)
    claims, truths = np.array(claimed), np.array(truly)
    checked = 0
    for low, high in BINS:
        inside = (claims >= low) & (claims < high)
        if inside.sum() < 50:
            continue
        checked += 1
        expected = claims[inside].mean()
        noise = np.sqrt(max(expected * (1 - expected), 0.01) / inside.sum())
        assert truths[inside].mean() == pytest.approx(expected, abs=0.04 + 2 * noise)
    assert checked >= 3
    assert np.mean(held) >= 0.93


def test_ranks_of_prevalence_know_who_was_not_asked_and_repeat_with_the_seed() -> None:
    matrix = [[1.0, None], [0.0, None]]

    assert prevalence_ranks(matrix, seed=3) == prevalence_ranks(matrix, seed=3)
    assert prevalence_ranks(matrix)[1].rank is None
    assert prevalence_ranks([]) == ()
