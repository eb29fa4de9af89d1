"""How much of the money hangs on one payer."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from insights.statistics.errors import StatisticsError


@dataclass(frozen=True)
class Concentration:
    """``largest_share`` of one payer (index ``largest``) and the Gini over ``n`` payers.

    The Gini is 0 where all pay the same and (n − 1)/n where one pays all. Shares are None, and
    ``largest`` too, where the total is 0.
    """

    largest_share: float | None
    gini: float | None
    n: int
    total: int
    largest: int | None


def concentration(amounts: Sequence[int]) -> Concentration:
    """Concentration of net amounts, one a payer, in minor units of one currency.

    Gini (1912) as the mean absolute difference over twice the mean, computed exactly from the
    sorted amounts: Σ(2i − n − 1)·x_i / (n·Σx). Raises StatisticsError for negative amounts (net
    the refunds of a payer first) and amounts that are not whole.
    """
    paid = []
    for index, amount in enumerate(amounts):
        if isinstance(amount, float) or amount < 0:
            raise StatisticsError(
                "amounts",
                f"{amount!r} at {index} is not a whole amount of 0 or more",
                "pass minor units as integers, refunds netted",
            )
        paid.append(int(amount))
    n, total = len(paid), sum(paid)
    if total == 0:
        return Concentration(None, None, n, 0, None)
    largest = max(range(n), key=paid.__getitem__)
    weighted = sum((2 * place - n - 1) * x for place, x in enumerate(sorted(paid), start=1))
    return Concentration(
        largest_share=float(Fraction(paid[largest], total)),
        gini=float(Fraction(weighted, n * total)),
        n=n,
        total=total,
        largest=largest,
    )


def gini_of_sums(n: int, total: int, weighted: int) -> float | None:
    """Gini's coefficient from Σx and Σ i·x of the amounts in rising order, i from 1; None of 0.

    The same number as ``concentration(...).gini``, where a database has sorted and summed.
    """
    if n == 0 or total == 0:
        return None
    return float(Fraction(2 * weighted - (n + 1) * total, n * total))
