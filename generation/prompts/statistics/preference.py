"""Blind pairwise votes into a ranking: Bradley–Terry by maximum likelihood, with bootstrap.

Not online Elo, whose result depends on the order the votes came in.
"""

from collections.abc import Hashable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from insights.statistics import Estimate, StatisticsError
from insights.statistics import share as share_estimate
from insights.statistics.arguments import positive, same_length, share
from insights.statistics.estimates import percent
from insights.statistics.ranking import first_shares, ranks
from insights.statistics.resampling import Floats, Ints

ELO_PER_LOGIT = 400.0 / np.log(10.0)
_RIDGE = 0.01
"""Precision of the prior on each strength, a standard deviation of 10 logits: nothing beside a
dozen votes, but it keeps who never lost from being infinitely strong."""

Vote = tuple[Hashable, Hashable] | tuple[Hashable, Hashable, float]
OUTCOMES = (0.0, 0.5, 1.0)


@dataclass(frozen=True)
class Ranked:
    """One item's place. ``strength`` in logits around a mean of 0, with its bootstrap interval.

    ``rank`` 1 is the best, ``rank_low`` to ``rank_high`` its interval; ``first`` and ``top_three``
    are the shares of resamples in which it is first, and among the first three. ``votes`` it took
    part in.
    """

    item: Hashable
    strength: float
    low: float
    high: float
    rank: int
    rank_low: int
    rank_high: int
    first: float
    top_three: float
    votes: int

    @property
    def elo(self) -> float:
        """The strength on the scale of Elo, 1000 for the average item."""
        return float(1000.0 + ELO_PER_LOGIT * self.strength)


@dataclass(frozen=True)
class Ranking:
    """Items from the strongest to the weakest.

    ``connected``: whether every item can be compared with every other through a chain of votes; if
    not, strengths of separate groups mean nothing to each other. ``left`` is the share of decided
    votes that the left side won, known where votes name the sides: far from ½ is a bias.
    """

    ranked: tuple[Ranked, ...]
    votes: int
    connected: bool
    left: Estimate | None
    method: str

    def __iter__(self) -> Iterator[Ranked]:
        return iter(self.ranked)

    def __len__(self) -> int:
        return len(self.ranked)

    @property
    def items(self) -> list[Hashable]:
        return [ranked.item for ranked in self.ranked]

    def __getitem__(self, item: Hashable) -> Ranked:
        for ranked in self.ranked:
            if ranked.item == item:
                return ranked
        raise KeyError(item)


@dataclass(frozen=True)
class _Ballots:
    """Votes as kinds (first item, second item, score of the first) and each vote's kind.

    Thousands of votes are a few hundred kinds, so resamples are counts of kinds.
    """

    items: list[Hashable]
    kinds: list[tuple[int, int, float]]
    kind_of: Ints
    sided: list[float]

    def counts(self) -> Floats:
        return np.bincount(self.kind_of, minlength=len(self.kinds)).astype(np.float64)

    def wins(self, counts: Floats) -> Floats:
        """blocks × items × items: how often the row's item beat the column's, a tie half each.

        ``counts``: blocks × kinds.
        """
        size = len(self.items)
        first = np.array([kind[0] for kind in self.kinds], dtype=np.int64)
        second = np.array([kind[1] for kind in self.kinds], dtype=np.int64)
        score = np.array([kind[2] for kind in self.kinds], dtype=np.float64)
        table = np.zeros((len(counts), size, size))
        rows = np.arange(len(counts))[:, None]
        np.add.at(table, (rows, first, second), counts * score)
        np.add.at(table, (rows, second, first), counts * (1.0 - score))
        return table


def _ballots(votes: Sequence[Vote]) -> _Ballots:
    place: dict[Hashable, int] = {}
    kinds: dict[tuple[int, int, float], int] = {}
    kind_of = np.empty(len(votes), dtype=np.int64)
    sided = []
    for index, vote in enumerate(votes):
        if len(vote) not in (2, 3):
            raise StatisticsError(
                "votes",
                f"vote {index} has {len(vote)} fields",
                "pass (winner, loser) or (left, right, 1 | 0.5 | 0)",
            )
        first, second = vote[0], vote[1]
        if first == second:
            raise StatisticsError(
                "votes",
                f"vote {index} pairs {first!r} with itself",
                "leave repeats of one item out",
            )
        score = 1.0
        if len(vote) == 3:
            score = vote[2]
            if score not in OUTCOMES:
                raise StatisticsError(
                    "votes",
                    f"vote {index} has the outcome {score!r}",
                    "pass 1 where the left side won, 0 where the right did, 0.5 for a tie",
                )
            sided.append(float(score))
        kind = (
            place.setdefault(first, len(place)),
            place.setdefault(second, len(place)),
            float(score),
        )
        kind_of[index] = kinds.setdefault(kind, len(kinds))
    return _Ballots(list(place), list(kinds), kind_of, sided)


def wins_of(votes: Sequence[Vote], items: Sequence[Hashable]) -> Floats:
    """items × items: how often the row's item beat the column's, a tie half each.

    Raises StatisticsError for a vote about an item that is not among ``items``.
    """
    ballots = _ballots(votes)
    place = {item: index for index, item in enumerate(items)}
    strangers = [item for item in ballots.items if item not in place]
    if strangers:
        raise StatisticsError("votes", f"{strangers[0]!r} is not among the items", "name it there")
    table = np.zeros((len(items), len(items)))
    at = [place[item] for item in ballots.items]
    table[np.ix_(at, at)] = ballots.wins(ballots.counts()[None])[0]
    return table


def fit(wins: Floats, start: Floats | None = None, ridge: float = _RIDGE) -> Floats:
    """Strengths in logits, mean 0, of each (items × items) table of wins in the stack.

    Newton's method on the log-likelihood of Bradley & Terry (1952), Biometrika 39:324–345, with a
    weak normal prior; concave, so the maximum is the only one.
    """
    size = wins.shape[-1]
    theta = np.zeros(wins.shape[:2]) if start is None else np.array(start, copy=True)
    pairs = wins + np.swapaxes(wins, 1, 2)
    total = wins.sum(axis=2)
    prior = ridge * np.eye(size)
    for _ in range(60):
        gap = np.clip(theta[:, :, None] - theta[:, None, :], -40.0, 40.0)
        chance = 1.0 / (1.0 + np.exp(-gap))
        gradient = total - (pairs * chance).sum(axis=2) - ridge * theta
        information = pairs * chance * (1.0 - chance)
        hessian = prior - information
        diagonal = np.arange(size)
        hessian[:, diagonal, diagonal] += information.sum(axis=2)
        step = np.linalg.solve(hessian, gradient[:, :, None])[:, :, 0]
        # A full step may overshoot where votes are one-sided; two logits at a time never do.
        theta += np.clip(step, -2.0, 2.0)
        if np.abs(step).max(initial=0.0) < 1e-9:
            break
    return theta - theta.mean(axis=1, keepdims=True)


def _connected(pairs: Floats) -> bool:
    reached, edge = {0}, [0]
    while edge:
        for neighbour in np.flatnonzero(pairs[edge.pop()]).tolist():
            if neighbour not in reached:
                reached.add(neighbour)
                edge.append(neighbour)
    return len(reached) == len(pairs)


def _resampled(
    ballots: _Ballots, clusters: Sequence[Hashable] | None, draws: int, seed: int
) -> Floats:
    """draws × kinds: how often each kind of vote was drawn, whole clusters at a time."""
    generator = np.random.default_rng(seed)
    counts = ballots.counts()
    if clusters is None:
        votes = len(ballots.kind_of)
        return generator.multinomial(votes, counts / votes, size=draws).astype(np.float64)
    place = {cluster: index for index, cluster in enumerate(dict.fromkeys(clusters))}
    of_cluster = np.zeros((len(place), len(counts)))
    row = np.array([place[cluster] for cluster in clusters], dtype=np.int64)
    np.add.at(of_cluster, (row, ballots.kind_of), 1.0)
    chances = np.full(len(place), 1 / len(place))
    return generator.multinomial(len(place), chances, size=draws).astype(np.float64) @ of_cluster


def bradley_terry(
    votes: Sequence[Vote],
    clusters: Sequence[Hashable] | None = None,
    confidence: float = 0.95,
    draws: int = 400,
    seed: int = 0,
) -> Ranking:
    """Ranking of the items that blind votes compared, with bootstrap intervals.

    A vote is (winner, loser), or (left, right, outcome) with the outcome 1, 0.5 (tie, half a win
    each) or 0 for the left side. ``clusters`` names each vote's story or rater, so that whole
    stories are resampled; without it votes are. Maximum likelihood as in Bradley & Terry (1952);
    intervals are percentiles of refits, as Chatbot Arena's (Chiang et al. 2024, arXiv:2403.04132),
    corrected for their bias (Efron & Tibshirani 1993, chapter 10). Raises StatisticsError for
    votes of another shape, an item paired with itself, and an unknown outcome.
    """
    level, tries = share("confidence", confidence), positive("draws", draws)
    method = f"Bradley–Terry, bootstrap, {percent(level)}"
    ballots = _ballots(votes)
    if clusters is not None:
        same_length("votes", votes, "clusters", clusters)
    if not votes:
        return Ranking((), 0, True, None, method)
    wins = ballots.wins(ballots.counts()[None])
    strength = fit(wins)
    drawn = _resampled(ballots, clusters, tries, seed)
    block = max(1, 1_000_000 // len(ballots.items) ** 2)
    refits = [
        fit(ballots.wins(counts), np.repeat(strength, len(counts), axis=0))
        for counts in np.split(drawn, range(block, tries, block))
    ]
    return _summarise(ballots, wins[0], strength, np.concatenate(refits), level, method)


def _summarise(
    ballots: _Ballots, wins: Floats, strength: Floats, refits: Floats, level: float, method: str
) -> Ranking:
    tail = (1.0 - level) / 2.0
    # Refits spread the strengths further than the votes did, by as much as the fit spreads them
    # further than the truth: the percentiles are moved back by both.
    bias = refits.mean(axis=0) - strength[0]
    low, high = np.quantile(refits, [tail, 1.0 - tail], axis=0) - 2.0 * bias
    places = ranks(refits)
    best, worst = np.quantile(places, [tail, 1.0 - tail], axis=0, method="inverted_cdf")
    rank = ranks(strength)[0]
    first = first_shares(refits).mean(axis=0)
    top = (places <= 3).mean(axis=0)
    pairs = wins + wins.T
    ranked = [
        Ranked(
            item=item,
            strength=float(strength[0, i]),
            low=float(low[i]),
            high=float(high[i]),
            rank=int(rank[i]),
            rank_low=int(best[i]),
            rank_high=int(worst[i]),
            first=float(first[i]),
            top_three=float(top[i]),
            votes=round(float(pairs[i].sum())),
        )
        for i, item in enumerate(ballots.items)
    ]
    decided = [score for score in ballots.sided if score != 0.5]
    left = share_estimate(decided.count(1.0), len(decided)) if ballots.sided else None
    return Ranking(
        ranked=tuple(sorted(ranked, key=lambda entry: (entry.rank, -entry.strength))),
        votes=len(ballots.kind_of),
        connected=_connected(pairs),
        left=left,
        method=method,
    )
