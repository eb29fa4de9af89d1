"""The sound of a shot's voice: pieces said by engines, trimmed, made equally loud and put in a row."""

from __future__ import annotations

import re
import wave
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import av
import numpy as np
from numpy.typing import NDArray

from generation.film.audio import checked_audio_ms, decode_audio
from generation.film.errors import FilmError
from generation.film.loudness import RATE
from generation.film.schedule import Clip, Timeline
from generation.film.spoken import Reading
from generation.film.timing import Mark, Spoken, spoken_weight

LEAD_MS, BETWEEN_MS, TAIL_MS = 120, 180, 320
# All voices are brought to the same level before the whole film's loudness is set.
_LEVEL = 0.1
_QUIET = 10 ** (-46 / 20)
_EDGE_MS = 20
_STEP_MS = 10
_SHORTEST_PAUSE_MS = 90
_CLAUSE = re.compile(r"[^，。！？、；：,!?;:…—]*[，。！？、；：,!?;:…—”’」』）)\"'\s]*")

Mono = NDArray[np.float32]


@dataclass(frozen=True)
class Sounding:
    """One piece as an engine said it. `words`: (text, start ms, end ms) from the sound's beginning,
    empty where the engine does not tell. `start`: where the piece stands in the shot's narration."""

    path: Path
    reading: Reading
    start: int
    words: tuple[tuple[str, int, int], ...] = ()


@dataclass(frozen=True)
class ShotVoice:
    """The finished voice of a shot: a file, and when in it what is heard."""

    path: Path
    spoken: Spoken


def shot_voices(voice: Sequence[Path | ShotVoice | None]) -> list[ShotVoice | None]:
    """Each shot's voice; of a bare file only the length is known.

    Raises FilmError("voice_missing") or ("voice_unreadable"), naming the shot and the file.
    """
    found: list[ShotVoice | None] = []
    for shot, told in enumerate(voice):
        path = told.path if isinstance(told, ShotVoice) else told
        if path is None:
            found.append(None)
            continue
        length = checked_audio_ms(path, "voice", f"the voice of shot {shot}", shot=shot)
        found.append(told if isinstance(told, ShotVoice) else ShotVoice(path, Spoken(length)))
    return found


@dataclass(frozen=True)
class Voices:
    """The voices of a film: of its shots in the order of board["shots"], and of the headings on its
    chapters' cards by their place in board["chapters"]. `shots` is None for a film without voice."""

    shots: Sequence[ShotVoice | None] | None
    headings: Mapping[int, ShotVoice] = field(default_factory=dict)

    @property
    def spoken(self) -> list[Spoken | None] | None:
        """As timeline() takes them."""
        if self.shots is None:
            return None
        return [told.spoken if told else None for told in self.shots]

    @property
    def announced(self) -> dict[int, Spoken]:
        """The headings as timeline() takes them."""
        return {chapter: told.spoken for chapter, told in self.headings.items()}

    def of(self, clip: Clip) -> ShotVoice | None:
        """What is heard while a clip is seen."""
        if clip.chapter is not None:
            return self.headings.get(clip.chapter)
        return self.shots[clip.shot] if self.shots and clip.shot is not None else None


def voices_of(
    voice: Sequence[Path | ShotVoice | None] | None,
    headings: Mapping[int, Path | ShotVoice] | None = None,
) -> Voices:
    """Checked: raises FilmError as `shot_voices` does, naming the shot or the chapter."""
    shots = shot_voices(voice) if voice is not None else None
    said = {}
    for chapter, told in (headings or {}).items():
        path = told.path if isinstance(told, ShotVoice) else told
        length = checked_audio_ms(
            path, "voice", f"the voice of chapter {chapter}'s heading", chapter=chapter
        )
        said[chapter] = told if isinstance(told, ShotVoice) else ShotVoice(path, Spoken(length))
    return Voices(shots, said)


def voice_starts(plan: Timeline, voices: Voices) -> tuple[tuple[int, Path], ...]:
    """When each voice begins in the film (ms), and its file."""
    told = ((clip, voices.of(clip)) for clip in plan.clips)
    return tuple((clip.start_ms, voice.path) for clip, voice in told if voice is not None)


def compose(pieces: Sequence[Sounding], out: Path) -> Spoken:
    """Write the voice of a shot to `out` (48 kHz mono WAV) and tell when what is heard.

    Raises FilmError("voice_unreadable") where a piece cannot be decoded or is silent.
    """
    sounds: list[Mono] = [np.zeros(_samples(LEAD_MS), np.float32)]
    marks: list[Mark] = []
    at = LEAD_MS
    for number, piece in enumerate(pieces):
        if number:
            sounds.append(np.zeros(_samples(BETWEEN_MS), np.float32))
            at += BETWEEN_MS
        sound, cut_ms = _trimmed(_mono(piece.path), piece.path)
        length = sound.size * 1000 // RATE
        marks += _marks(piece, sound, cut_ms, at, length)
        sounds.append(sound)
        at += length
    sounds.append(np.zeros(_samples(TAIL_MS), np.float32))
    whole = np.concatenate(sounds)
    _write(out, whole)
    return Spoken(-(-whole.size * 1000 // RATE), tuple(_in_order(marks)))


def _samples(ms: int) -> int:
    return ms * RATE // 1000


def _mono(path: Path) -> Mono:
    try:
        parts = [part.mean(axis=0) for part in decode_audio(path)]
    except (av.FFmpegError, IndexError, OSError) as broken:
        raise _unreadable(path, str(broken)) from broken
    return np.concatenate(parts) if parts else np.zeros(0, np.float32)


def _unreadable(path: Path, why: str) -> FilmError:
    return FilmError(
        "voice_unreadable", f"the sound {path.name} cannot be used ({why})", path=str(path)
    )


def _trimmed(sound: Mono, path: Path) -> tuple[Mono, int]:
    """The sound at the common level without the silence around it, and how much went in front."""
    loud = np.flatnonzero(np.abs(sound) > _QUIET)
    if not loud.size:
        raise _unreadable(path, "it is silent")
    edge = _samples(_EDGE_MS)
    begin, end = max(0, loud[0] - edge), min(sound.size, loud[-1] + edge)
    kept = sound[begin:end]
    powers = _powers(kept)
    spoken = powers[powers > powers.max() / 100]
    gain = min(_LEVEL / float(np.sqrt(spoken.mean())), 0.98 / float(np.abs(kept).max()))
    return (kept * np.float32(gain)), int(begin * 1000 // RATE)


def _powers(sound: Mono) -> NDArray[np.float64]:
    """Mean square of each 10 ms, at least one of them."""
    step = _samples(_STEP_MS)
    count = max(1, sound.size // step)
    padded = np.zeros(count * step, np.float32)
    padded[: min(sound.size, padded.size)] = sound[: padded.size]
    squares: NDArray[np.float64] = np.square(padded, dtype=np.float64)
    return squares.reshape(count, step).mean(axis=1)


def _write(out: Path, sound: Mono) -> None:
    part = out.with_suffix(".part")
    with wave.open(str(part), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE)
        file.writeframes((np.clip(sound, -1, 1) * 32767).astype("<i2").tobytes())
    part.replace(out)


def _marks(piece: Sounding, sound: Mono, cut_ms: int, at: int, length: int) -> list[Mark]:
    if piece.words:
        return _told(piece, cut_ms, at, length)
    return _heard(piece, sound, at, length)


def _told(piece: Sounding, cut_ms: int, at: int, length: int) -> list[Mark]:
    """Marks from the engine's own words, each found again in what it was given to say."""
    said = piece.reading.text
    marks: list[Mark] = []
    place = 0
    for word, start_ms, end_ms in piece.words:
        found = said.find(word.strip(), place)
        if found < 0:
            continue
        place = found + len(word.strip())
        begin = max(0, min(length, start_ms - cut_ms))
        stop = max(begin, min(length, end_ms - cut_ms))
        start, end = piece.reading.written(found), piece.reading.written(place)
        if end > start:
            marks.append(Mark(piece.start + start, piece.start + end, at + begin, at + stop))
    return marks


def _heard(piece: Sounding, sound: Mono, at: int, length: int) -> list[Mark]:
    """Marks of clauses: each begins after the pause that lies nearest to where it should."""
    said = piece.reading.text
    ends = [found.end() for found in _CLAUSE.finditer(said) if found[0]]
    if not ends:
        return []
    ends[-1] = len(said)
    pauses = _pauses(sound)
    marks: list[Mark] = []
    begin, place = 0, 0
    for number, end in enumerate(ends):
        weight, rest = spoken_weight(said[place:end]), spoken_weight(said[place:])
        expected = begin + (length - begin) * weight / rest
        stop, following = length, length
        if number + 1 < len(ends):
            reach = min(expected - begin, length - expected) * 0.5
            near = [pause for pause in pauses if abs(sum(pause) / 2 - expected) <= reach]
            stop, following = min(
                near,
                key=lambda pause: abs(sum(pause) / 2 - expected),
                default=(round(expected), round(expected)),
            )
        start_at, end_at = piece.reading.written(place), piece.reading.written(end)
        if end_at > start_at:
            marks.append(Mark(piece.start + start_at, piece.start + end_at, at + begin, at + stop))
        begin, place = following, end
    return marks


def _pauses(sound: Mono) -> list[tuple[int, int]]:
    """[start, end) in ms of the silences within the sound."""
    powers = _powers(sound)
    quiet = np.concatenate(([False], powers < powers.max() / 1500, [False]))
    turns = np.flatnonzero(quiet[1:] != quiet[:-1]).reshape(-1, 2) * _STEP_MS
    return [(int(start), int(end)) for start, end in turns if end - start >= _SHORTEST_PAUSE_MS]


def _in_order(marks: Sequence[Mark]) -> list[Mark]:
    """Rounding may let two marks overlap by a hair."""
    kept: list[Mark] = []
    for mark in marks:
        if kept and (mark.start < kept[-1].end or mark.start_ms < kept[-1].end_ms):
            start = max(mark.start, kept[-1].end)
            begin = max(mark.start_ms, kept[-1].end_ms)
            mark = Mark(start, max(start, mark.end), begin, max(begin, mark.end_ms))
        if mark.end > mark.start:
            kept.append(mark)
    return kept
