"""Every interval that a page shows, simulated at 10 to 60 people: how often it holds the truth.

The bench `interval_coverage` prints the same at each size; it asks for 93–97 % over 1,000 studies a
size, which a test has no time for: with this many the share itself is known to one in a hundred.
"""

import numpy as np
import pytest

from bench.interval_coverage import LOW, SIZES, TRIALS, Trial, coverage
from insights.statistics import wilson

STUDIES = 120
KNOWN_TO = 0.01


@pytest.mark.parametrize("trial", TRIALS, ids=lambda trial: trial.name)
def test_an_interval_holds_the_truth_as_often_as_it_says(trial: Trial) -> None:
    found = [coverage(trial, n, STUDIES) for n in trial.sizes]

    assert LOW - KNOWN_TO <= np.mean(found) <= trial.most + KNOWN_TO, dict(
        zip(trial.sizes, found, strict=True)
    )


def test_an_interval_that_is_too_narrow_is_noticed() -> None:
    """The control: the same studies, judged by an interval of 90 %."""

    def narrow(generator: np.random.Generator, n: int) -> list[bool]:
        p = generator.uniform(0.05, 0.95)
        return [p in wilson(int(generator.binomial(n, p)), n, 0.9)]

    assert np.mean([coverage(Trial("narrow", narrow), n, STUDIES) for n in SIZES]) < LOW - KNOWN_TO
