"""Camera movement over a still: where the view begins and where it ends.

A view is a box in the picture's own coordinates, 0..1 of its width and height. The view glides
from the first box to the last in equal steps, so the step from frame to frame never varies: what
jitter is left is the resampling's.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# How much closer the near end of a movement is than the whole picture.
PUSH_ZOOM = 1.14
SLIDE_ZOOM = 1.12
TRACK_ZOOM = (1.08, 1.14)
# A slide covers this part of the view a second at most, or the eye cannot follow.
MAX_SLIDE = 0.06
MIN_SLIDE = 0.12
# Eyes and faces sit above the middle.
DEFAULT_FOCUS = (0.5, 0.42)


@dataclass(frozen=True)
class Box:
    """Left, top, width and height as parts (0..1) of the picture."""

    x: float
    y: float
    width: float
    height: float

    def towards(self, other: Box, progress: float) -> Box:
        """The box `progress` (0..1) of the way to `other`."""
        return Box(
            self.x + (other.x - self.x) * progress,
            self.y + (other.y - self.y) * progress,
            self.width + (other.width - self.width) * progress,
            self.height + (other.height - self.height) * progress,
        )


@dataclass(frozen=True)
class Path:
    """The movement of a view; both boxes have the aspect of the film and lie in the picture."""

    start: Box
    end: Box

    def at(self, progress: float) -> Box:
        return self.start.towards(self.end, progress)

    @property
    def moves(self) -> bool:
        return self.start != self.end

    @property
    def nearest(self) -> float:
        """Width of the narrowest view: how finely the picture has to be kept."""
        return min(self.start.width, self.end.width)


def focus(shot: Mapping[str, Any]) -> tuple[float, float]:
    """Where the eye should rest: the middle of the faces of those seen, 0..1 of the frame."""
    boxes = [person["box"] for person in shot["cast"]]
    if not boxes:
        return DEFAULT_FOCUS
    x = sum(left + width / 2 for left, _, width, _ in boxes) / len(boxes)
    y = sum(top + height * 0.3 for _, top, _, height in boxes) / len(boxes)
    return min(1.0, max(0.0, x)), min(1.0, max(0.0, y))


def plan(
    movement: str,
    picture: tuple[int, int],
    film: tuple[int, int],
    at: tuple[float, float] = DEFAULT_FOCUS,
    seconds: float = 3.0,
) -> Path:
    """The path of a shot's movement over a picture of any size (pixels) that covers the film.

    movement: "static", "push_in", "pull_out", "pan", "tilt" or "track"; at: see focus().
    """
    cover = _cover(picture, film)
    if movement == "push_in":
        return Path(_view(cover, 1.0, at), _view(cover, PUSH_ZOOM, at))
    if movement == "pull_out":
        return Path(_view(cover, PUSH_ZOOM, at), _view(cover, 1.0, at))
    if movement == "pan":
        return _slide(_view(cover, SLIDE_ZOOM, at), at, seconds, horizontal=True)
    if movement == "tilt":
        return _slide(_view(cover, SLIDE_ZOOM, at), at, seconds, horizontal=False)
    if movement == "track":
        far, near = (_view(cover, zoom, at) for zoom in TRACK_ZOOM)
        begin = _slide(far, at, seconds, horizontal=True).start
        return Path(begin, near)
    still = _view(cover, 1.0, at)
    return Path(still, still)


def _cover(picture: tuple[int, int], film: tuple[int, int]) -> tuple[float, float]:
    """Parts of the picture that the widest view of the film's aspect takes."""
    scale = max(film[0] / picture[0], film[1] / picture[1])
    return film[0] / (picture[0] * scale), film[1] / (picture[1] * scale)


def _view(cover: tuple[float, float], zoom: float, at: tuple[float, float]) -> Box:
    width, height = cover[0] / zoom, cover[1] / zoom
    return Box(
        min(max(at[0] - width / 2, 0.0), 1.0 - width),
        min(max(at[1] - height / 2, 0.0), 1.0 - height),
        width,
        height,
    )


def _slide(view: Box, at: tuple[float, float], seconds: float, *, horizontal: bool) -> Path:
    """A slide that comes to rest on the side where the focus is."""
    size = view.width if horizontal else view.height
    target = at[0] if horizontal else at[1]
    travel = min(1.0 - size, size * max(MIN_SLIDE, MAX_SLIDE * seconds))
    middle = min(max(target - size / 2, travel / 2), 1.0 - size - travel / 2)
    forward = target >= 0.5
    ends = (middle - travel / 2, middle + travel / 2)
    first, last = ends if forward else ends[::-1]
    if horizontal:
        return Path(
            Box(first, view.y, view.width, view.height),
            Box(last, view.y, view.width, view.height),
        )
    return Path(
        Box(view.x, first, view.width, view.height),
        Box(view.x, last, view.width, view.height),
    )
