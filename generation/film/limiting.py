"""A look-ahead limiter for true peaks (ITU-R BS.1770-4, annex 2), block by block in flat memory."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from generation.film.loudness import Samples

# The four phases of the interpolating filter of BS.1770-4, annex 2, table 1; the other two are
# these backwards.
_PHASES = (
    (0.001708984375, 0.010986328125, -0.0196533203125, 0.033203125, -0.0594482421875,
     0.1373291015625, 0.97216796875, -0.102294921875, 0.047607421875, -0.026611328125,
     0.014892578125, -0.00830078125),
    (-0.0291748046875, 0.029296875, -0.0517578125, 0.089111328125, -0.16650390625,
     0.465087890625, 0.77978515625, -0.2003173828125, 0.1015625, -0.0582275390625,
     0.0330810546875, -0.0189208984375),
)  # fmt: skip
_FILTERS = [np.array(taps, np.float32) for taps in _PHASES]
_FILTERS += [taps[::-1].copy() for taps in _FILTERS]
_REACH = len(_PHASES[0])
# The gain is decided every 2.5 ms. It falls ahead of a peak within 10 ms and comes back with a time
# constant of 60 ms: fast enough to leave the words around a plosive as loud as they are.
STEP = 120
_FALL = 0.25
_RETURN = 0.04


def limited(blocks: Iterator[Samples], gain: float, ceiling: float) -> Iterator[Samples]:
    """The (2, n) blocks times `gain`, turned down around what would pass `ceiling` (linear, true peak).

    The factor is a straight line between the edges of steps and suits both neighbours at each, so it
    lets nothing over and never jumps. The next block is looked into, so each but the last should be
    at least 10 ms long.
    """
    held = next(blocks, None)
    if held is None:
        return
    tail = np.zeros((2, _REACH), np.float32)
    rooms = _rooms(held, tail, gain, ceiling)
    before, factor = 1.0, 1.0
    while held is not None:
        coming = next(blocks, None)
        tail = np.concatenate((tail, held), axis=1)[:, -_REACH:]
        ahead = _rooms(coming, tail, gain, ceiling) if coming is not None else []
        edges = _edges([before, *rooms, *ahead, 1.0], len(rooms) + 1, factor)
        yield held * (_line(edges, held.shape[1]) * np.float32(gain))
        before, factor = rooms[-1], edges[-1]
        held, rooms = coming, ahead


def true_peaks(block: Samples, tail: Samples) -> NDArray[np.float32]:
    """The largest magnitude between samples around each sample of a block; `tail` are the samples
    before it. The filter hears six samples late, so a peak may stand a step behind its sample."""
    heard = np.concatenate((tail[:, -(_REACH - 1) :], block), axis=1)
    peaks = np.abs(block).max(axis=0)
    for channel in heard:
        for taps in _FILTERS:
            np.maximum(peaks, np.abs(np.convolve(channel, taps, "valid")), out=peaks)
    return peaks


def _rooms(block: Samples, tail: Samples, gain: float, ceiling: float) -> list[float]:
    """The factor 0..1 that each step of a block bears."""
    count = -(-block.shape[1] // STEP)
    # Between samples a peak is at most about twice as high as at them.
    if float(np.abs(block).max(initial=0.0)) * gain < ceiling / 2:
        return [1.0] * count
    padded = np.zeros(count * STEP, np.float32)
    padded[: block.shape[1]] = true_peaks(block, tail)
    loudest = padded.reshape(count, STEP).max(axis=1) * gain
    rooms: list[float] = np.minimum(1.0, ceiling / np.maximum(loudest, ceiling)).tolist()
    return rooms


def _edges(rooms: list[float], count: int, first: float) -> list[float]:
    """The factors at the edges of steps. `rooms` begins one step before the first edge and goes on
    past the last; `first` is what the block before ended with."""
    wanted = [min(pair) for pair in zip(rooms, rooms[1:], strict=False)]
    # The filter hears late: what it finds in a step may have been at the end of the one before.
    wanted = [min(pair) for pair in zip(wanted, [*wanted[1:], 1.0], strict=True)]
    for place in range(len(wanted) - 2, -1, -1):
        wanted[place] = min(wanted[place], wanted[place + 1] + _FALL)
    edges = [min(first, wanted[0])]
    for room in wanted[1:count]:
        edges.append(min(room, edges[-1] + (1.0 - edges[-1]) * _RETURN))
    return edges


def _line(edges: list[float], length: int) -> Samples:
    places = np.arange(length, dtype=np.float32)
    at = np.arange(len(edges), dtype=np.float32) * STEP
    return np.interp(places, at, edges).astype(np.float32)
