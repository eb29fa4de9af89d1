"""What a film should look like, independent of the story."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Literal

from generation.film.errors import FilmError

CaptionStyle = Literal["stroke", "box", "karaoke"]
CAPTION_STYLES: tuple[CaptionStyle, ...] = ("stroke", "box", "karaoke")

PORTRAIT = (1080, 1920)
LANDSCAPE = (1920, 1080)
SQUARE = (1080, 1080)

MIN_SIDE, MAX_SIDE = 64, 4096
LABEL_CHINESE, LABEL_ENGLISH = "AI 生成", "AI-generated"


@dataclass(frozen=True)
class FilmSpec:
    """Shape and style of a film.

    size: (width, height) in pixels, both even (4:2:0 chroma needs pairs).
    fps: frames a second, 1..120.
    ai_label: the visible label; it stands in the corner from the first frame to the last. None is
        “AI 生成”, in a film that is not in Chinese “AI-generated”. The
        text is at least 5 % of the shorter side high (GB 45438-2025). An empty label leaves it
        out, which 《人工智能生成合成内容标识办法》 article 9 allows only where the user has
        asked for it and agreed to label the film himself; the metadata label stays always.
    caption_style: white letters with a dark edge, on a dark box, or "karaoke": an edge, and the
        words in colour as the voice comes to them; without a voice it is an edge only.
    crossfade_ms: length of the fade over a scene change or a card; 0 cuts everywhere.

    Raises FilmError("spec") where a value is out of range.
    """

    size: tuple[int, int] = PORTRAIT
    fps: int = 30
    burn_captions: bool = True
    title_card: bool = True
    credits: bool = True
    caption_style: CaptionStyle = "stroke"
    ai_label: str | None = None
    crossfade_ms: int = 400

    def __post_init__(self) -> None:
        if len(self.size) != 2 or any(
            side % 2 or not MIN_SIDE <= side <= MAX_SIDE for side in self.size
        ):
            raise FilmError(
                "spec",
                f"size {self.size} cannot be encoded: "
                f"give two even numbers from {MIN_SIDE} to {MAX_SIDE}",
                size=self.size,
            )
        if not 1 <= self.fps <= 120:
            raise FilmError("spec", f"fps {self.fps} is not within 1..120", fps=self.fps)
        if self.caption_style not in CAPTION_STYLES:
            raise FilmError(
                "spec",
                f"caption_style {self.caption_style!r} is unknown: "
                f"use one of {', '.join(CAPTION_STYLES)}",
                caption_style=self.caption_style,
            )
        if not 0 <= self.crossfade_ms <= 5000:
            raise FilmError(
                "spec",
                f"crossfade_ms {self.crossfade_ms} is not within 0..5000",
                crossfade_ms=self.crossfade_ms,
            )

    def in_language(self, language: str) -> FilmSpec:
        """With the label in the language (BCP 47) of the film, where none was asked for."""
        if self.ai_label is not None:
            return self
        chinese = language.lower().startswith("zh")
        return replace(self, ai_label=LABEL_CHINESE if chinese else LABEL_ENGLISH)

    @property
    def width(self) -> int:
        return self.size[0]

    @property
    def height(self) -> int:
        return self.size[1]

    @property
    def short_side(self) -> int:
        """Shorter side in pixels; text sizes are fractions of it."""
        return min(self.size)
