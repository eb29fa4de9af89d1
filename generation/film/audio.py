"""The sound of a film: silence, one voice file a shot, a music bed that makes way for the voice.

Everything is 48 kHz stereo float, made in blocks of 100 ms, so memory does not grow with length.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

import av
import numpy as np

from generation.film.errors import FilmError
from generation.film.limiting import limited
from generation.film.loudness import (
    BLOCK,
    RATE,
    Samples,
    audio_frame,
    integrated_loudness,
    samples_of,
)

TARGET_LUFS = -16.0
# -1.8 dBTP: with what AAC adds to a peak it stays below -1 dBTP.
PEAK = 10 ** (-1.8 / 20)
# Turning peaks down makes the whole quieter: then it is turned up again, this often at most.
_PASSES = 4
_CLOSE_LU = 0.25
MUSIC_GAIN = 10 ** (-9 / 20)
DUCKED = 10 ** (-12 / 20)
VOICE_FLOOR = 10 ** (-45 / 20)
# How much of the way to its target the music goes in 100 ms: quickly down, slowly up.
_ATTACK, _RELEASE = 0.75, 0.2
MUSIC_FADE_MS = 1500
# Samples that an AAC encoder takes at once.
AAC_FRAME = 1024
# Of a user's music so large a part may be damaged; voices have to be whole.
MUSIC_SPARE = 0.1
_MAX_BOOST = 10 ** (30 / 20)


@dataclass(frozen=True)
class Soundtrack:
    """voices: (start in ms, file), in order of time and not overlapping; music: looped."""

    duration_ms: int
    voices: tuple[tuple[int, Path], ...] = ()
    music: Path | None = None

    @property
    def sample_count(self) -> int:
        return self.duration_ms * RATE // 1000

    def blocks(self) -> Iterator[Samples]:
        """The finished sound: (2, n) float32 blocks that add up to exactly sample_count.

        Voice and music are brought to TARGET_LUFS together and limited to PEAK. The loudness
        takes passes of its own, so the files are read several times.
        """
        if not self.voices and self.music is None:
            yield from _silence(self.sample_count)
            return
        yield from limited(self._mix(), self.gain(), PEAK)

    def gain(self) -> float:
        """The factor that brings the mix to TARGET_LUFS after the limiter."""
        gain, most, heard = 1.0, _MAX_BOOST, integrated_loudness(self._mix())
        for _ in range(_PASSES):
            if heard is None or abs(TARGET_LUFS - heard) <= _CLOSE_LU or gain == most:
                break
            gain = min(most, gain * 10 ** ((TARGET_LUFS - heard) / 20))
            heard = integrated_loudness(limited(self._mix(), gain, PEAK))
        return gain

    def _mix(self) -> Iterator[Samples]:
        voice = self._voice_blocks()
        if self.music is None:
            yield from voice
            return
        music = reblocked(_looped(self.music), self.sample_count)
        at = 0
        for (speech, level, following), bed in zip(_ducking(voice), music, strict=True):
            length = speech.shape[1]
            envelope = np.linspace(level, following, length, endpoint=False, dtype=np.float32)
            yield speech + bed * envelope * self._fade(at, length)
            at += length

    def music_levels(self) -> Iterator[tuple[int, float]]:
        """(ms, factor) of the music at the edges of blocks, as the film has it; straight between."""
        at, level = 0, MUSIC_GAIN
        for speech, _level, following in _ducking(self._voice_blocks()):
            yield at * 1000 // RATE, level * float(self._fade(at, 1)[0])
            at, level = at + speech.shape[1], following
        yield self.duration_ms, 0.0

    def _fade(self, at: int, length: int) -> Samples:
        """The music's fade in and out as a factor for each of `length` samples from `at`."""
        ramp = min(MUSIC_FADE_MS * RATE // 1000, max(1, self.sample_count // 4))
        place = np.arange(at, at + length, dtype=np.float32)
        rising = place / ramp
        falling = (self.sample_count - place) / ramp
        return np.clip(np.minimum(rising, falling), 0.0, 1.0).astype(np.float32)

    def _voice_blocks(self) -> Iterator[Samples]:
        return reblocked(self._voice_stream(), self.sample_count)

    def _voice_stream(self) -> Iterator[Samples]:
        at = 0
        for start_ms, path in self.voices:
            start = start_ms * RATE // 1000
            if start > at:
                yield from _silence(start - at)
                at = start
            for part in decode_audio(path):
                yield part
                at += part.shape[1]


def _ducking(voice: Iterator[Samples]) -> Iterator[tuple[Samples, float, float]]:
    """Each block of the voice with the music's factor at its beginning and at its end."""
    level = MUSIC_GAIN
    for speech in voice:
        spoken = float(np.sqrt(np.mean(np.square(speech)))) > VOICE_FLOOR
        target = MUSIC_GAIN * (DUCKED if spoken else 1.0)
        following = level + (target - level) * (_ATTACK if spoken else _RELEASE)
        yield speech, level, following
        level = following


def decode_audio(path: Path, spare: float = 0.0) -> Iterator[Samples]:
    """The file's first audio stream as (2, n) float32 at 48 kHz.

    spare: the share of its packets that may be damaged; they are left out, as players do. Raises
    av.FFmpegError where more are or the file cannot be opened, IndexError where it has no sound.
    """
    count, damaged = 0, 0
    fault: av.FFmpegError | None = None
    with av.open(str(path)) as container:
        resampler = _Resampler()
        for packet in container.demux(container.streams.audio[0]):
            count += 1
            try:
                frames = packet.decode()
            except av.InvalidDataError as error:
                damaged, fault = damaged + 1, error
                continue
            for frame in frames:
                yield from resampler.resampled(frame)
        yield from resampler.rest()
    if fault is not None and damaged > spare * count:
        raise fault


class _Resampler:
    """To 48 kHz stereo, whatever comes: a file may change its rate or its channels on the way."""

    def __init__(self) -> None:
        self._kind: tuple[object, ...] = ()
        self._inner: av.AudioResampler | None = None

    def resampled(self, frame: av.AudioFrame) -> Iterator[Samples]:
        kind = frame.format.name, frame.layout.name, frame.sample_rate
        if kind != self._kind:
            yield from self.rest()
            self._kind = kind
            self._inner = av.AudioResampler(format="fltp", layout="stereo", rate=RATE)
        assert self._inner is not None  # noqa: S101  for the type checker
        # Its own count of samples: the file's times may jump where something was left out.
        frame.pts = None
        for part in self._inner.resample(frame):
            yield samples_of(part)

    def rest(self) -> Iterator[Samples]:
        """What is still in it; it begins anew afterwards."""
        inner, self._inner, self._kind = self._inner, None, ()
        for part in inner.resample(None) if inner is not None else ():
            yield samples_of(part)


def write_m4a(source: Path, out: Path, length_ms: int) -> None:
    """The first `length_ms` of a sound file as AAC, for programs that do not read its kind."""
    count = length_ms * RATE // 1000
    at = 0
    with av.open(str(out), "w", format="ipod", options={"fflags": "+bitexact"}) as file:
        stream = file.add_stream("aac", rate=RATE, layout="stereo", bit_rate=192_000)
        for block in reblocked(decode_audio(source, MUSIC_SPARE), count, AAC_FRAME):
            file.mux(stream.encode(audio_frame(block, at)))
            at += block.shape[1]
        file.mux(stream.encode(None))


def audio_ms(path: Path, spare: float = 0.0) -> int:
    """Length of a sound file in whole milliseconds, rounded up; 0 where it holds no sample."""
    samples = sum(part.shape[1] for part in decode_audio(path, spare))
    return -(-samples * 1000 // RATE)


def checked_audio_ms(
    path: Path, kind: str, what: str, *, spare: float = 0.0, **parameters: object
) -> int:
    """audio_ms() of a file that must be there and hold sound, or FilmError about `what`."""
    if not path.is_file():
        raise FilmError(
            f"{kind}_missing",
            f"{what} is missing: {path.name} is not in {path.parent}",
            path=str(path),
            **parameters,
        )
    try:
        length = _known_ms(path, path.stat().st_mtime_ns, path.stat().st_size, spare)
    except (av.FFmpegError, IndexError) as broken:
        raise FilmError(
            f"{kind}_unreadable",
            f"{what} is not a sound file that can be read: {path.name} ({broken})",
            path=str(path),
            **parameters,
        ) from broken
    if not length:
        raise FilmError(
            f"{kind}_unreadable",
            f"{what} is empty: {path.name}",
            path=str(path),
            **parameters,
        )
    return length


@lru_cache(maxsize=1024)
def _known_ms(path: Path, modified_ns: int, size: int, spare: float) -> int:
    """audio_ms() of this state of the file: a page that asks again need not decode all of it again."""
    return audio_ms(path, spare)


def _silence(count: int) -> Iterator[Samples]:
    for at in range(0, count, BLOCK):
        yield np.zeros((2, min(BLOCK, count - at)), np.float32)


def _looped(path: Path) -> Iterator[Samples]:
    while True:
        yield from decode_audio(path, MUSIC_SPARE)


def reblocked(parts: Iterator[Samples], count: int, block: int = BLOCK) -> Iterator[Samples]:
    """Exactly `count` samples in blocks of `block`; silence after the parts end."""
    rest = np.zeros((2, 0), np.float32)
    for at in range(0, count, block):
        wanted = min(block, count - at)
        while rest.shape[1] < wanted:
            part = next(parts, None)
            if part is None:
                part = np.zeros((2, wanted - rest.shape[1]), np.float32)
            rest = np.concatenate((rest, part), axis=1)
        yield rest[:, :wanted]
        rest = rest[:, wanted:]
