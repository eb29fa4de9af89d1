"""SVG to PNG with ThorVG's software rasteriser (no system library beyond libc and libstdc++)."""

from __future__ import annotations

import ctypes
import io
import threading
import zlib

import numpy as np
from numpy.typing import NDArray
from PIL import Image
from thorvg_python.base import Result
from thorvg_python.canvas.sw import SwCanvas
from thorvg_python.engine import Engine
from thorvg_python.paint.picture import Picture

# One engine a process without worker threads: the same picture whatever the machine's cores.
_ENGINE = Engine(threads=0)
_LOCK = threading.Lock()
# The binding makes one ctypes type per document length and keeps it for ever; documents padded
# to whole blocks keep the number of such types small in a worker that draws for days.
_BLOCK = 1 << 16


class RasterError(RuntimeError):
    """The rasteriser refused a drawing that this package made: a defect, not bad input."""


def _checked(result: Result, step: str) -> None:
    if result != Result.SUCCESS:
        raise RasterError(f"rasteriser: {step} failed with {result.name}")


def raster(svg: str, width: int, height: int) -> Image.Image:
    """The drawing as an RGB picture of `width` x `height` px.

    Raises RasterError where the rasteriser refuses the drawing.
    """
    data = _buffer(svg, width, height)
    return Image.frombuffer("RGBX", (width, height), data, "raw", "RGBX", 0, 1).convert("RGB")


def layer(svg: str, width: int, height: int) -> NDArray[np.int16]:
    """The drawing on nothing: (height, width, 4), red, green, blue and opacity 0..255.

    Colours are as the rasteriser left them, multiplied by the opacity; where that is 255 they are
    the very ones of a picture. Raises RasterError as `raster` does.
    """
    flat = np.frombuffer(_buffer(svg, width, height), dtype=np.uint8)
    return flat.reshape(height, width, 4).astype(np.int16)


def _buffer(svg: str, width: int, height: int) -> bytes:
    document = svg.encode()
    document += b" " * (-len(document) % _BLOCK)
    with _LOCK:
        canvas = SwCanvas(_ENGINE)
        canvas.set_target(width, height)
        picture = Picture(_ENGINE)
        _checked(picture.load_data(document, "svg", None, True), "load")
        _checked(canvas.add(picture), "add")
        _checked(canvas.update(), "update")
        _checked(canvas.draw(True), "draw")
        _checked(canvas.sync(), "sync")
        buffer = canvas.buffer_arr
        if buffer is None:
            raise RasterError("rasteriser: no picture buffer")
        data = ctypes.string_at(ctypes.addressof(buffer), width * height * 4)
        canvas.destroy()
    return data


def png(picture: Image.Image) -> bytes:
    """PNG bytes without metadata.

    Run-length matching suits flat drawings: smaller and faster than zlib's default search.
    """
    stream = io.BytesIO()
    picture.save(stream, "PNG", compress_level=1, compress_type=zlib.Z_RLE)
    return stream.getvalue()
