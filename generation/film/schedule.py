"""When everything in a film happens: clips, cross-fades and captions, before a pixel is drawn."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from generation.film.breaking import Line, break_lines, units
from generation.film.errors import FilmError
from generation.film.fonts import load
from generation.film.pieces import has_card, is_title
from generation.film.spec import FilmSpec
from generation.film.timing import Spoken, TextClock

ClipKind = Literal["title", "chapter", "shot", "credits"]

TITLE_MS = 2500
CHAPTER_MS = 1600
CREDITS_MS = 3500
# A caption line is at most this part of the picture's width, and text this part of its short side.
# The players of short video lay their buttons over the right seventh of a vertical picture.
CAPTION_WIDTH = 0.86
PORTRAIT_CAPTION_WIDTH = 0.74
CAPTION_SIZE = 0.058
MAX_LINES = 2


@dataclass(frozen=True)
class Cue:
    """One caption: `lines` are shown together from start_ms to end_ms (half-open).

    `steps` tell where the voice is, for karaoke: from this moment (ms) so many characters of the
    lines joined have been begun; empty where no voice sets the time.
    """

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    shot: int
    steps: tuple[tuple[int, int], ...] = ()

    @property
    def text(self) -> str:
        """The lines joined by a line feed."""
        return "\n".join(self.lines)


@dataclass(frozen=True)
class Clip:
    """One picture on the screen from start_ms to end_ms (half-open).

    `shot` is the position in board["shots"] for kind "shot", `chapter` the position in
    board["chapters"] for kind "chapter". `scene_change` says that a fade leads in.
    """

    kind: ClipKind
    start_ms: int
    end_ms: int
    shot: int | None = None
    chapter: int | None = None
    movement: str = "static"
    scene_change: bool = False
    cues: tuple[Cue, ...] = ()

    @property
    def duration_ms(self) -> int:
        return self.end_ms - self.start_ms


@dataclass(frozen=True)
class Timeline:
    """All clips in order; they cover [0, duration_ms) without a gap, each a whole number of frames
    long, so that what is within a clip does not depend on when it begins."""

    clips: tuple[Clip, ...]
    fps: int

    @property
    def duration_ms(self) -> int:
        return self.clips[-1].end_ms

    @property
    def frame_count(self) -> int:
        """Frames of the film; at least one."""
        return max(1, round(self.duration_ms * self.fps / 1000))

    @property
    def cues(self) -> tuple[Cue, ...]:
        return tuple(cue for clip in self.clips for cue in clip.cues)

    def frames(self, clip: Clip) -> tuple[int, int]:
        """[first, end) frame numbers of a clip."""
        return round(clip.start_ms * self.fps / 1000), round(clip.end_ms * self.fps / 1000)


def timeline(
    board: Mapping[str, Any],
    *,
    spec: FilmSpec,
    spoken: Sequence[Spoken | None] | None = None,
    headings: Mapping[int, Spoken] | None = None,
) -> Timeline:
    """Lay out the film of a storyboard (storyboard.schema.json).

    spoken: the voice of each shot, in the order of board["shots"]; it sets the shot's length and
        its captions' times. None for a shot keeps its own duration_ms.
    headings: the voices of chapters' headings by their place in board["chapters"]; their cards stay
        until they are said.

    Raises FilmError("board") where the storyboard has no shots or a shot names no scene of it,
    FilmError("voice_count") where `spoken` has another length than board["shots"].
    """
    shots: Sequence[Mapping[str, Any]] = board["shots"]
    if not shots:
        raise FilmError("board", "the storyboard has no shots: draw up its shots first")
    if spoken is not None and len(spoken) != len(shots):
        raise FilmError(
            "voice_count",
            f"{len(spoken)} voices were given for {len(shots)} shots: give one for each",
            voices=len(spoken),
            shots=len(shots),
        )
    layout = _Layout(board, spec, headings or {})
    if spec.title_card:
        layout.add_card("title", TITLE_MS)
    for position, shot in enumerate(shots):
        if spec.title_card and is_title(board, shot):
            continue
        layout.add_shot(position, shot, spoken[position] if spoken else None)
    if spec.credits:
        layout.add_card("credits", CREDITS_MS)
    return Timeline(tuple(layout.clips), spec.fps)


class _Layout:
    def __init__(
        self, board: Mapping[str, Any], spec: FilmSpec, headings: Mapping[int, Spoken]
    ) -> None:
        self.board, self.spec, self.headings = board, spec, headings
        self.clips: list[Clip] = []
        self.scenes = {scene["index"]: scene for scene in board["scenes"]}
        self.chapters = {
            chapter["index"]: (position, chapter)
            for position, chapter in enumerate(board["chapters"])
        }
        self.scene: int | None = None
        self.chapter: int | None = None
        self.frames = 0

    def _span(self, length_ms: float) -> tuple[int, int]:
        """[start, end) in ms of the next clip: whole frames that are not shorter than asked for."""
        start = self.frames
        # A hair less, or a length that is whole frames already could be rounded up.
        self.frames += max(1, math.ceil(length_ms * self.spec.fps / 1000 - 1e-6))
        return self._ms(start), self._ms(self.frames)

    def _ms(self, frame: int) -> int:
        return round(frame * 1000 / self.spec.fps)

    def add_card(self, kind: ClipKind, length: int, chapter: int | None = None) -> None:
        start, end = self._span(length)
        self.clips.append(Clip(kind, start, end, chapter=chapter, scene_change=bool(self.clips)))

    def add_shot(self, position: int, shot: Mapping[str, Any], spoken: Spoken | None) -> None:
        scene = self.scenes.get(shot["scene"])
        if scene is None:
            raise FilmError(
                "board",
                f"shot {shot['index']} belongs to scene {shot['scene']}, "
                "which the storyboard does not have",
                shot=shot["index"],
            )
        self._open_chapter(scene["chapter"])
        previous = self.clips[-1] if self.clips else None
        change = previous is not None and (previous.kind != "shot" or self.scene != shot["scene"])
        self.scene = shot["scene"]
        start, end = self._span(spoken.duration_ms if spoken else shot["duration_ms"])
        cues = cue_up(self.board, position, (start, end), self.spec, spoken)
        self.clips.append(
            Clip(
                "shot",
                start,
                end,
                shot=position,
                movement=shot["movement"],
                scene_change=change,
                cues=cues,
            )
        )

    def _open_chapter(self, index: int) -> None:
        if index == self.chapter:
            return
        self.chapter = index
        found = self.chapters.get(index)
        if found is None:
            raise FilmError("board", f"chapter {index} is not in the storyboard", chapter=index)
        position, chapter = found
        if self.spec.title_card and has_card(self.board, chapter):
            said = self.headings.get(position)
            length = max(CHAPTER_MS, said.duration_ms if said else 0)
            self.add_card("chapter", length, position)


def caption_size(spec: FilmSpec) -> int:
    """Caption text in pixels per em."""
    return max(8, round(spec.short_side * CAPTION_SIZE))


def caption_width(spec: FilmSpec) -> float:
    """Longest caption line in pixels. A landscape line stays short enough to be read at once."""
    part = PORTRAIT_CAPTION_WIDTH if spec.height > spec.width else CAPTION_WIDTH
    return min(spec.width * part, caption_size(spec) * 20)


def cue_up(
    board: Mapping[str, Any],
    position: int,
    span: tuple[int, int],
    spec: FilmSpec,
    spoken: Spoken | None = None,
) -> tuple[Cue, ...]:
    """Captions of the shot at `position`: its narration broken into cues that begin when their first
    word is heard, or share the shot's time by their length where there is no voice."""
    text = board["shots"][position]["narration"]
    if not text.strip():
        return ()
    font = load(caption_size(spec), language=board["novel"]["language"])
    names = [name for person in board["cast"] for name in (person["name"], *person["aliases"])]
    groups = group_lines(break_lines(text, caption_width(spec), font.getlength, names))
    start, end = span
    clock = TextClock(text, spoken, end - start)
    at = 0
    begins: list[int] = []
    for group in groups:
        first = _found(text, group[0], at)
        begins.append(start + (clock.at(first) if begins else 0))
        for line in group:
            at = _found(text, line, at) + len(line)
    ends = [*begins[1:], end]
    return tuple(
        Cue(begin, stop, group, position, _steps(text, group, clock, (start, begin), names, spoken))
        for begin, stop, group in zip(begins, ends, groups, strict=True)
        if stop > begin
    )


def _found(text: str, line: str, at: int) -> int:
    """Where a line of the broken text stands in it; lines come in order and are whole."""
    found = text.find(line, at)
    return at if found < 0 else found


def _steps(
    text: str,
    group: tuple[str, ...],
    clock: TextClock,
    moments: tuple[int, int],
    names: Sequence[str],
    spoken: Spoken | None,
) -> tuple[tuple[int, int], ...]:
    """(ms, characters begun) at each word of a caption. `moments`: of the shot and of the cue."""
    if spoken is None or not spoken.marks:
        return ()
    shot_start, cue_start = moments
    steps: list[tuple[int, int]] = []
    said = 0
    at = _found(text, group[0], clock.character(cue_start - shot_start))
    for line in group:
        at = _found(text, line, at)
        for word in units(line, names):
            moment = max(cue_start, shot_start + clock.at(at))
            said, at = said + len(word), at + len(word)
            if steps and steps[-1][0] >= moment:
                steps[-1] = (steps[-1][0], said)
            else:
                steps.append((moment, said))
    return tuple(steps)


def group_lines(lines: Sequence[Line]) -> list[tuple[str, ...]]:
    """Lines that are shown together: a clause that takes several, at most MAX_LINES at a time."""
    groups: list[tuple[str, ...]] = []
    open_ = False
    for line in lines:
        if open_ and len(groups[-1]) < MAX_LINES:
            groups[-1] += (line.text,)
        else:
            groups.append((line.text,))
        open_ = line.ends == "word"
    return groups
