"""Recordings opened by what they are, not by their name; read in pieces that end in a pause.

The container is told by its first bytes and named to FFmpeg, which therefore never guesses: its
playlist and script formats, which open other files, cannot be reached by an upload.
"""

from __future__ import annotations

import io
import wave
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO

import av
import numpy as np
from numpy.typing import NDArray

RATE = 16_000  # samples a second, as every engine takes them
_FRAME = RATE // 50  # 20 ms
_PAUSE = 15  # frames that a pause has at least (300 ms)
_QUIET = 0.0025  # RMS of full scale under which nobody speaks
HEAD = 64


class SoundError(ValueError):
    """The file is no recording that can be played; `code` is stable and meant for translation."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


@dataclass(frozen=True, slots=True)
class Container:
    """`demuxer` is FFmpeg's name; the types are those of a file with sound alone, or with pictures."""

    demuxer: str
    suffix: str
    audio: str
    video: str = ""


WAV = Container("wav", "wav", "audio/wav")
MP3 = Container("mp3", "mp3", "audio/mpeg")
AAC = Container("aac", "aac", "audio/aac")
FLAC = Container("flac", "flac", "audio/flac")
OGG = Container("ogg", "ogg", "audio/ogg", "video/ogg")
MP4 = Container("mp4", "mp4", "audio/mp4", "video/mp4")
WEBM = Container("matroska", "webm", "audio/webm", "video/webm")


def container_of(head: bytes) -> Container:
    """The container by its first `HEAD` bytes. Raises `SoundError` "not_sound"."""
    if head.startswith(b"RIFF") and head[8:12] == b"WAVE":
        return WAV
    if head.startswith(b"ID3"):
        return MP3
    if head.startswith(b"fLaC"):
        return FLAC
    if head.startswith(b"OggS"):
        return OGG
    if head[4:8] == b"ftyp":
        return MP4
    if head.startswith(b"\x1a\x45\xdf\xa3") and b"webm" in head:
        return WEBM
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xF6 == 0xF0:
        return AAC
    if len(head) > 2 and head[0] == 0xFF and head[1] & 0xE0 == 0xE0 and head[1] & 0x06:
        return MP3
    raise SoundError(
        "not_sound",
        "The first bytes are those of no recording that browsers play: wav, mp3, m4a, aac, flac, "
        "ogg, mp4 or webm.",
    )


@dataclass(frozen=True, slots=True)
class Sound:
    """What a recording is: its type for HTTP, its length, whether it has moving pictures."""

    container: Container
    duration_ms: int
    video: bool

    @property
    def content_type(self) -> str:
        return self.container.video if self.video else self.container.audio


def probe(file: BinaryIO) -> Sound:
    """Look into a recording; the file is left at its beginning. Raises `SoundError`."""
    file.seek(0)
    container = container_of(file.read(HEAD))
    file.seek(0)
    try:
        with _opened(file, container) as source:
            stream = _speech(source)
            video = any(not _is_cover(item) for item in source.streams.video)
            if video and not container.video:
                video = False
            known = _told_ms(source, stream)
            # Some recorders never write the length; then the end is looked for.
            duration = known or _heard_ms(source, stream)
    except (av.FFmpegError, OverflowError, ValueError) as error:
        if isinstance(error, SoundError):
            raise
        raise SoundError(
            "damaged", f"The recording cannot be read: {type(error).__name__}."
        ) from error
    finally:
        file.seek(0)
    if duration <= 0:
        raise SoundError("no_sound", "There is no sound in the recording.")
    return Sound(container, duration, video)


def _opened(file: BinaryIO, container: Container) -> Any:
    return av.open(
        file, mode="r", format=container.demuxer, options={"protocol_whitelist": "none"},
        metadata_errors="replace",
    )  # fmt: skip


def _speech(source: Any) -> Any:
    if not source.streams.audio:
        raise SoundError("no_sound", "There is no sound in the recording.")
    return source.streams.audio[0]


def _is_cover(stream: Any) -> bool:
    return bool(stream.disposition & av.stream.Disposition.attached_pic)


def _told_ms(source: Any, stream: Any) -> int:
    if stream.duration:
        return int(stream.duration * stream.time_base * 1000)
    return int(source.duration // 1000) if source.duration else 0


def _heard_ms(source: Any, stream: Any) -> int:
    last = 0
    for packet in source.demux(stream):
        if packet.pts is not None:
            last = max(last, int((packet.pts + (packet.duration or 0)) * packet.time_base * 1000))
    return last


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the recording. `wav` is 16 kHz, one channel, 16 bit; empty where all is silent."""

    index: int
    start_ms: int
    end_ms: int
    wav: bytes

    @property
    def seconds(self) -> float:
        return (self.end_ms - self.start_ms) / 1000


def pieces(file: BinaryIO, *, seconds: float = 60.0) -> Iterator[Piece]:
    """The recording in pieces of about `seconds`, cut where it is quietest. Same file, same cuts.

    Raises `SoundError` "damaged" where it cannot be read to its end. Memory: two pieces.
    """
    most, least = int(seconds * 1.25 * RATE), int(seconds * 0.75 * RATE)
    held: NDArray[np.int16] = np.zeros(0, dtype=np.int16)
    index = at = 0
    for block in _samples(file):
        held = np.concatenate([held, block])
        while len(held) > most:
            cut = _cut(held, least, most)
            yield _piece(index, at, held[:cut])
            index, at, held = index + 1, at + cut, held[cut:]
    if len(held):
        yield _piece(index, at, held)


def _piece(index: int, at: int, samples: NDArray[np.int16]) -> Piece:
    start, end = at * 1000 // RATE, (at + len(samples)) * 1000 // RATE
    loud = _levels(samples).max(initial=0.0) > _QUIET
    return Piece(index, start, end, wav_of(samples) if loud else b"")


def wav_of(samples: NDArray[np.int16]) -> bytes:
    """Samples of one channel at 16 kHz as a WAV file."""
    whole = io.BytesIO()
    with wave.open(whole, "wb") as out:
        out.setnchannels(1)
        out.setsampwidth(2)
        out.setframerate(RATE)
        out.writeframes(samples.tobytes())
    return whole.getvalue()


def _levels(samples: NDArray[np.int16]) -> NDArray[np.float64]:
    """RMS of each 20 ms, as a share of full scale."""
    whole = len(samples) // _FRAME
    frames = samples[: whole * _FRAME].reshape(whole, _FRAME).astype(np.float64) / 32768
    return np.sqrt((frames**2).mean(axis=1))


def _cut(samples: NDArray[np.int16], least: int, most: int) -> int:
    """Where to cut: the middle of the quietest pause between the two places."""
    levels = _levels(samples[least:most])
    pauses = np.convolve(levels, np.ones(_PAUSE) / _PAUSE, mode="valid")
    quietest = int(np.argmin(pauses)) if len(pauses) else 0
    return least + (quietest + _PAUSE // 2) * _FRAME


def _samples(file: BinaryIO) -> Iterator[NDArray[np.int16]]:
    """About a second of samples at a time."""
    file.seek(0)
    container = container_of(file.read(HEAD))
    file.seek(0)
    try:
        with _opened(file, container) as source:
            stream = _speech(source)
            resampler = av.AudioResampler(format="s16", layout="mono", rate=RATE)
            waiting: list[NDArray[np.int16]] = []
            for frame in source.decode(stream):
                waiting += [part.to_ndarray().reshape(-1) for part in resampler.resample(frame)]
                if sum(len(part) for part in waiting) >= RATE:
                    yield np.concatenate(waiting)
                    waiting = []
            waiting += [part.to_ndarray().reshape(-1) for part in resampler.resample(None)]
            if waiting:
                yield np.concatenate(waiting)
    except av.FFmpegError as error:
        raise SoundError(
            "damaged", f"The recording cannot be read: {type(error).__name__}."
        ) from error
