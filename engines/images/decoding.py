"""A picture from outside: looked at before it is decoded, decoded with limits, written anew.

What goes on is pixels only: a picture of ComfyUI carries its whole graph and with it the prompt,
one from a camera the place where it was taken.
"""

from __future__ import annotations

import io
import warnings
from dataclasses import dataclass, field

from PIL import Image, ImageOps, UnidentifiedImageError

LARGEST_FILE = 32 * 1024 * 1024
LARGEST_SIDE = 8192
MOST_PIXELS = 40_000_000
FORMATS = ("PNG", "JPEG", "WEBP")


class BadPicture(ValueError):
    """Bytes that are no picture this house takes; `code` says why."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class CleanPicture:
    """PNG bytes in RGB without metadata; sizes in px."""

    png: bytes = field(repr=False)
    width: int
    height: int


def clean_picture(data: bytes) -> CleanPicture:
    """The same picture as a PNG of our own making. Raises `BadPicture`."""
    if not data:
        raise BadPicture("empty_picture", "the picture is empty")
    if len(data) > LARGEST_FILE:
        raise BadPicture(
            "picture_too_large",
            f"the picture has {len(data)} bytes; at most {LARGEST_FILE} are taken",
        )
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("error", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data), formats=FORMATS) as picture:
                _judge(picture)
                pixels = _rgb(picture)
    except BadPicture:
        raise
    except (UnidentifiedImageError, Image.DecompressionBombWarning) as error:
        raise BadPicture("no_picture", "the bytes are no PNG, JPEG or WebP picture") from error
    except (OSError, ValueError, SyntaxError, MemoryError, Image.DecompressionBombError) as error:
        raise BadPicture("broken_picture", "the picture is cut off or broken") from error
    stream = io.BytesIO()
    # A picture made of the bare pixels has no metadata to take along.
    bare = Image.frombytes("RGB", pixels.size, pixels.tobytes())
    bare.save(stream, "PNG", compress_level=4)
    return CleanPicture(stream.getvalue(), *pixels.size)


def _judge(picture: Image.Image) -> None:
    width, height = picture.size
    if not (0 < width <= LARGEST_SIDE and 0 < height <= LARGEST_SIDE):
        raise BadPicture("picture_too_large", f"a side of {width}x{height} px is too long")
    if width * height > MOST_PIXELS:
        raise BadPicture("picture_too_large", f"{width}x{height} px are too many")
    if getattr(picture, "n_frames", 1) > 1:
        raise BadPicture("moving_picture", "the picture moves; a still one is needed")


def _rgb(picture: Image.Image) -> Image.Image:
    picture.load()
    if picture.mode.startswith("I"):  # 16 bits a pixel: brought to 8, or all of it would be white
        picture = picture.convert("I").point(lambda value: value * (1 / 257)).convert("L")
    upright = ImageOps.exif_transpose(picture) or picture
    if upright.mode in ("RGBA", "LA", "PA") or "transparency" in upright.info:
        clear = upright.convert("RGBA")
        paper = Image.new("RGBA", clear.size, "white")
        return Image.alpha_composite(paper, clear).convert("RGB")
    return upright.convert("RGB")
