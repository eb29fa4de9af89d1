"""When everything in a film happens: clips, cross-fades and captions, before a pixel is drawn."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import accumulate, pairwise
from typing import Any, Literal

from generation.film.breaking import Line, break_lines
from generation.film.errors import FilmError
from generation.film.fonts import load
from generation.film.spec import FilmSpec

ClipKind = Literal["title", "chapter", "shot", "credits"]

TITLE_MS = 2500
CHAPTER_MS = 1600
CREDITS_MS = 3500
# A caption line is at most this part of the picture's width, and text this part of its short side.
CAPTION_WIDTH = 0.86
CAPTION_SIZE = 0.058
MAX_LINES = 2


@dataclass(frozen=True)
class Cue:
    """One caption: `lines` are shown together from start_ms to end_ms (half-open)."""

    start_ms: int
    end_ms: int
    lines: tuple[str, ...]
    shot: int

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
    """All clips in order; they cover [0, duration_ms) without a gap."""

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
    durations_ms: Sequence[int | None] | None = None,
) -> Timeline:
    """Lay out the film of a storyboard (storyboard.schema.json).

    durations_ms: length of each shot where a voice sets it, in the order of board["shots"];
        None for a shot keeps its own duration_ms.

    Raises FilmError("board") where the storyboard has no shots or a shot names no scene of it,
    FilmError("voice_count") where durations_ms has another length than board["shots"].
    """
    shots: Sequence[Mapping[str, Any]] = board["shots"]
    if not shots:
        raise FilmError("board", "the storyboard has no shots: draw up its shots first")
    if durations_ms is not None and len(durations_ms) != len(shots):
        raise FilmError(
            "voice_count",
            f"{len(durations_ms)} voices were given for {len(shots)} shots: give one for each",
            voices=len(durations_ms),
            shots=len(shots),
        )
    layout = _Layout(board, spec)
    if spec.title_card:
        layout.add_card("title", TITLE_MS)
    for position, shot in enumerate(shots):
        length = durations_ms[position] if durations_ms else None
        layout.add_shot(position, shot, length or int(shot["duration_ms"]))
    if spec.credits:
        layout.add_card("credits", CREDITS_MS)
    return Timeline(tuple(layout.clips), spec.fps)


class _Layout:
    def __init__(self, board: Mapping[str, Any], spec: FilmSpec) -> None:
        self.board, self.spec = board, spec
        self.clips: list[Clip] = []
        self.scenes = {scene["index"]: scene for scene in board["scenes"]}
        self.chapters = {
            chapter["index"]: (position, chapter)
            for position, chapter in enumerate(board["chapters"])
        }
        self.scene: int | None = None
        self.chapter: int | None = None

    @property
    def now(self) -> int:
        return self.clips[-1].end_ms if self.clips else 0

    def add_card(self, kind: ClipKind, length: int, chapter: int | None = None) -> None:
        self.clips.append(
            Clip(
                kind,
                self.now,
                self.now + length,
                chapter=chapter,
                scene_change=bool(self.clips),
            )
        )

    def add_shot(self, position: int, shot: Mapping[str, Any], length: int) -> None:
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
        start, end = self.now, self.now + length
        cues = cue_up(self.board, shot, start, end, self.spec, position)
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
        position, chapter = self.chapters.get(index, (None, None))
        if chapter is None:
            raise FilmError("board", f"chapter {index} is not in the storyboard", chapter=index)
        title = chapter["title"].strip()
        if self.spec.title_card and title and title != self.board["novel"]["title"].strip():
            self.add_card("chapter", CHAPTER_MS, position)


def caption_size(spec: FilmSpec) -> int:
    """Caption text in pixels per em."""
    return max(8, round(spec.short_side * CAPTION_SIZE))


def caption_width(spec: FilmSpec) -> float:
    """Longest caption line in pixels. A landscape line stays short enough to be read at once."""
    return min(spec.width * CAPTION_WIDTH, caption_size(spec) * 20)


def cue_up(
    board: Mapping[str, Any],
    shot: Mapping[str, Any],
    start_ms: int,
    end_ms: int,
    spec: FilmSpec,
    position: int,
) -> tuple[Cue, ...]:
    """Captions of one shot: its narration broken into cues that share its time by their length."""
    if not shot["narration"].strip():
        return ()
    font = load(caption_size(spec), language=board["novel"]["language"])
    names = [name for person in board["cast"] for name in (person["name"], *person["aliases"])]
    lines = break_lines(shot["narration"], caption_width(spec), font.getlength, names)
    groups = group_lines(lines)
    weights = [sum(spoken_weight(line) for line in group) for group in groups]
    total = sum(weights)
    length = end_ms - start_ms
    marks = [start_ms + round(length * part / total) for part in accumulate(weights, initial=0.0)]
    return tuple(
        Cue(begin, end, group, position)
        for (begin, end), group in zip(pairwise(marks), groups, strict=True)
        if end > begin
    )


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


def spoken_weight(text: str) -> float:
    """Relative time that reading `text` aloud takes; one ideograph is 1.

    A Latin letter or digit is about a third of a syllable; punctuation is a short pause.
    """
    weight = 0.05
    for character in text:
        if character.isspace():
            continue
        if not character.isalnum():
            weight += 0.5
        elif ord(character) < 0x2E80:
            weight += 0.35
        else:
            weight += 1.0
    return weight
