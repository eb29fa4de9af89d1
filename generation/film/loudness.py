"""Programme loudness after ITU-R BS.1770-4 (EBU R 128), block by block in flat memory."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from fractions import Fraction

import av
import numpy as np
from numpy.typing import NDArray

RATE = 48_000
BLOCK = RATE // 10
# K-weighting at 48 kHz, BS.1770-4 tables 1 and 2: (b0, b1, b2, a1, a2).
_SHELF = (
    1.53512485958697,
    -2.69169618940638,
    1.19839281085285,
    -1.69065929318241,
    0.73248077421585,
)
_HIGH_PASS = (1.0, -2.0, 1.0, -1.99004745483398, 0.99007225036621)
_ABSOLUTE_GATE = -70.0
_RELATIVE_GATE = -10.0

Samples = NDArray[np.float32]


def integrated_loudness(blocks: Iterable[Samples]) -> float | None:
    """Gated loudness in LUFS of blocks of shape (2, n) at 48 kHz; None where all is silence.

    Gating blocks are 400 ms long and overlap by three quarters, made of 100 ms parts.
    """
    powers = list(_powers(blocks))
    windows = [sum(powers[at : at + 4]) / 4 for at in range(max(1, len(powers) - 3))]
    loud = [power for power in windows if _lufs(power) > _ABSOLUTE_GATE]
    if not loud:
        return None
    gate = _lufs(sum(loud) / len(loud)) + _RELATIVE_GATE
    kept = [power for power in loud if _lufs(power) > gate]
    return _lufs(sum(kept) / len(kept))


def _lufs(power: float) -> float:
    return -0.691 + 10 * math.log10(power) if power > 0 else -math.inf


def _powers(blocks: Iterable[Samples]) -> Iterator[float]:
    """Mean square of each whole 100 ms, summed over both channels, after K-weighting."""
    rest = np.zeros((2, 0), np.float32)
    for block in _weighted(blocks):
        rest = np.concatenate((rest, block), axis=1)
        while rest.shape[1] >= BLOCK:
            part, rest = rest[:, :BLOCK], rest[:, BLOCK:]
            yield float(np.mean(np.square(part, dtype=np.float64), axis=1).sum())


def _weighted(blocks: Iterable[Samples]) -> Iterator[Samples]:
    graph = av.filter.Graph()
    source = graph.add_abuffer(
        format="fltp",
        sample_rate=RATE,
        layout="stereo",
        time_base=Fraction(1, RATE),
    )
    nodes = [source]
    for b0, b1, b2, a1, a2 in (_SHELF, _HIGH_PASS):
        arguments = f"b0={b0}:b1={b1}:b2={b2}:a0=1:a1={a1}:a2={a2}"
        nodes.append(graph.add("biquad", arguments))
    nodes.append(graph.add("abuffersink"))
    graph.link_nodes(*nodes).configure()
    at = 0
    for block in blocks:
        frame = audio_frame(block, at)
        at += block.shape[1]
        source.push(frame)
        yield from _drain(graph)
    source.push(None)
    yield from _drain(graph)


def _drain(graph: av.filter.Graph) -> Iterator[Samples]:
    while True:
        try:
            frame = graph.pull()
        except (av.BlockingIOError, av.EOFError):
            return
        if isinstance(frame, av.AudioFrame):
            yield samples_of(frame)


def samples_of(frame: av.AudioFrame) -> Samples:
    """The samples (2, n) of a stereo fltp frame."""
    return frame.to_ndarray().astype(np.float32, copy=False)


def audio_frame(samples: Samples, at: int) -> av.AudioFrame:
    """A stereo fltp frame of `samples` (2, n) that begins at sample `at`."""
    frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), "fltp", "stereo")
    frame.sample_rate = RATE
    frame.pts = at
    return frame
