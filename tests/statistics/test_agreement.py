import math
import pickle

import krippendorff
import numpy as np
import pytest

from insights.statistics import (
    StatisticsError,
    alpha_interval,
    codes_alpha_interval,
    cohen_kappa,
    kappa_interval,
    krippendorff_alpha,
    wilson,
)
from insights.statistics.agreement import Level, _reliability

LEVELS: tuple[Level, ...] = ("nominal", "ordinal", "interval", "ratio")


def matrix(*coders: str) -> list[list[int | None]]:
    return [[None if cell == "." else int(cell) for cell in coder] for coder in coders]


# Krippendorff's reliability data: three coders with gaps, and four coders of twelve units.
THREE_CODERS = matrix(".....34121133.3", "1.213343.......", "..21344.21133.4")
FOUR_CODERS = matrix("123321412...", "1233224125.3", ".3332342251.", "12332441251.")


def test_alpha_of_three_coders_is_the_published_one() -> None:
    assert krippendorff_alpha(THREE_CODERS) == pytest.approx(0.691358, abs=5e-7)
    assert krippendorff_alpha(THREE_CODERS, "interval") == pytest.approx(0.810845, abs=5e-7)


@pytest.mark.parametrize(
    ("level", "alpha"),
    [("nominal", 0.743), ("ordinal", 0.815), ("interval", 0.849), ("ratio", 0.797)],
)
def test_alpha_of_four_coders_is_that_of_krippendorffs_paper(level: str, alpha: float) -> None:
    assert krippendorff_alpha(FOUR_CODERS, level) == pytest.approx(alpha, abs=5e-4)


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_equals_the_reference_package_on_random_data_with_gaps(level: Level) -> None:
    generator = np.random.default_rng(5)
    for _ in range(20):
        coders, units = generator.integers(2, 5), generator.integers(4, 30)
        ratings = generator.integers(0, 5, size=(coders, units)).astype(float)
        ratings[generator.random(ratings.shape) < 0.25] = np.nan
        expected = krippendorff.alpha(reliability_data=ratings, level_of_measurement=level)
        ours = [[None if cell != cell else cell for cell in row] for row in ratings.tolist()]
        assert krippendorff_alpha(ours, level) == pytest.approx(expected, abs=1e-9)


def test_alpha_takes_chinese_labels_at_the_nominal_level() -> None:
    words = {1: "串脸", 2: "换装", 3: "🙂", 4: "\U00020000", None: None}
    named = [[words[cell] for cell in row] for row in THREE_CODERS]
    assert krippendorff_alpha(named) == pytest.approx(0.691358, abs=5e-7)


def test_alpha_is_undefined_where_no_two_ratings_differ_or_none_can_be_paired() -> None:
    assert math.isnan(krippendorff_alpha([[1, 1, 1], [1, 1, 1]]))
    assert math.isnan(krippendorff_alpha([[1, None], [None, 2]]))
    assert math.isnan(krippendorff_alpha([]))
    assert alpha_interval([[1, 1, 1], [1, 1, 1]]).value is None


def test_kappa_of_a_known_table() -> None:
    # Cohen's form by hand: Po = 35/50, Pe = (25·30 + 25·20)/50² = 0.5, kappa = 0.4.
    a = ["yes"] * 25 + ["no"] * 25
    b = ["yes"] * 20 + ["no"] * 5 + ["yes"] * 10 + ["no"] * 15
    assert cohen_kappa(a, b) == pytest.approx(0.4)


def test_two_independent_coders_have_a_kappa_near_0() -> None:
    # The product of both shares instead of the sum over codes gives about 0.3 here.
    generator = np.random.default_rng(3)
    a, b = generator.integers(0, 2, size=(2, 50_000)).tolist()
    assert cohen_kappa(a, b) == pytest.approx(0.0, abs=0.02)
    uneven_a, uneven_b = (generator.random((2, 50_000)) < [[0.9], [0.2]]).tolist()
    assert cohen_kappa(uneven_a, uneven_b) == pytest.approx(0.0, abs=0.02)
    assert krippendorff_alpha([a, b]) == pytest.approx(0.0, abs=0.02)


def test_kappa_is_1_for_equal_coders_who_used_two_codes_and_undefined_for_one_code() -> None:
    assert cohen_kappa("aabb", "aabb") == 1.0
    assert math.isnan(cohen_kappa("aaaa", "aaaa"))
    assert math.isnan(cohen_kappa([], []))
    assert kappa_interval("aaaa", "aaaa").value is None
    assert kappa_interval([], []).n == 0


def test_kappa_is_minus_1_for_coders_who_always_swap() -> None:
    assert cohen_kappa("abab", "baba") == pytest.approx(-1.0)


def test_coders_who_never_disagreed_still_have_a_lower_limit() -> None:
    few, many = kappa_interval("ab" * 4, "ab" * 4), kappa_interval("ab" * 200, "ab" * 200)
    assert few.low == pytest.approx(1 - wilson(0, 8).high / 0.5)
    assert few.holds(0.5)
    assert not many.holds(0.9)
    assert many.holds(0.99)
    assert few.high == many.high == 1.0
    alpha = alpha_interval([list("ab" * 4), list("ab" * 4)])
    assert alpha.low is not None
    assert alpha.low < 0.7


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_intervals_hold_alpha_and_are_the_same_for_the_same_seed(level: str) -> None:
    estimate = alpha_interval(FOUR_CODERS, level, draws=500, seed=4)
    assert estimate == alpha_interval(FOUR_CODERS, level, draws=500, seed=4)
    assert estimate != alpha_interval(FOUR_CODERS, level, draws=500, seed=5)
    assert estimate.n == 11  # one unit has a single rating
    assert estimate.value is not None
    assert estimate.holds(estimate.value)
    assert not estimate.holds(0.0)


@pytest.mark.parametrize("level", LEVELS)
def test_alpha_of_a_resample_is_alpha_of_the_repeated_units(level: str) -> None:
    # The bootstrap works on counts; repeating units must mean the same.
    data = _reliability(FOUR_CODERS, level)
    assert data is not None
    counts = np.array([[2, 0, 1, 3, 1, 1, 0, 1, 2, 0, 1]], dtype=float)
    pairable = [
        unit for unit in zip(*FOUR_CODERS, strict=True) if sum(x is not None for x in unit) > 1
    ]
    repeated = [u for u, times in zip(pairable, counts[0], strict=True) for _ in range(int(times))]
    expected = krippendorff_alpha(list(zip(*repeated, strict=True)), level)
    assert data.alphas(counts)[0] == pytest.approx(expected)


def test_bad_ratings_are_refused_with_the_argument() -> None:
    for call, argument in [
        (lambda: cohen_kappa("ab", "a"), "b"),
        (lambda: cohen_kappa(["a", None], ["a", "b"]), "a"),
        (lambda: krippendorff_alpha([[1, 2], [1]]), "ratings"),
        (lambda: krippendorff_alpha([[1, 2], [1, 2]], "metric"), "level"),
        (lambda: krippendorff_alpha([["a", "b"], ["a", "b"]], "interval"), "ratings"),
        (lambda: krippendorff_alpha([[-1, 2], [1, 2]], "ratio"), "ratings"),
    ]:
        with pytest.raises(StatisticsError) as caught:
            call()
        assert caught.value.argument == argument


def test_an_error_survives_pickling_between_processes() -> None:
    error = pickle.loads(pickle.dumps(StatisticsError("a", "is odd", "pass an even one")))  # noqa: S301
    assert (error.argument, str(error)) == ("a", "a: is odd; pass an even one")


def test_alpha_over_codes_of_a_single_code_is_krippendorffs() -> None:
    one = [["a", "b", "a", None, "b"], ["a", "b", "b", "a", "b"]]

    assert codes_alpha_interval([one], draws=50).value == pytest.approx(krippendorff_alpha(one))


def test_alpha_over_codes_does_not_take_different_frequencies_for_agreement() -> None:
    generator = np.random.default_rng(8)
    apart, together = [], []
    for _ in range(30):
        # Every code by itself is coded at random by both; one is frequent, the others are rare.
        codes = [
            [(generator.random(300) < rate).tolist() for _coder in range(2)]
            for rate in (0.9, 0.05, 0.05)
        ]
        apart.append(codes_alpha_interval(codes, draws=2).value)
        together.append(
            krippendorff_alpha([[*codes[0][k], *codes[1][k], *codes[2][k]] for k in range(2)])
        )

    assert np.mean(together) > 0.5
    assert abs(np.mean(apart)) < 0.03


def test_alpha_over_codes_of_nobody_is_no_number() -> None:
    assert codes_alpha_interval([]).value is None
    assert codes_alpha_interval([[[True, True], [True, True]]]).value is None
