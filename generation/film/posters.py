"""The picture that stands for a film before it plays."""

from __future__ import annotations

from io import BytesIO
from pathlib import Path

import av
import numpy as np
from PIL import Image

from generation.film.errors import FilmError

# Past the title card, before the credits.
_PLACES = (0.2, 0.35, 0.5, 0.65, 0.8)


def poster(film: Path, *, height: int = 960) -> bytes:
    """A JPEG of a good frame of a finished film, at most `height` pixels high.

    Good is rich in contrast and detail: the best of the key frames at five places within the
    film. Raises FilmError("film_unreadable").
    """
    try:
        frames = [_key_frame(film, part) for part in _PLACES]
    except (av.FFmpegError, IndexError, StopIteration) as broken:
        raise FilmError(
            "film_unreadable",
            f"no picture can be read from {film.name}",
            path=str(film),
        ) from broken
    picture = max(frames, key=_richness)
    if picture.height > height:
        size = (max(1, picture.width * height // picture.height), height)
        picture = picture.resize(size, Image.Resampling.LANCZOS)
    buffer = BytesIO()
    picture.save(buffer, "JPEG", quality=88)
    return buffer.getvalue()


def _key_frame(film: Path, part: float) -> Image.Image:
    with av.open(str(film)) as container:
        container.seek(int((container.duration or 0) * part))
        return next(container.decode(video=0)).to_image()


def _richness(picture: Image.Image) -> float:
    """Spread of brightness plus the mean step from pixel to pixel, on a small grey copy."""
    grey = np.asarray(picture.convert("L").resize((90, 160)), np.float32)
    return float(grey.std() + np.abs(np.diff(grey, axis=1)).mean())
