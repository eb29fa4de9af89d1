"""Title card, chapter cards and credits: lettering over a dimmed picture of the film."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image, ImageDraw, ImageEnhance, ImageFilter, ImageOps

from generation.film.breaking import break_lines
from generation.film.fonts import BODY_WEIGHT, HEADING_WEIGHT, drawable, load
from generation.film.frames import open_frame
from generation.film.schedule import Clip, Timeline
from generation.film.spec import FilmSpec

_INK = (250, 247, 240)
_SOFT = (205, 200, 190)
_ACCENT = (214, 170, 96)
_CAST_NAMES = 8
# "第十二回 …", "卷三　…", "Chapter IV. …": a number that stands before a name.
_NUMBERED = re.compile(
    r"(?P<number>(?:chapter|part|book)\s+[\w-]{1,12}|[第卷]\S{1,11}?)[.:：、]?\s+(?P<name>\S.*)",
    re.IGNORECASE | re.DOTALL,
)


@dataclass(frozen=True)
class Wording:
    """The words of the cards in one language."""

    disclosure: str
    cast: str
    pictures: str
    text: str
    voice: str
    music: str
    sketch: str
    rules: str

    def engine(self, name: str) -> str:
        """What an engine is called on a card; ours have names for people."""
        return {"sketch": self.sketch, "sketch-line": self.sketch, "offline": self.rules}.get(
            name, name
        )


WORDING = {
    "zh-hans": Wording(
        "本片由人工智能生成合成", "人物", "画面", "分镜", "配音", "音乐", "速写引擎", "规则引擎"
    ),
    "zh-hant": Wording(
        "本片由人工智慧生成合成", "人物", "畫面", "分鏡", "配音", "音樂", "速寫引擎", "規則引擎"
    ),
    "en": Wording(
        "This film was generated with artificial intelligence",
        "Characters",
        "Pictures",
        "Storyboard",
        "Voices",
        "Music",
        "Sketch engine",
        "House rules",
    ),
}


def wording(language: str) -> Wording:
    """The cards' words for a BCP 47 tag; English where the language is not Chinese."""
    tag = language.lower()
    if tag.startswith(("zh-hant", "zh-tw", "zh-hk", "zh-mo")):
        return WORDING["zh-hant"]
    return WORDING["zh-hans" if tag.startswith("zh") else "en"]


def backdrop(picture: Image.Image | None, spec: FilmSpec) -> Image.Image:
    """A blurred, darkened picture that fills the film; a plain dark ground without one."""
    if picture is None:
        return Image.new("RGB", spec.size, (22, 22, 28))
    # The blur hides all detail, so it may as well work on a small copy.
    small = (max(2, spec.width // 6), max(2, spec.height // 6))
    soft = ImageOps.fit(picture.convert("RGB"), small, Image.Resampling.BOX)
    soft = soft.filter(ImageFilter.GaussianBlur(max(2, min(small) * 0.06)))
    soft = ImageEnhance.Color(soft).enhance(0.7)
    ground = soft.resize(spec.size, Image.Resampling.BICUBIC)
    return Image.blend(ground, Image.new("RGB", spec.size, (10, 10, 14)), 0.66)


def draw_card(
    board: Mapping[str, Any], base: Path, timeline: Timeline, clip: Clip, spec: FilmSpec
) -> Image.Image:
    """The picture of a card, over the frame of the shot that comes next (of the last one for the
    credits). Raises FilmError where that frame cannot be opened."""
    with open_frame(board["shots"][_ground(timeline, clip)], base) as picture:
        if clip.kind == "title":
            return title_card(board, picture, spec)
        if clip.chapter is not None:
            return chapter_card(board, clip.chapter, picture, spec)
        return credits_card(board, picture, spec)


def _ground(timeline: Timeline, clip: Clip) -> int:
    """The shot whose picture lies under a card."""
    shots = [(at.start_ms, at.shot) for at in timeline.clips if at.shot is not None]
    following = [shot for start_ms, shot in shots if start_ms >= clip.end_ms]
    return (following or [shot for _start, shot in shots[-1:]])[0]


def card_facts(board: Mapping[str, Any], timeline: Timeline, clip: Clip) -> tuple[list[Any], int]:
    """All that is written on a card, and the shot whose picture lies under it."""
    usage = board["usage"]
    facts: list[Any] = [board["novel"]["title"]]
    if clip.chapter is not None:
        facts.append(board["chapters"][clip.chapter]["title"])
    if clip.kind == "credits":
        facts += [_names(board), usage["frame_engine"], usage["text_engine"], credits_of(board)]
    return facts, _ground(timeline, clip)


def _names(board: Mapping[str, Any]) -> list[str]:
    """Who is in the film, the most mentioned first."""
    people = sorted(board["cast"], key=lambda person: -person["mentions"])
    return [person["name"] for person in people[:_CAST_NAMES]]


def credits_of(board: Mapping[str, Any]) -> dict[str, str]:
    """Who made the sound: board["film"] = {"voice": …, "music": …} where there is one."""
    told = board.get("film") or {}
    return {name: str(told[name]) for name in ("voice", "music") if told.get(name)}


def title_card(
    board: Mapping[str, Any], picture: Image.Image | None, spec: FilmSpec
) -> Image.Image:
    """The novel's title and the disclosure."""
    language = board["novel"]["language"]
    card = backdrop(picture, spec)
    column = _Column(card, spec, language)
    column.heading(board["novel"]["title"], 0.115)
    column.rule()
    column.text(wording(language).disclosure, 0.042, _SOFT)
    column.finish()
    return card


def chapter_card(
    board: Mapping[str, Any], chapter: int, picture: Image.Image | None, spec: FilmSpec
) -> Image.Image:
    """A chapter's heading: its number small, its name large."""
    title = board["chapters"][chapter]["title"].strip()
    card = backdrop(picture, spec)
    column = _Column(card, spec, board["novel"]["language"])
    numbered = _NUMBERED.match(title)
    if numbered:
        column.text(numbered["number"], 0.05, _ACCENT)
        column.heading(numbered["name"], 0.085)
    else:
        column.heading(title, 0.085)
    column.rule()
    column.finish()
    return card


def credits_card(
    board: Mapping[str, Any], picture: Image.Image | None, spec: FilmSpec
) -> Image.Image:
    """Who and what the film was made from, and the disclosure."""
    language = board["novel"]["language"]
    words = wording(language)
    usage = board["usage"]
    card = backdrop(picture, spec)
    column = _Column(card, spec, language)
    column.heading(board["novel"]["title"], 0.07)
    column.rule()
    joiner = "、" if language.lower().startswith("zh") else ", "
    if names := _names(board):
        column.entry(words.cast, joiner.join(names))
    column.entry(words.pictures, words.engine(usage["frame_engine"]))
    column.entry(words.text, words.engine(usage["text_engine"]))
    sound = credits_of(board)
    for name, title in (("voice", words.voice), ("music", words.music)):
        if name in sound:
            column.entry(title, sound[name])
    column.rule()
    column.text(words.disclosure, 0.046, _INK)
    column.finish()
    return card


@dataclass(frozen=True)
class _Row:
    text: str
    size: int
    weight: int
    colour: tuple[int, int, int]
    gap: int


class _Column:
    """Rows of text stacked and centred on a card."""

    def __init__(self, card: Image.Image, spec: FilmSpec, language: str) -> None:
        self.card, self.spec, self.language = card, spec, language
        self.rows: list[_Row | None] = []
        self.unit = spec.short_side

    def heading(self, text: str, part: float) -> None:
        """Large text, made smaller until its lines leave room for the rest of the card."""
        size = self._pixels(part)
        while size > 12 and len(self._lines(text, size, HEADING_WEIGHT)) > 4:
            size = int(size * 0.88)
        self._add(text, size, HEADING_WEIGHT, _INK, 0.02)

    def text(self, text: str, part: float, colour: tuple[int, int, int]) -> None:
        self._add(text, self._pixels(part), BODY_WEIGHT, colour, 0.02)

    def entry(self, name: str, value: str) -> None:
        self._add(name, self._pixels(0.034), BODY_WEIGHT, _ACCENT, 0.004)
        self._add(value, self._pixels(0.042), BODY_WEIGHT, _INK, 0.028)

    def rule(self) -> None:
        self.rows.append(None)

    def finish(self) -> None:
        """Draw all rows, a little above the middle; smaller where they would not fit."""
        # The AI label has the top to itself.
        room = self.spec.height * 0.74
        scale = min(1.0, room / self._height(1.0))
        draw = ImageDraw.Draw(self.card)
        y = (self.spec.height - self._height(scale)) * 0.48
        for row in self.rows:
            if row is None:
                middle, half = self.spec.width / 2, self.unit * 0.06
                at = y + self._rule_height(scale) / 2
                thick = max(2, round(self.unit * 0.004))
                draw.line((middle - half, at, middle + half, at), fill=_ACCENT, width=thick)
                y += self._rule_height(scale)
                continue
            size = max(8, int(row.size * scale))
            font = load(size, row.weight, self.language)
            centre = (self.spec.width / 2, y + size * 0.65)
            draw.text(centre, row.text, font=font, fill=row.colour, anchor="mm")
            y += size * 1.3 + row.gap * scale

    def _add(
        self,
        text: str,
        size: int,
        weight: int,
        colour: tuple[int, int, int],
        gap: float,
    ) -> None:
        lines = self._lines(text, size, weight)
        for index, line in enumerate(lines):
            last = index == len(lines) - 1
            self.rows.append(
                _Row(line, size, weight, colour, round(self.unit * gap) if last else 0)
            )

    def _lines(self, text: str, size: int, weight: int) -> list[str]:
        font = load(size, weight, self.language)
        room = self.spec.width * 0.84
        return [line.text for line in break_lines(drawable(text), room, font.getlength)]

    def _pixels(self, part: float) -> int:
        return max(10, round(self.unit * part))

    def _rule_height(self, scale: float) -> float:
        return self.unit * 0.075 * scale

    def _height(self, scale: float) -> float:
        return sum(
            self._rule_height(scale) if row is None else (row.size * 1.3 + row.gap) * scale
            for row in self.rows
        )
