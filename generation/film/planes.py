"""Pictures as the encoder wants them: three 8-bit planes of 4:2:0 Y'CbCr (BT.709, limited range).

Every frame is resampled, blended and lettered in these planes. That is 1.5 bytes a pixel instead
of Pillow's 4 for RGB, and the colour conversion happens once a shot and not once a frame.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from cykooz_resizer import CropBox, FilterType, ResizeAlg, ResizeOptions, Resizer
from numpy.typing import NDArray
from PIL import Image

if TYPE_CHECKING:
    import av

Plane = NDArray[np.uint8]
# Side of the squares that a plane is transposed in; a strip of them fits the nearest cache.
_TILE = 64


@dataclass(frozen=True)
class Planes:
    """`y` is (height, width), `u` and `v` are half of it each way; both sizes are even."""

    y: Plane
    u: Plane
    v: Plane

    @property
    def size(self) -> tuple[int, int]:
        """(width, height) in pixels."""
        return self.y.shape[1], self.y.shape[0]

    @classmethod
    def from_image(cls, picture: Image.Image) -> Planes:
        """Convert a picture of even width and height."""
        # PyAV loads FFmpeg's libraries; only a film that is really made should pay for that.
        from av import VideoFrame
        from av.video.reformatter import ColorRange, Colorspace

        frame = VideoFrame.from_image(picture.convert("RGB")).reformat(
            format="yuv420p",
            dst_colorspace=Colorspace.ITU709,
            dst_color_range=ColorRange.MPEG,
        )
        return cls(
            *(
                np.frombuffer(bytes(plane), np.uint8)
                .reshape(-1, plane.line_size)[: plane.height, : plane.width]
                .copy()
                for plane in frame.planes
            )
        )

    def blend(self, other: Planes, part: float) -> Planes:
        """`part` (0..1) of `other` over the rest of this picture."""
        return Planes(
            _blended(self.y, other.y, part),
            _blended(self.u, other.u, part),
            _blended(self.v, other.v, part),
        )

    def copy(self) -> Planes:
        return Planes(self.y.copy(), self.u.copy(), self.v.copy())

    def to_frame(self) -> av.VideoFrame:
        """A new frame for the encoder."""
        from av import VideoFrame

        frame = VideoFrame(*self.size, "yuv420p")
        for plane, rows in zip(frame.planes, (self.y, self.u, self.v), strict=True):
            target = np.frombuffer(memoryview(plane), np.uint8).reshape(-1, plane.line_size)
            target[: plane.height, : plane.width] = rows
        return frame


class Negative:
    """A picture to take many views of.

    A view is resampled in two passes, each along the rows of memory, where SIMD is four to ten
    times faster than across: so the planes are kept transposed and turned between the passes.
    """

    def __init__(self, planes: Planes) -> None:
        self.size = planes.size
        self._planes = [_transposed(plane) for plane in (planes.y, planes.u, planes.v)]

    def view(self, box: tuple[float, float, float, float], size: tuple[int, int]) -> Planes:
        """The part within `box` (left, top, width, height in pixels; fractions count), scaled to
        `size` (even). Bilinear, with the filter widened where it shrinks, so that fine lines do
        not flicker while the box glides. The box lies within the picture."""
        scales = (1, 2, 2)
        return Planes(
            *(
                _view(
                    plane,
                    (box[0] / scale, box[1] / scale, box[2] / scale, box[3] / scale),
                    (size[0] // scale, size[1] // scale),
                )
                for plane, scale in zip(self._planes, scales, strict=True)
            )
        )


@dataclass(frozen=True)
class Overlay:
    """Lettering that is laid over frames at an even (x, y); drawn once, pasted many times.

    `ink` is colour times cover, `clear` is 255 minus cover, both 0..255 for each of the planes.
    """

    ink: tuple[NDArray[np.uint16], ...]
    clear: tuple[NDArray[np.uint16], ...]
    x: int
    y: int

    @classmethod
    def from_image(cls, picture: Image.Image, origin: tuple[int, int]) -> Overlay | None:
        """From an RGBA layer (even size) at an even `origin`; None where nothing is drawn."""
        drawn = picture.getbbox()
        if drawn is None:
            return None
        left, top = drawn[0] // 2 * 2, drawn[1] // 2 * 2
        right, bottom = (drawn[2] + 1) // 2 * 2, (drawn[3] + 1) // 2 * 2
        part = picture.crop((left, top, right, bottom))
        cover = part.getchannel("A")
        planes = Planes.from_image(part.convert("RGB"))
        covers = [np.asarray(mask, np.uint16) for mask in (cover, *[cover.reduce(2)] * 2)]
        colours = (planes.y, planes.u, planes.v)
        return cls(
            tuple(plane * mask for plane, mask in zip(colours, covers, strict=True)),
            tuple(255 - mask for mask in covers),
            origin[0] + left,
            origin[1] + top,
        )

    def paste_on(self, planes: Planes) -> None:
        """Draw onto `planes` in place."""
        targets = zip((planes.y, planes.u, planes.v), (1, 2, 2), self.ink, self.clear, strict=True)
        for plane, scale, ink, clear in targets:
            top, left = self.y // scale, self.x // scale
            spot = plane[top : top + ink.shape[0], left : left + ink.shape[1]]
            # 255 * 255 plus half of 255 for rounding still fits 16 bits.
            spot[:] = (spot * clear + ink + 127) // 255


def resize(
    picture: Image.Image, size: tuple[int, int], box: tuple[float, float, float, float]
) -> Image.Image:
    """The part of an RGB picture within `box` (left, top, width, height in pixels), scaled to
    `size` by the sharp Catmull-Rom filter."""
    result = Image.new("RGB", size)
    _run(picture, result, FilterType.catmull_rom, box)
    return result


def _run(
    source: Image.Image,
    target: Image.Image,
    filter_type: FilterType,
    box: tuple[float, float, float, float],
) -> None:
    options = ResizeOptions(
        resize_alg=ResizeAlg.convolution(filter_type),
        crop_box=CropBox(*box),
        use_alpha=False,
    )
    Resizer().resize_pil(source, target, options)


def _blended(below: Plane, above: Plane, part: float) -> Plane:
    weight = np.int16(round(part * 128))
    change = above.astype(np.int16)
    change -= below
    change *= weight
    change >>= 7
    change += below
    return change.astype(np.uint8)


def _view(turned: Plane, box: tuple[float, float, float, float], size: tuple[int, int]) -> Plane:
    left, top, width, height = box
    # Only the lines of the picture that the second pass will read; its filter reaches one
    # reduced pixel beyond the box.
    reach = int(height / size[1]) + 2
    first = max(0, int(top) - reach)
    last = min(turned.shape[1], int(top + height) + reach + 1)
    across = _resampled(turned, (first, left, last - first, width), (last - first, size[0]))
    return _resampled(_transposed(across), (0.0, top - first, size[0], height), size)


def _resampled(
    plane: Plane, box: tuple[float, float, float, float], size: tuple[int, int]
) -> Plane:
    result = np.empty((size[1], size[0]), np.uint8)
    _run(_as_image(plane), _as_image(result), FilterType.bilinear, box)
    return result


def _as_image(plane: Plane) -> Image.Image:
    """A Pillow image over the array's own memory: what is written to one is in the other."""
    size = (plane.shape[1], plane.shape[0])
    return Image.frombuffer("L", size, plane, "raw", "L", 0, 1)


def _transposed(plane: Plane) -> Plane:
    result = np.empty(plane.shape[::-1], np.uint8)
    for row in range(0, plane.shape[0], _TILE):
        result[:, row : row + _TILE] = plane[row : row + _TILE].T
    return result
