"""A 剪映 (JianyingPro) draft of the film by pyJianYingDraft: everything stays editable there.

The draft is a folder with its media inside; paths are relative to it by the placeholder that
剪映 itself writes, so the folder can be moved to any machine's drafts directory. Tracks from the
back: pictures (key frames for the movement, dissolves at scene changes), captions, AI label,
voice, music.

Facts about the format that the library leaves to its caller: 剪映 6 and the Mac edition look for
draft_info.json and not draft_content.json (pyJianYingDraft pull request 198); media that are not
listed in draft_meta_info.json are reported as lost (pyCapCut issue 13).
"""

from __future__ import annotations

import contextlib
import hashlib
import json
import math
import re
import shutil
import tempfile
import uuid
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pyJianYingDraft as jianying

from generation.film import motion
from generation.film.audio import MUSIC_GAIN, Soundtrack, write_m4a
from generation.film.captions import baseline
from generation.film.cards import draw_card
from generation.film.checking import check, check_music
from generation.film.errors import FilmError
from generation.film.frames import frame_path
from generation.film.narration import ShotVoice, Voices, voice_starts, voices_of
from generation.film.schedule import Clip, Cue, Timeline, caption_size, timeline
from generation.film.spec import FilmSpec

PLACEHOLDER = "##_draftpath_placeholder_0E685133-18CE-45ED-8CB8-2904A212EC80_##"
MEDIA = "materials"
CONTENT_NAMES = ("draft_content.json", "draft_info.json")
META_NAME = "draft_meta_info.json"
SEAL = ".pingju.json"
_READ_BY_JIANYING = frozenset({".mp3", ".m4a", ".wav", ".aac"})
_MICRO = 1000
# How far the volume in the draft may be from the film's, as a factor.
_TOLERANCE = 0.01
_NAMESPACE = uuid.UUID("7d2f7a0e-8f0c-5e0a-9a55-2b7b5a6f1c11")


def write_draft(
    board: Mapping[str, Any],
    base: Path,
    out_dir: Path,
    *,
    spec: FilmSpec | None = None,
    voice: Sequence[Path | ShotVoice | None] | None = None,
    headings: Mapping[int, Path | ShotVoice] | None = None,
    music: Path | None = None,
) -> Path:
    """Write the draft folder `out_dir` and return it; same inputs give the same files.

    board, base, voice, headings, music: as for render_film().

    The draft is built beside `out_dir` and moved there when it is whole. An existing folder is
    replaced only where it holds a draft of this function that nobody has changed since; anything
    else (a draft that 剪映 has edited, other files) raises FilmError("draft_exists"), and one that
    it has encrypted FilmError("draft_encrypted"); neither is touched.
    Raises FilmError for missing frames, voices, music or font before any work.
    """
    spec = (spec or FilmSpec()).in_language(board["novel"]["language"])
    check(board, base)
    voices = voices_of(voice, headings)
    plan = timeline(board, spec=spec, spoken=voices.spoken, headings=voices.announced)
    music_ms = check_music(music) if music is not None else 0
    _check_replaceable(out_dir)
    with tempfile.TemporaryDirectory(prefix=f".{out_dir.name}.", dir=out_dir.parent) as workshop:
        maker = _Maker(board, base, plan, spec, Path(workshop) / out_dir.name)
        maker.add_pictures()
        maker.add_texts()
        if voices.shots is not None or voices.headings:
            maker.add_voices(voices)
        if music is not None:
            sound = Soundtrack(plan.duration_ms, voice_starts(plan, voices), music)
            maker.add_music(music, music_ms, simplified(sound.music_levels(), _TOLERANCE))
        maker.finish(out_dir.name)
        if out_dir.exists():
            out_dir.rename(Path(workshop) / "replaced")
        maker.folder.rename(out_dir)
    return out_dir


@dataclass(frozen=True)
class _Medium:
    """A file of the draft's media folder, for the register in draft_meta_info.json."""

    name: str
    kind: str
    duration: int
    width: int = 0
    height: int = 0


class _Maker:
    def __init__(
        self,
        board: Mapping[str, Any],
        base: Path,
        plan: Timeline,
        spec: FilmSpec,
        folder: Path,
    ) -> None:
        self.board, self.base, self.plan, self.spec = board, base, plan, spec
        self.folder = folder
        drafts = jianying.DraftFolder(str(folder.parent))
        self.script = drafts.create_draft(folder.name, spec.width, spec.height, spec.fps)
        (folder / MEDIA).mkdir()
        self.media: list[_Medium] = []

    def add_pictures(self) -> None:
        track = self.script.append_track(
            jianying.TrackSpec(jianying.TrackType.video, "画面", mute=True)
        )
        for number, clip in enumerate(self.plan.clips):
            segment = self._picture(number, clip)
            following = self.plan.clips[number + 1 : number + 2]
            if self.spec.crossfade_ms and any(after.scene_change for after in following):
                length = min(self.spec.crossfade_ms, clip.duration_ms // 2)
                segment.add_transition(jianying.TransitionType.叠化, duration=length * _MICRO)
            self.script.add_segment(segment, track)

    def add_texts(self) -> None:
        captions = self.script.append_track(jianying.TrackSpec(jianying.TrackType.text, "字幕"))
        for cue in self.plan.cues:
            self.script.add_segment(self._caption(cue), captions)
        if self.spec.ai_label:
            track = self.script.append_track(jianying.TrackSpec(jianying.TrackType.text, "AI 标识"))
            self.script.add_segment(self._label(), track)

    def add_voices(self, voices: Voices) -> None:
        track = self.script.append_track(jianying.TrackSpec(jianying.TrackType.audio, "配音"))
        for clip in self.plan.clips:
            voice = voices.of(clip)
            if voice is None:
                continue
            name = (
                f"voice_{clip.shot:04d}" if clip.chapter is None else f"heading_{clip.chapter:04d}"
            )
            material = self._sound(voice.path, f"{name}{voice.path.suffix}")
            length = min(material.duration, clip.duration_ms * _MICRO)
            span = jianying.Timerange(clip.start_ms * _MICRO, length)
            self.script.add_segment(jianying.AudioSegment(material, span), track)

    def add_music(self, music: Path, music_ms: int, levels: Sequence[tuple[int, float]]) -> None:
        """The music again and again until the film ends, as loud as the film has it: `levels` are
        (ms, factor), which become key frames of the volume."""
        track = self.script.append_track(jianying.TrackSpec(jianying.TrackType.audio, "音乐"))
        material = self._music(music, music_ms)
        step = min(material.duration, music_ms * _MICRO)
        end = self.plan.duration_ms * _MICRO
        for start in range(0, end, step):
            span = jianying.Timerange(start, min(step, end - start))
            segment = jianying.AudioSegment(material, span, volume=MUSIC_GAIN)
            for at, level in _within(levels, start / _MICRO, span.end / _MICRO):
                segment.add_keyframe(round(at * _MICRO) - start, round(level, 4))
            self.script.add_segment(segment, track)

    def finish(self, name: str) -> None:
        """Write the draft's files, with ids that depend on nothing but their order."""
        content = _steady_ids(self.script.dumps(), self.board["novel"]["sha256"])
        for file in CONTENT_NAMES:
            (self.folder / file).write_text(content, encoding="utf-8")
        meta = json.loads((self.folder / META_NAME).read_text(encoding="utf-8"))
        meta.update(
            draft_id=str(uuid.uuid5(_NAMESPACE, content)).upper(),
            draft_name=name,
            tm_duration=self.plan.duration_ms * _MICRO,
        )
        pool = next(group for group in meta["draft_materials"] if group["type"] == 0)
        pool["value"] = [self._registered(medium) for medium in self.media]
        text = json.dumps(meta, ensure_ascii=False, indent=4)
        (self.folder / META_NAME).write_text(text, encoding="utf-8")
        seal = json.dumps(_digests(self.folder), indent=1, ensure_ascii=False)
        (self.folder / SEAL).write_text(seal, encoding="utf-8")

    def _picture(self, number: int, clip: Clip) -> jianying.VideoSegment:
        if clip.shot is None:
            name = f"card_{number:04d}.png"
            draw_card(self.board, self.base, self.plan, clip, self.spec).save(
                self.folder / MEDIA / name
            )
        else:
            source = frame_path(self.board["shots"][clip.shot], self.base)
            name = f"shot_{clip.shot:04d}{source.suffix}"
            shutil.copyfile(source, self.folder / MEDIA / name)
        material = jianying.VideoMaterial(str(self.folder / MEDIA / name))
        self._register(material, name, "photo", material.width, material.height)
        span = jianying.Timerange(clip.start_ms * _MICRO, clip.duration_ms * _MICRO)
        if clip.shot is None:
            return jianying.VideoSegment(material, span)
        return self._filmed(material, span, clip)

    def _filmed(
        self, material: jianying.VideoMaterial, span: jianying.Timerange, clip: Clip
    ) -> jianying.VideoSegment:
        """A shot with its movement as key frames; one that stands still has a fixed place."""
        picture = (material.width, material.height)
        shot = self.board["shots"][clip.shot]
        path = motion.plan(
            clip.movement,
            picture,
            self.spec.size,
            motion.focus(shot),
            clip.duration_ms / 1000,
        )
        scale, x, y = placement(path.start, picture, self.spec.size)
        settings = jianying.ClipSettings(scale_x=scale, scale_y=scale, transform_x=x, transform_y=y)
        segment = jianying.VideoSegment(material, span, clip_settings=settings)
        if path.moves:
            for at, box in ((0, path.start), (span.duration, path.end)):
                scale, x, y = placement(box, picture, self.spec.size)
                segment.add_keyframe(jianying.KeyframeProperty.uniform_scale, at, scale)
                segment.add_keyframe(jianying.KeyframeProperty.position_x, at, x)
                segment.add_keyframe(jianying.KeyframeProperty.position_y, at, y)
        return segment

    def _caption(self, cue: Cue) -> jianying.TextSegment:
        span = jianying.Timerange(cue.start_ms * _MICRO, (cue.end_ms - cue.start_ms) * _MICRO)
        boxed = self.spec.caption_style == "box"
        middle = baseline(self.spec) - caption_size(self.spec) * 0.75 * len(cue.lines)
        return jianying.TextSegment(
            cue.text,
            span,
            style=jianying.TextStyle(size=self._text_size(), align=1, bold=True),
            border=None if boxed else jianying.TextBorder(width=40),
            background=jianying.TextBackground(color="#0C0C10", alpha=0.75) if boxed else None,
            clip_settings=jianying.ClipSettings(transform_y=1 - 2 * middle / self.spec.height),
        )

    def _label(self) -> jianying.TextSegment:
        return jianying.TextSegment(
            self.spec.ai_label or "",
            jianying.Timerange(0, self.plan.duration_ms * _MICRO),
            style=jianying.TextStyle(size=self._text_size(), align=0),
            background=jianying.TextBackground(color="#0A0A0E", alpha=0.5),
            clip_settings=jianying.ClipSettings(
                transform_x=-1 + 2 * 0.16 * self.spec.short_side / self.spec.width,
                transform_y=1 - 2 * 0.07 * self.spec.short_side / self.spec.height,
            ),
        )

    def _text_size(self) -> float:
        """剪映 counts text in hundredths of the canvas's shorter side."""
        return round(caption_size(self.spec) * 100 / self.spec.short_side, 2)

    def _music(self, music: Path, music_ms: int) -> jianying.AudioMaterial:
        """The file as it is where 剪映 reads its kind; else (Ogg, a video's sound) as AAC."""
        if music.suffix.lower() in _READ_BY_JIANYING:
            with contextlib.suppress(ValueError):  # the library finds no sound in it, or a picture
                return self._sound(music, f"music{music.suffix}")
        (self.folder / MEDIA / f"music{music.suffix}").unlink(missing_ok=True)
        made = self.folder / MEDIA / "music.m4a"
        write_m4a(music, made, music_ms)
        material = jianying.AudioMaterial(str(made))
        self._register(material, made.name, "music")
        return material

    def _sound(self, source: Path, name: str) -> jianying.AudioMaterial:
        shutil.copyfile(source, self.folder / MEDIA / name)
        material = jianying.AudioMaterial(str(self.folder / MEDIA / name))
        self._register(material, name, "music")
        return material

    def _register(
        self,
        material: jianying.VideoMaterial | jianying.AudioMaterial,
        name: str,
        kind: str,
        width: int = 0,
        height: int = 0,
    ) -> None:
        material.path = f"{PLACEHOLDER}/{MEDIA}/{name}"
        self.media.append(_Medium(name, kind, material.duration, width, height))

    def _registered(self, medium: _Medium) -> dict[str, Any]:
        key = f"{self.board['novel']['sha256']}/{medium.name}"
        return {
            "create_time": 0,
            "duration": medium.duration,
            "extra_info": medium.name,
            "file_Path": f"./{MEDIA}/{medium.name}",
            "height": medium.height,
            "id": str(uuid.uuid5(_NAMESPACE, key)),
            "import_time": 0,
            "import_time_ms": 0,
            "item_source": 1,
            "md5": "",
            "metetype": medium.kind,
            "roughcut_time_range": {"duration": -1, "start": -1},
            "sub_time_range": {"duration": -1, "start": -1},
            "type": 0,
            "width": medium.width,
        }


def placement(
    box: motion.Box, picture: tuple[int, int], film: tuple[int, int]
) -> tuple[float, float, float]:
    """(scale, x, y) that shows `box` of a picture on 剪映's canvas.

    Scale 1 fits the whole picture within the canvas; x and y move its middle by halves of the
    canvas, right and up being positive.
    """
    fitted = min(film[0] / picture[0], film[1] / picture[1])
    scale = film[0] / (box.width * picture[0] * fitted)
    x = (0.5 - (box.x + box.width / 2)) / box.width * 2
    y = ((box.y + box.height / 2) - 0.5) / box.height * 2
    return scale, x, y


def simplified(points: Iterable[tuple[int, float]], tolerance: float) -> list[tuple[int, float]]:
    """Fewer points whose straight lines are within `tolerance` of the ones left out; the first and
    the last stay. One pass: a line goes on as long as one slope suits all points since it began."""
    kept: list[tuple[int, float]] = []
    last: tuple[int, float] | None = None
    low, high = -math.inf, math.inf
    for at, level in points:
        if not kept:
            kept.append((at, level))
        else:
            begun, begun_level = kept[-1]
            if not low <= (level - begun_level) / (at - begun) <= high and last is not None:
                kept.append(last)
                begun, begun_level = last
                low, high = -math.inf, math.inf
            low = max(low, (level - tolerance - begun_level) / (at - begun))
            high = min(high, (level + tolerance - begun_level) / (at - begun))
            last = at, level
    return [*kept, last] if last else kept


def _within(
    points: Sequence[tuple[int, float]], start: float, end: float
) -> list[tuple[float, float]]:
    """The points within [start, end] ms, with what lies on the line at both ends."""
    moments, levels = zip(*points, strict=True)
    ends = [(at, float(np.interp(at, moments, levels))) for at in (start, end)]
    return [ends[0], *(point for point in points if start < point[0] < end), ends[1]]


def _steady_ids(content: str, seed: str) -> str:
    """The random ids of the library replaced by ones that follow from their order."""
    known: dict[str, str] = {}

    def steady(match: re.Match[str]) -> str:
        name = f"{seed}/{len(known)}"
        return known.setdefault(match[0], f'"{uuid.uuid5(_NAMESPACE, name).hex}"')

    return re.sub(r'"[0-9a-f]{32}"', steady, content)


def _check_replaceable(folder: Path) -> None:
    if not folder.exists() or (folder.is_dir() and not any(folder.iterdir())):
        return
    seal = folder / SEAL
    if seal.is_file() and _sealed(seal) == _digests(folder):
        return
    locked = [name for name in CONTENT_NAMES if _is_encrypted(folder / name)]
    if locked:
        raise FilmError(
            "draft_encrypted",
            f"{folder.name} is a draft that 剪映 has encrypted ({', '.join(locked)}): it is never "
            "read nor written over; choose another folder, or delete the draft in 剪映",
            path=str(folder),
        )
    raise FilmError(
        "draft_exists",
        f"{folder.name} holds files or a draft that was changed since it was written: "
        "move it away or choose another folder",
        path=str(folder),
    )


def _is_encrypted(path: Path) -> bool:
    """剪映 6 and later keep a draft's content as something else than the JSON it was."""
    if not path.is_file():
        return False
    try:
        json.loads(path.read_bytes())
    except ValueError:
        return True
    return False


def _sealed(seal: Path) -> object:
    try:
        return json.loads(seal.read_text(encoding="utf-8"))
    except ValueError:
        return None


def _digests(folder: Path) -> dict[str, str]:
    """sha256 of every file in the draft but the seal, by its path within the folder."""
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name != SEAL
    }
