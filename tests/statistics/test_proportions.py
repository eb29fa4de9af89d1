import numpy as np
import pytest

from insights.statistics import (
    Estimate,
    StatisticsError,
    newcombe,
    newcombe_paired,
    prevalence,
    share,
    share_difference,
    wilson,
)


@pytest.mark.parametrize(
    ("successes", "n", "low", "high"),
    [(8, 12, 0.391, 0.862), (0, 6, 0.0, 0.390), (12, 150, 0.046, 0.135)],
)
def test_wilson_gives_the_published_limits(successes: int, n: int, low: float, high: float) -> None:
    interval = wilson(successes, n)
    assert tuple(interval) == pytest.approx((low, high), abs=5e-4)


def test_wilson_limits_solve_the_score_equation() -> None:
    # A limit p is where |k/n − p| is exactly z standard errors computed at p itself.
    for successes, n in [(1, 7), (8, 12), (40, 41)]:
        for p in wilson(successes, n):
            assert abs(successes / n - p) == pytest.approx(1.959964 * (p * (1 - p) / n) ** 0.5)


def test_wilson_is_exact_at_none_and_all() -> None:
    assert wilson(0, 9).low == 0.0
    assert wilson(9, 9).high == 1.0


def test_wilson_of_nobody_is_everything_between_0_and_1() -> None:
    assert tuple(wilson(0, 0)) == (0.0, 1.0)


def test_wilson_takes_another_confidence() -> None:
    assert wilson(8, 12, 0.99).width > wilson(8, 12, 0.95).width > wilson(8, 12, 0.8).width


def test_wilson_covers_95_percent_on_average_over_p() -> None:
    generator = np.random.default_rng(7)
    for n in (8, 20, 60):
        limits = [tuple(wilson(k, n)) for k in range(n + 1)]
        p = generator.uniform(0.05, 0.95, size=4000)
        hits = generator.binomial(n, p)
        covered = [limits[k][0] <= q <= limits[k][1] for k, q in zip(hits, p, strict=True)]
        assert 0.93 <= np.mean(covered) <= 0.97


@pytest.mark.parametrize(
    ("groups", "low", "high"),
    [
        ((56, 70, 48, 80), 0.0524, 0.3339),
        ((9, 10, 3, 10), 0.1705, 0.8090),
        ((6, 7, 2, 7), 0.0582, 0.8062),
        ((5, 56, 0, 29), -0.0381, 0.1926),
        ((0, 10, 0, 20), -0.1611, 0.2775),
        ((0, 10, 0, 10), -0.2775, 0.2775),
        ((10, 10, 0, 20), 0.6791, 1.0),
        ((10, 10, 0, 10), 0.6075, 1.0),
    ],
)
def test_newcombe_gives_table_2_of_the_paper(
    groups: tuple[int, int, int, int], low: float, high: float
) -> None:
    assert tuple(newcombe(*groups)) == pytest.approx((low, high), abs=5e-5)


def test_newcombe_of_swapped_groups_is_mirrored() -> None:
    there, back = newcombe(5, 12, 9, 30), newcombe(9, 30, 5, 12)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))


def test_newcombe_covers_95_percent() -> None:
    generator = np.random.default_rng(11)
    covered = []
    for _ in range(4000):
        p, q = generator.uniform(0.1, 0.9, size=2)
        n, m = (int(size) for size in generator.integers(10, 40, size=2))
        interval = newcombe(int(generator.binomial(n, p)), n, int(generator.binomial(m, q)), m)
        covered.append((p - q) in interval)
    assert 0.93 <= np.mean(covered) <= 0.97


def test_newcombe_paired_gives_the_worked_example_of_statistics_with_confidence() -> None:
    # 14 in both, 5 in the first only, none in the second only, 22 in neither: 12.2 %, 1.1 to 22.6.
    assert tuple(newcombe_paired(14, 5, 0, 22)) == pytest.approx((0.0115, 0.2265), abs=5e-5)


def test_newcombe_paired_is_narrower_than_unpaired_where_answers_go_together() -> None:
    assert newcombe_paired(30, 6, 1, 30).width < newcombe(36, 67, 31, 67).width


def test_newcombe_paired_covers_95_percent() -> None:
    generator = np.random.default_rng(13)
    covered = []
    for _ in range(4000):
        cells = generator.dirichlet([3, 1.5, 1.5, 3])
        counts = [int(count) for count in generator.multinomial(30, cells)]
        covered.append((cells[1] - cells[2]) in newcombe_paired(*counts))
    assert 0.93 <= np.mean(covered) <= 0.97


def test_newcombe_paired_of_nobody_is_everything() -> None:
    assert tuple(newcombe_paired(0, 0, 0, 0)) == (-1.0, 1.0)


def test_prevalence_counts_people_once_and_only_those_asked() -> None:
    estimate = prevalence([3, 1, 3, 2], [1, 2, 3, 4, 5, 5])
    assert (estimate.value, estimate.n, estimate.rows) == (0.6, 5, (1, 2, 3))
    assert estimate.interval is not None
    assert (estimate.low, estimate.high) == tuple(wilson(3, 5))
    assert estimate.publishable


def test_prevalence_of_nobody_asked_is_no_number() -> None:
    estimate = prevalence([], [])
    assert (estimate.value, estimate.n, estimate.low, estimate.high) == (None, 0, None, None)
    assert not estimate.publishable


def test_a_share_of_fewer_than_five_people_is_not_publishable() -> None:
    assert not share(2, 4).publishable
    assert share(2, 5).publishable


def test_an_estimate_has_the_dossiers_fields_and_keeps_its_rows() -> None:
    estimate = share(2, 5).with_rows([9, 8])
    assert set(estimate.as_dict()) == {"value", "n", "low", "high", "method"}
    assert estimate.rows == (9, 8)
    with pytest.raises(AttributeError):
        estimate.value = 1.0  # type: ignore[misc]


def test_a_difference_of_shares_has_the_smaller_n_and_nothing_for_an_empty_group() -> None:
    estimate = share_difference(5, 10, 3, 30)
    assert estimate.value == pytest.approx(0.4)
    assert estimate.n == 10
    assert share_difference(5, 10, 0, 0).value is None


def test_a_method_names_itself_and_its_level() -> None:
    assert isinstance(share(1, 6), Estimate)
    assert share(1, 6, 0.9).method == "Wilson score, 90 %"


@pytest.mark.parametrize(
    ("call", "argument"),
    [
        (lambda: wilson(3, 2), "successes"),
        (lambda: wilson(-1, 2), "successes"),
        (lambda: wilson(1, -2), "n"),
        (lambda: wilson(1.5, 2), "successes"),  # type: ignore[arg-type]
        (lambda: wilson(1, 2, 95), "confidence"),
        (lambda: newcombe(3, 2, 1, 2), "s1"),
        (lambda: newcombe(1, 2, 3, 2), "s2"),
        (lambda: newcombe_paired(1, 2, -3, 2), "second_only"),
        (lambda: prevalence([1, 7], [1, 2]), "raised_ids"),
    ],
)
def test_impossible_counts_are_refused_with_the_argument_and_the_remedy(
    call: object, argument: str
) -> None:
    with pytest.raises(StatisticsError) as caught:
        call()  # type: ignore[operator]
    assert caught.value.argument == argument
    assert str(caught.value).startswith(f"{argument}: ")
    assert caught.value.remedy
    assert isinstance(caught.value, ValueError)
