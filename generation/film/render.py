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

from generation.film.audio import AAC_FRAME, Soundtrack, reblocked
from generation.film.cards import wording
from generation.film.checking import check
from generation.film.errors import Cancelled
from generation.film.loudness import RATE, audio_frame
from generation.film.memory import share_one_arena
from generation.film.narration import ShotVoice, voice_starts, voices_of
from generation.film.schedule import Timeline, timeline
from generation.film.segments import REORDERED, SegmentKeys, SegmentWriter, packets
from generation.film.spec import FilmSpec
from generation.film.stage import Stage

DRAWING_THREADS = 2
_AHEAD = 8
_AAC_BITRATE = 128_000
PRODUCER = "Pingju"


@dataclass(frozen=True)
class FilmReport:
    """A finished film: its file, length, number of frames, size in bytes and hex sha256; `encoded`
    is how many of its frames were drawn and encoded for it, and not taken from segments kept."""

    path: Path
    duration_ms: int
    frames: int
    bytes: int
    sha256: str
    encoded: int
    segments: tuple[str, ...]


def render_film(
    board: Mapping[str, Any],
    base: Path,
    out: Path,
    *,
    spec: FilmSpec | None = None,
    on_progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    voice: Sequence[Path | ShotVoice | None] | None = None,
    headings: Mapping[int, Path | ShotVoice] | None = None,
    music: Path | None = None,
    segments: Path | None = None,
) -> FilmReport:
    """Render the film of `board` (storyboard.schema.json) to `out` and report on it.

    base: folder that the shots' `frame` paths are relative to.
    on_progress: called with (frames done, frames in all) twice a second of film and at the end.
    cancelled: asked as often; True stops the job.
    voice: a sound file for each shot in the order of board["shots"]; it sets the shot's length.
        None for a shot leaves it silent at its own length.
    headings: sound files of chapters' headings, by their place in board["chapters"]; each is heard
        with its card.
    music: a sound file that is looped below everything and made quieter under the voice.
    segments: a folder where each clip's encoded pictures are kept by their content, and taken from
        where they are there already; none are kept without it.

    The film is written under another name beside `out` and takes its name when it is whole, so
    `out` is either the old file or the complete new one. Same inputs give the same bytes.

    Raises FilmError before any work where a frame, the font, a voice or the music is missing or
    the storyboard does not hang together; Cancelled where `cancelled` said so.
    """
    spec = (spec or FilmSpec()).in_language(board["novel"]["language"])
    check(board, base, music=music)
    share_one_arena()
    voices = voices_of(voice, headings)
    plan = timeline(board, spec=spec, spoken=voices.spoken, headings=voices.announced)
    sound = Soundtrack(plan.duration_ms, voice_starts(plan, voices), music)
    watch = _Watch(on_progress, cancelled, plan)
    with contextlib.ExitStack() as stack:
        kept = segments or Path(
            stack.enter_context(tempfile.TemporaryDirectory(prefix=".film-", dir=out.parent))
        )
        kept.mkdir(parents=True, exist_ok=True)
        pieces, encoded = _encode(board, base, plan, spec, kept, watch)
        part = stack.enter_context(_part_beside(out))
        _join(part, pieces, metadata(board, spec), plan, sound, watch)
        report = FilmReport(
            out,
            plan.duration_ms,
            plan.frame_count,
            part.stat().st_size,
            _sha256(part),
            encoded,
            tuple(path.name for path in pieces),
        )
        # mkstemp makes a private file; a film is as readable as any other new file.
        part.chmod(0o666 & ~_umask())
        part.replace(out)
    watch.finish()
    return report


@contextlib.contextmanager
def _part_beside(out: Path) -> Iterator[Path]:
    handle, name = tempfile.mkstemp(prefix=f".{out.name}.", suffix=".part", dir=out.parent)
    os.close(handle)
    try:
        yield Path(name)
    finally:
        Path(name).unlink(missing_ok=True)


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
        """`done` frames are encoded, or were kept. The whole is told by finish() only."""
        if done % self.step and done != self.total:
            return
        if self.cancelled is not None and self.cancelled():
            raise Cancelled(f"cancelled after {done} of {self.total} frames")
        if self.on_progress is not None and done < self.total:
            self.on_progress(done, self.total)

    def finish(self) -> None:
        if self.on_progress is not None:
            self.on_progress(self.total, self.total)


def _encode(
    board: Mapping[str, Any],
    base: Path,
    plan: Timeline,
    spec: FilmSpec,
    folder: Path,
    watch: _Watch,
) -> tuple[list[Path], int]:
    """The clips' segments in order, made where they are not kept; and how many frames were made."""
    pool = ThreadPoolExecutor(DRAWING_THREADS, thread_name_prefix="film")
    # One clip's last frames leave the encoder while the next one's first frames are drawn.
    closing = ThreadPoolExecutor(1, thread_name_prefix="film-end")
    with contextlib.ExitStack() as stack:
        stack.callback(closing.shutdown, wait=True, cancel_futures=True)
        stack.callback(pool.shutdown, wait=True, cancel_futures=True)
        stage = Stage(board, base, plan, spec, pool)
        keys = SegmentKeys(stage)
        paths = [folder / f"{keys.of(index)}.mp4" for index in range(len(plan.clips))]
        for path in paths:
            if path.is_file():
                os.utime(path)
        wanted = [index for index, path in enumerate(paths) if not path.is_file()]
        # The same content twice in one film is one segment.
        wanted = list({paths[index]: index for index in reversed(wanted)}.values())[::-1]
        made = sum(end - first for first, end in (stage.spans[index] for index in wanted))
        done = plan.frame_count - made
        ending: Future[None] | None = None
        drawn = _drawn(stage, [stage.spans[index] for index in wanted])
        for index in wanted:
            first, end = stage.spans[index]
            writer = SegmentWriter(paths[index], spec)
            try:
                for _ in range(end - first):
                    watch.check(done)
                    writer.write(next(drawn))
                    done += 1
            except BaseException:
                writer.drop()
                raise
            if ending is not None:
                ending.result()
            ending = closing.submit(writer.finish)
        if ending is not None:
            ending.result()
        watch.check(plan.frame_count)
        return paths, made


def _drawn(stage: Stage, spans: Sequence[tuple[int, int]]) -> Iterator[av.VideoFrame]:
    """The frames of these spans in order, drawn a few ahead while the encoder works."""
    waiting: deque[Future[av.VideoFrame]] = deque()
    for first, end in spans:
        for number in range(first, end):
            moment = stage.prepare(number)
            waiting.append(stage.pool.submit(lambda at: stage.draw(at).to_frame(), moment))
            if len(waiting) >= _AHEAD:
                yield waiting.popleft().result()
    while waiting:
        yield waiting.popleft().result()


def _join(
    part: Path,
    pieces: Sequence[Path],
    tags: Mapping[str, str],
    plan: Timeline,
    sound: Soundtrack,
    watch: _Watch,
) -> None:
    """The segments one behind the other, without encoding them again, and the sound beside them."""
    options = {"movflags": "+faststart+use_metadata_tags", "fflags": "+bitexact"}
    with (
        av.open(str(part), "w", format="mp4", options=options) as container,
        av.open(str(pieces[0])) as pattern,
    ):
        container.metadata.update(tags)
        picture = container.add_stream_from_template(pattern.streams.video[0])
        picture.time_base = Fraction(1, plan.fps)
        audio = container.add_stream("aac", rate=RATE, layout="stereo", bit_rate=_AAC_BITRATE)
        samples = _audio_frames(sound)
        order = 0
        for clip, path in zip(plan.clips, pieces, strict=True):
            first, _end = plan.frames(clip)
            watch.check(plan.frame_count)
            for frame, packet in packets(path, plan.fps):
                packet.stream = picture
                packet.time_base = Fraction(1, plan.fps)
                packet.pts, packet.dts, packet.duration = first + frame, order - REORDERED, 1
                container.mux(packet)
                order += 1
                # Sound goes in as far as the picture has come: the muxer never has to hold much.
                for block in _until(samples, order * RATE // plan.fps):
                    container.mux(audio.encode(block))
        for _, block in samples:
            container.mux(audio.encode(block))
        container.mux(audio.encode(None))


def _audio_frames(sound: Soundtrack) -> Iterator[tuple[int, av.AudioFrame]]:
    """Frames of the encoder's own length, each with the number of the sample it ends at."""
    at = 0
    for block in reblocked(sound.blocks(), sound.sample_count, AAC_FRAME):
        frame = audio_frame(block, at)
        at += block.shape[1]
        yield at, frame


def _until(frames: Iterator[tuple[int, av.AudioFrame]], sample: int) -> Iterator[av.AudioFrame]:
    """Frames from the iterator up to the one that reaches `sample`."""
    for end, frame in frames:
        yield frame
        if end >= sample:
            return


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
