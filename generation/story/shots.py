"""Where shots are cut: sentences gathered to the density that the user asked for."""

from __future__ import annotations

import itertools
import re
from collections.abc import Sequence

from generation.story.model import StoryError
from generation.story.quotes import Quote
from generation.story.sentences import split_long

__all__ = ["default_density", "duration_ms", "shot_cuts"]

# Shots per 1,000 characters. Twenty of Chinese are about 11 s each when read aloud; six of
# English are the same. A run over more than LONG_RUN characters halves it: 三国演义 is then some
# 6,000 shots, which a person can still look through.
DENSITY = {"zh": 20.0, "en": 6.0}
LONG_RUN = 100_000
SHORT_QUOTE = 60
MINIMUM_MS = 1_200
_CHINESE_PER_SECOND = 4.5
_WORDS_PER_SECOND = 2.6
_NOT_CHINESE = re.compile(r"[^\u3400-\u9fff\U00020000-\U0003ffff]+")
_WORD = re.compile(r"[A-Za-z0-9À-ɏ]+(?:['’-][A-Za-z0-9À-ɏ]+)*")


def default_density(length: int, language: str) -> float:
    """Shots per 1,000 characters where the user asks for none; half of it for whole novels."""
    base = DENSITY["en" if language == "en" else "zh"]
    return base / 2 if length > LONG_RUN else base


def check_density(density: float) -> float:
    """`density` if it is usable, else StoryError `density`."""
    if not 0.1 <= density <= 200:
        raise StoryError(
            "density",
            f"A shot density of {density} per 1,000 characters is not usable: "
            "choose one between 0.1 and 200.",
            density=density,
        )
    return density


def whole_quotes(quotes: Sequence[Quote]) -> list[tuple[int, int]]:
    """Quotes that are short enough to stay in one shot."""
    return [(q.start, q.end) for q in quotes if q.end - q.start <= SHORT_QUOTE]


def shot_cuts(
    text: str, start: int, end: int, sentences: Sequence[int], density: float, told: int = 0
) -> list[int]:
    """Starts of the shots of a scene after its first: rising, strictly inside (start, end).

    `sentences` are the places where it may be cut. Sentences are gathered until a shot comes
    nearest to 1000 / density characters; one that is longer than 1.8 of that is split. What stands
    before `told`, a chapter's heading, counts for nothing: its first shot tells of more.
    """
    target = 1000.0 / density
    start = max(start, told)
    bounds = [start, *(cut for cut in sentences if start < cut < end), end]
    pieces: list[int] = [start]
    for a, b in itertools.pairwise(bounds):
        if b - a > 1.8 * target:
            pieces += split_long(text, a, b, max(1, round(target * 1.25)))
        pieces.append(b)
    cuts: list[int] = []
    last = start
    for here, following in itertools.pairwise(pieces):
        # Cutting here is right where going on would miss the target by more.
        short, long = target - (here - last), (following - last) - target
        if (long > short or here - last >= target) and text[last:here].strip():
            cuts.append(here)
            last = here
    if cuts and not text[cuts[-1] : end].strip():
        cuts.pop()
    return cuts


def duration_ms(words: str) -> int:
    """How long reading `words` aloud takes: 4.5 Chinese characters or 2.6 English words a second."""
    seconds = len(_NOT_CHINESE.sub("", words)) / _CHINESE_PER_SECOND
    seconds += len(_WORD.findall(words)) / _WORDS_PER_SECOND
    return max(MINIMUM_MS, round(seconds * 1000))
