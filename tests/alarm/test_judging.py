"""The judgement's parts against values computed by hand or by another way."""

import numpy as np
import pytest

from generation.features.alarm.firsts import BORROWED, borrowing, wilson_low
from generation.features.alarm.judging import coverage, judge, loved
from generation.features.alarm.market import Market, Relieved, Thresholds, TierAnswers
from generation.features.alarm.rising import MATTERS, may_rise, paying_rise, shown_to_rise
from insights.statistics import share, wilson

NAN = float("nan")
LIMITS = Thresholds(draws=500)


def rng() -> np.random.Generator:
    return np.random.default_rng(1)


def column(yes: int, no: int) -> list[float]:
    return [1.0] * yes + [0.0] * no


def tier(first: list[float], second: list[float], name: str = "mid") -> TierAnswers:
    raised = np.array([first, second]).T
    n = len(first)
    satisfied = np.array([[0.0] * n, column(n - 2, 2)]).T
    return TierAnswers(
        tier=name,
        creators=tuple(range(n)),
        raised=raised,
        important=np.ones((n, 2)),
        satisfied=satisfied,
        wallet=np.linspace(4000, 8000, n),
    )


def market(**changed: object) -> Market:
    """Twelve creators, pain 7 raised by all, pain 8 by four; loved, paying steadily, uncovered."""
    parts: dict[str, object] = {
        "pains": (7, 8),
        "tiers": (tier(column(12, 0), column(4, 8)),),
        "ratings": np.array(column(18, 2)),
        "kept": np.zeros(0),
        "paying": np.array([[1.0] * 6] * 8 + [[0.0] * 6] * 12),
        "relieved": {(7, "mid"): Relieved(np.zeros(12), np.zeros(0))},
    }
    return Market(**{**parts, **changed})  # type: ignore[arg-type]


def test_the_story_it_is_for_fires() -> None:
    found = judge(market(), LIMITS)

    assert (found.state, found.pain, found.tier) == ("fires", 7, "mid")
    assert found.probability is not None
    assert found.probability > 0.95


def test_the_same_seed_gives_the_same_numbers_and_another_seed_nearly_so() -> None:
    same = [judge(market(), LIMITS, seed=5).probability for _ in range(2)]
    other = judge(market(), LIMITS, seed=6).probability

    assert same[0] == same[1]
    assert same[0] == pytest.approx(other, abs=0.05)


def test_need_is_the_product_of_its_four_factors() -> None:
    need = next(item for item in judge(market(), LIMITS).needs if item.pain == 8)

    low = wilson(4, 12).low
    assert need.value == pytest.approx(low * 1.0 * (1 - 10 / 12) * 6000)


def test_wilsons_lower_limit_of_arrays_is_that_of_the_published_function() -> None:
    found = wilson_low(np.array([8 / 12, 0.0, 0.5]), np.array([12.0, 6.0, 0.0]))

    assert found == pytest.approx([wilson(8, 12).low, wilson(0, 6).low, 0.0], abs=1e-12)


def test_coverage_of_the_first_pain_silences_it() -> None:
    good = Relieved(np.array(column(11, 1)), np.full(9, 0.85))

    found = judge(market(relieved={(7, "mid"): good}), LIMITS)

    assert (found.state, found.reason) == ("quiet", "covered")


def test_what_is_merely_built_covers_nothing() -> None:
    reached_but_silent = Relieved(np.array(column(11, 1)), np.zeros(0))

    assert coverage(reached_but_silent, 500, rng()).value == 0.0


def test_one_creator_who_says_that_little_is_gone_does_not_silence_it() -> None:
    one = coverage(Relieved(np.array(column(11, 1)), np.array([0.1])), 500, rng())

    assert one.high is not None
    assert one.high < LIMITS.coverage


def test_one_relieved_creator_is_no_proof_of_coverage_nor_against_it() -> None:
    one = coverage(Relieved(np.array([1.0]), np.array([1.0])), 2000, rng())

    assert one.value == 1.0
    assert one.low is not None
    assert one.low < 0.5


def test_coverage_is_reach_times_relief() -> None:
    found = coverage(Relieved(np.array(column(15, 5)), np.array([0.6, 0.8])), 500, rng())

    assert found.value == pytest.approx(0.75 * 0.7)
    assert found.n == 20


def test_unloved_and_rising_silence_it_and_say_why() -> None:
    bad = judge(market(ratings=np.array(column(8, 12))), LIMITS)
    months = np.array([[0.0] * k + [1.0] * (6 - k) for k in range(1, 6)] * 4)
    rising = judge(market(paying=months), LIMITS)

    assert (bad.state, bad.reason) == ("quiet", "not_loved")
    assert (rising.state, rising.reason) == ("quiet", "paying_rises")


def test_good_ratings_do_not_hide_that_nobody_keeps_the_results() -> None:
    limits = Thresholds()
    assert loved(share(18, 20), share(0, 0), limits)
    assert not loved(share(18, 20), share(2, 20), limits)
    assert not loved(share(0, 0), share(0, 0), limits)


def test_two_pains_alike_are_no_first_pain() -> None:
    twins = TierAnswers(
        tier="mid",
        creators=tuple(range(20)),
        raised=np.array([column(10, 10), column(10, 10)[::-1]]).T,
        important=np.ones((20, 2)),
        satisfied=np.zeros((20, 2)),
        wallet=np.full(20, 5900.0),
    )

    assert judge(market(tiers=(twins,)), LIMITS).reason == "no_first_pain"


def test_steady_payers_are_flat_and_a_change_is_measured_in_shares() -> None:
    steady = paying_rise(np.array([[1.0] * 6] * 8 + [[0.0] * 6] * 12), 500, rng())
    falling = paying_rise(np.array([[1.0] * 3 + [0.0] * 3] * 20), 500, rng())

    assert steady.value == pytest.approx(0.0)
    assert steady.low is not None
    assert steady.low <= 0
    assert falling.value is not None
    assert falling.value < -0.9


def test_months_before_a_creator_was_known_are_not_months_without_paying() -> None:
    panel = np.array([[1.0] * 6] * 5 + [[NAN] * 3 + [1.0] * 3] * 5)

    assert paying_rise(panel, 200, rng()).value == pytest.approx(0.0)


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"tiers": (tier(column(4, 0), column(2, 2)),)}, "asked"),
        ({"ratings": np.array(column(3, 0))}, "verdicts"),
        ({"paying": np.zeros((20, 2))}, "months"),
        ({"paying": np.zeros((3, 6))}, "known"),
    ],
)
def test_with_too_little_it_says_what_is_missing_and_how_much(
    changed: dict[str, object], code: str
) -> None:
    found = judge(market(**changed), LIMITS)

    assert found.state == "not_enough_data"
    assert code in {gap.code for gap in found.gaps}
    assert all(gap.have < gap.need for gap in found.gaps)


def test_an_empty_market_is_not_enough_data() -> None:
    nothing = Market((), (), np.zeros(0), np.zeros(0), np.zeros((0, 0)))

    assert judge(nothing, LIMITS).state == "not_enough_data"


def test_pains_that_one_creator_was_asked_about_do_not_share_out_the_probability() -> None:
    n, many = 12, 30
    raised = np.full((n, 2 + many), NAN)
    raised[:, :2] = tier(column(12, 0), column(4, 8)).raised
    raised[0, 2:] = 1.0
    rare = TierAnswers(
        tier="mid",
        creators=tuple(range(n)),
        raised=raised,
        important=np.where(np.isnan(raised), NAN, 1.0),
        satisfied=np.where(np.isnan(raised), NAN, 0.0),
        wallet=np.full(n, 5900.0),
    )

    found = judge(market(pains=tuple(range(7, 39)), tiers=(rare,)), LIMITS)

    assert (found.state, found.pain) == ("fires", 7)


def test_the_tier_with_the_larger_wallet_is_named() -> None:
    poor = tier(column(12, 0), column(4, 8), "entry")
    rich = TierAnswers(**{**tier(column(12, 0), column(4, 8), "head").__dict__, "wallet": np.full(12, 90_000.0)})  # fmt: skip

    assert judge(market(tiers=(poor, rich), relieved={}), LIMITS).tier == "head"


# -- what tiers learn from each other --------------------------------------------------------------


def answered(*yes: int, n: int = 30) -> np.ndarray:
    """Creators × pains of one tier: so many of `n` say yes to each."""
    return np.array([column(count, n - count) for count in yes]).T


def test_tiers_that_answer_alike_borrow_and_tiers_that_differ_do_not() -> None:
    alike = [answered(15, 6, 24), answered(15, 6, 24), answered(16, 5, 24)]
    apart = [answered(3, 28, 2), answered(28, 2, 28), answered(15, 15, 15)]

    assert borrowing(alike) == BORROWED
    assert borrowing(apart) < 2
    assert borrowing(alike[:1]) == 0.0  # one tier has nobody to learn from


def test_borrowing_is_by_the_part_of_the_variance_that_lies_between_tiers() -> None:
    """Kleinman's moments, by hand: two tiers of 50, 20 and 30 yes of one pain."""
    pooled, n = (20 + 30 + 0.5) / 101, 50
    between = sum(n * (p - pooled) ** 2 / (pooled * (1 - pooled)) for p in (0.4, 0.6))
    rho = (between - 1) / (100 - 2 * n * n / 100)

    found = borrowing([answered(20, n=n), answered(30, n=n)])

    assert found == pytest.approx(min(BORROWED, 1 / rho - 1))


def test_a_pain_nobody_of_a_tier_was_asked_about_is_not_first_there() -> None:
    unknown = TierAnswers(
        tier="entry", creators=(1, 2, 3), raised=np.full((3, 2), NAN),
        important=np.full((3, 2), NAN), satisfied=np.full((3, 2), NAN),
        wallet=np.full(3, 1_000_000.0),
    )  # fmt: skip
    known = tier(column(12, 0), column(4, 8))

    found = judge(market(tiers=(unknown, known)), LIMITS)

    assert (found.pain, found.tier) == (7, "mid")


def test_a_rise_that_matters_counts_as_long_as_it_cannot_be_excluded() -> None:
    few = paying_rise(np.array([[1.0] * 6] * 2 + [[0.0] * 6] * 4), 2000, rng())
    many = paying_rise(np.array([[1.0] * 6] * 40 + [[0.0] * 6] * 60), 2000, rng())

    assert (shown_to_rise(few), may_rise(few)) == (False, True)
    assert (shown_to_rise(many), may_rise(many)) == (False, False)
    assert judge(market(paying=np.array([[1.0] * 6] * 2 + [[0.0] * 6] * 4)), LIMITS).reason == (
        "paying_may_rise"
    )


def test_among_many_a_small_rise_is_shown_though_a_large_one_is_excluded() -> None:
    joins = np.array([[0.0] * k + [1.0] * (6 - k) for k in range(1, 6)] * 6)
    found = paying_rise(np.vstack([joins, np.zeros((700, 6))]), 2000, rng())

    assert found.high is not None
    assert found.high < MATTERS
    assert shown_to_rise(found)
