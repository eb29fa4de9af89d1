"""What an encoder of pictures is. Its name goes beside every score that it made."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PIL import Image

Vectors = NDArray[np.float64]


class EncoderMissing(LookupError):
    """The encoder that the settings name cannot be used; the message says why and what helps."""


class Encoder(Protocol):
    """Pictures to vectors whose cosine tells how alike they are."""

    name: str
    knows_identity: bool  # False: it compares colours and shapes, not who somebody is

    def encode(self, pictures: Sequence[Image.Image]) -> Vectors:
        """One row of length 1 a picture, (n, d)."""
        ...
