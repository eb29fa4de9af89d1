"""Draw captions and the AI label as overlays."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import lru_cache

from PIL import Image, ImageDraw

from generation.film.fonts import BODY_WEIGHT, CAPTION_WEIGHT, drawable, load
from generation.film.planes import Overlay
from generation.film.schedule import caption_size, caption_width
from generation.film.spec import FilmSpec

LINE_HEIGHT = 1.32
STROKE = 0.085
# GB 45438-2025: the letters of a label are at least 5 % of the shorter side high. An ideograph of
# Noto Sans CJK fills about nine tenths of its em square, a capital about seven tenths.
LABEL_HEIGHT = 0.05
# The colour of karaoke for what is said already.
SAID = (255, 209, 26, 255)
_FILLED = 0.9
_CAPITAL = 0.73


def baseline(spec: FilmSpec) -> int:
    """Lower edge of the caption block in pixels. A vertical film leaves the bottom fifth free:
    the players of short video lay their buttons and texts over it."""
    return round(spec.height * (0.79 if spec.height > spec.width else 0.93))


def label_top(spec: FilmSpec) -> int:
    """Upper edge of the AI label in pixels: below the bar that players lay over a vertical film."""
    return round(spec.height * 0.07 if spec.height > spec.width else spec.short_side * 0.035)


def draw_caption(
    lines: Sequence[str], spec: FilmSpec, language: str, lit: int = 0
) -> Overlay | None:
    """The lines centred above baseline(); None where no character of them can be drawn.

    lit: so many characters of the lines, counted through, stand in the colour of what is said.
    """
    shown = [_split(line, lit - sum(map(len, lines[:row]))) for row, line in enumerate(lines)]
    pairs = [(said, rest) for said, rest in shown if (said + rest).strip()]
    texts = [(said + rest).strip() for said, rest in pairs]
    if not texts:
        return None
    size = caption_size(spec)
    font = load(size, CAPTION_WEIGHT, language)
    widest = max(font.getlength(text) for text in texts)
    room = caption_width(spec)
    if widest > room:
        size = max(8, int(size * room / widest))
        font = load(size, CAPTION_WEIGHT, language)
    step = round(size * LINE_HEIGHT)
    edge = max(1, round(size * STROKE))
    pad = round(size * 0.45)
    height = (step * len(texts) + pad * 2 + 1) // 2 * 2
    layer = Image.new("RGBA", (spec.width, height), (0, 0, 0, 0))
    draw = ImageDraw.Draw(layer)
    boxed = spec.caption_style == "box"
    if boxed:
        half = max(font.getlength(text) for text in texts) / 2 + pad
        draw.rounded_rectangle(
            (spec.width / 2 - half, 0, spec.width / 2 + half, height - 1),
            radius=pad,
            fill=(12, 12, 16, 215),
        )
    for row, text in enumerate(texts):
        middle = pad + step * (row + 0.5)
        draw.text(
            (spec.width / 2, middle),
            text,
            font=font,
            fill=(255, 255, 255, 255),
            anchor="mm",
            stroke_width=0 if boxed else edge,
            stroke_fill=(10, 10, 12, 255),
        )
        said = pairs[row][0].lstrip()
        if said:
            left = (spec.width - font.getlength(text)) / 2
            draw.text((left, middle), said, font=font, fill=SAID, anchor="lm")
    return Overlay.from_image(layer, (0, (baseline(spec) - height) // 2 * 2))


def _split(line: str, lit: int) -> tuple[str, str]:
    """What can be drawn of the first `lit` characters of a line, and of the rest."""
    cut = min(len(line), max(0, lit))
    return drawable(line[:cut]), drawable(line[cut:])


@lru_cache(maxsize=8)
def draw_label(spec: FilmSpec, language: str) -> Overlay | None:
    """The AI label in the upper left corner; None where the film has none."""
    text = drawable(spec.ai_label or "").strip()
    if not text:
        return None
    filled = _FILLED if any(ord(character) >= 0x2E80 for character in text) else _CAPITAL
    size = math.ceil(spec.short_side * LABEL_HEIGHT / filled)
    font = load(size, BODY_WEIGHT, language)
    margin = round(spec.short_side * 0.035)
    top = label_top(spec)
    pad = round(size * 0.28)
    width = round(font.getlength(text)) + pad * 2
    height = round(size * 1.15) + pad
    layer = Image.new(
        "RGBA",
        ((margin + width + 2) // 2 * 2, (top + height + 2) // 2 * 2),
        (0, 0, 0, 0),
    )
    draw = ImageDraw.Draw(layer)
    frame = (margin, top, margin + width, top + height)
    draw.rounded_rectangle(frame, radius=pad, fill=(10, 10, 14, 120))
    draw.text(
        (margin + width / 2, top + height / 2),
        text,
        font=font,
        fill=(255, 255, 255, 225),
        anchor="mm",
    )
    return Overlay.from_image(layer, (0, 0))
