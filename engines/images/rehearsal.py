"""The offline kin of every picture engine: flat colours by the words, always the same, for nothing.

It obeys the contract that the adapters obey (tests/engines/images/), so a page, a
quote and a receipt can be walked through where no engine is configured. It draws no likeness.
"""

from __future__ import annotations

import io
from hashlib import sha256

from PIL import Image, ImageDraw

from engines.images.protocol import PictureAnswer, PictureRequest, Watch, asked_before, closest_size
from engines.images.slots import pixels_of

MOST_PIXELS = 640 * 1024


class RehearsalImages:
    """Paper in a colour by the common words and the seed, a block for each region."""

    def __init__(self, name: str = "rehearsal", *, model: str = "rehearsal-1") -> None:
        self.name = name
        self.model = model
        self.version = "rehearsal-images@1"
        self.most_references = 6
        self.takes_regions = True

    def draw(self, request: PictureRequest, watch: Watch | None = None) -> PictureAnswer:
        asked_before(watch, 1)
        size = closest_size(request.width, request.height, MOST_PIXELS)
        words = request.common or request.prompt
        picture = Image.new("RGB", size, _colour(f"{request.seed} {words}", 0.55))
        pen = ImageDraw.Draw(picture)
        for region in request.regions:
            left, top, wide, high = pixels_of(region.box, *size)
            pen.rectangle(
                (left, top, left + wide - 1, top + high - 1), fill=_colour(region.prompt, 0.0)
            )
        for reference in request.references:
            box = reference.box or (0.0, 0.0, 0.1, 0.1)
            left, top, wide, high = pixels_of(box, *size)
            paint = _colour(sha256(reference.picture).hexdigest(), 0.2)
            pen.ellipse((left + wide // 3, top, left + 2 * wide // 3, top + wide // 3), fill=paint)
        stream = io.BytesIO()
        picture.save(stream, "PNG")
        return PictureAnswer(
            png=stream.getvalue(),
            width=size[0],
            height=size[1],
            seed=request.seed,
            model=self.model,
            request_id=request.content_key(self.name, self.model)[:24],
        )

    def recover(self, request: PictureRequest) -> PictureAnswer | None:
        return None


def _colour(words: str, pale: float) -> tuple[int, int, int]:
    red, green, blue = sha256(words.encode("utf-8", "surrogatepass")).digest()[:3]
    return tuple(  # type: ignore[return-value]
        int(channel + (240 - channel) * pale) for channel in (red, green, blue)
    )
