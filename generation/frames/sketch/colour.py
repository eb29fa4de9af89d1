"""Colours as `#rrggbb` strings and the few mixes that the drawing needs."""

from __future__ import annotations

import re
from functools import lru_cache

HEX = re.compile(r"#[0-9a-fA-F]{6}")
RGB = tuple[int, int, int]


def is_hex(value: object) -> bool:
    """Whether `value` is a `#rrggbb` string."""
    return isinstance(value, str) and HEX.fullmatch(value) is not None


@lru_cache(maxsize=4096)
def rgb(colour: str) -> RGB:
    """`#rrggbb` to three integers 0..255."""
    return int(colour[1:3], 16), int(colour[3:5], 16), int(colour[5:7], 16)


def to_hex(red: float, green: float, blue: float) -> str:
    """Three channels, clamped to 0..255, to `#rrggbb`."""
    channels = (min(255, max(0, round(value))) for value in (red, green, blue))
    return "#{:02x}{:02x}{:02x}".format(*channels)


@lru_cache(maxsize=8192)
def mix(first: str, second: str, share: float) -> str:
    """`first` with `share` (0..1) of `second` in it."""
    pairs = zip(rgb(first), rgb(second), strict=True)
    return to_hex(*(a + (b - a) * share for a, b in pairs))


@lru_cache(maxsize=8192)
def multiply(colour: str, light: str) -> str:
    """`colour` as seen under `light` (white light leaves it as it is)."""
    pairs = zip(rgb(colour), rgb(light), strict=True)
    return to_hex(*(a * b / 255 for a, b in pairs))


@lru_cache(maxsize=4096)
def luminance(colour: str) -> float:
    """Relative brightness 0..1 (Rec. 709 weights on the gamma-coded channels)."""
    red, green, blue = rgb(colour)
    return (0.2126 * red + 0.7152 * green + 0.0722 * blue) / 255


def darker(colour: str, share: float) -> str:
    """`colour` towards a warm black."""
    return mix(colour, "#1c1512", share)


def lighter(colour: str, share: float) -> str:
    """`colour` towards a warm white."""
    return mix(colour, "#fffaf0", share)


def fold_of(colour: str) -> str:
    """The line colour that shows folds on cloth of `colour`: dark on light, light on dark."""
    return lighter(colour, 0.34) if luminance(colour) < 0.22 else darker(colour, 0.52)
