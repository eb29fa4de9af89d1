"""The judgement: is the first pain uncovered, what we built loved, and paying flat?

need(p, t) = Wilson's lower bound of prevalence × share rating it important × share not satisfied ×
median wallet. Which need is first is drawn in `firsts`, whether paying rises in `rising`. What a
false alarm is, and how often this method gives one: docs/adr/0014 and 0018.
"""

from collections.abc import Sequence

import numpy as np

from generation.features.alarm.firsts import HALF, first_shares
from generation.features.alarm.market import (
    NOTHING_YET,
    Gap,
    Judgement,
    Market,
    NeedOf,
    Relieved,
    Thresholds,
)
from generation.features.alarm.rising import may_rise, paying_rise, shown_to_rise
from insights.statistics import Estimate, median_interval, share
from insights.statistics.resampling import Bools, Floats

COVERED_LEVEL = 0.95
"""One-sided level at which coverage is shown to be below its threshold."""


def judge(market: Market, thresholds: Thresholds, seed: int = 0) -> Judgement:
    """Judge the market; the same seed gives the same numbers."""
    generator = np.random.default_rng(seed)
    compared = _compared(market, thresholds.minimum_n)
    places, in_tier = first_shares(market, compared, thresholds.draws, generator)
    needs = _needs(market, places, in_tier)
    by_pain = places.sum(axis=0)
    leading = int(by_pain.argmax()) if by_pain.size and by_pain.max() > 0 else None
    where = int(places[:, leading].argmax()) if leading is not None else None
    pain = market.pains[leading] if leading is not None else None
    tier = market.tiers[where].tier if where is not None else None
    rating, kept = _share_of(market.ratings), _share_of(market.kept)
    rise = paying_rise(market.paying, thresholds.draws, generator)
    covered = None
    if pain is not None and tier is not None:
        evidence = market.relieved.get((pain, tier), NOTHING_YET)
        covered = coverage(evidence, thresholds.draws, generator)
    chance = float(by_pain[leading]) if leading is not None else None
    gaps = _gaps(market, compared, thresholds, where, leading)
    state, reason = _decide(thresholds, chance, covered, rating, kept, rise, gaps)
    return Judgement(
        state=state,
        reason=reason,
        pain=pain,
        tier=tier,
        probability=chance,
        needs=needs,
        coverage=covered,
        rating=rating,
        kept=kept,
        rise=rise,
        rates=_rates(market.paying),
        gaps=gaps,
    )


def _decide(
    limits: Thresholds,
    chance: float | None,
    covered: Estimate | None,
    rating: Estimate,
    kept: Estimate,
    rise: Estimate,
    gaps: Sequence[Gap],
) -> tuple[str, str]:
    """State and reason; the first condition that fails names itself."""
    if gaps or chance is None or covered is None:
        return "not_enough_data", gaps[0].code if gaps else "nothing_asked"
    if chance < limits.rank:
        return "quiet", "no_first_pain"
    if covered.high is None or covered.high >= limits.coverage:
        return "quiet", "covered"
    if not loved(rating, kept, limits):
        return "quiet", "not_loved"
    if shown_to_rise(rise):
        return "quiet", "paying_rises"
    if may_rise(rise):
        return "quiet", "paying_may_rise"
    return "fires", "first_pain_uncovered"


def loved(rating: Estimate, kept: Estimate, limits: Thresholds) -> bool:
    """One of the two is shown to be good, and neither is shown to be bad."""
    parts = [part for part in (rating, kept) if part.n >= limits.minimum_n]
    shown = any(part.low is not None and part.low >= limits.loved for part in parts)
    spoiled = any(part.high is not None and part.high < limits.loved for part in parts)
    return shown and not spoiled


def _compared(market: Market, minimum_n: int) -> Bools:
    """(tiers × pains): whether enough were asked for the pain to be compared in that tier.

    A pain that one person was asked about may be anything; many of those would share out the
    probability of being first until no alarm could ever fire.
    """
    rows = [(~np.isnan(tier.raised)).sum(axis=0) >= minimum_n for tier in market.tiers]
    return np.array(rows, dtype=np.bool_).reshape(len(market.tiers), len(market.pains))


def _gaps(
    market: Market,
    compared: Bools,
    limits: Thresholds,
    where: int | None,
    leading: int | None,
) -> tuple[Gap, ...]:
    several = int(compared.any(axis=0).sum())
    if several < 2:
        asked = max(
            (int((~np.isnan(tier.raised)).sum(axis=0).max(initial=0)) for tier in market.tiers),
            default=0,
        )
        short = Gap("asked", asked, limits.minimum_n)
        return (short,) if asked < limits.minimum_n else (Gap("pains_compared", several, 2),)
    if where is None or leading is None:
        return (Gap("wallets", 0, 1),)
    found = []
    tier = market.tiers[where]
    rated = ~np.isnan(tier.important[:, leading]) & ~np.isnan(tier.satisfied[:, leading])
    if rated.sum() < limits.minimum_n:
        found.append(Gap("ratings", int(rated.sum()), limits.minimum_n))
    verdicts = max(market.ratings.size, market.kept.size)
    if verdicts < limits.minimum_n:
        found.append(Gap("verdicts", verdicts, limits.minimum_n))
    months = market.paying.shape[1] if market.paying.ndim == 2 else 0
    if months < 3:
        found.append(Gap("months", months, 3))
    elif market.paying.shape[0] < limits.minimum_n:
        found.append(Gap("known", market.paying.shape[0], limits.minimum_n))
    return tuple(found)


def _share_of(verdicts: Floats) -> Estimate:
    return share(int(verdicts.sum()), int(verdicts.size))


# -- need ----------------------------------------------------------------------------------------


def _needs(market: Market, places: Floats, in_tier: Floats) -> tuple[NeedOf, ...]:
    found = []
    for row, tier in enumerate(market.tiers):
        wallet = median_interval(tier.wallet[~np.isnan(tier.wallet)].tolist())
        for column, pain in enumerate(market.pains):
            common = _column(tier.raised, column)
            wish, content = _column(tier.important, column), _column(tier.satisfied, column)
            known = (common.low, wish.value, content.value, wallet.value)
            value = None
            if all(part is not None for part in known):
                low, important, satisfied, purse = (float(part or 0.0) for part in known)
                value = low * important * (1.0 - satisfied) * purse
            found.append(
                NeedOf(
                    pain=pain,
                    tier=tier.tier,
                    prevalence=common,
                    important=wish,
                    satisfied=content,
                    wallet=wallet,
                    value=value,
                    first=float(places[row, column]),
                    first_in_tier=float(in_tier[row, column]),
                )
            )
    return tuple(found)


def _column(answers: Floats, column: int) -> Estimate:
    given = answers[:, column]
    given = given[~np.isnan(given)]
    return share(int(given.sum()), int(given.size))


# -- coverage -------------------------------------------------------------------------------------


def coverage(evidence: Relieved, draws: int, generator: np.random.Generator) -> Estimate:
    """How much of the pain is gone in the tier, 0 to 1: whom it reached × how much it helped them.

    `n` is the creators who have the pain. Without anybody relieved it is 0: what is merely built
    counts nothing. `low` and `high` are one-sided limits at `COVERED_LEVEL`.
    """
    method = f"reach × relief, Bayesian bootstrap, {COVERED_LEVEL:.0%} one-sided"
    n = int(evidence.reached.size)
    if n == 0:
        return Estimate(0.0, 0, 0.0, 1.0, method, evidence.rows)
    reached = float(evidence.reached.mean())
    helped = float(evidence.relief.mean()) if evidence.relief.size else 0.0
    reach = _drawn_mean(evidence.reached, draws, generator, ones=HALF, zeros=HALF)
    # Sceptical: beside the answers stands one creator for whom nothing is gone.
    depth = _drawn_mean(evidence.relief, draws, generator, ones=0.0, zeros=1.0)
    low, high = np.quantile(reach * depth, [1.0 - COVERED_LEVEL, COVERED_LEVEL])
    value = reached * helped
    return Estimate(
        value, n, min(float(low), value), max(float(high), value), method, evidence.rows
    )


def _drawn_mean(
    values: Floats, draws: int, generator: np.random.Generator, *, ones: float, zeros: float
) -> Floats:
    """Means of the resampled values beside `ones` and `zeros` pseudo-creators."""
    weights = generator.standard_exponential((draws, values.size))
    above = generator.gamma(ones, size=draws) if ones else np.zeros(draws)
    below = generator.gamma(zeros, size=draws)
    mean: Floats = (weights @ values + above) / (weights.sum(axis=1) + above + below)
    return mean


def _rates(paying: Floats) -> tuple[tuple[int, int], ...]:
    """(payers, known) of each month."""
    if paying.ndim != 2:
        return ()
    known = ~np.isnan(paying)
    return tuple(
        (int(paid), int(n))
        for paid, n in zip(np.nansum(paying, axis=0), known.sum(axis=0), strict=True)
    )
