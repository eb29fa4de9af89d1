"""Who says which part of a shot, and in which voice."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Protocol

NARRATOR = ""
_AGES = ("child", "young", "adult", "old")


class VoiceFacts(Protocol):
    """A voice as the film room needs to know it; `engines.speech.Voice` is one."""

    @property
    def id(self) -> str:
        """How its engine calls it."""

    @property
    def sex(self) -> str:
        """ "female", "male" or "neutral"."""

    @property
    def age(self) -> str:
        """ "child", "young", "adult" or "old"."""


@dataclass(frozen=True)
class Piece:
    """The characters [start, end) of a shot's narration, said by one person; `speaker` is an id of
    the cast, or NARRATOR. Of a `chapter` (its place in board["chapters"]) they are the heading that
    the narrator says with its card, and `shot` is None."""

    shot: int | None
    speaker: str
    start: int
    end: int
    chapter: int | None = None


def pieces_of(board: Mapping[str, Any], text: str, *, cards: bool = False) -> list[Piece]:
    """All that is said in the film's shots, in order. `text`: the novel's, that the lines' offsets count.
    With `cards` the title is on one, and in no shot.

    A shot whose narration is not its own text (it was rewritten) is said by the narrator, as are
    lines of speakers that the story does not know.
    """
    return [
        Piece(position, speaker, start, end)
        for position, shot in enumerate(board["shots"])
        if not (cards and is_title(board, shot))
        for speaker, start, end in _shot_pieces(shot, text)
    ]


def headings_of(board: Mapping[str, Any]) -> list[Piece]:
    """The headings that are said with their cards: of the chapters that have one, but for those whose
    first shot says it, as every shot did once."""
    shown = {scene["chapter"] for scene in board["scenes"]}
    return [
        Piece(None, NARRATOR, 0, len(chapter["title"]), position)
        for position, chapter in enumerate(board["chapters"])
        if chapter["index"] in shown and has_card(board, chapter) and not _is_said(board, chapter)
    ]


def has_card(board: Mapping[str, Any], chapter: Mapping[str, Any]) -> bool:
    """Whether a film with cards shows the chapter's heading on one, where it shows the chapter."""
    title = chapter["title"].strip()
    return bool(title) and title != board["novel"]["title"].strip()


def is_title(board: Mapping[str, Any], shot: Mapping[str, Any]) -> bool:
    """Whether a shot says the book's title and no more: a film with cards shows it on the first one."""
    title, told = (
        "".join(char for char in words if char.isalnum())
        for words in (board["novel"]["title"], shot["narration"])
    )
    return bool(title) and told == title and len(board["shots"]) > 1


def _is_said(board: Mapping[str, Any], chapter: Mapping[str, Any]) -> bool:
    shots = board["shots"]
    first = next((shot for shot in shots if shot["start"] >= chapter["start"]), None)
    if first is None or not any(char.isalnum() for char in chapter["title"]):
        return True
    return "".join(chapter["title"].split()) in "".join(first["narration"].split())


def _shot_pieces(shot: Mapping[str, Any], text: str) -> list[tuple[str, int, int]]:
    narration: str = shot["narration"]
    if not any(character.isalnum() for character in narration):
        return []
    speakers = [NARRATOR] * len(narration)
    places = _places(text[shot["start"] : shot["end"]], narration)
    for line in shot["lines"] if places else ():
        for offset in range(line["start"] - shot["start"], line["end"] - shot["start"]):
            if 0 <= offset < len(places) and places[offset] >= 0:
                speakers[places[offset]] = line["speaker"] or NARRATOR
    cuts = [0, *(at for at in range(1, len(speakers)) if speakers[at] != speakers[at - 1])]
    runs = [(speakers[a], a, b) for a, b in pairwise([*cuts, len(speakers)])]
    return _joined(runs, narration)


def _places(source: str, narration: str) -> list[int]:
    """For each character of the source its place in the narration, -1 for white space and for what
    the narration leaves out around itself; empty where it is another text."""
    told = [at for at, character in enumerate(narration) if not character.isspace()]
    before = "".join(source.split()).find("".join(narration.split()))
    if before < 0:
        return []
    following = iter([*[-1] * before, *told])
    return [-1 if character.isspace() else next(following, -1) for character in source]


def _joined(runs: Iterable[tuple[str, int, int]], narration: str) -> list[tuple[str, int, int]]:
    """Runs of nothing but marks (a closing quotation mark) go with their neighbour."""
    found: list[tuple[str, int, int]] = []
    waiting: int | None = None
    for speaker, start, end in runs:
        begin = start if waiting is None else waiting
        if not any(character.isalnum() for character in narration[start:end]):
            if found:
                found[-1] = (found[-1][0], found[-1][1], end)
            else:
                waiting = begin
            continue
        waiting = None
        if found and found[-1][0] == speaker:
            found[-1] = (speaker, found[-1][1], end)
        else:
            found.append((speaker, begin, end))
    return found


def assign(
    cast: Sequence[Mapping[str, Any]],
    voices: Sequence[VoiceFacts],
    chosen: Mapping[str, str],
) -> dict[str, str]:
    """The voice of the narrator and of each of the cast, by id of the cast (NARRATOR: the narrator).

    chosen: voices by character's name that were settled before; they stay where they still are.
        The rest get one that fits their sheet by sex and age (a child's for children only, where it
        can be), those who are named most first, and one that nobody has yet where there is one.

    Raises LookupError where there is no voice at all.
    """
    if not voices:
        raise LookupError("the engine has no voice for this language")
    known = {voice.id for voice in voices}
    first = chosen.get(NARRATOR, "")
    taken = {NARRATOR: first if first in known else voices[0].id}
    uses = dict.fromkeys(known, 0)
    # A character who sounds like the narrator is the last resort.
    uses[taken[NARRATOR]] = len(cast)
    people = sorted(cast, key=lambda person: (person["name"] not in chosen, -person["mentions"]))
    for person in people:
        settled = chosen.get(person["name"], "")
        voice = settled if settled in known else _fitting(person, voices, uses)
        taken[person["id"]] = voice
        uses[voice] += 1
    return taken


def _fitting(
    person: Mapping[str, Any], voices: Sequence[VoiceFacts], uses: Mapping[str, int]
) -> str:
    traits = person["appearance"].get("traits") or {}
    sex, age = traits.get("gender") or "", age_of(traits.get("age"))
    turn = person["seed"] % len(voices)

    def unfit(place: int) -> tuple[int, int, int, int]:
        voice = voices[place]
        # A child's voice for a grown-up, or the other way round, is as wrong as the other sex's.
        wrong = int(sex in ("female", "male") and voice.sex != sex)
        wrong += (voice.age == "child") != (age == "child")
        years = abs(_AGES.index(voice.age) - _AGES.index(age))
        return wrong, min(uses[voice.id], 2), years, (place - turn) % len(voices)

    return voices[min(range(len(voices)), key=unfit)].id


def age_of(told: object) -> str:
    """A sheet's age as one of the four ages of voices."""
    ages = {"youth": "young", "middle_aged": "adult", "elder": "old"}
    word = str(told or "adult")
    return ages.get(word, word if word in _AGES else "adult")
