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
from insights.statistics.resampling import Floats

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
    items: list[Hashable]
    first: list[int]
    second: list[int]
    scores: list[float]
    """The first item's: 1 won, ½ tied, 0 lost."""
    sided: list[float]

    def wins(self, weights: Floats) -> Floats:
        """blocks × items × items: how often the row's item beat the column's, a tie half each.

        ``weights``: blocks × votes.
        """
        size = len(self.items)
        scores = np.array(self.scores, dtype=np.float64)
        first = np.array(self.first, dtype=np.int64)
        second = np.array(self.second, dtype=np.int64)
        there, back = first * size + second, second * size + first
        table = np.zeros((len(weights), size * size))
        for row, weight in zip(table, weights, strict=True):
            row += np.bincount(there, weights=weight * scores, minlength=size * size)
            row += np.bincount(back, weights=weight * (1 - scores), minlength=size * size)
        return table.reshape(len(weights), size, size)


def _ballots(votes: Sequence[Vote]) -> _Ballots:
    place: dict[Hashable, int] = {}
    firsts, seconds, scores, sided = [], [], [], []
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
        firsts.append(place.setdefault(first, len(place)))
        seconds.append(place.setdefault(second, len(place)))
        scores.append(float(score))
    return _Ballots(list(place), firsts, seconds, scores, sided)


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
    table[np.ix_(at, at)] = ballots.wins(np.ones((1, len(votes))))[0]
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


def _resampled(votes: int, clusters: Sequence[Hashable] | None, draws: int, seed: int) -> Floats:
    """draws × votes: how often each vote was drawn, whole clusters at a time."""
    generator = np.random.default_rng(seed)
    if clusters is None:
        return generator.multinomial(votes, np.full(votes, 1 / votes), size=draws).astype(float)
    place = {cluster: index for index, cluster in enumerate(dict.fromkeys(clusters))}
    chances = np.full(len(place), 1 / len(place))
    counts = generator.multinomial(len(place), chances, size=draws)
    return counts[:, [place[cluster] for cluster in clusters]].astype(float)


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
    intervals are percentiles of refits, as Chatbot Arena does (Chiang et al. 2024,
    arXiv:2403.04132), centred on the estimate. Raises StatisticsError for votes of another shape,
    an item paired with itself, and an unknown outcome.
    """
    level, tries = share("confidence", confidence), positive("draws", draws)
    method = f"Bradley–Terry, bootstrap, {percent(level)}"
    ballots = _ballots(votes)
    if clusters is not None:
        same_length("votes", votes, "clusters", clusters)
    if not votes:
        return Ranking((), 0, True, None, method)
    wins = ballots.wins(np.ones((1, len(votes))))
    strength = fit(wins)
    size = len(ballots.items)
    refits = []
    block = max(1, 2_000_000 // max(len(votes), size * size))
    weights = _resampled(len(votes), clusters, tries, seed)
    for first in range(0, tries, block):
        tables = ballots.wins(weights[first : first + block])
        refits.append(fit(tables, np.repeat(strength, len(tables), axis=0)))
    return _summarise(ballots, wins[0], strength, np.concatenate(refits), level, method)


def _summarise(
    ballots: _Ballots, wins: Floats, strength: Floats, refits: Floats, level: float, method: str
) -> Ranking:
    tail = (1.0 - level) / 2.0
    low, high = np.quantile(refits, [tail, 1.0 - tail], axis=0)
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
        votes=len(ballots.scores),
        connected=_connected(pairs),
        left=left,
        method=method,
    )
