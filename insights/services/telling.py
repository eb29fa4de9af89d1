"""How a service says how far it is, to whoever wants to hear it."""

from collections.abc import Callable, Iterable, Iterator
from typing import TypeVar

Tell = Callable[[int, int], None]
"""Takes what is done and of how much; may raise to stop the work."""
T = TypeVar("T")


def unheard(_done: int, _total: int) -> None:
    """Nobody listens."""


def each_told(rows: Iterable[T], tell: Tell, *, total: int, before: int = 0) -> Iterator[T]:
    """The rows, each told when its turn comes."""
    for number, row in enumerate(rows):
        tell(before + number, total)
        yield row
