"""How far AI has come in a step of work, and where what it makes is no longer good enough.

People who use more AI in a step are compared with those who use less by the quality that they
accept, rated 1 to 5. Ratings are ordered and not numbers, so the comparison is by the probability
of superiority: that somebody drawn from those who use more accepts at least as good a quality as
somebody drawn from the others, ties halved (Mann & Whitney 1947).
"""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from insights.statistics import arguments
from insights.statistics.distributions import two_sided_z
from insights.statistics.errors import StatisticsError
from insights.statistics.estimates import PUBLISHABLE_N, Estimate, no_data, percent
from insights.statistics.proportions import share

LEVELS = ("none", "assist", "automatic")
"""How much of a step AI does, from nothing to all of it."""
Level = Literal["none", "assist", "automatic"]
SMALL_FALL = 0.36
"""A probability of superiority that is still a small fall: normal ratings half a standard deviation
apart (Cohen's medium effect) have Φ(−0.5/√2) = 0.362."""
Verdict = Literal["falls", "holds", "unclear"]


def superiority(
    more: Sequence[int],
    less: Sequence[int],
    confidence: float = 0.95,
    rows: Iterable[int] = (),
) -> Estimate:
    """P(rating of `more` > rating of `less`) + ½ P(equal), ½ where the two do not differ.

    The interval solves the score equation with Hanley and McNeil's variance, its two group sizes
    levelled: Newcombe (2006), Statistics in Medicine 25:559–573, method 5; the variance is taken
    times 1 − Σ(t³ − t)/(N³ − N) for the ties of a five-step scale. `n` is the smaller group's size. Raises
    StatisticsError for ratings outside 1 to 5.
    """
    level = arguments.share("confidence", confidence)
    method = f"probability of superiority, Newcombe 2006 method 5, {percent(level)}"
    high = [arguments.rating("more", value, index) for index, value in enumerate(more)]
    low = [arguments.rating("less", value, index) for index, value in enumerate(less)]
    if not high or not low:
        return no_data(method, rows)
    scale = range(1, 6)
    wins = sum(
        high.count(a) * low.count(b) * ((a > b) + 0.5 * (a == b)) for a in scale for b in scale
    )
    theta = wins / (len(high) * len(low))
    limits = _limits(theta, len(high), len(low), _untied(high + low), two_sided_z(level))
    return Estimate(theta, min(len(high), len(low)), *limits, method, tuple(rows))


def _untied(ratings: Sequence[int]) -> float:
    n = len(ratings)
    ties = sum(count**3 - count for count in (ratings.count(value) for value in range(1, 6)))
    # All the same rating: nothing is known of the spread, so nothing is taken off.
    return 1.0 - ties / (n**3 - n) if 0 < ties < n**3 - n else 1.0


def _limits(theta: float, m: int, n: int, untied: float, z: float) -> tuple[float, float]:
    level = (m + n) / 2 - 1

    def beyond(value: float) -> bool:
        """Whether `theta` lies more than z standard errors from `value`."""
        spread = 1 + level * ((1 - value) / (2 - value) + value / (1 + value))
        return (theta - value) ** 2 > z * z * untied * value * (1 - value) * spread / (m * n)

    def edge(inside: float, outside: float) -> float:
        for _ in range(60):
            middle = (inside + outside) / 2
            inside, outside = (inside, middle) if beyond(middle) else (middle, outside)
        return inside

    return edge(theta, 0.0), edge(theta, 1.0)


@dataclass(frozen=True)
class Penetration:
    """`some`: share of people whose step AI assists or does; `full`: share for whom it does it."""

    some: Estimate
    full: Estimate


def penetration(levels: Mapping[int, str], confidence: float = 0.95) -> Penetration:
    """Shares of people by how much of the step AI does, with Wilson's intervals.

    `levels`: person → one of `LEVELS`; who was not asked is not in it. `rows` are the people.
    """
    for person, level in levels.items():
        if level not in LEVELS:
            raise StatisticsError(
                "levels", f"{level!r} of {person} is unknown", f"pass one of {', '.join(LEVELS)}"
            )
    some = sorted(person for person, level in levels.items() if level != "none")
    full = sorted(person for person, level in levels.items() if level == "automatic")
    return Penetration(
        share(len(some), len(levels), confidence, some),
        share(len(full), len(levels), confidence, full),
    )


@dataclass(frozen=True)
class Rung:
    """One level against all levels below it: `superiority` of its accepted quality, and what it says.

    "falls": the upper limit is below ½. "holds": the lower limit is above `SMALL_FALL`, so that a
    fall, if any, is small. "unclear": neither, or fewer than five people on either side.
    """

    level: Level
    superiority: Estimate
    verdict: Verdict


@dataclass(frozen=True)
class Boundary:
    """How far AI goes in a step before the accepted quality falls.

    `last` is the highest level at which it surely holds (None: not even assistance is sure) and
    `falls_at` the lowest at which it surely falls (None: nowhere seen).
    """

    rungs: tuple[Rung, ...]
    last: Level | None
    falls_at: Level | None


def boundary(
    quality: Mapping[str, Collection[int]], confidence: float = 0.95, margin: float = SMALL_FALL
) -> Boundary:
    """The boundary of AI in a step, from accepted qualities (1–5) by level of AI.

    Each level is compared with all levels below it together, as a dose with the lower doses
    (Williams 1971, Biometrics 27:103–117, step by step), and is judged by its interval with a
    margin as in a test of non-inferiority (Piaggio et al. 2012, JAMA 308:2594–2604). Too few
    people are "unclear" and never "holds". People choose how much AI they use, so this describes
    and does not prove that AI is the cause.
    """
    rungs = []
    below: list[int] = list(quality.get("none", ()))
    levels: tuple[Level, ...] = ("assist", "automatic")
    for level in levels:
        here = list(quality.get(level, ()))
        estimate = superiority(here, below, confidence)
        rungs.append(Rung(level, estimate, _verdict(estimate, margin)))
        below += here
    falls = next((rung.level for rung in rungs if rung.verdict == "falls"), None)
    last: Level | None = None
    for rung in rungs:
        if rung.verdict != "holds":
            break
        last = rung.level
    return Boundary(tuple(rungs), last, falls)


def _verdict(estimate: Estimate, margin: float) -> Verdict:
    if estimate.low is None or estimate.high is None or estimate.n < PUBLISHABLE_N:
        return "unclear"
    if estimate.high < 0.5:
        return "falls"
    return "holds" if estimate.low > margin else "unclear"
