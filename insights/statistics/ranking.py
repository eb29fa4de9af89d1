"""Ranks of pains with doubt: the bootstrap over creators.

A pain that is first by half a creator is not first. Creators are drawn again with replacement, the
pains ranked each time, and the share of draws in which a pain comes first is its probability.
"""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from insights.statistics import arguments
from insights.statistics.errors import StatisticsError
from insights.statistics.resampling import Bools, Floats, Ints, bootstrap

Score = Callable[[Floats], Floats]
"""Maps (draws × creators) counts, how often each was drawn, to (draws × pains) scores, NaN where a
pain has none."""


@dataclass(frozen=True)
class PainRank:
    """One pain's place. ``index`` is its column, ``n`` the creators asked.

    ``rank`` is 1 for the highest score, shared by ties (1, 2, 2, 4). ``low`` and ``high`` bound the
    rank over the resamples; ``first`` is the probability of being first, where pains that tie for
    first in a resample share it equally, so that all pains' sum is 1. A pain that nobody was asked
    about has no score and no rank.
    """

    index: int
    score: float | None
    n: int
    rank: int | None
    low: int | None
    high: int | None
    first: float


def ranks(scores: Floats) -> Ints:
    """Competition ranks of each row, 1 for the highest; NaN ranks after every number."""
    comparable = np.where(np.isnan(scores), -np.inf, scores)
    order = np.argsort(-comparable, axis=1, kind="stable")
    ordered = np.take_along_axis(comparable, order, axis=1)
    places = np.broadcast_to(np.arange(scores.shape[1]), scores.shape)
    starts = np.ones(scores.shape, dtype=np.bool_)
    starts[:, 1:] = ordered[:, 1:] != ordered[:, :-1]
    group = np.maximum.accumulate(np.where(starts, places, 0), axis=1)
    result = np.empty(scores.shape, dtype=np.int64)
    np.put_along_axis(result, order, group + 1, axis=1)
    return result


def first_shares(scores: Floats) -> Floats:
    """For each row, 1 shared equally among the highest scores; a row of NaN alone gives none."""
    comparable = np.where(np.isnan(scores), -np.inf, scores)
    best = comparable.max(axis=1, keepdims=True)
    first = (comparable == best) & np.isfinite(best)
    return first / np.maximum(first.sum(axis=1, keepdims=True), 1)


def shrunk(drawn: Floats, observed: Floats) -> Floats:
    """Resampled scores drawn towards the mean of all pains as far as chance explains their spread.

    The highest of many scores is high in part by luck, so where pains hardly differ the plain
    bootstrap is too sure of the first one. With v a pain's variance over the resamples and t the
    variance of the scores beyond the mean v, B = t/(t + v), the observed score moves to
    mean + B·(score − mean) and its deviations shrink by √B, which is the posterior of the normal
    model: Efron & Morris (1975), JASA 70:311–319. If t = 0 all pains tie.
    """
    known = ~np.isnan(observed)
    if known.sum() < 3:
        return drawn
    noise = np.nanvar(drawn[:, known], axis=0)
    centre = float(observed[known].mean())
    spread = max(0.0, float(observed[known].var(ddof=1)) - float(noise.mean()))
    with np.errstate(divide="ignore", invalid="ignore"):
        keep = np.where(noise > 0, spread / (spread + noise), 1.0 if spread > 0 else 0.0)
    result = drawn.copy()
    result[:, known] = (
        centre
        + keep * (observed[known] - centre)
        + np.sqrt(keep) * (drawn[:, known] - observed[known])
    )
    return result


def rank_bootstrap_of(
    score: Score,
    creators: int,
    asked: Sequence[int],
    confidence: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
    shrink: bool = False,
) -> tuple[PainRank, ...]:
    """Ranks by any score that can be recomputed from how often each creator was drawn.

    ``asked``: creators asked about each pain, for display and to leave out pains with none. See
    ``rank_bootstrap`` for the rest.
    """
    units = arguments.count("creators", creators)
    level, tries = (
        arguments.share("confidence", confidence),
        arguments.positive("draws", draws),
    )
    known = np.array([arguments.count("asked", n) > 0 for n in asked], dtype=np.bool_)
    if units == 0 or not known.any():
        return tuple(PainRank(i, None, int(n), None, None, None, 0.0) for i, n in enumerate(asked))
    observed = _scores(score, np.ones((1, units)), known)
    rank = ranks(observed)[0]
    drawn = bootstrap(
        units, tries, seed, lambda counts: _scores(score, counts, known), width=4 * len(known)
    )
    first = first_shares(shrunk(drawn, observed[0]) if shrink else drawn).mean(axis=0)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(ranks(drawn), [tail, 1.0 - tail], axis=0, method="inverted_cdf")
    return tuple(
        PainRank(
            index=i,
            score=float(observed[0, i]),
            n=int(asked[i]),
            rank=int(rank[i]),
            low=int(low[i]),
            high=int(high[i]),
            first=float(first[i]),
        )
        if known[i] and not np.isnan(observed[0, i])
        else PainRank(i, None, int(asked[i]), None, None, None, 0.0)
        for i in range(len(known))
    )


def _scores(score: Score, counts: Floats, known: Bools) -> Floats:
    # Rounded because weights make equal scores differ in the last bit, which would break ties.
    return np.where(known, np.round(score(counts), 12), np.nan)


def mean_score(
    values: Floats, weights: Floats | None = None, factors: Floats | None = None
) -> Score:
    """The mean of each pain over the creators asked, weighted, times the pain's factor.

    ``values``: creators × pains, NaN where not asked.
    """
    asked = ~np.isnan(values)
    per_creator = np.ones(len(values)) if weights is None else weights
    heard = np.where(asked, values, 0.0) * per_creator[:, None]
    weight = asked * per_creator[:, None]

    def score(counts: Floats) -> Floats:
        total = counts @ weight
        with np.errstate(divide="ignore", invalid="ignore"):
            mean = np.where(total > 0, (counts @ heard) / total, np.nan)
        return mean if factors is None else mean * factors

    return score


def rank_bootstrap(
    matrix: Sequence[Sequence[float | None]],
    weights: Sequence[float] | None = None,
    factors: Sequence[float] | None = None,
    confidence: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
    shrink: bool = False,
) -> tuple[PainRank, ...]:
    """Rank, rank interval and probability of being first of each pain, in the columns' order.

    ``matrix``: creators × pains; a cell is what the creator said (1 raised, 0 not raised, or a
    severity), None where not asked. A pain's score is the mean over those asked: its prevalence, if
    cells are 0 and 1. ``weights`` weigh creators (say, a tier's size in the market over its size in
    the sample), ``factors`` multiply pains (say, a wallet). The bootstrap resamples creators whole,
    so what one person says of several pains stays together: Efron & Tibshirani (1993); for ranks
    Goldstein & Spiegelhalter (1996), JRSS A 159:385–443. In a resample in which nobody asked about
    a pain was drawn, that pain ranks last. ``shrink`` gives probabilities of being first that hold
    also where pains hardly differ (see ``shrunk``); the default is the plain share of resamples.
    The same seed gives the same numbers. Raises StatisticsError for rows of unequal length, cells
    that are not finite, and negative weights.
    """
    values = _matrix(matrix)
    creators, pains = values.shape
    by_creator = _weights("weights", weights, creators)
    by_pain = _weights("factors", factors, pains)
    asked = (~np.isnan(values)).sum(axis=0)
    score = mean_score(values, by_creator, by_pain)
    return rank_bootstrap_of(score, creators, asked.tolist(), confidence, draws, seed, shrink)


def _matrix(matrix: Sequence[Sequence[float | None]]) -> Floats:
    widths = {len(row) for row in matrix}
    if len(widths) > 1:
        raise StatisticsError(
            "matrix",
            f"rows have {min(widths)} to {max(widths)} cells",
            "pass creators × pains, None where not asked",
        )
    values = np.array(list(_cells(matrix)), dtype=np.float64)
    return values.reshape(len(matrix), widths.pop() if widths else 0)


def _cells(matrix: Sequence[Sequence[float | None]]) -> Iterator[float]:
    for i, row in enumerate(matrix):
        for j, cell in enumerate(row):
            missing = cell is None or cell != cell
            yield (float("nan") if missing else arguments.finite("matrix", cell or 0, (i, j)))


def _weights(argument: str, values: Sequence[float] | None, length: int) -> Floats | None:
    if values is None:
        return None
    if len(values) != length:
        raise StatisticsError(
            argument, f"has {len(values)} values for {length}", "pass one for each"
        )
    return np.array([arguments.amount(argument, value, i) for i, value in enumerate(values)])


def prevalence_ranks(
    matrix: Sequence[Sequence[float | None]],
    confidence: float = 0.95,
    draws: int = 2000,
    seed: int = 0,
) -> tuple[PainRank, ...]:
    """Ranks of pains by prevalence, calibrated also where some pains were asked of a few only.

    ``matrix`` as in ``rank_bootstrap``, of 0 and 1. Two of two who raised a pain must not beat
    thirty of forty: every pain starts from the same prior, Beta(a, b), fitted to the spread of all
    pains (beta-binomial empirical Bayes, Efron & Morris 1975), and creators are weighed by the
    Bayesian bootstrap (Rubin 1981, Annals of Statistics 9:130–134), whose weights make each
    pain's prevalence Beta(a + raised, b + not raised) and keep together what one person says of
    several pains. ``score`` and ``rank`` are of that posterior's mean, ``low``, ``high`` and
    ``first`` of its draws.
    """
    return prevalence_ranks_of(_matrix(matrix), confidence, draws, seed)


def prevalence_ranks_of(
    values: Floats, confidence: float = 0.95, draws: int = 2000, seed: int = 0
) -> tuple[PainRank, ...]:
    """``prevalence_ranks`` of an array, NaN where not asked."""
    creators, pains = values.shape
    level, tries = (
        arguments.share("confidence", confidence),
        arguments.positive("draws", draws),
    )
    asked = ~np.isnan(values)
    n: Ints = asked.sum(axis=0)
    known: Bools = n > 0
    if not known.any():
        return tuple(PainRank(i, None, int(n[i]), None, None, None, 0.0) for i in range(pains))
    hits = np.where(asked, values, 0.0)
    a, b = _beta_prior(hits.sum(axis=0)[known], n[known])
    observed = np.where(known, (hits.sum(axis=0) + a) / (n + a + b), np.nan)
    generator = np.random.default_rng(seed)
    weights = generator.standard_exponential((tries, creators))
    plus = generator.standard_gamma(a, (tries, pains))
    minus = generator.standard_gamma(b, (tries, pains))
    among = weights @ asked.astype(np.float64)
    drawn: Floats = np.where(known, (weights @ hits + plus) / (among + plus + minus), np.nan)
    first = first_shares(drawn).mean(axis=0)
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(ranks(drawn), [tail, 1.0 - tail], axis=0, method="inverted_cdf")
    place = ranks(np.round(observed, 12).astype(np.float64)[None, :])[0]
    return tuple(
        PainRank(
            i, float(observed[i]), int(n[i]), int(place[i]), int(low[i]), int(high[i]),
            float(first[i]),
        )
        if known[i]
        else PainRank(i, None, int(n[i]), None, None, None, 0.0)
        for i in range(pains)
    )  # fmt: skip


STRENGTH = (1.0, 60.0)
"""Least and most creators that the prior counts for: a few pains say little of their spread."""


def _beta_prior(hits: Floats, n: Ints) -> tuple[float, float]:
    """Beta(a, b) by moments: the pooled share, and the spread of shares beyond the binomial one.

    Kleinman (1973), JASA 68:46–54. Half a creator is added to both sides, so that neither is 0.
    """
    mean = float((hits.sum() + 0.5) / (n.sum() + 1.0))
    least, most = STRENGTH
    if len(n) < 3:
        return 2 * least * mean, 2 * least * (1 - mean)
    weight = n / n.sum()
    apart = float((weight * (hits / n - mean) ** 2).sum())
    base = mean * (1 - mean)
    chance = float((weight * (1 - weight) / n).sum()) * base
    room = float((weight * (1 - weight) * (1 - 1 / n)).sum()) * base
    inside = (apart - chance) / room if room > 0 else 0.0
    strength = most if inside <= 1 / (1 + most) else max(least, 1 / inside - 1)
    return strength * mean, strength * (1 - mean)
