"""Small pictures as engines send them: several formats, with what they carry besides pixels."""

from __future__ import annotations

import io
import json
from typing import Any

from PIL import Image, PngImagePlugin


def painted(
    kind: str = "PNG", size: tuple[int, int] = (64, 96), seed: int = 0, graph: Any = None
) -> bytes:
    picture = Image.new("RGB", size, ((seed * 37) % 256, (seed * 91) % 256, 140))
    stream = io.BytesIO()
    if kind == "PNG":
        note = PngImagePlugin.PngInfo()
        note.add_text("prompt", json.dumps(graph or {"secret": "the whole graph"}))
        picture.save(stream, "PNG", pnginfo=note)
    elif kind == "RGBA":
        picture.putalpha(0)
        picture.save(stream, "PNG")
    elif kind == "GIF":
        picture.save(stream, "GIF")
    elif kind == "APNG":
        other = Image.new("RGB", size, "white")
        picture.save(stream, "PNG", save_all=True, append_images=[other], duration=40)
    elif kind == "MOVING":
        other = Image.new("RGB", size, "white")
        picture.save(stream, "WEBP", save_all=True, append_images=[other], duration=40)
    else:
        exif = Image.Exif()
        exif[0x010E] = "secret place"
        picture.save(stream, kind, exif=exif)
    return stream.getvalue()
