"""The offline encoder: colours and edges by place in the picture. No model and no idea of faces."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from PIL import Image

from engines.likeness.protocol import Vectors

SIDE, ROWS, COLUMNS = 64, 4, 2
HUES, VALUES, GREYS, TURNS = 12, 2, 4, 8
PALE = 56  # of 255: below this saturation or value a hue is chance, black hair's most of all
COLOURS = HUES * VALUES + GREYS


class ColourShape:
    """Histograms of colour (HSV) and of edge directions (as in HOG, Dalal and Triggs 2005) in a grid
    of four rows and two columns, square roots taken, so that a cosine is a Bhattacharyya coefficient.
    """

    name = "colour-shape@1"
    knows_identity = False

    def encode(self, pictures: Sequence[Image.Image]) -> Vectors:
        """One row of length 1 a picture, (n, 288)."""
        if not pictures:
            return np.zeros((0, ROWS * COLUMNS * (COLOURS + TURNS)))
        return np.stack([_row(picture) for picture in pictures])


def _row(picture: Image.Image) -> Vectors:
    small = picture.convert("RGB").resize((SIDE, SIDE), Image.Resampling.BILINEAR)
    hue, saturation, value = (
        np.asarray(band, dtype=np.int64) for band in small.convert("HSV").split()
    )
    bins = np.where(
        (saturation < PALE) | (value < PALE),
        HUES * VALUES + value * GREYS // 256,
        hue * HUES // 256 * VALUES + value * VALUES // 256,
    )
    grey = np.asarray(small.convert("L"), dtype=np.float64)
    down, right = np.gradient(grey)
    turns = ((np.arctan2(down, right) + np.pi) * TURNS / (2 * np.pi)).astype(np.int64) % TURNS
    strength = np.hypot(down, right)
    high, wide = SIDE // ROWS, SIDE // COLUMNS
    parts = []
    for top in range(0, SIDE, high):
        for left in range(0, SIDE, wide):
            cell = np.s_[top : top + high, left : left + wide]
            colours = np.bincount(bins[cell].ravel(), minlength=COLOURS)
            edges = np.bincount(turns[cell].ravel(), strength[cell].ravel(), minlength=TURNS)
            parts += [colours / colours.sum(), edges / (edges.sum() or 1.0)]
    row = np.sqrt(np.concatenate(parts))
    return row / (np.linalg.norm(row) or 1.0)
