from typing import Any

import numpy as np
import pytest

from generation.prompts.statistics import (
    StatisticsError,
    Trial,
    Vote,
    bradley_terry,
    cost_ratios,
    front_probability,
    next_pairs,
    pareto,
    score_and_cost,
)


def ask(
    generator: np.random.Generator, strength: np.ndarray, left: int, right: int
) -> tuple[int, int, float]:
    chance = 1 / (1 + np.exp(strength[right] - strength[left]))
    return left, right, 1.0 if generator.random() < chance else 0.0


def random_votes(
    generator: np.random.Generator, strength: np.ndarray, votes: int
) -> list[tuple[int, int, float]]:
    size = len(strength)
    left = generator.integers(0, size, size=votes)
    right = (left + generator.integers(1, size, size=votes)) % size
    return [ask(generator, strength, int(a), int(b)) for a, b in zip(left, right, strict=True)]


def strengths(generator: np.random.Generator, size: int = 24) -> np.ndarray:
    drawn = generator.normal(0.0, 0.7, size=size)
    return drawn - drawn.mean()


def test_two_items_have_the_log_odds_of_their_votes() -> None:
    ranking = bradley_terry([("甲", "乙")] * 30 + [("乙", "甲")] * 10, draws=50)
    assert ranking.items == ["甲", "乙"]
    apart = ranking["甲"].strength - ranking["乙"].strength
    assert apart == pytest.approx(np.log(3), abs=0.01)
    assert ranking["甲"].elo - ranking["乙"].elo == pytest.approx(400 * np.log10(3), abs=2)


def test_strengths_satisfy_the_likelihood_equations() -> None:
    # At the maximum every item has won as often as its chances say it should.
    generator = np.random.default_rng(1)
    votes = random_votes(generator, strengths(generator, 6), 400)
    ranking = bradley_terry(votes, draws=5)
    for item in range(6):
        won = sum(s if a == item else 1 - s for a, b, s in votes if item in (a, b))
        expected = 0.0
        for a, b, _s in votes:
            if item in (a, b):
                other = b if a == item else a
                gap = ranking[other].strength - ranking[item].strength
                expected += 1 / (1 + np.exp(gap))
        assert won == pytest.approx(expected, abs=0.05)


def test_the_order_of_votes_does_not_matter() -> None:
    generator = np.random.default_rng(2)
    votes = random_votes(generator, strengths(generator, 5), 100)
    there, back = bradley_terry(votes, draws=2), bradley_terry(votes[::-1], draws=2)
    for item in range(5):
        assert there[item].strength == pytest.approx(back[item].strength)


def test_a_tie_is_half_a_win_for_each() -> None:
    ranking = bradley_terry([("a", "b", 0.5)] * 10, draws=20)
    assert ranking["a"].strength == pytest.approx(0.0)
    assert [entry.rank for entry in ranking] == [1, 1]
    assert ranking["a"].first == pytest.approx(0.5)


def test_who_never_lost_is_first_and_still_finite() -> None:
    ranking = bradley_terry([("a", "b")] * 5 + [("b", "c"), ("c", "b")], draws=50)
    assert ranking.items[0] == "a"
    assert abs(ranking["a"].strength) < 20


def test_groups_that_never_met_are_reported() -> None:
    assert not bradley_terry([("a", "b"), ("c", "d")], draws=5).connected
    assert bradley_terry([("a", "b"), ("b", "c")], draws=5).connected


def test_a_preference_for_the_left_side_shows() -> None:
    generator = np.random.default_rng(3)
    votes = [("a", "b", float(generator.random() < 0.8)) for _ in range(100)]
    votes += [("b", "a", float(generator.random() < 0.8)) for _ in range(100)]
    left = bradley_terry(votes, draws=5).left
    assert left is not None
    assert (left.value, left.n) == (pytest.approx(0.8, abs=0.1), 200)
    assert not left.holds(0.5)
    assert bradley_terry([("a", "b")], draws=5).left is None


def test_no_votes_give_an_empty_ranking() -> None:
    assert len(bradley_terry([])) == 0


def test_the_best_of_24_is_among_the_top_three_after_1200_random_votes() -> None:
    generator = np.random.default_rng(4)
    found = []
    for _ in range(60):
        strength = strengths(generator)
        ranking = bradley_terry(random_votes(generator, strength, 1200), draws=2)
        found.append(int(strength.argmax()) in ranking.items[:3])
    assert np.mean(found) >= 0.9


def test_a_clear_top_three_of_24_is_found_with_1200_random_votes() -> None:
    generator = np.random.default_rng(5)
    strength = np.concatenate([[1.6, 1.4, 1.2], np.linspace(0.4, -1.2, 21)])
    found = []
    for _ in range(60):
        ranking = bradley_terry(random_votes(generator, strength, 1200), draws=2)
        found.append(set(ranking.items[:3]) == {0, 1, 2})
    assert np.mean(found) >= 0.9


def test_well_chosen_pairs_find_all_three_where_random_ones_do_not() -> None:
    # The third is 0.25 logits ahead of the fourth, a win in 56 of 100 votes.
    strength = np.concatenate([[1.3, 1.0, 0.75], np.linspace(0.5, -1.2, 21)])
    chosen, random = [], []
    for seed in range(10):
        generator = np.random.default_rng(100 + seed)
        votes: list[Vote] = []
        for batch in range(8):
            pairs = next_pairs(range(24), votes, 150, seed=1000 * seed + batch)
            votes += [ask(generator, strength, a, b) for a, b in pairs]
        chosen.append(set(bradley_terry(votes, draws=2).items[:3]) == {0, 1, 2})
        blind = random_votes(generator, strength, 1200)
        random.append(set(bradley_terry(blind, draws=2).items[:3]) == {0, 1, 2})
    assert np.mean(chosen) >= 0.9
    assert np.mean(chosen) > np.mean(random)


def test_bootstrap_intervals_of_strengths_cover_93_to_97_percent() -> None:
    generator = np.random.default_rng(6)
    covered = []
    for seed in range(60):
        strength = strengths(generator, 12)
        ranking = bradley_terry(random_votes(generator, strength, 600), draws=200, seed=seed)
        for item, truth in enumerate(strength):
            covered.append(ranking[item].low <= truth <= ranking[item].high)
    assert 0.93 <= np.mean(covered) <= 0.97


def test_votes_clustered_by_rater_have_wider_intervals() -> None:
    # Ten raters, each of one mind: a hundred votes, ten opinions.
    votes, raters = [], []
    for rater in range(10):
        for _ in range(10):
            votes.append(("a", "b") if rater < 6 else ("b", "a"))
            raters.append(rater)
    plain, clustered = bradley_terry(votes, draws=300), bradley_terry(votes, raters, draws=300)
    plain_width = plain["a"].high - plain["a"].low
    assert clustered["a"].high - clustered["a"].low > 2 * plain_width


def test_votes_of_another_shape_are_refused() -> None:
    refused: list[tuple[list[Any], str]] = [
        ([("a",)], "vote 0 has 1 fields"),
        ([("a", "a")], "pairs 'a' with itself"),
        ([("a", "b"), ("a", "b", 2)], "vote 1 has the outcome 2"),
    ]
    for votes, message in refused:
        with pytest.raises(StatisticsError, match=message):
            bradley_terry(votes)
    with pytest.raises(StatisticsError, match="clusters"):
        bradley_terry([("a", "b")], clusters=[])


def test_next_pairs_meet_where_the_top_is_in_doubt() -> None:
    generator = np.random.default_rng(7)
    strength = np.array([2.0, 1.9, 0.1, 0.0, -2.0, -2.1])
    votes = random_votes(generator, strength, 400)
    pairs = next_pairs(range(6), votes, 60, seed=1, top=3)
    doubtful = sum({left, right} == {2, 3} for left, right in pairs)
    assert doubtful > 45
    lefts = sum(left == 2 for left, right in pairs if {left, right} == {2, 3})
    assert 0.25 < lefts / doubtful < 0.75


def test_next_pairs_without_votes_bring_everybody_in() -> None:
    pairs = next_pairs([f"模板{n}" for n in range(8)], [], 200, seed=2)
    assert {item for pair in pairs for item in pair} == {f"模板{n}" for n in range(8)}
    assert all(left != right for left, right in pairs)
    with pytest.raises(StatisticsError, match="items"):
        next_pairs(["a"], [], 1)
    with pytest.raises(StatisticsError, match="votes"):
        next_pairs(["a", "b"], [("a", "c")], 1)


def test_pareto_keeps_what_no_other_beats_cheapest_first() -> None:
    points = [("d", 3.0, 5.0), ("a", 4.0, 9.0), ("b", 3.0, 4.0), ("c", 2.0, 1.0), ("e", 1.0, 2.0)]
    assert [name for name, _score, _cost in pareto(points)] == ["c", "b", "a"]
    assert pareto([(3.0, 5.0), (2.0, 6.0)]) == [(3.0, 5.0)]
    assert pareto([]) == []


def test_pareto_keeps_equal_points_together() -> None:
    assert pareto([("a", 1.0, 1.0), ("b", 1.0, 1.0)]) == [("a", 1.0, 1.0), ("b", 1.0, 1.0)]


def test_pareto_equals_the_definition_on_random_points() -> None:
    generator = np.random.default_rng(8)
    for _ in range(50):
        points = [tuple(map(float, p)) for p in generator.integers(0, 6, size=(12, 2))]
        expected = [
            (s, c)
            for s, c in points
            if not any(t >= s and d <= c and (t > s or d < c) for t, d in points)
        ]
        assert sorted(pareto(points)) == sorted(expected)


def test_points_that_cannot_be_are_refused() -> None:
    with pytest.raises(StatisticsError, match="negative"):
        pareto([("a", 1.0, -1.0)])
    with pytest.raises(StatisticsError, match="fields"):
        pareto([(1.0,)])


def trials_of(
    generator: np.random.Generator, templates: dict[str, tuple[float, float]], stories: int = 12
) -> list[Trial]:
    """Six shots a story; each template with its mean score and cost, stories better or worse."""
    trials = []
    for story in range(stories):
        ease = generator.normal(0.0, 0.3)
        for name, (score, cost) in templates.items():
            for _ in range(6):
                drawn = float(score + ease + generator.normal(0.0, 0.5))
                spent = float(cost * generator.uniform(0.9, 1.1))
                trials.append(Trial(name, story, drawn, spent))
    return trials


def test_the_front_is_sure_where_templates_differ_and_shared_where_they_do_not() -> None:
    generator = np.random.default_rng(9)
    templates = {
        "cheap": (2.0, 10.0),
        "good": (4.0, 50.0),
        "worse": (1.0, 60.0),
        "good too": (4.0, 50.0),
    }
    chance = front_probability(trials_of(generator, templates), seed=1, draws=500)
    assert chance["cheap"] == 1.0
    assert chance["worse"] == 0.0
    assert chance["good"] + chance["good too"] >= 1.0
    assert chance == front_probability(
        trials_of(np.random.default_rng(9), templates), seed=1, draws=500
    )


def test_the_cost_is_of_accepted_frames_with_retries_and_failures() -> None:
    trials = [
        Trial("a", 1, 4.0, 100, accepted=True),
        Trial("a", 1, 1.0, 100, accepted=False),
        Trial("a", 2, None, 50, accepted=False),
        Trial("b", 1, None, 70, accepted=False),
    ]
    assert score_and_cost(trials) == {"a": (2.5, 250.0), "b": (None, None)}
    assert front_probability(trials, draws=50)["b"] == 0.0
    assert front_probability([]) == {}


def test_the_cost_ratio_is_that_of_the_cheapest_template_reaching_each_score() -> None:
    generator = np.random.default_rng(10)
    templates = {"base": (3.0, 100.0), "lean": (3.5, 40.0), "rich": (4.5, 160.0)}
    trials = trials_of(generator, templates, stories=20)
    at_3, at_4, at_9 = cost_ratios(trials, "base", scores=[2.5, 4.0, 9.0], draws=400)
    assert (at_3.template, at_4.template, at_9.template) == ("lean", "rich", None)
    assert at_3.ratio.holds(0.4)
    assert not at_3.ratio.holds(0.5)
    assert at_4.ratio.value == pytest.approx(1.6, rel=0.1)
    assert (at_9.ratio.value, at_9.reached) == (None, 0.0)


def test_cost_ratios_are_asked_at_every_templates_score_by_default() -> None:
    trials = trials_of(np.random.default_rng(11), {"base": (3.0, 100.0), "lean": (3.5, 40.0)})
    steps = cost_ratios(trials, "base", draws=50)
    assert [step.template for step in steps] == ["lean", "lean"]
    assert [step.score for step in steps] == sorted(step.score for step in steps)


def test_a_baseline_without_a_cost_is_refused() -> None:
    trials = [Trial("a", 1, 3.0, 10, accepted=False), Trial("b", 1, 3.0, 10)]
    for baseline in ("a", "c"):
        with pytest.raises(StatisticsError, match="baseline"):
            cost_ratios(trials, baseline)
    with pytest.raises(StatisticsError, match="negative"):
        front_probability([Trial("a", 1, 3.0, -1)])
