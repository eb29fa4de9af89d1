"""Which need is first: creators resampled with all they said, tiers learning from each other.

The resampling is the Bayesian bootstrap (Rubin 1981, Annals of Statistics 9:130–134), with Jeffreys'
half a yes and half a no beside each share, so that five people who agree do not pass for certainty.

Thirty creators of a tier say little by themselves, and what hurts in one tier mostly hurts in the
others. So each share of a tier is drawn towards that pain's share over all tiers, as far as the tiers
are seen to agree: m = 1 / ρ − 1 creators' worth, with ρ the part of the variance that lies between
tiers, by moments over all pains (Kleinman 1973, JASA 68:46–54), and m at most `BORROWED`. Where tiers
differ nothing is borrowed. Only the drawing borrows; the needs that are shown are each tier's own.
"""

from collections.abc import Sequence

import numpy as np

from generation.features.alarm.market import Market, TierAnswers
from insights.statistics.distributions import two_sided_z
from insights.statistics.resampling import Bools, Floats

HALF = 0.5
"""Jeffreys' prior: half a yes and half a no beside every share."""
BORROWED = 30.0
"""So many creators' worth a tier takes from all tiers at most: with more of its own they decide."""
_CELLS = 4_000_000


def wilson_low(p: Floats, n: Floats, confidence: float = 0.95) -> Floats:
    """Wilson's lower limit of shares `p` of `n`, elementwise; 0 where n is 0."""
    z2 = two_sided_z(confidence) ** 2
    size = np.maximum(n, 1e-9)
    half = np.sqrt(z2 * (p * (1 - p) / size + z2 / (4 * size**2)))
    return np.where(n > 0, np.maximum(0.0, (p + z2 / (2 * size) - half) / (1 + z2 / size)), 0.0)


def first_shares(
    market: Market, compared: Bools, draws: int, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """(tiers × pains) shares of resamples in which each has the greatest need, overall and in its tier."""
    tiers, pains = len(market.tiers), len(market.pains)
    overall, within = np.zeros((tiers, pains)), np.zeros((tiers, pains))
    if not tiers or not pains:
        return overall, within
    borrowed = [
        borrowing(answers)
        for answers in (
            [tier.raised for tier in market.tiers],
            [tier.important for tier in market.tiers],
            [tier.satisfied for tier in market.tiers],
        )
    ]
    widest = max(len(tier.creators) for tier in market.tiers)
    block = max(1, min(draws, _CELLS // max(widest, pains * tiers)))
    done = 0
    while done < draws:
        size = min(block, draws - done)
        drawn = np.where(compared, _drawn_needs(market, borrowed, size, generator), 0.0)
        flat = drawn.reshape(size, tiers * pains)
        best = flat.argmax(axis=1)[flat.max(axis=1) > 0]
        overall += np.bincount(best, minlength=tiers * pains).reshape(tiers, pains)
        for place in range(tiers):
            mine = drawn[:, place]
            best = mine.argmax(axis=1)[mine.max(axis=1) > 0]
            within[place] += np.bincount(best, minlength=pains)
        done += size
    return overall / draws, within / draws


def borrowing(answers: Sequence[Floats]) -> float:
    """How many creators' worth a tier takes from all of them, by how alike the tiers answer.

    `answers`: creators × pains of each tier, NaN not asked. 0 where nothing can be compared.
    """
    n = np.stack([(~np.isnan(given)).sum(axis=0) for given in answers]).astype(np.float64)
    yes = np.stack([np.nansum(given, axis=0) for given in answers])
    total = n.sum(axis=0)
    several = (n > 0).sum(axis=0) > 1
    if not several.any():
        return 0.0
    n, yes, total = n[:, several], yes[:, several], total[several]
    pooled = (yes.sum(axis=0) + HALF) / (total + 2 * HALF)
    apart = yes / np.maximum(n, 1e-9) - pooled
    between = float((n * apart**2 / (pooled * (1 - pooled))).sum())
    free = float(((n > 0).sum(axis=0) - 1).sum())
    size = float((total - (n**2).sum(axis=0) / total).sum())
    rho = max(0.0, (between - free) / size)
    return min(BORROWED, max(0.0, 1 / rho - 1)) if rho > 0 else BORROWED


def _drawn_needs(
    market: Market, borrowed: Sequence[float], draws: int, generator: np.random.Generator
) -> Floats:
    """(draws × tiers × pains) needs; 0 where nobody was asked or no wallet is known."""
    parts = [_drawn_answers(tier, draws, generator) for tier in market.tiers]
    common, wish, content = (
        _leaning(
            np.stack([part[0][kind] for part in parts], axis=1),
            np.stack([part[1][kind] for part in parts], axis=1),
            borrowed[kind],
        )
        for kind in range(3)
    )
    purse = np.stack([part[2] for part in parts], axis=1)[:, :, None]
    asked = np.stack([(~np.isnan(tier.raised)).sum(axis=0) for tier in market.tiers])
    return wilson_low(common, asked.astype(np.float64)) * wish * (1.0 - content) * purse


def _leaning(yes: Floats, n: Floats, borrowed: float) -> Floats:
    """Shares of each tier, drawn towards that of all tiers by so many creators' worth."""
    pooled = yes.sum(axis=1, keepdims=True) / n.sum(axis=1, keepdims=True)
    leaning: Floats = (yes + borrowed * pooled) / (n + borrowed)
    return leaning


def _drawn_answers(
    tier: TierAnswers, draws: int, generator: np.random.Generator
) -> tuple[list[Floats], list[Floats], Floats]:
    """Weighted yes and n of raised, important and satisfied (draws × pains), and median wallets."""
    weights = generator.standard_exponential((draws, len(tier.creators)))
    yeses, sizes = [], []
    for answers in (tier.raised, tier.important, tier.satisfied):
        yes, n = _drawn_counts(answers, weights, generator)
        yeses.append(yes)
        sizes.append(n)
    money = ~np.isnan(tier.wallet)
    purse = (
        _drawn_medians(tier.wallet[money], weights[:, money]) if money.any() else np.zeros(draws)
    )
    return yeses, sizes, purse


def _drawn_counts(
    answers: Floats, weights: Floats, generator: np.random.Generator
) -> tuple[Floats, Floats]:
    """(draws × pains) weight of the yes and of all, with Jeffreys' half a yes and half a no."""
    known = ~np.isnan(answers)
    shape = (len(weights), answers.shape[1])
    yes = weights @ np.where(known, answers, 0.0) + generator.gamma(HALF, size=shape)
    no = weights @ np.where(known, 1.0 - answers, 0.0) + generator.gamma(HALF, size=shape)
    return yes, yes + no


def _drawn_medians(values: Floats, weights: Floats) -> Floats:
    """The weighted median of `values` in each draw."""
    order = np.argsort(values, kind="stable")
    running = np.cumsum(weights[:, order], axis=1)
    at = (running >= running[:, -1:] / 2).argmax(axis=1)
    return values[order][at]
