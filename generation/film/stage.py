"""Draw any frame of a film: the clips' pictures, their movement, fades, captions and label."""

from __future__ import annotations

import math
from collections.abc import Mapping
from concurrent.futures import Executor, Future
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path
from typing import Any, Protocol

from PIL import Image

from generation.film import motion
from generation.film.captions import draw_caption, draw_label
from generation.film.cards import draw_card
from generation.film.frames import open_frame
from generation.film.planes import Negative, Overlay, Planes, resize
from generation.film.schedule import Clip, Cue, Timeline
from generation.film.spec import FilmSpec

# Pictures are kept a little finer than the film shows them: every view is then a reduction, whose
# wider filter keeps sharpness even while the view glides over the pixel grid.
OVERSAMPLING = 1.08
# A picture of quite another shape than the film's is cut to what its movement shows where all of it
# would have more pixels than this at the film's scale.
_MOST_PIXELS = 24_000_000


class Plate(Protocol):
    """A clip's picture, ready to be filmed."""

    def view(self, progress: float, size: tuple[int, int]) -> Planes:
        """A fresh picture of `size`, `progress` (0..1) of the way through the clip."""


@dataclass(frozen=True)
class StillPlate:
    """A picture of the film's size that does not move."""

    picture: Planes

    def view(self, progress: float, size: tuple[int, int]) -> Planes:
        return self.picture.copy()


@dataclass(frozen=True)
class MovingPlate:
    """A larger picture that the view glides over."""

    negative: Negative
    path: motion.Path

    def view(self, progress: float, size: tuple[int, int]) -> Planes:
        box = self.path.at(progress)
        width, height = self.negative.size
        left, top = max(0.0, box.x * width), max(0.0, box.y * height)
        # Rounding may carry the far edge a hair over the picture's.
        box_size = (min(box.width * width, width - left), min(box.height * height, height - top))
        return self.negative.view((left, top, *box_size), size)


@dataclass(frozen=True)
class Layer:
    """A plate that is seen in a frame, covering what is below it by `part` (0..1)."""

    plate: Future[Plate]
    progress: float
    part: float


@dataclass(frozen=True)
class Moment:
    """What one frame shows; its parts may still be in the making."""

    layers: tuple[Layer, ...]
    caption: Future[Overlay | None] | None


class Stage:
    """Frames of one film. prepare() takes rising frame numbers, gaps allowed, because plates and captions that
    are past are let go; draw() works in any thread of `pool`. What a moment needs is submitted
    before the moment can be, so a pool that works in order never waits for itself.
    """

    def __init__(
        self,
        board: Mapping[str, Any],
        base: Path,
        timeline: Timeline,
        spec: FilmSpec,
        pool: Executor,
    ) -> None:
        self.board, self.base, self.spec, self.pool = board, base, spec, pool
        self.timeline = timeline
        self.language: str = board["novel"]["language"]
        self.spans = [timeline.frames(clip) for clip in timeline.clips]
        self.fades = self._fade_halves()
        self.label = draw_label(spec, self.language)
        self._plates: dict[int, Future[Plate]] = {}
        self._caption: tuple[Cue, int, Future[Overlay | None]] | None = None
        self._current = 0

    def prepare(self, frame: int) -> Moment:
        """Start making everything that drawing `frame` needs."""
        clips = self.timeline.clips
        while frame >= self.spans[self._current][1] and self._current + 1 < len(clips):
            self._current += 1
        here = self._current
        for index in [index for index in self._plates if index < here - 1]:
            del self._plates[index]
        for index in (here - 1, here, here + 1):
            behind = index < here and frame >= self.spans[here][0] + self.fades[here]
            if 0 <= index < len(clips) and index not in self._plates and not behind:
                self._plates[index] = self.pool.submit(self._make_plate, clips[index])
        return Moment(self._layers(frame), self._caption_at(frame))

    def draw(self, moment: Moment) -> Planes:
        """The finished picture of a prepared moment."""
        size = self.spec.size
        views = [layer.plate.result().view(layer.progress, size) for layer in moment.layers]
        picture = views[0]
        for view, layer in zip(views[1:], moment.layers[1:], strict=True):
            picture = picture.blend(view, layer.part)
        caption = moment.caption.result() if moment.caption else None
        for overlay in (self.label, caption):
            if overlay is not None:
                overlay.paste_on(picture)
        return picture

    def _fade_halves(self) -> list[int]:
        """For each cut, in frames, how far the fade reaches to both sides; one more at the end."""
        wanted = round(self.spec.crossfade_ms * self.spec.fps / 2000)
        lengths = [end - first for first, end in self.spans]
        halves = [
            min(wanted, before // 3, after // 3) if clip.scene_change else 0
            for (before, after), clip in zip(
                pairwise(lengths), self.timeline.clips[1:], strict=True
            )
        ]
        return [0, *halves, 0]

    def _layers(self, frame: int) -> tuple[Layer, ...]:
        here = self._current
        first, end = self.spans[here]
        lead, tail = self.fades[here], self.fades[here + 1]
        if frame < first + lead:
            cut, half, lower = first, lead, here - 1
        elif tail and frame >= end - tail:
            cut, half, lower = end, tail, here
        else:
            return (self._layer(here, frame, 1.0),)
        part = (frame - (cut - half) + 0.5) / (2 * half)
        return self._layer(lower, frame, 1.0), self._layer(lower + 1, frame, part)

    def _layer(self, index: int, frame: int, part: float) -> Layer:
        first, end = self.spans[index]
        begin = first - self.fades[index]
        last = end + self.fades[index + 1] - 1
        progress = (frame - begin) / (last - begin) if last > begin else 0.0
        return Layer(self._plates[index], min(1.0, max(0.0, progress)), part)

    def _caption_at(self, frame: int) -> Future[Overlay | None] | None:
        found = self.caption(self._current, frame - self.spans[self._current][0])
        if found is None:
            return None
        cue, lit = found
        if self._caption is None or self._caption[:2] != (cue, lit):
            drawing = self.pool.submit(draw_caption, cue.lines, self.spec, self.language, lit)
            self._caption = cue, lit, drawing
        return self._caption[2]

    def caption(self, index: int, frame: int) -> tuple[Cue, int] | None:
        """The cue on the screen in a frame of a clip, counted from the clip's first, and how many
        of its characters are lit."""
        if not self.spec.burn_captions:
            return None
        clip = self.timeline.clips[index]
        now = clip.start_ms + frame * 1000 / self.spec.fps
        # A moment within half a frame belongs to the frame, so that rounding decides nothing.
        now += 250 / self.spec.fps
        for cue in clip.cues:
            if cue.start_ms <= now < cue.end_ms:
                karaoke = self.spec.caption_style == "karaoke"
                lit = [said for at, said in cue.steps if at <= now] if karaoke else []
                return cue, lit[-1] if lit else 0
        return None

    def _make_plate(self, clip: Clip) -> Plate:
        if clip.shot is None:
            card = draw_card(self.board, self.base, self.timeline, clip, self.spec)
            return StillPlate(Planes.from_image(card))
        shot = self.board["shots"][clip.shot]
        with open_frame(shot, self.base) as opened:
            picture = opened.convert("RGB")
        path = motion.plan(
            clip.movement,
            picture.size,
            self.spec.size,
            motion.focus(shot),
            clip.duration_ms / 1000,
        )
        if not path.moves:
            return StillPlate(Planes.from_image(_cropped(picture, path.start, self.spec.size)))
        if _pixels(picture, path, self.spec.width) > _MOST_PIXELS:
            picture, path = _shown(picture, path)
        scaled = _scaled(picture, path, self.spec.width)
        return MovingPlate(Negative(Planes.from_image(scaled)), path)


def _cropped(picture: Image.Image, box: motion.Box, size: tuple[int, int]) -> Image.Image:
    width, height = picture.size
    left, top = box.x * width, box.y * height
    part = (
        left,
        top,
        min(box.width * width, width - left),
        min(box.height * height, height - top),
    )
    return resize(picture, size, part)


def _shown(picture: Image.Image, path: motion.Path) -> tuple[Image.Image, motion.Path]:
    """What the movement shows of a picture, and the same movement over that part."""
    width, height = picture.size
    boxes = (path.start, path.end)
    left = math.floor(min(box.x for box in boxes) * width)
    top = math.floor(min(box.y for box in boxes) * height)
    right = min(width, math.ceil(max(box.x + box.width for box in boxes) * width))
    bottom = min(height, math.ceil(max(box.y + box.height for box in boxes) * height))
    part = picture.crop((left, top, right, bottom))
    start, end = (
        motion.Box(
            (box.x * width - left) / part.width,
            (box.y * height - top) / part.height,
            box.width * width / part.width,
            box.height * height / part.height,
        )
        for box in boxes
    )
    return part, motion.Path(start, end)


def _scale(picture: Image.Image, path: motion.Path, film_width: int) -> float:
    return film_width * OVERSAMPLING / (path.nearest * picture.width)


def _pixels(picture: Image.Image, path: motion.Path, film_width: int) -> float:
    return picture.width * picture.height * _scale(picture, path, film_width) ** 2


def _scaled(picture: Image.Image, path: motion.Path, film_width: int) -> Image.Image:
    """The whole picture at the scale where the nearest view is OVERSAMPLING times the film."""
    scale = _scale(picture, path, film_width)
    size = (
        round(picture.width * scale / 2) * 2,
        round(picture.height * scale / 2) * 2,
    )
    return resize(picture, size, (0.0, 0.0, picture.width, picture.height))
