"""Markets with known truth, as interviews would show them: for the alarm's error rates.

A market has pains by tier with a true prevalence, importance and satisfaction, wallets, a true share
who love what was built, a true change of the paying rate and a true coverage of the first pain. An
interview misses some pains, hears some that are not there, and does not come to every topic. The
alarm sees only what the interviews show; `Truth` is kept aside to judge it by.
"""

from dataclasses import dataclass

import numpy as np

from generation.features.alarm.market import Judgement, Market, Relieved, TierAnswers
from insights.statistics.resampling import Floats

TIERS = ("head", "mid", "entry")
MONTHS = 6
KINDS = ("true", "slight", "covered", "unloved", "rising", "no_lead")
NULLS = KINDS[2:]
GOOD = 0.8
"""A named pain is rightly named if its true need is at least this part of the greatest."""
LEAD = 2.0
"""A true case has a first pain whose need is at least this many times the next one's."""
MOST = 1e9


@dataclass(frozen=True)
class World:
    """How the tiers of a market differ: the spread of a share around the pain's own, and how often a
    pain is another one altogether in a tier."""

    spread: float = 0.05
    odd: float = 0.0


ALIKE = World()
WORLDS = {"alike": ALIKE, "apart": World(spread=0.2), "odd": World(odd=0.3)}


@dataclass(frozen=True)
class Truth:
    """`need`: tiers × pains. `uncovered`: by pain. `loved`, `flat`: what holds in this market."""

    kind: str
    need: Floats
    uncovered: tuple[bool, ...]
    loved: bool
    flat: bool

    @property
    def by_pain(self) -> Floats:
        best: Floats = self.need.max(axis=0)
        return best

    @property
    def lead(self) -> float:
        ordered = np.sort(self.by_pain)[::-1]
        return float(ordered[0] / max(ordered[1], 1e-12))

    def right(self, pain: int) -> bool:
        """Whether an alarm that names this pain is right."""
        near = self.by_pain[pain] >= GOOD * self.by_pain.max()
        return bool(near and self.uncovered[pain] and self.loved and self.flat)


def simulate(
    kind: str,
    n: int,
    seed: int,
    *,
    world: World = ALIKE,
    leads: tuple[float, float] = (LEAD, MOST),
) -> tuple[Market, Truth]:
    """One market of a kind, `n` creators interviewed in each tier.

    true: the alarm is right to fire, the first pain leads as many times as `leads` says; slight: as
    true, with a lead below `LEAD`. covered, unloved, rising: one condition is broken, whatever the lead from
    1 / `GOOD`. no_lead: two pains are equally first, both covered, so there is nothing to name.
    """
    generator = np.random.default_rng((seed, n, KINDS.index(kind)))
    pains = int(generator.integers(4, 9))
    needs, shares, money = _truth_of_needs(kind, pains, generator, world, leads)
    first = int(needs.max(axis=0).argmax())
    covered = {first} if kind == "covered" else set()
    if kind == "no_lead":
        covered = {pain for pain in range(pains) if needs.max(axis=0)[pain] >= GOOD * needs.max()}
    truth = Truth(
        kind=kind,
        need=needs,
        uncovered=tuple(pain not in covered for pain in range(pains)),
        loved=kind != "unloved",
        flat=kind != "rising",
    )
    tiers = tuple(
        _interviews(TIERS[row], n, shares[:, row], money[row], generator) for row in range(3)
    )
    loved = generator.uniform(0.25, 0.5) if kind == "unloved" else generator.uniform(0.72, 0.92)
    raters = int(generator.binomial(3 * n, 0.6))
    ratings = (generator.random(raters) < loved).astype(np.float64)
    judges = int(generator.binomial(3 * n, 0.35))
    kept = (generator.random(judges) < loved).astype(np.float64)
    market = Market(
        pains=tuple(range(pains)),
        tiers=tiers,
        ratings=ratings,
        kept=kept,
        paying=_paying(3 * n, kind == "rising", generator),
        relieved=_relieved(tiers, covered, generator),
    )
    return market, truth


def _truth_of_needs(
    kind: str, pains: int, generator: np.random.Generator, world: World, leads: tuple[float, float]
) -> tuple[Floats, Floats, Floats]:
    """True needs (tiers × pains), shares (3 × tiers × pains), median wallets; drawn until of the kind."""
    while True:
        base = generator.uniform([[0.15], [0.3], [0.1]], [[0.7], [0.85], [0.7]], (3, pains))
        star = int(generator.integers(pains))
        base[:, star] = (
            generator.uniform(0.5, 0.9), generator.uniform(0.65, 0.95), generator.uniform(0.05, 0.3),
        )  # fmt: skip
        if kind == "no_lead":
            base[:, (star + 1) % pains] = base[:, star]
        shares = np.clip(
            base[:, None, :] + generator.normal(0, world.spread, (3, 3, pains)), 0.03, 0.97
        )
        if world.odd:
            elsewhere = generator.random((3, pains)) < world.odd
            other = generator.uniform(0.05, 0.95, (3, 3, pains))
            shares = np.where(elsewhere[None], other, shares)
        if kind == "no_lead":
            shares[:, :, (star + 1) % pains] = shares[:, :, star]
        money = np.array([200.0, 70.0, 30.0]) * np.exp(generator.normal(0, 0.3, 3))
        needs = shares[0] * shares[1] * (1 - shares[2]) * money[:, None]
        best = np.sort(needs.max(axis=0))[::-1]
        lead = best[0] / best[1]
        wanted = {
            "true": leads[0] <= lead < leads[1],
            "slight": 1 / GOOD <= lead < LEAD,
            "no_lead": best[0] / best[2] >= 1 / GOOD,
        }
        if wanted.get(kind, lead >= 1 / GOOD):
            return needs, shares, money


def _interviews(
    tier: str, n: int, shares: Floats, money: float, generator: np.random.Generator
) -> TierAnswers:
    """What `n` interviews show: topics not come to, pains missed and misheard, ratings left out."""
    pains = shares.shape[1]
    mood = generator.normal(0, 0.5, (n, 1))  # who complains of one thing complains of more
    odds = np.log(shares / (1 - shares))
    has = generator.random((n, pains)) < 1 / (1 + np.exp(-(odds[0] + mood)))
    heard = np.where(has, generator.random((n, pains)) < 0.92, generator.random((n, pains)) < 0.03)
    came_to = generator.random((n, pains)) < generator.uniform(0.6, 1.0, pains)
    rated = came_to & (generator.random((n, pains)) < 0.85)
    important = generator.random((n, pains)) < shares[1]
    content = generator.random((n, pains)) < shares[2]
    wallet = money * np.exp(generator.normal(0, 0.7, n))
    return TierAnswers(
        tier=tier,
        creators=tuple(range(n)),
        raised=np.where(came_to | heard, heard, np.nan).astype(np.float64),
        important=np.where(rated, important, np.nan).astype(np.float64),
        satisfied=np.where(rated, content, np.nan).astype(np.float64),
        wallet=np.where(generator.random(n) < 0.75, wallet, np.nan),
    )


def _paying(creators: int, rising: bool, generator: np.random.Generator) -> Floats:
    """Months of paying: as many begin as stop, or the rate rises by 15 to 30 points in the window."""
    start = generator.uniform(0.2, 0.5)
    state = generator.random(creators) < start
    leave = generator.uniform(0.01, 0.05)
    gain = generator.uniform(0.15, 0.3) / (MONTHS - 1) if rising else 0.0
    months = [state]
    rate = start
    for _month in range(MONTHS - 1):
        join = (leave * rate + gain) / (1 - rate)
        state = np.where(
            state, generator.random(creators) >= leave, generator.random(creators) < join
        )
        rate += gain
        months.append(state)
    paying = np.column_stack(months).astype(np.float64)
    late = generator.random(creators) < 0.2  # known only from some month on
    since = generator.integers(0, MONTHS - 1, creators)
    paying[late[:, None] & (np.arange(MONTHS) < since[:, None])] = np.nan
    return paying


def _relieved(
    tiers: tuple[TierAnswers, ...], covered: set[int], generator: np.random.Generator
) -> dict[tuple[int, str], Relieved]:
    """Covered: 80 to 95 % of those with the pain keep what they use, 70 to 90 % of it is gone.

    Uncovered pains have a feature in one of three cases, which reaches a few and helps a little.
    """
    found = {}
    for pain in range(tiers[0].raised.shape[1]):
        good = pain in covered
        built = good or generator.random() < 1 / 3
        reach = generator.uniform(0.8, 0.95) if good else generator.uniform(0.05, 0.4)
        depth = generator.uniform(0.7, 0.9) if good else generator.uniform(0.1, 0.5)
        for tier in tiers:
            people = int(np.nansum(tier.raised[:, pain]))
            if not people or not built:
                found[pain, tier.tier] = Relieved(np.zeros(people), np.zeros(0))
                continue
            reached = (generator.random(people) < reach).astype(np.float64)
            answers = int(generator.binomial(int(reached.sum()), 0.7))
            relief = np.clip(generator.normal(depth, 0.2, answers), 0, 1)
            found[pain, tier.tier] = Relieved(reached, relief)
    return found


@dataclass
class Score:
    """How often the alarm fired in markets of one kind, and how often it was wrong to."""

    markets: int = 0
    fired: int = 0
    false: int = 0

    def count(self, judgement: Judgement, truth: Truth) -> None:
        self.markets += 1
        if judgement.fires and judgement.pain is not None:
            self.fired += 1
            self.false += not truth.right(judgement.pain)
