"""An image encoder in ONNX (CLIP, ArcFace, DINO …) that the house keeps as a file.

The file is named with its sha256 in the settings and refused where it is another one: scores of two
encoders must never stand in one row.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from engines.likeness.protocol import EncoderMissing, Vectors

BATCH = 16


@dataclass(frozen=True, slots=True)
class OnnxSettings:
    """Where the model is and what it takes; `mean` and `std` per channel on 0..1."""

    title: str
    path: Path
    sha256: str
    side: int = 224
    mean: tuple[float, float, float] = (0.48145466, 0.4578275, 0.40821073)
    std: tuple[float, float, float] = (0.26862954, 0.26130258, 0.27577711)


class OnnxEncoder:
    """Runs the model on the processor, pictures of `side` px in NCHW. Raises EncoderMissing."""

    knows_identity = True

    def __init__(self, settings: OnnxSettings) -> None:
        self.settings = settings
        self.name = f"{settings.title}:{settings.sha256[:8]}"
        self._session = _session(settings)
        self._input = self._session.get_inputs()[0].name

    def encode(self, pictures: Sequence[Image.Image]) -> Vectors:
        """One row of length 1 a picture, (n, d)."""
        rows = []
        for at in range(0, len(pictures), BATCH):
            batch = np.stack([self._pixels(picture) for picture in pictures[at : at + BATCH]])
            told = np.asarray(self._session.run(None, {self._input: batch})[0], dtype=np.float64)
            rows.append(told.reshape(len(batch), -1))
        if not rows:
            return np.zeros((0, 1))
        vectors = np.concatenate(rows)
        length = np.linalg.norm(vectors, axis=1, keepdims=True)
        return np.divide(vectors, length, out=np.zeros_like(vectors), where=length > 0)

    def _pixels(self, picture: Image.Image) -> np.ndarray[Any, np.dtype[np.float32]]:
        side = (self.settings.side, self.settings.side)
        small = picture.convert("RGB").resize(side, Image.Resampling.BICUBIC)
        values = np.asarray(small, dtype=np.float32) / 255
        mean = np.asarray(self.settings.mean, dtype=np.float32)
        std = np.asarray(self.settings.std, dtype=np.float32)
        scaled = (values - mean) / std
        return scaled.transpose(2, 0, 1).astype(np.float32)


def _session(settings: OnnxSettings) -> Any:
    try:
        data = settings.path.read_bytes()
    except OSError as error:
        raise EncoderMissing(
            f"The encoder's file {settings.path.name} cannot be read; check IDENTITY_ENCODER."
        ) from error
    if hashlib.sha256(data).hexdigest() != settings.sha256:
        raise EncoderMissing(
            f"The encoder's file {settings.path.name} is not the one whose sha256 is in "
            "IDENTITY_ENCODER."
        )
    try:
        import onnxruntime
    except ImportError as error:
        raise EncoderMissing(
            "onnxruntime is not installed; pip install -r requirements-models.txt"
        ) from error
    options = onnxruntime.SessionOptions()
    options.log_severity_level = 3
    try:
        return onnxruntime.InferenceSession(data, options, providers=["CPUExecutionProvider"])
    except Exception as error:  # the runtime has a class of its own for every fault
        raise EncoderMissing(
            f"The encoder's file {settings.path.name} is no ONNX model."
        ) from error
