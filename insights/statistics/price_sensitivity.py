"""Van Westendorp's price sensitivity meter: four prices a person, four crossings of curves."""

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from insights.statistics import arguments
from insights.statistics.distributions import two_sided_z
from insights.statistics.errors import StatisticsError
from insights.statistics.estimates import PUBLISHABLE_N, Estimate, no_data, percent
from insights.statistics.resampling import Floats

QUESTIONS = ("too_cheap", "cheap", "expensive", "too_expensive")
POINTS = ("pmc", "pme", "opp", "idp")
CROSSINGS = {"pmc": (0, 2), "pme": (1, 3), "opp": (0, 3), "idp": (1, 2)}
"""Of each point, the falling and the rising curve by their place in QUESTIONS."""

PriceRow = Sequence[float] | Mapping[str, float]


@dataclass(frozen=True)
class PriceCurve:
    """Shares of respondents who find a price too cheap, cheap, expensive, too expensive."""

    price: float
    too_cheap: float
    cheap: float
    expensive: float
    too_expensive: float


@dataclass(frozen=True)
class PricePoints:
    """Crossings of the curves, in the unit of the answers; None where curves do not cross.

    ``pmc`` point of marginal cheapness, ``pme`` of marginal expensiveness (the acceptable range
    lies between), ``opp`` optimal price point, ``idp`` indifference price. ``n`` respondents were
    used; ``excluded`` are the row numbers of those whose four prices were out of order.
    """

    pmc: float | None
    pme: float | None
    opp: float | None
    idp: float | None
    n: int
    excluded: tuple[int, ...]
    curves: tuple[PriceCurve, ...]


@dataclass(frozen=True)
class _Answers:
    grid: Floats
    table: Floats
    """Coherent answers, respondents × questions."""
    excluded: tuple[int, ...]
    n: int

    def curves(self, counts: Floats) -> list[Floats]:
        """For each question, draws × grid: the share who say so of that price."""
        result = []
        for question in range(len(QUESTIONS)):
            order = np.argsort(self.table[:, question])
            answers = self.table[order, question]
            # Cumulated by price; a product with a respondents × grid table costs n times as much.
            below = np.zeros((len(counts), self.n + 1))
            np.cumsum(counts[:, order], axis=1, out=below[:, 1:])
            total = below[:, -1:]
            if question < 2:
                result.append(1.0 - below[:, np.searchsorted(answers, self.grid, "left")] / total)
            else:
                result.append(below[:, np.searchsorted(answers, self.grid, "right")] / total)
        return result

    def crossings(self, counts: Floats) -> Floats:
        """draws × 4 points."""
        curves = self.curves(counts)
        return np.stack(
            [_crossing(self.grid, curves[a] - curves[b]) for a, b in CROSSINGS.values()],
            axis=1,
        )


def _crossing(grid: Floats, gap: Floats) -> Floats:
    """Where each row of ``gap`` (falling curve − rising curve) passes 0; NaN where it does not.

    Between two prices the curves are straight lines; where they lie on each other the point is the
    middle of that stretch.
    """
    last_above = (gap > 1e-12).sum(axis=1) - 1
    first_below = gap.shape[1] - (gap < -1e-12).sum(axis=1)
    touching = first_below - last_above > 1
    middle = (
        grid[np.minimum(last_above + 1, len(grid) - 1)] + grid[np.maximum(first_below - 1, 0)]
    ) / 2.0
    crosses = (last_above >= 0) & (first_below < len(grid))
    left = np.clip(last_above, 0, len(grid) - 1)
    right = np.clip(first_below, 0, len(grid) - 1)
    row = np.arange(len(gap))
    above, below = gap[row, left], gap[row, right]
    with np.errstate(divide="ignore", invalid="ignore"):
        between = grid[left] + (grid[right] - grid[left]) * above / (above - below)
    return np.where(touching, middle, np.where(crosses, between, np.nan))


def _row(index: int, row: PriceRow) -> list[float]:
    if isinstance(row, Mapping):
        missing = [question for question in QUESTIONS if question not in row]
        if missing:
            raise StatisticsError(
                "rows",
                f"row {index} has no {missing[0]}",
                f"pass {', '.join(QUESTIONS)}",
            )
        prices = [row[question] for question in QUESTIONS]
    else:
        prices = list(row)
    if len(prices) != len(QUESTIONS):
        raise StatisticsError(
            "rows",
            f"row {index} has {len(prices)} prices",
            f"pass {', '.join(QUESTIONS)}, and leave out who did not answer all four",
        )
    return [arguments.amount("rows", price, f"row {index}") for price in prices]


def _answers(rows: Sequence[PriceRow]) -> _Answers | None:
    """The coherent answers; None where there are none."""
    kept, excluded = [], []
    for index, row in enumerate(rows):
        prices = _row(index, row)
        if prices == sorted(prices):
            kept.append(prices)
        else:
            excluded.append(index)
    if not kept:
        return None if not excluded else _Answers(np.empty(0), np.empty((0, 4)), tuple(excluded), 0)
    table = np.array(kept)
    return _Answers(np.unique(table), table, tuple(excluded), len(kept))


def van_westendorp(rows: Sequence[PriceRow]) -> PricePoints:
    """The four price points of rows (too cheap, cheap, expensive, too expensive).

    A row is four prices of one person in this order, or a mapping with these names; all in one
    currency and unit. Curves are the shares that name a price or above (too cheap, cheap) and
    a price or below (expensive, too expensive): van Westendorp (1976), ESOMAR Congress 139–167.
    PMC = too cheap ∩ expensive, PME = cheap ∩ too expensive, OPP = too cheap ∩ too expensive, IDP
    = cheap ∩ expensive. Rows whose prices fall are contradictory: left out and listed. Points are
    estimates in the answers' unit and need not be whole. Raises StatisticsError for a row without
    four prices, and negative or non-finite prices.
    """
    answers = _answers(rows)
    if answers is None or answers.n == 0:
        excluded = () if answers is None else answers.excluded
        return PricePoints(None, None, None, None, 0, excluded, ())
    counts = np.ones((1, answers.n))
    found = [None if np.isnan(point) else float(point) for point in answers.crossings(counts)[0]]
    columns = [answers.grid, *(curve[0] for curve in answers.curves(counts))]
    curves = tuple(PriceCurve(*map(float, values)) for values in zip(*columns, strict=True))
    pmc, pme, opp, idp = found
    return PricePoints(pmc, pme, opp, idp, n=answers.n, excluded=answers.excluded, curves=curves)


def van_westendorp_intervals(
    rows: Sequence[PriceRow], confidence: float = 0.95
) -> dict[str, Estimate]:
    """pmc, pme, opp and idp, each with the prices that a sign test does not rule out.

    At the price where two curves meet, as many people stand on the one as on the other; those on
    neither say nothing. A price is ruled out where its two numbers are further apart than the
    square root of their sum allows, (a − b)/√(a + b) beyond the normal quantile: McNemar's test
    (1947, Psychometrika 12:153–157) without a correction, inverted as for an interval of a median,
    and straight between two named prices, as the curves are. It asks for no shape of the answers.
    An exact or mid-P sign test would answer for every number of people on the curves by itself and
    so, where these are few (opp), cover 98–99.6 %; McNemar's answers for all samples together
    (Fagerland, Lydersen & Laake 2013, BMC Medical Research Methodology 13:91). Simulated coverage
    at 95 %: pmc, pme and idp 94–97 % from 10 people on, round prices 96–97 %; opp 94–98 % from 20
    on and 99.7 % at 10, where one or two people stand on either side, and whole people allow no
    finer limits. Limits are None below five respondents.
    """
    level = arguments.share("confidence", confidence)
    method = f"McNemar's test inverted, {percent(level)}"
    answers = _answers(rows)
    if answers is None or answers.n == 0:
        return {point: no_data(method) for point in POINTS}
    points = van_westendorp(rows)
    result = {}
    for point, (falls, rises) in CROSSINGS.items():
        limits = _not_ruled_out(answers, falls, rises, two_sided_z(level))
        low, high = limits if limits is not None and getattr(points, point) is not None else _NONE
        result[point] = Estimate(getattr(points, point), answers.n, low, high, method)
    return result


_NONE = (None, None)


def _apart(many: int, few: int) -> float:
    """By how many standard errors the second number is the larger one, were both as likely."""
    return (few - many) / math.sqrt(many + few) if many or few else 0.0


def _not_ruled_out(
    answers: _Answers, falls: int, rises: int, z: float
) -> tuple[float, float] | None:
    if answers.n < PUBLISHABLE_N:
        return None
    grid = answers.grid
    above = answers.n - np.searchsorted(np.sort(answers.table[:, falls]), grid, "left")
    below = np.searchsorted(np.sort(answers.table[:, rises]), grid, "right")

    def from_below(at: int) -> float:
        return _apart(int(above[at]), int(below[at]))

    def from_above(at: int) -> float:
        return _apart(int(below[-1 - at]), int(above[-1 - at]))

    low = _first(grid, from_below, -z)
    high = _first(grid[::-1], from_above, -z)
    return min(low, high), max(low, high)


def _first(grid: Floats, score: Callable[[int], float], least: float) -> float:
    """Where ``score``, which grows along ``grid``, passes ``least``."""
    at, last = 0, len(grid) - 1
    while at < last:
        middle = (at + last) // 2
        at, last = (at, middle) if score(middle) > least else (middle + 1, last)
    here = score(at)
    if at == 0 or here <= least:
        return float(grid[at])
    before = score(at - 1)
    part = (least - before) / (here - before)
    return float(grid[at - 1] + (grid[at] - grid[at - 1]) * part)
