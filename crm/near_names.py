"""Pairs of similar names among many, without comparing each with each.

The measure is that of PostgreSQL's `pg_trgm`: the share of common trigrams of all trigrams of two
names, each with two blanks before and one after it. Names that are similar at least `least` have one
of their rarest trigrams in common, so only those are compared (prefix filtering: Chaudhuri, Ganti &
Kaushik 2006, ICDE).
"""

import heapq
from collections import Counter, defaultdict
from collections.abc import Mapping
from math import ceil

Gram = str


def near_pairs(names: Mapping[int, str], *, least: float, most: int) -> list[tuple[int, int]]:
    """The `most` most similar pairs of keys, the smaller key first; `least` in (0, 1]."""
    grams = {key: trigrams(name) for key, name in names.items()}
    counts = Counter(gram for held in grams.values() for gram in held)
    seen: dict[Gram, list[int]] = defaultdict(list)
    best: list[tuple[float, int, int]] = []
    for key in sorted(grams):
        mine = grams[key]
        rarest = sorted(mine, key=lambda gram: (counts[gram], gram))
        rarest = rarest[: len(mine) - ceil(least * len(mine)) + 1]
        for other in {found for gram in rarest for found in seen[gram]}:
            alike = similarity(mine, grams[other])
            if alike >= least:
                found = (alike, -other, -key)
                if len(best) < most:
                    heapq.heappush(best, found)
                else:
                    heapq.heappushpop(best, found)
        for gram in rarest:
            seen[gram].append(key)
    return [(-first, -second) for _alike, first, second in sorted(best, reverse=True)]


def trigrams(name: str) -> frozenset[Gram]:
    padded = f"  {name} "
    return frozenset(padded[at : at + 3] for at in range(len(padded) - 2)) if name else frozenset()


def similarity(one: frozenset[Gram], other: frozenset[Gram]) -> float:
    shared = len(one & other)
    return shared / (len(one) + len(other) - shared) if shared else 0.0
