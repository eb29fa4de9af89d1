"""Whether paying rises: a rise that is shown, or one that matters and cannot be excluded.

With few creators a rise of fifteen points is easily missed, and the alarm would speak although the
product sells better by the month; so what cannot be excluded counts too. With many creators a small
rise is shown for what it is. Levels and size by simulation: docs/adr/0018.
"""

import numpy as np

from generation.features.alarm.firsts import HALF
from insights.statistics import Estimate
from insights.statistics.resampling import Floats

SHOWN = 0.99
"""One-sided level at which a rise is shown."""
MATTERS = 0.15
"""A rise over the window, as a share of the creators known, that nobody may overlook."""
EXCLUDED = 0.90
"""One-sided level at which such a rise is excluded."""
_CELLS = 4_000_000


def shown_to_rise(rise: Estimate) -> bool:
    return rise.low is not None and rise.low > 0


def may_rise(rise: Estimate) -> bool:
    """Whether a rise that matters cannot be excluded."""
    return rise.high is not None and rise.high >= MATTERS


def paying_rise(paying: Floats, draws: int, generator: np.random.Generator) -> Estimate:
    """Change of the paying rate over the window (a share, −1 to 1) by the months' least-squares line.

    Creators are resampled with all their months, because who paid last month pays this month too.
    `low` is the one-sided limit at `SHOWN`, `high` that at `EXCLUDED`. `n` is the creators known in
    the last month.
    """
    method = (
        "least squares over months, Bayesian bootstrap of creators, one-sided limits "
        f"{SHOWN:.0%} below and {EXCLUDED:.0%} above"
    )
    if paying.ndim != 2 or paying.shape[1] < 2 or not paying.shape[0]:
        return Estimate(None, 0, None, None, method, ())
    known = ~np.isnan(paying)
    paid = np.where(known, paying, 0.0)
    months = paying.shape[1]
    if not known.any(axis=0).all():
        return Estimate(None, 0, None, None, method, ())
    centred = np.arange(months) - (months - 1) / 2
    line = centred / (centred**2).sum() * (months - 1)
    value = float((paid.sum(axis=0) / known.sum(axis=0)) @ line)
    # As beside every share: half a creator who begins midway and half a one who stops midway.
    begins = (np.arange(months) >= months / 2).astype(np.float64)
    drawn = []
    block = max(1, _CELLS // max(1, paying.shape[0]))
    for start in range(0, draws, block):
        size = min(block, draws - start)
        weights = generator.standard_exponential((size, paying.shape[0]))
        half = generator.gamma(HALF, size=(2, size, 1))
        above = weights @ paid + half[0] * begins + half[1] * (1 - begins)
        drawn.append(above / (weights @ known + half[0] + half[1]) @ line)
    low, high = np.quantile(np.concatenate(drawn), [1.0 - SHOWN, EXCLUDED])
    n = int(known[:, -1].sum())
    return Estimate(value, n, min(float(low), value), max(float(high), value), method, ())
