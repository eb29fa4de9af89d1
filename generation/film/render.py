"""Render a storyboard and its frames to an mp4: H.264 and AAC by the FFmpeg within PyAV."""

from __future__ import annotations

import contextlib
import hashlib
import json
import os
import tempfile
from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from generation.film.audio import (
    Soundtrack,
    checked_audio_ms,
    reblocked,
    voice_durations,
)
from generation.film.cards import wording
from generation.film.errors import Cancelled
from generation.film.fonts import font_path
from generation.film.frames import check_frames
from generation.film.loudness import RATE, audio_frame
from generation.film.schedule import Timeline, timeline
from generation.film.spec import FilmSpec
from generation.film.stage import Stage

PRESET = "veryfast"
CRF = 23
# x264's output depends on the number of its threads, not on the machine's: a fixed number gives
# the same bytes everywhere.
ENCODER_THREADS = 4
DRAWING_THREADS = 2
_AHEAD = 8
_AAC_FRAME = 1024
_AAC_BITRATE = 128_000
PRODUCER = "Pingju"


@dataclass(frozen=True)
class FilmReport:
    """A finished film: its file, length, number of frames, size in bytes and hex sha256."""

    path: Path
    duration_ms: int
    frames: int
    bytes: int
    sha256: str


def render_film(
    board: Mapping[str, Any],
    base: Path,
    out: Path,
    *,
    spec: FilmSpec | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    voice: Sequence[Path | None] | None = None,
    music: Path | None = None,
) -> FilmReport:
    """Render the film of `board` (storyboard.schema.json) to `out` and report on it.

    base: folder that the shots' `frame` paths are relative to.
    on_progress: called with (frames done, frames in all) twice a second of film and at the end.
    cancelled: asked as often; True stops the job.
    voice: a sound file for each shot in the order of board["shots"]; it sets the shot's length.
        None for a shot leaves it silent at its own length.
    music: a sound file that is looped below everything and made quieter under the voice.

    The film is written under another name beside `out` and takes its name when it is whole, so
    `out` is either the old file or the complete new one. Same inputs give the same bytes.

    Raises FilmError before any work where a frame, the font, a voice or the music is missing or
    the storyboard does not hang together; Cancelled where `cancelled` said so.
    """
    spec = spec or FilmSpec()
    font_path()
    check_frames(board, base)
    durations = voice_durations(voice) if voice is not None else None
    plan = timeline(board, spec=spec, durations_ms=durations)
    if music is not None:
        checked_audio_ms(music, "music", "the music")
    sound = Soundtrack(plan.duration_ms, _voice_starts(plan, voice), music)
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
    os.close(handle)
    part = Path(name)
    try:
        _write(part, board, base, plan, spec, sound, _Watch(on_progress, cancelled, plan))
        report = FilmReport(
            out, plan.duration_ms, plan.frame_count, part.stat().st_size, _sha256(part)
        )
        # mkstemp makes a private file; a film is as readable as any other new file.
        part.chmod(0o666 & ~_umask())
        part.replace(out)
    finally:
        part.unlink(missing_ok=True)
    return report


class _Watch:
    def __init__(
        self,
        on_progress: Callable[[int, int], None] | None,
        cancelled: Callable[[], bool] | None,
        plan: Timeline,
    ) -> None:
        self.on_progress, self.cancelled = on_progress, cancelled
        self.total = plan.frame_count
        self.step = max(1, plan.fps // 2)

    def check(self, done: int) -> None:
        if done % self.step and done != self.total:
            return
        if self.cancelled is not None and self.cancelled():
            raise Cancelled(f"cancelled after {done} of {self.total} frames")
        if self.on_progress is not None:
            self.on_progress(done, self.total)


def _write(
    part: Path,
    board: Mapping[str, Any],
    base: Path,
    plan: Timeline,
    spec: FilmSpec,
    sound: Soundtrack,
    watch: _Watch,
) -> None:
    options = {"movflags": "+faststart+use_metadata_tags", "fflags": "+bitexact"}
    pool = ThreadPoolExecutor(DRAWING_THREADS, thread_name_prefix="film")
    # The pool outlives the container, and closing the container flushes it; on an error the film
    # is thrown away, so the drawing that is still queued is dropped.
    with contextlib.ExitStack() as stack:
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        container = stack.enter_context(av.open(str(part), "w", format="mp4", options=options))
        container.metadata.update(metadata(board, spec))
        picture = _video_stream(container, spec)
        audio = container.add_stream("aac", rate=RATE, layout="stereo", bit_rate=_AAC_BITRATE)
        samples = _audio_frames(sound)
        stage = Stage(board, base, plan, spec, pool)
        for number, frame in enumerate(_video_frames(stage, plan)):
            watch.check(number)
            frame.pts, frame.time_base = number, Fraction(1, spec.fps)
            container.mux(picture.encode(frame))
            # Sound goes in as far as the picture has come: the muxer never has to hold much.
            for block in _until(samples, (number + 1) * RATE // spec.fps):
                container.mux(audio.encode(block))
        container.mux(picture.encode(None))
        for _, block in samples:
            container.mux(audio.encode(block))
        container.mux(audio.encode(None))
        watch.check(plan.frame_count)


def _video_stream(container: av.container.OutputContainer, spec: FilmSpec) -> av.VideoStream:
    stream = container.add_stream("libx264", rate=spec.fps)
    stream.width, stream.height, stream.pix_fmt = spec.width, spec.height, "yuv420p"
    stream.time_base = Fraction(1, spec.fps)
    stream.options = {
        "preset": PRESET,
        "crf": str(CRF),
        "threads": str(ENCODER_THREADS),
        # A key frame every two seconds: seeking in a browser shows a picture at once.
        "g": str(spec.fps * 2),
        "flags": "+bitexact",
    }
    context = stream.codec_context
    context.color_range = ColorRange.MPEG
    context.colorspace = Colorspace.ITU709
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    return stream


def _video_frames(stage: Stage, plan: Timeline) -> Iterator[av.VideoFrame]:
    """All frames in order, drawn a few ahead while the encoder works."""
    waiting: deque[Future[av.VideoFrame]] = deque()
    for number in range(plan.frame_count):
        moment = stage.prepare(number)
        waiting.append(stage.pool.submit(lambda at: stage.draw(at).to_frame(), moment))
        if len(waiting) >= _AHEAD:
            yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _audio_frames(sound: Soundtrack) -> Iterator[tuple[int, av.AudioFrame]]:
    """Frames of the encoder's own length, each with the number of the sample it ends at."""
    at = 0
    for block in reblocked(sound.blocks(), sound.sample_count, _AAC_FRAME):
        frame = audio_frame(block, at)
        at += block.shape[1]
        yield at, frame


def _until(frames: Iterator[tuple[int, av.AudioFrame]], sample: int) -> Iterator[av.AudioFrame]:
    """Frames from the iterator up to the one that reaches `sample`."""
    for end, frame in frames:
        yield frame
        if end >= sample:
            return


def _voice_starts(
    plan: Timeline, voice: Sequence[Path | None] | None
) -> tuple[tuple[int, Path], ...]:
    if voice is None:
        return ()
    starts = []
    for clip in plan.clips:
        path = voice[clip.shot] if clip.shot is not None else None
        if path is not None:
            starts.append((clip.start_ms, path))
    return tuple(starts)


def metadata(board: Mapping[str, Any], spec: FilmSpec) -> dict[str, str]:
    """Tags of the file: title, a comment that discloses the making, and the AIGC field of
    GB 45438-2025 (Label "1": generated with artificial intelligence)."""
    novel, usage = board["novel"], board["usage"]
    label = {
        "Label": "1",
        "ContentProducer": PRODUCER,
        "ProduceID": novel["sha256"],
        "ReservedCode1": "",
        "ContentPropagator": "",
        "PropagateID": "",
        "ReservedCode2": "",
    }
    disclosure = wording(novel["language"]).disclosure
    marks = [
        spec.ai_label,
        disclosure,
        f"{usage['frame_engine']}, {usage['text_engine']}",
    ]
    return {
        "title": novel["title"],
        "comment": " · ".join(mark for mark in marks if mark),
        "AIGC": json.dumps(label, ensure_ascii=False),
    }


def _sha256(path: Path) -> str:
    with path.open("rb") as film:
        return hashlib.file_digest(film, "sha256").hexdigest()


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
