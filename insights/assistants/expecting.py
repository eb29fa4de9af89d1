"""How likely an offer is to be taken, by what people said of offers like it.

Like it: of the same way and, where people decided on enough of them, for the same pain point; of
these the ones with the nearest scores. A plain count of neighbours claims no curve, and says how
many it rests on.
"""

from collections.abc import Sequence
from dataclasses import dataclass

NEIGHBOURS = 30
OWN = 10  # decisions on a pain point from which it is judged by its own


@dataclass(frozen=True)
class Ruling:
    """A person's yes or no to an offer for a pain point (None: for a new one) with its score."""

    score: float
    pain: int | None
    taken: bool


def likely(score: float, pain: int | None, rulings: Sequence[Ruling]) -> tuple[int, int]:
    """(taken, decided) of the decisions on offers like this one."""
    own = [item for item in rulings if item.pain == pain]
    among = own if len(own) >= OWN else rulings
    nearest = sorted(among, key=lambda item: abs(item.score - score))[:NEIGHBOURS]
    return sum(item.taken for item in nearest), len(nearest)
