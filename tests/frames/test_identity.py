"""ViStoryBench's formulas, against values that are worked out by hand, and the matching."""

from __future__ import annotations

import random
from itertools import permutations

import numpy as np
import pytest

from generation.frames.identity import (
    assignment,
    cids_cross,
    cids_self,
    copy_paste,
    likeness,
    matched,
    occm,
)


def test_occm_is_as_published_for_missing_people() -> None:
    assert occm([(2, 1)]) == pytest.approx(60.653, abs=0.01)  # 100·e^-0.5
    assert occm([(1, 0)]) == pytest.approx(36.788, abs=0.01)  # 100·e^-1
    assert occm([(3, 3), (0, 5)]) == pytest.approx(100)  # a shot without people is left out
    assert occm([(0, 0)]) is None


def test_self_is_the_mean_over_pairs_and_one_for_a_single_crop() -> None:
    assert cids_self([[3, 4]]) == 1.0
    assert cids_self([]) == 0.0
    assert cids_self([[1, 0], [0, 2]]) == pytest.approx(0.0)
    assert cids_self([[1, 0], [1, 1], [0, 1]]) == pytest.approx((2**-0.5 + 0 + 2**-0.5) / 3)


def test_cross_is_the_mean_over_crops_and_references_and_zero_where_nobody_was_found() -> None:
    assert cids_cross([[2, 0]], [[1, 0], [0, 1]]) == pytest.approx(0.5)
    assert cids_cross([], [[1, 0]]) == 0.0


def test_a_pasted_reference_scores_towards_one() -> None:
    assert copy_paste([[1, 0]], [1, 0], [0, 1]) > 0.999
    assert copy_paste([[1, 1]], [1, 0], [0, 1]) == pytest.approx(0.5)


def test_the_assignment_is_the_cheapest_of_all() -> None:
    rng = random.Random(8)
    for _ in range(120):
        rows, columns = rng.randint(1, 5), rng.randint(1, 5)
        cost = np.array([[rng.uniform(-1, 1) for _ in range(columns)] for _ in range(rows)])
        found = assignment(cost)
        few = min(rows, columns)
        assert len(found) == few
        wide = cost if rows <= columns else cost.T
        best = min(
            sum(wide[r, c] for r, c in enumerate(order))
            for order in permutations(range(wide.shape[1]), few)
        )
        assert sum(cost[r, c] for r, c in found) == pytest.approx(best)


def test_crops_are_given_to_whom_they_resemble_and_not_by_their_order() -> None:
    references = {"a": [[1, 0.1]], "b": [[0.1, 1]]}
    assert matched([[0, 1], [1, 0]], references) == {"a": 1, "b": 0}
    assert matched([[0, 1]], references) == {"b": 0}
    assert matched([], references) == {}


def test_a_story_counts_a_character_that_was_never_found_as_nothing() -> None:
    told = likeness("hist@1", {"a": [[1, 0], [1, 0]]}, {"a": [[1, 0]], "b": [[0, 1]]}, [(2, 1)])
    assert told is not None
    assert (told.evaluator, told.cross, told.self_, told.n) == ("hist@1", 0.5, 0.5, 2)
    assert likeness("hist@1", {}, {}, []) is None
