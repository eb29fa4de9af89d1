"""The bootstrap's common parts: seeded multiplicities and percentile limits.

Efron & Tibshirani, An Introduction to the Bootstrap (1993). A resample is a row of counts, how
often each unit was drawn, so that a statistic of all resamples is a matrix product.
"""

import math
from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt

from insights.statistics.distributions import normal_cdf, two_sided_t

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]

_CELLS = 4_000_000
"""At most this many numbers in one block, so that memory does not grow with the draws."""


def multiplicities(units: int, draws: int, seed: int, width: int = 1) -> Iterator[Floats]:
    """Blocks of (draws × units) counts; each row sums to ``units``. ``width``: cells a draw needs.

    The same seed gives the same counts whatever the block size, because each draw takes its numbers
    from the generator in turn.
    """
    generator = np.random.default_rng(seed)
    block = max(1, _CELLS // max(units, width, 1))
    for start in range(0, draws, block):
        size = min(block, draws - start)
        # Counting uniform draws is the multinomial law, several times faster than its sampler.
        drawn = generator.integers(0, units, size=(size, units))
        drawn += np.arange(size)[:, None] * units
        counts = np.bincount(drawn.ravel(), minlength=size * units)
        yield counts.reshape(size, units).astype(np.float64)


def bootstrap(
    units: int,
    draws: int,
    seed: int,
    statistic: Callable[[Floats], Floats],
    width: int = 1,
) -> Floats:
    """``statistic`` of every resample; it maps (block × units) counts to one row for each draw."""
    return np.concatenate([statistic(block) for block in multiplicities(units, draws, seed, width)])


def percentile_limits(
    values: Floats, confidence: float, units: int | None = None
) -> tuple[float, float] | None:
    """Percentile limits of the defined values; None where fewer than half are defined.

    With ``units``, the number resampled, limits are widened as Student's t is wider than the
    normal: Hesterberg (2015), The American Statistician 69:371–386, "expanded percentile". Plain
    percentiles of 20 units cover 90 % where they say 95 %.
    """
    good = values[~np.isnan(values)]
    if 2 * good.size < values.size or good.size == 0 or units == 1:
        return None
    tail = (1.0 - confidence) / 2.0
    if units is not None:
        tail = normal_cdf(-math.sqrt(units / (units - 1)) * two_sided_t(confidence, units - 1))
    low, high = np.quantile(good, [tail, 1.0 - tail])
    return float(low), float(high)
