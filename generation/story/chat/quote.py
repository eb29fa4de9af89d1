"""What directing so much text will take, told before anything is asked."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

from engines.chat.measuring import NARROW_TOKENS, WIDE_TOKENS, tokens_of
from generation.story.chat.directing import Limits
from generation.story.chat.wording import instructions

__all__ = ["Quotation", "quote"]

# Measured over novels of the public domain (bench/story_tokens.py): what numbering the sentences
# adds to a character, and what an answer takes for a shot with its share of scenes and speakers.
NUMBERING = {False: 0.17, True: 0.03}
TOKENS_A_SHOT = 42
WINDOW_TOKENS = 60
# A vendor that writes some 40 tokens a second, windows one after another.
TOKENS_A_SECOND = 40
SECONDS_A_CALL = 2.0


@dataclass(frozen=True, slots=True)
class Quotation:
    """`seconds` for one worker; tokens about what a vendor will bill."""

    calls: int
    shots: int
    input_tokens: int
    output_tokens: int

    @property
    def tokens(self) -> int:
        return self.input_tokens + self.output_tokens

    @property
    def seconds(self) -> int:
        return round(self.calls * SECONDS_A_CALL + self.output_tokens / TOKENS_A_SECOND)

    def per_thousand(self, length: int) -> int:
        """Tokens in and out together for 1,000 characters."""
        return round(self.tokens * 1000 / max(1, length))


def quote(
    lengths: Sequence[int],
    *,
    density: float,
    english: bool,
    limits: Limits = Limits(),  # noqa: B008  frozen
) -> Quotation:
    """For chapters of these lengths in characters, at `density` shots per 1,000 characters."""
    size = limits.size(density)
    calls = sum(math.ceil(length / size) for length in lengths)
    total = sum(lengths)
    shots = sum(max(1, round(length * density / 1000)) for length in lengths)
    a_character = (NARROW_TOKENS if english else WIDE_TOKENS) + NUMBERING[english]
    prefix = tokens_of(instructions(english)) + WINDOW_TOKENS
    return Quotation(
        calls=calls,
        shots=shots,
        input_tokens=round(calls * prefix + total * a_character),
        output_tokens=round(shots * TOKENS_A_SHOT + calls * 20),
    )
