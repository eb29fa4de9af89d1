"""Dear answers kept until what they come from changes, and shown with their time while a new one is made.

Where little is behind an answer it is made at once. Where much is, the reader gets the last one with
the moment of its making, and the job of every minute makes the next; nobody waits for it.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Generic, TypeVar

from django.core.cache import cache
from django.utils import timezone

Answer = TypeVar("Answer")

FEW = 3000
"""Rows behind an answer up to which it is made while the reader waits."""
SECONDS = 7 * 24 * 3600
FORMAT = 1  # raise it when what is kept changes its shape


@dataclass(frozen=True)
class Kept(Generic[Answer]):
    """`at`: when it was made; `current`: whether nothing has changed since."""

    value: Answer
    at: datetime
    current: bool


def kept(
    name: tuple[object, ...],
    state: tuple[object, ...],
    make: Callable[[], Answer],
    *,
    rows: int,
    now: bool = False,
) -> Kept[Answer]:
    """The answer called `name` as of `state`, made of so many `rows`; with `now` always of `state`."""
    key = f"pj:kept:{FORMAT}:" + ":".join(map(str, name))
    found = cache.get(key)
    if found is not None:
        made_of, at, value = found
        if made_of == state:
            return Kept(value, at, True)
        if rows > FEW and not now:
            return Kept(value, at, False)
    at = timezone.now()
    made = make()
    cache.set(key, (state, at, made), SECONDS)
    return Kept(made, at, True)
