"""What two texts have in common without a dictionary: pairs of Han characters, words of letters."""

from __future__ import annotations

import math
import re
from collections import Counter
from collections.abc import Iterable, Sequence

_RUN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]+|[a-z0-9\u00c0-\u024f]+")
_HAN = re.compile(r"[\u3400-\u9fff\uf900-\ufaff\U00020000-\U0003ffff]")


def terms(text: str) -> list[str]:
    """Neighbouring Han characters as pairs (a lone one by itself), other words in lower case."""
    found: list[str] = []
    for run in _RUN.findall(text.lower()):
        if _HAN.match(run):
            found.extend(run[at : at + 2] for at in range(max(1, len(run) - 1)))
        elif len(run) > 1 or run.isdigit():
            found.append(run)
    return found


class Weights:
    """How telling a term is: its inverse document frequency over the given texts."""

    def __init__(self, texts: Iterable[Sequence[str]]) -> None:
        counts: Counter[str] = Counter()
        self.texts = 0
        for text in texts:
            counts.update(set(text))
            self.texts += 1
        self._weight = {
            term: math.log(1 + (self.texts - n + 0.5) / (n + 0.5)) for term, n in counts.items()
        }
        self._unseen = math.log(1 + (self.texts + 0.5) / 0.5)

    def __call__(self, term: str) -> float:
        return self._weight.get(term, self._unseen)


class Okapi:
    """BM25 over a list of texts (Robertson & Zaragoza, 2009, k1 = 1.2, b = 0.75)."""

    def __init__(self, texts: Sequence[Sequence[str]]) -> None:
        self.weights = Weights(texts)
        lengths = [len(text) for text in texts]
        mean = sum(lengths) / len(lengths) if lengths else 1.0
        self._postings: dict[str, list[tuple[int, float]]] = {}
        for index, text in enumerate(texts):
            norm = 1.2 * (0.25 + 0.75 * lengths[index] / (mean or 1.0))
            for term, n in Counter(text).items():
                self._postings.setdefault(term, []).append((index, n * 2.2 / (n + norm)))

    def scores(self, query: Iterable[str]) -> dict[int, float]:
        """Text → score, of the texts that share a term with the query."""
        found: dict[int, float] = {}
        for term in set(query):
            weight = self.weights(term)
            for index, gain in self._postings.get(term, ()):
                found[index] = found.get(index, 0.0) + weight * gain
        return found


class Likeness:
    """Cosine of weighted terms between a text and each of a list of texts."""

    def __init__(self, texts: Sequence[Sequence[str]], weights: Weights) -> None:
        self._weights = weights
        self._postings: dict[str, list[int]] = {}
        self._length: list[float] = []
        for index, text in enumerate(texts):
            distinct = set(text)
            self._length.append(math.sqrt(sum(weights(term) ** 2 for term in distinct)) or 1.0)
            for term in distinct:
                self._postings.setdefault(term, []).append(index)

    def __call__(self, text: Iterable[str]) -> dict[int, float]:
        """Index of a text → 0..1, of those that share a term."""
        distinct = set(text)
        length = math.sqrt(sum(self._weights(term) ** 2 for term in distinct)) or 1.0
        found: dict[int, float] = {}
        for term in distinct:
            weight = self._weights(term) ** 2
            for index in self._postings.get(term, ()):
                found[index] = found.get(index, 0.0) + weight
        return {index: value / (length * self._length[index]) for index, value in found.items()}
