"""Sound as engines send it (wav, mp3, opus, aac, flac, raw pcm) to one form: 16-bit mono WAV."""

from __future__ import annotations

import wave
from collections.abc import Iterator
from io import BytesIO
from itertools import chain

import numpy as np
from numpy.typing import NDArray

from engines import faults
from engines.errors import EngineError

PCM_RATE = 24_000
LONGEST_SECONDS = 1800


def wav_of(data: bytes, *, pcm: bool = False) -> tuple[bytes, int]:
    """(WAV, its sampling rate). `pcm`: the data are bare 16-bit mono samples at PCM_RATE.

    Raises EngineError("rubbish") where it is no sound or holds none: it was sent as an answer, so
    nobody here knows whether it was billed.
    """
    if pcm:
        samples, rate = np.frombuffer(data[: len(data) // 2 * 2], "<i2"), PCM_RATE
    else:
        samples, rate = _decoded(data)
    if not samples.size:
        raise faults.lost("the answer holds no sound", "rubbish")
    return wav(samples, rate), rate


def wav(samples: NDArray[np.int16], rate: int) -> bytes:
    """A WAV file of mono samples."""
    buffer = BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples.astype("<i2").tobytes())
    return buffer.getvalue()


def _decoded(data: bytes) -> tuple[NDArray[np.int16], int]:
    import av

    try:
        with av.open(BytesIO(data)) as container:
            rate = container.streams.audio[0].rate
            parts = list(_mono(container, rate))
    except (av.FFmpegError, IndexError, ValueError) as error:
        raise faults.lost("the answer is no sound that can be read", "rubbish") from error
    return np.concatenate(parts) if parts else np.zeros(0, np.int16), rate


def _mono(container: object, rate: int) -> Iterator[NDArray[np.int16]]:
    import av

    assert isinstance(container, av.container.InputContainer)  # noqa: S101  for the type checker
    resampler = av.AudioResampler(format="s16", layout="mono", rate=rate)
    length = 0
    for frame in chain(container.decode(audio=0), (None,)):
        for part in resampler.resample(frame):
            samples = part.to_ndarray().reshape(-1)
            length += samples.size
            if length > LONGEST_SECONDS * rate:
                raise too_long()
            yield samples


def too_long() -> EngineError:
    return faults.lost(f"the answer is longer than {LONGEST_SECONDS} s", "too_large_an_answer")
