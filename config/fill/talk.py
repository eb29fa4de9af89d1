"""Utterances by the thousand: parts of sentences drawn by a generator, with rare names in between.

Names of works and people follow a power law over a large vocabulary, so that a corpus has words that
everybody says and words said once, as real ones do.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from config.fill import words

NAMES = 20_000
NAMED_SHARE = 0.25  # of what creators say
PAIN_SHARE = 0.3
AGAINST_SHARE = 0.12
_HAN = np.arange(0x4E00, 0x9FA6)


@dataclass(frozen=True)
class Said:
    """One turn: `about` is the position of the pain point it is about, or -1."""

    text: str
    by_creator: bool
    about: int
    against: bool


class Talk:
    """A source of turns; the same generator state gives the same words."""

    def __init__(self, random: np.random.Generator, pains: Sequence[tuple[str, str]]) -> None:
        self.random = random
        self.pains = pains
        self.names = self._names()
        ranks = np.arange(1, NAMES + 1, dtype=float)
        self.weights = np.cumsum(1 / ranks)
        self.weights /= self.weights[-1]

    def _names(self) -> list[str]:
        """Invented titles of two to four characters."""
        lengths = self.random.integers(2, 5, NAMES)
        signs = self.random.choice(_HAN, (NAMES, 4))
        return [
            "".join(map(chr, row[:length]))
            for row, length in zip(signs.tolist(), lengths.tolist(), strict=True)
        ]

    def turns(self, count: int, *, english: bool, leaning: np.ndarray) -> Iterator[Said]:
        """`count` turns of one interview; `leaning` is the chance of each pain point (sums to 1)."""
        parts = words.ENGLISH_PARTS if english else words.PARTS
        draws = [self.random.integers(0, len(part), (count, 3)).tolist() for part in parts]
        asks = (self.random.random(count) < 0.28).tolist()
        asks[:1] = [True] * min(count, 1)
        kinds = self.random.random(count).tolist()
        against = (self.random.random(count) < AGAINST_SHARE).tolist()
        lengths = self.random.choice([1, 1, 1, 2, 2, 3], count).tolist()
        pains = self.random.choice(len(self.pains), count, p=leaning).tolist()
        names = np.searchsorted(self.weights, self.random.random(count)).tolist()
        picks = self.random.integers(0, 1 << 30, count).tolist()
        questions = words.ENGLISH_QUESTIONS if english else words.QUESTIONS
        for turn in range(count):
            if asks[turn]:
                yield Said(questions[picks[turn] % len(questions)], False, -1, False)
                continue
            text = "".join(
                part[draw[turn][sentence]]
                for sentence in range(lengths[turn])
                for part, draw in zip(parts, draws, strict=True)
            )
            if kinds[turn] < PAIN_SHARE:
                told = self._pain(pains[turn], against[turn], english, picks[turn])
                yield Said(_joined(told, text, english), True, pains[turn], against[turn])
                continue
            if kinds[turn] < PAIN_SHARE + NAMED_SHARE:
                named = words.NAMED[picks[turn] % len(words.NAMED)]
                text = named.format(self.names[min(names[turn], NAMES - 1)]) + words.PAUSE + text
            yield Said(text, True, -1, False)

    def _pain(self, pain: int, against: bool, english: bool, pick: int) -> str:
        chinese, other = self.pains[pain]
        frames: Sequence[str] = words.UNTROUBLED if against else words.TROUBLED
        title = chinese
        if english and other:
            frames = words.ENGLISH_UNTROUBLED if against else words.ENGLISH_TROUBLED
            title = other
        return frames[pick % len(frames)].format(title)


def _joined(first: str, second: str, english: bool) -> str:
    return (words.ENGLISH_PAUSE if english else words.PAUSE).join((first, second))
