"""What the slots of a template stand for in one request: numbers, words, masks."""

from __future__ import annotations

import base64
import io
from collections.abc import Callable
from typing import Any

from PIL import Image, ImageDraw

from engines.images.protocol import Box, PictureRequest
from engines.images.templates import Template

# How a picture is handed to the engine: its name there, or its text in base64.
Hand = Callable[[bytes, str], Any]
STEP = 8  # px that conditioning areas are counted in


def mask_png(box: Box | None, width: int, height: int) -> bytes:
    """A mask in grey, white where the box is; all white where there is none."""
    picture = Image.new("L", (width, height), 255 if box is None else 0)
    if box is not None:
        left, top, wide, high = pixels_of(box, width, height)
        ImageDraw.Draw(picture).rectangle((left, top, left + wide - 1, top + high - 1), fill=255)
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=1)
    return stream.getvalue()


def pixels_of(box: Box, width: int, height: int) -> tuple[int, int, int, int]:
    """left, top, width, height in px, in whole steps, inside of the picture, never empty."""
    x, y, wide, high = box
    left = min(max(0, round(x * width / STEP) * STEP), max(0, width - STEP))
    top = min(max(0, round(y * height / STEP) * STEP), max(0, height - STEP))
    right = min(width, max(left + STEP, round((x + wide) * width / STEP) * STEP))
    bottom = min(height, max(top + STEP, round((y + high) * height / STEP) * STEP))
    return left, top, right - left, bottom - top


def base64_of(picture: bytes, _kind: str) -> str:
    return base64.b64encode(picture).decode()


class Slots:
    """The values of one request at the size that the engine draws; `hand` passes pictures on."""

    def __init__(
        self,
        request: PictureRequest,
        template: Template,
        *,
        size: tuple[int, int],
        model: str,
        job: str,
        hand: Hand = base64_of,
    ) -> None:
        self.request = request
        self.width, self.height = size
        self.model, self.job, self.hand = model, job, hand
        self.references = request.references[: template.most_references]
        self._parameters = template.parameter_values(request.parameters)

    def value(self, slot: str) -> Any:
        """What a general slot stands for."""
        request = self.request
        if slot in self._parameters:
            number = self._parameters[slot]
            return int(number) if float(number).is_integer() else number
        if slot == "source":
            return self.hand(request.source, "source") if request.source is not None else ""
        plain: dict[str, Any] = {
            "prompt": request.prompt,
            "negative": request.negative,
            # Without regions there is nowhere else to say who is in the picture.
            "common": request.common if request.regions and request.common else request.prompt,
            "seed": request.seed,
            "width": self.width,
            "height": self.height,
            "size": f"{self.width}x{self.height}",
            "model": self.model,
            "strength": request.strength,
            "job": self.job,
            "count": len(request.regions),
        }
        if slot == "ratios":
            return ratios_of(request)
        if slot == "regional_prompt":
            return regional_prompt(request)
        return plain[slot]

    def item(self, over: str, order: int) -> Callable[[str], Any]:
        """What the slots of one region or reference stand for."""
        return self._region(order) if over == "regions" else self._reference(order)

    def _region(self, order: int) -> Callable[[str], Any]:
        region = self.request.regions[order]
        left, top, wide, high = pixels_of(region.box, self.width, self.height)
        plain: dict[str, Any] = {
            "region.prompt": region.prompt,
            "region.negative": region.negative,
            "region.number": order + 1,
            "region.left": left,
            "region.top": top,
            "region.wide": wide,
            "region.high": high,
            **dict(
                zip(
                    ("region.x", "region.y", "region.width", "region.height"),
                    (round(side, 4) for side in region.box),
                    strict=True,
                )
            ),
        }

        def told(slot: str) -> Any:
            if slot == "region.mask":
                return self.hand(mask_png(region.box, self.width, self.height), "mask")
            return plain[slot]

        return told

    def _reference(self, order: int) -> Callable[[str], Any]:
        reference = self.references[order]

        def told(slot: str) -> Any:
            if slot == "reference.image":
                return self.hand(reference.picture, "reference")
            if slot == "reference.mask":
                return self.hand(mask_png(reference.box, self.width, self.height), "mask")
            return order + 1

        return told


def ratios_of(request: PictureRequest) -> str:
    """Column widths for Regional Prompter, from the middles of the regions, left to right."""
    regions = request.regions
    if len(regions) < 2:
        return "1"
    middles = [region.box[0] + region.box[2] / 2 for region in regions]
    edges = [0.0, *((a + b) / 2 for a, b in zip(middles, middles[1:], strict=False)), 1.0]
    widths = [max(0.05, b - a) for a, b in zip(edges, edges[1:], strict=False)]
    return ",".join(f"{width:.2f}" for width in widths)


def regional_prompt(request: PictureRequest) -> str:
    """`common ADDCOMM region BREAK region`; as many parts as ratios, or the extension breaks."""
    if not request.regions:
        return request.prompt
    parts = " BREAK ".join(_unbroken(region.prompt) for region in request.regions)
    return f"{_unbroken(request.common)} ADDCOMM {parts}" if request.common else parts


def _unbroken(words: str) -> str:
    """The extension's own words in a character's text would shift every region after them."""
    for word in ("BREAK", "ADDCOMM", "ADDBASE", "ADDCOL", "ADDROW"):
        words = words.replace(word, word.lower())
    return words
