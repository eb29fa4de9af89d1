"""A panel: one storyboard picture as vectors, with what was drawn in it."""

from __future__ import annotations

import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from generation.frames.errors import BadSizeError, UnknownStyleError
from generation.frames.sketch import crowd, extras, props, weather
from generation.frames.sketch.camera import place
from generation.frames.sketch.canvas import Canvas
from generation.frames.sketch.exteriors import exterior
from generation.frames.sketch.figure import draw_figure
from generation.frames.sketch.framings import Framing, Placed, framing_of, horizon_of
from generation.frames.sketch.inserts import draw_insert, insert_of
from generation.frames.sketch.interiors import interior
from generation.frames.sketch.lettering import balloons
from generation.frames.sketch.raster import png, raster
from generation.frames.sketch.stage import Setting, Stage, setting_of, stage_for

STYLES = ("ink", "line")
SMALLEST, LARGEST = 64, 8192


@dataclass(frozen=True)
class Panel:
    """A drawn picture; `drawn` are the ids of the characters that stand in it."""

    width: int
    height: int
    svg: str
    drawn: tuple[str, ...]

    def to_svg(self) -> str:
        """The picture as an SVG document (text is outlined, nothing external)."""
        return self.svg

    def to_png(self) -> bytes:
        """The picture as RGB PNG bytes without metadata; the same bytes in every process."""
        return self._png

    @cached_property
    def _png(self) -> bytes:
        return png(raster(self.svg, self.width, self.height))


def checked_size(size: tuple[int, int]) -> tuple[int, int]:
    """The size, or BadSizeError where a side is out of range."""
    width, height = size
    if not (SMALLEST <= width <= LARGEST and SMALLEST <= height <= LARGEST):
        raise BadSizeError(width, height)
    return width, height


def draw(
    shot: Mapping[str, object],
    *,
    cast: Mapping[str, Mapping[str, object]],
    scene: Mapping[str, object],
    size: tuple[int, int] = (1080, 1920),
    style: str = "ink",
    text: Mapping[str, str] | None = None,
) -> Panel:
    """Draws one shot of storyboard.json.

    `shot`, the values of `cast` (by id) and `scene` are objects in the shape of
    storyboard.json; `scene` may carry `setting`. `size` is (width, height) in px, each 64 to
    8192. `style` is "ink" (washes) or "line" (paper behind coloured characters). `text` maps
    speakers' ids to what they say, drawn in balloons.

    Raises UnknownCharacterError, BadShotError, BadSizeError or UnknownStyleError.
    """
    width, height = checked_size(size)
    if style not in STYLES:
        raise UnknownStyleError(style, STYLES)
    people = place(shot, cast, width, height, scene)
    canvas = Canvas(width, height)
    framing, setting = framing_of(shot), setting_of(scene)
    stage = stage_for(canvas, setting, horizon_of(shot, framing) * height)
    if style == "line":
        canvas.rect(0, 0, width, height, "#f6f1e6")
        with canvas.group('opacity="0.3"'):
            _backdrop(stage, framing, bool(people))
    else:
        _backdrop(stage, framing, bool(people))
    _vignette(stage)
    thing = None if people else insert_of(shot)
    if thing is not None:
        draw_insert(stage, thing)
    if framing.whole:
        unit, ground = _scale_of(people, framing, width, height)
        extras.draw_extras(stage, shot, people, unit, ground)
    for one in people:
        _shadow(stage, one, framing)
    for one in people:
        props.behind(stage, one, len(people) == 1)
    for one in people:
        draw_figure(canvas, one.look, one.stand)
        props.before(stage, one, len(people) == 1)
    if not setting.interior:
        weather.fall(stage, front=True)
    if text:
        balloons(canvas, people, text)
    return Panel(width, height, canvas.svg(), tuple(one.look.id for one in people))


def _scale_of(
    people: list[Placed], framing: Framing, width: int, height: int
) -> tuple[float, float]:
    """An adult's head and the ground line, px: of the people, else what the framing means."""
    if people:
        return max(one.stand.unit for one in people), max(one.stand.ground for one in people)
    return height * (framing.tall if width < height else framing.wide), height * 0.9


def _backdrop(stage: Stage, framing: Framing, peopled: bool) -> None:
    w, h, setting = stage.width, stage.height, stage.setting
    zoom = framing.zoom
    x, y = w * 5 * (1 - zoom), stage.horizon * 10 * (1 - zoom)
    with stage.canvas.group(f'transform="matrix({zoom} 0 0 {zoom} {x:.0f} {y:.0f})"'):
        _scenery(stage, setting)
    if setting.crowd:
        size = h * 0.15 * max(1.0, zoom)
        stage.rng = random.Random(setting.seed + 1)  # noqa: S311  # drawing, not secrets
        shore = 0.6 * (h - stage.horizon) if setting.place in ("sea", "river", "boat") else 0.0
        deep = 0.24 * h if setting.interior else 0.0
        foot = stage.horizon + max(size * 0.82, shore, deep)
        crowd.crowd(stage, foot, size, 0.42, 6 if w < h else 12)
    if framing.zoom > 1.2 and peopled:
        stage.canvas.rect(0, 0, w, h, stage.light.haze, min(0.5, 0.2 + 0.16 * (framing.zoom - 1)))


def _scenery(stage: Stage, setting: Setting) -> None:
    if setting.interior:
        interior(stage)
        return
    exterior(stage)
    weather.fall(stage, front=False)


def _shadow(stage: Stage, one: Placed, framing: Framing) -> None:
    stand = one.stand
    aloft = stand.mount is not None and stand.mount.kind == "dragon"
    if (framing.whole or stand.ground < stage.height) and not aloft:
        reach = stand.unit * 1.5 * one.look.width
        fill = stage.canvas.radial(0, 0, 10, (0.0, "#1c1512", 0.42), (1.0, "#1c1512", 0.0))
        place_at = f'transform="matrix({reach / 10:.3f} 0 0 {reach / 44:.3f} {stand.x * 10:.0f} {stand.ground * 10:.0f})"'
        with stage.canvas.group(place_at):
            stage.canvas.rect(-10, -10, 20, 20, fill)
    if stage.light.dark:
        middle = stand.ground - stand.unit * 4.2
        radius = stand.unit * (3.6 if framing.whole else 2.6)
        glow = stage.canvas.radial(
            stand.x, middle, radius, (0.0, "#9fb2d6", 0.5), (1.0, "#9fb2d6", 0.0)
        )
        stage.canvas.rect(stand.x - radius, middle - radius, radius * 2, radius * 2, glow)


def _vignette(stage: Stage) -> None:
    w, h = stage.width, stage.height
    for top, bottom in ((h, h * 0.86), (0.0, h * 0.12)):
        fill = stage.canvas.linear(0, top, 0, bottom, (0.0, "#1c1512", 0.26), (1.0, "#1c1512", 0.0))
        stage.canvas.rect(0, min(top, bottom), w, abs(top - bottom), fill)
