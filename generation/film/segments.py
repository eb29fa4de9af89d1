"""A clip's pictures as encoded video, kept by what is in them.

A segment begins with a key frame and depends on nothing outside its clip and the neighbours that it
fades with; its name is a digest of all that decides its bytes. So a changed shot costs its own
segment (and a neighbour's, where a fade shows it), a job that died goes on after its last whole
segment, and the same film is the same bytes whatever was kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import av
from av.video.reformatter import ColorPrimaries, ColorRange, Colorspace, ColorTrc

from generation.film import motion
from generation.film.cards import card_facts
from generation.film.frames import frame_path
from generation.film.spec import FilmSpec
from generation.film.stage import OVERSAMPLING, Stage

# Raised whenever the drawing or the encoding changes what comes out.
RECIPE = 4
PRESET = "veryfast"
CRF = 23
# x264's output depends on the number of its threads, not on the machine's: a fixed number gives
# the same bytes everywhere.
ENCODER_THREADS = 4
# In narrower pictures x264's macroblock tree (SIMD over rows of 16 blocks) reads what nobody wrote,
# and the same frames are now and then other bytes.
_MBTREE_WIDTH = 256
# Frames that the encoder holds back to reorder: what a decoder has to wait at the beginning.
REORDERED = 2


class SegmentKeys:
    """The names of a film's segments."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self._pictures: dict[int, str] = {}

    def of(self, index: int) -> str:
        """Hex digest of all that decides the bytes of a clip's segment."""
        stage = self.stage
        first, end = stage.spans[index]
        seen = [index]
        if stage.fades[index]:
            seen.insert(0, index - 1)
        if stage.fades[index + 1]:
            seen.append(index + 1)
        spec = stage.spec
        facts = {
            "recipe": [RECIPE, PRESET, CRF, ENCODER_THREADS, OVERSAMPLING, av.__version__],
            "spec": [*spec.size, spec.fps, spec.caption_style, spec.ai_label],
            "language": stage.language,
            "frames": end - first,
            "fades": [stage.fades[index], stage.fades[index + 1]],
            "plates": [self._plate(at, first) for at in seen],
            "captions": self._captions(index, end - first),
        }
        text = json.dumps(facts, ensure_ascii=False, sort_keys=True)
        return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()

    def _plate(self, index: int, first: int) -> list[Any]:
        """What a clip shows and when it moves, counted from the segment's first frame."""
        stage = self.stage
        clip = stage.timeline.clips[index]
        begin, end = stage.spans[index]
        span = [begin - first, end - first, stage.fades[index], stage.fades[index + 1]]
        if clip.shot is None:
            facts, picture = card_facts(stage.board, stage.timeline, clip)
            return [clip.kind, facts, self._picture(picture), span]
        shot = stage.board["shots"][clip.shot]
        return [
            clip.movement,
            list(motion.focus(shot)),
            clip.duration_ms,
            self._picture(clip.shot),
            span,
        ]

    def _picture(self, shot: int) -> str:
        if shot not in self._pictures:
            path = frame_path(self.stage.board["shots"][shot], self.stage.base)
            with path.open("rb") as file:
                self._pictures[shot] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._pictures[shot]

    def _captions(self, index: int, count: int) -> list[Any]:
        """Runs of frames with the same caption: (frames, lines, characters lit)."""
        shown = [self.stage.caption(index, frame) for frame in range(count)]
        turns = [at for at in range(count) if at == 0 or shown[at] != shown[at - 1]]
        return [
            [stop - start, list(found[0].lines), found[1]] if found else [stop - start]
            for start, stop in pairwise([*turns, count])
            for found in (shown[start],)
        ]


class SegmentWriter:
    """Encodes one clip's frames into its own file, which takes its name when it is whole."""

    def __init__(self, path: Path, spec: FilmSpec) -> None:
        self.path = path
        self._part = path.with_suffix(".part")
        self._count = 0
        self._fps = spec.fps
        self._file = av.open(str(self._part), "w", format="mp4", options={"fflags": "+bitexact"})
        self._stream = _video_stream(self._file, spec)

    def write(self, frame: av.VideoFrame) -> None:
        frame.pts, frame.time_base = self._count, Fraction(1, self._fps)
        self._count += 1
        self._file.mux(self._stream.encode(frame))

    def finish(self) -> None:
        """Encode what the encoder still holds, and give the file its name."""
        self._file.mux(self._stream.encode(None))
        self._file.close()
        self._part.replace(self.path)

    def drop(self) -> None:
        """Leave nothing behind."""
        self._file.close()
        self._part.unlink(missing_ok=True)


def _video_stream(container: av.container.OutputContainer, spec: FilmSpec) -> av.VideoStream:
    stream = container.add_stream("libx264", rate=spec.fps)
    stream.width, stream.height, stream.pix_fmt = spec.width, spec.height, "yuv420p"
    stream.time_base = Fraction(1, spec.fps)
    options = {
        "preset": PRESET,
        "crf": str(CRF),
        "threads": str(ENCODER_THREADS),
        # A key frame every two seconds: seeking in a browser shows a picture at once.
        "g": str(spec.fps * 2),
        "flags": "+bitexact",
    }
    if spec.width < _MBTREE_WIDTH:
        options["mbtree"] = "0"
    stream.options = options
    context = stream.codec_context
    context.color_range = ColorRange.MPEG
    context.colorspace = Colorspace.ITU709
    context.color_primaries = ColorPrimaries.BT709
    context.color_trc = ColorTrc.BT709
    return stream


def packets(path: Path, fps: int) -> Iterator[tuple[int, av.Packet]]:
    """A segment's packets in decoding order, each with the number of its frame in the clip."""
    with av.open(str(path)) as container:
        stream = container.streams.video[0]
        for packet in container.demux(stream):
            if packet.pts is None:
                continue
            yield round(packet.pts * (stream.time_base or 0) * fps), packet
