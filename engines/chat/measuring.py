"""Tokens without a tokenizer: an estimate for quotes and a bound for reservations.

Measured with the vocabularies of Qwen and DeepSeek, Chinese fiction has 0.67 to 0.73 tokens a
character and English a token for some 4 characters (bench/story_tokens.py measures it anew). A
byte-level vocabulary, which all of these engines have, never makes more tokens than UTF-8 bytes.
"""

import math
import re

_WIDE = re.compile(r"[^\x00-\u02ff]")
WIDE_TOKENS = 0.75
NARROW_TOKENS = 0.30


def tokens_of(text: str) -> int:
    """About how many tokens `text` is, rather more than less."""
    wide = len(_WIDE.findall(text))
    return math.ceil(wide * WIDE_TOKENS + (len(text) - wide) * NARROW_TOKENS)


def tokens_at_most(text: str) -> int:
    """What no byte-level tokenizer exceeds."""
    return len(text.encode("utf-8", "surrogatepass"))


def picture_tokens(png: bytes) -> int:
    """About how many tokens a picture is: Qwen-VL takes one for 28 × 28 px (its report, arXiv
    2502.13923); services that tile to 512 px take less for pictures of the size that is sent here."""
    width, height = _size(png)
    return 100 + math.ceil(width / 28) * math.ceil(height / 28)


def picture_tokens_at_most(png: bytes) -> int:
    """What no vision encoder in use exceeds: one for each patch of 14 × 14 px, unmerged."""
    width, height = _size(png)
    return 2_000 + math.ceil(width / 14) * math.ceil(height / 14)


def _size(png: bytes) -> tuple[int, int]:
    """Width and height in px out of a PNG's header. Raises ValueError for what is no PNG."""
    if png[:8] != b"\x89PNG\r\n\x1a\n" or len(png) < 24:
        raise ValueError("A picture for a chat engine has to be a PNG.")
    return int.from_bytes(png[16:20]), int.from_bytes(png[20:24])
