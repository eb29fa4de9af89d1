"""The judgement: is the first pain uncovered, what we built loved, and paying flat?

Creators are resampled with all they said (Bayesian bootstrap: Rubin 1981, Annals of Statistics
9:130–134), with Jeffreys' half a yes and half a no beside each share, so that five people who agree
do not pass for certainty. need(p, t) = Wilson's lower bound of prevalence × share rating it
important × share not satisfied × median wallet. What a false alarm is, and how often this method
gives one: docs/adr/0014.
"""

from collections.abc import Sequence

import numpy as np

from generation.features.alarm.market import (
    NOTHING_YET,
    Gap,
    Judgement,
    Market,
    NeedOf,
    Relieved,
    Thresholds,
    TierAnswers,
)
from insights.statistics import Estimate, median_interval, share
from insights.statistics.distributions import two_sided_z
from insights.statistics.resampling import Bools, Floats

COVERED_LEVEL = 0.95
"""One-sided level at which coverage is shown to be below its threshold."""
RISE_LEVEL = 0.96
"""One-sided level at which paying is shown to rise: chosen by simulation (docs/adr/0014)."""
HALF = 0.5
"""Jeffreys' prior: half a yes and half a no beside every share."""
_CELLS = 4_000_000


def judge(market: Market, thresholds: Thresholds, seed: int = 0) -> Judgement:
    """Judge the market; the same seed gives the same numbers."""
    generator = np.random.default_rng(seed)
    compared = _compared(market, thresholds.minimum_n)
    places, in_tier = _first(market, compared, thresholds.draws, generator)
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
    if rise.low is not None and rise.low > 0:
        return "quiet", "paying_rises"
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


# -- need and who is first ------------------------------------------------------------------------


def wilson_low(p: Floats, n: Floats, confidence: float = 0.95) -> Floats:
    """Wilson's lower limit of shares `p` of `n`, elementwise; 0 where n is 0."""
    z2 = two_sided_z(confidence) ** 2
    size = np.maximum(n, 1e-9)
    half = np.sqrt(z2 * (p * (1 - p) / size + z2 / (4 * size**2)))
    return np.where(n > 0, np.maximum(0.0, (p + z2 / (2 * size) - half) / (1 + z2 / size)), 0.0)


def _first(
    market: Market, compared: Bools, draws: int, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """(tiers × pains) shares of resamples in which each has the greatest need, overall and in its tier."""
    tiers, pains = len(market.tiers), len(market.pains)
    overall, within = np.zeros((tiers, pains)), np.zeros((tiers, pains))
    widest = max((len(tier.creators) for tier in market.tiers), default=1)
    block = max(1, min(draws, _CELLS // max(widest, pains * max(tiers, 1), 1)))
    done = 0
    while pains and tiers and done < draws:
        size = min(block, draws - done)
        drawn = np.stack([_drawn_needs(tier, size, generator) for tier in market.tiers], axis=1)
        drawn = np.where(compared, drawn, 0.0)
        flat = drawn.reshape(size, tiers * pains)
        best = flat.argmax(axis=1)[flat.max(axis=1) > 0]
        overall += np.bincount(best, minlength=tiers * pains).reshape(tiers, pains)
        for place in range(tiers):
            mine = drawn[:, place]
            best = mine.argmax(axis=1)[mine.max(axis=1) > 0]
            within[place] += np.bincount(best, minlength=pains)
        done += size
    return overall / draws, within / draws


def _drawn_needs(tier: TierAnswers, draws: int, generator: np.random.Generator) -> Floats:
    """(draws × pains) needs of one tier; 0 where nobody was asked or no wallet is known."""
    creators, pains = tier.raised.shape
    money = ~np.isnan(tier.wallet)
    if not creators or not money.any():
        return np.zeros((draws, pains))
    weights = generator.standard_exponential((draws, creators))
    asked = (~np.isnan(tier.raised)).sum(axis=0).astype(np.float64)
    common = _drawn_shares(tier.raised, weights, generator)
    wish = _drawn_shares(tier.important, weights, generator)
    content = _drawn_shares(tier.satisfied, weights, generator)
    purse = _drawn_medians(tier.wallet[money], weights[:, money])
    return wilson_low(common, asked) * wish * (1.0 - content) * purse[:, None]


def _drawn_shares(answers: Floats, weights: Floats, generator: np.random.Generator) -> Floats:
    """(draws × pains) shares of yes among those asked, with Jeffreys' half a yes and half a no."""
    known = ~np.isnan(answers)
    shape = (len(weights), answers.shape[1])
    yes = weights @ np.where(known, answers, 0.0) + generator.gamma(HALF, size=shape)
    no = weights @ np.where(known, 1.0 - answers, 0.0) + generator.gamma(HALF, size=shape)
    return yes / (yes + no)


def _drawn_medians(values: Floats, weights: Floats) -> Floats:
    """The weighted median of `values` in each draw."""
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[:, order], axis=1)
    at = (running >= running[:, -1:] / 2).argmax(axis=1)
    return values[order][at]


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


# -- is paying flat? ------------------------------------------------------------------------------


def paying_rise(paying: Floats, draws: int, generator: np.random.Generator) -> Estimate:
    """Change of the paying rate over the window (a share, −1 to 1) by the months' least-squares line.

    Creators are resampled with all their months, because who paid last month pays this month too.
    `low` and `high` are one-sided limits at `RISE_LEVEL`; paying rises if `low` is above 0. `n` is
    the creators known in the last month.
    """
    method = (
        f"least squares over months, Bayesian bootstrap of creators, {RISE_LEVEL:.0%} one-sided"
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
    low, high = np.quantile(np.concatenate(drawn), [1.0 - RISE_LEVEL, RISE_LEVEL])
    n = int(known[:, -1].sum())
    return Estimate(value, n, min(float(low), value), max(float(high), value), method, ())


def _rates(paying: Floats) -> tuple[tuple[int, int], ...]:
    """(payers, known) of each month."""
    if paying.ndim != 2:
        return ()
    known = ~np.isnan(paying)
    return tuple(
        (int(paid), int(n))
        for paid, n in zip(np.nansum(paying, axis=0), known.sum(axis=0), strict=True)
    )
