"""Similar names are found without comparing each with each, and none is missed."""

import random

import pytest

from crm.near_names import near_pairs, similarity, trigrams


def compared(names: dict[int, str], least: float) -> set[tuple[int, int]]:
    """Every pair, looked at one by one."""
    grams = {key: trigrams(name) for key, name in names.items()}
    return {
        (a, b) for a in grams for b in grams
        if a < b and similarity(grams[a], grams[b]) >= least
    }  # fmt: skip


def test_similarity_is_that_of_the_published_example() -> None:
    """`similarity('word', 'two words')` of the documentation has the parts word and words."""
    assert similarity(trigrams("word"), trigrams("words")) == pytest.approx(4 / 7)
    assert similarity(trigrams(""), trigrams("墨白")) == 0.0


@pytest.mark.parametrize("least", [0.3, 0.5, 0.8, 1.0])
def test_no_pair_is_missed_and_none_invented(least: float) -> None:
    draw = random.Random(7)
    names = {n: "".join(draw.choices("云山风月墨白a1", k=draw.randint(1, 6))) for n in range(300)}

    assert set(near_pairs(names, least=least, most=10**6)) == compared(names, least)


def test_of_many_the_most_similar_are_kept() -> None:
    names = {1: "半糖栗子", 2: "半糖栗子号", 3: "半糖梨子号", 4: "云朵加班中"}

    assert near_pairs(names, least=0.2, most=1) == [(1, 2)]
