"""How a service says how far it is, to whoever wants to hear it."""

from collections.abc import Iterable, Iterator
from typing import TypeVar

from crm.services.job_rows import Tell, unheard

__all__ = ["Tell", "each_told", "unheard"]

T = TypeVar("T")


def each_told(rows: Iterable[T], tell: Tell, *, total: int, before: int = 0) -> Iterator[T]:
    """The rows, each told when its turn comes."""
    for number, row in enumerate(rows):
        tell(before + number, total)
        yield row
