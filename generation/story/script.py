"""Simplified and traditional alike: one character to one character, so that offsets stay."""

from __future__ import annotations

from functools import cache

import opencc

__all__ = ["fold", "language_of"]

_SAMPLE = 40_000
# So many different characters are quicker replaced one by one than looked up each.
_FEW = 60


@cache
def _tables() -> tuple[dict[int, str], frozenset[str], frozenset[str]]:
    """Map to simplified; characters that only traditional, only simplified text has."""
    ranges = (range(0x3400, 0x4DC0), range(0x4E00, 0xA000))
    chars = [chr(code) for codes in ranges for code in codes]
    listed = "\n".join(chars)
    simple = opencc.OpenCC("t2s").convert(listed).split("\n")
    traditional = opencc.OpenCC("s2t").convert(listed).split("\n")
    # 璝 has a simplified form outside of the basic plane that no book is set in: it stays.
    table = {
        ord(a): b
        for a, b in zip(chars, simple, strict=True)
        if a != b and len(b) == 1 and "\u4e00" <= b <= "\u9fff"
    }
    only_traditional = frozenset(chr(code) for code in table)
    only_simplified = frozenset(
        a for a, b in zip(chars, traditional, strict=True) if a != b and a not in only_traditional
    )
    return table, only_traditional, only_simplified


def fold(text: str) -> str:
    """`text` in simplified characters, code point for code point (len is kept)."""
    if text.isascii():
        return text
    table = _tables()[0]
    present = sorted(code for code in map(ord, set(text)) if code in table)
    if len(present) > _FEW:
        return text.translate(table)
    for code in present:
        text = text.replace(chr(code), table[code])
    return text


def language_of(text: str) -> str:
    """zh-Hans, zh-Hant or en, from up to 40,000 characters out of the text's middle and start."""
    middle = len(text) // 2
    sample = text[: _SAMPLE // 2] + text[max(_SAMPLE // 2, middle) : middle + _SAMPLE // 2]
    chinese = sum("\u4e00" <= char <= "\u9fff" or char >= "\U00020000" for char in sample)
    letters = sum(char.isascii() and char.isalpha() for char in sample)
    # One Chinese character says about as much as four letters do.
    if chinese * 4 < letters:
        return "en"
    _, traditional, simplified = _tables()
    hant = sum(char in traditional for char in sample)
    hans = sum(char in simplified for char in sample)
    return "zh-Hant" if hant > hans else "zh-Hans"
