"""Which seed a picture gets: the same people at the same place begin from the same noise."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable

POLICY = "people-place@1"
LARGEST = 2**31 - 1  # what every engine takes


def seed_of(book: str, people: Iterable[str], place: str, take: int = 0) -> int:
    """1..2^31-1 from the book (its digest), who is seen and where; `take` counts other tries.

    A redo with the same take is the same picture; the next take is the next throw of the dice,
    for everybody and everywhere the same next one.
    """
    who = "+".join(sorted(set(people)))
    text = f"{POLICY}|{book}|{who}|{place.strip().casefold()}|{take}"
    digest = hashlib.blake2b(text.encode("utf-8", "surrogatepass"), digest_size=8).digest()
    return int.from_bytes(digest, "big") % LARGEST + 1
