"""The CJK font that captions and cards are set in: Noto Sans CJK, variable weight (OFL)."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from functools import lru_cache
from importlib.resources import files
from pathlib import Path

from PIL import ImageFont

from generation.film.errors import FilmError

FONT_PACKAGE = "manimgx_fonts_cjk"
FONT_FILE = "NotoSansCJK-VF.otf.ttc"
# Faces within the collection; Han characters differ in shape by region.
_FACES = {
    "ja": 0,
    "ko": 1,
    "zh-hans": 2,
    "zh-hant": 3,
    "zh-tw": 3,
    "zh-mo": 3,
    "zh-hk": 4,
    # The Korean face has the quotation marks of Latin text, as wide as they are; the others have
    # them as wide as an ideograph.
    "en": 1,
}
_SIMPLIFIED = 2
# The collection's default instance is Thin (100), unreadable over pictures.
CAPTION_WEIGHT = 600
HEADING_WEIGHT = 700
BODY_WEIGHT = 500
MISSING = "\N{GETA MARK}"
_MODIFIERS = frozenset({"Cc", "Cf", "Mn", "Me", "Sk"})


def font_path() -> Path:
    """The font file, or FilmError("font_missing") naming the package to install."""
    try:
        path = Path(str(files(FONT_PACKAGE) / FONT_FILE))
    except ModuleNotFoundError as missing:
        raise FilmError(
            "font_missing",
            f"the CJK font {FONT_FILE} is missing: pip install manimgx-fonts-cjk",
            font=FONT_FILE,
        ) from missing
    if not path.is_file():
        raise FilmError(
            "font_missing",
            f"the CJK font {FONT_FILE} is missing from {FONT_PACKAGE}: "
            "pip install --force-reinstall manimgx-fonts-cjk",
            font=FONT_FILE,
        )
    return path


def face_index(language: str) -> int:
    """Face of the collection for a BCP 47 tag; Simplified Chinese where nothing else fits."""
    tag = language.lower()
    for prefix, index in _FACES.items():
        if tag == prefix or tag.startswith(prefix + "-"):
            return index
    return _SIMPLIFIED


@lru_cache(maxsize=32)
def load(
    size: int, weight: int = CAPTION_WEIGHT, language: str = "zh-Hans"
) -> ImageFont.FreeTypeFont:
    """The font at `size` pixels per em and `weight` 100..900. Raises FilmError("font_missing")."""
    font = ImageFont.truetype(str(font_path()), size, index=face_index(language))
    font.set_variation_by_axes([weight])
    return font


@lru_cache(maxsize=16384)
def has_glyph(character: str) -> bool:
    """Whether the font can draw `character` (one code point)."""
    if character.isspace():
        return True
    return _shape(character) != _shape("\U0010fffd")


def drawable(text: str) -> str:
    """`text` as the font can draw it: without emoji, and with 〓 for a letter that it lacks.

    A box in place of a picture character reads as a fault; 〓 is how Chinese printers have always
    shown that a rare ideograph stands here, which must not vanish from a name. srt, vtt and ass keep
    every character, because players have fonts of their own.
    """
    return "".join(
        character if has_glyph(character) else MISSING
        for character in text
        if has_glyph(character) or unicodedata.category(character).startswith("L")
    )


def lacking(texts: Iterable[str]) -> tuple[str, ...]:
    """The characters of these texts that the font cannot draw, each once; marks that only change how
    another looks do not count."""
    characters = dict.fromkeys("".join(texts))
    return tuple(
        character
        for character in characters
        if not has_glyph(character) and unicodedata.category(character) not in _MODIFIERS
    )


def _shape(character: str) -> tuple[tuple[int, int], bytes]:
    mask = load(24, 400).getmask(character)
    return mask.size, bytes(mask)
